"""The life of an operational plan: asked for, in force with a version, sent; the next one."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import history_of
from objectives.planning.calendar_rules import sending_due_on
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.plan_page import next_deadline, plan_gaps, unit_desks
from objectives.planning.services.plans import (
    budget_vote_set,
    operational_plan_create,
    plan_approve,
    plan_open,
    plan_return,
    plan_send,
    plan_submit,
)
from objectives.strategy.models import Plan
from personnel.access import access_of
from tests.factories import Ministry


@pytest.fixture
def draft_plan(ministry: Ministry) -> OperationalPlan:
    """The plan of 2026 while it is made."""
    plan = ministry.year
    plan.state = PlanState.DRAFT
    plan.save()
    return plan


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def approved(ministry: Ministry) -> OperationalObjective:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    return objective


def submit(ministry: Ministry, plan: OperationalPlan) -> None:
    plan_submit(actor=ministry.users["corporate"], plan=plan)


def approve(ministry: Ministry, plan: OperationalPlan, **kwargs: Any) -> Any:
    day = kwargs.pop("approved_on", timezone.localdate())
    return plan_approve(actor=ministry.users["committee"], plan=plan, approved_on=day, **kwargs)


@pytest.mark.parametrize(
    ("voted", "due"),
    [
        (date(2025, 6, 26), date(2025, 7, 26)),
        (date(2025, 12, 18), date(2026, 1, 18)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2026, 5, 31), date(2026, 6, 30)),
        (date(2026, 11, 15), date(2026, 12, 15)),  # a Tuesday; 15 November is a holiday in Belgium
        (date(2025, 11, 25), date(2025, 12, 25)),  # Christmas: it does not move
    ],
)
def test_a_plan_is_due_one_calendar_month_after_the_vote(voted: date, due: date) -> None:
    assert sending_due_on(voted) == due


def test_a_plan_comes_into_force_with_its_first_version(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    objective = approved(ministry)
    submit(ministry, draft_plan)
    assert draft_plan.submitted_on == timezone.localdate()
    version = approve(ministry, draft_plan)
    assert (draft_plan.state, draft_plan.approved_on) == (
        PlanState.APPROVED,
        timezone.localdate(),
    )
    assert version.number == 1
    assert objective.code in version.content
    assert [one.action for one in history_of(draft_plan)][-2:] == ["approved", "submitted"]


def test_a_submitted_objective_is_decided_on_first(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    approved(ministry)
    waiting = ministry.objective()
    ministry.indicator(waiting)
    ministry.motivate(waiting)
    ministry.submit(waiting)
    submit(ministry, draft_plan)
    with pytest.raises(DomainError) as refused:
        approve(ministry, draft_plan)
    assert refused.value.code == "objectives_undecided"
    assert waiting.code in refused.value.message
    assert not draft_plan.versions.exists()


def test_drafts_that_stay_behind_are_named_and_confirmed(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    approved(ministry)
    first, second = ministry.objective(), ministry.objective()
    submit(ministry, draft_plan)
    with pytest.raises(DomainError) as refused:
        approve(ministry, draft_plan, left_out=[first.uuid])
    assert refused.value.field == "left_out"
    assert second.code in refused.value.message
    assert first.code not in refused.value.message
    version = approve(ministry, draft_plan, left_out=[first.uuid, second.uuid])
    assert f'"{second.code}"' not in version.content


def test_an_empty_plan_is_neither_asked_for_nor_approved(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    with pytest.raises(DomainError) as refused:
        submit(ministry, draft_plan)
    assert refused.value.code == "plan_empty"
    ministry.objective()
    submit(ministry, draft_plan)
    with pytest.raises(DomainError) as refused:
        approve(ministry, draft_plan)
    assert refused.value.code == "nothing_approved"


def test_the_plan_goes_back_with_a_reason(ministry: Ministry, draft_plan: OperationalPlan) -> None:
    approved(ministry)
    submit(ministry, draft_plan)
    committee = ministry.users["committee"]
    with pytest.raises(DomainError):
        plan_return(actor=committee, plan=draft_plan, reason=" ")
    plan_return(actor=committee, plan=draft_plan, reason="DVZ ontbreekt")
    assert (draft_plan.state, draft_plan.submitted_on) == (PlanState.DRAFT, None)
    assert history_of(draft_plan)[0].reason == "DVZ ontbreekt"


def test_sent_to_the_ministers_once_it_is_approved(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    approved(ministry)
    corporate, today = ministry.users["corporate"], timezone.localdate()
    with pytest.raises(DomainError) as refused:
        plan_send(actor=corporate, plan=draft_plan, sent_on=today)
    assert refused.value.code == "wrong_plan_state"
    submit(ministry, draft_plan)
    approve(ministry, draft_plan)
    for day, code in (
        (date(today.year - 1, 1, 5), "date_too_early"),
        (date(today.year + 1, 1, 5), "date_too_late"),
    ):
        with pytest.raises(DomainError) as refused:
            plan_send(actor=corporate, plan=draft_plan, sent_on=day)
        assert (refused.value.code, refused.value.field) == (code, "sent_on")
    plan_send(actor=corporate, plan=draft_plan, sent_on=today)
    assert draft_plan.sent_on == today


def test_the_vote_of_the_budget_gives_the_next_deadline(ministry: Ministry) -> None:
    plan, corporate = ministry.year, ministry.users["corporate"]
    budget_vote_set(actor=corporate, plan=plan, voted_on=date(2026, 1, 31))
    found = next_deadline(plan, corporate, date(2026, 2, 1))
    assert found
    assert found.day == date(2026, 2, 28)
    for day in (date(2024, 12, 31), date(2027, 1, 1)):
        with pytest.raises(DomainError) as refused:
            budget_vote_set(actor=corporate, plan=plan, voted_on=day)
        assert refused.value.field == "voted_on"


def test_each_step_is_for_one_role(ministry: Ministry, draft_plan: OperationalPlan) -> None:
    today = timezone.localdate()
    steps: dict[str, Any] = {
        "submit": lambda user: plan_submit(actor=user, plan=draft_plan),
        "open": lambda user: plan_open(actor=user, after=draft_plan),
        "send": lambda user: plan_send(actor=user, plan=draft_plan, sent_on=today),
        "vote": lambda user: budget_vote_set(actor=user, plan=draft_plan, voted_on=today),
        "return": lambda user: plan_return(actor=user, plan=draft_plan, reason="Nee"),
        "approve": lambda user: plan_approve(actor=user, plan=draft_plan, approved_on=today),
    }
    of_role = {"return": "committee", "approve": "committee"}
    for name, step in steps.items():
        for who in set(ministry.users) - {of_role.get(name, "corporate")}:
            with pytest.raises(NotAllowed):
                step(ministry.users[who])


def test_two_people_on_the_plan(ministry: Ministry) -> None:
    plan, corporate = ministry.year, ministry.users["corporate"]
    seen = plan.version
    budget_vote_set(actor=corporate, plan=plan, voted_on=date(2026, 1, 8), expected_version=seen)
    with pytest.raises(EditConflict):
        budget_vote_set(
            actor=corporate, plan=plan, voted_on=date(2026, 1, 9), expected_version=seen
        )
    plan.refresh_from_db()
    assert plan.budget_voted_on == date(2026, 1, 8)


def test_next_year_is_opened_once_and_within_the_strategic_plan(ministry: Ministry) -> None:
    corporate = ministry.users["corporate"]
    made = plan_open(actor=corporate, after=ministry.year)
    assert (made.year, made.state) == (2027, PlanState.DRAFT)
    assert plan_open(actor=corporate, after=ministry.year) == made
    last = plan_open(actor=corporate, after=plan_open(actor=corporate, after=made))
    assert last.year == 2029
    with pytest.raises(DomainError) as refused:
        plan_open(actor=corporate, after=last)
    assert refused.value.code == "year_outside_plan"


# -- the page


def test_desks_of_all_for_the_corporate_cell_of_the_own_unit_for_a_planner(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    approved(ministry)
    ministry.objective()
    ministry.objective(by="planner_dvz")
    rows = {
        name: {row.unit.code: row.counts for row in unit_desks(draft_plan, access_of(user))}
        for name, user in ministry.users.items()
    }
    both = {"ADCV": (1, 0, 0, 0, 1), "DVZ": (1, 0, 0, 0, 0)}
    assert rows["corporate"] == rows["committee"] == rows["auditor"] == both
    assert rows["planner_dvz"] == {"DVZ": (1, 0, 0, 0, 0)}


def test_what_is_not_there_yet(ministry: Ministry, draft_plan: OperationalPlan) -> None:
    draft = ministry.objective()
    gaps = plan_gaps(draft_plan)
    assert [unit.code for unit in gaps.empty_units] == ["DVZ"]
    assert list(gaps.drafts) == [draft]
    assert not gaps.is_complete


def test_a_plan_in_the_making_is_not_for_cabinets(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    address = reverse("planning:plan", args=[2026])
    given = {name: client_of(ministry, name).get(address).status_code for name in ministry.users}
    hidden = {name for name, status in given.items() if status == 404}
    assert hidden == {"cabinet_vbz", "cabinet_am", "outsider"}
    assert set(given.values()) == {200, 404}


def test_the_plan_goes_its_way_on_the_page(ministry: Ministry, draft_plan: OperationalPlan) -> None:
    approved(ministry)
    left = ministry.objective()
    corporate, committee = client_of(ministry, "corporate"), client_of(ministry, "committee")
    page = reverse("planning:plan", args=[2026])

    def version() -> int:
        return OperationalPlan.objects.get(pk=draft_plan.pk).version

    def post(client: Client, name: str, **data: Any) -> int:
        address = reverse(f"planning:{name}", args=[2026])
        return client.post(address, {"version": version(), **data}).status_code

    assert set(corporate.get(page).context["step_forms"]) == {"submit", "budget"}
    assert post(corporate, "plan_submit") == 302
    assert set(committee.get(page).context["step_forms"]) == {"return", "approve"}
    day = timezone.localdate().isoformat()
    assert post(committee, "plan_approve", approved_on=day) == 422
    assert post(committee, "plan_approve", approved_on=day, left_out=[str(left.uuid)]) == 302
    assert post(committee, "plan_approve", approved_on=day) == 422
    assert post(planner := client_of(ministry, "planner_adcv"), "plan_send", sent_on=day) == 403
    assert planner.get(page).context["step_forms"] == {}
    assert post(corporate, "plan_send", sent_on="morgen") == 422
    assert post(corporate, "plan_send", sent_on=day) == 302
    assert post(corporate, "budget_vote", voted_on="2026-01-08") == 302
    assert corporate.post(reverse("planning:plan_open", args=[2026])).status_code == 302
    assert OperationalPlan.objects.filter(year=2027, state=PlanState.DRAFT).exists()


def test_the_same_queries_for_three_times_the_objectives(
    ministry: Ministry, draft_plan: OperationalPlan
) -> None:
    client, address = client_of(ministry, "corporate"), reverse("planning:plan", args=[2026])
    ministry.objective()
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(4):
        ministry.objective()
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["planner_dvz", "cabinet_am", "corporate"])
def test_a_form_that_is_not_theirs_is_shown_to_nobody(ministry: Ministry, name: str) -> None:
    ministry.objective(title="Geheim plan")
    answer = client_of(ministry, name).post(reverse("planning:plan_approve", args=[2026]), {})
    assert answer.status_code == 403
    assert "2.6.1" not in answer.text


def test_a_giant_version_closes_nothing(ministry: Ministry) -> None:
    address = reverse("planning:plan_close", args=[2026])
    client_of(ministry, "committee").post(address, {"version": "9" * 5000})
    ministry.year.refresh_from_db()
    assert ministry.year.state == PlanState.APPROVED


def test_the_next_plan_belongs_to_the_strategic_plan_that_holds_then(ministry: Ministry) -> None:
    old = ministry.plan
    new = Plan.objects.create(
        code="SP2027",
        kind=old.kind,
        title=old.title,
        starts_on=date(2026, 7, 1),
        ends_on=date(2031, 12, 31),
        predecessor=old,
    )
    old.replaced_on = new.starts_on
    old.save()
    page = client_of(ministry, "corporate").get(reverse("planning:plan", args=[2026]))
    assert page.context["may_open_next"]
    made = plan_open(actor=ministry.users["corporate"], after=ministry.year)
    assert (made.plan, made.year) == (new, 2027)
    with pytest.raises(DomainError) as refused:
        operational_plan_create(actor=None, plan=new, year=2026)
    assert refused.value.code == "year_taken"
