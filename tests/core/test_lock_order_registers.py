"""The one lock order in the strategic plan, functions, units and days; see test_lock_order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from django.utils import timezone

from objectives.planning.models import (
    OperationalObjective,
    OperationalPlan,
    TransversalKpi,
)
from objectives.planning.services.kpis import kpi_add, kpi_withdraw
from objectives.strategy.models import PlanAddendum, StrategicObjective
from objectives.strategy.services import (
    AddendumSheet,
    EntrySheet,
    LineageSheet,
    PlanSheet,
    addendum_create,
    addendum_update,
    lineage_set,
    objective_add,
    objective_text_set,
    plan_replacement_set,
    plan_sign,
    plan_succeed,
    transversal_objective_add,
    werf_add,
)
from personnel.choices import FunctionLevel
from personnel.services import (
    FunctionSheet,
    HolderSheet,
    function_create,
    function_end,
    function_update,
    holder_set,
)
from personnel.services.units import unit_create
from reporting.choices import DeadlineKind
from reporting.models import Deadline, Reorganisation
from reporting.services.calendar import (
    DeadlineSheet,
    deadline_create,
    deadline_remove,
    deadline_update,
    deadlines_take_over,
)
from reporting.services.feeds import calendar_feed_make, calendar_feed_stop
from reporting.services.reorganisation import (
    ReorganisationSheet,
    Source,
    reorganisation_apply,
    reorganisation_create,
    reorganisation_update,
)
from tests.core.lock_order import Call, Prepared, assert_clock_first, in_force
from tests.factories import Ministry, function_of, text


def _next_year(ministry: Ministry) -> OperationalPlan:
    return OperationalPlan.objects.create(plan=ministry.plan, year=2027)


# The strategic plan ------------------------------------------------------------------------------


def _addendum(ministry: Ministry) -> PlanAddendum:
    sheet = AddendumSheet(code="A1", title=text("Eerste addendum"))
    return addendum_create(actor=ministry.users["corporate"], plan=ministry.plan, sheet=sheet)


def _transversal(ministry: Ministry) -> StrategicObjective:
    return transversal_objective_add(
        actor=ministry.users["corporate"],
        addendum=_addendum(ministry),
        sheet=EntrySheet(code="T1", title=text("Welzijn verhogen")),
    )


def _kpi(ministry: Ministry) -> TransversalKpi:
    in_force(ministry)
    indicator = OperationalObjective.objects.get().indicator_links.get().indicator
    return kpi_add(
        actor=ministry.users["corporate"], objective=_transversal(ministry), indicator=indicator
    )


def _succeed(ministry: Ministry) -> Call:
    sheet = PlanSheet(
        code="SP2030",
        title=text("Strategisch plan 2030-2034"),
        starts_on=date(2030, 1, 1),
        ends_on=date(2034, 12, 31),
        replaced_on=date(2030, 1, 1),
    )
    return lambda: plan_succeed(actor=ministry.users["corporate"], plan=ministry.plan, sheet=sheet)


def _plan_sign(ministry: Ministry) -> Call:
    corporate, day = ministry.users["corporate"], date(2025, 6, 1)
    return lambda: plan_sign(actor=corporate, plan=ministry.plan, signed_on=day)


def _plan_succeed(ministry: Ministry) -> Call:
    return _succeed(ministry)


def _plan_replacement_set(ministry: Ministry) -> Call:
    _succeed(ministry)()
    ministry.plan.refresh_from_db()
    day, corporate = date(2029, 12, 1), ministry.users["corporate"]
    return lambda: plan_replacement_set(actor=corporate, plan=ministry.plan, replaced_on=day)


def _addendum_create(ministry: Ministry) -> Call:
    return lambda: _addendum(ministry)


def _addendum_update(ministry: Ministry) -> Call:
    addendum, sheet = _addendum(ministry), AddendumSheet(code="A1", title=text("Addendum één"))
    corporate = ministry.users["corporate"]
    return lambda: addendum_update(actor=corporate, addendum=addendum, sheet=sheet)


def _transversal_objective_add(ministry: Ministry) -> Call:
    addendum, sheet = _addendum(ministry), EntrySheet(code="T1", title=text("Welzijn verhogen"))
    corporate = ministry.users["corporate"]
    return lambda: transversal_objective_add(actor=corporate, addendum=addendum, sheet=sheet)


def _strategic_objective_add(ministry: Ministry) -> Call:
    sheet, corporate = EntrySheet(code="9", title=text("Nieuw")), ministry.users["corporate"]
    plan = _succeed(ministry)()
    return lambda: objective_add(actor=corporate, plan=plan, sheet=sheet)


def _werf_add(ministry: Ministry) -> Call:
    corporate, plan = ministry.users["corporate"], _succeed(ministry)()
    objective = objective_add(
        actor=corporate, plan=plan, sheet=EntrySheet(code="9", title=text("Nieuw"))
    )
    sheet = EntrySheet(code="9.1", title=text("Werf"))
    return lambda: werf_add(actor=corporate, objective=objective, sheet=sheet)


def _strategic_objective_text_set(ministry: Ministry) -> Call:
    objective, corporate = _transversal(ministry), ministry.users["corporate"]
    sheet = EntrySheet(code=objective.code, title=text("Welzijn op het werk verhogen"))
    return lambda: objective_text_set(actor=corporate, objective=objective, sheet=sheet)


def _lineage_set(ministry: Ministry) -> Call:
    _succeed(ministry)()
    sheet, corporate = LineageSheet(discontinued_because="Afgerond"), ministry.users["corporate"]
    return lambda: lineage_set(actor=corporate, entry=ministry.werf, sheet=sheet)


def _kpi_add(ministry: Ministry) -> Call:
    link, corporate = _kpi(ministry), ministry.users["corporate"]
    kpi_withdraw(actor=corporate, link=link)
    return lambda: kpi_add(actor=corporate, objective=link.objective, indicator=link.indicator)


def _kpi_withdraw(ministry: Ministry) -> Call:
    link, corporate = _kpi(ministry), ministry.users["corporate"]
    return lambda: kpi_withdraw(actor=corporate, link=link)


# Functions, units, days and reorganisations ------------------------------------------------------


def _function_sheet(ministry: Ministry, title: str) -> FunctionSheet:
    return FunctionSheet(unit=ministry.adcv, title=text(title), level=FunctionLevel.N2)


def _function_create(ministry: Ministry) -> Call:
    sheet, corporate = _function_sheet(ministry, "Directeur 112"), ministry.users["corporate"]
    return lambda: function_create(actor=corporate, code="ADCV-D112", sheet=sheet)


def _function_update(ministry: Ministry) -> Call:
    sheet, corporate = _function_sheet(ministry, "Directeur"), ministry.users["corporate"]
    function = function_of("ADCV")
    return lambda: function_update(actor=corporate, function=function, sheet=sheet)


def _function_end(ministry: Ministry) -> Call:
    function, corporate = function_of("ADCV"), ministry.users["corporate"]
    return lambda: function_end(actor=corporate, function=function, on=date(2026, 6, 30))


def _holder_set(ministry: Ministry) -> Call:
    function, corporate = function_of("ADCV"), ministry.users["corporate"]
    sheet = HolderSheet(user=ministry.users["head_adcv"])
    return lambda: holder_set(actor=corporate, function=function, sheet=sheet)


def _unit_create(ministry: Ministry) -> Call:
    corporate, title = ministry.users["corporate"], text("FOD Migratie")
    return lambda: unit_create(actor=corporate, code="FODM", title=title)


def _deadline(ministry: Ministry) -> Deadline:
    sheet = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 1))
    return deadline_create(actor=ministry.users["corporate"], plan=ministry.year, sheet=sheet)


def _deadline_create(ministry: Ministry) -> Call:
    return lambda: _deadline(ministry)


def _deadline_update(ministry: Ministry) -> Call:
    row, corporate = _deadline(ministry), ministry.users["corporate"]
    sheet = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 15))
    return lambda: deadline_update(
        actor=corporate, deadline=row, sheet=sheet, expected_version=row.version
    )


def _deadline_remove(ministry: Ministry) -> Call:
    row, corporate = _deadline(ministry), ministry.users["corporate"]
    return lambda: deadline_remove(actor=corporate, deadline=row, expected_version=row.version)


def _deadlines_take_over(ministry: Ministry) -> Call:
    _deadline(ministry)
    plan = _next_year(ministry)
    return lambda: deadlines_take_over(actor=ministry.users["corporate"], plan=plan)


def _calendar_feed_make(ministry: Ministry) -> Call:
    calendar_feed_make(actor=ministry.users["corporate"])
    return lambda: calendar_feed_make(actor=ministry.users["corporate"])


def _calendar_feed_stop(ministry: Ministry) -> Call:
    calendar_feed_make(actor=ministry.users["corporate"])
    return lambda: calendar_feed_stop(actor=ministry.users["corporate"])


def _reorganisation_sheet(ministry: Ministry) -> ReorganisationSheet:
    return ReorganisationSheet(
        title=text("DVZ gaat over"),
        takes_effect_on=timezone.localdate() - timedelta(days=1),
        successor=ministry.dvz,
        sources=(Source(unit=ministry.adcv),),
        reason="Regeerakkoord",
    )


def _reorganisation(ministry: Ministry) -> Reorganisation:
    corporate, sheet = ministry.users["corporate"], _reorganisation_sheet(ministry)
    return reorganisation_create(actor=corporate, sheet=sheet)


def _reorganisation_create(ministry: Ministry) -> Call:
    return lambda: _reorganisation(ministry)


def _reorganisation_update(ministry: Ministry) -> Call:
    row, corporate = _reorganisation(ministry), ministry.users["corporate"]
    sheet = replace(_reorganisation_sheet(ministry), reason="Koninklijk besluit")
    return lambda: reorganisation_update(actor=corporate, reorganisation=row, sheet=sheet)


def _reorganisation_apply(ministry: Ministry) -> Call:
    in_force(ministry)
    row = _reorganisation(ministry)
    return lambda: reorganisation_apply(actor=ministry.users["committee"], reorganisation=row)


SERVICES: Final[list[Prepared]] = [
    _plan_sign,
    _plan_succeed,
    _plan_replacement_set,
    _addendum_create,
    _addendum_update,
    _transversal_objective_add,
    _strategic_objective_add,
    _strategic_objective_text_set,
    _werf_add,
    _lineage_set,
    _kpi_add,
    _kpi_withdraw,
    _function_create,
    _function_update,
    _function_end,
    _holder_set,
    _unit_create,
    _deadline_create,
    _deadline_update,
    _deadline_remove,
    _deadlines_take_over,
    _calendar_feed_make,
    _calendar_feed_stop,
    _reorganisation_create,
    _reorganisation_update,
    _reorganisation_apply,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
