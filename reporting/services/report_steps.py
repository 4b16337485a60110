"""The steps of making a report, and why it can fail; `reporting.labels` has the words."""

from typing import Final

# The files of a draft, those of an issued report, and one format of either.
MAKE_TASK: Final = "reporting.make_report"
FINAL_TASK: Final = "reporting.make_final_files"
FORMAT_TASK: Final = "reporting.make_format"

STEP_COLLECT: Final = "collect"
STEP_RENDER: Final = "render"
STEP_STORE: Final = "store"
STEP_PUBLISH: Final = "publish"
# Of a format; a report is collected, its formats are made, all of it is published.
FORMAT_STEPS: Final = (STEP_RENDER, STEP_STORE)
STEPS_AROUND_FORMATS: Final = 2

RENDER_FAILED: Final = "render_failed"
STORAGE_FAILED: Final = "storage_failed"
FIGURES_DISAGREE: Final = "figures_disagree"
UNEXPECTED: Final = "unexpected"


class ReportFailed(Exception):
    """A report could not be made for a reason we know; `code` is one of the above.

    `detail` names places of the report, where the reason has some.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep both."""
        super().__init__(code)
        self.code = code
        self.detail = detail

    @property
    def error(self) -> str:
        """Return what a job keeps: the code, and in the lines below it the detail."""
        return f"{self.code}\n{self.detail}" if self.detail else self.code
