"""Strategic objectives and werven that users add: in an addendum, or in a next plan."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import next_instant, record_change
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from objectives.strategy.services.rules import (
    check_code,
    check_title,
    insert,
    must_keep_plans,
    search_key,
)
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySheet:
    """What is said of an objective or a werf; its code is given once."""

    code: str = ""
    title: LocalisedText
    description: LocalisedText = field(default_factory=LocalisedText)


@transaction.atomic
def objective_add(
    *, actor: User, plan: Plan, sheet: EntrySheet, uuid: UUID | None = None
) -> StrategicObjective:
    """Add a strategic objective to a next plan. Raises NotAllowed, or DomainError with the field.

    A plan that was loaded from its source gets its objectives from there: what is added to it
    afterwards comes by an addendum.
    """
    must_keep_plans(actor)
    at = next_instant()
    must_be_made_here(plan)
    return objective_insert(actor=actor, plan=plan, sheet=sheet, at=at, uuid=uuid)


@transaction.atomic
def werf_add(
    *, actor: User, objective: StrategicObjective, sheet: EntrySheet, uuid: UUID | None = None
) -> Werf:
    """Add a werf to an objective of a next plan. Raises NotAllowed, or DomainError with the field.

    Its code is unique in the whole plan: the address of its page carries the code alone.
    """
    must_keep_plans(actor)
    at = next_instant()
    again = Werf.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    must_be_made_here(objective.plan)
    code = sheet.code.strip()
    taken = Werf.objects.filter(objective__plan=objective.plan_id, code__iexact=code)
    check_code(code, is_taken=taken.exists())
    check_title(sheet.title)
    last = Werf.objects.filter(objective=objective).aggregate(last=Max("order"))["last"]
    row = Werf(
        uuid=uuid or uuid4(),
        objective=objective,
        code=code,
        title=sheet.title,
        description=sheet.description,
        order=(last or 0) + 1,
        is_demo=objective.is_demo,
    )
    values = {"objective": objective, "code": code, "title": sheet.title}
    insert(row, actor=actor, at=at, values=values)
    return row


@transaction.atomic
def objective_text_set(
    *,
    actor: User,
    objective: StrategicObjective,
    sheet: EntrySheet,
    expected_version: int | None = None,
) -> bool:
    """Change name and description of an objective that was added here; its code stays.

    Raises NotAllowed, DomainError with the field, or EditConflict.
    """
    must_keep_plans(actor)
    at = next_instant()
    check_title(sheet.title)
    if objective.loaded_values is not None:
        raise DomainError("from_the_source", _("This objective comes from the source of its plan."))
    return record_change(
        actor=actor,
        target=objective,
        values={
            "title": sheet.title,
            "description": sheet.description,
            "search_key": search_key(objective.code, sheet.title, sheet.description),
        },
        expected_version=expected_version,
        at=at,
    )


def objective_insert(
    *,
    actor: User,
    plan: Plan,
    sheet: EntrySheet,
    at: datetime,
    addendum: PlanAddendum | None = None,
    uuid: UUID | None = None,
) -> StrategicObjective:
    """Write a strategic objective, at the end of its plan; a code is given once a plan."""
    again = StrategicObjective.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    code = sheet.code.strip()
    taken = StrategicObjective.objects.filter(plan=plan, code__iexact=code)
    check_code(code, is_taken=taken.exists())
    check_title(sheet.title)
    last = StrategicObjective.objects.filter(plan=plan).aggregate(last=Max("order"))["last"]
    values: dict[str, Any] = {
        "plan": plan,
        "code": code,
        "title": sheet.title,
        "description": sheet.description,
        "addendum": addendum,
    }
    row = StrategicObjective(
        uuid=uuid or uuid4(), order=(last or 0) + 1, is_demo=plan.is_demo, **values
    )
    insert(row, actor=actor, at=at, values=values)
    return row


def must_be_made_here(plan: Plan) -> None:
    """Refuse to add to a plan that comes whole from its source."""
    if plan.loaded_values is not None:
        raise DomainError(
            "from_the_source",
            _("This plan comes from its source: add to it by an addendum."),
        )
