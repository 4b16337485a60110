"""What is typed is kept until it is saved: by form, by user, for a while."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from ibzplan.core.drafts.comparing import differences
from ibzplan.core.drafts.selectors import draft_of, others_editing
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import FormDraft, HistoryEntry
from ibzplan.core.services.drafts import (
    DRAFT_LIFE_DAYS,
    MAX_DRAFT_BYTES,
    draft_drop,
    draft_save,
    drafts_expire,
)
from ibzplan.core.tasks import expire_drafts
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


def keep(
    ministry: Ministry, objective: OperationalObjective, title: str, by: str = "planner_adcv"
) -> FormDraft:
    return draft_save(
        actor=ministry.users[by],
        form="objective",
        target=objective.uuid,
        data={"title_nl": [title]},
        base_version=objective.version,
    )


def test_the_last_text_takes_the_place_of_the_one_before(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    first = keep(ministry, objective, "Half getypt")
    keep(ministry, objective, "Helemaal getypt")
    kept = draft_of(ministry.users["planner_adcv"], "objective", objective.uuid)
    assert kept is not None
    assert kept.data == {"title_nl": ["Helemaal getypt"]}
    assert kept.started_at == first.started_at < kept.saved_at
    assert FormDraft.objects.count() == 1


def test_it_is_no_change_of_the_record(ministry: Ministry, objective: OperationalObjective) -> None:
    before = HistoryEntry.objects.count()
    keep(ministry, objective, "Half getypt")
    objective.refresh_from_db()
    assert objective.title.get("nl") != "Half getypt"
    assert HistoryEntry.objects.count() == before


def test_everyone_has_their_own(ministry: Ministry, objective: OperationalObjective) -> None:
    keep(ministry, objective, "Van de planner")
    keep(ministry, objective, "Van het hoofd", by="head_adcv")
    assert draft_drop(actor=ministry.users["planner_adcv"], form="objective", target=objective.uuid)
    left = FormDraft.objects.get()
    assert (left.user, left.data) == (
        ministry.users["head_adcv"],
        {"title_nl": ["Van het hoofd"]},
    )


@pytest.mark.parametrize("name", ["planner_dvz", "committee", "auditor", "outsider"])
def test_nobody_keeps_text_where_they_may_not_write(
    ministry: Ministry, objective: OperationalObjective, name: str
) -> None:
    with pytest.raises(NotAllowed):
        keep(ministry, objective, "Vreemd", by=name)
    assert not FormDraft.objects.exists()


def test_an_unknown_form_keeps_nothing(ministry: Ministry, objective: OperationalObjective) -> None:
    with pytest.raises(NotAllowed):
        draft_save(
            actor=ministry.users["planner_adcv"],
            form="notes-of-my-own",
            target=objective.uuid,
            data={},
        )


def test_too_much_is_refused_and_what_was_kept_stays(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    keep(ministry, objective, "Kort")
    with pytest.raises(DomainError) as refused:
        keep(ministry, objective, "x" * MAX_DRAFT_BYTES)
    assert refused.value.code == "draft_too_large"
    assert FormDraft.objects.get().data == {"title_nl": ["Kort"]}


def test_old_ones_are_removed(ministry: Ministry, objective: OperationalObjective) -> None:
    draft = keep(ministry, objective, "Vergeten")
    last = draft.saved_at + timedelta(days=DRAFT_LIFE_DAYS)
    assert drafts_expire(now=last) == 0
    FormDraft.objects.update(saved_at=timezone.now() - timedelta(days=DRAFT_LIFE_DAYS, hours=1))
    assert expire_drafts() == 1
    assert not FormDraft.objects.exists()


def test_others_see_what_differs_and_strangers_nothing(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    keep(ministry, objective, "Wat de planner typt")
    (editor,) = others_editing(ministry.users["head_adcv"], "objective", objective.uuid)
    assert editor.name == str(ministry.users["planner_adcv"])
    assert [(row.name, row.theirs, row.mine) for row in editor.rows] == [
        ("title_nl", objective.title.get("nl", ""), "Wat de planner typt")
    ]
    for name in ("planner_adcv", "planner_dvz", "auditor"):
        assert others_editing(ministry.users[name], "objective", objective.uuid) == []


def test_choices_and_dates_compare_as_people_read_them(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    from ibzplan.core.drafts.registry import kind_of

    kind = kind_of("objective")
    assert kind is not None
    stored = kind.stored(objective.uuid, ministry.users["planner_adcv"])
    assert stored is not None
    typed = {
        "holder": ["DVZ-DG"],
        "starts_on": ["2026-01-01"],
        "ends_on": ["geen datum"],
        "version": ["99"],
    }
    rows = {row.name: row for row in differences(stored, typed)}
    assert "starts_on" not in rows
    assert "version" not in rows
    assert rows["ends_on"].mine == "geen datum"
    assert "holder" in rows


def test_the_address_answers_with_a_sentence_and_refuses_the_rest(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    address = f"/kladversie/objective/{objective.uuid}/"
    client = Client(headers={"accept-language": "en"})
    assert client.post(address, {"title_nl": "x"}).status_code == 302  # to sign in
    client.force_login(ministry.users["planner_adcv"])
    answer = client.post(address, {"title_nl": "Getypt", "version": "1"})
    assert (answer.status_code, "not saved yet" in answer.text) == (200, True)
    kept = FormDraft.objects.get()
    assert (kept.data["title_nl"], kept.base_version) == (["Getypt"], 1)
    assert client.post(address, {"title_nl": "x" * MAX_DRAFT_BYTES}).status_code == 413
    assert client.post(f"/kladversie/nothing/{uuid4()}/", {"a": "b"}).status_code == 403
    client.force_login(ministry.users["planner_dvz"])
    assert client.post(address, {"title_nl": "Vreemd"}).status_code == 403
    assert client.get(address).status_code == 404
    assert FormDraft.objects.get() == kept


def test_what_no_database_keeps_is_left_out(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    address = f"/kladversie/objective/{objective.uuid}/"
    answer = client.post(address, {"title_nl": "Get\x00ypt", "version": "0" * 5000})
    assert answer.status_code == 200
    kept = FormDraft.objects.get()
    assert (kept.data["title_nl"], kept.base_version) == (["Getypt"], None)
    planner = ministry.users["planner_adcv"]
    assert not draft_drop(actor=planner, form="\x00", target=objective.uuid)


def test_the_address_wants_its_token(ministry: Ministry, objective: OperationalObjective) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ministry.users["planner_adcv"])
    assert client.post(f"/kladversie/objective/{objective.uuid}/", {"a": "b"}).status_code == 403
    assert not FormDraft.objects.exists()


def test_dropping_leads_back_to_the_form_and_never_elsewhere(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    keep(ministry, objective, "Weg ermee")
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    address = f"/kladversie/objective/{objective.uuid}/weg/"
    back = f"/doelstellingen/{objective.uuid}/bewerken/"
    assert client.post(address, {"next": back})["Location"] == back
    assert not FormDraft.objects.exists()
    assert client.post(address, {"next": "https://elsewhere.example/"})["Location"] == "/"
