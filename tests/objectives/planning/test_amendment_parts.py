"""Amendments of the activities, milestones and risks of an objective in force."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.errors import DomainError
from ibzplan.core.models import HistoryEntry
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective, Risk
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    RiskSheet,
    activity_add,
    risk_add,
)
from objectives.planning.services.amendment_changes import Proposal, change_add, change_rebase
from objectives.planning.services.amendment_parts import part_name
from objectives.planning.services.amendments import (
    AmendmentConflict,
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Activity, Milestone
from tests.factories import Ministry, text


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force with one activity, one milestone and one risk."""
    row = ministry.objective()
    ministry.indicator(row)
    planner = ministry.users["planner_adcv"]
    activity_add(
        actor=planner,
        objective=row,
        sheet=ActivitySheet(kind="project", title=text("Kazerne bouwen")),
        milestones=[MilestoneSheet(title=text("Gunning"), due_on=date(2026, 6, 30))],
    )
    risk_add(
        actor=planner,
        objective=row,
        sheet=RiskSheet(title=text("Uitloop"), likelihood=3, impact=4, response="accept"),
    )
    row.refresh_from_db()
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    row.refresh_from_db()
    return row


def begin(ministry: Ministry) -> Amendment:
    return amendment_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        unit=ministry.adcv,
        title=text("Bijsturing"),
    )


def propose(
    ministry: Ministry,
    amendment: Amendment,
    kind: str,
    objective: OperationalObjective,
    values: dict[str, Any],
    *,
    is_important: bool | None = False,
) -> AmendmentChange:
    return change_add(
        actor=ministry.users["planner_adcv"],
        amendment=amendment,
        proposal=Proposal(
            kind=kind,
            motivation="De gunning loopt uit.",
            is_important=is_important,
            objectives=[objective],
            values=values,
        ),
    )


def carry(ministry: Ministry, amendment: Amendment) -> Any:
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    return amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def shifted(due_on: str = "2026-10-31") -> dict[str, Any]:
    activity, step = Activity.objects.get(), Milestone.objects.get()
    return {
        part_name("activity", activity.uuid): {
            "kind": "project",
            "title": {"nl": "Kazerne bouwen"},
            "description": {},
            "starts_on": None,
            "ends_on": None,
            "milestones": [
                {"uuid": str(step.uuid), "title": dict(step.title), "due_on": due_on},
                {"uuid": None, "title": {"nl": "Werf open"}, "due_on": "2026-11-30"},
            ],
        }
    }


def test_a_milestone_moves_with_the_approval_and_stays_as_it_was_before(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    propose(ministry, amendment, "activity", objective, shifted())
    assert [row.due_on for row in Milestone.objects.all()] == [date(2026, 6, 30)]
    before = objective_parts([objective], amendment.created_at)[objective.pk]
    version = carry(ministry, amendment)
    after = objective_parts([objective], version.recorded_at)[objective.pk]
    assert [row.due_on for row in after.milestones] == [date(2026, 10, 31), date(2026, 11, 30)]
    assert [row.due_on for row in before.milestones] == [date(2026, 6, 30)]
    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid).latest("at", "pk")
    assert (entry.action, entry.reason) == ("activity_changed", "W1: De gunning loopt uit.")


def test_a_new_activity_and_the_end_of_another(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment, old = begin(ministry), Activity.objects.get()
    new = dict(next(iter(shifted().values())), title={"nl": "Kazerne huren"}, milestones=[])
    propose(ministry, amendment, "activity", objective, {part_name("activity", uuid4()): new})
    propose(ministry, amendment, "activity", objective, {part_name("activity", old.uuid): None})
    carry(ministry, amendment)
    assert [str(row.title) for row in Activity.objects.current()] == ["Kazerne huren"]
    assert not Milestone.objects.current().exists()


def test_a_risk_is_judged_anew_and_another_ends(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    risk, amendment = Risk.objects.get(), begin(ministry)
    value = {
        "title": dict(risk.title),
        "likelihood": 5,
        "impact": 4,
        "response": "reduce",
        "measure": {"nl": "Boeteclausule"},
    }
    propose(ministry, amendment, "risk", objective, {part_name("risk", risk.uuid): value})
    version = carry(ministry, amendment)
    risk.refresh_from_db()
    assert (risk.score, risk.measure["nl"]) == (20, "Boeteclausule")
    second = begin(ministry)
    propose(ministry, second, "risk", objective, {part_name("risk", risk.uuid): None})
    carry(ministry, second)
    assert not Risk.objects.current().exists()
    assert objective_parts([objective], version.recorded_at)[objective.pk].risks


def test_a_rule_of_the_part_refuses_at_entry(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as refused:
        propose(ministry, begin(ministry), "activity", objective, shifted("2027-01-31"))
    assert refused.value.code == "milestone_outside_activity"
    assert not AmendmentChange.objects.exists()


def test_the_part_of_another_objective_is_refused(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    other, content = ministry.objective(title="Ander doel"), next(iter(shifted().values()))
    ministry.indicator(other)
    part = activity_add(
        actor=ministry.users["planner_adcv"],
        objective=other,
        sheet=ActivitySheet(kind="action", title=text("Elders")),
    )
    for value in (None, content):
        with pytest.raises(DomainError):
            propose(
                ministry,
                begin(ministry),
                "activity",
                objective,
                {part_name("activity", part.uuid): value},
            )


def test_the_same_part_twice_in_one_amendment_is_refused(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment, old = begin(ministry), Activity.objects.get()
    propose(ministry, amendment, "activity", objective, shifted())
    with pytest.raises(DomainError) as refused:
        propose(ministry, amendment, "activity", objective, {part_name("activity", old.uuid): None})
    assert refused.value.code == "changed_twice"


def test_what_another_amendment_ended_meanwhile_cannot_start_again(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    first, second, old = begin(ministry), begin(ministry), Activity.objects.get()
    change = propose(ministry, second, "activity", objective, shifted())
    propose(ministry, first, "activity", objective, {part_name("activity", old.uuid): None})
    carry(ministry, first)
    planner = ministry.users["planner_adcv"]
    with pytest.raises(AmendmentConflict):
        amendment_submit(actor=ministry.users["head_adcv"], amendment=second)
    with pytest.raises(DomainError) as refused:
        change_rebase(actor=planner, change=change, expected_version=change.version)
    assert refused.value.code == "withdrawn"


def test_a_change_of_which_nobody_said_whether_it_is_important_is_not_submitted(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    propose(ministry, amendment, "activity", objective, shifted(), is_important=None)
    with pytest.raises(DomainError) as refused:
        amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    assert refused.value.code == "importance_required"


WHY = {"motivation": "De gunning loopt uit.", "is_important": "no"}


def test_the_pages_change_an_activity(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment, activity = begin(ministry), Activity.objects.get()
    step = Milestone.objects.get()
    client.force_login(ministry.users["planner_adcv"])
    address = reverse("planning:proposal_new", args=[amendment.uuid, "activity"])
    choice = client.get(f"{address}?objective={objective.uuid}").content.decode()
    form_address = f"{address}?objective={objective.uuid}&part={activity.uuid}"
    assert form_address.replace("&", "&amp;") in choice
    assert "Gunning" in client.get(form_address).content.decode()
    typed = {
        "kind": "project",
        "title_nl": "Kazerne bouwen",
        "milestone_1_uuid": str(step.uuid),
        "milestone_1_title_nl": "Gunning",
        **WHY,
    }
    wrong = client.post(form_address, {**typed, "milestone_1_due_on": "2027-01-31"})
    assert set(wrong.context["form"].errors) == {"milestone_1_due_on"}
    done = client.post(form_address, {**typed, "milestone_1_due_on": "2026-10-31"})
    assert done.status_code == 302
    page = client.get(f"/wijzigingen/{amendment.uuid}/").content.decode()
    assert "<del>30/6/2026</del>" in page or "<del>30/06/2026</del>" in page
    change = AmendmentChange.objects.get()
    again = client.get(reverse("planning:proposal_edit", args=[change.uuid]))
    assert again.context["form"].initial["milestone_1_due_on"] == date(2026, 10, 31)


def test_the_pages_add_and_end_a_risk(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment, risk = begin(ministry), Risk.objects.get()
    client.force_login(ministry.users["planner_adcv"])
    address = reverse("planning:proposal_new", args=[amendment.uuid, "risk"])
    new = f"{address}?objective={objective.uuid}&part={uuid4()}"
    assert client.get(new).status_code == 200
    typed = {"title_nl": "Staking", "likelihood": "2", "impact": "5", "response": "accept", **WHY}
    assert client.post(new, typed).status_code == 302
    end = f"{address}?objective={objective.uuid}&part={risk.uuid}&end=1"
    assert "Uitloop" in client.get(end).content.decode()
    assert client.post(end, WHY).status_code == 302
    assert client.get(f"{address}?objective={objective.uuid}&part=x").status_code == 404
    for change in AmendmentChange.objects.all():
        assert client.get(reverse("planning:proposal_edit", args=[change.uuid])).status_code == 200
    carry(ministry, amendment)
    assert [str(row.title) for row in Risk.objects.current()] == ["Staking"]
