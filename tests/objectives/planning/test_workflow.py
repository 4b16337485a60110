"""The desks of an objective: every step by every role, returns with remarks, what stops a step."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.comments.threads import threads_of
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.models import Comment, HistoryEntry
from ibzplan.core.services.comments import comment_add, comment_settle
from objectives.indicators.models import Indicator
from objectives.planning.choices import PlanState, Step, WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.desks import desk_line
from objectives.planning.services import objective_move, objectives_move
from objectives.planning.services.versions import plan_version_freeze
from objectives.planning.services.workflow import (
    WITH_COMMITTEE,
    WITH_CORPORATE,
    WITH_HEAD,
    WITH_PLANNER,
    possible_steps,
)
from personnel.access import access_of
from tests.factories import Ministry

PLANNER, HEAD = "planner_adcv", "head_adcv"
CORPORATE, COMMITTEE = "corporate", "committee"

# desk -> who may take which steps there; nobody else takes any
STEPS: dict[tuple[str, str], dict[str, list[Step]]] = {
    WITH_PLANNER: {PLANNER: [Step.HAND_OVER], HEAD: [Step.SUBMIT]},
    WITH_HEAD: {PLANNER: [Step.TAKE_BACK], HEAD: [Step.SUBMIT, Step.RETURN]},
    WITH_CORPORATE: {HEAD: [Step.TAKE_BACK], CORPORATE: [Step.PASS_ON, Step.RETURN]},
    WITH_COMMITTEE: {COMMITTEE: [Step.APPROVE, Step.RETURN_TO_CORPORATE, Step.RETURN]},
    (PlanState.APPROVED, ""): {},
    (PlanState.CLOSED, ""): {},
}

# step -> from where it is taken, where it leads
LEADS: dict[Step, list[tuple[tuple[str, str], tuple[str, str]]]] = {
    Step.HAND_OVER: [(WITH_PLANNER, WITH_HEAD)],
    Step.SUBMIT: [(WITH_PLANNER, WITH_CORPORATE), (WITH_HEAD, WITH_CORPORATE)],
    Step.PASS_ON: [(WITH_CORPORATE, WITH_COMMITTEE)],
    Step.APPROVE: [(WITH_COMMITTEE, (PlanState.APPROVED, ""))],
    Step.RETURN: [
        (WITH_HEAD, WITH_PLANNER),
        (WITH_CORPORATE, WITH_PLANNER),
        (WITH_COMMITTEE, WITH_PLANNER),
    ],
    Step.RETURN_TO_CORPORATE: [(WITH_COMMITTEE, WITH_CORPORATE)],
    Step.TAKE_BACK: [(WITH_HEAD, WITH_PLANNER), (WITH_CORPORATE, WITH_HEAD)],
}


@pytest.fixture
def ready(ministry: Ministry) -> OperationalObjective:
    """A draft that nothing holds back."""
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.motivate(objective)
    objective.refresh_from_db()
    return objective


def lay(objective: OperationalObjective, desk: tuple[str, str]) -> None:
    state, waits_for = desk
    OperationalObjective.objects.filter(pk=objective.pk).update(state=state, waits_for=waits_for)
    objective.refresh_from_db()


def move(
    ministry: Ministry, who: str, objective: OperationalObjective, step: Step, **kwargs: Any
) -> None:
    objective_move(actor=ministry.users[who], objective=objective, step=step, **kwargs)
    objective.refresh_from_db()


def desk_of(objective: OperationalObjective) -> tuple[str, str]:
    return objective.state, objective.waits_for


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


@pytest.mark.parametrize("desk", STEPS, ids=lambda one: "/".join(one))
def test_who_may_do_what_on_each_desk(
    ministry: Ministry, ready: OperationalObjective, desk: tuple[str, str]
) -> None:
    lay(ready, desk)
    given = {name: possible_steps(ready, access_of(user)) for name, user in ministry.users.items()}
    assert {name: steps for name, steps in given.items() if steps} == STEPS[desk]
    for name, user in ministry.users.items():
        for step in set(Step) - set(given[name]):
            with pytest.raises(NotAllowed):
                objective_move(actor=user, objective=ready, step=step, reason="Toch")
    ready.refresh_from_db()
    assert desk_of(ready) == desk


@pytest.mark.parametrize("step", Step)
def test_where_each_step_leads(ministry: Ministry, ready: OperationalObjective, step: Step) -> None:
    for start, end in LEADS[step]:
        lay(ready, start)
        (who,) = [name for name, steps in STEPS[start].items() if step in steps]
        move(ministry, who, ready, step, reason="Omdat")
        assert desk_of(ready) == end
        entry = HistoryEntry.objects.filter(target_uuid=ready.uuid).latest("at", "pk")
        assert (entry.action, entry.actor, entry.reason) == (step, ministry.users[who], "Omdat")


def test_the_whole_way_is_dated_and_signed(ministry: Ministry, ready: OperationalObjective) -> None:
    for who, step in (
        (PLANNER, Step.HAND_OVER),
        (HEAD, Step.SUBMIT),
        (CORPORATE, Step.PASS_ON),
        (COMMITTEE, Step.APPROVE),
    ):
        move(ministry, who, ready, step)
    line = desk_line(ready, HistoryEntry.objects.latest("at").at)
    assert [str(mark.entry.actor) for mark in line if mark.entry] == [
        PLANNER,
        HEAD,
        CORPORATE,
        COMMITTEE,
    ]
    assert [mark.is_present for mark in line] == [False] * 4 + [True]
    assert ready.approved_at is not None


def test_a_step_that_was_undone_is_no_longer_on_the_line(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    move(ministry, PLANNER, ready, Step.HAND_OVER)
    move(ministry, PLANNER, ready, Step.TAKE_BACK)
    line = desk_line(ready, HistoryEntry.objects.latest("at").at)
    assert [mark.is_present for mark in line] == [True, False, False, False, False]
    assert not any(mark.entry for mark in line)


def test_the_indicators_are_seen_with_the_objective(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    corporate = access_of(ministry.users[CORPORATE])
    move(ministry, HEAD, ready, Step.SUBMIT)
    assert Indicator.objects.visible_to(corporate).exists()
    move(ministry, HEAD, ready, Step.TAKE_BACK)
    assert not Indicator.objects.visible_to(corporate).exists()


@pytest.mark.parametrize("step", [Step.RETURN, Step.RETURN_TO_CORPORATE])
def test_a_return_says_why(ministry: Ministry, ready: OperationalObjective, step: Step) -> None:
    lay(ready, WITH_COMMITTEE)
    with pytest.raises(DomainError) as refused:
        move(ministry, COMMITTEE, ready, step, reason="  ")
    assert refused.value.field == "reason"


def test_a_return_with_remarks_stops_the_way_until_they_are_settled(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    move(ministry, HEAD, ready, Step.SUBMIT)
    asked = {"title": "Noem het getal", "holder": "", "ends_on": "Vroeger"}
    move(ministry, CORPORATE, ready, Step.RETURN, reason="Twee punten", comments=asked)
    threads = threads_of(ready)
    assert {one.comment.field: one.comment.text for one in threads} == {
        "title": "Noem het getal",
        "ends_on": "Vroeger",
    }
    move(ministry, PLANNER, ready, Step.HAND_OVER)
    with pytest.raises(DomainError) as refused:
        move(ministry, HEAD, ready, Step.SUBMIT)
    assert refused.value.code == "change_requested"
    assert "Noem het getal" in refused.value.message
    assert "Vroeger" in refused.value.message
    for one in threads:
        comment_settle(actor=ministry.users[PLANNER], comment=one.comment, target=ready)
    move(ministry, HEAD, ready, Step.SUBMIT)
    assert desk_of(ready) == WITH_CORPORATE


@pytest.mark.parametrize(
    ("desk", "who", "step"),
    [(WITH_CORPORATE, CORPORATE, Step.PASS_ON), (WITH_COMMITTEE, COMMITTEE, Step.APPROVE)],
)
def test_an_open_request_stops_who_reviews_and_decides_too(
    ministry: Ministry,
    ready: OperationalObjective,
    desk: tuple[str, str],
    who: str,
    step: Step,
) -> None:
    lay(ready, desk)
    actor = ministry.users[who]
    comment_add(actor=actor, target=ready, text="Zomaar")
    comment_add(actor=actor, target=ready, text="Te mager", asks_change=True)
    with pytest.raises(DomainError) as refused:
        move(ministry, who, ready, step)
    assert "Te mager" in refused.value.message
    assert "Zomaar" not in refused.value.message


def test_nobody_decides_on_what_they_did_not_see(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    move(ministry, HEAD, ready, Step.SUBMIT)
    seen = ready.version
    with pytest.raises(DomainError) as refused:
        ministry.indicator(ready)
    assert refused.value.code == "objective_submitted"
    move(ministry, HEAD, ready, Step.TAKE_BACK)
    ministry.indicator(ready)
    ministry.motivate(ready)
    ready.refresh_from_db()
    move(ministry, HEAD, ready, Step.SUBMIT)
    with pytest.raises(EditConflict):
        move(ministry, CORPORATE, ready, Step.PASS_ON, expected_version=seen)


def test_a_plan_in_force_takes_a_new_objective_by_an_amendment(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    lay(ready, WITH_COMMITTEE)
    plan_version_freeze(actor=ministry.users[COMMITTEE], plan=ministry.year)
    with pytest.raises(DomainError) as refused:
        move(ministry, COMMITTEE, ready, Step.APPROVE)
    assert refused.value.code == "plan_in_force"
    assert ready.code in refused.value.message


# -- many at once


def test_many_go_on_each_by_itself(ministry: Ministry, ready: OperationalObjective) -> None:
    asked, changed = ministry.objective(), ministry.objective()
    for one in (asked, changed):
        ministry.indicator(one)
        ministry.motivate(one)
        one.refresh_from_db()
    comment_add(actor=ministry.users[HEAD], target=asked, text="Wacht", asks_change=True)
    open_finding = ministry.objective(title="Vlotter")
    results = objectives_move(
        actor=ministry.users[HEAD],
        objectives=[
            (ready, ready.version),
            (asked, asked.version),
            (changed, changed.version - 1),
            (open_finding, open_finding.version),
        ],
        step=Step.SUBMIT,
    )
    assert [bool(one.refused) for one in results] == [False, True, True, True]
    states = OperationalObjective.objects.order_by("code").values_list("state", flat=True)
    assert list(states) == [PlanState.SUBMITTED, *[PlanState.DRAFT] * 3]
    steps = HistoryEntry.objects.filter(action=Step.SUBMIT)
    assert [one.target_uuid for one in steps] == [ready.uuid]


# -- the page


def test_the_page_offers_the_steps_of_its_reader(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    page = reverse("planning:objective", args=[ready.uuid])
    for name, mine in STEPS[WITH_PLANNER].items():
        panel = client_of(ministry, name).get(page).context["step_panel"]
        assert [*panel.steps, *panel.returns] == mine
    auditor = client_of(ministry, "auditor").get(page)
    assert not auditor.context["step_panel"].steps
    assert 'aria-current="step"' in auditor.content.decode()


def test_a_step_on_the_page(ministry: Ministry, ready: OperationalObjective) -> None:
    address = reverse("planning:objective_step", args=[ready.uuid])
    data = {"step": Step.HAND_OVER, "version": ready.version}
    assert client_of(ministry, PLANNER).post(address, data).status_code == 302
    ready.refresh_from_db()
    assert ready.waits_for == WaitsFor.HEAD
    again = client_of(ministry, PLANNER).post(address, {**data, "version": ready.version})
    assert again.status_code == 403


def test_a_return_on_the_page_loses_nothing(
    ministry: Ministry, ready: OperationalObjective
) -> None:
    move(ministry, HEAD, ready, Step.SUBMIT)
    address = reverse("planning:objective_step", args=[ready.uuid])
    data = {"step": Step.RETURN, "version": ready.version, "reason": "", "comment_title": "Korter"}
    client = client_of(ministry, CORPORATE)
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert refused.context["step_panel"].form.errors["reason"]
    assert "Korter" in refused.content.decode()
    stale = client.post(address, {**data, "reason": "Vaag", "version": ready.version - 1})
    assert stale.status_code == 422
    assert stale.context["step_panel"].form.non_field_errors()
    done = client.post(address, {**data, "reason": "Vaag"}, follow=True)
    assert done.status_code == 200  # the objective is out of their sight now: their queue follows
    assert done.redirect_chain == [(reverse("planning:queue"), 302)]
    ready.refresh_from_db()
    assert desk_of(ready) == WITH_PLANNER
    remark = Comment.objects.get()
    assert (remark.field, remark.text, remark.asks_change) == ("title", "Korter", True)
    edit = client_of(ministry, PLANNER).get(reverse("planning:objective_edit", args=[ready.uuid]))
    assert "Korter" in edit.content.decode()
    page = client_of(ministry, PLANNER).get(reverse("planning:objective", args=[ready.uuid]))
    returned = [desk.returned for desk in page.context["step_panel"].desks if desk.returned]
    assert [entry.reason for entry in returned] == ["Vaag"]
    panel = page.content.decode().split('id="steps"')[1].split("</section>")[0]
    assert "Vaag" in panel


def test_desks_and_remarks_are_not_for_a_cabinet(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    page = reverse("planning:objective", args=[objective.uuid])
    for name in ("cabinet_vbz", "cabinet_am", "planner_dvz"):
        shown = client_of(ministry, name).get(page)
        assert shown.context["step_panel"] is None
        assert shown.context["comments"] is None
        assert 'class="desk-line"' not in shown.content.decode()
