"""What a unit tells of its objectives by quarter: who writes it, what stays, where it is read."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import FormDraft, HistoryEntry
from ibzplan.core.services.translations import translation_save
from ibzplan.core.translations import sources
from objectives.indicators.periods import Period, parse_period
from objectives.planning.models import Narrative, OperationalObjective
from objectives.planning.selectors.narratives import (
    narratives_known,
    narratives_missing,
    narratives_missing_count,
    quarters_ended,
)
from objectives.planning.selectors.queues import queue_count, queue_of
from objectives.planning.services import NarrativeSheet, narrative_write
from personnel.access import access_of
from tests.factories import Ministry, text

T1 = parse_period("2026-T1")


def sheet(done: str = "Drie zones bezocht", **texts: LocalisedText) -> NarrativeSheet:
    return NarrativeSheet(done=text(done), **texts)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An objective in force."""
    return in_force(ministry)


def in_force(ministry: Ministry, title: str = "De keten versterken") -> OperationalObjective:
    row = ministry.objective(title=title)
    ministry.indicator(row)
    ministry.approve(row)
    return row


def tell(
    ministry: Ministry, objective: OperationalObjective, period: Period = T1, **values: Any
) -> Narrative:
    values.setdefault("sheet", sheet())
    by = values.pop("by", "planner_adcv")
    return narrative_write(actor=ministry.users[by], objective=objective, period=period, **values)


def told(objective: OperationalObjective, moment: Any = None) -> list[str]:
    known = narratives_known([objective], moment or Clocks.now().known_at)
    return [str(row.done) for row in known.get(objective.pk, [])]


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def address(objective: OperationalObjective, period: str = "2026-T1") -> str:
    return reverse("planning:narrative", args=[objective.uuid, period])


def typed(**values: str) -> dict[str, str]:
    names = ("done", "planned", "obstacles")
    empty = {f"{name}_{code}": "" for name in names for code in ("nl", "fr")}
    return {**empty, "version": "0", **values}


@pytest.mark.parametrize("name", ["planner_adcv", "head_adcv"])
def test_planner_and_head_of_the_unit_tell(
    ministry: Ministry, objective: OperationalObjective, name: str
) -> None:
    tell(ministry, objective, by=name)
    assert told(objective) == ["Drie zones bezocht"]
    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("narrative_written", ministry.users[name])


@pytest.mark.parametrize("name", ["planner_dvz", "corporate", "cabinet_vbz", "auditor"])
def test_nobody_else_does(ministry: Ministry, objective: OperationalObjective, name: str) -> None:
    with pytest.raises(NotAllowed):
        tell(ministry, objective, by=name)


def test_of_an_objective_in_force_only(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as refused:
        tell(ministry, ministry.objective())
    assert refused.value.code == "not_in_force"


@pytest.mark.parametrize("period", ["2025-T4", "2027-T1", "2026-S1", "2026"])
def test_of_a_quarter_of_its_year_only(
    ministry: Ministry, objective: OperationalObjective, period: str
) -> None:
    with pytest.raises(DomainError) as refused:
        tell(ministry, objective, parse_period(period))
    assert refused.value.code == "period_not_narrated"


def test_something_has_to_be_told(ministry: Ministry, objective: OperationalObjective) -> None:
    with pytest.raises(DomainError) as refused:
        tell(ministry, objective, sheet=NarrativeSheet())
    assert refused.value.field == "done_nl"


def test_an_earlier_moment_reads_what_it_said(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    tell(ministry, objective)
    moment = Clocks.now().known_at
    row = tell(ministry, objective, sheet=sheet("Vier zones bezocht"), expected_version=1)
    assert told(objective) == ["Vier zones bezocht"]
    assert told(objective, moment) == ["Drie zones bezocht"]
    assert row.version == 2


def test_the_same_twice_is_written_once(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    assert tell(ministry, objective).pk == tell(ministry, objective).pk
    assert Narrative.objects.count() == 1


def test_the_second_writer_sees_both_versions(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    tell(ministry, objective, by="head_adcv")
    with pytest.raises(EditConflict):
        tell(ministry, objective, sheet=sheet("Anders"), expected_version=0)
    page = client_of(ministry, "planner_adcv").post(
        address(objective), typed(done_nl="Wat ik typte")
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "Drie zones bezocht" in html
    assert html.count("Wat ik typte") == 2  # beside the other version, and in the form
    again = client_of(ministry, "planner_adcv").post(
        address(objective), typed(done_nl="Wat ik typte", version="1")
    )
    assert again.status_code == 302
    assert told(objective) == ["Wat ik typte"]


def test_the_page_saves_and_leads_back_to_the_periods(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    client = client_of(ministry, "planner_adcv")
    page = client.post(address(objective), typed(done_nl="Af", obstacles_fr="Un retard"))
    assert page["Location"].endswith(f"/{objective.uuid}/#narratives")
    html = client.get(reverse("planning:objective", args=[objective.uuid])).content.decode()
    assert "Un retard" in html


def test_an_empty_form_says_so_at_the_field(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    page = client_of(ministry, "planner_adcv").post(address(objective), typed())
    assert page.status_code == 422
    assert page.context["form"].errors["done_nl"]


@pytest.mark.parametrize("period", ["2025-T4", "2026-T9", "2026-S1", "gisteren"])
def test_an_address_of_no_such_quarter_is_not_found(
    ministry: Ministry, objective: OperationalObjective, period: str
) -> None:
    client = client_of(ministry, "planner_adcv")
    assert client.get(address(objective, period)).status_code == 404


def test_what_is_typed_is_kept(ministry: Ministry, objective: OperationalObjective) -> None:
    client = client_of(ministry, "planner_adcv")
    kept = reverse("draft", args=["narrative-t1", objective.uuid])
    assert client.post(kept, typed(done_nl="Half een zin")).status_code == 200
    assert "Half een zin" in client.get(address(objective)).content.decode()
    stranger = client_of(ministry, "planner_dvz")
    assert stranger.post(kept, typed(done_nl="x")).status_code == 403
    client.post(address(objective), typed(done_nl="Een hele zin"))
    assert not FormDraft.objects.exists()


def test_the_page_of_the_objective_says_what_is_missing(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    tell(ministry, objective)
    path = reverse("planning:objective", args=[objective.uuid])
    with translation.override("en"):
        reader = client_of(ministry, "cabinet_vbz").get(
            f"{path}?reference=2026-08-01", HTTP_ACCEPT_LANGUAGE="en"
        )
    html = reader.content.decode()
    assert "Drie zones bezocht" in html
    assert [one.period.short for one in reader.context["quarters"] if not one.narrative] == [
        "T2",
        "T3",
    ]
    assert address(objective, "2026-T2") not in html
    writer = client_of(ministry, "planner_adcv").get(f"{path}?reference=2026-08-01")
    assert address(objective, "2026-T2") in writer.content.decode()


def test_a_page_of_earlier_shows_what_was_told_then(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    tell(ministry, objective)
    moment = Clocks.now().known_at
    tell(ministry, objective, sheet=sheet("Vier zones bezocht"))
    known = moment.isoformat()
    page = client_of(ministry, "auditor").get(
        reverse("planning:objective", args=[objective.uuid]), {"known": known}
    )
    assert [str(one.narrative.done) for one in page.context["quarters"] if one.narrative] == [
        "Drie zones bezocht"
    ]


def test_it_waits_once_the_quarter_is_over(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    ended = quarters_ended(objective, timezone.localdate())
    for name in ("planner_adcv", "head_adcv"):
        rows = {one.source.name: one.rows for one in queue_of(ministry.users[name])}
        waiting = [row.url for row in rows.get("narratives", ())]
        assert waiting == [address(objective, str(period)) for period in ended]
        assert queue_count(ministry.users[name]) == sum(map(len, rows.values()))
    if ended:
        tell(ministry, objective, ended[0])
        rows = {one.source.name: one.rows for one in queue_of(ministry.users["head_adcv"])}
        left = [row.url for row in rows.get("narratives", ())]
        assert left == [address(objective, str(period)) for period in ended[1:]]
    assert not any(
        one.source.name == "narratives" for one in queue_of(ministry.users["planner_dvz"])
    )


def test_a_quarter_before_its_first_day_is_not_owed(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    objective.starts_on = date(2026, 5, 1)
    assert [one.short for one in quarters_ended(objective, date(2026, 12, 31))] == ["T2", "T3"]


def test_what_was_told_of_a_quarter_before_that_owes_no_other_one(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    OperationalObjective.objects.update(starts_on=date(2026, 5, 1))
    tell(ministry, objective)  # of T1
    access = access_of(ministry.users["planner_adcv"])
    ((_objective, left),) = narratives_missing(access, date(2026, 12, 31))
    assert narratives_missing_count(access, date(2026, 12, 31)) == len(left) == 2


def test_its_texts_wait_for_translation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = tell(ministry, objective, sheet=NarrativeSheet(done=LocalisedText({"nl": "Bezocht"})))
    access = access_of(ministry.users["planner_adcv"])
    (source,) = [one for one in sources() if one.kind == "narratives"]
    assert [one.record for one in source.rows(access)] == [row]
    moment = Clocks.now().known_at
    translation_save(
        actor=ministry.users["planner_adcv"],
        access=access,
        source=source,
        record=row,
        field="done",
        language="fr",
        text="Trois zones visitées",
    )
    (now,) = narratives_known([objective], Clocks.now().known_at)[objective.pk]
    (then,) = narratives_known([objective], moment)[objective.pk]
    assert now.done["fr"] == "Trois zones visitées"
    assert "fr" not in then.done


def test_as_many_queries_for_many_objectives(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    rows = [objective]

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as read:
            narratives_known(rows, timezone.now() + timedelta(days=1))
        with CaptureQueriesContext(connection) as counted:
            queue_count(ministry.users["head_adcv"])
        return len(read), len(counted)

    tell(ministry, objective)
    before = queries()
    for number in range(2):
        rows.append(in_force(ministry, f"Doelstelling {number}"))
        tell(ministry, rows[-1])
    assert queries() == before
