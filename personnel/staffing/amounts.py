"""Numbers of people as they are stored, and as they are read."""

from decimal import Decimal
from typing import Final

from ibzplan.core.numbers import format_quantity
from personnel.choices import StaffMeasure

MILLI: Final = 1_000
# The tables print FTE with one decimal; more only where a figure has them.
_MOST_DECIMALS: Final = 3


def people(measure: str, amount: int) -> Decimal:
    """Return a stored amount as it is counted: FTE, or persons."""
    return Decimal(amount) / MILLI if measure == StaffMeasure.FTE else Decimal(amount)


def people_text(measure: str, amount: int) -> str:
    """Return a stored amount for reading: '1 951,7' FTE, '2 461' persons."""
    if measure != StaffMeasure.FTE:
        return format_quantity(amount)
    decimals = next(
        (n for n in range(1, _MOST_DECIMALS) if amount % 10 ** (_MOST_DECIMALS - n) == 0),
        _MOST_DECIMALS,
    )
    return format_quantity(people(measure, amount), decimals)
