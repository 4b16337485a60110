"""Numbers as the plan prints them: a point between thousands, a comma before decimals. Pure."""

import re
from typing import Any, Final

_NUMBER: Final = re.compile(r"(\d{1,3}(\.\d{3})*|\d+)(,\d{1,3})?")
_CREDITS: Final = re.compile(r"\d{1,3}(\.\d{3})* \d{1,3}(\.\d{3})*")


def is_number(value: Any) -> bool:
    """Tell whether a value is one number as printed."""
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def is_credits(value: Any) -> bool:
    """Tell whether a value is a commitment credit and a payment credit as printed, in kEUR."""
    return isinstance(value, str) and _CREDITS.fullmatch(value) is not None


def credits_keur(printed: str) -> tuple[int, int]:
    """Return commitment and payment credit."""
    commitment, payment = printed.split(" ")
    return thousandths(commitment) // 1000, thousandths(payment) // 1000


def thousandths(printed: str) -> int:
    """Return a printed number in thousandths, exactly."""
    whole, _comma, decimals = printed.replace(".", "").partition(",")
    return int(whole) * 1000 + int(decimals.ljust(3, "0"))
