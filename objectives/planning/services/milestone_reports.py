"""What became of the milestones of an objective: reported until its plan is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from objectives.planning.services.activities import objective_of
from objectives.planning.services.links import must_plan_for, raise_version
from objectives.strategy.models import Activity, Milestone
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReport:
    """When a milestone was done, or when it is expected; `expected_version` is what was seen."""

    milestone: Milestone
    done_on: date | None
    forecast_on: date | None
    expected_version: int | None = None


def may_report(objective: OperationalObjective) -> bool:
    """Tell whether its state and that of its plan leave its milestones to be reported."""
    ended = (PlanState.CLOSED, PlanState.WITHDRAWN)
    return objective.state not in ended and objective.plan.state != PlanState.CLOSED


@transaction.atomic
def milestones_report(
    *,
    actor: User,
    objective: OperationalObjective,
    reports: Sequence[MilestoneReport],
    at: datetime | None = None,
) -> int:
    """Say of milestones when they were done or are expected; return how many changed.

    Planner and head of the unit may, until the objective or its plan is closed. Raises
    NotAllowed, DomainError with the field (milestone_2_done_on and so on), or EditConflict.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    objective.refresh_from_db(fields=["state"])
    if not may_report(objective):
        raise DomainError(
            "plan_closed",
            _("%(code)s is closed: its milestones are no longer reported.")
            % {"code": objective.code},
        )
    for number, report in enumerate(reports, start=1):
        _check(report, timezone.localdate(at), f"milestone_{number}_")
    return sum(_report(actor, objective, report, at) for report in reports)


def milestone_report(
    *,
    actor: User,
    milestone: Milestone,
    done_on: date | None,
    forecast_on: date | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> bool:
    """Report one milestone; return whether anything changed. See milestones_report."""
    report = MilestoneReport(
        milestone=milestone,
        done_on=done_on,
        forecast_on=forecast_on,
        expected_version=expected_version,
    )
    objective = objective_of(milestone.activity)
    return bool(milestones_report(actor=actor, objective=objective, reports=[report], at=at))


def _check(report: MilestoneReport, today: date, row: str) -> None:
    if not Milestone.objects.current().filter(pk=report.milestone.pk).exists():
        raise DomainError("withdrawn", _("Someone withdrew this milestone meanwhile."))
    if report.done_on is not None and report.done_on > today:
        raise DomainError(
            "done_in_future",
            _("%(date)s is still to come: give it as the expected date.")
            % {"date": date_format(report.done_on, "SHORT_DATE_FORMAT")},
            f"{row}done_on",
        )


def _report(
    actor: User, objective: OperationalObjective, report: MilestoneReport, at: datetime
) -> bool:
    milestone = report.milestone
    changed = record_change(
        actor=actor,
        target=milestone,
        values={"done_on": report.done_on, "forecast_on": report.forecast_on},
        expected_version=report.expected_version,
        action="reported",
        at=at,
    )
    if changed:
        Activity.objects.filter(pk=milestone.activity_id).update(version=F("version") + 1)
        history_record(
            actor=actor,
            target=objective,
            action="milestone_reported",
            changes={"milestone": (milestone.title, milestone.title)},
            at=at,
        )
        if not objective.is_in_force:
            raise_version(objective)
    return changed
