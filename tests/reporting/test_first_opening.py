"""The first page just after a fact was recorded: only what the fact touched is read again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ibzplan.core import steady
from ibzplan.core.recent_history import entries_after
from ibzplan.core.rewind import as_known
from ibzplan.core.services import record_change
from objectives.indicators import quality
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.plan_years import all_plans
from objectives.planning.selectors.queues import queue_brief, queue_count, queue_of
from objectives.planning.selectors.waiting import figures_missing
from personnel.access import access_of
from personnel.models import User
from reporting.selectors.board_moments import was_in_force_between
from reporting.selectors.calendar import calendar_items, calendar_of_years
from tests.factories import Ministry
from tests.reporting.test_demo_cycle import demo_on, signed_in

pytestmark = pytest.mark.django_db

MOST: Final = 12
TODAY: Final = date(2026, 11, 22)
READERS: Final = ("kabinet-vbz", "head-adcv", "cel-corporate", "planner-adcv", "auditor")


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("home")).status_code == 200
    return len(asked)


@pytest.mark.slow
class TestAfterAFigure(TestCase):
    """The demo plan on a day in November."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the demo once."""
        demo_on(TODAY)

    def test_the_first_page_takes_few(self) -> None:
        """Each reader opens it as the first one after a figure came in."""
        owed = [
            (planner, row)
            for planner in User.objects.filter(username__startswith="planner-")
            for row in figures_missing(access_of(planner), TODAY)
            if not row.indicator.is_ratio
        ]
        asked = {}
        assert len(owed) >= len(READERS)
        for name, (planner, row) in zip(READERS, owed, strict=False):
            client = signed_in(name)
            _queries(client)
            measurement_record(
                actor=planner,
                indicator=row.indicator,
                period=row.period,
                figure=Figure(value=Decimal(1)),
                confirmed=[check.value for check in quality.Check],
            )
            asked[name] = _queries(client)
            assert _queries(client) <= asked[name]
        assert {name: n for name, n in asked.items() if n > MOST} == {}


def _work(ministry: Ministry) -> None:
    """Leave something on several desks, and a figure to validate."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    ministry.objective()
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T2"),
        figure=Figure(value=Decimal(90)),
    )


def test_the_navigation_counts_what_the_queue_lists(ministry: Ministry) -> None:
    _work(ministry)
    for user in ministry.users.values():
        listed = {group.source.name: len(group.rows) for group in queue_of(user)}
        assert queue_count(user) == sum(listed.values())
        assert {group.source.name: len(group.rows) for group in queue_brief(user)} == listed


def test_a_figure_asks_for_no_objective_again(ministry: Ministry) -> None:
    _work(ministry)
    user = ministry.users["head_adcv"]
    with steady.reading():
        queue_brief(user)
    _work(ministry)
    measured = ministry.users["planner_adcv"]
    with steady.reading():
        assert {group.source.name for group in queue_brief(user)} >= {"to_validate"}
    owed = figures_missing(access_of(measured), date(2026, 12, 31))[0]
    with steady.reading():
        before = {group.source.name: len(group.rows) for group in queue_brief(user)}
    measurement_record(
        actor=measured,
        indicator=owed.indicator,
        period=owed.period,
        figure=Figure(value=Decimal(5)),
    )
    with steady.reading(), CaptureQueriesContext(connection) as asked:
        after = {group.source.name: len(group.rows) for group in queue_brief(user)}
    assert after["to_validate"] == before["to_validate"] + 1
    assert not [row for row in asked if 'FROM "planning_' in row["sql"]]


@pytest.mark.parametrize("name", ["corporate", "cabinet_vbz", "head_adcv", "outsider"])
def test_the_calendar_by_kind_has_what_the_calendar_has(ministry: Ministry, name: str) -> None:
    _work(ministry)
    access = access_of(ministry.users[name])
    plans = [plan for plan in all_plans() if plan.year == ministry.year.year]
    whole = calendar_items(plans=plans, access=access)
    with steady.reading():
        kept = calendar_of_years(access, (ministry.year.year,))
    assert [item.key for item in kept] == [item.key for item in whole]
    assert [item.is_done for item in kept] == [item.is_done for item in whole]


def test_one_row_was_in_force_when_the_database_says_so(ministry: Ministry) -> None:
    now = timezone.now()
    rows = []
    for state, approved, withdrawn in (
        ("draft", None, None),
        ("approved", -20, None),
        ("approved", 20, None),
        ("closed", -20, None),
        ("withdrawn", -20, -10),
        ("withdrawn", -20, 10),
    ):
        row = ministry.objective()
        OperationalObjective.objects.filter(pk=row.pk).update(
            state=state,
            waits_for=WaitsFor.PLANNER if state == "draft" else "",
            approved_at=None if approved is None else now + timedelta(days=approved),
            withdrawn_at=None if withdrawn is None else now + timedelta(days=withdrawn),
        )
        rows.append(row.pk)
    every = list(OperationalObjective.objects.filter(pk__in=rows))
    for first, last in ((-15, 0), (-5, 0), (-30, -25), (-30, 30)):
        between = now + timedelta(days=first), now + timedelta(days=last)
        found = OperationalObjective.objects.filter(pk__in=rows).in_force_between(*between)
        told = {row.pk for row in every if was_in_force_between(row, *between)}
        assert told == set(found.values_list("pk", flat=True))


def test_recent_history_leads_back_as_the_whole_history_does(ministry: Ministry) -> None:
    objective = ministry.objective()
    before = timezone.now()
    old = objective.code
    planner = ministry.users["planner_adcv"]
    record_change(actor=planner, target=objective, values={"code": "9.9.9"})
    (then,) = as_known([objective], before)
    with steady.reading():
        assert entries_after(before, frozenset({objective.type_name()}))
        assert entries_after(datetime(2020, 1, 1, tzinfo=UTC), frozenset()) is None
        (kept,) = as_known([objective], before)
        with CaptureQueriesContext(connection) as again:
            as_known([objective], before)
    assert then.code == kept.code == old
    assert len(again) == 0
