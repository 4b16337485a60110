"""Saturdays, Sundays and Belgian public holidays: only shown, no date ever moves because of one."""

from datetime import date
from functools import lru_cache
from typing import Final

import holidays
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language

_SATURDAY: Final = 5
# The calendar's own names of languages; any other language reads English.
_LANGUAGES: Final = {"nl": "nl", "fr": "fr", "de": "de"}


@lru_cache(maxsize=64)
def _holidays(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("BE", years=year, language=language).items())


def holiday_name(day: date) -> str:
    """Return the name of the Belgian public holiday in the active language, '' on other days."""
    language = _LANGUAGES.get((get_language() or "nl").split("-")[0], "en_US")
    return _holidays(day.year, language).get(day, "")


def free_day_name(day: date) -> str:
    """Return why nobody works on that day: the holiday's name, else the weekend day, else ''."""
    name = holiday_name(day)
    if name:
        return name
    return str(WEEKDAYS[day.weekday()]) if day.weekday() >= _SATURDAY else ""
