"""Cents and thousands of euros: kept in the one, printed and typed in the other."""

from decimal import Decimal
from typing import Final

from budget.models import CENTS_PER_KEUR
from ibzplan.core.numbers import format_quantity

CENTS_PER_EUR: Final = 100
# A cent is the fifth decimal of a thousand euros.
KEUR_DECIMALS: Final = 5
# No budget of a department comes near: beyond it, someone typed euros for thousands of them.
MAX_CENTS: Final = 100_000_000_000 * CENTS_PER_EUR
# In which units a file may give its amounts, in cents each; the first one is that of the template.
UNITS: Final = {
    "kEUR": CENTS_PER_KEUR,
    "k€": CENTS_PER_KEUR,
    "1.000 EUR": CENTS_PER_KEUR,
    "1 000 EUR": CENTS_PER_KEUR,
    "€": CENTS_PER_EUR,
    "EUR": CENTS_PER_EUR,
}


def keur(cents: int) -> Decimal:
    """Return cents as thousands of euros, without zeros at the end: 96_035_000 gives 960.35."""
    value = Decimal(cents) / CENTS_PER_KEUR
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def keur_text(cents: int) -> str:
    """Return cents in kEUR for reading, with decimals only if there are any."""
    return format_quantity(keur(cents))
