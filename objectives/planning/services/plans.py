"""The life of the operational plan of a year (design.md section 6)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan, PlanVersion
from objectives.planning.selectors.plan_page import strategic_plan_of_next
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Plan
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User

# What the history of a plan says of its life; its states have names of their own.
PLAN_SENT: Final = "sent"
PLAN_RETURNED: Final = "returned"
BUDGET_VOTED: Final = "budget_voted"

# Who takes which step of a plan's life, as its page names the steps.
_STEP_ROLES: Final[Mapping[str, Role]] = {
    "submit": Role.CORPORATE,
    "send": Role.CORPORATE,
    "budget": Role.CORPORATE,
    "return": Role.COMMITTEE,
    "approve": Role.COMMITTEE,
}


def may_step(access: Access, step: str) -> bool:
    """Tell whether the user takes this step with plans, whatever the state of one."""
    return access.has(_STEP_ROLES[step])


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
    if OperationalPlan.objects.filter(year=year).exists():
        raise DomainError(
            "year_taken", _("There is a plan of %(year)s already.") % {"year": year}, "year"
        )
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


@transaction.atomic
def plan_open(*, actor: User, after: OperationalPlan) -> OperationalPlan:
    """Open the plan of the year after another one; the one that is there already is returned.

    It belongs to the strategic plan that holds on 1 January: the next one, once that replaced it.
    Raises NotAllowed for all but the corporate cell, DomainError outside the strategic plan.
    """
    _must_be(actor, Role.CORPORATE)
    at = next_instant()
    year = after.year + 1
    found = OperationalPlan.objects.filter(year=year).first()
    if found is not None:
        return found
    return operational_plan_create(
        actor=actor, plan=strategic_plan_of_next(after), year=year, is_demo=after.is_demo, at=at
    )


@transaction.atomic
def plan_submit(*, actor: User, plan: OperationalPlan, expected_version: int | None = None) -> None:
    """Ask the committee to put the plan in force; what is not there yet is told, not refused.

    Raises NotAllowed, EditConflict, DomainError when it is no draft or has no objective.
    """
    _must_be(actor, Role.CORPORATE)
    at = next_instant()
    _must_be_in(plan, PlanState.DRAFT)
    if not plan.objectives.exists():
        raise DomainError("plan_empty", _("There is no objective in this plan yet."))
    _change(
        actor,
        plan,
        {"state": PlanState.SUBMITTED, "submitted_on": timezone.localdate(at)},
        action=PlanState.SUBMITTED,
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def plan_return(
    *, actor: User, plan: OperationalPlan, reason: str, expected_version: int | None = None
) -> None:
    """Send the plan back to the corporate cell. Raises as plan_submit, and without a reason."""
    _must_be(actor, Role.COMMITTEE)
    at = next_instant()
    _must_be_in(plan, PlanState.SUBMITTED)
    if not reason.strip():
        raise DomainError("reason_required", _("Say why it goes back."), "reason")
    _change(
        actor,
        plan,
        {"state": PlanState.DRAFT, "submitted_on": None},
        action=PLAN_RETURNED,
        expected_version=expected_version,
        reason=reason.strip(),
        at=at,
    )


@transaction.atomic
def plan_approve(
    *,
    actor: User,
    plan: OperationalPlan,
    approved_on: date,
    left_out: Collection[UUID] = (),
    expected_version: int | None = None,
) -> PlanVersion:
    """Let the plan come into force with its approved objectives; freeze its first version.

    `left_out` names the drafts that the committee saw stay behind: they come in by an amendment.
    A plan that was approved before versions were kept gets its first one too.
    Raises NotAllowed, EditConflict, or DomainError: a submitted objective waits undecided, a draft
    is left out that nobody confirmed, nothing is approved, or the date cannot be.
    """
    _must_be(actor, Role.COMMITTEE)
    at = next_instant()
    plan.refresh_from_db(fields=["state"])
    if plan.state != PlanState.APPROVED or plan.versions.exists():
        _must_be_in(plan, PlanState.SUBMITTED)
    _check_day(approved_on, "approved_on", not_after=timezone.localdate(at))
    _check_decided(plan, left_out)
    _change(
        actor,
        plan,
        {"state": PlanState.APPROVED, "approved_on": approved_on},
        action=PlanState.APPROVED,
        expected_version=expected_version,
        at=at,
    )
    return plan_version_freeze(actor=actor, plan=plan, at=at)


def _check_decided(plan: OperationalPlan, left_out: Collection[UUID]) -> None:
    objectives = OperationalObjective.objects.filter(plan=plan)
    waiting = list(objectives.filter(state=PlanState.SUBMITTED).values_list("code", flat=True))
    if waiting:
        raise DomainError(
            "objectives_undecided",
            _("Decide first on what was submitted: %(codes)s.") % {"codes": ", ".join(waiting)},
        )
    if not objectives.filter(state=PlanState.APPROVED).exists():
        raise DomainError("nothing_approved", _("No objective of this plan is approved yet."))
    drafts = objectives.filter(state=PlanState.DRAFT).exclude(uuid__in=left_out)
    codes = list(drafts.values_list("code", flat=True))
    if codes:
        raise DomainError(
            "drafts_left_out",
            _("Confirm that these drafts are left out: %(codes)s.") % {"codes": ", ".join(codes)},
            "left_out",
        )


@transaction.atomic
def plan_send(
    *, actor: User, plan: OperationalPlan, sent_on: date, expected_version: int | None = None
) -> None:
    """Note the day on which the plan went to the ministers, for information.

    Raises NotAllowed, EditConflict, DomainError before the approval or for a date that cannot be.
    """
    _must_be(actor, Role.CORPORATE)
    at = next_instant()
    _must_be_in(plan, PlanState.APPROVED)
    _check_day(sent_on, "sent_on", not_before=plan.approved_on, not_after=timezone.localdate(at))
    _change(
        actor,
        plan,
        {"sent_on": sent_on},
        action=PLAN_SENT,
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def budget_vote_set(
    *, actor: User, plan: OperationalPlan, voted_on: date, expected_version: int | None = None
) -> None:
    """Note the day on which the Chamber approved the budget of the plan year.

    The plan is due with the ministers one month later: see calendar_rules.sending_due_on. The vote
    of a budget can fall after 1 January. Raises NotAllowed, EditConflict, DomainError.
    """
    _must_be(actor, Role.CORPORATE)
    at = next_instant()
    _check_day(
        voted_on,
        "voted_on",
        not_before=date(plan.year - 1, 1, 1),
        not_after=min(date(plan.year, 12, 31), timezone.localdate(at)),
    )
    _change(
        actor,
        plan,
        {"budget_voted_on": voted_on},
        action=BUDGET_VOTED,
        expected_version=expected_version,
        at=at,
    )


def _change(
    actor: User,
    plan: OperationalPlan,
    values: dict[str, Any],
    *,
    action: str,
    at: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> None:
    record_change(
        actor=actor,
        target=plan,
        values=values,
        expected_version=expected_version,
        action=action,
        reason=reason,
        at=at,
    )


def _must_be(actor: User, role: Role) -> None:
    if not access_of(actor).has(role):
        raise NotAllowed(
            "not_your_step", _("Only this role does it: %(role)s.") % {"role": role.label}
        )


def _must_be_in(plan: OperationalPlan, state: PlanState) -> None:
    """Refuse what does not fit the plan's state now: it is read again under the clock's lock."""
    plan.refresh_from_db(fields=["state"])
    if plan.state != state:
        raise DomainError(
            "wrong_plan_state",
            _("The plan of %(year)s is in this state now: %(state)s.")
            % {"year": plan.year, "state": plan.get_state_display()},
        )


def _check_day(day: date, field: str, *, not_after: date, not_before: date | None = None) -> None:
    shown = date_format(day, "SHORT_DATE_FORMAT")
    if day > not_after:
        raise DomainError(
            "date_too_late",
            _("%(date)s is too late: at the latest %(limit)s.")
            % {"date": shown, "limit": date_format(not_after, "SHORT_DATE_FORMAT")},
            field,
        )
    if not_before is not None and day < not_before:
        raise DomainError(
            "date_too_early",
            _("%(date)s is too early: at the earliest %(limit)s.")
            % {"date": shown, "limit": date_format(not_before, "SHORT_DATE_FORMAT")},
            field,
        )
