"""Exact numbers as people and spreadsheets of three languages write them; never a guess."""

import re
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from ibzplan.core.table_files.cells import CellError, exact, plain_text, refuse_excel_error

COMMA: Final = ","
POINT: Final = "."
# Spaces that people and word processors type between thousands, and the Swiss apostrophes.
_SPACES: Final = re.compile("(?<=[0-9])[ \u00a0\u202f\u2009\u2007'\u2019](?=[0-9])")
_PLAIN: Final = re.compile(r"([+-]?) ?([0-9][0-9.,]*)")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[ .,][0-9]{3})+|[0-9]+")


def exact_number_in(raw: Any, *, decimal: str = "") -> Decimal | None:
    """Return the number of a cell, None when it is empty: 1.234.567,5 and 1,234,567.5 alike.

    `decimal` is the decimal sign of the file where its reader says so. Without it, what can be
    read in two ways (1.500, 1,500) is refused. Raises CellError with the remedy.
    """
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return exact(raw)  # what a spreadsheet holds as a number has no signs to misread
    text = plain_text(raw)
    if not text:
        return None
    refuse_excel_error(text)
    # Spaces can only group: one kind of mark is enough for what follows.
    found = _PLAIN.fullmatch(_SPACES.sub(" ", text.replace("\N{MINUS SIGN}", "-")).replace(" ", ""))
    if found is None or not _spaces_group(text):
        raise _not_a_number(text)
    sign, digits = found.groups()
    whole, fraction = _split(digits, text, decimal)
    return Decimal(f"{sign}{whole}" + (f".{fraction}" if fraction else ""))


def number_typed(value: Decimal) -> str:
    """Return a number so that it reads back as itself: with a comma, and never three decimals."""
    text = f"{value.normalize():f}"
    whole, _point, fraction = text.partition(".")
    if not fraction:
        return whole
    return f"{whole},{fraction}{'0' if len(fraction) == 3 else ''}"


def _split(digits: str, text: str, decimal: str) -> tuple[str, str]:
    """Return the digits before and after the decimal sign."""
    mark = decimal or _decimal_sign(digits, text)
    whole, _mark, fraction = digits.partition(mark) if mark else (digits, "", "")
    if not _GROUPED.fullmatch(whole) or not (fraction.isdecimal() or not fraction):
        raise _not_a_number(text)
    if POINT in whole and COMMA in whole:
        raise _not_a_number(text)
    return re.sub(r"[.,]", "", whole), fraction


def _decimal_sign(digits: str, text: str) -> str:
    """Return the decimal sign of a number by itself, '' for a whole one."""
    last = max(digits.rfind(POINT), digits.rfind(COMMA))
    if last < 0:
        return ""
    sign = digits[last]
    if POINT in digits and COMMA in digits:
        return sign
    if digits.count(sign) > 1:
        return ""
    whole, fraction = digits[:last], digits[last + 1 :]
    is_group = len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0")
    if is_group and not _has_spaces(text):
        raise CellError(
            "ambiguous",
            _("“%(value)s” can be read in two ways. Write %(thousands)s or %(decimal)s.")
            % {
                "value": text,
                "thousands": f"{whole}{fraction}",
                "decimal": number_typed(Decimal(f"{whole}.{fraction}")),
            },
        )
    return sign


def _has_spaces(text: str) -> bool:
    return _SPACES.search(text) is not None


def _spaces_group(text: str) -> bool:
    """Tell whether the spaces, if there are any, stand between thousands alone."""
    if not _has_spaces(text):
        return True
    whole = re.split(r"[.,]", _SPACES.sub(" ", text))[0].lstrip("+-\N{MINUS SIGN} ")
    return re.fullmatch(r"[0-9]{1,3}(?: [0-9]{3})+", whole) is not None


def _not_a_number(text: str) -> CellError:
    return CellError(
        "not_a_number",
        _("“%(value)s” is not a number. Write for instance 1234,5.") % {"value": text},
    )
