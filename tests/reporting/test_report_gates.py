"""What stops a report: numbers that nobody vouches for, Dutch and French that differ."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from reporting.choices import GateKind, NumberDecision, ReportState
from reporting.gates import (
    FindingKind,
    Findings,
    TypedKind,
    TypedNumber,
    number_findings,
    parity_findings,
    text_findings,
    typed_numbers,
)
from reporting.gates.number_words import all_numbers, numbers_in
from reporting.models import GateWaiver, NumberReview, ProgressReport
from reporting.render.blocks import Cell, Column, Figure, Paragraph, Table, Typed, runs_of
from reporting.render.content import document
from reporting.render.tongue import LITTLE_WORDS, language_of
from reporting.selectors.report_gates import (
    gates_read,
    numbers_of,
    parity_of,
    sibling_of,
    still_holds,
    waiver_of,
)
from reporting.services.report_gating import gate_waive, number_decide
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from reporting.snapshot.reading import objectives_of
from tests.factories import Ministry, text
from tests.reporting.report_reading import as_of_version, indicators_of
from tests.reporting.test_report_override import indicator, objective

__all__ = ["indicator", "objective"]

REFERENCE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def snapshot(ministry: Ministry, objective: OperationalObjective) -> dict[str, Any]:
    """Of an objective with one indicator: 10, 20 and 30 zones of 40, told in two languages."""
    built = snapshot_build(
        ReportQuestion(
            ministry.plan, ministry.year, ministry.vbz, REFERENCE, Clocks.now().known_at, "nl"
        )
    )
    read: dict[str, Any] = json.loads(canonical_json(built))
    return read


def narrated(snapshot: dict[str, Any], nl: str, fr: str = "") -> dict[str, Any]:
    """Return a snapshot whose latest figure is explained so."""
    changed: dict[str, Any] = json.loads(canonical_json(snapshot))
    (row,) = indicators_of(changed)
    for slot in (row["latest"], row["slots"][2]):
        slot["narrative"] = dict(text(nl, fr))
    return changed


def numbers(snapshot: dict[str, Any]) -> list[TypedNumber]:
    return typed_numbers(document(snapshot), snapshot)


# Numbers in a text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("92,7 % van de 1 250 dossiers", ["92,7", "1 250"]),
        ("1.234.567 euro, waarvan 4.500 of 12 345,67", ["1.234.567", "4.500", "12 345,67"]),
        ("een daling met -5 punten, van 10-15 naar 3", ["-5", "10", "15", "3"]),
        ("0,5 VTE en 24/7 en de 112-centrales", ["0,5", "24", "7", "112"]),
        ("25km, 100-tal", ["25", "100"]),
        ("doel 95 %, objectif 80,5 en doel 75 pour cent", ["95", "80,5", "75"]),
        ("niveau 3 binnen 36u of 48h", ["3", "36", "48"]),
        ("2000 dossiers en 2 026 andere", ["2000", "2 026"]),
        ("doel 1 250, objectif 1.250, doel 95.5", ["1 250", "1.250", "95.5"]),
        ("doel 1 250,5 en doel 75", ["1 250,5", "75"]),
        ("zone 1 250, fase 1.250 en EUR1250", ["1 250", "1.250", "1250"]),
        ("2 000 euro, 2000 euro en van 2026 euro", ["2 000", "2000", "2026"]),
        ("Er zijn 2026 inwoners; 1998 plaatsen in 2026", ["2026", "1998"]),
        ("T2 2500 dossiers, tot 2030 VTE", ["2500", "2030"]),
    ],
)
def test_amounts_are_figures(words: str, expected: list[str]) -> None:
    assert [found.text for found in numbers_in(words)] == expected


@pytest.mark.parametrize(
    "words",
    [
        "Op 30.06.2026, 30/6/2026, 2026-06-30 en 1 juli 2026; le 1er juillet",
        "In 2026, 2026-2029 en 2026/27",
        "Sinds 2000, depuis 1998; het plan 2026 loopt. 2027 wordt zwaar (eind 2026!)",
        "Juni 2026 telde veel; begroting 2026: goed",
        "T2 2026, T1–T3 2026, W3, OP 2026, werf 3, NIS2, COVID-19",
        "Doelstelling 2.6.1 en indicator 2.6.1-a, artikel 4, art. 11bis, § 3",
        "Keuze:\n\n1. Nu.\n2) Later.",
        "Het 2de kwartaal, de 1ste, la 3ème fois, le 2e trimestre, trimestre 2, om 14u30",
    ],
)
def test_dates_codes_and_ordinals_are_no_figures(words: str) -> None:
    assert numbers_in(words) == []


@given(
    amount=st.integers(0, 9_999_999),
    decimals=st.sampled_from(["", ",5", ",25"]),
    group=st.sampled_from(["", " ", "\u00a0", "\u202f", "."]),
    before=st.sampled_from(["Er zijn", "Objectif", "doel", "Nog maar", "Il reste"]),
)
def test_amount_is_read_as_a_whole_however_it_is_written(
    amount: int, decimals: str, group: str, before: str
) -> None:
    written = f"{amount:,}".replace(",", group) + decimals
    (found,) = numbers_in(f"{before} {written} dossiers.")
    assert found.value == Fraction(f"{amount}{decimals.replace(',', '.')}")


def test_year_outside_the_plan_is_one_after_a_word_alone() -> None:
    assert [found.text for found in numbers_in("2026", years=range(2030, 2040))] == ["2026"]
    assert numbers_in("In 2026.", years=range(2030, 2040)) == []


def test_code_of_the_plan_with_two_parts_is_no_figure() -> None:
    assert [found.text for found in numbers_in("Werf 1.3 en ook 1.3 of 1.30", ["1.3"])] == ["1.30"]


def test_translation_may_write_numbers_its_own_way() -> None:
    dutch, french = "1.250 op 30.06.2026: 92,7 %", "1 250 au 30/06/2026 : 92,7 %"
    assert all_numbers(dutch) == all_numbers(french)
    assert all_numbers(dutch) != all_numbers("1 250 au 30/06/2026 : 97,2 %")


# The numbers gate ---------------------------------------------------------------------------------


def test_number_that_is_one_figure_of_its_objective_is_bound(snapshot: dict[str, Any]) -> None:
    told = narrated(snapshot, "In T2 2026 haalden 20 zones hun plan, van de 40.")
    measured, target = numbers(told)
    (row,) = indicators_of(told)
    assert (measured.number, measured.occurrence) == ("20", 0)
    assert measured.matches == (row["slots"][1]["fact"],)
    assert (target.number, target.occurrence) == ("40", 1)
    # The forecast is 40 as well: someone says which of the two is meant.
    assert set(target.matches) == {row["target"]["fact"], row["forecast"]["fact"]}
    assert [finding.number for finding in number_findings([measured, target], [])] == [target]


def test_number_without_a_figure_waits_for_the_reviewer(snapshot: dict[str, Any]) -> None:
    (number,) = numbers(narrated(snapshot, "Er volgen nog 18 zones."))
    assert (number.number, number.matches) == ("18", ())
    (finding,) = number_findings([number], [])
    assert (finding.number, finding.decision, finding.fact) == (number, "", "")
    review = NumberReview(
        anchor=number.anchor,
        occurrence=0,
        text_sha256=number.text_sha256,
        decision=NumberDecision.ACCEPTED,
    )
    (finding,) = number_findings([number], [review])
    assert finding.decision == NumberDecision.ACCEPTED
    (rewritten,) = numbers(narrated(snapshot, "Er volgen nog 18 zones in het noorden."))
    (finding,) = number_findings([rewritten], [review])
    assert finding.decision == ""


def test_number_that_could_be_two_figures_is_not_bound(snapshot: dict[str, Any]) -> None:
    (row,) = indicators_of(snapshot)
    first = row["slots"][0]["fact"]
    assert snapshot["facts"][first]["display"] == "10"
    # The second period has the same figure now.
    second = row["slots"][1]["fact"]
    snapshot["facts"][second] = snapshot["facts"][first]
    (number,) = numbers(narrated(snapshot, "Er waren 10 zones."))
    assert set(number.matches) == {first, second}
    assert not number.is_bound


@pytest.mark.parametrize("fact", ["f:risk:a", "f:confidential:a", "f:weight:a:b"])
def test_number_beside_the_figures_is_offered_but_not_bound(fact: str) -> None:
    number = TypedNumber("a", 0, "20", "20 zones", "", (fact,))
    assert [row.number for row in number_findings([number], [])] == [number]
    assert replace(number, matches=("f:a",)).is_bound


def test_share_is_not_bound_to_an_amount(snapshot: dict[str, Any]) -> None:
    (number,) = numbers(narrated(snapshot, "Dat is 30 % van het plan."))
    assert number.matches == ()


def test_row_of_a_table_is_read_with_its_own_figures(snapshot: dict[str, Any]) -> None:
    (row,) = indicators_of(snapshot)
    facts = [slot["fact"] for slot in row["slots"][:2]]
    rows = tuple((Cell(((Figure(fact, "x"),), (Typed("10 zones, 18 niet"),))),) for fact in facts)
    made = replace(document(snapshot), blocks=(Table("", (Column(""),), rows, "restated.table"),))
    found = typed_numbers(made, snapshot)
    assert [(one.number, one.occurrence) for one in found] == [
        ("10", 0),
        ("18", 1),
        ("10", 2),
        ("18", 3),
    ]
    assert [one.matches for one in found] == [(facts[0],), (), (), ()]
    assert {one.text for one in found} == {"10 zones, 18 niet"}


def test_text_that_stands_twice_is_asked_about_once(snapshot: dict[str, Any]) -> None:
    said = (Typed("Er ontbraken 18 dossiers."),)
    places = [Paragraph(said, "cover.reason"), Paragraph(said, "edition.reason")]
    (found,) = typed_numbers(replace(document(snapshot), blocks=tuple(places)), snapshot)
    assert (found.number, found.anchor) == ("18", "cover.reason")


# The language of what was typed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("De opdracht werd later gegund dan voorzien.", "nl"),
        ("Cijfers omgewisseld", "nl"),
        ("Cijfer was onjuist", "nl"),
        ("Levering was laat", "nl"),
        ("Bureau verhuisd", ""),
        ("Enquête uitgesteld", ""),
        ("Le marché a été attribué plus tard que prévu.", "fr"),
        ("Merci d’indiquer la centrale la plus lente.", "fr"),
        ("Doublons supprimés", "fr"),
        ("The count was wrong", "en"),
        ("Fehler in der Zählung", "de"),
        ("OK", ""),
        ("Bestek", ""),
        ("Wachten op het akkoord van de partners. / En attente de l’accord des partenaires.", ""),
        ("12 %", ""),
    ],
)
def test_language_is_told_from_the_words(words: str, language: str) -> None:
    assert language_of(words) == language


def test_no_little_word_is_of_two_languages() -> None:
    every = [word for words in LITTLE_WORDS.values() for word in words]
    assert len(every) == len(set(every))


def judged(snapshot: dict[str, Any], reason: str, status: str = "at_risk") -> dict[str, Any]:
    """Return a snapshot whose objective was judged for this reason."""
    changed: dict[str, Any] = json.loads(canonical_json(snapshot))
    (objective,) = changed["strategicObjectives"][0]["werven"][0]["objectives"]
    objective["judgement"] = {"status": status, "reason": reason, "since": "2026-09-01"}
    return changed


FRENCH = "Le marché a été attribué plus tard que prévu."


def test_text_of_another_language_is_marked_in_the_document(snapshot: dict[str, Any]) -> None:
    told = judged(snapshot, FRENCH)
    for language, marked in (("nl", "fr"), ("fr", "")):
        with translation.override(language):
            made = document({**told, "language": language})
        typed = [part for row in runs_of(made) for part in row.run if isinstance(part, Typed)]
        assert [part.lang for part in typed if part.text == FRENCH] == [marked]


# The parity gate ----------------------------------------------------------------------------------


def of_kind(findings: Findings, kind: FindingKind) -> list[Any]:
    return [row for row in findings.rows if row.kind == kind]


def test_text_that_lacks_the_language_of_the_report_is_named(snapshot: dict[str, Any]) -> None:
    told = narrated(snapshot, "", "Recrutement en cours.")
    (objective,) = snapshot["strategicObjectives"][0]["werven"][0]["objectives"]
    missing = of_kind(parity_findings(told), FindingKind.NO_TEXT)
    (row,) = [row for row in missing if row.field == "narrative"]
    assert row.anchor == f"objective:{objective['id']}"
    assert (row.code, row.here, row.there) == (
        indicators_of(told)[0]["shortCode"],
        "",
        "Recrutement en cours.",
    )
    assert not of_kind(parity_findings(narrated(told, "Loopt.")), FindingKind.NO_TEXT)


def test_texts_typed_in_another_language_are_one_finding(snapshot: dict[str, Any]) -> None:
    told = judged(snapshot, FRENCH)
    (objective,) = objectives_of(told)
    (indicator,) = indicators_of(told)
    question = {
        "id": str(indicator["id"]),
        "code": objective["code"],
        "text": "Pourquoi ce recul ?",
    }
    answer = {"text": "Parce que le personnel manque.", "verdict": "", "on": "2026-09-02"}
    told["questions"] = [{**question, "answers": [answer, {**answer, "text": "OK !"}]}]
    found = Findings.of(text_findings(told))
    by_kind = {one.field: one for one in of_kind(found, FindingKind.TYPED)}
    reason, asked = by_kind.pop(TypedKind.JUDGEMENT), by_kind.pop(TypedKind.QUESTION)
    assert not by_kind
    assert reason.anchor == f"objective:{objective['id']}"
    assert (reason.language, reason.other) == ("nl", "fr")
    assert reason.there == f"{objective['code']} “{FRENCH}”"
    assert asked.there.splitlines() == [
        f"{objective['code']} “Pourquoi ce recul ?”",
        f"{objective['code']} “Parce que le personnel manque.”",
    ]
    (short,) = of_kind(found, FindingKind.UNKNOWN)
    assert (short.other, short.there) == ("", f"{objective['code']} “OK !”")
    french = Findings.of(text_findings({**told, "language": "fr"}))
    assert not of_kind(french, FindingKind.TYPED)
    assert not of_kind(Findings.of(text_findings(judged(snapshot, "12"))), FindingKind.UNKNOWN)


def test_outdated_translation_is_told_an_unofficial_one_is_not(
    snapshot: dict[str, Any],
) -> None:
    told = narrated(snapshot, "30 zones zijn klaar.", "30 zones.")
    (row,) = indicators_of(told)
    row["latest"]["narrative"]["states"] = row["slots"][2]["narrative"]["states"] = {
        "nl": "outdated"
    }
    row["title"]["states"] = {"nl": "unofficial"}
    found = Findings.of(text_findings(told))
    (older,) = of_kind(found, FindingKind.OUTDATED)
    assert (older.here, older.there, older.other) == ("30 zones zijn klaar.", "30 zones.", "fr")
    assert row["title"]["nl"] not in [one.here for one in found.rows]
    french = Findings.of(text_findings({**told, "language": "fr"}))
    assert not of_kind(french, FindingKind.OUTDATED)


def test_numbers_that_differ_between_languages_are_named(snapshot: dict[str, Any]) -> None:
    told = narrated(snapshot, "Er zijn 30 zones klaar.", "31 zones sont prêtes.")
    (row,) = of_kind(parity_findings(told), FindingKind.NUMBERS)
    assert (row.here, row.there) == ("Er zijn 30 zones klaar.", "31 zones sont prêtes.")
    alike = narrated(snapshot, "Er zijn 30 zones klaar.", "30 zones sont prêtes.")
    assert not of_kind(parity_findings(alike), FindingKind.NUMBERS)


def test_same_snapshot_shows_the_same_figures_in_both_languages(snapshot: dict[str, Any]) -> None:
    assert not of_kind(parity_findings(snapshot), FindingKind.SHOWN)
    assert not of_kind(parity_findings({**snapshot, "language": "fr"}), FindingKind.SHOWN)


def test_figure_of_the_sibling_that_differs_is_named(snapshot: dict[str, Any]) -> None:
    sibling = json.loads(canonical_json({**snapshot, "language": "fr"}))
    assert not of_kind(parity_findings(snapshot, sibling), FindingKind.SIBLING)
    (row,) = indicators_of(snapshot)
    fact = row["latest"]["fact"]
    sibling["facts"][fact] |= {"value": "31", "display": "31"}
    (found,) = of_kind(parity_findings(snapshot, sibling), FindingKind.SIBLING)
    assert (found.fact, found.here, found.there) == (fact, "30", "31")
    assert found.code == row["shortCode"]


def test_hash_names_exactly_these_findings(snapshot: dict[str, Any]) -> None:
    told = narrated(snapshot, "30 zones.", "31 zones.")
    findings = parity_findings(told)
    again = parity_findings(json.loads(canonical_json(told)))
    assert findings.sha256 == again.sha256
    with translation.override("fr"):  # whoever looks, whatever the language of the page
        assert parity_findings(told).sha256 == findings.sha256
    assert parity_findings(narrated(snapshot, "30 zones.", "32 zones.")).sha256 != findings.sha256
    assert Findings.of(type(row).from_json(row.as_json()) for row in findings.rows) == findings


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_earlier_snapshots_pass_through_the_gates(snapshot: dict[str, Any], version: int) -> None:
    old = as_of_version(snapshot, version)
    parity_findings(old, {**old, "language": "fr"})
    assert numbers(old) == []


# With the database --------------------------------------------------------------------------------


def report(ministry: Ministry, snapshot: dict[str, Any], language: str) -> ProgressReport:
    kept = canonical_json({**snapshot, "language": language})
    return ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=REFERENCE,
        known_at=timezone.now(),
        language=language,
        state=ReportState.READY,
        requested_by=ministry.users["corporate"],
        snapshot=kept,
        snapshot_sha256=sha256_of(kept),
    )


def test_report_is_compared_with_the_newest_in_the_other_language(
    ministry: Ministry, snapshot: dict[str, Any], indicator: Indicator
) -> None:
    dutch = report(ministry, snapshot, "nl")
    assert sibling_of(dutch) is None
    assert not of_kind(parity_of(dutch), FindingKind.SIBLING)
    report(ministry, snapshot, "fr")
    other = json.loads(canonical_json(snapshot))
    (row,) = indicators_of(other)
    other["facts"][row["latest"]["fact"]] |= {"value": "31", "display": "31"}
    newest = report(ministry, other, "fr")
    assert sibling_of(dutch) == newest
    assert len(of_kind(parity_of(dutch), FindingKind.SIBLING)) == 1


def test_waiver_holds_for_the_findings_that_it_was_given_for(
    ministry: Ministry, snapshot: dict[str, Any]
) -> None:
    told = report(ministry, narrated(snapshot, "30 zones.", "31 zones."), "nl")
    findings = parity_of(told)
    assert waiver_of(told, findings) is None
    waiver = GateWaiver.objects.create(
        report=told,
        gate=GateKind.PARITY,
        findings_sha256=findings.sha256,
        reason="De vertaling volgt.",
        waived_at=timezone.now(),
        waived_by=ministry.users["corporate"],
    )
    assert waiver_of(told, findings) == waiver
    assert waiver_of(told, Findings.of(findings.rows[:-1])) is None


def test_what_was_read_before_the_lock_holds_for_these_snapshots_alone(
    ministry: Ministry, snapshot: dict[str, Any], indicator: Indicator
) -> None:
    dutch = report(ministry, snapshot, "nl")
    read = gates_read(dutch)
    assert still_holds(read, dutch)
    report(ministry, snapshot, "fr")
    assert not still_holds(read, dutch)


def test_numbers_of_the_reason_are_decided_on_too(
    ministry: Ministry, snapshot: dict[str, Any]
) -> None:
    told = report(ministry, narrated(snapshot, "Alle zones.", "31 zones."), "nl")
    assert numbers_of(told) == []
    gate_waive(
        actor=ministry.users["corporate"],
        report=told,
        gate=GateKind.PARITY,
        findings_sha256=parity_of(told).sha256,
        reason="De vertaling volgt op 1 oktober 2026, binnen 15 dagen.",
    )
    (finding,) = numbers_of(told)
    assert (finding.number.number, finding.number.matches, finding.decision) == ("15", (), "")
    number_decide(
        actor=ministry.users["corporate"],
        report=told,
        anchor=finding.number.anchor,
        occurrence=0,
        decision=NumberDecision.ACCEPTED,
    )
    (finding,) = numbers_of(told)
    assert finding.decision == NumberDecision.ACCEPTED


def test_last_decision_on_a_number_counts(ministry: Ministry, snapshot: dict[str, Any]) -> None:
    told = report(ministry, narrated(snapshot, "Er volgen nog 18 zones."), "nl")
    (finding,) = numbers_of(told)
    assert finding.decision == ""
    for decision in (NumberDecision.ACCEPTED, NumberDecision.BOUND):
        NumberReview.objects.create(
            report=told,
            anchor=finding.number.anchor,
            occurrence=finding.number.occurrence,
            text_sha256=finding.number.text_sha256,
            number=finding.number.number,
            decision=decision,
            fact="f:figures:due" if decision == NumberDecision.BOUND else "",
            decided_at=timezone.now(),
            decided_by=ministry.users["corporate"],
        )
    (finding,) = numbers_of(told)
    assert (finding.decision, finding.fact) == (NumberDecision.BOUND, "f:figures:due")
