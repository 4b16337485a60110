"""An operational objective from draft to approval, and the indicators below it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from string import ascii_lowercase
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, record_change
from objectives.indicators.models import Indicator
from objectives.indicators.services import (
    IndicatorSheet,
    indicator_create,
    obligations_sync,
    target_set,
)
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Werf
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import OrganisationUnit, User


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSheet:
    """What a planner states of an objective."""

    title: LocalisedText
    starts_on: date
    ends_on: date
    description: LocalisedText = field(default_factory=LocalisedText)
    holder: str = ""

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
                % {"date": day.isoformat(), "year": year},
                name,
            )
    if sheet.starts_on > sheet.ends_on:
        raise DomainError("dates_upside_down", _("The end lies before the start."), "ends_on")


def _must_plan_for(actor: User, unit: OrganisationUnit) -> None:
    if not access_of(actor).plans_for(unit.pk):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s change its objectives.") % {"unit": unit.code},
        )


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
    is_demo: bool | None = None,
    at: datetime | None = None,
) -> OperationalObjective:
    """Make a draft objective below a werf. Raises NotAllowed, or DomainError with the field.

    In a demo plan the objective is a demo row too, so that removing the demo takes it along.
    """
    _must_plan_for(actor, unit)
    if plan.state == PlanState.CLOSED:
        raise DomainError(
            "plan_closed", _("The plan of %(year)s is closed.") % {"year": plan.year}, "plan"
        )
    _check_sheet(sheet, plan.year)
    OperationalPlan.objects.select_for_update().get(pk=plan.pk)  # one code at a time
    code = _next_code(plan, werf)
    try:
        with transaction.atomic():
            objective = OperationalObjective.objects.create(
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
    history_record(
        actor=actor,
        target=objective,
        action="created",
        changes={"code": (None, code), "title": (None, sheet.title)},
        at=at,
    )
    return objective


@transaction.atomic
def objective_update(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ObjectiveSheet,
    expected_version: int,
    reason: str = "",
) -> bool:
    """Change a draft or submitted objective; return whether anything changed.

    Raises NotAllowed, DomainError, or EditConflict when someone saved meanwhile.
    """
    _must_plan_for(actor, objective.unit)
    if objective.state in (PlanState.APPROVED, PlanState.CLOSED):
        raise DomainError(
            "objective_in_force",
            _("An approved objective is changed by an amendment of the plan only."),
        )
    _check_sheet(sheet, objective.plan.year)
    return record_change(
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
    )


@transaction.atomic
def indicator_add(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: IndicatorSheet,
    target: Decimal | None = None,
    target_level: int | None = None,
    target_due_on: date | None = None,
    weight: int = 1,
    is_key: bool = False,
    at: datetime | None = None,
) -> Indicator:
    """Make an indicator below an objective, with its final target and its obligations.

    The target is due on the last day of the plan year unless `target_due_on` says otherwise.
    Raises NotAllowed, or DomainError naming the field.
    """
    _must_plan_for(actor, objective.unit)
    if objective.state in (PlanState.APPROVED, PlanState.CLOSED):
        raise DomainError(
            "objective_in_force",
            _("An approved objective is changed by an amendment of the plan only."),
        )
    year = objective.plan.year
    due_on = target_due_on or date(year, 12, 31)
    count = objective.indicator_links.count()
    letter = ascii_lowercase[count] if count < len(ascii_lowercase) else str(count + 1)
    indicator = indicator_create(
        actor=actor,
        owner=objective.unit,
        code=f"{year}-{objective.code}-{letter}",
        sheet=sheet,
        is_demo=objective.is_demo,
        at=at,
    )
    target_set(
        actor=actor,
        indicator=indicator,
        due_on=due_on,
        value=target,
        level=target_level,
        at=at,
    )
    obligations_sync(indicator=indicator, first=date(year, 1, 1), last=date(year, 12, 31))
    ObjectiveIndicator.objects.create(
        objective=objective,
        indicator=indicator,
        weight=weight,
        is_key=is_key,
        order=count + 1,
        is_demo=objective.is_demo,
    )
    _release(indicator_ids=[indicator.pk], state=objective.state)
    return indicator


def _release(*, indicator_ids: Iterable[int], state: str) -> None:
    """Let the visibility of indicators follow the state of the objective that uses them."""
    rows = Indicator.objects.filter(pk__in=list(indicator_ids))
    if state in (PlanState.APPROVED, PlanState.CLOSED):
        rows.update(is_released=True, is_submitted=True)
    elif state == PlanState.SUBMITTED:
        rows.filter(is_submitted=False).update(is_submitted=True)


def _may_submit(access: Access, objective: OperationalObjective) -> bool:
    return access.heads(objective.unit_id)


def _may_decide(access: Access, objective: OperationalObjective) -> bool:
    return access.has(Role.COMMITTEE)


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
    submit or no reason to return, EditConflict when someone changed it meanwhile.
    """
    if to not in possible_moves(objective, access_of(actor)):
        raise NotAllowed("move_not_allowed", _("You cannot do this step now."))
    links = list(objective.indicator_links.values_list("indicator_id", flat=True))
    if to == PlanState.SUBMITTED and not links:
        raise DomainError(
            "indicator_required",
            _("Add an indicator first: an objective nobody can measure is not submitted."),
        )
    if (objective.state, to) == (PlanState.SUBMITTED, PlanState.DRAFT) and not reason.strip():
        raise DomainError("reason_required", _("Say why it goes back."), "reason")
    record_change(
        actor=actor,
        target=objective,
        values={"state": to},
        expected_version=expected_version,
        action=to,
        reason=reason,
        at=at,
    )
    _release(indicator_ids=links, state=to)


@transaction.atomic
def security_links_set(
    *,
    actor: User,
    objective: OperationalObjective,
    security_objectives: Iterable[SecurityObjective],
) -> None:
    """Say to which NVP objectives an objective contributes. Raises NotAllowed."""
    _must_plan_for(actor, objective.unit)
    wanted = {row.pk: row for row in security_objectives}
    current = {
        link.security_objective_id: link
        for link in objective.security_links.select_related("security_objective")
    }
    removed = [link for pk, link in current.items() if pk not in wanted]
    added = [row for pk, row in wanted.items() if pk not in current]
    for link in removed:
        link.delete()
    ObjectiveSecurityLink.objects.bulk_create(
        ObjectiveSecurityLink(
            objective=objective, security_objective=row, is_demo=objective.is_demo
        )
        for row in added
    )
    if removed or added:
        before = sorted(link.security_objective.code for link in current.values())
        after = sorted(row.code for row in wanted.values())
        history_record(
            actor=actor,
            target=objective,
            action="changed",
            changes={"security_objectives": (before, after)},
        )
