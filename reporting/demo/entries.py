"""Reads single values of the files in fixtures/demo, the same way in each of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ibzplan.core.localised import LocalisedText

# Month and day, within the plan's year.
Day = tuple[int, int]


def text_read(entry: Mapping[str, Any]) -> LocalisedText:
    """Return what it says in Dutch and French. Raises KeyError when one of the two is missing."""
    return LocalisedText({"nl": entry["nl"], "fr": entry["fr"]})


def number_read(value: Any) -> Decimal | None:
    """Return the exact number, or None when there is none."""
    return None if value is None else Decimal(str(value))


def day_read(value: str) -> Day:
    """Read a day within the plan's year, written "MM-DD"."""
    month, day = value.split("-")
    return int(month), int(day)
