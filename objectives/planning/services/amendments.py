"""The life of an amendment: made, submitted, sent back, approved as a whole, or not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import AmendmentState, PlanState, Step, WaitsFor
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    OperationalObjective,
    OperationalPlan,
    PlanVersion,
)
from objectives.planning.selectors.amendments import (
    OPEN,
    Conflict,
    conflicts_of,
    may_bring,
    may_decide,
    may_edit,
    may_return,
    may_submit,
    takes_amendments,
)
from objectives.planning.services.amendment_changes import present_values
from objectives.planning.services.amendment_effects import change_apply
from objectives.planning.services.amendment_reasons import reason_for_all
from objectives.planning.services.links import indicators_refresh
from objectives.planning.services.open_requests import refuse_open_requests
from objectives.planning.services.smart import must_be_smart
from objectives.planning.services.versions import plan_version_freeze
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import OrganisationUnit, User

# What the history of a draft says when an amendment takes it along, or gives it back.
_MOVED_TO: Final[Mapping[str, str]] = {
    WaitsFor.COMMITTEE: Step.SUBMIT,
    WaitsFor.CORPORATE: Step.RETURN_TO_CORPORATE,
    WaitsFor.PLANNER: Step.RETURN,
}


class AmendmentConflict(EditConflict):
    """Objectives changed since the amendment was written; `conflicts` says which."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        """Name the objectives."""
        self.conflicts = list(conflicts)
        codes = dict.fromkeys(conflict.objective.code for conflict in conflicts)
        super().__init__(
            _(
                "Changed meanwhile: %(codes)s. Look at what they say now; the amendment has to "
                "start from there."
            )
            % {"codes": ", ".join(codes)},
            {},
        )


@transaction.atomic
def amendment_create(
    *,
    actor: User,
    plan: OperationalPlan,
    unit: OrganisationUnit | None,
    title: LocalisedText,
    motivation: LocalisedText | None = None,
) -> Amendment:
    """Begin an amendment of a plan in force; `unit` None is one of the corporate cell.

    Raises NotAllowed, or DomainError at the field.
    """
    at = next_instant()
    access = access_of(actor)
    may = access.has(Role.CORPORATE) if unit is None else access.plans_for(unit.pk)
    if not may:
        raise NotAllowed("not_your_unit", _("You cannot propose an amendment for this unit."))
    plan = OperationalPlan.objects.select_for_update().get(pk=plan.pk)  # one number at a time
    if not takes_amendments(plan):
        raise DomainError(
            "plan_takes_none",
            _("The plan of %(year)s is not in force: it takes no amendments.")
            % {"year": plan.year},
        )
    _check_title(title)
    last = Amendment.objects.filter(plan=plan).order_by("number").last()
    amendment = Amendment.objects.create(
        plan=plan,
        number=last.number + 1 if last else 1,
        unit=unit,
        title=title,
        motivation=motivation or LocalisedText(),
        is_demo=plan.is_demo,
    )
    amendment.created_at = at  # an insert sets the wall clock, which is past the instant by now
    amendment.save(update_fields=["created_at"])
    history_record(
        actor=actor, target=amendment, action="created", changes={"title": (None, title)}, at=at
    )
    return amendment


@transaction.atomic
def amendment_update(
    *,
    actor: User,
    amendment: Amendment,
    title: LocalisedText,
    motivation: LocalisedText,
    expected_version: int,
) -> bool:
    """Change what a draft amendment is called and why it is; return whether anything changed."""
    at = next_instant()
    if not may_edit(access_of(actor), amendment):
        raise NotAllowed("not_your_amendment", _("You cannot change this amendment."))
    _must_be(amendment, AmendmentState.DRAFT)
    _check_title(title)
    return record_change(
        actor=actor,
        target=amendment,
        values={"title": title, "motivation": motivation},
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def amendment_submit(
    *, actor: User, amendment: Amendment, expected_version: int | None = None
) -> None:
    """Hand the amendment to the corporate cell and the direction committee, with its drafts.

    Raises NotAllowed; DomainError when it has no changes, one lacks a motivation, or a draft that
    it brings does not pass the SMART check; AmendmentConflict when an objective changed meanwhile.
    """
    at = next_instant()
    if not may_submit(access_of(actor), amendment):
        raise NotAllowed(
            "not_your_amendment", _("The head of the directorate submits this amendment.")
        )
    _must_be(amendment, AmendmentState.DRAFT)
    _must_take(amendment)
    changes = _changes(amendment)
    if not changes:
        raise DomainError("no_changes", _("This amendment changes nothing yet: add a change."))
    if any(not change.motivation for change in changes):
        raise DomainError("motivation_required", _("Say of every change why it is proposed."))
    if any(change.is_important is None for change in changes):
        raise DomainError(
            "importance_required",
            _("Say of every change whether it is important: the next report explains those."),
        )
    refuse_open_requests(amendment)
    _refuse_conflicts(changes)
    _step(actor, amendment, AmendmentState.SUBMITTED, at, expected_version, submitted_at=at)
    for result in _results(changes):
        if amendment.unit_id is None:
            _must_wait_for_corporate(actor, result)
        _check_result(result, at)
        _move(actor, result, PlanState.SUBMITTED, WaitsFor.COMMITTEE, amendment, at)


@transaction.atomic
def amendment_return(
    *, actor: User, amendment: Amendment, reason: str, expected_version: int | None = None
) -> None:
    """Send a submitted amendment back to its writers. Raises NotAllowed, or DomainError."""
    at = next_instant()
    if not may_return(access_of(actor)):
        raise NotAllowed("not_allowed", _("You cannot send amendments back."))
    _must_be(amendment, AmendmentState.SUBMITTED)
    _must_have(reason, _("Say why it goes back."))
    _step(actor, amendment, AmendmentState.DRAFT, at, expected_version, reason, action="returned")
    _give_back(actor, amendment, at)


@transaction.atomic
def amendment_reject(
    *, actor: User, amendment: Amendment, reason: str, expected_version: int | None = None
) -> None:
    """Decide that an amendment does not come; its drafts go back to their planners."""
    at = next_instant()
    if not may_decide(access_of(actor)):
        raise NotAllowed("not_allowed", _("The direction committee decides on amendments."))
    _must_be(amendment, AmendmentState.SUBMITTED)
    _must_have(reason, _("Say why it is rejected."))
    _step(
        actor,
        amendment,
        AmendmentState.REJECTED,
        at,
        expected_version,
        reason,
        decided_at=at,
        decided_by=actor,
    )
    _give_back(actor, amendment, at)


@transaction.atomic
def amendment_withdraw(
    *, actor: User, amendment: Amendment, reason: str = "", expected_version: int | None = None
) -> None:
    """Take back an amendment that nobody decided on; its drafts stay with their planners."""
    at = next_instant()
    if not may_edit(access_of(actor), amendment):
        raise NotAllowed("not_your_amendment", _("You cannot change this amendment."))
    _must_be(amendment, *OPEN)
    _step(actor, amendment, AmendmentState.WITHDRAWN, at, expected_version, reason)
    _give_back(actor, amendment, at)


@transaction.atomic
def amendment_approve(
    *, actor: User, amendment: Amendment, reason: str = "", expected_version: int | None = None
) -> PlanVersion:
    """Apply all changes at one instant, or none, and freeze the next version of the plan.

    Raises NotAllowed; AmendmentConflict when an objective changed since it was proposed;
    DomainError where the plan refuses a change by now.
    """
    at = next_instant()
    if not may_decide(access_of(actor)):
        raise NotAllowed("not_allowed", _("The direction committee decides on amendments."))
    _must_be(amendment, AmendmentState.SUBMITTED)
    _must_take(amendment)
    changes = _changes(amendment)
    refuse_open_requests(amendment)
    _refuse_conflicts(changes)
    for result in _results(changes):
        _must_be_handed_in(result)
        _check_result(result, at)
    _step(
        actor,
        amendment,
        AmendmentState.APPROVED,
        at,
        expected_version,
        reason,
        decided_at=at,
        decided_by=actor,
    )
    for change in changes:
        change_apply(actor=actor, change=change, at=at)
    return plan_version_freeze(
        actor=actor,
        plan=amendment.plan,
        reason="; ".join(reason_for_all(change) for change in changes),
        at=at,
        amendment=amendment,
    )


def conflict_sides(conflict: Conflict, at: datetime) -> list[tuple[str, Any, Any, Any]]:
    """Return (field, value that the proposer saw, value now, value proposed) of each field."""
    change = conflict.change
    if not change.values:
        return []
    now = present_values(change.kind, conflict.objective, change.indicator, at)
    return [(name, old, now.get(name), new) for name, (old, new) in change.values.items()]


def _changes(amendment: Amendment) -> list[AmendmentChange]:
    """Return the changes with what they speak of, locked against a change meanwhile."""
    return list(
        amendment.changes.select_related("amendment", "amendment__plan", "indicator")
        .prefetch_related("objectives", "results", "results__plan", "results__unit")
        .order_by("order", "pk")
    )


def _results(changes: Iterable[AmendmentChange]) -> list[OperationalObjective]:
    return [result for change in changes for result in change.results.all()]


def _refuse_conflicts(changes: Sequence[AmendmentChange]) -> None:
    conflicts = conflicts_of(changes)
    if conflicts:
        raise AmendmentConflict(conflicts)


def _must_be(amendment: Amendment, *states: str) -> None:
    """Refuse a step that someone else took meanwhile, or that the state does not allow."""
    amendment.refresh_from_db(fields=["state", "version"])
    if amendment.state not in states:
        raise DomainError(
            "step_not_possible",
            _("Amendment %(number)s is now: %(state)s.")
            % {"number": amendment.number, "state": amendment.get_state_display()},
        )


def _must_take(amendment: Amendment) -> None:
    if not takes_amendments(amendment.plan):
        raise DomainError(
            "plan_takes_none",
            _("The plan of %(year)s is not in force: it takes no amendments.")
            % {"year": amendment.plan.year},
        )


def _must_have(reason: str, message: str) -> None:
    if not reason.strip():
        raise DomainError("reason_required", message, "reason")


def _check_title(title: LocalisedText) -> None:
    if not title:
        raise DomainError("title_required", _("Give the amendment a name."), "title_nl")


def _must_be_handed_in(result: OperationalObjective) -> None:
    if result.state != PlanState.SUBMITTED:
        raise DomainError(
            "draft_went_back",
            _("%(code)s went back to its planner: send the amendment back too.")
            % {"code": result.code},
        )


def _must_wait_for_corporate(actor: User, result: OperationalObjective) -> None:
    """Refuse what went back to its planner since the corporate cell took it in its amendment."""
    if not may_bring(access_of(actor), result):
        raise DomainError(
            "draft_went_back",
            _("%(code)s went back to its planner: take it out, or wait until it is submitted.")
            % {"code": result.code},
        )


def _check_result(result: OperationalObjective, at: datetime) -> None:
    """Refuse a draft that could not be submitted by itself, naming it."""
    try:
        if result.state not in (PlanState.DRAFT, PlanState.SUBMITTED):
            raise DomainError("no_draft", _("It is no draft any more."))
        if not result.indicator_links.current().exists():
            raise DomainError("indicator_required", _("It has no indicator yet."))
        refuse_open_requests(result)
        must_be_smart(result, at)
    except DomainError as error:
        raise DomainError(
            error.code,
            _("%(code)s: %(problem)s") % {"code": result.code, "problem": error.message},
        ) from error


def _step(
    actor: User,
    amendment: Amendment,
    state: str,
    at: datetime,
    expected_version: int | None,
    reason: str = "",
    *,
    action: str = "",
    **values: Any,
) -> None:
    record_change(
        actor=actor,
        target=amendment,
        values={"state": state, **values},
        expected_version=expected_version,
        action=action or state,
        reason=reason.strip(),
        at=at,
    )


def _give_back(actor: User, amendment: Amendment, at: datetime) -> None:
    """Let the drafts of an amendment lie where it took them from: see drafts_offered."""
    state, desk = PlanState.DRAFT, WaitsFor.PLANNER
    if amendment.unit_id is None:
        state, desk = PlanState.SUBMITTED, WaitsFor.CORPORATE
    for result in _results(_changes(amendment)):
        if result.state == PlanState.SUBMITTED:
            _move(actor, result, state, desk, amendment, at)


def _move(
    actor: User, result: OperationalObjective, state: str, desk: str, amendment: Amendment, at: Any
) -> None:
    record_change(
        actor=actor,
        target=result,
        values={"state": state, "waits_for": desk},
        action=_MOVED_TO[desk],
        reason=f"W{amendment.number}",
        at=at,
    )
    indicators_refresh(result.indicator_links.current().values_list("indicator_id", flat=True))
