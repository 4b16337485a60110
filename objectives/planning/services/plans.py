"""Operational plans of a year."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Plan
from personnel.models import User


@transaction.atomic
def operational_plan_create(
    *,
    actor: User | None,
    plan: Plan,
    year: int,
    state: str = PlanState.DRAFT,
    approved_on: date | None = None,
    sent_on: date | None = None,
    closed_on: date | None = None,
    is_demo: bool = False,
    at: datetime | None = None,
) -> OperationalPlan:
    """Open the plan of a year; `actor` None means the system.

    Raises DomainError for a year outside the strategic plan.
    """
    if not plan.starts_on.year <= year <= plan.ends_on.year:
        raise DomainError(
            "year_outside_plan",
            _("%(year)s lies outside %(plan)s.") % {"year": year, "plan": plan.title},
            "year",
        )
    at = at or next_instant()
    row = OperationalPlan.objects.create(
        plan=plan,
        year=year,
        state=state,
        approved_on=approved_on,
        sent_on=sent_on,
        closed_on=closed_on,
        is_demo=is_demo,
    )
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    history_record(actor=actor, target=row, action="created", changes={"year": (None, year)}, at=at)
    return row
