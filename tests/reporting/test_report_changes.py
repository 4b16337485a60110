"""What a report says of the one before it: what moved, what was restated, what it corrects."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.selectors import last_instant
from ibzplan.core.services import next_instant, record_change
from ibzplan.core.services.questions import question_answer, question_ask
from objectives.indicators.models import Indicator
from objectives.indicators.services import obligations_sync
from objectives.planning.choices import ChangeKind, LineageKind
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services import status_override
from personnel.models import SupervisingMinister
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport
from reporting.render.blocks import Figure, plain_text, runs_of
from reporting.render.content import document
from reporting.render.sheets import sheets_of
from reporting.render.sheets.cells import whole_text
from reporting.render.wording import FactReader
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from reporting.snapshot.reading import objectives_of
from tests.factories import Ministry
from tests.factories import text as text_of
from tests.objectives.planning.test_amendments import begin, carry, propose
from tests.reporting.test_movements import moved, objective, record

__all__ = ["objective"]

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
# What the anchors of a section begin with.
CHANGES, RESTATED, EDITION, DECISIONS = "change", "restated", "edition", "decision"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def build(
    ministry: Ministry, on: date = SEPTEMBER, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    known_at = at or last_instant()
    assert known_at
    values: dict[str, Any] = {"minister": ministry.vbz, "language": "nl", **more}
    question = ReportQuestion(
        ministry.plan, ministry.year, reference_date=on, known_at=known_at, **values
    )
    data: dict[str, Any] = json.loads(canonical_json(snapshot_build(question)))
    return data


def issued(
    ministry: Ministry,
    on: date = JUNE,
    *,
    minister: SupervisingMinister | None = None,
    language: str = "nl",
    **more: Any,
) -> ProgressReport:
    """Return a report that was made of what is known now, and issued."""
    office = minister or ministry.vbz
    known_at = next_instant()
    text = canonical_json(build(ministry, on, known_at, minister=office, language=language))
    return ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=office,
        reference_date=on,
        known_at=known_at,
        language=language,
        snapshot=text,
        snapshot_sha256=sha256_of(text),
        state=ReportState.READY,
        stage=ReportStage.APPROVED,
        requested_by=ministry.users["corporate"],
        issued_at=next_instant(),
        issued_by=ministry.users["corporate"],
        **more,
    )


def told(section: str, snapshot: dict[str, Any]) -> str:
    """Return the text of a section, each run on a line; every figure is that of its fact."""
    facts = FactReader(snapshot["facts"])
    lines = []
    for placed in runs_of(document(snapshot)):
        if placed.anchor.startswith(section):
            lines.append(plain_text(placed.run))
            figures = (part for part in placed.run if isinstance(part, Figure))
            assert all(one.text.split() == facts.text(one.fact).split() for one in figures)
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def correct(
    ministry: Ministry, value: str = "91", reason: str = "Eén centrum telde dubbel", **more: Any
) -> None:
    record(ministry, Indicator.objects.get(), "2026-T2", value, reason=reason, **more)


# Restated figures ---------------------------------------------------------------------------------


def test_a_corrected_figure_stands_in_the_next_report(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    issued(ministry)
    correct(ministry)
    found = build(ministry)
    (row,) = found["restated"]
    assert (row["code"], row["reportedOn"]) == (f"{objective.code}-a", "2026-06-30")
    lines = told(RESTATED, found).split("\n")
    assert lines[0] == "Restated figures"
    assert lines[-5:] == [
        "92.0 %",
        "on 30/06/2026",
        "91.0 %",
        f"on {date.fromisoformat(row['changedOn']):%d/%m/%Y}",
        "Eén centrum telde dubbel",
    ]


def test_a_figure_that_stayed_is_not_restated(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    issued(ministry)
    correct(ministry, "92", reason="Nog eens nagekeken", narrative="Zo blijft het.")
    assert build(ministry)["restated"] == []
    assert "No figure that was shown then is another one now." in told(RESTATED, build(ministry))


# What moved ---------------------------------------------------------------------------------------


def causes_told(snapshot: dict[str, Any]) -> list[str]:
    """Return the sentences under the one objective that moved."""
    (change,) = snapshot["changes"]
    lines = told(CHANGES, snapshot).split("\n")
    return lines[-len(change["causes"]) :]


def test_the_report_gives_the_reasons_of_the_dashboard(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    report = issued(ministry)
    correct(ministry)
    record(
        ministry, Indicator.objects.get(), "2026-T3", "89.4", narrative="Twee centra vielen uit."
    )
    status_override(
        actor=ministry.users["head_adcv"],
        objective=objective,
        status="at_risk",
        reason="De zomer drukt.",
        holds_from=date(2026, 7, 1),
    )
    amendment = begin(ministry)
    propose(
        ministry,
        amendment,
        ChangeKind.TARGET,
        objectives=[objective],
        indicator=Indicator.objects.get(),
        values={"final": {"due_on": "2026-12-31", "value": "94", "level": None}},
    )
    carry(ministry, amendment)
    found = build(ministry)
    known_at = datetime.fromisoformat(found["knownAt"])
    before = Clocks(JUNE, report.known_at, pinned_reference=True, pinned_known=True)
    after = Clocks(SEPTEMBER, known_at, pinned_reference=True, pinned_known=True)
    (movement,) = moved(ministry, before, after, by="cabinet_vbz")
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in movement.reasons] == causes_told(
        found
    )
    assert len(movement.reasons) == 5
    assert "1 worsened" in told(CHANGES, found)


def test_an_important_amendment_is_named_with_its_motivation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    issued(ministry)
    amendment = begin(ministry)
    propose(
        ministry,
        amendment,
        ChangeKind.CHANGE,
        is_important=True,
        objectives=[objective],
        values={"ends_on": "2026-11-30"},
    )
    carry(ministry, amendment)
    assert causes_told(build(ministry, JUNE.replace(month=8))) == [
        "Last day: 30/11/2026, was 31/12/2026",
        "Amendment W1 (change): “De aanbesteding loopt uit.”",
    ]


def test_nothing_moved_says_so(ministry: Ministry, objective: OperationalObjective) -> None:
    first = build(ministry)
    assert (first["since"], first["changes"], first["restated"]) == (None, None, None)
    assert "No earlier report" in told(CHANGES, first)
    assert told(RESTATED, first) == ""
    report = issued(ministry)
    record(ministry, Indicator.objects.get(), "2026-T3", "94")
    found = build(ministry)
    assert found["since"]["sha256"] == report.snapshot_sha256
    text = told(CHANGES, found)
    assert "Compared with the progress report of 30/06/2026, issued on" in text
    assert "No operational objective moved since" in text


# Which report -------------------------------------------------------------------------------------


def test_the_last_issued_report_of_the_minister_on_an_earlier_date(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    issued(ministry, date(2026, 3, 31))
    june = issued(ministry)
    french = issued(ministry, language="fr", edition=2, corrects=june, correction_reason="x")
    issued(ministry, SEPTEMBER)
    issued(ministry, minister=ministry.am)
    before = last_instant()
    late = issued(ministry, date(2026, 7, 31))
    assert build(ministry, at=before)["since"]["id"] == str(french.uuid)
    assert build(ministry)["since"]["id"] == str(late.uuid)
    assert build(ministry, JUNE)["since"]["referenceDate"] == "2026-03-31"
    ProgressReport.objects.filter(pk=late.pk).update(
        issued_at=None, issued_by=None, stage=ReportStage.REVIEW
    )
    assert build(ministry)["since"]["id"] == str(french.uuid)


@pytest.fixture
def last_year(ministry: Ministry, objective: OperationalObjective) -> Ministry:
    """The plan year before, with an objective that goes on in the one of this year."""
    year = OperationalPlan.objects.create(
        plan=ministry.plan, year=2025, state=ministry.year.state, approved_on=date(2025, 1, 1)
    )
    before = OperationalObjective.objects.get(pk=objective.pk)
    before.pk, before.uuid, before.plan, before.code = None, uuid4(), year, "2.6.7"
    before.starts_on, before.ends_on = date(2025, 1, 1), date(2025, 12, 31)
    before.save(force_insert=True)
    alone = OperationalObjective.objects.get(pk=before.pk)
    alone.pk, alone.uuid, alone.code = None, uuid4(), "2.6.8"
    alone.save(force_insert=True)
    link, at = ObjectiveIndicator.objects.get(objective=objective), next_instant()
    ObjectiveIndicator.objects.create(
        objective=before, indicator=link.indicator, weight=1, known_from=at
    )
    ObjectiveLineage.objects.create(
        predecessor=before, successor=objective, kind=LineageKind.CONTINUED, known_from=at
    )
    obligations_sync(indicator=link.indicator, first=date(2025, 1, 1), last=date(2025, 12, 31))
    for period, value in (("2025-T3", "86"), ("2025-T4", "87")):
        record(ministry, link.indicator, period, value)
    return replace(ministry, year=year)


def test_the_first_report_of_a_year_follows_the_last_one_of_the_year_before(
    ministry: Ministry, objective: OperationalObjective, last_year: Ministry
) -> None:
    asked = question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=objective,
        text="Waarom nu pas?",
    )
    question_answer(actor=ministry.users["planner_adcv"], question=asked, text="Daarom.")
    year_end = issued(last_year, date(2025, 12, 31))
    assert len(list(objectives_of(json.loads(year_end.snapshot)))) == 2
    indicator = Indicator.objects.get()
    record(ministry, indicator, "2025-T3", "80", reason="Dubbel geteld")
    found = build(ministry, JUNE)
    assert (found["since"]["id"], found["since"]["year"]) == (str(year_end.uuid), 2025)
    # What that report did not tell of this year is told; what goes on alone is compared.
    assert [row["id"] for row in found["questions"]] == [str(asked.uuid)]
    assert [row["kind"] for row in found["changes"] if row["kind"] in ("added", "removed")] == []
    assert {row["id"] for row in found["changes"]} <= {str(objective.uuid)}
    (row,) = found["restated"]
    assert (row["periodStart"], row["reason"]) == ("2025-07-01", "Dubbel geteld")
    assert "86.0 %\non 31/12/2025" in told(RESTATED, found)
    text = told(CHANGES, found)
    assert "Compared with the progress report of 31/12/2025, issued on" in text
    assert "That report is on the plan year 2025: only objectives that continue one" in text

    june = issued(ministry)
    later = build(ministry)
    assert (later["since"]["id"], later["since"]["year"]) == (str(june.uuid), 2026)
    assert (later["restated"], later["questions"]) == ([], [])
    assert "on the plan year" not in told(CHANGES, later)


def test_it_stays_the_same_bit_for_bit(ministry: Ministry, objective: OperationalObjective) -> None:
    june = issued(ministry)
    correct(ministry)
    moment = next_instant()
    made = build(ministry, at=moment)
    correct(ministry, "90.5", reason="Nogmaals")
    issued(ministry, edition=2, corrects=june, correction_reason="Fout cijfer", language="fr")
    issued(ministry, date(2026, 7, 31))
    assert canonical_json(build(ministry, at=moment)) == canonical_json(made)
    assert made["restated"]
    french = build(ministry, at=moment, language="fr")
    assert {key for key in made if made[key] != french[key]} == {"language"}


def test_the_comparison_asks_one_query(ministry: Ministry, objective: OperationalObjective) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            build(ministry)
        return len(captured)

    without = queries()
    issued(ministry)
    correct(ministry)
    assert queries() == without


def beside(objective: OperationalObjective, name: str, *, is_confidential: bool) -> Indicator:
    """Give the objective another indicator, as if it had it from its approval on."""
    row: Indicator = Indicator.objects.order_by("pk")[0]
    row.pk, row.uuid, row.code, row.is_confidential = None, uuid4(), name, is_confidential
    row.title = text_of(name)
    row.save(force_insert=True)
    link = ObjectiveIndicator.objects.filter(objective=objective)[0]
    ObjectiveIndicator.objects.create(
        objective=objective, indicator=row, weight=1, known_from=link.known_from
    )
    return row


def test_what_became_confidential_is_not_called_taken_away(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    hidden = beside(objective, "Wordt-geheim", is_confidential=False)
    opened = beside(objective, "Was-geheim", is_confidential=True)
    ended = beside(objective, "Gaat-weg", is_confidential=False)
    gone = beside(objective, "Gaat-weg-en-geheim", is_confidential=False)
    issued(ministry)
    for row, is_confidential in ((hidden, True), (gone, True), (opened, False)):
        record_change(actor=None, target=row, values={"is_confidential": is_confidential})
    ObjectiveIndicator.objects.filter(indicator__in=[ended, gone]).update(
        known_until=next_instant()
    )
    found = build(ministry)
    (told_of,) = objectives_of(found)
    assert told_of["takenAway"] == [str(ended.uuid)]
    text = canonical_json(found)
    assert "Wordt-geheim" not in text and "Gaat-weg-en-geheim" not in text
    (change,) = found["changes"]
    named = {one["kind"]: one["title"]["nl"] for one in change["causes"] if one["title"]}
    assert named.get("indicator_removed") == "Gaat-weg"
    assert "indicator_added" not in named  # it was there, and is shown since


# Editions -----------------------------------------------------------------------------------------


def correction(ministry: Ministry, report: ProgressReport) -> dict[str, Any]:
    return build(
        ministry, JUNE, edition=2, corrects=report, correction_reason="Cijfer van T2 was fout"
    )


def test_a_correction_says_what_it_corrects(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    report = issued(ministry)
    assert told(EDITION, build(ministry, JUNE)) == ""
    correct(ministry)
    found = correction(ministry, report)
    text = told(EDITION, found)
    assert "Edition 2. It replaces edition 1, issued on" in text
    assert "Reason: Cijfer van T2 was fout" in text
    assert "T2 corrected from 92.0 % to 91.0 %: “Eén centrum telde dubbel”" in text
    assert found["edition"]["corrects"]["sha256"] == report.snapshot_sha256
    assert found["since"] is None
    with translation.override("en"):
        book = {sheet.name: sheet for sheet in sheets_of(found, None)}
    assert book["Corrections of this edition"].rows
    (row,) = book["Corrected figures"].rows
    assert whole_text(row[0]) == f"{objective.code}-a"
    assert "Restated figures" not in book  # there was no report before


def test_a_correction_that_changes_no_figure_says_so(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    report = issued(ministry)
    assert "No figure and no text differs" in told(EDITION, correction(ministry, report))


# Decisions ----------------------------------------------------------------------------------------


def test_requests_for_a_decision_come_first(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    assert "No decision is asked" in told(DECISIONS, build(ministry))
    asked = question_ask(
        actor=ministry.users["head_adcv"],
        kind=QuestionKind.REQUEST,
        target=objective,
        text="Mag de oplevering schuiven?",
        options=["Ja", "Nee"],
    )
    question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=objective,
        text="Waarom?",
    )
    found = build(ministry)
    assert found["decisions"] == [str(asked.uuid)]
    text = told(DECISIONS, found)
    assert "Mag de oplevering schuiven?" in text
    assert "Waarom?" not in text


def test_a_report_of_an_earlier_schema_tells_none_of_it(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    found = build(ministry)
    for key in ("since", "changes", "restated", "edition", "decisions", "movements"):
        found.pop(key)
    for section in (CHANGES, RESTATED, EDITION, DECISIONS):
        assert told(section, found) == ""
