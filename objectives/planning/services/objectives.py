"""Making an operational objective, and changing it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services.known_rows import ObjectiveLinks, links_write
from objectives.planning.services.links import must_be_open, must_plan_for, raise_version
from objectives.planning.services.objective_sheets import (
    ObjectiveSheet,
    check_links,
    check_sheet,
    check_unit,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, Werf
from personnel.models import OrganisationUnit, User

Linked = TypeVar("Linked", SecurityObjective, Goal, OrganisationUnit)


def next_codes(plan: OperationalPlan, werven: Iterable[Werf]) -> list[str]:
    """Return the next free '<werf>.<n>' of the plan year for each werf in turn: one query."""
    used: dict[str, int] = {}
    for code in OperationalObjective.objects.filter(plan=plan).values_list("code", flat=True):
        if found := re.fullmatch(r"(.+)\.(\d+)", code):
            used[found[1]] = max(int(found[2]), used.get(found[1], 0))
    codes = []
    for werf in werven:
        used[werf.code] = used.get(werf.code, 0) + 1
        codes.append(f"{werf.code}.{used[werf.code]}")
    return codes


def _refuse_closed(plan: OperationalPlan) -> None:
    """Refuse a closed plan; locked, it stays as it is and gives one code at a time."""
    if plan.state == PlanState.CLOSED:
        raise DomainError(
            "plan_closed", _("The plan of %(year)s is closed.") % {"year": plan.year}, "plan"
        )


@transaction.atomic
def objective_create(
    *,
    actor: User,
    plan: OperationalPlan,
    werf: Werf,
    unit: OrganisationUnit,
    sheet: ObjectiveSheet,
    security_objectives: Iterable[SecurityObjective] = (),
    goals: Iterable[Goal] = (),
    co_owners: Iterable[OrganisationUnit] = (),
    uuid: UUID | None = None,
    is_demo: bool | None = None,
    at: datetime | None = None,
) -> OperationalObjective:
    """Make a draft objective below a werf. Raises NotAllowed, or DomainError with the field.

    In a demo plan the objective is a demo row too, so that removing the demo takes it along.
    With the `uuid` of an objective that exists already (a form sent twice) that one is returned.
    """
    must_plan_for(actor, unit)
    links = ObjectiveLinks(
        security_objectives=list(security_objectives),
        goals=list(goals),
        co_owners=list(co_owners),
    )
    check_unit(unit, plan.year)
    check_sheet(sheet, unit=unit, year=plan.year)
    check_links(links, unit=unit, plan=plan)
    at = at or next_instant()
    _refuse_closed(OperationalPlan.objects.select_for_update().get(pk=plan.pk))
    again: OperationalObjective | None = None
    if uuid is not None:
        again = OperationalObjective.objects.filter(uuid=uuid, unit=unit).first()
    if again is not None:
        return again
    (code,) = next_codes(plan, [werf])
    objective = OperationalObjective(
        uuid=uuid or uuid4(),
        plan=plan,
        werf=werf,
        unit=unit,
        code=code,
        **sheet.values(),
        search_key=sheet.search_key(code),
        is_demo=plan.is_demo if is_demo is None else is_demo,
    )
    _insert(objective, at)
    history_record(
        actor=actor,
        target=objective,
        action="created",
        changes={"code": (None, code), "title": (None, sheet.title)},
        at=at,
    )
    links_write(actor=actor, objective=objective, links=links, at=at)
    return objective


def _insert(objective: OperationalObjective, at: datetime) -> None:
    """Store a new objective as made at an instant. Raises DomainError when its number is taken."""
    try:
        with transaction.atomic():
            objective.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(
            "code_taken",
            _("Someone took number %(code)s just now. Save again.") % {"code": objective.code},
        ) from error
    objective.created_at = at  # an insert sets the wall clock, which is past the instant by now
    objective.save(update_fields=["created_at"])


@transaction.atomic
def objective_update(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ObjectiveSheet,
    expected_version: int,
    security_objectives: Iterable[SecurityObjective] | None = None,
    goals: Iterable[Goal] | None = None,
    co_owners: Iterable[OrganisationUnit] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> bool:
    """Change a draft objective; return whether anything changed.

    `security_objectives`, `goals` and `co_owners` None leave those links as they are.

    Raises NotAllowed, DomainError, or EditConflict when someone saved meanwhile.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    must_be_open(objective)
    return objective_write(
        actor=actor,
        objective=objective,
        sheet=sheet,
        links=ObjectiveLinks(
            security_objectives=_listed(security_objectives),
            goals=_listed(goals),
            co_owners=_listed(co_owners),
        ),
        expected_version=expected_version,
        reason=reason,
        at=at,
    )


@transaction.atomic
def objective_write(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ObjectiveSheet,
    links: ObjectiveLinks,
    at: datetime,
    expected_version: int | None = None,
    reason: str = "",
    action: str = "changed",
) -> bool:
    """Change an objective in whatever state it is; return whether anything changed.

    The rules of its content hold; rights and state are the caller's, who took `at` first. An
    amendment writes what it brings into force by this.
    Raises DomainError, or EditConflict when someone saved meanwhile.
    """
    check_sheet(sheet, unit=objective.unit, year=objective.plan.year, before=objective)
    check_links(links, unit=objective.unit, plan=objective.plan, before=objective)
    changed = record_change(
        actor=actor,
        target=objective,
        values={**sheet.values(), "search_key": sheet.search_key(objective.code)},
        expected_version=expected_version,
        action=action,
        reason=reason,
        at=at,
    )
    linked = links_write(
        actor=actor, objective=objective, links=links, at=at, reason=reason, action=action
    )
    if linked and not changed:
        raise_version(objective)
    return changed or linked


def _listed(rows: Iterable[Linked] | None) -> list[Linked] | None:
    return None if rows is None else list(rows)
