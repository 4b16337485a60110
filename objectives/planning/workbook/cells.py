"""From what stands in a cell to a value, and back to words."""

import re
from datetime import date, datetime
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
from ibzplan.core.table_files.cells import CellError, plain_text, refuse_excel_error
from objectives.indicators.formatting import exact_number
from objectives.planning.workbook.book import Value, joined
from objectives.planning.workbook.columns import Column, Kind

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_QUANTITY: Final = QuantityField(required=False)


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
    refuse_excel_error(text)
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
