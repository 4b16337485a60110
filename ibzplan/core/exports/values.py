"""From a cell to what a file holds: one value of a known type, safe to open."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from django.db.models import Choices
from django.utils import timezone

from ibzplan.core.exports.tables import NUMBERS, Cell, Column, Kind
from ibzplan.core.localised import LocalisedText

Value: TypeAlias = str | Fraction | date | None

# What makes a spreadsheet take a text for a formula, in the wide forms of Asian keyboards too.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What no file of either kind can hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A fraction without an end is cut here, rounded half away from zero.
_DECIMALS: Final = 6


def value_of(column: Column, cell: Cell) -> Value:
    """Return the cell by the kind of its column; None for nothing, which zero is not.

    Raises TypeError for a cell that is not of that kind: a float above all, which is not exact.
    """
    if cell is None or cell == "":
        return None
    if column.kind in NUMBERS:
        if isinstance(cell, int | Decimal | Fraction) and not isinstance(cell, bool):
            return Fraction(cell)
    elif column.kind == Kind.DATE:
        if isinstance(cell, date):
            return _day(cell)
    elif not isinstance(cell, int | float | Decimal | Fraction | date):
        return text_of(cell)
    raise TypeError(f"{cell!r} is no {column.kind} (column {column.key})")


def text_of(value: Any) -> str:
    """Return a text in the language of the page, without what no file can hold."""
    if isinstance(value, Choices):
        value = value.label
    elif isinstance(value, Mapping):
        value = LocalisedText.from_json(value).best()[0]
    return _CONTROL.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n").strip(" \n")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet could run the text instead of showing it."""
    return text.startswith(FORMULA_SIGNS)


def plain_number(value: Fraction, decimals: int = _DECIMALS, *, point: str = ".") -> str:
    """Return the number with that decimal sign and no separators: '-2.8', '0', '13879'."""
    scale = 10**decimals
    scaled = abs(value) * scale
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    whole, rest = divmod(rounded, scale)
    digits = f"{rest:0{decimals}d}".rstrip("0")
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{whole}{point if digits else ''}{digits}"


def _day(value: date) -> date:
    if not isinstance(value, datetime):
        return value
    return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
