"""The translation queue: what waits, who translates it, and what a translation changes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import (
    STATE_APPROVED,
    STATE_OUTDATED,
    STATE_UNOFFICIAL,
    LocalisedText,
)
from ibzplan.core.selectors import history_of
from ibzplan.core.services import record_change, translation_save
from ibzplan.core.translations import TextSource, mark_of, source_of, waiting_texts, waits
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import Goal, Werf
from personnel.access import access_of
from tests.factories import Ministry, function_of

DUTCH = LocalisedText({"nl": "Masterplan NCU uitvoeren"})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    row = ministry.objective()
    OperationalObjective.objects.filter(pk=row.pk).update(title=DUTCH)
    row.refresh_from_db()
    return row


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def objectives_source() -> TextSource:
    source = source_of("objectives")
    assert source is not None
    return source


def address(row: OperationalObjective, language: str = "fr", field: str = "title") -> str:
    return reverse("reporting:translation", args=["objectives", row.uuid, field, language])


def seen(row: OperationalObjective) -> str:
    """Return the mark of the title as it is stored now."""
    return mark_of(OperationalObjective.objects.get(pk=row.pk).title)


def save(ministry: Ministry, row: OperationalObjective, words: str, **more: Any) -> bool:
    actor = ministry.users[more.pop("by", "planner_adcv")]
    return translation_save(
        actor=actor,
        access=access_of(actor),
        source=objectives_source(),
        record=row,
        field=more.pop("field", "title"),
        language=more.pop("language", "fr"),
        text=words,
        **more,
    )


@pytest.mark.parametrize(
    ("texts", "states", "language", "expected"),
    [
        ({"nl": "a"}, {}, "fr", "missing"),
        ({"fr": "a"}, {}, "nl", "missing"),
        ({"nl": "a", "fr": "b"}, {}, "fr", ""),
        ({"nl": "a", "fr": "b"}, {"fr": STATE_OUTDATED}, "fr", "outdated"),
        ({"nl": "a", "fr": "b"}, {"fr": STATE_UNOFFICIAL}, "fr", "unofficial"),
        ({"nl": "a", "fr": "b"}, {"nl": STATE_UNOFFICIAL}, "nl", ""),  # a summary
        ({"nl": "a"}, {}, "nl", ""),
        ({}, {}, "fr", ""),
    ],
)
def test_when_a_text_waits(
    texts: dict[str, str], states: dict[str, str], language: str, expected: str
) -> None:
    assert waits(LocalisedText(texts, states), language) == expected


def test_what_waits_is_counted_by_unit_and_kind(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    page = signed_in(ministry, "planner_adcv").get(reverse("reporting:translations"))
    queue = page.context["queue"]
    assert queue.total == 1
    assert [(row.unit, row.total) for row in queue.table] == [("ADCV", 1)]
    html = page.content.decode()
    assert "<strong>1 text</strong>" in html
    assert "Masterplan NCU uitvoeren" in html


def test_others_do_not_see_it(ministry: Ministry, objective: OperationalObjective) -> None:
    page = signed_in(ministry, "planner_dvz").get(reverse("reporting:translations"))
    assert page.context["queue"].total == 0
    for name in ("committee", "cabinet_vbz", "auditor", "outsider"):
        assert signed_in(ministry, name).get(reverse("reporting:translations")).status_code == 403
    assert signed_in(ministry, "planner_dvz").get(address(objective)).status_code == 404
    with pytest.raises(NotAllowed):
        save(ministry, objective, "Exécuter", by="planner_dvz")


def test_a_translation_leaves_the_original_and_the_history(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    answer = signed_in(ministry, "planner_adcv").post(
        address(objective), {"text": "Exécuter le plan NCU", "seen": mark_of(objective.title)}
    )
    assert answer.headers["Location"] == reverse("reporting:translations")
    stored = OperationalObjective.objects.get()
    assert stored.title == {"nl": "Masterplan NCU uitvoeren", "fr": "Exécuter le plan NCU"}
    assert stored.title.state("fr") == STATE_UNOFFICIAL
    assert stored.title.state("nl") == STATE_APPROVED
    assert "executer le plan" in stored.search_key
    assert history_of(stored)[0].action == "translated"


def test_approving_takes_it_out_of_the_queue(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    save(ministry, objective, "Exécuter le plan")
    access = access_of(ministry.users["planner_adcv"])
    assert [row.state for row in waiting_texts(access)] == [STATE_UNOFFICIAL]
    signed_in(ministry, "head_adcv").post(
        address(objective),
        {"text": "Exécuter le plan", "action": "approve", "seen": seen(objective)},
    )
    assert waiting_texts(access) == []


def test_a_text_in_force_is_translated_without_an_amendment(ministry: Ministry) -> None:
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    OperationalObjective.objects.filter(pk=row.pk).update(title=DUTCH)
    assert save(ministry, row, "Exécuter le plan", approve=True, by="corporate")
    stored = OperationalObjective.objects.get()
    assert (stored.state, stored.title["fr"]) == ("approved", "Exécuter le plan")


def test_an_approved_text_in_force_does_not_change_as_a_translation(ministry: Ministry) -> None:
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    page = signed_in(ministry, "planner_adcv").post(
        address(row, "nl"), {"text": "Iets anders", "seen": seen(row), "action": "approve"}
    )
    assert page.status_code == 422
    assert "by an amendment" in page.content.decode()
    assert "Iets anders" in page.content.decode()  # what was typed comes back
    assert OperationalObjective.objects.get().title == row.title
    # Saving it as it stands takes no approval away either.
    assert not save(ministry, row, row.title["fr"])
    assert OperationalObjective.objects.get().title.state("fr") == STATE_APPROVED


def test_an_original_that_changed_meanwhile_stands_beside_what_was_typed(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    mark = mark_of(objective.title)
    changed = LocalisedText({"nl": "Masterplan NCU herzien"})
    record_change(actor=ministry.users["head_adcv"], target=objective, values={"title": changed})
    client = signed_in(ministry, "planner_adcv")
    typed = {"text": "Exécuter le plan directeur", "seen": mark}
    answer = client.post(address(objective), typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Masterplan NCU herzien" in html
    assert "Exécuter le plan directeur" in html
    assert "fr" not in OperationalObjective.objects.get().title
    again = client.post(address(objective), {**typed, "seen": mark_of(changed)})
    assert again.status_code == 302
    assert OperationalObjective.objects.get().title["fr"] == "Exécuter le plan directeur"


def test_another_field_that_changed_is_no_conflict(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    mark = mark_of(objective.title)
    record_change(
        actor=ministry.users["head_adcv"],
        target=objective,
        values={"description": LocalisedText({"nl": "Meer"})},
    )
    assert save(ministry, objective, "Exécuter le plan", seen=mark)


def test_an_empty_translation_is_refused_at_its_box(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    answer = signed_in(ministry, "planner_adcv").post(address(objective), {"text": "  "})
    assert answer.status_code == 422
    assert "Type the translation." in answer.content.decode()
    with pytest.raises(DomainError) as caught:
        save(ministry, objective, " ")
    assert caught.value.field == "text"


def test_nothing_is_translated_from_nothing(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as caught:
        save(ministry, objective, "Traduit de rien", field="description")
    assert caught.value.code == "no_original"


@pytest.mark.parametrize(
    ("field", "language"), [("code", "fr"), ("title", "en"), ("search_key", "nl")]
)
def test_only_texts_are_translated(
    ministry: Ministry, objective: OperationalObjective, field: str, language: str
) -> None:
    client = signed_in(ministry, "planner_adcv")
    assert client.get(address(objective, language, field)).status_code == 404


def test_the_way_back_never_leads_to_another_site(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    queue = reverse("reporting:translations")
    client = signed_in(ministry, "planner_adcv")
    for asked, expected in [
        ("https://elders.example/", queue),
        (f"{queue}?page=2", f"{queue}?page=2"),
    ]:
        typed = {"text": "Exécuter", "next": asked, "seen": seen(objective)}
        answer = client.post(address(objective), typed)
        assert answer.headers["Location"] == expected


def test_the_corporate_cell_translates_the_plans_and_planners_do_not(ministry: Ministry) -> None:
    Werf.objects.filter(pk=ministry.werf.pk).update(title=LocalisedText({"nl": "Hulpketen"}))
    corporate = {row.source.kind for row in waiting_texts(access_of(ministry.users["corporate"]))}
    planner = {row.source.kind for row in waiting_texts(access_of(ministry.users["planner_adcv"]))}
    assert "werven" in corporate
    assert "werven" not in planner


def test_an_indicator_leads_to_its_definition(ministry: Ministry) -> None:
    indicator = ministry.indicator(ministry.objective(), method=LocalisedText({"nl": "Telling"}))
    html = signed_in(ministry, "planner_adcv").get(reverse("reporting:translations")).content
    assert reverse("planning:indicator_define", args=[indicator.uuid]) in html.decode()


def test_the_filters_leave_what_they_name(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    ministry.indicator(objective, method=LocalisedText({"nl": "Telling"}))
    client = signed_in(ministry, "planner_adcv")
    page = reverse("reporting:translations")
    for query, count in [("", 2), ("?kind=objectives", 1), ("?unit=ADCV", 2), ("?language=nl", 0)]:
        assert client.get(page + query).context["page"].paginator.count == count


def _queries(client: Client) -> int:
    address = reverse("reporting:translations")
    client.get(address)  # keeps what seldom changes
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["planner_adcv", "corporate"])
def test_the_queue_costs_the_same_with_three_times_the_texts(
    ministry: Ministry, objective: OperationalObjective, name: str
) -> None:
    Goal.objects.create(objective=ministry.werf.objective, code="1", title=DUTCH)
    client = signed_in(ministry, name)
    before = _queries(client)
    for number in range(6):
        row = ministry.objective(title=f"Plan {number} uitvoeren")
        OperationalObjective.objects.filter(pk=row.pk).update(title=DUTCH)
        Goal.objects.create(objective=ministry.werf.objective, code=f"1{number}", title=DUTCH)
    assert _queries(client) == before


def test_a_function_is_translated_too(ministry: Ministry) -> None:
    function = function_of("ADCV")
    type(function).objects.filter(pk=function.pk).update(title=LocalisedText({"nl": "Directeur"}))
    client = signed_in(ministry, "corporate")
    page = reverse("reporting:translation", args=["functions", function.uuid, "title", "fr"])
    mark = mark_of(function_of("ADCV").title)
    client.post(page, {"text": "Directeur général", "action": "approve", "seen": mark})
    assert function_of("ADCV").title == {"nl": "Directeur", "fr": "Directeur général"}
