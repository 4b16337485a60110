"""The life of a plan: when it was signed, and which one takes its place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import next_instant, record_change
from objectives.strategy.models import Plan
from objectives.strategy.services.rules import (
    check_code,
    check_in_plan,
    check_title,
    insert,
    may_keep_plans,
    must_keep_plans,
)
from personnel.models import User
from personnel.selectors import ministers_of_plan

__all__ = ["PlanSheet", "may_keep_plans", "plan_replacement_set", "plan_sign", "plan_succeed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """What is known of a next plan; `replaced_on` is the first day on which it holds."""

    code: str
    title: LocalisedText
    starts_on: date
    ends_on: date
    replaced_on: date


@transaction.atomic
def plan_sign(
    *, actor: User, plan: Plan, signed_on: date | None, expected_version: int | None = None
) -> bool:
    """Record the day on which the plan was signed, None takes it back; return whether it changed.

    Raises NotAllowed, DomainError for a day after the plan, or EditConflict.
    """
    must_keep_plans(actor)
    at = next_instant()
    check_in_plan(plan, signed_on, "signed_on")
    return record_change(
        actor=actor,
        target=plan,
        values={"signed_on": signed_on},
        expected_version=expected_version,
        action="signed" if signed_on else "signature_withdrawn",
        at=at,
    )


@transaction.atomic
def plan_succeed(
    *,
    actor: User,
    plan: Plan,
    sheet: PlanSheet,
    expected_version: int | None = None,
    uuid: UUID | None = None,
) -> Plan:
    """Make the plan that takes the place of `plan`, for the same ministers; return it.

    It is empty: objectives and werven come from its own fixtures or are added by hand.
    With the `uuid` of a plan that exists already (a form sent twice) that one is returned.
    Raises NotAllowed, DomainError with the field, or EditConflict.
    """
    must_keep_plans(actor)
    at = next_instant()
    again = Plan.objects.filter(uuid=uuid).first() if uuid else None
    if again is not None:
        return again
    if plan.successors.exists():
        raise DomainError(
            "succeeded_already",
            _("A next plan takes the place of this one already: change that one."),
        )
    code = sheet.code.strip()
    check_code(code, is_taken=Plan.objects.filter(code__iexact=code).exists())
    check_title(sheet.title)
    _check_dates(plan, sheet)
    values: dict[str, Any] = {
        "code": code,
        "title": sheet.title,
        "kind": plan.kind,
        "starts_on": sheet.starts_on,
        "ends_on": sheet.ends_on,
        "predecessor": plan,
    }
    row = Plan(uuid=uuid or uuid4(), order=plan.order + 1, is_demo=plan.is_demo, **values)
    insert(row, actor=actor, at=at, values=values)
    record_change(
        actor=actor,
        target=plan,
        values={"replaced_on": sheet.replaced_on},
        expected_version=expected_version,
        action="replaced",
        at=at,
    )
    _report_to_same_ministers(actor, plan, row, at)
    return row


@transaction.atomic
def plan_replacement_set(
    *, actor: User, plan: Plan, replaced_on: date, expected_version: int | None = None
) -> bool:
    """Change the first day on which the next plan holds; return whether it changed.

    Raises NotAllowed, DomainError when there is no next plan or the day does not fit, or
    EditConflict.
    """
    must_keep_plans(actor)
    at = next_instant()
    successor = plan.successors.first()
    if successor is None:
        raise DomainError("no_next_plan", _("There is no next plan yet: make it first."))
    _check_replaced(plan, replaced_on, successor.ends_on)
    return record_change(
        actor=actor,
        target=plan,
        values={"replaced_on": replaced_on},
        expected_version=expected_version,
        action="replaced",
        at=at,
    )


def _report_to_same_ministers(actor: User, plan: Plan, successor: Plan, at: datetime) -> None:
    for minister in ministers_of_plan(plan.code):
        record_change(
            actor=actor,
            target=minister,
            values={"plan_codes": [*minister.plan_codes, successor.code]},
            at=at,
        )


def _check_dates(plan: Plan, sheet: PlanSheet) -> None:
    check_year(sheet.starts_on, "starts_on")
    check_year(sheet.ends_on, "ends_on")
    if sheet.ends_on < sheet.starts_on:
        raise DomainError("dates_upside_down", _("The end lies before the start."), "ends_on")
    if sheet.starts_on <= plan.starts_on:
        raise DomainError(
            "starts_too_early",
            _("The next plan begins after %(start)s, the first day of this one.")
            % {"start": date_format(plan.starts_on, "SHORT_DATE_FORMAT")},
            "starts_on",
        )
    _check_replaced(plan, sheet.replaced_on, sheet.ends_on)


def _check_replaced(plan: Plan, replaced_on: date, last_day: date) -> None:
    if not plan.starts_on < replaced_on <= last_day:
        raise DomainError(
            "replaced_outside",
            _("Choose a day after %(start)s and not after %(end)s, the end of the next plan.")
            % {
                "start": date_format(plan.starts_on, "SHORT_DATE_FORMAT"),
                "end": date_format(last_day, "SHORT_DATE_FORMAT"),
            },
            "replaced_on",
        )
