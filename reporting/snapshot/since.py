"""The issued report that a report is read after: the one before it, and the one it corrects."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from reporting.models import ProgressReport
from reporting.snapshot.question import ReportQuestion

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportBefore:
    """The report before another one: what moved, was amended, asked or restated is told since it.

    `year` is the plan year that it is on. When that is an earlier one (`is_same_year` False), it
    told nothing of the objectives and amendments of this one.
    """

    report: ProgressReport
    year: int
    is_same_year: bool

    @property
    def told_until(self) -> datetime | None:
        """Return until when it told of the plan year; None when it is on another one."""
        return self.report.known_at if self.is_same_year else None


def report_before(question: ReportQuestion) -> ReportBefore | None:
    """Return the last report issued before to the minister, on an earlier reference date.

    On the same plan year, else on the last one before it, also when another strategic plan came in
    between. Only what was issued by `known_at` counts, so that it stays the same one whatever is
    issued later. In any language, because all of them show the same figures; of a corrected report
    the latest edition. One query.
    """
    rows = ProgressReport.objects.filter(
        _on(question),
        minister=question.minister,
        reference_date__lt=question.reference_date,
        issued_at__lte=question.known_at,
    ).select_related("plan")
    order = ("-plan__year", "-reference_date", "-edition", "-known_at", "language", "-pk")
    report = rows.order_by(*order).first()
    if report is None:
        return None
    year = report.plan.year if report.plan else report.reference_date.year
    own = question.plan.year if question.plan else question.reference_date.year
    return ReportBefore(report, year, is_same_year=year == own)


def _on(question: ReportQuestion) -> Q:
    """Return what the report may be on: the NVP as a whole, or the plan year or an earlier one."""
    plan = question.plan
    if plan is None:
        return Q(strategic_plan=question.strategic_plan, plan=None)
    earlier = Q(
        plan__year__lt=plan.year,
        plan__plan__in=[key for key in (plan.plan_id, plan.plan.predecessor_id) if key is not None],
    )
    return Q(plan=plan) | earlier


def since_part(before: ReportBefore) -> Part:
    """Return how a snapshot calls the report that it compares with."""
    report = before.report
    return {
        **_named(report),
        "referenceDate": report.reference_date.isoformat(),
        "year": before.year,
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
