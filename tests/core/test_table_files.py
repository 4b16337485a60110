"""Tables handed in as XLSX or CSV: numbers of three languages, columns wherever they stand."""

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.table_files import (
    CellError,
    FileColumn,
    TemplateColumn,
    UnreadableFile,
    exact_number_in,
    read_table,
    template_csv,
    template_xlsx,
)
from ibzplan.core.table_files.numbers import number_typed

COLUMNS = (
    FileColumn("code", "Code", names=("lijn",)),
    FileColumn("amount", "Amount", names=("bedrag",), units={"kEUR": 100_000, "EUR": 100}),
    FileColumn("note", "Note", is_required=False),
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def workbook(*rows: list[Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Tabel")
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("0", "0"),
        ("1234", "1234"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("2.514.220", "2514220"),  # thousands in Dutch
        ("2,514,220", "2514220"),  # in English
        ("2 514 220", "2514220"),  # in French, with any of its spaces
        ("2\u202f514\u00a0220,5", "2514220.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234.567", "1234.567"),  # the space groups, so the point does not
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("-12,5", "-12.5"),
        ("\N{MINUS SIGN}12,5", "-12.5"),
        ("+3", "3"),
        (1234.5, "1234.5"),
        (0.1 + 0.2, "0.3"),
        (13879, "13879"),
    ],
)
def test_a_number_is_read_exactly(text: Any, number: str | None) -> None:
    assert exact_number_in(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    "text",
    ["abc", "1,2,3", "12.34.567", "1 23", "1,,5", "1.2,3.4", "#REF!", "12 EUR", ",5", "--1", "1e5"],
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(CellError) as raised:
        exact_number_in(text)
    assert raised.value.code in ("not_a_number", "cell_error")


@pytest.mark.parametrize("text", ["1.500", "990,370"])
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str) -> None:
    with pytest.raises(CellError) as raised:
        exact_number_in(text)
    assert raised.value.code == "ambiguous"
    whole = text.replace(".", "").replace(",", "")
    assert whole in raised.value.message
    comma, point = exact_number_in(text, decimal=","), exact_number_in(text, decimal=".")
    assert {comma, point} == {Decimal(whole), Decimal(whole) / 1000}


@given(st.decimals(min_value=0, max_value=10**11, places=5))
def test_what_is_shown_can_be_typed_back(value: Decimal) -> None:
    assert exact_number_in(number_typed(value)) == value


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_however_it_was_saved(separator: str, encoding: str) -> None:
    lines = [
        ["Begroting"],
        ["lijn", "Naam", "Bedrag (EUR)"],
        ["A", "Café", "12"],
        [],
        ["B", "", ""],
    ]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    table = read_table(content, COLUMNS)
    assert table.problems == []
    assert [(row.number, row.text_in("code")) for row in table.rows] == [(3, "A"), (5, "B")]
    assert [row.number_in("amount") for row in table.rows] == [Decimal(1200), None]
    assert not table.has("note")


def test_a_workbook_is_read_with_the_unit_of_its_column() -> None:
    table = read_table(
        workbook(["Amount (kEUR)", "Other", "code"], [960.35, "x", "PERS"], ["12,5", "", "OP"]),
        COLUMNS,
    )
    assert [row.number_in("amount") for row in table.rows] == [96_035_000, 1_250_000]
    problem = table.problem("odd", "Odd.", row=table.rows[0], key="amount")
    place = problem.sheet, problem.column, problem.row, problem.header, problem.found
    assert place == ("Tabel", "A", 2, "Amount (kEUR)", "960.35")


def test_a_head_without_its_unit_is_a_problem_at_that_cell() -> None:
    table = read_table(b"code;Amount\nA;1\n", COLUMNS)
    (problem,) = table.problems
    assert (problem.code, problem.column, problem.row) == ("no_unit", "B", 1)
    assert "Amount (kEUR)" in problem.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b\n1;2\n", "columns_missing"),
        (b"", "columns_missing"),
        (b"PK\x03\x04 no zip", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0 old", "not_a_workbook"),
        (b"\x00\x01\x02", "not_a_table"),
    ],
)
def test_another_file_is_refused_as_a_whole(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_table(content, COLUMNS)
    assert raised.value.code == code


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("make", ["xlsx", "csv"])
def test_what_is_handed_out_reads_back_as_it_was(language: str, make: str) -> None:
    columns = [TemplateColumn("code"), TemplateColumn("Amount (kEUR)"), TemplateColumn("Note")]
    rows: list[list[Any]] = [
        ["A", Decimal("12.345"), "=1+1"],
        ["B", Decimal(0), "é"],
        ["C", None, ""],
    ]
    with translation.override(language):
        content = (
            template_csv(columns, rows) if make == "csv" else template_xlsx("T", columns, rows)
        )
        table = read_table(content, COLUMNS)
    assert [row.number_in("amount") for row in table.rows] == [1_234_500, 0, None]
    assert table.rows[1].text_in("note") == "é"
    assert table.rows[0].text_in("note").endswith("=1+1")
