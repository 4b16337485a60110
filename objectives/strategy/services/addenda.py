"""Addenda, signed after their plan, and the transversal objectives that they bring."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import next_instant, record_change
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective
from objectives.strategy.services.entries import EntrySheet, objective_insert
from objectives.strategy.services.rules import (
    check_code,
    check_in_plan,
    check_title,
    insert,
    must_keep_plans,
    search_key,
)
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumSheet:
    """What is said of an addendum; its code is given once. Not signed yet: no day."""

    code: str = ""
    title: LocalisedText
    description: LocalisedText = field(default_factory=LocalisedText)
    signed_on: date | None = None


@transaction.atomic
def addendum_create(
    *, actor: User, plan: Plan, sheet: AddendumSheet, uuid: UUID | None = None
) -> PlanAddendum:
    """Add an addendum to a plan. Raises NotAllowed, or DomainError with the field.

    With the `uuid` of an addendum that exists already (a form sent twice) that one is returned.
    """
    must_keep_plans(actor)
    at = next_instant()
    again = PlanAddendum.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    code = sheet.code.strip()
    taken = PlanAddendum.objects.filter(plan=plan, code__iexact=code)
    check_code(code, is_taken=taken.exists())
    _check(plan, sheet)
    values: dict[str, Any] = {
        "plan": plan,
        "code": code,
        "title": sheet.title,
        "description": sheet.description,
        "signed_on": sheet.signed_on,
    }
    last = PlanAddendum.objects.filter(plan=plan).aggregate(last=Max("order"))["last"]
    row = PlanAddendum(uuid=uuid or uuid4(), order=(last or 0) + 1, is_demo=plan.is_demo, **values)
    insert(row, actor=actor, at=at, values=values)
    return row


@transaction.atomic
def addendum_update(
    *,
    actor: User,
    addendum: PlanAddendum,
    sheet: AddendumSheet,
    expected_version: int | None = None,
) -> bool:
    """Change an addendum, its code apart; return whether anything changed.

    Raises NotAllowed, DomainError with the field, or EditConflict.
    """
    must_keep_plans(actor)
    at = next_instant()
    _check(addendum.plan, sheet)
    return record_change(
        actor=actor,
        target=addendum,
        values={
            "title": sheet.title,
            "description": sheet.description,
            "signed_on": sheet.signed_on,
            "search_key": search_key(addendum.code, sheet.title, sheet.description),
        },
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def transversal_objective_add(
    *, actor: User, addendum: PlanAddendum, sheet: EntrySheet, uuid: UUID | None = None
) -> StrategicObjective:
    """Add a transversal objective to the plan, by an addendum.

    Raises NotAllowed, or DomainError with the field.
    """
    must_keep_plans(actor)
    at = next_instant()
    return objective_insert(
        actor=actor, plan=addendum.plan, sheet=sheet, at=at, addendum=addendum, uuid=uuid
    )


def _check(plan: Plan, sheet: AddendumSheet) -> None:
    check_title(sheet.title)
    check_in_plan(plan, sheet.signed_on, "signed_on")
