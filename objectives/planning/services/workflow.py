"""The steps of an objective from desk to desk, from draft to approval (design.md section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.services import next_instant, record_change
from ibzplan.core.services.comments import comment_write
from objectives.planning.choices import RETURNS, PlanState, Step, WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.bulk import hindrances
from objectives.planning.services.links import indicators_refresh
from objectives.planning.services.open_requests import refuse_open_requests
from objectives.planning.services.smart import must_be_smart
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User

Desk = tuple[str, str]
"""A state, and on whose desk an objective in that state lies."""

WITH_PLANNER: Final[Desk] = (PlanState.DRAFT, WaitsFor.PLANNER)
WITH_HEAD: Final[Desk] = (PlanState.DRAFT, WaitsFor.HEAD)
WITH_CORPORATE: Final[Desk] = (PlanState.SUBMITTED, WaitsFor.CORPORATE)
WITH_COMMITTEE: Final[Desk] = (PlanState.SUBMITTED, WaitsFor.COMMITTEE)
WITH_NOBODY: Final[Desk] = (PlanState.APPROVED, "")


def _plans(access: Access, unit_id: int) -> bool:
    """Tell whether the user writes for the unit without leading it: a head submits at once."""
    return access.plans_for(unit_id) and not access.heads(unit_id)


def _writes(access: Access, unit_id: int) -> bool:
    return access.plans_for(unit_id)


def _heads(access: Access, unit_id: int) -> bool:
    return access.heads(unit_id)


def _reviews(access: Access, _unit_id: int) -> bool:
    return access.has(Role.CORPORATE)


def _decides(access: Access, _unit_id: int) -> bool:
    return access.has(Role.COMMITTEE)


# (desk, step) -> the desk it leads to, and who may. The order is that of the buttons.
MOVES: Final = {
    (WITH_PLANNER, Step.HAND_OVER): (WITH_HEAD, _plans),
    (WITH_PLANNER, Step.SUBMIT): (WITH_CORPORATE, _heads),
    (WITH_HEAD, Step.SUBMIT): (WITH_CORPORATE, _heads),
    (WITH_HEAD, Step.RETURN): (WITH_PLANNER, _heads),
    (WITH_HEAD, Step.TAKE_BACK): (WITH_PLANNER, _plans),
    (WITH_CORPORATE, Step.PASS_ON): (WITH_COMMITTEE, _reviews),
    (WITH_CORPORATE, Step.RETURN): (WITH_PLANNER, _reviews),
    (WITH_CORPORATE, Step.TAKE_BACK): (WITH_HEAD, _heads),
    (WITH_COMMITTEE, Step.APPROVE): (WITH_NOBODY, _decides),
    (WITH_COMMITTEE, Step.RETURN_TO_CORPORATE): (WITH_CORPORATE, _decides),
    (WITH_COMMITTEE, Step.RETURN): (WITH_PLANNER, _decides),
}

# Steps that an open request for a change stops: they say that the text is good.
_ONWARD: Final = (Step.SUBMIT, Step.PASS_ON, Step.APPROVE)


def possible_steps(objective: OperationalObjective, access: Access) -> list[Step]:
    """Return the steps that this user may take with the objective where it lies now."""
    return [
        step
        for (desk, step), (_to, may) in MOVES.items()
        if desk == (objective.state, objective.waits_for) and may(access, objective.unit_id)
    ]


@transaction.atomic
def objective_move(
    *,
    actor: User,
    objective: OperationalObjective,
    step: str,
    expected_version: int | None = None,
    reason: str = "",
    comments: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Take one `Step` with an objective; its indicators become visible with it.

    A return takes `comments` along: a field (or '' for the whole) -> what must change there.
    Raises NotAllowed for a wrong role or desk, DomainError when a request for a change is open,
    there is no indicator to submit, the SMART check stops it, the plan is in force already, or a
    return has no reason; EditConflict when someone changed it meanwhile.
    """
    at = at or next_instant()
    current = OperationalObjective.objects.select_for_update().get(pk=objective.pk)
    if expected_version is not None and expected_version != current.version:
        raise EditConflict(_("Someone else changed this while you were working."), {})
    if step not in possible_steps(current, access_of(actor)):
        raise NotAllowed("move_not_allowed", _("You cannot do this step now."))
    _check(current, Step(step), reason=reason, at=at)
    state, waits_for = MOVES[((current.state, current.waits_for), Step(step))][0]
    values: dict[str, Any] = {"state": state, "waits_for": waits_for}
    if step == Step.APPROVE:
        values["approved_at"] = at
    record_change(
        actor=actor, target=objective, values=values, action=step, reason=reason.strip(), at=at
    )
    for field, text in (comments or {}).items() if step in RETURNS else ():
        if text.strip():
            comment_write(
                actor=actor, target=objective, field=field, text=text, asks_change=True, at=at
            )
    indicators_refresh(objective.indicator_links.current().values_list("indicator_id", flat=True))


def _check(objective: OperationalObjective, step: Step, *, reason: str, at: datetime) -> None:
    """Refuse a step for what the objective, its comments or its plan lack."""
    if step in RETURNS and not reason.strip():
        raise DomainError("reason_required", _("Say why it goes back."), "reason")
    if step == Step.SUBMIT and not objective.indicator_links.current().exists():
        raise DomainError(
            "indicator_required",
            _("Add an indicator first: an objective nobody can measure is not submitted."),
        )
    if step in _ONWARD:
        refuse_open_requests(objective)
    if step == Step.SUBMIT:
        must_be_smart(objective, at)
    if step == Step.APPROVE and objective.plan.versions.exists():
        raise DomainError(
            "plan_in_force",
            _("The plan of %(year)s is in force: %(code)s comes into it by an amendment.")
            % {"year": objective.plan.year, "code": objective.code},
        )


@transaction.atomic
def objective_close(
    *, actor: User | None, objective: OperationalObjective, reason: str = "", at: datetime
) -> None:
    """Close an objective in force with its plan; `at` is the instant of that.

    The caller has checked rights and rules: no user closes a single objective.
    """
    record_change(
        actor=actor,
        target=objective,
        values={"state": PlanState.CLOSED, "waits_for": ""},
        action=PlanState.CLOSED,
        reason=reason,
        at=at,
    )
    indicators_refresh(objective.indicator_links.current().values_list("indicator_id", flat=True))


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What came of one objective of many; `refused` is empty when the step was taken."""

    objective: OperationalObjective
    refused: str = ""


@transaction.atomic
def objectives_move(
    *,
    actor: User,
    objectives: Sequence[tuple[OperationalObjective, int]],
    step: str,
) -> list[MoveResult]:
    """Take a step with many objectives, each with the version that the user saw: one transaction.

    Each goes whole or not at all, with its own history; what one of them lacks stops no other.
    One with an open finding or request for a change does not go together with others.
    """
    at = next_instant()  # takes the lock, so that nobody decides in between
    hindered = hindrances([row for row, _version in objectives], at=at)
    results = []
    for objective, version in objectives:
        if objective.pk in hindered:
            results.append(MoveResult(objective, hindered[objective.pk]))
            continue
        try:
            with transaction.atomic():
                objective_move(
                    actor=actor, objective=objective, step=step, expected_version=version
                )
        except DomainError as error:
            results.append(MoveResult(objective, error.message))
        else:
            results.append(MoveResult(objective))
    return results
