"""The reports that a user may see, those of one question beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from objectives.strategy.models import Plan
from objectives.strategy.selectors.structure import all_source_plans
from personnel.access import Access
from personnel.choices import Role
from personnel.models import SupervisingMinister
from personnel.structure import all_ministers
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport, ReportReview
from reporting.selectors.report_waiting import Waiting, waiting_of
from reporting.selectors.reports import ReportProgress, reports_progress, reports_visible_to

# The latest ones; a report more than this is found by its plan, minister or stage.
MOST_REPORTS: Final = 100
# Those whose moment another report can take over: whoever asks has one of the last in mind.
MOST_OFFERED: Final = 30


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

    They come without their snapshots and seals. `is_corrected` of a report tells whether a later
    edition is issued.
    """
    corrected = Exists(
        ProgressReport.objects.filter(corrects=OuterRef("pk"), issued_at__isnull=False)
    )
    rows = reports_visible_to(access).select_related("replaced_by").annotate(is_corrected=corrected)
    large = ("snapshot", "seal")
    rows = rows.defer(*large, *(f"replaced_by__{name}" for name in large))
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
        waiting = waiting_of(progress, report.reviews.all(), report.files.all())
        lines.setdefault(_question(report), []).append(ReportRow(progress, waiting))
    return [
        ReportLine(tuple(sorted(rows, key=lambda row: row.report.language, reverse=True)))
        for rows in lines.values()
    ]


def reports_offered(
    lines: Sequence[ReportLine], access: Access, uuid: str = ""
) -> list[ProgressReport]:
    """Return reports whose moment can be taken over: of the first lines of a list, and the one
    that was asked for.

    Of one question one language: the others are known at the same moment. No query, one when the
    report asked for is in no line.
    """
    found = [line.report for line in lines[:MOST_OFFERED]]
    if uuid not in {str(row.uuid) for row in found} and (named := uuid_in(uuid)):
        found += reports_visible_to(access).filter(uuid=named).defer("snapshot", "seal")
    return found


@dataclass(frozen=True, slots=True)
class ComparableFilter:
    """Which reports are offered to compare; None for all. `year` is that of the reference date."""

    plan: Plan | None = None
    minister: SupervisingMinister | None = None
    year: int | None = None


def reports_comparable(
    access: Access, asked: ComparableFilter, named: Sequence[UUID] = ()
) -> list[ProgressReport]:
    """Return the latest reports that can be compared, and those `named` whatever is asked: one
    query, two when one of these is not among them.

    They come without their snapshots and seals.
    """
    rows = reports_visible_to(access).filter(state=ReportState.READY).defer("snapshot", "seal")
    found = list(_narrowed(rows, asked)[:MOST_REPORTS])
    known = {row.uuid for row in found}
    if left := [uuid for uuid in named if uuid not in known]:
        found += rows.filter(uuid__in=left)
    return found


def _narrowed(rows: QuerySet[ProgressReport], asked: ComparableFilter) -> QuerySet[ProgressReport]:
    if asked.plan is not None:
        rows = rows.filter(strategic_plan=asked.plan.pk)
    if asked.minister is not None:
        rows = rows.filter(minister=asked.minister.pk)
    if asked.year is not None:
        rows = rows.filter(reference_date__year=asked.year)
    return rows


def years_comparable(access: Access) -> list[int]:
    """Return the years of the reports that can be compared, the latest first: one query."""
    rows = reports_visible_to(access).filter(state=ReportState.READY).order_by()
    found = rows.values_list("reference_date__year", flat=True).distinct()
    return sorted(found, reverse=True)


def uuid_in(text: str) -> UUID | None:
    """Return the UUID that an address or a form names, None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _question(report: ProgressReport) -> tuple[int, int, date, datetime]:
    """Return what the reports in all languages of one question share."""
    return report.strategic_plan_id, report.minister_id, report.reference_date, report.known_at


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
