"""The page of an objective: what a reader finds in which order, in how many queries."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.narratives import quarters_of
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    NarrativeSheet,
    RiskSheet,
    activity_add,
    narrative_write,
    risk_add,
)
from objectives.planning.timelines import timeline_chart, timeline_sentence
from tests.factories import Ministry, text

READERS = ["cabinet_vbz", "head_adcv", "corporate", "auditor"]
MOST_QUERIES = 12


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def filled(ministry: Ministry, times: int) -> OperationalObjective:
    """An objective in force with so many indicators, activities, risks and narratives."""
    planner = ministry.users["planner_adcv"]
    objective = ministry.objective(title=f"Doelstelling {times}")
    for number in range(times):
        ministry.indicator(objective, title=text(f"Indicator {number}"))
        activity_add(
            actor=planner,
            objective=objective,
            sheet=ActivitySheet(
                kind="action",
                title=text(f"Activiteit {number}"),
                starts_on=date(2026, 2, 1),
                ends_on=date(2026, 10, 31),
            ),
            milestones=[MilestoneSheet(title=text("Gunning"), due_on=date(2026, 6, 1))],
        )
        risk_add(
            actor=planner,
            objective=objective,
            sheet=RiskSheet(
                title=text(f"Risico {number}"), likelihood=2, impact=3, response="accept"
            ),
        )
    ministry.approve(objective)
    return objective


def queries(client: Client, objective: OperationalObjective) -> int:
    """How many the second opening takes."""
    path = reverse("planning:objective", args=[objective.uuid])
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", [*READERS, "planner_adcv"])
def test_as_many_queries_with_three_times_as_much(ministry: Ministry, name: str) -> None:
    client = client_of(ministry, name)
    one, three = filled(ministry, 1), filled(ministry, 3)
    assert queries(client, three) == queries(client, one) <= MOST_QUERIES


def test_what_was_kept_is_read_anew_once_something_is_recorded(ministry: Ministry) -> None:
    objective = filled(ministry, 1)
    client = client_of(ministry, "cabinet_vbz")
    path = reverse("planning:objective", args=[objective.uuid])
    client.get(path)
    narrative_write(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        period=quarters_of(2026)[0],
        sheet=NarrativeSheet(done=text("Pas verteld")),
    )
    assert "Pas verteld" in client.get(path, {"reference": "2026-12-31"}).content.decode()


def test_each_reader_keeps_seeing_what_is_theirs(ministry: Ministry) -> None:
    objective = ministry.objective(title="Met een vertrouwelijke indicator")
    ministry.indicator(objective, title=text("Open"))
    ministry.indicator(objective, title=text("Vertrouwelijk cijfer"), is_confidential=True)
    ministry.approve(objective)
    path = reverse("planning:objective", args=[objective.uuid])
    pages = {
        name: client_of(ministry, name).get(path).content.decode()
        for name in ("head_adcv", "cabinet_am", "cabinet_vbz")
    }
    seen = {name for name, html in pages.items() if "Vertrouwelijk cijfer" in html}
    assert seen == {"head_adcv", "cabinet_vbz"}


def test_first_how_it_stands_then_what_it_rests_on(ministry: Ministry) -> None:
    objective = filled(ministry, 1)
    path = reverse("planning:objective", args=[objective.uuid])
    html = client_of(ministry, "cabinet_vbz").get(path).content.decode()
    order = ["course-h", "ind-h", "activities-h", "narratives-h", "risks-h", "why-h", "history-h"]
    places = [html.index(f'id="{name}"') for name in order]
    assert places == sorted(places)


def test_the_timeline_says_what_it_shows_and_the_list_too(ministry: Ministry) -> None:
    objective = filled(ministry, 2)
    page = client_of(ministry, "auditor").get(
        reverse("planning:objective", args=[objective.uuid]), {"reference": "2026-08-01"}
    )
    html = page.content.decode()
    assert html.count("mark-timeline") == 2  # wide, and for a phone
    assert "Activiteit 1" in html.split('class="changes activities"')[1]


def test_a_timeline_without_activities_is_not_drawn() -> None:
    assert timeline_chart([], year=2026, day=date(2026, 8, 1)) == ""


def test_a_milestone_not_done_in_time_is_too_late(ministry: Ministry) -> None:
    objective = filled(ministry, 1)
    assert objective.approved_at is not None
    parts = objective_parts([objective], objective.approved_at)[objective.pk].activities
    late = timeline_chart(parts, year=2026, day=date(2026, 8, 1))
    in_time = timeline_chart(parts, year=2026, day=date(2026, 3, 1))
    assert "fill-off_track" in late
    assert "fill-off_track" not in in_time
    assert timeline_sentence(parts, date(2026, 8, 1)) != timeline_sentence(parts, date(2026, 3, 1))


def test_the_file_holds_what_is_on_screen(ministry: Ministry) -> None:
    objective = filled(ministry, 2)
    path = reverse("planning:objective", args=[objective.uuid])
    client = client_of(ministry, "cabinet_vbz")
    answer = client.get(path, {"export": "xlsx"})
    book = load_workbook(BytesIO(answer.content))
    assert len(book.sheetnames) == 5  # what it is, and four tables
    cells = [str(cell) for sheet in book for row in sheet.values for cell in row if cell]
    for shown in ("Indicator 1", "Gunning", "Risico 0"):
        assert shown in cells
    risks = client.get(path, {"export": "csv", "table": "risks"}).content.decode("utf-8-sig")
    assert "Risico 1" in risks
    assert "Indicator" not in risks
