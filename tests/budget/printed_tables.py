"""The four tables and the stated figures, straight from the fixture files: no database."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from budget.reconciliation import Cell, Sheet, Stated, Table, Tree, Unit

FIXTURES = Path(__file__).parents[2] / "fixtures"
KEUR = 100_000
SHEETS = {
    "global 2025/initial",
    "missions 2025/initial",
    "fte 2024-12-31/actual",
    "fte 2025-12-31/plan",
    "headcount 2024-12-31/actual",
}


@cache
def entries(file: str) -> tuple[dict[str, Any], ...]:
    found = yaml.safe_load((FIXTURES / f"{file}.yaml").read_text(encoding="utf-8"))["entries"]
    return tuple(sorted(found, key=lambda entry: (entry["order"], entry["code"])))


def parents(file: str) -> dict[str, str | None]:
    return {entry["code"]: entry.get("parent") for entry in entries(file)}


def printed_cells() -> list[Cell]:
    """Return every printed cell of the four tables."""
    return [*_money(), *_people()]


def _money() -> Iterable[Cell]:
    for entry in entries("credit_lines"):
        for row in entry["amounts"]:
            sheet = f"{row['year']}/{row['budget']}"
            both = zip(("commitment", "payment"), row["printed"].split(), strict=True)
            for column, text in both:
                value = int(text.replace(".", "")) * KEUR
                table = Table(row["table"])
                yield Cell(table, sheet, entry["code"], column, text, value, KEUR, row["line"])


def _people() -> Iterable[Cell]:
    for entry in entries("staffing"):
        for row in entry["figures"]:
            digits = row["printed"].replace(".", "").replace(",", "")
            # The FTE table prints one decimal, the other one counts persons.
            part, step = (100, 100) if row["measure"] == "fte" else (1000, 0)
            yield Cell(
                Table(row["measure"]),
                f"{row['day']}/{row['kind']}",
                entry["code"],
                row["statute"],
                row["printed"],
                int(digits) * part,
                step,
                row["line"],
            )


def sheets_of(cells: Iterable[Cell]) -> list[Sheet]:
    """Return the tables that these cells make up."""
    trees = {
        "credit_lines": Tree(parents("credit_lines")),
        "staffing": Tree(parents("staffing")),
    }
    found: dict[tuple[Table, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault((cell.table, cell.sheet), []).append(cell)
    files = {Table.GLOBAL: "credit_lines", Table.MISSIONS: "credit_lines"}
    return [
        Sheet(table, name, trees[files.get(table, "staffing")], its_cells)
        for (table, name), its_cells in found.items()
    ]


def stated_figures() -> list[Stated]:
    """Return the figures that the texts name."""
    return [_stated(entry) for entry in entries("stated_figures")]


def _stated(entry: dict[str, Any]) -> Stated:
    whole, _comma, decimals = entry["printed"].replace(".", "").partition(",")
    unit = {"meur": Unit.KEUR, "beur": Unit.KEUR}.get(entry["unit"]) or Unit(entry["unit"])
    one = {"meur": 1000 * KEUR, "beur": 1_000_000 * KEUR}.get(entry["unit"], 1000)
    step = one // 10 ** len(decimals)
    return Stated(
        entry["code"],
        entry["printed"],
        int(whole + decimals) * step,
        0 if unit == Unit.PERSONS else step,
        unit,
        Table(entry["table"]) if "table" in entry else None,
        entry.get("sheet", ""),
        entry.get("columns", []),
        [*entry.get("credits", []), *entry.get("staffing", [])],
        entry.get("of", []),
        entry["lines"][0],
    )
