"""An operational objective from draft to approval."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import PlanState, WaitsFor
from objectives.planning.models import (
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services.links import (
    indicators_refresh,
    must_plan_for,
    raise_version,
    refuse_in_force,
)
from objectives.planning.services.smart import must_be_smart
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Werf
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import ManagementFunction, OrganisationUnit, User


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSheet:
    """What a planner states of an objective."""

    title: LocalisedText
    starts_on: date
    ends_on: date
    description: LocalisedText = field(default_factory=LocalisedText)
    holder: ManagementFunction | None = None

    def search_key(self, code: str) -> str:
        """Return the folded text that search looks through."""
        return " ".join([fold(code), self.title.search_key(), self.description.search_key()])


def _check_sheet(sheet: ObjectiveSheet, year: int) -> None:
    if not sheet.title:
        raise DomainError("title_required", _("Give the objective a name."), "title_nl")
    for name in ("starts_on", "ends_on"):
        day: date = getattr(sheet, name)
        if day.year != year:
            raise DomainError(
                "date_outside_year",
                _("%(date)s lies outside the plan year %(year)s.")
                % {"date": date_format(day, "SHORT_DATE_FORMAT"), "year": year},
                name,
            )
    if sheet.starts_on > sheet.ends_on:
        raise DomainError("dates_upside_down", _("The end lies before the start."), "ends_on")


def _next_code(plan: OperationalPlan, werf: Werf) -> str:
    """Return the next free '<werf>.<n>' of the plan year."""
    used = OperationalObjective.objects.filter(
        plan=plan, code__startswith=f"{werf.code}."
    ).values_list("code", flat=True)
    numbers = [int(found[1]) for code in used if (found := re.search(r"\.(\d+)$", code))]
    return f"{werf.code}.{max(numbers, default=0) + 1}"


@transaction.atomic
def objective_create(
    *,
    actor: User,
    plan: OperationalPlan,
    werf: Werf,
    unit: OrganisationUnit,
    sheet: ObjectiveSheet,
    security_objectives: Iterable[SecurityObjective] = (),
    uuid: UUID | None = None,
    is_demo: bool | None = None,
    at: datetime | None = None,
) -> OperationalObjective:
    """Make a draft objective below a werf. Raises NotAllowed, or DomainError with the field.

    In a demo plan the objective is a demo row too, so that removing the demo takes it along.
    With the `uuid` of an objective that exists already (a form sent twice) that one is returned.
    """
    must_plan_for(actor, unit)
    if plan.state == PlanState.CLOSED:
        raise DomainError(
            "plan_closed", _("The plan of %(year)s is closed.") % {"year": plan.year}, "plan"
        )
    _check_sheet(sheet, plan.year)
    at = at or next_instant()
    OperationalPlan.objects.select_for_update().get(pk=plan.pk)  # one code at a time
    again: OperationalObjective | None = None
    if uuid is not None:
        again = OperationalObjective.objects.filter(uuid=uuid, unit=unit).first()
    if again is not None:
        return again
    code = _next_code(plan, werf)
    try:
        with transaction.atomic():
            objective = OperationalObjective.objects.create(
                uuid=uuid or uuid4(),
                plan=plan,
                werf=werf,
                unit=unit,
                code=code,
                title=sheet.title,
                description=sheet.description,
                holder=sheet.holder,
                starts_on=sheet.starts_on,
                ends_on=sheet.ends_on,
                search_key=sheet.search_key(code),
                is_demo=plan.is_demo if is_demo is None else is_demo,
            )
    except IntegrityError as error:
        raise DomainError(
            "code_taken", _("Someone took number %(code)s just now. Save again.") % {"code": code}
        ) from error
    objective.created_at = at  # an insert sets the wall clock, which is past the instant by now
    objective.save(update_fields=["created_at"])
    history_record(
        actor=actor,
        target=objective,
        action="created",
        changes={"code": (None, code), "title": (None, sheet.title)},
        at=at,
    )
    _links_set(actor=actor, objective=objective, security_objectives=security_objectives, at=at)
    return objective


@transaction.atomic
def objective_update(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ObjectiveSheet,
    expected_version: int,
    security_objectives: Iterable[SecurityObjective] | None = None,
    reason: str = "",
) -> bool:
    """Change a draft or submitted objective; return whether anything changed.

    `security_objectives` None leaves the links to the NVP as they are.

    Raises NotAllowed, DomainError, or EditConflict when someone saved meanwhile.
    """
    must_plan_for(actor, objective.unit)
    refuse_in_force(objective)
    _check_sheet(sheet, objective.plan.year)
    at = next_instant()
    changed = record_change(
        actor=actor,
        target=objective,
        values={
            "title": sheet.title,
            "description": sheet.description,
            "holder": sheet.holder,
            "starts_on": sheet.starts_on,
            "ends_on": sheet.ends_on,
            "search_key": sheet.search_key(objective.code),
        },
        expected_version=expected_version,
        reason=reason,
        at=at,
    )
    if security_objectives is not None:
        linked = _links_set(
            actor=actor, objective=objective, security_objectives=security_objectives, at=at
        )
        if linked and not changed:
            raise_version(objective)
        changed = changed or linked
    return changed


def _may_submit(access: Access, objective: OperationalObjective) -> bool:
    return access.heads(objective.unit_id)


def _may_decide(access: Access, objective: OperationalObjective) -> bool:
    return access.has(Role.COMMITTEE)


# On whose desk an objective lies in a new state.
_DESKS: Final[dict[str, str]] = {
    PlanState.DRAFT: WaitsFor.PLANNER,
    PlanState.SUBMITTED: WaitsFor.COMMITTEE,
}

# (from, to) -> who may; a return to draft goes back to the planner.
MOVES: Final = {
    (PlanState.DRAFT, PlanState.SUBMITTED): _may_submit,
    (PlanState.SUBMITTED, PlanState.APPROVED): _may_decide,
    (PlanState.SUBMITTED, PlanState.DRAFT): _may_decide,
    (PlanState.APPROVED, PlanState.CLOSED): _may_decide,
}


def possible_moves(objective: OperationalObjective, access: Access) -> list[str]:
    """Return the states that this user may bring the objective to."""
    return [
        target
        for (source, target), may in MOVES.items()
        if source == objective.state and may(access, objective)
    ]


@transaction.atomic
def objective_move(
    *,
    actor: User,
    objective: OperationalObjective,
    to: str,
    expected_version: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Submit, approve, return or close an objective; its indicators become visible with it.

    Raises NotAllowed for a wrong role or state, DomainError when there is no indicator to
    submit, when the SMART check stops it, or when there is no reason to return, EditConflict when
    someone changed it meanwhile.
    """
    if to not in possible_moves(objective, access_of(actor)):
        raise NotAllowed("move_not_allowed", _("You cannot do this step now."))
    if (objective.state, to) == (PlanState.SUBMITTED, PlanState.DRAFT) and not reason.strip():
        raise DomainError("reason_required", _("Say why it goes back."), "reason")
    values: dict[str, Any] = {"state": to, "waits_for": _DESKS.get(to, "")}
    at = at or next_instant()
    links = list(objective.indicator_links.current().values_list("indicator_id", flat=True))
    if to == PlanState.SUBMITTED and not links:
        raise DomainError(
            "indicator_required",
            _("Add an indicator first: an objective nobody can measure is not submitted."),
        )
    if to == PlanState.SUBMITTED:
        must_be_smart(objective, at)
    if to == PlanState.APPROVED:
        values["approved_at"] = at
    record_change(
        actor=actor,
        target=objective,
        values=values,
        expected_version=expected_version,
        action=to,
        reason=reason,
        at=at,
    )
    indicators_refresh(links)


def _links_set(
    *,
    actor: User,
    objective: OperationalObjective,
    security_objectives: Iterable[SecurityObjective],
    at: datetime,
) -> bool:
    """Say to which NVP objectives an objective contributes; return whether that changed."""
    wanted = {row.pk: row for row in security_objectives}
    current = {
        link.security_objective_id: link
        for link in objective.security_links.current().select_related("security_objective")
    }
    removed = [link for pk, link in current.items() if pk not in wanted]
    added = [row for pk, row in wanted.items() if pk not in current]
    if not removed and not added:
        return False
    ended = [link.pk for link in removed]
    ObjectiveSecurityLink.objects.filter(pk__in=ended).update(known_until=at)
    ObjectiveSecurityLink.objects.bulk_create(
        ObjectiveSecurityLink(
            objective=objective,
            security_objective=row,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for row in added
    )
    before = sorted(link.security_objective.code for link in current.values())
    after = sorted(row.code for row in wanted.values())
    history_record(
        actor=actor,
        target=objective,
        action="changed",
        changes={"security_objectives": (before, after)},
        at=at,
    )
    indicators_refresh(objective.indicator_links.current().values_list("indicator_id", flat=True))
    return True
