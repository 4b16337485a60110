"""What a report tells of credits and staffing of the units concerned."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from budget.models import CreditAmount, CreditLine
from ibzplan.core.services import history_record, next_instant, record_change
from personnel.models import OrganisationUnit, StaffingFigure, StaffingLine
from reporting.render.blocks import plain_text, runs_of
from reporting.render.content import document
from reporting.render.sheets import sheets_of
from reporting.render.sheets.cells import whole_text
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry, text

REFERENCE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reports speak English here."""
    with translation.override("en"):
        yield


def build(ministry: Ministry, known_at: datetime | None = None, **asked: Any) -> dict[str, Any]:
    values = {"minister": ministry.vbz, "known_at": known_at or timezone.now(), **asked}
    return snapshot_build(
        ReportQuestion(
            strategic_plan=ministry.plan,
            plan=ministry.year,
            reference_date=REFERENCE,
            language="nl",
            **values,
        )
    )


def credit(code: str, year: int = 2025, **line: Any) -> CreditAmount:
    known = CreditLine.objects.filter(code=code).first()
    return CreditAmount.objects.create(
        line=known or CreditLine.objects.create(code=code, title=text(f"Lijn {code}"), **line),
        year=year,
        budget="initial",
        table="global",
        commitment_cents=916_200_000,
        payment_cents=916_250_000,
        printed_commitment=9162,
        printed_payment=9163,
        source_first_line=1381,
    )


def people(unit: OrganisationUnit, **figure: Any) -> StaffingFigure:
    line, _made = StaffingLine.objects.get_or_create(
        code=unit.code, defaults={"unit": unit, "title": unit.title}
    )
    values = {"measure": "fte", "kind": "actual", "statute": "statutory", "amount": 1_148_300}
    return StaffingFigure.objects.create(
        line=line, **{"on": date(2024, 12, 31), "source_first_line": 1568, **values, **figure}
    )


def said(snapshot: dict[str, Any], anchor: str) -> list[str]:
    made = document(snapshot)
    return [plain_text(one.run) for one in runs_of(made) if one.anchor.startswith(anchor)]


def test_each_unit_stands_with_its_credits_and_people(ministry: Ministry) -> None:
    credit("H-ADCV", unit=ministry.adcv)
    credit("E1", minister=ministry.vbz)
    credit("E2", minister=ministry.am)
    credit("H-DVZ", unit=ministry.dvz)
    people(ministry.adcv)
    people(ministry.adcv, statute="contractual", amount=52_100)
    people(ministry.adcv, measure="headcount", amount=1272, source_first_line=1620)
    people(ministry.dvz)
    snapshot = build(ministry)
    means = snapshot["means"]
    assert means["year"] == 2025
    assert [row["code"] for row in means["envelopes"]] == ["E1"]
    (unit,) = means["units"]
    assert unit["unit"] == "ADCV"
    facts = snapshot["facts"]
    (line,) = unit["credits"]["lines"]
    assert facts[line["commitment"]]["value"] == "9162"
    assert facts[line["payment"]] | {"value": "18325/2", "decimals": 1} == facts[line["payment"]]
    fte, heads = unit["staffing"]["rows"]
    assert (facts[fte["statutory"]]["value"], facts[heads["statutory"]]["value"]) == (
        "11483/10",
        "1272",
    )
    assert fte["mandate"] is None
    told = " ".join(said(snapshot, "means"))
    for words in (
        "Credits 2025",
        "Lijn E1",
        "9\N{NO-BREAK SPACE}162",
        "line 1381",
        "1\N{NO-BREAK SPACE}148.3",
        "52.1",
        "line 1568",
        "no figure divides the one by the other",
    ):
        assert words in told.replace(",", "\N{NO-BREAK SPACE}"), words
    assert "E2" not in told
    sheets = {sheet.key: sheet for sheet in sheets_of(snapshot)}
    assert [whole_text(row[2]) for row in sheets["credits"].rows] == ["E1", "H-ADCV"]
    assert [whole_text(row[1]) for row in sheets["staffing"].rows] == ["FTE", "Headcount"]


def test_the_latest_year_up_to_that_of_the_plan_is_told(ministry: Ministry) -> None:
    credit("H-ADCV", unit=ministry.adcv)
    credit("H-ADCV", ministry.year.year + 1)
    people(ministry.adcv)
    people(ministry.adcv, on=date(2025, 12, 31), amount=1)
    people(ministry.adcv, on=date(2026, 12, 31), amount=2)
    people(ministry.adcv, on=date(2026, 12, 31), kind="plan", amount=3)
    people(ministry.dvz, on=date(2026, 6, 30), amount=4)  # newer, of another line
    snapshot = build(ministry)
    assert snapshot["means"]["year"] == 2025
    (unit,) = snapshot["means"]["units"]
    assert len(unit["credits"]["lines"]) == 1
    assert [(row["kind"], row["on"]) for row in unit["staffing"]["rows"]] == [
        ("actual", "2025-12-31"),
        ("plan", "2026-12-31"),
    ]


def test_a_line_entered_for_another_year_hides_no_printed_one(ministry: Ministry) -> None:
    """The table is of the last year; a line that has none of it stands with its own year."""
    credit("H-ADCV", unit=ministry.adcv)
    credit("H-DIR", unit=ministry.adcv)
    credit("H-DIR", 2026)
    snapshot = build(ministry)
    assert snapshot["means"]["year"] == 2026
    (unit,) = snapshot["means"]["units"]
    lines = unit["credits"]["lines"]
    assert [(row["code"], row["year"]) for row in lines] == [("H-ADCV", 2025), ("H-DIR", 2026)]
    told = said(snapshot, "means.credits")
    assert "Credits 2026" in told
    assert (told.count("2025"), told.count("2026")) == (1, 0)
    sheets = {sheet.key: sheet for sheet in sheets_of(snapshot)}
    assert [whole_text(row[0]) for row in sheets["credits"].rows] == ["2025", "2026"]


def test_what_is_entered_corrected_or_renamed_later_changes_no_earlier_report(
    ministry: Ministry,
) -> None:
    amount, figure = credit("H-ADCV", unit=ministry.adcv), people(ministry.adcv)
    known_at = timezone.now()
    before = build(ministry, known_at)
    later = credit("H-ADCV", 2026)
    history_record(actor=None, target=later, action="created", changes={}, at=next_instant())
    record_change(actor=None, target=amount, values={"commitment_cents": 1})
    record_change(actor=None, target=amount.line, values={"unit": ministry.dvz})
    record_change(actor=None, target=figure, values={"amount": 7})
    record_change(actor=None, target=figure.line, values={"remark": text("Nieuw")})
    assert canonical_json(build(ministry, known_at)) == canonical_json(before)
    now = build(ministry)["means"]
    assert now["year"] == 2026
    assert [(row["unit"], row["credits"]) for row in now["units"]] == [("ADCV", None)]


def test_a_report_without_means_has_no_section(ministry: Ministry) -> None:
    snapshot = build(ministry)
    assert snapshot["means"] == {
        "year": None,
        "envelopes": [],
        "units": [],
        "reconciliation": None,
    }
    assert said(snapshot, "means") == []
    assert said({key: part for key, part in snapshot.items() if key != "means"}, "means") == []
    assert not {"credits", "staffing"} & {sheet.key for sheet in sheets_of(snapshot)}
