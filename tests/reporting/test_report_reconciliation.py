"""What a report tells of printed means that disagree with what they add up to."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone, translation

from ibzplan.core.services import record_change
from personnel.models import StaffingFigure, StaffingLine
from reporting.gates.numbers import typed_numbers
from reporting.render.agreement import figure_disagreements
from reporting.render.blocks import plain_text, runs_of
from reporting.render.content import document
from reporting.render.sheets import sheets_of
from reporting.render.sheets.cells import whole_text
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry, text

REFERENCE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def tables(ministry: Ministry) -> None:
    """A total of two units of which one is ADCV, with one head too few for the FTE of the other."""
    whole = StaffingLine.objects.create(code="TOT", title=text("Totaal"), order=1)
    for unit in (ministry.adcv, ministry.dvz):
        StaffingLine.objects.create(code=unit.code, unit=unit, parent=whole, title=unit.title)
    _people("TOT", "fte", "100,5")
    _people("ADCV", "fte", "60,2")
    _people("DVZ", "fte", "40,2")
    _people("TOT", "headcount", "102")
    _people("ADCV", "headcount", "61")
    _people("DVZ", "headcount", "40")


def _people(code: str, measure: str, printed: str) -> None:
    StaffingFigure.objects.create(
        line=StaffingLine.objects.get(code=code),
        measure=measure,
        statute="statutory",
        kind="actual",
        on=date(2024, 12, 31),
        amount=0,
        printed=printed,
        source_first_line=1604,
    )


def _build(ministry: Ministry, known_at: datetime | None = None, **asked: Any) -> dict[str, Any]:
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


def _told(snapshot: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    facts = snapshot["facts"]
    return [
        (row["class"], row["check"], row["code"], facts[row["difference"]]["display"])
        for row in snapshot["means"]["reconciliation"]["lines"]
    ]


@pytest.mark.usefixtures("tables")
def test_a_report_tells_the_differences_that_touch_its_units(ministry: Ministry) -> None:
    # The totals touch both units; the FTE of DVZ touch that of the other minister alone.
    totals = [("mismatch", "below", "TOT", "1"), ("rounding", "below", "TOT", "0.1")]
    assert _told(_build(ministry)) == totals
    own = _told(_build(ministry, minister=ministry.am))
    assert own == [("mismatch", "fte_above", "DVZ", "0.2"), *totals]


@pytest.mark.usefixtures("tables")
def test_every_format_tells_them_with_figures_of_the_snapshot(ministry: Ministry) -> None:
    snapshot = _build(ministry)
    made = document(snapshot)
    runs = [one for one in runs_of(made) if one.anchor.startswith("means.reconciliation")]
    told = " ".join(plain_text(one.run) for one in runs)
    for words in ("figures that disagree: 1;", "by rounding: 1;", "100.5", "100.4", "Mismatch"):
        assert words in told
    assert "half a rounding step" in told
    (sheet,) = (one for one in sheets_of(snapshot) if one.key == "reconciliation")
    assert [[whole_text(cell) for cell in row[:2]] for row in sheet.rows] == [
        ["Mismatch", "Headcount table"],
        ["Rounding", "FTE table"],
    ]
    figures = [whole_text(cell) for cell in sheet.rows[1][6:10]]
    assert figures == ["100.5", "100.4", "0.1", "FTE"]


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_its_figures_pass_the_gates(ministry: Ministry, language: str) -> None:
    snapshot = {**_build(ministry), "language": language}
    with translation.override(language):
        made, sheets = document(snapshot), sheets_of(snapshot)
        assert figure_disagreements(made, sheets, snapshot) == []
        assert typed_numbers(made, snapshot) == []
        wrong = snapshot["means"]["reconciliation"]["lines"][0]["difference"]
        snapshot["facts"][wrong]["value"] = "2"
        assert [one.fact for one in figure_disagreements(made, sheets, snapshot)]


@pytest.mark.usefixtures("tables")
def test_what_is_corrected_or_moved_later_changes_no_earlier_report(ministry: Ministry) -> None:
    known_at = timezone.now()
    before = _build(ministry, known_at)
    figure = StaffingFigure.objects.get(line__code="ADCV", measure="headcount")
    record_change(actor=None, target=figure, values={"printed": "62"})
    line = StaffingLine.objects.get(code="ADCV")
    record_change(actor=None, target=line, values={"unit": ministry.dvz})
    assert canonical_json(_build(ministry, known_at)) == canonical_json(before)
    # The heads add up now, and no unit of the minister has a line any more.
    assert _build(ministry)["means"]["reconciliation"] is None


@pytest.mark.usefixtures("tables")
def test_a_report_of_an_earlier_schema_has_no_such_section(ministry: Ministry) -> None:
    snapshot = _build(ministry)
    del snapshot["means"]["reconciliation"]
    anchors = [one.anchor for one in runs_of(document({**snapshot, "schemaVersion": 7}))]
    assert not [one for one in anchors if one.startswith("means.reconciliation")]
    assert "reconciliation" not in {sheet.key for sheet in sheets_of(snapshot)}
