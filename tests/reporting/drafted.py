"""Reports that are ready, without the time that typesetting takes."""

from datetime import date
from typing import Any, Final

from django.core.files.base import ContentFile
from django.utils import timezone

from reporting.choices import ReportFormat, ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.snapshot import canonical_json, question_of, sha256_of, snapshot_build
from tests.factories import Ministry

REFERENCE: Final = date(2026, 9, 30)


def drafted(ministry: Ministry, **changed: Any) -> ProgressReport:
    """Return a report that is ready, with a published draft that is no real PDF."""
    values: dict[str, Any] = {
        "strategic_plan": ministry.plan,
        "plan": ministry.year,
        "minister": ministry.vbz,
        "reference_date": REFERENCE,
        "known_at": timezone.now(),
        "language": "nl",
        "state": ReportState.READY,
        "requested_by": ministry.users["corporate"],
        **changed,
    }
    report = ProgressReport.objects.create(**values)
    report.snapshot = canonical_json(snapshot_build(question_of(report)))
    report.snapshot_sha256 = sha256_of(report.snapshot)
    report.save(update_fields=["snapshot", "snapshot_sha256"])
    publish(report)
    return report


def publish(
    report: ProgressReport, format_: str = ReportFormat.PDF, *, is_final: bool = False
) -> ReportFile:
    """Publish a file of a report."""
    content = f"{report.language} {format_} {is_final}".encode()
    row = ReportFile(
        report=report,
        format=format_,
        is_final=is_final,
        size_bytes=len(content),
        sha256=sha256_of(content.decode()),
        published_at=timezone.now(),
    )
    row.file.save(f"{row.uuid}.{format_}", ContentFile(content), save=True)
    return row
