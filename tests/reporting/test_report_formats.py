"""One report in all formats: each figure stands in its places, and nothing else moves with it."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from docx import Document as WordDocument
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from benchmarks.report_formats import count_objectives, ratio, repeated
from ibzplan.core.clocks import Clocks
from ibzplan.core.services import token_create
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from reporting.render import FiguresDisagree, render, render_xlsx
from reporting.render.agreement import figure_disagreements
from reporting.render.blocks import (
    Column,
    Document,
    Figure,
    Paragraph,
    Pictures,
    Table,
    Terms,
    Words,
    plain_text,
    runs_of,
)
from reporting.render.content import document
from reporting.render.sheets import Sheet, cells_of, sheets_of
from reporting.render.wording import FactReader
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from tests.factories import Ministry
from tests.reporting.report_reading import as_of_version, indicators_of, pdf_text
from tests.reporting.test_report_override import indicator, objective, record

__all__ = ["indicator", "objective"]

REFERENCE = date(2026, 9, 30)
KNOWN_AT = "2026-10-20T08:00:00+00:00"


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


def build(ministry: Ministry) -> dict[str, Any]:
    """Return a snapshot as it is read back, all of them known at the same moment."""
    question = ReportQuestion(
        ministry.plan, ministry.year, ministry.vbz, REFERENCE, Clocks.now().known_at, "nl"
    )
    built: dict[str, Any] = json.loads(canonical_json(snapshot_build(question)))
    return {**built, "knownAt": KNOWN_AT}


@pytest.fixture
def snapshot(ministry: Ministry, objective: OperationalObjective) -> dict[str, Any]:
    """Of an objective with one indicator: 10, 20 and 30 zones of 40, each by region."""
    return build(ministry)


def workbook(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


# The workbook -------------------------------------------------------------------------------------


def test_workbook_has_a_sheet_a_subject_that_reads_like_a_table(snapshot: dict[str, Any]) -> None:
    content = render_xlsx(snapshot)
    assert content == render_xlsx(json.loads(json.dumps(snapshot)))
    book = workbook(content)
    sheets = sheets_of(snapshot)
    assert book.sheetnames == [sheet.name for sheet in sheets]
    assert {"overview", "structure", "objectives", "indicators", "figures", "aims", "method"} <= {
        sheet.key for sheet in sheets
    }
    for page, sheet in zip(book.worksheets, sheets, strict=True):
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref == page.dimensions
        assert [cell.value for cell in page[1]] == [column.head for column in sheet.columns]
        assert "Ontwerp" in str(page.oddHeader)
    assert book.properties.created == datetime.fromisoformat(KNOWN_AT).replace(tzinfo=None)
    assert book.properties.title == document(snapshot).title


def test_every_figure_is_a_number_or_a_date_bound_to_its_fact(snapshot: dict[str, Any]) -> None:
    book = workbook(render_xlsx(snapshot))
    names = {sheet.key: sheet.name for sheet in sheets_of(snapshot)}
    shown = set()
    for key, place, cell in cells_of(sheets_of(snapshot)):
        if not isinstance(cell, Figure):
            continue
        fact, written = snapshot["facts"][cell.fact], book[names[key]][place]
        shown.add(cell.fact)
        if fact["kind"] == "share":
            assert Decimal(str(written.value)) * 100 == Decimal(fact["display"])
            assert written.number_format == "0%"
        elif fact["kind"] in ("quantity", "count"):
            assert Decimal(str(written.value)) == Decimal(fact["display"])
            _whole, _point, decimals = written.number_format.partition(".")
            assert len(decimals) == fact.get("decimals", 0)
    measured = {slot["fact"] for row in indicators_of(snapshot) for slot in row["slots"][:3]}
    parts = {
        part["fact"]
        for row in indicators_of(snapshot)
        for slot in row["slots"][:3]
        for part in slot["breakdown"]
    }
    assert measured | parts <= shown


def test_text_of_a_plan_never_runs_as_a_formula(snapshot: dict[str, Any]) -> None:
    (row,) = indicators_of(snapshot)
    row["title"] = {"nl": "=1+1", "fr": "=1+1"}
    book = workbook(render_xlsx(snapshot))
    cells = [cell for page in book for line in page.rows for cell in line if cell.value == "=1+1"]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


def test_periods_and_due_days_are_dates(snapshot: dict[str, Any]) -> None:
    (sheet,) = [sheet for sheet in sheets_of(snapshot) if sheet.key == "figures"]
    page = workbook(render_xlsx(snapshot))[sheet.name]
    heads = [cell.value for cell in page[1]]
    due = page.cell(2, heads.index("Uiterste datum") + 1)
    assert due.value == datetime(2026, 4, 15)  # noqa: DTZ001


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_report_of_an_earlier_version_has_its_workbook(
    snapshot: dict[str, Any], version: int
) -> None:
    book = workbook(render_xlsx(as_of_version(snapshot, version)))
    assert len(book.sheetnames) >= 5


# Figures agree ------------------------------------------------------------------------------------


def disagreements(
    snapshot: dict[str, Any], made: Document | None = None, sheets: tuple[Sheet, ...] | None = None
) -> list[Any]:
    made = document(snapshot) if made is None else made
    return figure_disagreements(made, sheets_of(snapshot) if sheets is None else sheets, snapshot)


def with_text(made: Document, fact: str, text: str) -> Document:
    """Return a document in which the first paragraph that shows a fact shows another text."""
    blocks = list(made.blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and any(
            isinstance(part, Figure) and part.fact == fact for part in block.run
        ):
            run = tuple(
                replace(part, text=text) if isinstance(part, Figure) and part.fact == fact else part
                for part in block.run
            )
            blocks[number] = replace(block, run=run)
            return replace(made, blocks=tuple(blocks))
    raise AssertionError(fact)


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_report_agrees_with_its_facts(snapshot: dict[str, Any], language: str) -> None:
    snapshot["language"] = language
    with translation.override(language):
        assert disagreements(snapshot) == []


@pytest.mark.parametrize("text", ["2", "1,0", "01", "1 %", "een"])
def test_place_that_shows_another_figure_is_named(snapshot: dict[str, Any], text: str) -> None:
    fact = snapshot["summary"]["total"]
    assert snapshot["facts"][fact]["display"] == "1"
    made = with_text(document(snapshot), fact, text)
    (found,) = disagreements(snapshot, made)
    assert found.fact == fact
    told = dict(zip(found.places, found.texts, strict=True))
    assert told["summary.headline"] == text
    assert "1" in told.values()  # with the places that show it well


def test_bare_digit_in_a_sentence_of_the_interface_is_named(snapshot: dict[str, Any]) -> None:
    made = document(snapshot)
    bare = Paragraph((Words("Er zijn 3 doelstellingen."),), "summary.counts")
    (found,) = disagreements(snapshot, replace(made, blocks=(*made.blocks, bare)))
    assert found.places == ("summary.counts",)
    assert found.texts == ("Er zijn 3 doelstellingen.",)


def test_number_in_a_head_or_a_label_is_named(snapshot: dict[str, Any]) -> None:
    made = document(snapshot)
    table = Table("", (Column("SHA-256"), Column("3 zones")), (), "late")
    terms = Terms((("Zones", (Words("geen"),)), ("Van 40", (Words("geen"),))), "method.origin")
    found = disagreements(snapshot, replace(made, blocks=(*made.blocks, table, terms)))
    assert [one.places for one in found] == [("late head.c1",), ("method.origin label.t1",)]


def test_sentence_of_a_picture_shows_its_facts(snapshot: dict[str, Any]) -> None:
    made = document(snapshot)
    fact = snapshot["summary"]["total"]
    pictures = next(one for one in made.blocks if isinstance(one, Pictures))
    (picture,) = pictures.pictures
    assert Figure(fact, "1") in picture.said
    wrong = replace(picture, said=(Figure(fact, "2"), *picture.said[1:]))
    blocks = tuple(
        replace(one, pictures=(wrong,)) if one is pictures else one for one in made.blocks
    )
    (found,) = disagreements(snapshot, replace(made, blocks=blocks))
    told = dict(zip(found.places, found.texts, strict=True))
    assert told["summary.bar p0.alt"] == "2"


def explained(made: Document, fact: str, text: str) -> Document:
    """Return a document with a sentence that explains a status."""
    said = Paragraph((Figure(fact, text),), "objective.why.more")
    return replace(made, blocks=(*made.blocks, said))


def test_sentence_that_explains_a_status_says_the_numbers_of_its_step(
    snapshot: dict[str, Any],
) -> None:
    (row,) = indicators_of(snapshot)
    why = {snapshot["facts"][key]["code"]: key for key in row["why"]}
    made, facts = document(snapshot), FactReader(snapshot["facts"])
    for code in ("reference", "actual", "expected", "attainment", "thresholds"):
        (said,) = facts.why([why[code]])
        assert disagreements(snapshot, explained(made, why[code], said.text)) == []
        wrong = re.sub(r"(\d)(?=\D*$)", lambda found: str((int(found[0]) + 5) % 10), said.text)
        (found,) = disagreements(snapshot, explained(made, why[code], wrong))
        assert (found.fact, found.texts) == (why[code], (wrong,))
    fact = why["actual"]
    # What the step says is what the indicator shows.
    snapshot["facts"][fact]["values"]["value"] = "29"
    told = disagreements(snapshot, made)
    assert {one.fact for one in told} == {fact}
    assert any("30" in text for one in told for text in one.texts)


def test_report_that_contradicts_itself_is_not_made(snapshot: dict[str, Any]) -> None:
    werf = snapshot["strategicObjectives"][0]["werven"][0]
    snapshot["facts"][werf["total"]] = {"kind": "count", "value": "2", "display": "2"}
    with pytest.raises(FiguresDisagree) as raised:
        render("xlsx", snapshot, None)
    assert raised.value.code == "figures_disagree"
    assert "structure F3" in raised.value.places


def test_figures_due_are_those_submitted_and_missing(snapshot: dict[str, Any]) -> None:
    """In the summary, in the data quality, and in both the same."""
    due, missing = (snapshot["summary"][name] for name in ("due", "missing"))
    snapshot["facts"][missing] = {"kind": "count", "value": "9", "display": "9"}
    assert {one.fact for one in disagreements(snapshot)} == {due, missing}


def test_latest_figure_and_actual_value_are_one(snapshot: dict[str, Any]) -> None:
    (row,) = indicators_of(snapshot)
    row["accumulation"] = "to_date"
    actual = row["actual"]
    snapshot["facts"][actual] |= {"value": "31", "display": "31"}
    found = [one for one in disagreements(snapshot) if one.fact == actual]
    assert {"30", "31"} <= set(chain.from_iterable(one.texts for one in found))


# One measurement changes --------------------------------------------------------------------------


def displays(snapshot: dict[str, Any]) -> dict[str, str]:
    """Return how every fact reads, steps of explanations apart."""
    return {key: fact["display"] for key, fact in snapshot["facts"].items() if "display" in fact}


def texts(snapshot: dict[str, Any]) -> dict[str, str]:
    """Return what stands where in the document."""
    return {f"{row.anchor} {row.place}": plain_text(row.run) for row in runs_of(document(snapshot))}


def cells(snapshot: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Return what stands where in a workbook."""
    return {
        f"{sheet.key} {cell.coordinate}": cell.value
        for page, sheet in zip(workbook(content), sheets_of(snapshot), strict=True)
        for row in page.iter_rows()
        for cell in row
    }


def words_of(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


def word_lines(content: bytes) -> Counter[str]:
    """Return the paragraphs of a Word document, those of its tables and pictures too."""
    body = WordDocument(io.BytesIO(content)).element.body
    paragraphs = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return Counter([*paragraphs, *(picture.get("descr") for picture in body.iter(qn("wp:docPr")))])


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def showing(snapshot: dict[str, Any], facts: set[str]) -> tuple[set[str], set[str]]:
    """Return the places of the document and of the workbook that show one of these facts."""
    in_document = {
        f"{row.anchor} {row.place}"
        for row in runs_of(document(snapshot))
        if any(isinstance(part, Figure) and part.fact in facts for part in row.run)
    }
    in_sheets = {
        f"{key} {place}"
        for key, place, cell in cells_of(sheets_of(snapshot))
        if isinstance(cell, Figure) and cell.fact in facts
    }
    return in_document, in_sheets


def test_one_measurement_changes_exactly_its_places(
    ministry: Ministry, snapshot: dict[str, Any], indicator: Indicator
) -> None:
    record(ministry, indicator, "2026-T2", "21", {"bru": "8", "vla": "13"}, reason="Telfout")
    after = build(ministry)
    (before_row,), (row,) = indicators_of(snapshot), indicators_of(after)

    # The figure and its part are new facts, the point of the chart is the old one.
    slots = before_row["slots"][1], row["slots"][1]
    (old, new), (old_parts, new_parts) = (
        [slot["fact"] for slot in slots],
        [[part["fact"] for part in slot["breakdown"]] for slot in slots],
    )
    point = f"f:series:{row['id']}:2026-06-30"
    assert differing(displays(snapshot), displays(after)) == {
        *(old, new, point),
        *old_parts,
        *new_parts,
    }
    moved = {new, point, new_parts[1]}  # Brussels keeps its 8

    # The places that show them, and what else a correction says: its reason, the hash of the data.
    in_document, in_sheets = showing(after, moved)
    part_places = showing(after, {new_parts[1]})[0]
    assert any(place.startswith("data.table") for place in part_places)
    told, told_after = texts(snapshot), texts(after)
    said = {place for place, text in told_after.items() if "Telfout" in text}
    assert differing(told, told_after) == in_document | said | {"method.origin t2"}
    written, written_after = (cells(one, render("xlsx", one, None)) for one in (snapshot, after))
    noted = {place for place, value in written_after.items() if value == "Telfout"}
    hashes = {place for place in written if place.startswith("method") and _is_hash(written[place])}
    assert {"figures I5", "figures I7"} <= in_sheets
    assert differing(written, written_after) == in_sheets | noted | hashes

    # The same in the files: no other line of the Word document, no other word of the PDF.
    places = differing(told, told_after) - {"method.origin t2"}
    lines, lines_after = (word_lines(render("docx", one, None)) for one in (snapshot, after))
    assert without_hash(lines - lines_after) == Counter(
        told[place] for place in places if place in told
    )
    assert without_hash(lines_after - lines) == Counter(told_after[place] for place in places)
    pages, pages_after = (
        words_of([pdf_text(render("pdf", one, None))]) for one in (snapshot, after)
    )
    gone, come = words_of(told.values()), words_of(told_after.values())
    assert pages - pages_after == gone - come
    assert pages_after - pages == come - gone


def without_hash(lines: Counter[str]) -> Counter[str]:
    return Counter({line: n for line, n in lines.items() if not _is_hash(line[-64:])})


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == len(sha256_of(""))


# What the API says --------------------------------------------------------------------------------


def test_figures_of_the_pdf_are_those_of_the_api_as_of_that_moment(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator, client: Client
) -> None:
    question = ReportQuestion(
        ministry.plan, ministry.year, ministry.vbz, REFERENCE, Clocks.now().known_at, "nl"
    )
    # Later than the report knows.
    record(ministry, indicator, "2026-T2", "21", {"bru": "8", "vla": "13"}, reason="Telfout")
    snapshot = json.loads(canonical_json(snapshot_build(question)))
    _token, key = token_create(user=ministry.users["auditor"], name="vergelijking")
    answer = client.get(
        "/api/v1/measurements",
        {"indicator": str(indicator.uuid), "asOf": snapshot["knownAt"]},
        headers={"Authorization": f"Bearer {key}"},
    ).json()
    told = {row["period"]: row["value"] for row in answer["items"] if "breakdown" not in row}
    assert told == {"2026-T1": 10, "2026-T2": 20, "2026-T3": 30}
    page = pdf_text(render("pdf", snapshot, None))
    for period, value in told.items():
        assert f"{period[5:]}: {value}" in page
    assert "T2: 21" not in page


# How long it takes --------------------------------------------------------------------------------


@pytest.mark.slow
def test_all_formats_take_little_longer_than_typesetting(snapshot: dict[str, Any]) -> None:
    """The aim for 200 objectives is twice (benchmarks/report_formats.py), on a machine at rest.

    Here 60 of them go through one process beside other tests: what would be many times as long,
    such as work that grows with the square of the report, is found all the same.
    """
    large = repeated(snapshot, 60)
    assert count_objectives(large) == 60
    _every, _alone, times = ratio(json.dumps(large), processes=1, rounds=1)
    assert times < 5
