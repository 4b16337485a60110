"""A figure that two objectives share is one figure on the dashboard and in the report."""

from datetime import date
from decimal import Decimal

import pytest

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.services import indicator_reuse
from personnel.access import access_of
from reporting.selectors import DashboardFilter, dashboard
from reporting.snapshot import ReportQuestion, snapshot_build
from tests.factories import Ministry

REFERENCE = date(2026, 9, 30)


@pytest.fixture
def shared(ministry: Ministry) -> Indicator:
    """One indicator of two approved objectives: T1 measured, T2 late on 30 September."""
    first, second = ministry.objective(), ministry.objective(title="Noodcentrales versterken")
    indicator = ministry.indicator(first)
    indicator_reuse(
        actor=ministry.users["planner_adcv"],
        objective=second,
        indicator=indicator,
        target=Decimal(95),
        target_due_on=date(2026, 12, 31),
        weight=1,
        is_key=False,
    )
    for objective in (first, second):
        objective.refresh_from_db()
        ministry.approve(objective)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal(90)),
    )
    return indicator


def test_the_dashboard_counts_it_once(ministry: Ministry, shared: Indicator) -> None:
    board = dashboard(
        filter_=DashboardFilter(plan=ministry.year),
        clocks=Clocks(REFERENCE, Clocks.now().known_at),
        access=access_of(ministry.users["auditor"]),
    )
    assert (board.submitted, board.due) == (1, 2)
    assert len(board.late) == 2  # both objectives wait for it


def test_the_report_counts_it_once(ministry: Ministry, shared: Indicator) -> None:
    snapshot = snapshot_build(
        ReportQuestion(
            ministry.plan, ministry.year, ministry.vbz, REFERENCE, Clocks.now().known_at, "nl"
        )
    )
    facts, summary = snapshot["facts"], snapshot["summary"]
    counted = [int(facts[summary[name]]["value"]) for name in ("submitted", "due", "missing")]
    assert counted == [1, 2, 1]
    assert [row["periodStart"] for row in snapshot["late"]] == ["2026-04-01"]
