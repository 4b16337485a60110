"""The one lock order in what hangs below an objective; see test_lock_order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    RiskSheet,
    activity_add,
    activity_update,
    activity_withdraw,
    indicator_retarget,
    indicator_reuse,
    indicator_weigh,
    indicator_withdraw,
    milestone_add,
    milestone_report,
    milestone_update,
    milestone_withdraw,
    risk_add,
    risk_update,
    risk_withdraw,
)
from objectives.strategy.models import Activity, Milestone
from tests.core.lock_order import Call, Prepared, assert_clock_first
from tests.factories import Ministry, text

_RISK: Final = RiskSheet(title=text("Uitval"), likelihood=2, impact=3, response="accept")
_ACTIVITY: Final = ActivitySheet(kind="action", title=text("Opleiden"))
_STEP: Final = MilestoneSheet(title=text("Eerste ploeg"), due_on=date(2026, 6, 1))


# What hangs below an objective -------------------------------------------------------------------


def _activity(ministry: Ministry) -> Activity:
    return activity_add(
        actor=ministry.users["planner_adcv"],
        objective=ministry.objective(),
        sheet=_ACTIVITY,
        milestones=[_STEP],
    )


def _milestone(ministry: Ministry) -> Milestone:
    return Milestone.objects.get(activity=_activity(ministry))


def _activity_add(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    return lambda: activity_add(
        actor=planner, objective=objective, sheet=_ACTIVITY, milestones=[_STEP]
    )


def _activity_update(ministry: Ministry) -> Call:
    activity, planner = _activity(ministry), ministry.users["planner_adcv"]
    sheet = replace(_ACTIVITY, title=text("Werven"))
    return lambda: activity_update(actor=planner, activity=activity, sheet=sheet)


def _activity_withdraw(ministry: Ministry) -> Call:
    activity, planner = _activity(ministry), ministry.users["planner_adcv"]
    return lambda: activity_withdraw(actor=planner, activity=activity)


def _milestone_add(ministry: Ministry) -> Call:
    activity, planner = _activity(ministry), ministry.users["planner_adcv"]
    return lambda: milestone_add(actor=planner, activity=activity, sheet=_STEP)


def _milestone_update(ministry: Ministry) -> Call:
    milestone, planner = _milestone(ministry), ministry.users["planner_adcv"]
    later = replace(_STEP, due_on=date(2026, 7, 1))
    return lambda: milestone_update(actor=planner, milestone=milestone, sheet=later)


def _milestone_withdraw(ministry: Ministry) -> Call:
    milestone, planner = _milestone(ministry), ministry.users["planner_adcv"]
    return lambda: milestone_withdraw(actor=planner, milestone=milestone)


def _milestone_report(ministry: Ministry) -> Call:
    milestone, planner = _milestone(ministry), ministry.users["planner_adcv"]
    forecast = date(2026, 8, 1)
    return lambda: milestone_report(
        actor=planner, milestone=milestone, done_on=None, forecast_on=forecast
    )


def _risk_add(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    return lambda: risk_add(actor=planner, objective=objective, sheet=_RISK)


def _risk_update(ministry: Ministry) -> Call:
    planner = ministry.users["planner_adcv"]
    risk = risk_add(actor=planner, objective=ministry.objective(), sheet=_RISK)
    return lambda: risk_update(actor=planner, risk=risk, sheet=replace(_RISK, impact=5))


def _risk_withdraw(ministry: Ministry) -> Call:
    planner = ministry.users["planner_adcv"]
    risk = risk_add(actor=planner, objective=ministry.objective(), sheet=_RISK)
    return lambda: risk_withdraw(actor=planner, risk=risk)


def _indicator_retarget(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    indicator = ministry.indicator(objective)
    return lambda: indicator_retarget(
        actor=planner,
        objective=objective,
        indicator=indicator,
        due_on=date(2026, 12, 31),
        target=Decimal(93),
        reason="Nieuwe raming",
    )


def _indicator_weigh(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    indicator = ministry.indicator(objective)
    return lambda: indicator_weigh(
        actor=planner, objective=objective, indicator=indicator, weight=3, is_key=True
    )


def _indicator_withdraw(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    indicator = ministry.indicator(objective)
    return lambda: indicator_withdraw(actor=planner, objective=objective, indicator=indicator)


def _indicator_reuse(ministry: Ministry) -> Call:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    indicator = ministry.indicator(objective)
    indicator_withdraw(actor=planner, objective=objective, indicator=indicator)
    return lambda: indicator_reuse(
        actor=planner, objective=objective, indicator=indicator, target=Decimal(95)
    )


SERVICES: Final[list[Prepared]] = [
    _activity_add,
    _activity_update,
    _activity_withdraw,
    _milestone_add,
    _milestone_update,
    _milestone_withdraw,
    _milestone_report,
    _risk_add,
    _risk_update,
    _risk_withdraw,
    _indicator_retarget,
    _indicator_weigh,
    _indicator_withdraw,
    _indicator_reuse,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
