"""The page of a werf and that of a directorate: where the objectives stand, and what comes next."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure
from objectives.planning.models import OperationalObjective
from objectives.planning.services import (
    figure_record,
)
from personnel.models import FunctionHolder, UnitTransfer
from tests.factories import Ministry, function_of

PAGES = ("planning:werf", "2.6"), ("planning:unit", "ADCV")
# session, user, clock; objectives, links, targets, obligations, figures; follow or queue counts.
MOST_QUERIES = 12


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def approved(ministry: Ministry, title: str, value: str = "") -> OperationalObjective:
    """Return an objective in force with an indicator, and with `value` a figure for T1."""
    objective = ministry.objective(title=title)
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    if value:
        figure_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period("2026-T1"),
            figure=Figure(value=Decimal(value)),
        )
    return objective


@pytest.fixture
def objectives(ministry: Ministry) -> list[OperationalObjective]:
    return [
        approved(ministry, "Noodcentrales bezetten", "91"),
        approved(ministry, "Brandweerlieden opleiden"),
    ]


def page(ministry: Ministry, name: str, code: str, query: str = "", by: str = "auditor") -> Any:
    return client_of(ministry, by).get(reverse(name, args=[code]) + query)


@pytest.mark.parametrize(("name", "code"), PAGES)
def test_the_page_says_in_a_sentence_where_things_stand_and_by_which_day(
    ministry: Ministry, objectives: list[OperationalObjective], name: str, code: str
) -> None:
    answer = page(ministry, name, code, "?reference=2026-06-30")
    said = answer.content.decode()
    assert "of 2 operational objectives</strong> are achieved or on track" in said
    assert "Reference date 30 June 2026" in said
    assert "Provisional" in said
    assert "% of the figures submitted" in said
    for objective in objectives:
        assert reverse("planning:objective", args=[objective.uuid]) in said


@pytest.mark.parametrize(("name", "code"), PAGES)
def test_the_line_of_an_objective_shows_the_course_of_its_deviation(
    ministry: Ministry, objectives: list[OperationalObjective], name: str, code: str
) -> None:
    said = page(ministry, name, code, "?reference=2026-06-30").content.decode()
    assert 'class="spark' in said
    assert 'class="bullet' in said


@pytest.mark.parametrize(("name", "code"), PAGES)
def test_the_next_milestone_is_the_first_that_is_not_done(
    ministry: Ministry, objectives: list[OperationalObjective], name: str, code: str
) -> None:
    draft = ministry.objective(title="Materieel kopen")
    ministry.project(draft, "Aankoop", {"Gegund": date(2026, 5, 4), "Geleverd": date(2026, 9, 7)})
    answer = page(ministry, name, code, "?reference=2026-03-01")
    line = next(one for one in answer.context["work"].lines if one.reading.objective == draft)
    assert line.next_milestone.due_on == date(2026, 5, 4)
    assert not line.next_milestone.is_late
    later = page(ministry, name, code, "?reference=2026-06-01")
    line = next(one for one in later.context["work"].lines if one.reading.objective == draft)
    assert line.next_milestone.is_late


def test_the_directorate_says_who_heads_it_and_what_is_late(
    ministry: Ministry, objectives: list[OperationalObjective]
) -> None:
    FunctionHolder.objects.create(
        function=function_of("ADCV"), name="Robin Voorbeeld", holds_from=date(2025, 1, 1)
    )
    said = page(ministry, "planning:unit", "ADCV", "?reference=2026-06-30").content.decode()
    assert "Robin Voorbeeld" in said
    assert "figure</strong> is late" in said or "figures</strong> are late" in said


def test_the_file_holds_what_the_page_shows(
    ministry: Ministry, objectives: list[OperationalObjective]
) -> None:
    for name, code in PAGES:
        answer = page(ministry, name, code, "?reference=2026-06-30&export=csv")
        assert answer["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) == len(objectives)
        assert {row[next(iter(row))] for row in rows} == {ministry.werf.code}


def test_a_cabinet_gets_no_drafts_on_screen_nor_in_the_file(
    ministry: Ministry, objectives: list[OperationalObjective]
) -> None:
    draft = ministry.objective(title="Nog geheim")
    for name, code in PAGES:
        for query in ("", "?export=csv"):
            said = page(ministry, name, code, query, by="cabinet_vbz").content.decode()
            assert "Noodcentrales bezetten" in said
            assert str(draft.title) not in said


def test_a_day_before_a_transfer_shows_the_objective_with_the_unit_of_then(
    ministry: Ministry, objectives: list[OperationalObjective]
) -> None:
    moved = objectives[0]
    UnitTransfer.objects.create(
        target_type=moved.type_name(),
        target_uuid=moved.uuid,
        from_unit=ministry.dvz,
        to_unit=ministry.adcv,
        takes_effect_on=date(2026, 4, 1),
        recorded_at=Clocks.now().known_at,
    )
    url = reverse("planning:objective", args=[moved.uuid])
    before = page(ministry, "planning:unit", "DVZ", "?reference=2026-03-31").content.decode()
    after = page(ministry, "planning:unit", "DVZ", "?reference=2026-04-01").content.decode()
    assert url in before
    assert url not in after


@pytest.mark.parametrize(("name", "code"), PAGES)
@pytest.mark.parametrize(
    ("by", "query"),
    [("head_adcv", ""), ("corporate", "?reference=2026-06-30"), ("cabinet_vbz", "")],
)
def test_the_page_takes_few_queries_whatever_the_number_of_objectives(
    ministry: Ministry,
    objectives: list[OperationalObjective],
    name: str,
    code: str,
    by: str,
    query: str,
) -> None:
    client, address = client_of(ministry, by), reverse(name, args=[code]) + query

    def queries() -> int:
        steady.forget()
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    few = queries()
    for number in range(4):
        approved(ministry, f"Doelstelling {number}", "90")
    assert queries() == few <= MOST_QUERIES
