"""On which people and credits an objective counts, in words: typed, shown, remembered, taken on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.errors import EditConflict, NotAllowed
from ibzplan.core.localised import STATE_OUTDATED, LocalisedText
from ibzplan.core.selectors import history_of
from ibzplan.core.translations import waiting_texts
from objectives.planning.choices import ChangeKind
from objectives.planning.history_words import changed_text
from objectives.planning.models import OperationalObjective, OperationalPlan, PlanVersion
from objectives.planning.selectors.versions import plan_content, version_check
from objectives.planning.services import objective_update
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.copying import CopyChoice, objectives_copy
from objectives.planning.services.table import sheet_as_stored
from objectives.planning.services.versions import plan_version_freeze
from personnel.access import access_of
from tests.factories import Ministry
from tests.objectives.planning.workbook_files import Opened, apply, export, hand_in

FOUR = LocalisedText(
    {"nl": "4 VTE van de dienst Planning\ndotatie NCU", "fr": "4 ETP du service Planification"}
)
SIX = LocalisedText({"nl": "6 VTE van de dienst Planning", "fr": "6 ETP du service Planification"})


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def page(
    ministry: Ministry, objective: OperationalObjective, *, by: str, language: str = "en", **at: Any
) -> str:
    """Return what the panel of the means shows to a reader."""
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[by])
    html = client.get(reverse("planning:objective", args=[objective.uuid]), at).content.decode()
    return html.split('<section class="panel" id="means"')[1].split("</section>")[0]


def name_means(
    ministry: Ministry,
    objective: OperationalObjective,
    means: LocalisedText,
    *,
    by: str = "planner_adcv",
) -> bool:
    objective.refresh_from_db()
    return objective_update(
        actor=ministry.users[by],
        objective=objective,
        sheet=replace(sheet_as_stored(objective), means=means),
        expected_version=objective.version,
    )


def amend(ministry: Ministry, objective: OperationalObjective, means: LocalisedText) -> None:
    head = ministry.users["head_adcv"]
    amendment = amendment_create(
        actor=head, plan=ministry.year, unit=ministry.adcv, title=SIX, motivation=SIX
    )
    change_add(
        actor=head,
        amendment=amendment,
        proposal=Proposal(
            kind=ChangeKind.CHANGE,
            motivation="Twee vacatures zijn ingevuld.",
            is_important=False,
            objectives=[objective],
            values={"means": dict(means)},
        ),
    )
    amendment_submit(actor=head, amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def in_force(ministry: Ministry, **sheet: Any) -> OperationalObjective:
    objective = ministry.objective(**sheet)
    ministry.indicator(objective)
    ministry.approve(objective)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    objective.refresh_from_db()
    return objective


def test_the_page_shows_them_in_the_language_of_the_reader(ministry: Ministry) -> None:
    objective = in_force(ministry, means=FOUR)
    assert "4 VTE van de dienst Planning<br>dotatie NCU" in page(
        ministry, objective, by="cabinet_vbz", language="nl"
    )
    assert "4 ETP du service Planification" in page(
        ministry, objective, by="cabinet_vbz", language="fr"
    )


def test_without_them_who_may_name_them_is_told_where(ministry: Ministry) -> None:
    draft = ministry.objective()
    told = page(ministry, draft, by="planner_adcv")
    assert "No means named yet." in told
    assert reverse("planning:objective_edit", args=[draft.uuid]) in told
    assert "href" not in page(ministry, draft, by="auditor")

    objective = in_force(ministry)
    proposing = reverse("planning:proposal_start", args=[objective.uuid])
    assert proposing in page(ministry, objective, by="planner_adcv")
    for reader in ("cabinet_vbz", "auditor", "planner_dvz"):
        told = page(ministry, objective, by=reader)
        assert "No means named yet." in told
        assert "href" not in told


def test_an_earlier_moment_shows_what_was_said_then(ministry: Ministry) -> None:
    objective = ministry.objective(means=FOUR)
    before = timezone.now().isoformat()
    name_means(ministry, objective, SIX)
    assert "6 VTE" in page(ministry, objective, by="planner_adcv", language="nl")
    then = page(ministry, objective, by="planner_adcv", language="nl", known=before)
    assert "4 VTE" in then
    assert "6 VTE" not in then
    with translation.override("en"):
        assert objective_history(objective) == ["means"]


def objective_history(objective: OperationalObjective) -> list[str]:
    """Return what the changes of an objective speak of, in words."""
    return [changed_text(row) for row in history_of(objective) if row.action == "changed"]


def test_the_same_means_leave_no_trace(ministry: Ministry) -> None:
    objective = ministry.objective(means=FOUR)
    assert not name_means(ministry, objective, FOUR)


def test_a_planner_of_another_unit_writes_none(ministry: Ministry) -> None:
    objective = ministry.objective()
    with pytest.raises(NotAllowed):
        name_means(ministry, objective, SIX, by="planner_dvz")
    client = Client()
    client.force_login(ministry.users["planner_dvz"])
    answer = client.post(
        reverse("planning:objective_edit", args=[objective.uuid]), {"means_nl": "6 VTE"}
    )
    assert answer.status_code in (403, 404)
    objective.refresh_from_db()
    assert not objective.means


def typed(objective: OperationalObjective, **values: str) -> dict[str, str]:
    return {
        "title_nl": objective.title["nl"],
        "title_fr": objective.title["fr"],
        "holder": "ADCV-DG",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "version": str(objective.version),
        **values,
    }


def test_the_form_takes_them_and_shows_both_versions_in_a_conflict(ministry: Ministry) -> None:
    objective = ministry.objective()
    address = reverse("planning:objective_edit", args=[objective.uuid])
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users["planner_adcv"])
    first = typed(objective, means_nl="4 VTE", means_fr="4 ETP")
    assert client.post(address, first).status_code == 302
    objective.refresh_from_db()
    assert dict(objective.means) == {"nl": "4 VTE", "fr": "4 ETP"}

    late = client.post(address, {**first, "means_nl": "9 VTE"})
    told = late.content.decode()
    assert "Means in Dutch" in told
    assert "4 VTE" in told
    assert "9 VTE" in told
    with pytest.raises(EditConflict):
        objective_update(
            actor=ministry.users["planner_adcv"],
            objective=objective,
            sheet=replace(sheet_as_stored(objective), means=SIX),
            expected_version=objective.version - 1,
        )


def test_one_language_edited_outdates_the_other_and_waits_for_translation(
    ministry: Ministry,
) -> None:
    objective = ministry.objective(means=FOUR)
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    client.post(
        reverse("planning:objective_edit", args=[objective.uuid]),
        typed(objective, means_nl="6 VTE", means_fr=FOUR["fr"]),
    )
    objective.refresh_from_db()
    assert objective.means.state("fr") == STATE_OUTDATED
    waiting = waiting_texts(access_of(ministry.users["planner_adcv"]))
    assert [(one.field, one.language) for one in waiting if one.of.record == objective] == [
        ("means", "fr")
    ]


def test_they_are_found_by_their_words(ministry: Ministry) -> None:
    objective = ministry.objective(means=FOUR)
    page_of = reverse("planning:objective", args=[objective.uuid])
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    assert page_of in client.get(reverse("search"), {"q": "dotatie"}).content.decode()
    name_means(ministry, objective, SIX)
    assert page_of not in client.get(reverse("search"), {"q": "dotatie"}).content.decode()


def test_an_amendment_changes_them_and_the_versions_tell(ministry: Ministry) -> None:
    objective = in_force(ministry)
    amend(ministry, objective, SIX)
    objective.refresh_from_db()
    assert dict(objective.means) == dict(SIX)
    first, second = PlanVersion.objects.order_by("number")
    assert version_check(first).is_sound
    assert version_check(second).is_sound
    assert said(ministry.year, first.recorded_at, objective) is None
    assert said(ministry.year, second.recorded_at, objective) == dict(SIX)
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users["cabinet_vbz"])
    compared = client.get("/plannen/2026/versies/vergelijken/?van=1&tot=2").content.decode()
    assert "Means (NL)" in compared


def said(plan: OperationalPlan, at: datetime, objective: OperationalObjective) -> Any:
    return plan_content(plan, at)["objectives"][objective.code].get("means")


def test_the_form_of_an_amendment_starts_with_what_is_said_now(ministry: Ministry) -> None:
    objective = in_force(ministry, means=FOUR)
    head = ministry.users["head_adcv"]
    client = Client(headers={"accept-language": "en"})
    client.force_login(head)
    started = client.post(
        reverse("planning:proposal_start", args=[objective.uuid]),
        {"kind": "change", "amendment": "new", "title_nl": "Bijsturing"},
    )
    answer = client.get(started["Location"]).content.decode()
    assert 'name="means_nl"' in answer
    assert "4 ETP du service Planification" in answer


def test_they_come_along_to_the_plan_of_next_year(ministry: Ministry) -> None:
    objective = in_force(ministry, means=FOUR)
    following = OperationalPlan.objects.create(plan=ministry.plan, year=2027)
    (done,) = objectives_copy(
        actor=ministry.users["planner_adcv"], plan=following, choices=[CopyChoice(objective)]
    )
    assert done.objective.means == FOUR
    assert done.objective.starts_on == date(2027, 1, 1)


def test_the_workbook_has_them_too(ministry: Ministry) -> None:
    objective = ministry.objective(means=FOUR)
    ministry.indicator(objective)
    planner = ministry.users["planner_adcv"]
    opened = Opened(export(ministry, planner))
    (row,) = opened.rows("objectives")
    assert opened.cell("objectives", row, "means_fr").value == FOUR["fr"]
    opened.put("objectives", row, "means_fr", "7 ETP")
    apply(hand_in(ministry, planner, opened.saved()))
    objective.refresh_from_db()
    assert objective.means["fr"] == "7 ETP"
