"""The drafts that an amendment brings, and what may be read of a confidential change."""

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.errors import DomainError
from ibzplan.core.services.comments import comment_add
from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind, PlanState, WaitsFor
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_return,
    amendment_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from tests.factories import Ministry, text

SECRET = "Wegens het geheime onderzoek."


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force in a plan in force."""
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    return row


def ready_draft(ministry: Ministry) -> OperationalObjective:
    row = ministry.objective(title="Kazernes bouwen")
    ministry.indicator(row)
    ministry.motivate(row)
    row.refresh_from_db()
    return row


def begin(ministry: Ministry, *, by: str = "planner_adcv") -> Amendment:
    unit = None if by == "corporate" else ministry.adcv
    return amendment_create(
        actor=ministry.users[by], plan=ministry.year, unit=unit, title=text("Bijsturing najaar")
    )


def add(ministry: Ministry, amendment: Amendment, draft: OperationalObjective, *, by: str) -> None:
    proposal = Proposal(
        kind=ChangeKind.ADD, motivation="Nieuwe opdracht.", is_important=True, results=[draft]
    )
    change_add(actor=ministry.users[by], amendment=amendment, proposal=proposal)


def page(ministry: Ministry, who: str, address: str) -> str:
    client = Client()
    client.force_login(ministry.users[who])
    return client.get(address).content.decode()


@pytest.mark.usefixtures("objective")
def test_the_corporate_cell_brings_what_was_submitted_and_reads_no_draft(
    ministry: Ministry,
) -> None:
    draft, amendment = ready_draft(ministry), begin(ministry, by="corporate")
    address = reverse("planning:proposal_new", args=[amendment.uuid, "add"])
    assert "Kazernes bouwen" not in page(ministry, "corporate", address)
    with pytest.raises(DomainError) as refused:
        add(ministry, amendment, draft, by="corporate")
    assert refused.value.code == "no_draft"
    ministry.submit(draft)
    assert "Kazernes bouwen" in page(ministry, "corporate", address)
    add(ministry, amendment, draft, by="corporate")
    amendment_submit(actor=ministry.users["corporate"], amendment=amendment)
    amendment_return(actor=ministry.users["committee"], amendment=amendment, reason="Te vroeg.")
    draft.refresh_from_db()
    assert (draft.state, draft.waits_for) == (PlanState.SUBMITTED, WaitsFor.CORPORATE)
    amendment.refresh_from_db()
    amendment_submit(actor=ministry.users["corporate"], amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    draft.refresh_from_db()
    assert draft.state == PlanState.APPROVED


@pytest.mark.usefixtures("objective")
def test_what_was_asked_of_a_draft_is_settled_first(ministry: Ministry) -> None:
    draft, amendment = ready_draft(ministry), begin(ministry)
    add(ministry, amendment, draft, by="planner_adcv")
    comment_add(
        actor=ministry.users["head_adcv"], target=draft, text="Noem het gebouw.", asks_change=True
    )
    with pytest.raises(DomainError) as refused:
        amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    assert "Noem het gebouw." in refused.value.message


def test_why_a_confidential_target_changed_is_not_told_to_all(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    indicator.is_confidential = True
    indicator.save()
    amendment = begin(ministry)
    proposal = Proposal(
        kind=ChangeKind.TARGET,
        motivation=SECRET,
        is_important=True,
        objectives=[objective],
        indicator=indicator,
        values={"final": {"due_on": "2026-12-31", "value": "96", "level": None}},
    )
    change_add(actor=ministry.users["planner_adcv"], amendment=amendment, proposal=proposal)
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    addresses = [
        reverse("planning:objective", args=[objective.uuid]),
        reverse("planning:amendment", args=[amendment.uuid]),
        reverse("planning:plan", args=[2026]),
        reverse("planning:plan_comparison", args=[2026]),
    ]
    for who in ("planner_dvz", "corporate", "committee", "cabinet_am"):
        assert not [one for one in addresses if SECRET in page(ministry, who, one)], who
    assert SECRET in page(ministry, "planner_adcv", addresses[1])


def test_a_confidential_indicator_that_goes_along_is_named_to_who_may_see_it(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    open_one, secret = ministry.indicator(objective), ministry.indicator(objective)
    ministry.approve(objective)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    Indicator.objects.filter(pk=open_one.pk).update(code="OPEN-1")
    Indicator.objects.filter(pk=secret.pk).update(code="SECRET-1", is_confidential=True)
    amendment = begin(ministry)
    proposal = Proposal(
        kind=ChangeKind.OWNER,
        motivation="DVZ neemt dit over.",
        is_important=True,
        objectives=[objective],
        values={"unit": "DVZ", "holder": "DVZ-DG", "indicators": ["OPEN-1", "SECRET-1"]},
    )
    change = change_add(
        actor=ministry.users["planner_adcv"], amendment=amendment, proposal=proposal
    )
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    # What the objective says changed since: the page shows that in three columns too.
    AmendmentChange.objects.filter(pk=change.pk).update(base_versions={str(objective.uuid): 0})
    address = reverse("planning:amendment", args=[amendment.uuid])

    for who in ("corporate", "committee"):
        shown = page(ministry, who, address)
        assert "OPEN-1" in shown and "SECRET-1" not in shown, who
    for who in ("planner_adcv", "auditor"):
        shown = page(ministry, who, address)
        assert shown.count("SECRET-1") == shown.count("OPEN-1") == 2, who
