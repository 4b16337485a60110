"""Until when an answer is awaited when nobody says so: days on which people work in Belgium."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

USUAL_WORKING_DAYS: Final = 10
_SATURDAY: Final = 5


@lru_cache(maxsize=64)
def _free_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))


def works(day: date) -> bool:
    """Tell whether the day is neither in a weekend nor a Belgian public holiday."""
    return day.weekday() < _SATURDAY and day not in _free_days(day.year)


def usual_due(today: date) -> date:
    """Return the tenth working day after today."""
    day, left = today, USUAL_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= works(day)
    return day
