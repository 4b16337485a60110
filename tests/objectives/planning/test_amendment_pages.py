"""Amendments as they are entered and decided on the pages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from objectives.indicators.models import Indicator
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.services.amendment_changes import Proposal, change_add, change_update
from objectives.planning.services.amendments import amendment_create
from objectives.planning.services.versions import plan_version_freeze
from tests.factories import Ministry, text


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    return row


def start(client: Client, ministry: Ministry, objective: OperationalObjective, kind: str) -> str:
    """Propose a change from the objective's page; return the address of the form."""
    client.force_login(ministry.users["planner_adcv"])
    assert b"/wijziging/" in client.get(f"/doelstellingen/{objective.uuid}/").content
    answer = client.post(
        f"/doelstellingen/{objective.uuid}/wijziging/",
        {"kind": kind, "amendment": "new", "title_nl": "Bijsturing"},
    )
    assert answer.status_code == 302
    return str(answer["Location"])


def step(client: Client, ministry: Ministry, by: str, name: str, **data: Any) -> None:
    amendment = Amendment.objects.get()
    client.force_login(ministry.users[by])
    client.post(
        f"/wijzigingen/{amendment.uuid}/stap/",
        {"step": name, "version": amendment.version, **data},
    )


SHEET = {
    "title_nl": "Masterplan NCU afronden",
    "title_fr": "Exécuter Masterplan NCU uitvoeren",
    "starts_on": "2026-01-01",
    "ends_on": "2026-11-30",
    "holder": "ADCV-DG",
    "motivation": "De aanbesteding loopt uit.",
    "is_important": "yes",
}


def test_a_change_from_the_objective_to_the_new_version(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    address = start(client, ministry, objective, "change")
    assert client.get(address).status_code == 200
    assert client.post(address, SHEET).status_code == 302
    change = AmendmentChange.objects.get()
    assert set(change.values) == {"title", "ends_on"}
    page = client.get(f"/wijzigingen/{change.amendment.uuid}/").content.decode()
    assert "<del>uitvoeren</del>" in page
    assert "<ins>afronden</ins>" in page
    step(client, ministry, "head_adcv", "submit")
    step(client, ministry, "committee", "approve")
    objective.refresh_from_db()
    assert objective.title["nl"] == "Masterplan NCU afronden"
    client.force_login(ministry.users["cabinet_am"])
    assert client.get(f"/wijzigingen/{change.amendment.uuid}/").status_code == 200


def test_what_is_wrong_is_said_at_the_field_and_comes_back(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    address = start(client, ministry, objective, "change")
    answer = client.post(address, {**SHEET, "ends_on": "2027-01-31"})
    form = answer.context["form"]
    assert list(form.errors) == ["ends_on"]
    assert "Masterplan NCU afronden" in answer.content.decode()
    answer = client.post(address, {**SHEET, "motivation": "", "is_important": ""})
    assert set(answer.context["form"].errors) == {"motivation", "is_important"}
    assert not AmendmentChange.objects.exists()


def test_another_target_from_its_form(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    address = start(client, ministry, objective, "target")
    assert str(indicator.uuid) in client.get(address).content.decode()
    address = f"{address}&indicator={indicator.uuid}"
    data = {"target_due_on": "2026-12-31", "motivation": "Te hoog.", "is_important": "no"}
    refused = client.post(address, {**data, "target": "50"})
    assert list(refused.context["form"].errors) == ["target"]
    assert client.post(address, {**data, "target": "93"}).status_code == 302
    change = AmendmentChange.objects.get()
    answer = client.get(f"/wijzigingsvoorstellen/{change.uuid}/bewerken/")
    assert answer.context["form"]["target"].value() == "93"


@pytest.mark.parametrize("kind", ["owner", "withdraw", "split", "merge"])
def test_every_kind_has_a_form(
    client: Client, ministry: Ministry, objective: OperationalObjective, kind: str
) -> None:
    answer = client.get(start(client, ministry, objective, kind))
    assert answer.status_code == 200
    assert list(answer.context["form"].fields)[-1] == "change_version"


@pytest.mark.parametrize("kind", ["add", "split", "merge"])
def test_without_a_draft_the_form_says_to_make_one(
    client: Client, ministry: Ministry, objective: OperationalObjective, kind: str
) -> None:
    start(client, ministry, objective, "change")
    amendment = Amendment.objects.get()
    address = f"/wijzigingen/{amendment.uuid}/voorstel/{kind}/?objective={objective.uuid}"
    page = client.get(address).content.decode()
    assert 'name="motivation"' not in page
    assert "/doelstellingen/nieuw/2026/" in page
    ministry.objective(title="Brandweerkazernes keuren")
    assert 'name="motivation"' in client.get(address).content.decode()


def test_the_reason_is_asked_for_the_steps_on_offer(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    start(client, ministry, objective, "change")
    with override("en"):
        page = client.get(f"/wijzigingen/{Amendment.objects.get().uuid}/").content.decode()
    assert "send back or reject" not in page


def test_who_returns_one_out_of_sight_goes_on_with_the_queue(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    client.post(start(client, ministry, objective, "change"), SHEET)
    step(client, ministry, "head_adcv", "submit")
    amendment = Amendment.objects.get()
    client.force_login(ministry.users["committee"])
    answer = client.post(
        f"/wijzigingen/{amendment.uuid}/stap/",
        {"step": "return", "version": amendment.version, "reason": "Vaag"},
        follow=True,
    )
    assert answer.status_code == 200
    assert answer.redirect_chain == [("/taken/", 302)]


def test_a_withdrawn_objective_says_so_and_leaves_the_lists(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    address = start(client, ministry, objective, "withdraw")
    client.post(address, {"motivation": "Geen geld meer.", "is_important": "yes"})
    step(client, ministry, "head_adcv", "submit")
    step(client, ministry, "committee", "approve")
    amendment = Amendment.objects.get()
    page = client.get(f"/doelstellingen/{objective.uuid}/").content.decode()
    assert "Geen geld meer." in page
    assert f"/wijzigingen/{amendment.uuid}/" in page
    assert str(objective.uuid) not in client.get("/directies/ADCV/?year=2026").content.decode()
    before = objective.approved_at
    assert before is not None
    known = before.isoformat().replace("+", "%2B")
    then = client.get(f"/directies/ADCV/?year=2026&known={known}").content.decode()
    assert str(objective.uuid) in then


def test_the_second_of_two_writers_sees_what_the_first_saved(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    address = start(client, ministry, objective, "change")
    client.post(address, SHEET)
    change = AmendmentChange.objects.get()
    change_update(
        actor=ministry.users["head_adcv"],
        change=change,
        expected_version=1,
        proposal=Proposal(
            kind="change",
            motivation="Anders.",
            is_important=False,
            objectives=[objective],
            values={"ends_on": "2026-10-31"},
        ),
    )
    data = {**SHEET, "change_version": 1}
    address = f"/wijzigingsvoorstellen/{change.uuid}/bewerken/"
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert answer.context["theirs"]
    assert "Masterplan NCU afronden" in answer.content.decode()
    assert client.post(address, {**data, "change_version": 2}).status_code == 302
    assert AmendmentChange.objects.get().values["ends_on"][1] == "2026-11-30"


def test_a_cabinet_sees_nothing_before_the_approval(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    address = start(client, ministry, objective, "change")
    client.post(address, SHEET)
    step(client, ministry, "head_adcv", "submit")
    amendment = Amendment.objects.get()
    client.force_login(ministry.users["cabinet_vbz"])
    assert client.get(f"/wijzigingen/{amendment.uuid}/").status_code == 404
    assert "Bijsturing" not in client.get("/plannen/2026/wijzigingen/").content.decode()
    client.force_login(ministry.users["committee"])
    assert "Bijsturing" in client.get("/plannen/2026/wijzigingen/").content.decode()


def test_the_list_takes_as_many_queries_for_more(
    client: Client, ministry: Ministry, objective: OperationalObjective
) -> None:
    client.force_login(ministry.users["planner_adcv"])
    assert _list_queries(client, ministry, objective) == _list_queries(client, ministry, objective)


def _list_queries(client: Client, ministry: Ministry, objective: OperationalObjective) -> int:
    planner = ministry.users["planner_adcv"]
    for day in ("2026-11-30", "2026-10-31"):
        amendment = amendment_create(
            actor=planner, plan=ministry.year, unit=ministry.adcv, title=text("Bijsturing")
        )
        proposal = Proposal(
            kind="change",
            motivation="Loopt uit.",
            is_important=False,
            objectives=[objective],
            values={"ends_on": day},
        )
        change_add(actor=planner, amendment=amendment, proposal=proposal)
    client.get("/plannen/2026/wijzigingen/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/plannen/2026/wijzigingen/")
    return len(queries)
