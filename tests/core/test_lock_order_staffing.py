"""The one lock order in staffing and in the figures of the NVP; see test_lock_order."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from ibzplan.core.clocks import Clocks
from objectives.security.services import (
    FactSheet,
    resource_target_record,
    resource_value_record,
)
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import PlanElement
from personnel.models import StaffingFigure, StaffingFlow
from personnel.services.staffing import StaffingSheet, staffing_set, staffing_withdraw
from personnel.services.staffing_flows import FlowSheet, flow_set, flow_withdraw
from personnel.services.staffing_import import staffing_import, staffing_import_check
from personnel.staffing import staffing_read
from personnel.staffing_file import PeopleRow
from tests.core.lock_order import Call, Prepared, assert_clock_first
from tests.factories import Ministry
from tests.staffing_lines import DAY, lines_of


def _set(ministry: Ministry) -> Call:
    line, corporate = lines_of(ministry)["DVZ"], ministry.users["corporate"]
    amounts = {"statutory": Decimal(1950)}
    sheet = StaffingSheet(measure="fte", kind="actual", on=DAY, amounts=amounts)
    return lambda: staffing_set(actor=corporate, line=line, sheet=sheet, reason="Telling")


def _withdraw(ministry: Ministry) -> Call:
    _set(ministry)()
    figure, corporate = StaffingFigure.objects.get(origin="entered"), ministry.users["corporate"]
    return lambda: staffing_withdraw(actor=corporate, figure=figure, reason="Telling")


def _flow_set(ministry: Ministry) -> Call:
    line, corporate = lines_of(ministry)["DVZ"], ministry.users["corporate"]
    sheet = FlowSheet(
        measure="fte",
        statute="all",
        kind="actual",
        starts_on=date(2025, 1, 1),
        resolution="Y",
        inflow=Decimal(1),
        outflow=Decimal(1),
    )
    return lambda: flow_set(actor=corporate, line=line, sheet=sheet)


def _flow_withdraw(ministry: Ministry) -> Call:
    _flow_set(ministry)()
    flow, corporate = StaffingFlow.objects.get(), ministry.users["corporate"]
    return lambda: flow_withdraw(actor=corporate, flow=flow, reason="Dubbel")


def _import(ministry: Ministry) -> Call:
    lines_of(ministry)
    rows = [PeopleRow("DVZ", 2, {"statutory": 1_950_000})]
    read = staffing_read(Clocks.now())
    check = staffing_import_check(read, rows, measure="fte", kind="actual", on=DAY)
    return lambda: staffing_import(
        actor=ministry.users["corporate"],
        measure="fte",
        kind="actual",
        on=DAY,
        rows=rows,
        fingerprint=check.fingerprint,
        file_name="telling.csv",
        reason="Telling",
    )


def _figure(ministry: Ministry) -> PlanElement:
    return PlanElement.objects.create(
        plan=ministry.plan, kind=ElementKind.FIGURE, code="FIG", attributes={"value": "1"}
    )


def _value_record(ministry: Ministry) -> Call:
    figure, corporate = _figure(ministry), ministry.users["corporate"]
    sheet = FactSheet(value=Decimal(2), on=DAY, source="Jaarverslag")
    return lambda: resource_value_record(actor=corporate, figure=figure, sheet=sheet)


def _target_record(ministry: Ministry) -> Call:
    figure, corporate = _figure(ministry), ministry.users["corporate"]
    sheet = FactSheet(value=Decimal(2), on=None, source="Jaarverslag")
    return lambda: resource_target_record(actor=corporate, figure=figure, sheet=sheet)


SERVICES: Final[list[Prepared]] = [
    _set,
    _withdraw,
    _flow_set,
    _flow_withdraw,
    _import,
    _value_record,
    _target_record,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
