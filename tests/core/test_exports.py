"""What is on screen as a file: typed, in the reader's language, safe to open."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, Cell, Column, ExportTable, Kind, export_response
from objectives.indicators.choices import Status

CLOCKS = Clocks(date(2026, 6, 30), datetime(2026, 7, 14, 8, 5, tzinfo=UTC))
COLUMNS = (
    Column("code", "Code"),
    Column("title", "Title"),
    Column("objectives", "Objectives", Kind.INTEGER),
    Column("value", "Value", Kind.DECIMAL),
    Column("share", "On track", Kind.PERCENT),
    Column("due", "Due", Kind.DATE),
    Column("status", "Status", Kind.STATUS),
)
ROW: tuple[Cell, ...] = (
    "1.1",
    {"nl": "Kaderen", "fr": "Encadrer"},
    0,
    Decimal("-2.80"),
    Fraction(16, 25),
    date(2026, 12, 31),
    Status.AT_RISK,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _table(*rows: tuple[Cell, ...], name: str = "werven", title: str = "Werven") -> ExportTable:
    return ExportTable(name, title, COLUMNS, rows)


def _request(query: str) -> HttpRequest:
    request = RequestFactory().get(f"/board/?{query}")
    request.user = AnonymousUser()
    return request


def _about(**values: Any) -> About:
    return About("Progress 2026", CLOCKS, 2026, **values)


def _asked(query: str, *tables: ExportTable, **values: Any) -> HttpResponse:
    answer = export_response(
        _request(query), tables, file_name="Tableau de bord", about=_about(**values)
    )
    assert answer is not None
    return answer


def _lines(answer: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def _book(answer: HttpResponse) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(answer.content))


@pytest.mark.parametrize("query", ["", "export=", "export=pdf", "minister=interior"])
def test_a_page_that_is_not_asked_for_a_file_makes_none(query: str) -> None:
    def never() -> list[ExportTable]:
        raise AssertionError("the tables were made for a page")

    assert export_response(_request(query), never, file_name="board", about=_about()) is None


def test_csv_keeps_to_rfc_4180_and_opens_as_utf_8() -> None:
    answer = _asked("export=csv", _table(ROW, ("1.2", 'Zeg "ja",\nof nee', *[None] * 5)))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == 3
    assert b'"Zeg ""ja"",\nof nee"' in answer.content
    assert _lines(answer) == [
        ["Code", "Title", "Objectives", "Value", "On track", "Due", "Status"],
        ["1.1", "Kaderen", "0", "-2.8", "64%", "2026-12-31", str(Status.AT_RISK.label)],
        ["1.2", 'Zeg "ja",\nof nee', "", "", "", "", ""],
    ]


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_belgian_spreadsheet_opens_the_csv_in_columns(language: str) -> None:
    """In Dutch and French it splits at semicolons and takes the comma for the decimal sign."""
    share = Fraction(1293, 2000)
    row = ("1.1", "=1+1; of niet", 0, Decimal("-2.80"), share, date(2026, 12, 31), None)
    with translation.override(language):
        answer = _asked("export=csv", _table(row))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = answer.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert lines[0][:2] == ["Code", "Title"]
    assert lines[1] == ["1.1", "'=1+1; of niet", "0", "-2,8", "64,65%", "2026-12-31", ""]


@pytest.mark.parametrize("text", ["=1+1", "+32 2 500 21 11", "-niets", "@SUM(A1)", "\t=1", "＝1"])
def test_no_text_runs_as_a_formula(text: str) -> None:
    row = (text, text, *[None] * 5)
    assert _lines(_asked("export=csv", _table(row)))[1][0].startswith("'")
    cell = _book(_asked("export=xlsx", _table(row)))["Werven"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert str(cell.value).strip() == text.strip()


def test_an_address_can_ask_for_another_table_of_the_page() -> None:
    other = ExportTable("gaps", "Gaps", (Column("gap", "Gap"),), [("without indicator",)])
    assert _lines(_asked("export=csv&table=gaps", _table(ROW), other))[1] == ["without indicator"]
    assert _lines(_asked("export=csv&table=none", _table(ROW), other))[1][0] == "1.1"


def test_a_workbook_has_typed_cells_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        page = _book(_asked("export=xlsx", _table(ROW)))["Werven"]
    cells = [cell.value for cell in page[2]]
    assert cells[:5] == ["1.1", "Encadrer", 0, -2.8, 0.64]
    assert cells[5] == datetime(2026, 12, 31)  # noqa: DTZ001 (a workbook knows no time zones)
    assert page["E2"].number_format == "0.0%"
    assert page["F2"].is_date
    assert page.freeze_panes == "B2"
    with translation.override("fr"):
        assert cells[6] == str(Status.AT_RISK.label)


def test_nothing_is_an_empty_cell_and_zero_a_figure() -> None:
    page = _book(_asked("export=xlsx", _table(("1.1", "", None, 0, Fraction(0), None, ""))))
    assert [cell.value for cell in page["Werven"][2]] == ["1.1", None, None, 0, 0, None, None]


def test_the_first_sheet_says_what_the_file_is() -> None:
    book = _book(
        _asked(
            "minister=interior&export=xlsx&reference=2026-06-30",
            _table(ROW),
            filters=[("Supervising minister", {"nl": "Binnenlandse Zaken"})],
            is_demo=True,
        )
    )
    page = book.worksheets[0]
    said = {str(row[0].value): str(row[1].value) for row in page.iter_rows(min_row=3)}
    assert page["A1"].value == "Progress 2026"
    assert said["Supervising minister"] == "Binnenlandse Zaken"
    assert said["Plan year"] == "2026"
    assert "2026" in said["Reference date"]
    assert "10:05" in said["As known on"] or "10.05" in said["As known on"]
    assert "fictitious" in said["Attention"]
    assert "may see" in said["Rights"]
    assert said["Page"].endswith("/board/?minister=interior&reference=2026-06-30")


def test_the_file_is_named_after_page_year_and_reference_date() -> None:
    answer = _asked("export=csv", _table(ROW), is_demo=True)
    name = "ibzplan-tableau-de-bord-2026-2026-06-30-demo.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "private, no-store"
    assert _asked("export=csv", _table(ROW), _table(ROW, name="gaps"))[
        "Content-Disposition"
    ].endswith('tableau-de-bord-werven-2026-2026-06-30.csv"')


def test_sheets_of_one_title_or_a_title_no_sheet_can_have_are_told_apart() -> None:
    title = "Strategic objectives: by theme/by level [all]"
    names = _book(
        _asked("export=xlsx", _table(ROW, title=title), _table(ROW, title=title))
    ).sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 for name in names)


def test_a_text_that_no_cell_can_hold_is_made_to_fit() -> None:
    page = _book(_asked("export=xlsx", _table(("a\x00b", "x" * 40_000, *[None] * 5))))["Werven"]
    assert page["A2"].value == "ab"
    assert len(str(page["B2"].value)) == 32_767


@pytest.mark.parametrize("cell", [0.1, "12", True])
def test_a_number_that_is_not_exact_is_refused(cell: Any) -> None:
    with pytest.raises(TypeError, match="value"):
        _asked("export=csv", _table(("1.1", "", None, cell, None, None, "")))


def test_a_repeating_fraction_is_rounded_half_away_from_zero() -> None:
    row = ("1.1", "", None, Fraction(-1, 2_000_000), Fraction(2, 3), None, "")
    assert _lines(_asked("export=csv", _table(row)))[1][3:5] == ["-0.000001", "66.666667%"]


def test_the_links_keep_the_whole_address_of_the_page() -> None:
    request = _request("minister=interior&reference=2026-06-30&export=csv&table=werven")
    page = render_to_string("core/includes/export_links.html", {}, request)
    assert "?minister=interior&amp;reference=2026-06-30&amp;export=xlsx" in page
    assert "?minister=interior&amp;reference=2026-06-30&amp;export=csv" in page
    assert "table=" not in page
    several = render_to_string(
        "core/includes/export_links.html", {"export_tables": [("gaps", "Gaps")]}, request
    )
    assert "export=csv&amp;table=gaps" in several
