"""From what stands in a cell to a text, and where it stands."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

# Excel itself keeps 15 significant digits; what a formula leaves behind them is noise.
_DIGITS: Final = 15
_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
# What no XML file can hold: it would make the workbook unreadable.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class CellError(Exception):
    """A cell that cannot be read; `message` says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code
        self.message = message


def refuse_excel_error(text: str) -> None:
    """Raise CellError where the file holds what Excel could not work out."""
    if _ERRORS.fullmatch(text):
        raise CellError(
            "cell_error", _("Excel could not work this cell out. Type the value itself.")
        )


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
