"""The files of a report that can be fetched."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from personnel.access import Access
from reporting.choices import ReportFormat
from reporting.models import ProgressReport, ReportFile
from reporting.selectors.report_reserved import questions_reserved

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
# The data that a report was made from can be fetched beside its formats.
SNAPSHOT_FORMAT: Final = "json"
CONTENT_TYPES: Final[dict[str, str]] = {
    ReportFormat.PDF.value: "application/pdf",
    ReportFormat.DOCX.value: f"{_OFFICE}.wordprocessingml.document",
    ReportFormat.XLSX.value: f"{_OFFICE}.spreadsheetml.sheet",
    ReportFormat.HTML.value: "text/html; charset=utf-8",
    SNAPSHOT_FORMAT: "application/json",
}


@dataclass(frozen=True, slots=True)
class FileToRead:
    """What can be fetched of a report in a format; `open` may raise FileNotFoundError."""

    content_type: str
    sha256: str
    size_bytes: int
    open: Callable[[], IO[bytes]]


def file_to_read(report: ProgressReport, format_: str, access: Access) -> FileToRead | None:
    """Return what someone who reads a report may fetch of it in a format, None for nothing.

    Whoever may not see all that is in it reads its page, which leaves that out.
    """
    if format_ not in CONTENT_TYPES or questions_reserved(report, access):
        return None
    kind = CONTENT_TYPES[format_]
    if format_ == SNAPSHOT_FORMAT:
        content = report.snapshot.encode()
        found = FileToRead(kind, report.snapshot_sha256, len(content), lambda: io.BytesIO(content))
        return found if content and report.snapshot_sha256 else None
    row = next((one for one in files_to_read(report) if one.format == format_), None)
    if row is None:
        return None
    return FileToRead(kind, row.sha256, row.size_bytes, lambda: row.file.open("rb"))


def files_to_read(report: ProgressReport) -> list[ReportFile]:
    """Return what can be fetched of a report, in the order of the formats: its final files once it
    is issued, drafts before.

    What is not published yet nobody fetches. One query, none when the files were prefetched.
    """
    is_issued = report.issued_at is not None
    rows = (row for row in report.files.all() if row.published_at is not None)
    return sorted(
        (row for row in rows if row.is_final == is_issued),
        key=lambda row: ReportFormat.values.index(row.format),
    )
