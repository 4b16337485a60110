"""What several forms share."""

from typing import Any

from ibzplan.core.forms import (
    DateField,
    DateInput,
    ask_for_name,
    localised_of,
    offer_again,
    textarea,
)
from objectives.indicators.formatting import level_name
from objectives.indicators.models import Indicator

__all__ = [
    "DateField",
    "DateInput",
    "ask_for_name",
    "level_choices",
    "localised_of",
    "offer_again",
    "textarea",
]


def level_choices(indicator: Indicator) -> list[tuple[Any, str]]:
    """Return the levels of an ordinal indicator by number, after an empty choice."""
    return [("", "—"), *((n, level_name(indicator, n)) for n in range(len(indicator.levels)))]
