"""The reports that a user may see, those of one question beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from objectives.strategy.models import Plan
from objectives.strategy.selectors.structure import all_source_plans
from personnel.access import Access
from personnel.choices import Role
from personnel.models import SupervisingMinister
from personnel.structure import all_ministers
from reporting.choices import ReportStage
from reporting.models import ProgressReport, ReportReview
from reporting.selectors.report_waiting import Waiting, waiting_of
from reporting.selectors.reports import ReportProgress, reports_progress, reports_visible_to

# The latest ones; a report more than this is found by its plan, minister or stage.
MOST_REPORTS: Final = 100


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which reports are asked for; None and '' for all."""

    plan: Plan | None = None
    minister: SupervisingMinister | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in one language: how far it is, and for whom it waits."""

    progress: ReportProgress
    waiting: Waiting

    @property
    def report(self) -> ProgressReport:
        """Return the report."""
        return self.progress.report


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The reports of the same question in their languages, Dutch first."""

    rows: tuple[ReportRow, ...]

    @property
    def report(self) -> ProgressReport:
        """Return one that tells what they are about."""
        return self.rows[0].report


def plans_reported() -> list[Plan]:
    """Return the plans of which someone receives reports, the latest first."""
    codes = {code for minister in all_ministers() for code in minister.plan_codes}
    return [plan for plan in all_source_plans() if plan.code in codes]


def ministers_reported() -> list[SupervisingMinister]:
    """Return the ministers who receive reports, in their order."""
    return [minister for minister in all_ministers() if minister.plan_codes]


def report_lines(access: Access, asked: ReportFilter) -> list[ReportLine]:
    """Return the latest reports that the user may see, newest first: four queries.

    They come without their snapshots and seals.
    """
    rows = reports_visible_to(access).defer("snapshot", "seal")
    if asked.plan is not None:
        rows = rows.filter(strategic_plan=asked.plan.pk)
    if asked.minister is not None:
        rows = rows.filter(minister=asked.minister.pk)
    if asked.stage:
        rows = rows.filter(stage=asked.stage)
    reviews = Prefetch("reviews", queryset=ReportReview.objects.select_related("unit"))
    return _lines(reports_progress(rows.prefetch_related("files", reviews)[:MOST_REPORTS]))


def _lines(found: Sequence[ReportProgress]) -> list[ReportLine]:
    lines: dict[object, list[ReportRow]] = {}
    for progress in found:
        report = progress.report
        key = (report.strategic_plan_id, report.minister_id, report.reference_date, report.known_at)
        waiting = waiting_of(progress, report.reviews.all(), report.files.all())
        lines.setdefault(key, []).append(ReportRow(progress, waiting))
    return [
        ReportLine(tuple(sorted(rows, key=lambda row: row.report.language, reverse=True)))
        for rows in lines.values()
    ]


def awaiting_answer(lines: Sequence[ReportLine], access: Access) -> list[ReportRow]:
    """Return the reports of a list that wait for an answer of the user's units. No query."""
    if not access.has(Role.HEAD, Role.PLANNER) or access.is_superuser:
        return []
    return [row for line in lines for row in line.rows if _asks(row, access)]


def _asks(row: ReportRow, access: Access) -> bool:
    report = row.report
    return report.stage == ReportStage.REVIEW and any(
        review.unit_id in access.unit_ids and not review.verdict for review in report.reviews.all()
    )
