"""What a sheet of the workbook is made of: columns, and cells that know what their digits are.

The cells are the inlines of a document (`reporting.render.blocks`): a figure is bound to its fact.
Two more are typed by the spreadsheet: `Day`, a date, and `Whole`, a number that is no figure of the
report, such as a weight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from objectives.indicators.choices import Status
from objectives.indicators.templatetags.status import labelled
from reporting.render.blocks import Figure, Inline, Name, Run, StatusWord, Typed, Words, plain_text
from reporting.render.wording import (
    FactReader,
    as_typed,
    day,
    period,
    plain,
    plan_text,
    remark_words,
    status_word,
)
from reporting.render.wording import typed as localised

Part = Mapping[str, Any]
Width = Literal["narrow", "middle", "wide"]


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    on: date

    @property
    def text(self) -> str:
        """Return it as it reads."""
        return day(self.on.isoformat())


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number that is no figure of the report."""

    number: int

    @property
    def text(self) -> str:
        """Return it as text."""
        return str(self.number)


Cell = Inline | Run | Day | Whole | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    head: str
    width: Width = "narrow"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One subject; `key` names it in places, whatever the language of its `name`."""

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


FIRST_ROW: Final = 2  # as a spreadsheet counts; the heads stand in row 1


def cells_of(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, Inline | Day | Whole]]:
    """Give what stands in the cells, with its place: the sheet's key and such as 'D5'."""
    for sheet in sheets:
        letters = [column_letters(number) for number in range(len(sheet.columns))]
        for row, cells in enumerate(sheet.rows, start=FIRST_ROW):
            for letter, cell in zip(letters, cells, strict=True):
                if isinstance(cell, tuple):
                    yield from ((sheet.key, f"{letter}{row}", part) for part in cell)
                elif cell is not None:
                    yield sheet.key, f"{letter}{row}", cell


def column_letters(column: int) -> str:
    """Return 'A' for 0, 'AA' for 26."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# Cells --------------------------------------------------------------------------------------------


def figure(facts: FactReader, key: str | None) -> Figure | None:
    """Return a fact without its unit, which has a column of its own; None for none."""
    return None if key is None else Figure(key, facts.text(key, with_unit=False))


def title(value: Part | None) -> Name | None:
    """Return a title or another text of the plan."""
    found = plan_text(value)
    return found if found.text else None


def typed(value: Part | str | None) -> Typed | None:
    """Return what someone typed for the report, localised or not."""
    found = as_typed(value) if isinstance(value, str) else localised(value)
    return found if found.text else None


def name(text: str | None) -> Name | None:
    """Return a code, a period or a hash."""
    return Name(text) if text else None


def said(text: str) -> Words | None:
    """Return words of the interface; None for none."""
    return Words(text) if text else None


def on(text: str | None) -> Day | None:
    """Return an ISO date, or the day of an ISO instant."""
    return Day(date.fromisoformat(text[:10])) if text else None


def status(code: str | None) -> StatusWord | None:
    """Return a status in words."""
    return StatusWord(code, status_word(code)) if code else None


def yes(is_so: object) -> Words | None:
    """Return 'yes', or nothing: a column of noes is hard to read."""
    return Words(_("yes")) if is_so else None


def choice(kind: type[TextChoices], code: str | None) -> Words | Name | None:
    """Return the words of a choice; the code itself when it is of another schema."""
    if not code:
        return None
    return Words(str(kind(code).label)) if code in kind.values else Name(code)


def of_period(part: Part | None) -> Name | None:
    """Return 'T3 2026' for whatever has a period."""
    return Name(period(part)) if part else None


def part_title(titles: Sequence[Part]) -> Name | None:
    """Return which part of a figure it is: 'Region: Brussels'; None for the whole."""
    return name(
        ", ".join(labelled(plain(one["dimension"]), plain(one["member"])) for one in titles)
    )


def remarks(part: Part) -> Name | None:
    """Return the remarks of a status in one line."""
    return name("; ".join(remark_words(part["remarks"])))


def unit_of(facts: Part, key: str | None) -> Name | None:
    """Return the unit in which a fact is told; what counts things or names a level has none."""
    if key is None:
        return None
    fact = facts[key]
    return name("%" if fact["kind"] == "share" else plain(fact.get("unit")))


def counts_heads() -> tuple[Column, ...]:
    """Return a column a status."""
    return tuple(Column(status_word(code)) for code in Status.values)


def counts_cells(facts: FactReader, counts: Mapping[str, str]) -> list[Cell]:
    """Return a distribution, a cell a status."""
    return [figure(facts, counts[code]) for code in Status.values]


def whole_text(cell: Cell) -> str:
    """Return how a cell reads."""
    if isinstance(cell, tuple):
        return plain_text(cell)
    return "" if cell is None else cell.text
