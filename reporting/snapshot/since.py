"""The issued report that a report is read after: the one before it, and the one it corrects."""

import json
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from reporting.models import ProgressReport
from reporting.snapshot.question import ReportQuestion

Part = dict[str, Any]


def last_issued(question: ReportQuestion) -> ProgressReport | None:
    """Return the last report issued before: same plan and minister, an earlier reference date.

    Only what was issued by `known_at` counts, so that it stays the same one whatever is issued
    later. In any language, because all of them show the same figures; of a corrected report the
    latest edition. One query.
    """
    rows = ProgressReport.objects.filter(
        strategic_plan=question.strategic_plan,
        plan=question.plan,
        minister=question.minister,
        reference_date__lt=question.reference_date,
        issued_at__lte=question.known_at,
    )
    return rows.order_by("-reference_date", "-edition", "-known_at", "language", "-pk").first()


def since_part(report: ProgressReport) -> Part:
    """Return how a snapshot calls the report that it compares with."""
    return {
        **_named(report),
        "referenceDate": report.reference_date.isoformat(),
        "issuedOn": _day(report.issued_at),
        "language": report.language,
    }


def corrects_part(report: ProgressReport) -> Part:
    """Return how a snapshot calls the report that it corrects."""
    return {**_named(report), "issuedOn": _day(report.issued_at)}


def snapshot_of(report: ProgressReport | None) -> Part | None:
    """Return the facts that a report was rendered from; None without any."""
    if report is None or not report.snapshot:
        return None
    data: Part = json.loads(report.snapshot)
    return data


def _named(report: ProgressReport) -> Part:
    return {
        "id": str(report.uuid),
        "edition": report.edition,
        "knownAt": report.known_at.astimezone(UTC).isoformat(),
        "sha256": report.snapshot_sha256,
    }


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None
