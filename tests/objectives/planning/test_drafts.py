"""Forms of objectives and indicators give back what was typed and not saved."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.models import FormDraft
from objectives.planning.models import OperationalObjective, Risk
from objectives.strategy.models import Activity
from tests.factories import Ministry, text

NEW = "/doelstellingen/nieuw/2026/"


def signed_in(ministry: Ministry, name: str = "planner_adcv") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


@pytest.fixture
def client(ministry: Ministry) -> Client:
    return signed_in(ministry)


def sent(form: Any) -> dict[str, Any]:
    """Return what the browser would send of a form as it is shown."""
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False, []):
            data[name] = value
    return data


def edit(objective: OperationalObjective) -> str:
    return f"/doelstellingen/{objective.uuid}/bewerken/"


def keep(client: Client, form: str, target: UUID | str, data: dict[str, Any]) -> None:
    assert client.post(f"/kladversie/{form}/{target}/", data).status_code == 200


def test_what_was_typed_stands_in_the_form_again(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"])
    keep(client, "objective", objective.uuid, data | {"title_nl": "Half getypt"})
    page = client.get(edit(objective))
    assert page.context["form"]["title_nl"].value() == "Half getypt"
    assert "Restored what you typed" in page.text
    assert not page.context["draft"].conflict
    objective.refresh_from_db()
    assert objective.title.get("nl") != "Half getypt"


def test_saving_removes_it(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"]) | {"title_nl": "Nu bewaard"}
    keep(client, "objective", objective.uuid, data)
    assert client.post(edit(objective), data).status_code == 302
    assert not FormDraft.objects.exists()
    assert "Restored" not in client.get(edit(objective)).text


def test_text_that_says_what_is_stored_is_no_draft(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"])
    keep(client, "objective", objective.uuid, data)
    assert "Restored" not in client.get(edit(objective)).text


def test_dropping_it_gives_the_stored_text_back(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"])
    keep(client, "objective", objective.uuid, data | {"title_nl": "Weg ermee"})
    drop = f"/kladversie/objective/{objective.uuid}/weg/"
    page = client.post(drop, {"next": edit(objective)}, follow=True)
    assert page.context["form"]["title_nl"].value() == objective.title.get("nl")


def test_a_record_changed_since_shows_both_texts(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"])
    keep(client, "objective", objective.uuid, data | {"title_nl": "Van mij"})
    other = signed_in(ministry, "head_adcv")
    assert other.post(edit(objective), data | {"title_nl": "Van het hoofd"}).status_code == 302
    page = client.get(edit(objective))
    assert [(row.theirs, row.mine) for row in page.context["draft"].conflict] == [
        ("Van het hoofd", "Van mij")
    ]
    # Both were shown, so saving now is a choice.
    assert client.post(edit(objective), sent(page.context["form"])).status_code == 302
    objective.refresh_from_db()
    assert objective.title.get("nl") == "Van mij"


def test_a_new_objective_is_found_again(ministry: Ministry, client: Client) -> None:
    form = client.get(NEW).context["form"]
    key = form["key"].value()
    empty = {name: "" for name in ("werf", "holder", "title_fr")}  # as a browser sends them
    data = sent(form) | empty | {"title_nl": "Nog niet af", "draft_place": "2026"}
    keep(client, "objective-new", key, data)
    # An empty form says that there is one, its own address gives it back.
    page = client.get(NEW)
    assert page.context["form"]["title_nl"].value() is None
    assert "unsaved draft of “Nog niet af”" in page.text
    page = client.get(f"{NEW}?key={key}")
    assert page.context["form"]["title_nl"].value() == "Nog niet af"
    saved = sent(page.context["form"]) | {"unit": "ADCV", "werf": str(ministry.werf.uuid)}
    assert client.post(f"{NEW}?key={key}", saved).status_code == 302
    assert OperationalObjective.objects.get().uuid == UUID(str(key))
    assert not FormDraft.objects.exists()


def test_the_key_of_a_saved_objective_is_not_used_again(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    form = client.get(f"{NEW}?key={objective.uuid}").context["form"]
    assert str(form["key"].value()) != str(objective.uuid)
    assert client.get(f"{NEW}?key=nonsense").status_code == 200


def test_a_draft_of_another_year_is_not_offered(ministry: Ministry, client: Client) -> None:
    key = client.get(NEW).context["form"]["key"].value()
    keep(client, "objective-new", key, {"title_nl": "Van 2027", "draft_place": "2027"})
    assert "Van 2027" not in client.get(NEW).text


def test_two_people_see_each_other(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    data = sent(client.get(edit(objective)).context["form"])
    keep(client, "objective", objective.uuid, data | {"title_nl": "Van de planner"})
    head = signed_in(ministry, "head_adcv")
    for address in (edit(objective), f"/kladversie/objective/{objective.uuid}/"):
        page = head.get(address).text
        assert str(ministry.users["planner_adcv"]) in page
        assert "Van de planner" in page
    assert "Van de planner" not in client.get(f"/kladversie/objective/{objective.uuid}/").text


def test_indicator_forms_keep_their_text_too(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    address = f"/doelstellingen/{objective.uuid}/indicator/"
    form = client.get(address).context["form"]
    key = form["key"].value()
    data = sent(form) | {"title_nl": "Wachttijd", "draft_place": str(objective.uuid)}
    keep(client, "indicator-new", key, data)
    assert "Wachttijd" in client.get(address).text
    assert client.get(f"{address}?key={key}").context["form"]["title_nl"].value() == "Wachttijd"

    indicator = ministry.indicator(objective, title=text("Doorlooptijd"))
    address = f"/indicatoren/{indicator.uuid}/definitie/"
    data = sent(client.get(address).context["form"])
    keep(client, "indicator", indicator.uuid, data | {"title_nl": "Andere naam"})
    page = client.get(address)
    assert page.context["form"]["title_nl"].value() == "Andere naam"
    assert [row.name for row in page.context["draft"].others] == []


@pytest.mark.parametrize("part", ["activiteit", "risico"])
def test_activities_and_risks_keep_their_text_too(
    ministry: Ministry, client: Client, part: str
) -> None:
    objective = ministry.objective()
    name = {"activiteit": "activity", "risico": "risk"}[part]
    address = reverse(f"planning:{name}_new", args=[objective.uuid])
    form = client.get(address).context["form"]
    key = form["key"].value()
    data = sent(form) | {"title_nl": "Half getypt", "draft_place": str(objective.uuid)}
    keep(client, f"{name}-new", key, data)
    assert "Half getypt" in client.get(address).text
    form = client.get(f"{address}?key={key}").context["form"]
    assert form["title_nl"].value() == "Half getypt"
    extra = {"likelihood": "2", "impact": "2", "response": "accept"} if name == "risk" else {}
    saved = client.post(address, sent(form) | {"title_fr": "Tapé"} | extra)
    assert saved.status_code == 302
    assert not FormDraft.objects.exists()

    made = (Activity if name == "activity" else Risk).objects.get()
    address = reverse(f"planning:{name}_edit", args=[made.uuid])
    data = sent(client.get(address).context["form"])
    keep(client, name, made.uuid, data | {"title_nl": "Anders"})
    assert client.get(address).context["form"]["title_nl"].value() == "Anders"
    head = signed_in(ministry, "head_adcv").get(address)
    assert [editor.rows[0].mine for editor in head.context["draft"].others] == ["Anders"]


@pytest.mark.parametrize("form", ["risk", "activity"])
def test_a_key_that_another_objective_used_is_refused_at_the_form(
    ministry: Ministry, client: Client, form: str
) -> None:
    key = "9a7f0d3e-52a4-4c43-8f0e-0c0a6a1f7d11"
    data = {"title_nl": "Bouwen", "key": key}
    data |= {"kind": "action", "likelihood": "3", "impact": "3", "response": "accept"}
    one, other = ministry.objective(), ministry.objective(title="Kazernes bouwen")
    assert client.post(reverse(f"planning:{form}_new", args=[one.uuid]), data).status_code == 302
    again = client.post(reverse(f"planning:{form}_new", args=[other.uuid]), data)
    assert "was saved for another objective already" in again.text
    assert Risk.objects.count() + Activity.objects.count() == 1


def test_dropping_leads_to_an_address_never_to_a_name(ministry: Ministry, client: Client) -> None:
    address = f"/kladversie/objective/{ministry.objective().uuid}/weg/"
    answer = client.post(address, {"next": "1e400"})
    assert (answer.status_code, answer["Location"]) == (302, "1e400")
