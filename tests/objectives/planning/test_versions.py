"""Consolidated versions of a plan: frozen, verified, compared."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.services import record_change
from objectives.indicators.models import Indicator
from objectives.planning.comparing import word_sides
from objectives.planning.models import OperationalObjective, PlanVersion
from objectives.planning.selectors.comparison import compare
from objectives.planning.selectors.versions import plan_content, version_check
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.planning.version_texts import Names
from tests.factories import Ministry, text


def test_a_version_holds_what_is_in_force_and_nothing_else(ministry: Ministry) -> None:
    approved, draft = ministry.objective(), ministry.objective(title="Kazernes bouwen")
    indicator = ministry.indicator(approved)
    ministry.approve(approved)
    version = plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    content = json.loads(version.content)
    assert version.number == 1
    assert list(content["objectives"]) == [approved.code]
    assert draft.code not in version.content
    (held,) = content["objectives"][approved.code]["indicators"].items()
    assert held[0] == indicator.code
    assert held[1]["targets"] == [
        {"due_on": "2026-12-31", "value": "95", "level": None, "is_final": True}
    ]


def test_a_version_is_the_same_when_made_again_after_later_changes(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    committee = ministry.users["committee"]
    version = plan_version_freeze(actor=committee, plan=ministry.year)
    record_change(
        actor=committee,
        target=objective,
        values={"title": text("Iets anders doen"), "ends_on": date(2026, 6, 30)},
    )
    assert version_check(version).is_sound
    now = plan_content(ministry.year, PlanVersion.objects.get().recorded_at)
    assert now["objectives"][objective.code]["title"]["nl"] == "Masterplan NCU uitvoeren"


def test_a_plan_comes_into_force_once(ministry: Ministry) -> None:
    committee = ministry.users["committee"]
    plan_version_freeze(actor=committee, plan=ministry.year)
    with pytest.raises(DomainError) as refused:
        plan_version_freeze(actor=committee, plan=ministry.year)
    assert refused.value.code == "in_force_already"


def amended(ministry: Ministry) -> OperationalObjective:
    """Return an objective that one amendment changed and another split: three versions."""
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    committee = ministry.users["committee"]
    plan_version_freeze(actor=committee, plan=ministry.year)
    values = {"title": {"nl": "Masterplan NCU afronden"}}
    carry(ministry, kind="change", objectives=[objective], values=values)
    drafts = []
    for name in ("Kazernes bouwen", "Wagens kopen"):
        draft = ministry.objective(title=name)
        ministry.indicator(draft)
        ministry.motivate(draft)
        draft.refresh_from_db()
        drafts.append(draft)
    carry(ministry, kind="split", objectives=[objective], results=drafts)
    return objective


def carry(ministry: Ministry, **parts: Any) -> None:
    head = ministry.users["head_adcv"]
    amendment = amendment_create(
        actor=head, plan=ministry.year, unit=ministry.adcv, title=text("Bijsturing")
    )
    proposal = Proposal(motivation="Loopt uit.", is_important=True, **parts)
    change_add(actor=head, amendment=amendment, proposal=proposal)
    amendment_submit(actor=head, amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def page(ministry: Ministry, client: Client, query: str, *, by: str = "cabinet_vbz") -> str:
    client.force_login(ministry.users[by])
    with translation.override("en"):
        answer = client.get(f"/plannen/2026/versies/{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_versions_differ_by_words(ministry: Ministry, client: Client) -> None:
    amended(ministry)
    text_of = page(ministry, client, "vergelijken/?van=1&tot=2")
    assert "<del>uitvoeren</del>" in text_of
    assert "<ins>afronden</ins>" in text_of


def test_a_split_is_told_as_such(ministry: Ministry) -> None:
    objective = amended(ministry)
    contents = [json.loads(row.content) for row in PlanVersion.objects.order_by("number")]
    found = compare(contents[1], contents[2], Names())
    (gone,) = found.withdrawn
    assert gone.text.code == objective.code
    assert gone.split_into == ("2.6.2", "2.6.3")
    assert [one.code for one in found.added] == ["2.6.2", "2.6.3"]
    assert compare(contents[2], contents[2], Names()).is_empty
    back = compare(contents[2], contents[0], Names())
    assert [one.code for one in back.added] == [objective.code]


def test_the_last_version_is_the_plan_of_now(ministry: Ministry, client: Client) -> None:
    amended(ministry)
    assert "vergelijken" in page(ministry, client, "")
    assert "<del>" not in page(ministry, client, "vergelijken/?van=3&tot=nu")


def test_every_version_stays_as_it_was_frozen(ministry: Ministry, client: Client) -> None:
    amended(ministry)
    assert [version_check(row).is_sound for row in PlanVersion.objects.all()] == [True] * 3
    assert "Masterplan NCU afronden" in page(ministry, client, "2/")
    assert "Masterplan NCU afronden" not in page(ministry, client, "1/")


def test_a_confidential_indicator_stays_with_its_unit(ministry: Ministry, client: Client) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    Indicator.objects.update(is_confidential=True)
    assert indicator.code in page(ministry, client, "1/", by="planner_adcv")
    assert indicator.code not in page(ministry, client, "1/", by="cabinet_am")


@pytest.mark.parametrize("query", ["?van=9&tot=1", "?van=x", "?van=²", "?van=99999"])
def test_a_version_that_never_was_is_not_found(
    ministry: Ministry, client: Client, query: str
) -> None:
    client.force_login(ministry.users["auditor"])
    assert client.get(f"/plannen/2026/versies/vergelijken/{query}").status_code == 404


def test_as_many_queries_for_more_objectives(ministry: Ministry) -> None:
    now = plan_content_queries(ministry)
    assert now == plan_content_queries(ministry)


def plan_content_queries(ministry: Ministry) -> int:
    for _number in range(2):
        objective = ministry.objective()
        ministry.indicator(objective)
        ministry.approve(objective)
    moment = Clocks.now().known_at
    with CaptureQueriesContext(connection) as queries:
        assert plan_content(ministry.year, moment)["objectives"]
    return len(queries)


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_sides_read_as_they_were_written(old: str, new: str) -> None:
    sides = word_sides(old, new)
    assert "".join(piece.text for piece in sides.old) == old
    assert "".join(piece.text for piece in sides.new) == new
    assert {piece.kind for piece in sides.old} <= {"same", "del"}
    assert {piece.kind for piece in sides.new} <= {"same", "ins"}
