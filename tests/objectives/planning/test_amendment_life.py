"""A plan in force and what comes into it: periods owed, remarks, where a draft goes on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.comments.threads import comments_panel
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services.comments import comment_add, comment_settle
from objectives.indicators.models import Target
from objectives.planning.choices import ChangeKind, PlanState, Step
from objectives.planning.models import Amendment, OperationalObjective
from objectives.planning.selectors.versions import version_check
from objectives.planning.services import ObjectiveSheet, objective_move, objective_update
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from tests.factories import Ministry, text


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force in a plan in force."""
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    return row


def begin(ministry: Ministry) -> Amendment:
    return amendment_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        unit=ministry.adcv,
        title=text("Bijsturing"),
    )


def bring(ministry: Ministry, amendment: Amendment, draft: OperationalObjective) -> None:
    change_add(
        actor=ministry.users["planner_adcv"],
        amendment=amendment,
        proposal=Proposal(
            kind=ChangeKind.ADD, motivation="Nieuwe taak.", is_important=True, results=[draft]
        ),
    )


def ready(ministry: Ministry, title: str = "Kazernes bouwen", **sheet: Any) -> OperationalObjective:
    row = ministry.objective(title=title)
    ministry.indicator(row, **sheet)
    ministry.motivate(row)
    row.refresh_from_db()
    return row


def carry(ministry: Ministry, amendment: Amendment) -> Any:
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    return amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def page(client: Client, ministry: Ministry, name: str, address: str) -> str:
    client.force_login(ministry.users[name])
    with translation.override("en"):
        answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())


# -- periods before an objective came into force


def test_no_period_is_owed_that_ended_before_the_objective_came_in(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ready(ministry)
    indicator = draft.indicator_links.get().indicator
    amendment = begin(ministry)
    bring(ministry, amendment, draft)
    version = carry(ministry, amendment)
    day = version.dated_on
    asked = indicator.obligations.current()
    before = [row for row in asked if row.period_end < day]
    after = [row for row in asked if row.period_end >= day]
    assert before
    assert all("W1" in row.not_applicable_reason for row in before)
    assert not any(row.not_applicable_reason for row in after)
    assert version_check(version).is_sound


def test_an_indicator_that_goes_on_keeps_its_periods(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = objective.indicator_links.get().indicator
    parts = [ready(ministry, "Kazernes bouwen"), ready(ministry, "Kazernes huren")]
    amendment = begin(ministry)
    change_add(
        actor=ministry.users["planner_adcv"],
        amendment=amendment,
        proposal=Proposal(
            kind=ChangeKind.SPLIT,
            motivation="Te breed.",
            is_important=False,
            objectives=[objective],
            results=parts,
            continuing=[(indicator, parts[0])],
        ),
    )
    ministry.motivate(parts[0])
    carry(ministry, amendment)
    assert not any(row.not_applicable_reason for row in indicator.obligations.current())


def test_a_sum_is_expected_from_the_first_period_that_applies(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ready(ministry, accumulation="flow")
    indicator = draft.indicator_links.get().indicator
    amendment = begin(ministry)
    bring(ministry, amendment, draft)
    carry(ministry, amendment)
    applies = [
        row.period_start
        for row in indicator.obligations.current()
        if not row.not_applicable_reason and row.period_end.year == 2026
    ]
    begins = [
        row for row in Target.objects.filter(indicator=indicator, is_final=False) if not row.value
    ]
    # Once the year is over no period applies, and there is nothing to expect.
    expected = [(min(applies) - timedelta(days=1), Decimal(0))] if applies else []
    assert [(row.due_on, row.value) for row in begins] == expected


# -- remarks on an amendment


def test_remarks_on_an_amendment_stay_within_the_house(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft, amendment = ready(ministry), begin(ministry)
    bring(ministry, amendment, draft)
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    users = ministry.users
    readers = {name for name, user in users.items() if comments_panel(amendment, user)}
    assert readers == {"planner_adcv", "head_adcv", "corporate", "committee", "auditor"}
    for name in ("auditor", "cabinet_vbz", "planner_dvz"):
        with pytest.raises(NotAllowed):
            comment_add(actor=users[name], target=amendment, text="Waarom?")


def test_an_open_request_stops_the_approval_until_it_is_settled(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    draft, amendment = ready(ministry), begin(ministry)
    bring(ministry, amendment, draft)
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    change = amendment.changes.get()
    remark = comment_add(
        actor=ministry.users["committee"],
        target=amendment,
        field=f"change_{change.uuid.hex}",
        text="Met welk budget?",
        asks_change=True,
    )
    address = reverse("planning:amendment", args=[amendment.uuid])
    assert "Met welk budget?" in page(client, ministry, "head_adcv", address)
    with pytest.raises(DomainError) as refused:
        amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    assert refused.value.code == "change_requested"
    assert draft.code in refused.value.message
    comment_settle(actor=ministry.users["committee"], comment=remark, target=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    assert "Met welk budget?" not in page(client, ministry, "cabinet_vbz", address)


# -- what was submitted stays as it is judged


def test_a_submitted_objective_changes_again_once_it_is_taken_back(
    client: Client, ministry: Ministry
) -> None:
    row = ready(ministry)
    ministry.submit(row)
    planner = ministry.users["planner_adcv"]

    def change() -> None:
        row.refresh_from_db()
        objective_update(
            actor=planner,
            objective=row,
            sheet=ObjectiveSheet(
                title=text("Kazernes bouwen en huren"),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
            ),
            expected_version=row.version,
        )

    with pytest.raises(DomainError) as refused:
        change()
    assert refused.value.code == "objective_submitted"
    client.force_login(planner)
    edit = reverse("planning:objective_edit", args=[row.uuid])
    assert client.get(edit).status_code == 302
    assert edit not in page(
        client, ministry, "planner_adcv", reverse("planning:objective", args=[row.uuid])
    )
    objective_move(actor=ministry.users["head_adcv"], objective=row, step=Step.TAKE_BACK)
    change()
    row.refresh_from_db()
    assert (row.title["nl"], row.state) == ("Kazernes bouwen en huren", PlanState.DRAFT)


# -- a draft in a plan in force


def test_a_draft_in_a_plan_in_force_says_how_it_comes_in(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    draft, amendment = ready(ministry), begin(ministry)
    address = reverse("planning:objective", args=[draft.uuid])
    add = reverse("planning:proposal_new", args=[amendment.uuid, "add"])
    assert f"{add}?result={draft.uuid}" in page(client, ministry, "planner_adcv", address)
    form = client.get(f"{add}?result={draft.uuid}").context["form"]
    assert form.initial["results"] == str(draft.uuid)
    listed = client.get(reverse("planning:amendments", args=[2026]))
    assert [row.pk for row in listed.context["drafts"]] == [draft.pk]
    assert client.get(reverse("planning:objective_new", args=[2026])).context["takes_amendments"]
    bring(ministry, amendment, draft)
    assert f"{add}?result=" not in page(client, ministry, "planner_adcv", address)
    assert not client.get(reverse("planning:amendments", args=[2026])).context["drafts"]


def test_a_plan_taken_over_as_approved_is_put_in_force_on_its_page(
    client: Client, ministry: Ministry
) -> None:
    row = ready(ministry)
    ministry.approve(row)
    address = reverse("planning:plan", args=[2026])
    before = page(client, ministry, "committee", address)
    assert 'role="status"' in before
    assert not ministry.year.versions.exists()
    form = client.get(address).context["step_forms"]["approve"]
    done = client.post(
        reverse("planning:plan_approve", args=[2026]),
        {
            "version": form["version"].value(),
            "approved_on": ministry.year.approved_on or "2026-01-05",
        },
    )
    assert done.status_code == 302, done.context["step_forms"]["approve"].errors
    assert ministry.year.versions.get().number == 1
    assert 'role="status">This plan' not in page(client, ministry, "committee", address)


# -- what the history says


def test_the_history_names_what_an_amendment_changed(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    change_add(
        actor=ministry.users["planner_adcv"],
        amendment=amendment,
        proposal=Proposal(
            kind=ChangeKind.CHANGE,
            motivation="Uitloop.",
            is_important=False,
            objectives=[objective],
            values={"ends_on": "2026-11-30"},
        ),
    )
    address = reverse("planning:amendment", args=[amendment.uuid])
    history = page(client, ministry, "planner_adcv", address).split('id="history-h"')[1]
    assert objective.code in history.split("</section>")[0]
    carry(ministry, amendment)
    address = reverse("planning:objective", args=[objective.uuid])
    said = page(client, ministry, "planner_adcv", address).split('id="history-h"')[1]
    assert "W1: Uitloop." in said
