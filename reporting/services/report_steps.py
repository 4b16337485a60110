"""The steps of making a report, and why it can fail; `reporting.labels` has the words."""

from typing import Final

MAKE_TASK: Final = "reporting.make_report"

STEP_COLLECT: Final = "collect"
STEP_RENDER_PDF: Final = "render_pdf"
STEP_ARCHIVE: Final = "archive"
STEPS: Final = (STEP_COLLECT, STEP_RENDER_PDF, STEP_ARCHIVE)

RENDER_FAILED: Final = "render_failed"
STORAGE_FAILED: Final = "storage_failed"
UNEXPECTED: Final = "unexpected"


class ReportFailed(Exception):
    """A report could not be made for a reason we know; `code` is one of the above."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code
