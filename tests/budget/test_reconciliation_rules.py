"""Printed and recomputed: every difference of the four tables, and an error in every cell."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.reconciliation import (
    Cell,
    Finding,
    Sheet,
    Stated,
    Table,
    Tree,
    Unit,
    Verdict,
    findings_of,
)
from budget.reconciliation.cells import judged
from tests.budget.printed_tables import (
    SHEETS,
    parents,
    printed_cells,
    sheets_of,
    stated_figures,
)

Key = tuple[str, str, str, str, str]
STATUTES = ("mandate", "statutory", "contractual")
# Larger than any rounding, and than what it takes to move a percentage of the text.
BIG = 10_000_000


def _key(finding: Finding) -> Key:
    return (finding.check, finding.table, finding.sheet, finding.line, finding.column)


def _differences(cells: Iterable[Cell]) -> dict[Key, Finding]:
    found = findings_of(sheets_of(cells), stated_figures())
    differences = [row for row in found if row.verdict != Verdict.AGREES]
    by_key = {_key(row): row for row in differences}
    assert len(by_key) == len(differences)
    return by_key


def _told(found: dict[Key, Finding], verdict: Verdict) -> set[tuple[str, ...]]:
    return {
        (*_key(row)[:2], row.line, row.column, row.printed, str(row.recomputed))
        for row in found.values()
        if row.verdict == verdict
    }


def test_every_cell_of_the_four_tables_is_there() -> None:
    counts = Counter(f"{cell.table} {cell.sheet}" for cell in printed_cells())
    assert set(counts) == SHEETS
    # Rows of the tables times their columns; the FTE table prints the total of a year once.
    assert counts["global 2025/initial"] == 19 * 2
    assert counts["missions 2025/initial"] == 38 * 2
    assert (
        counts["fte 2024-12-31/actual"] == counts["fte 2025-12-31/plan"] == 24 * 3 - 2 * 3 + 1 + 6
    )
    assert counts["headcount 2024-12-31/actual"] == 14 * 4
    assert all(cell.source_line for cell in printed_cells())


def test_what_the_print_disagrees_on() -> None:
    found = _differences(printed_cells())
    assert _told(found, Verdict.MISMATCH) == {
        ("below", "fte", "ENV1", "mandate", "6,0", "5000"),
        ("no_fte", "fte", "ADVP", "mandate", "0,0", "1000"),
        ("fte_above", "fte", "PO", "statutory", "160,6", "118000"),
        ("fte_above", "fte", "PO", "all", "", "164000"),
        ("fte_above", "fte", "OCAD", "statutory", "84,0", "0"),
        ("fte_above", "fte", "OCAD", "all", "", "61000"),
        ("opposite", "headcount", "OCAD", "contractual", "61", "3300"),
    }
    assert _told(found, Verdict.ROUNDING) == {
        ("below", "fte", "ENV1", "statutory", "2073,7", "2073600"),
        ("below", "fte", "ENV1", "mandate", "7,9", "8000"),
        ("below", "fte", "ENV1", "contractual", "267,7", "267800"),
        ("below", "fte", "ENV2", "contractual", "444,3", "444400"),
        ("statutes", "fte", "TOT", "all", "5883,0", "5883100"),
        ("statutes", "fte", "TOT", "all", "5821,5", "5821400"),
    }


def test_what_stands_in_one_place_only() -> None:
    found = _differences(printed_cells()).values()
    only = [row for row in found if row.verdict == Verdict.ONLY_IN_ONE]
    by_table = Counter(row.table for row in only)
    # Hosted lines; services with accounting autonomy and funds; figures of the texts.
    assert by_table == {Table.GLOBAL: 12, Table.FTE: 8, Table.TEXT: 10}
    assert {row.line for row in only if row.table == Table.FTE} == {
        "ADBA-EID",
        "ADBA-DE",
        "FUNDS",
        *(f"FUND-{code}" for code in ("BEW", "SEV", "NUC", "AMIF", "MIG")),
    }


def test_the_text_agrees_with_the_tables() -> None:
    found = findings_of(sheets_of(printed_cells()), stated_figures())
    stated = [row for row in found if row.check == "stated"]
    assert {row.verdict for row in stated} == {Verdict.AGREES}
    assert len(stated) == 2 * 5 + 1 + 2
    share = next(row for row in stated if row.line == "SP-HOSTED")
    assert (share.column, share.value, share.recomputed) == ("commitment", 61_000, 60_609)


# --- an error in every cell --------------------------------------------------------------------


class _Planted:
    """What an error in one cell must show, worked out from the tree alone."""

    def __init__(self, cells: list[Cell], wrong: Cell) -> None:
        self.wrong = wrong
        self.values = {
            (cell.table, cell.sheet, cell.line, cell.column): cell.value for cell in cells
        }
        self.printed = {(table, sheet, line) for table, sheet, line, _column in self.values}
        is_money = wrong.table in (Table.GLOBAL, Table.MISSIONS)
        self.parents = parents("credit_lines" if is_money else "staffing")
        # Key of each check that looks at the cell -> whether it must be told.
        self.touched: dict[Key, bool] = {}
        self._sums()
        if is_money:
            self._twice()
        else:
            self._people()
        self._alone()
        self._texts()

    def has(self, line: str, table: str = "", column: str = "") -> bool:
        key = table or self.wrong.table, self.wrong.sheet, line, column or self.wrong.column
        return key in self.values

    def note(self, check: str, line: str, column: str, *, told: bool, table: str = "") -> None:
        self.touched[check, table or self.wrong.table, self.wrong.sheet, line, column] = told

    def above(self, line: str) -> list[str]:
        parent = self.parents[line]
        return [] if parent is None else [parent, *self.above(parent)]

    def below(self, line: str) -> list[str]:
        return [code for code in self.parents if line in self.above(code)]

    def _sums(self) -> None:
        line, column = self.wrong.line, self.wrong.column
        if any(self.has(low) for low in self.below(line)):
            self.note("below", line, column, told=True)
        higher = next((high for high in self.above(line) if self.has(high)), None)
        if higher:
            self.note("below", higher, column, told=True)
        if self.wrong.table in (Table.FTE, Table.HEADCOUNT) and self.has(line, column="all"):
            self.note("statutes", line, "all", told=True)

    def _twice(self) -> None:
        line, column = self.wrong.line, self.wrong.column
        if self.wrong.table == Table.GLOBAL:
            other = [line, *self.below(line)]
            if line != "TOT" and any(self.has(code, Table.MISSIONS) for code in other):
                self.note("twice", line, column, told=True)
            return
        for code in (line, *self.above(line)):
            if self.has(code, Table.GLOBAL):
                self.note("twice", code, column, told=True, table=Table.GLOBAL)
                return
            if code != line and self.has(code):
                return
            if code == line and self.has(self.parents[line] or ""):
                return

    def people(self, table: Table, statute: str) -> int:
        line, sheet = self.wrong.line, self.wrong.sheet
        found = self.values.get((table, sheet, line, statute))
        if found is not None or statute != "all":
            return found or 0
        return sum(self.people(table, one) for one in STATUTES)

    def _people(self) -> None:
        line, column = self.wrong.line, self.wrong.column
        both = {(table, self.wrong.sheet, line) for table in (Table.FTE, Table.HEADCOUNT)}
        if not both <= self.printed:
            return
        total_is_printed = self.has(line, column="all")
        for one in {column} if total_is_printed else {column, "all"}:
            fte, heads = self.people(Table.FTE, one), self.people(Table.HEADCOUNT, one)
            self.note("fte_above", line, one, told=fte > heads, table=Table.FTE)
        if column == "all":
            return
        fte, heads = self.people(Table.FTE, column), self.people(Table.HEADCOUNT, column)
        self.note("no_fte", line, column, told=fte == 0 and heads > 0, table=Table.FTE)
        most = {
            table: max(STATUTES, key=lambda one: self.people(table, one))
            for table in (Table.FTE, Table.HEADCOUNT)
        }
        for one in STATUTES:
            told = one == most[Table.HEADCOUNT] != most[Table.FTE]
            self.note("opposite", line, one, told=told, table=Table.HEADCOUNT)

    def _alone(self) -> None:
        line = self.wrong.line
        hosted = self.wrong.table == Table.GLOBAL and line.startswith("H-")
        unheaded = self.wrong.table == Table.FTE and line.startswith(("ADBA", "FUND"))
        if hosted or (unheaded and self.wrong.sheet.endswith("actual")):
            self.note("alone", line, "", told=True)

    def _texts(self) -> None:
        for figure in stated_figures():
            place = figure.table, figure.sheet
            is_named = self.wrong.line in {*figure.parts, *figure.of}
            if is_named and place == (self.wrong.table, self.wrong.sheet):
                told = self.wrong.column in figure.columns
                self.note("stated", figure.code, self.wrong.column, told=told, table=Table.TEXT)


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_an_error_in_a_cell_tells_all_that_the_cell_touches_and_nothing_else(sheet: str) -> None:
    cells = printed_cells()
    before = _differences(cells)
    for place, cell in enumerate(cells):
        if f"{cell.table} {cell.sheet}" != sheet:
            continue
        error = BIG * (cell.step or 1000)
        wrong = replace(cell, value=cell.value + error, printed="wrong")
        planted = [*cells[:place], wrong, *cells[place + 1 :]]
        touched = _Planted(planted, wrong).touched
        after = _differences(planted)
        assert set(after) & set(touched) == {key for key, told in touched.items() if told}, cell
        for key in before.keys() | after.keys():
            if key not in touched:
                assert after.get(key) == before.get(key), (cell, key)
        assert any(wrong in after[key].cells for key in touched if key in after), cell
        sums = [row for key, row in after.items() if key in touched and row.difference is not None]
        assert sums, cell
        assert {row.verdict for row in sums} == {Verdict.MISMATCH}, cell


# --- the rules one by one ----------------------------------------------------------------------


def _cell(line: str, column: str, value: int, step: int = 100, table: Table = Table.FTE) -> Cell:
    return Cell(table, "s", line, column, str(value), value, step)


def _only(findings: Iterable[Finding], check: str) -> list[Finding]:
    return [row for row in findings if row.check == check]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12), st.sampled_from([10, 100, 1000]))
def test_rows_that_were_rounded_are_never_a_mismatch(exact: list[int], step: int) -> None:
    def rounded(value: int) -> int:
        return (value + step // 2) // step * step

    tree = Tree({"A": None, **{f"A{place}": "A" for place in range(len(exact))}})
    rows = [_cell(f"A{place}", "mandate", rounded(one), step) for place, one in enumerate(exact)]
    whole = _cell("A", "mandate", rounded(sum(exact)), step)
    (found,) = _only(findings_of([Sheet(Table.FTE, "s", tree, [whole, *rows])], []), "below")
    assert found.verdict in (Verdict.AGREES, Verdict.ROUNDING)
    assert (found.verdict == Verdict.AGREES) == (found.difference == 0)


@pytest.mark.parametrize(
    ("gap", "verdict"),
    [(0, "agrees"), (50, "agrees"), (51, "rounding"), (200, "rounding"), (201, "mismatch")],
)
def test_rounding_explains_half_a_step_for_each_row_and_half_for_the_total(
    gap: int, verdict: str
) -> None:
    assert judged(gap, step=100, spread=Fraction(3 * 100, 2)) == verdict


def test_persons_are_counted_so_that_nothing_there_is_rounding() -> None:
    tree = Tree({"A": None})
    cells = [
        _cell("A", column, value, 0, Table.HEADCOUNT)
        for column, value in (("statutory", 3000), ("contractual", 2000), ("all", 6000))
    ]
    (found,) = findings_of([Sheet(Table.HEADCOUNT, "s", tree, cells)], [])
    assert (found.verdict, found.difference) == (Verdict.MISMATCH, 1000)


def test_a_line_adds_up_from_the_nearest_lines_that_its_table_prints() -> None:
    tree = Tree({"A": None, "B": "A", "C": "B", "D": "C", "E": "A"})
    cells = [_cell("A", "mandate", 300), _cell("C", "mandate", 100), _cell("E", "mandate", 200)]
    (found,) = findings_of([Sheet(Table.FTE, "s", tree, [*cells, _cell("D", "statutory", 1)])], [])
    assert (found.line, found.recomputed, found.verdict) == ("A", 300, Verdict.AGREES)


def test_the_same_amount_printed_twice_leaves_nothing_to_round() -> None:
    tree = Tree({"A": None})
    sheets = [
        Sheet(Table.GLOBAL, "s", tree, [_cell("A", "payment", 500, 100, Table.GLOBAL)]),
        Sheet(Table.MISSIONS, "s", tree, [_cell("A", "payment", 400, 100, Table.MISSIONS)]),
    ]
    (found,) = findings_of(sheets, [])
    assert (found.check, found.verdict, found.difference) == ("twice", Verdict.MISMATCH, 100)


def test_tables_of_different_days_are_not_compared() -> None:
    tree = Tree({"A": None})
    fte = Sheet(Table.FTE, "2024", tree, [_cell("A", "mandate", 900)])
    heads = Sheet(Table.HEADCOUNT, "2025", tree, [_cell("A", "mandate", 0, 0, Table.HEADCOUNT)])
    assert findings_of([fte, heads], []) == []


def _text(**given: object) -> Stated:
    sheet = {"table": Table.GLOBAL, "sheet": "s", "columns": ["payment"], "parts": ["A"], "of": []}
    figure = {"code": "T", "printed": "", "value": 0, "step": 0, "unit": Unit.KEUR}
    return Stated(**{**figure, **sheet, "source_line": 1, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [(33_000, "agrees"), (35_000, "rounding"), (37_000, "mismatch"), (30_000, "mismatch")],
)
def test_a_percentage_of_rounded_amounts_can_lie_off(stated: int, verdict: str) -> None:
    tree = Tree({"A": None, "B": None})
    cells = [
        _cell(line, "payment", value, 100, Table.GLOBAL)
        for line, value in (("A", 1000), ("B", 3000))
    ]
    figure = _text(value=stated, step=1000, unit=Unit.PERCENT, of=["B"])
    (found,) = findings_of([Sheet(Table.GLOBAL, "s", tree, cells)], [figure])
    assert (found.verdict, found.recomputed) == (verdict, 33_333)


def test_a_figure_of_the_text_about_a_line_that_is_not_printed_stands_alone() -> None:
    tree = Tree({"A": None, "B": None})
    sheet = Sheet(Table.GLOBAL, "s", tree, [_cell("B", "payment", 1, 1, Table.GLOBAL)])
    (found,) = findings_of([sheet], [_text(value=5)])
    assert (found.verdict, found.value, found.recomputed) == (Verdict.ONLY_IN_ONE, 5, None)
    # Of a budget that is not there, nothing is told.
    assert findings_of([], [_text()]) == []
