"""The first opening of a page after a figure came in: it reads what changed, and little else."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure
from objectives.planning.models import OperationalObjective
from objectives.planning.services import (
    figure_record,
)
from tests.factories import Ministry

pytestmark = pytest.mark.slow

# session, user, clock; the record, its links, targets, obligations and figures, its history; the
# questions, counts and notifications of the reader. The rest was in memory.
MOST_QUERIES = 12
READERS = ("cabinet_vbz", "head_adcv", "planner_adcv", "corporate", "auditor")


def figure(ministry: Ministry, indicator: Indicator, period: str, value: int) -> None:
    figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value)),
    )


@pytest.fixture
def drafted(ministry: Ministry) -> tuple[OperationalObjective, Indicator]:
    """Return an objective that is still written, with an indicator and an activity."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.project(objective, "Dispatchers werven", {"Gegund": date(2026, 5, 4)})
    return objective, indicator


@pytest.fixture
def approved(
    ministry: Ministry, drafted: tuple[OperationalObjective, Indicator]
) -> tuple[OperationalObjective, Indicator]:
    """Return the same, in force and with a figure."""
    objective, indicator = drafted
    ministry.approve(objective)
    figure(ministry, indicator, "2026-T1", 90)
    return objective, indicator


def first_opening(ministry: Ministry, name: str, page: str, indicator: Indicator) -> list[str]:
    """Return the statements of a page that was open when a figure came in, opened again."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    assert "93.0" not in client.get(page).content.decode()
    figure(ministry, indicator, "2026-T2", 93)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page)
    assert "93.0" in answer.content.decode(), "the figure is on the page"
    return [query["sql"] for query in asked]


@pytest.mark.parametrize("route", ["planning:objective", "planning:indicator"])
@pytest.mark.parametrize("name", READERS)
def test_what_is_in_force_takes_few_queries(
    ministry: Ministry, approved: tuple[OperationalObjective, Indicator], name: str, route: str
) -> None:
    objective, indicator = approved
    record = objective if route == "planning:objective" else indicator
    asked = first_opening(ministry, name, reverse(route, args=[record.uuid]), indicator)
    assert len(asked) <= MOST_QUERIES, asked


@pytest.mark.parametrize(("route", "code"), [("planning:werf", "2.6"), ("planning:unit", "ADCV")])
@pytest.mark.parametrize("name", READERS)
def test_the_page_of_a_werf_or_unit_takes_few_queries(
    ministry: Ministry,
    approved: tuple[OperationalObjective, Indicator],
    name: str,
    route: str,
    code: str,
) -> None:
    client = Client()
    client.force_login(ministry.users[name])
    page = reverse(route, args=[code])
    client.get(page)
    figure(ministry, approved[1], "2026-T2", 93)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    assert len(asked) <= MOST_QUERIES, [query["sql"] for query in asked]


@pytest.mark.parametrize("route", ["planning:objective", "planning:indicator"])
@pytest.mark.parametrize("name", ["head_adcv", "planner_adcv", "auditor"])
def test_what_is_still_written_takes_few_queries(
    ministry: Ministry, drafted: tuple[OperationalObjective, Indicator], name: str, route: str
) -> None:
    objective, indicator = drafted
    record = objective if route == "planning:objective" else indicator
    asked = first_opening(ministry, name, reverse(route, args=[record.uuid]), indicator)
    assert len(asked) <= MOST_QUERIES, asked


def test_another_page_of_the_plan_year_finds_what_hangs_below_in_memory(
    ministry: Ministry, approved: tuple[OperationalObjective, Indicator]
) -> None:
    other = ministry.objective(title="Brandweerlieden opleiden")
    client = Client()
    client.force_login(ministry.users["auditor"])
    client.get(reverse("planning:objective", args=[approved[0].uuid]))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("planning:objective", args=[other.uuid]))
    read = " ".join(query["sql"] for query in asked)
    for table in ("planning_risk", "strategy_activity", "strategy_milestone", "planning_coowner"):
        assert f'FROM "{table}"' not in read
