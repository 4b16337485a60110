"""The reporting cycles, and those that stand still."""

from datetime import date, datetime

from personnel.access import access_of
from personnel.models import SupervisingMinister
from reporting.choices import ReportState
from reporting.models import ProgressReport, ReportCycle
from reporting.selectors.reports import makes_reports


def report_cycles() -> list[ReportCycle]:
    """Return all cycles in their order: one query."""
    return list(ReportCycle.objects.select_related("strategic_plan", "minister", "set_by"))


def stands_still(cycle: ReportCycle) -> bool:
    """Tell whether a cycle asks for nothing because whoever set it may not ask any more."""
    return cycle.is_active and not makes_reports(access_of(cycle.set_by))


def moment_of_turn(cycle: ReportCycle, minister: SupervisingMinister, end: date) -> datetime | None:
    """Return as known at which moment a cycle asks for a report of a day; None for now.

    That of the minister's report in the other language, which says the same then; else that of
    what the cycle asked for already at the same turn.
    """
    asked = ProgressReport.objects.filter(
        strategic_plan=cycle.strategic_plan_id, reference_date=end
    )
    rows = asked.exclude(state=ReportState.CANCELLED).defer("snapshot", "seal")
    found: ProgressReport | None = (
        rows.filter(minister=minister).order_by("-edition", "-known_at", "-pk").first()
        or rows.filter(cycle=cycle).order_by("known_at", "pk").first()
    )
    return found.known_at if found else None
