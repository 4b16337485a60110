"""The files of a report that can be fetched."""

from reporting.choices import ReportFormat
from reporting.models import ProgressReport, ReportFile


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
