"""What a corrected figure was on three dates: on its page, in the API and in a report."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.services import token_create
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry
from tests.objectives.corrected_series import ANSWERS, Answer, CorrectedSeries, corrected_series

each_date = pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: str(one.day))


@pytest.fixture
def series(ministry: Ministry) -> CorrectedSeries:
    """The series of 2025, corrected on 2 March and on 15 June 2026."""
    return corrected_series(ministry)


def page_text(html: str) -> str:
    """Return what a reader reads: without tags, white space made single."""
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(words.split())


def page(series: CorrectedSeries, known: str) -> str:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(series.ministry.users["planner_adcv"])
    address = reverse("planning:indicator", args=[series.indicator.uuid])
    answer = client.get(address, {"year": "2025", "known": known})
    assert answer.status_code == 200
    return answer.content.decode()


@each_date
def test_the_page_shows_the_figure_of_that_date(series: CorrectedSeries, answer: Answer) -> None:
    html = page(series, answer.day.isoformat())
    strip = page_text(html[html.index('<dl class="strip') : html.index("</dl>")])
    assert answer.shown in strip
    others = {one.shown for one in ANSWERS} - {answer.shown}
    assert not [value for value in others if value in strip]


@each_date
def test_the_page_shows_no_figure_that_came_later(series: CorrectedSeries, answer: Answer) -> None:
    shown = page_text(page(series, answer.day.isoformat()))
    known = [one for one in ANSWERS if one.day <= answer.day]
    assert [one for one in ANSWERS if one.shown in shown] == known


def test_the_page_without_clocks_shows_the_last_correction(series: CorrectedSeries) -> None:
    html = page(series, "")
    assert ANSWERS[-1].shown in page_text(html[html.index('<dl class="strip') :])
    assert "Een zone ontbrak" in page_text(html)


@each_date
def test_the_api_gives_the_figure_of_that_date(series: CorrectedSeries, answer: Answer) -> None:
    _token, key = token_create(user=series.ministry.users["planner_adcv"], name="proef")
    question = {
        "indicator": str(series.indicator.uuid),
        "asOf": answer.moment.isoformat(),
        "referenceDate": "2025-12-31",
    }
    headers = {"Authorization": f"Bearer {key}"}

    def items(path: str, **query: str) -> list[dict[str, Any]]:
        response = Client().get(f"/api/v1/{path}", {**question, **query}, headers=headers)
        assert response.status_code == 200, response.content
        found: list[dict[str, Any]] = json.loads(response.content, parse_float=Decimal)["items"]
        return found

    values = {item["periodStart"]: item["value"] for item in items("measurements")}
    assert values["2025-10-01"] == answer.value
    assert len(values) == 4
    (status,) = items("statuses", year="2025", kind="indicator")
    assert status["actual"] == answer.value
    assert re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", status["status"]) == answer.status


def snapshot(series: CorrectedSeries, answer: Answer) -> dict[str, Any]:
    return snapshot_build(
        ReportQuestion(
            series.plan.plan,
            series.plan,
            series.ministry.vbz,
            date(2025, 12, 31),
            answer.moment,
            "nl",
        )
    )


@each_date
def test_a_report_shows_the_figure_of_that_date(series: CorrectedSeries, answer: Answer) -> None:
    made = snapshot(series, answer)
    (indicator,) = [
        row
        for strategic in made["strategicObjectives"]
        for werf in strategic["werven"]
        for objective in werf["objectives"]
        for row in objective["indicators"]
    ]
    assert indicator["status"] == answer.status
    fact = made["facts"][indicator["slots"][-1]["fact"]]
    assert fact["display"] == str(answer.value)
    quoted = [row.value for row in series.figures[3:] if f"f:{row.uuid}" in made["facts"]]
    assert quoted == [answer.value]


def test_three_reports_differ_and_each_can_be_made_again(series: CorrectedSeries) -> None:
    first = [canonical_json(snapshot(series, answer)) for answer in ANSWERS]
    again = [canonical_json(snapshot(series, answer)) for answer in ANSWERS]
    assert first == again
    assert len(set(first)) == len(ANSWERS)
