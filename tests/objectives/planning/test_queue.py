"""What waits for whom, its count in the navigation, and one step with many."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ibzplan.core.services.comments import comment_add
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState, Step, WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.queues import queue_count, queue_of
from objectives.planning.services import objective_move
from objectives.planning.services.versions import plan_version_freeze
from tests.factories import Ministry

QUEUE = "planning:queue"


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def ready(ministry: Ministry, *, by: str = "planner_adcv") -> OperationalObjective:
    objective = ministry.objective(by=by)
    ministry.indicator(objective, by=by)
    ministry.motivate(objective, by=by.replace("planner", "head"))
    objective.refresh_from_db()
    return objective


def waits(ministry: Ministry, name: str) -> dict[str, list[str]]:
    return {
        group.source.name: [row.code for row in group.rows]
        for group in queue_of(ministry.users[name])
    }


def who_waits(ministry: Ministry, kind: str) -> set[str]:
    return {name for name in ministry.users if kind in waits(ministry, name)}


def test_an_objective_waits_on_one_desk_at_a_time(ministry: Ministry) -> None:
    objective = ready(ministry)
    way = [
        ("planner_adcv", Step.HAND_OVER),
        ("head_adcv", Step.SUBMIT),
        ("corporate", Step.PASS_ON),
        ("committee", Step.APPROVE),
    ]
    for (who, step), desk in zip(way, WaitsFor, strict=True):
        assert who_waits(ministry, f"objectives_{desk}") == {who}
        assert waits(ministry, who) == {f"objectives_{desk}": [objective.code]}
        assert queue_count(ministry.users[who]) == 1
        objective_move(actor=ministry.users[who], objective=objective, step=step)


def test_what_came_back_says_why_by_whom_and_since(ministry: Ministry) -> None:
    objective = ready(ministry)
    ministry.submit(objective)
    objective_move(
        actor=ministry.users["corporate"], objective=objective, step=Step.RETURN, reason="Te mager"
    )
    ((row,),) = [group.rows for group in queue_of(ministry.users["planner_adcv"])]
    assert "Te mager" in row.note
    assert row.by == "corporate"
    assert row.since is not None
    assert row.url == reverse("planning:objective", args=[objective.uuid])


def test_figures_wait_for_the_planner_then_for_the_head(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    missing = waits(ministry, "planner_adcv")["missing"]
    assert missing
    shown = waits(ministry, "planner_adcv").values()
    assert queue_count(ministry.users["planner_adcv"]) == sum(map(len, shown))
    assert not who_waits(ministry, "to_validate")
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T2"),
        figure=Figure(value=Decimal(90)),
    )
    assert len(waits(ministry, "planner_adcv")["missing"]) == len(missing) - 1
    assert who_waits(ministry, "to_validate") == {"head_adcv"}
    assert who_waits(ministry, "missing") == {"planner_adcv"}


def test_a_closed_plan_asks_for_nothing(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    ministry.objective()
    ministry.year.state = PlanState.CLOSED
    ministry.year.save()
    assert waits(ministry, "planner_adcv") == {}


def test_no_step_of_the_plan_waits_for_a_cabinet(ministry: Ministry) -> None:
    ready(ministry)
    for name in ("cabinet_vbz", "auditor", "outsider"):
        assert queue_count(ministry.users[name]) == 0
        page = client_of(ministry, name).get(reverse(QUEUE))
        assert page.context["groups"] == []
        assert reverse("reporting:dashboard") in page.content.decode()


def test_the_navigation_counts_what_waits(ministry: Ministry) -> None:
    ready(ministry)
    page = client_of(ministry, "planner_adcv").get(reverse("reporting:dashboard"))
    (item,) = [one for one in page.context["main_nav"] if one.url == reverse(QUEUE)]
    assert item.count == 1
    assert '<span class="count">1<' in page.content.decode()
    cabinet = client_of(ministry, "cabinet_vbz").get(reverse("reporting:dashboard"))
    (item,) = [one for one in cabinet.context["main_nav"] if one.url == reverse(QUEUE)]
    assert item.count == 0  # requests for a decision wait for a cabinet, and there is none
    auditor = client_of(ministry, "auditor").get(reverse("reporting:dashboard"))
    assert reverse(QUEUE) not in [one.url for one in auditor.context["main_nav"]]


@pytest.mark.parametrize("name", ["planner_adcv", "head_adcv", "corporate", "committee"])
def test_the_same_queries_with_three_times_as_much(ministry: Ministry, name: str) -> None:
    def make(n: int) -> None:
        for _ in range(n):
            ready(ministry)
            over = [ready(ministry), ready(ministry), ready(ministry)]
            for one in over:
                ministry.submit(one)
            ministry.pass_on(over[1])
            ministry.pass_on(over[2])
            objective_move(actor=ministry.users["committee"], objective=over[2], step=Step.APPROVE)
            measurement_record(
                actor=ministry.users["planner_adcv"],
                indicator=over[2].indicator_links.current().get().indicator,
                period=parse_period("2026-T2"),
                figure=Figure(value=Decimal(90)),
            )
            handed = ready(ministry)
            planner = ministry.users["planner_adcv"]
            objective_move(actor=planner, objective=handed, step=Step.HAND_OVER)

    client, address = client_of(ministry, name), reverse(QUEUE)
    make(1)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    make(2)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("name", "most"), [("planner_adcv", 3), ("head_adcv", 3), ("corporate", 1), ("committee", 1)]
)
def test_the_count_asks_one_query_for_all_kinds(ministry: Ministry, name: str, most: int) -> None:
    """Two more of whoever writes narratives."""
    ready(ministry)
    user = ministry.users[name]
    queue_count(user)  # reads the roles
    with CaptureQueriesContext(connection) as captured:
        queue_count(user)
    planning = [one for one in captured if "planning_" in one["sql"] or "indicators_" in one["sql"]]
    assert len(planning) <= most


# -- many at once


def pick(objective: OperationalObjective) -> str:
    return f"{objective.uuid}@{objective.version}"


def test_the_committee_approves_many_but_none_with_an_open_request(ministry: Ministry) -> None:
    first, second, asked = (ready(ministry) for _ in range(3))
    for one in (first, second, asked):
        ministry.submit(one)
        ministry.pass_on(one)
    comment_add(actor=ministry.users["committee"], target=asked, text="Korter", asks_change=True)
    client = client_of(ministry, "committee")
    page = client.get(reverse(QUEUE))
    shown = page.content.decode()
    assert pick(first) in shown
    assert pick(asked) not in shown
    picks = [pick(one) for one in (first, second, asked)]
    answer = client.post(reverse("planning:queue_step"), {"step": Step.APPROVE, "pick": picks})
    assert [one.objective.code for one in answer.context["refused"]] == [asked.code]
    states = OperationalObjective.objects.order_by("code").values_list("state", flat=True)
    assert list(states) == [PlanState.APPROVED, PlanState.APPROVED, PlanState.SUBMITTED]


def test_all_of_them_go_and_the_page_says_which(ministry: Ministry) -> None:
    one = ready(ministry)
    client = client_of(ministry, "head_adcv")
    objective_move(actor=ministry.users["planner_adcv"], objective=one, step=Step.HAND_OVER)
    one.refresh_from_db()
    answer = client.post(
        reverse("planning:queue_step"), {"step": Step.SUBMIT, "pick": [pick(one)]}, follow=True
    )
    assert answer.redirect_chain == [(reverse(QUEUE), 302)]
    assert one.code in answer.content.decode()
    one.refresh_from_db()
    assert one.waits_for == WaitsFor.CORPORATE


def test_nothing_ticked_is_told_and_rubbish_is_refused(ministry: Ministry) -> None:
    ministry.submit(ready(ministry))
    client = client_of(ministry, "corporate")
    for data in ({}, {"pick": ["niets"]}, {"pick": ["x@y", ""]}):
        answer = client.post(reverse("planning:queue_step"), {"step": Step.PASS_ON, **data})
        assert answer.status_code == 422
        assert answer.context["error"]


def test_nobody_moves_what_they_may_not(ministry: Ministry) -> None:
    objective = ready(ministry)
    ministry.submit(objective)
    for name in ("planner_adcv", "planner_dvz", "auditor", "cabinet_vbz", "committee"):
        client_of(ministry, name).post(
            reverse("planning:queue_step"), {"step": Step.PASS_ON, "pick": [pick(objective)]}
        )
    objective.refresh_from_db()
    assert objective.waits_for == WaitsFor.CORPORATE


def test_in_a_plan_in_force_the_committee_is_told_of_the_amendment(ministry: Ministry) -> None:
    objective = ready(ministry)
    ministry.submit(objective)
    ministry.pass_on(objective)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    groups = queue_of(ministry.users["committee"])
    (row,) = [row for group in groups if group.source.step == Step.APPROVE for row in group.rows]
    assert row.hindrance
