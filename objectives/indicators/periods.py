"""Periods: a start date and a resolution, never a free string (design.md 4.7)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS_OF: Final = {"M": 1, "T": 3, "S": 6, "Y": 12}
# How clients of the API write a period, of the years that it takes.
PERIOD_PATTERN: Final = "(19|20|21)[0-9]{2}(-(T[1-4]|S[12]|M(0[1-9]|1[0-2])))?"
_WRITTEN: Final = re.compile(r"^(\d{4})(?:-([MTS])(\d{1,2}))?$")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month (M), quarter (T), half-year (S) or year (Y) of the calendar."""

    start: date
    resolution: str

    @property
    def end(self) -> date:
        """Return its last day."""
        month = self.start.month + MONTHS_OF[self.resolution] - 1
        return date(self.start.year, month, calendar.monthrange(self.start.year, month)[1])

    @property
    def number(self) -> int:
        """Return its number within the year, from 1."""
        return (self.start.month - 1) // MONTHS_OF[self.resolution] + 1

    @property
    def short(self) -> str:
        """Return T3, S1, M07 or Y."""
        if self.resolution == "Y":
            return "Y"
        width = 2 if self.resolution == "M" else 1
        return f"{self.resolution}{self.number:0{width}d}"

    def __str__(self) -> str:
        """Return 2026-T3, 2026-M07 or 2026."""
        return str(self.start.year) if self.resolution == "Y" else f"{self.start.year}-{self.short}"

    def due_on(self, days_until_due: int) -> date:
        """Return the day its figure is due."""
        return self.end + timedelta(days=days_until_due)


def parse_period(text: str) -> Period:
    """Read '2026-T3', '2026-S1', '2026-M07' or '2026'. Raises ValueError."""
    match = _WRITTEN.match(text)
    if not match:
        raise ValueError(text)
    year, resolution, number = int(match[1]), match[2] or "Y", int(match[3] or 1)
    months = MONTHS_OF[resolution]
    if not 1 <= number <= 12 // months:
        raise ValueError(text)
    return Period(date(year, (number - 1) * months + 1, 1), resolution)


def periods_between(resolution: str, first: date, last: date) -> list[Period]:
    """Return the periods of that resolution that end within [first, last], oldest first."""
    months = MONTHS_OF[resolution]
    found = []
    for year in range(first.year, last.year + 1):
        for month in range(1, 13, months):
            period = Period(date(year, month, 1), resolution)
            if first <= period.end <= last:
                found.append(period)
    return found
