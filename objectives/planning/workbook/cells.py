"""From what stands in a cell to a value, and back to words."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.forms import QuantityField
from ibzplan.core.localised import fold
from objectives.indicators.formatting import exact_number
from objectives.planning.workbook.book import Value, joined
from objectives.planning.workbook.columns import Column, Kind

# Excel itself keeps 15 significant digits; what a formula leaves behind them is noise.
_DIGITS: Final = 15
_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_QUANTITY: Final = QuantityField(required=False)
# What no XML file can hold: it would make the workbook unreadable.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class CellError(Exception):
    """A cell that cannot be read; `message` says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code
        self.message = message


def exact(number: float) -> Decimal:
    """Return the number that was typed: 93.1, not 93.09999999999999."""
    return Decimal(f"{number:.{_DIGITS}g}")


def plain_text(value: Any) -> str:
    """Return what stands in a cell as one text, without spaces around it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{exact(value):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """Return a text as a workbook can hold it: one kind of line end, no control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return _CONTROL.sub("", plain).strip()


def codes_in(text: str) -> list[str]:
    """Return the codes of a cell that holds several."""
    return [code for part in re.split(r"[;\n]", text) if (code := part.strip())]


@cache
def words_of(choices: type[TextChoices]) -> dict[str, str]:
    """Return the value behind each word, folded, in every language of the interface."""
    words = {fold(value): value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.update({fold(str(label)): str(value) for value, label in choices.choices})
    return words


def read_cell(column: Column, raw: Any) -> Value:
    """Return the value of a cell, None when it is empty. Raises CellError."""
    text = plain_text(raw)
    if not text:
        return None
    if _ERRORS.fullmatch(text):
        raise CellError(
            "cell_error", _("Excel could not work this cell out. Type the value itself.")
        )
    if column.kind == Kind.DATE:
        return _date(raw, text)
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(column, raw, text)
    if column.kind in (Kind.CHOICE, Kind.YES_NO):
        return _choice(column, raw, text)
    if column.kind == Kind.CODES:
        return joined(codes_in(text))
    if column.max_length and len(text) > column.max_length:
        raise CellError(
            "too_long",
            ngettext(
                "This is %(length)s character long; at most %(most)s fit. Shorten it.",
                "This is %(length)s characters long; at most %(most)s fit. Shorten it.",
                len(text),
            )
            % {"length": len(text), "most": column.max_length},
        )
    return text


def _date(raw: Any, text: str) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise CellError(
            "not_a_date",
            _("This is not a date. Type day, month and year, for instance %(example)s.")
            % {"example": "31/12/2026"},
        ) from error


def _number(column: Column, raw: Any, text: str) -> Decimal:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    typed = text.replace(".", ",") if is_number else text  # Excel's own is never ambiguous
    try:
        value = _QUANTITY.to_python(typed)
    except ValidationError as error:
        raise CellError("not_a_number", " ".join(error.messages)) from error
    assert isinstance(value, Decimal)  # noqa: S101 (only an empty text gives None)
    if column.kind == Kind.INTEGER and value != value.to_integral():
        raise CellError("not_whole", _("This must be a whole number. Leave the decimals out."))
    if (column.least is not None and value < column.least) or (
        column.most is not None and value > column.most
    ):
        raise CellError(
            "out_of_range",
            _("%(value)s does not lie from %(least)s to %(most)s.")
            % {"value": exact_number(value), "least": column.least, "most": column.most},
        )
    return value


def _choice(column: Column, raw: Any, text: str) -> str:
    assert column.choices is not None  # noqa: S101 (columns.py gives one to each choice)
    if column.kind == Kind.YES_NO and isinstance(raw, bool):
        return "yes" if raw else "no"
    try:
        return words_of(column.choices)[fold(text)]
    except KeyError as error:
        raise CellError(
            "unknown_choice",
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(labels(column.choices))},
        ) from error


def labels(choices: type[TextChoices]) -> list[str]:
    """Return the words of a choice in the active language."""
    return [str(label) for label in choices.labels]


def shown(column: Column, value: Value) -> str:
    """Return a value as the page says it, in the active language; '' for none."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return exact_number(value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if column.choices is not None:
        return str(column.choices(value).label)
    return value


def letter(index: int) -> str:
    """Return the letter that Excel shows above a column: 0 gives A, 26 gives AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def listed(values: Iterable[str], most: int = 8) -> str:
    """Return some values for a message, with a mark when there are more."""
    rows = list(values)
    return ", ".join(rows[:most]) + (" …" if len(rows) > most else "")
