"""The page of a directorate: its money, its people and its results beside each other."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from budget.models import CreditLine
from tests.budget.credit_lines import Budget, make_budget
from tests.factories import Ministry
from tests.staffing_lines import lines_of, printed_figure

PAGE = "/directies/DVZ/"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def budget(ministry: Ministry) -> Budget:
    """A budget whose personnel line is that of DVZ, and a staffing table."""
    budget = make_budget(ministry)
    CreditLine.objects.filter(code="PERS").update(unit=ministry.dvz)
    lines = lines_of(ministry)
    plan = printed_figure(lines["DVZ"], "statutory", 1, kind="plan", on=date(2026, 12, 31))
    plan.amount, plan.printed = 2_000_000, "2000,0"
    plan.save()
    return budget


def client_of(budget: Budget, name: str = "cabinet_am") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(budget.ministry.users[name])
    return client


def panel(client: Client, page: str = PAGE) -> str:
    html = client.get(page).content.decode()
    found = html.split('id="means"')[1].split("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).replace("\xa0", " ")


def test_money_and_people_stand_beside_the_results_each_with_its_year(budget: Budget) -> None:
    ministry = budget.ministry
    objective = ministry.objective(by="planner_dvz")
    ministry.indicator(objective, by="planner_dvz")
    ministry.approve(objective, head="head_dvz")
    said = panel(client_of(budget))
    assert "Money, people and results 2026" in said
    assert "VL 400 , VE 400" in said
    assert "Of 2026 nothing is entered: these are of 2025 (Initial budget)." in said
    assert "2 217.9 present on 31/12/2024 2 000.0 planned for 2026 (−217.9)" in said
    assert "In and out in 2026: not entered" in said
    assert "1 operational objective in force" in said
    assert "for: personnel." in said
    assert "no amount is divided by a number of people" in said
    budget.enter("PERS", 410, 405, year=2026)
    assert "VL 410 , VE 405" in panel(client_of(budget))
    assert "nothing is entered" not in panel(client_of(budget))


def test_a_unit_that_no_line_names_is_told_so(budget: Budget) -> None:
    said = panel(client_of(budget), "/directies/ADCV/")
    assert "No line of the budget names this unit alone" in said
    assert "1 201.4 present on 31/12/2024" in said


def test_the_means_go_out_with_the_other_tables(budget: Budget) -> None:
    answer = client_of(budget).get(PAGE, {"export": "csv", "table": "means"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1:] == ["2025", "400", "kEUR", "Initial budget"]
    assert ["Planned", "2026", "2000", "FTE", ""] in rows


def test_the_panel_costs_no_query_on_a_second_opening(budget: Budget) -> None:
    client = client_of(budget)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    assert len(captured) <= MOST_QUERIES
    tables = ("budget_credit", "personnel_staffing")
    assert not [one for one in captured.captured_queries if any(t in one["sql"] for t in tables)]
