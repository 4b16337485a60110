"""Exact numbers as text: rounded half up, with the separators of the page's language."""

from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from django.utils.formats import get_format

Exact: TypeAlias = int | Decimal | Fraction

NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
# What a fraction gets when nobody says how many decimals it needs.
FRACTION_DECIMALS: Final = 2


def _scaled(value: Exact, decimals: int) -> int:
    """Return the value times ten to the power `decimals`, rounded half away from zero."""
    scaled: Fraction = abs(Fraction(value)) * Fraction(10) ** decimals
    rounded: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -rounded if value < 0 else rounded


def _own_decimals(value: Exact) -> int:
    """Return the decimals that the value itself is written with."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0
    if isinstance(value, Fraction):
        hundredths = _scaled(value, FRACTION_DECIMALS)
        return next(d for d in (0, 1, 2) if hundredths % 10 ** (FRACTION_DECIMALS - d) == 0)
    return 0


def _grouped(digits: str) -> str:
    separator = str(get_format("THOUSAND_SEPARATOR"))
    return f"{int(digits):,}".replace(",", separator)


def format_quantity(value: Exact, decimals: int | None = None) -> str:
    """Return e.g. '13 879' or '−2,8': no-break spaces, a real minus sign, never a float.

    Without `decimals` a Decimal keeps those it is written with, a Fraction gets at most two.
    """
    places = _own_decimals(value) if decimals is None else decimals
    scaled = _scaled(value, places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    whole, rest = (digits[:-places], digits[-places:]) if places else (digits, "")
    point = str(get_format("DECIMAL_SEPARATOR")) if rest else ""
    return f"{MINUS if scaled < 0 else ''}{_grouped(whole)}{point}{rest}"


def format_share(value: Exact, decimals: int = 0) -> str:
    """Return a share of one as a percentage: Fraction(16, 25) gives '64 %'."""
    return f"{format_quantity(Fraction(value) * 100, decimals)}{NO_BREAK_SPACE}%"
