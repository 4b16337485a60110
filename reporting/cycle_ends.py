"""The ends of the periods that a reporting cycle makes reports of."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def period_ends(months: int, *, starts_on: date, until: date) -> Iterator[date]:
    """Yield the ends, from `starts_on` up to `until`, of the periods of so many calendar months.

    Periods divide the calendar year: of 4 months they end in April, August and December.
    """
    for year in range(starts_on.year, until.year + 1):
        for month in range(months, 13, months):
            end = date(year, month, monthrange(year, month)[1])
            if starts_on <= end <= until:
                yield end


def due_ends(months: int, *, starts_on: date, lag_days: int, today: date) -> list[date]:
    """Return the ends whose report is asked for by today, the first one first."""
    return list(period_ends(months, starts_on=starts_on, until=today - timedelta(days=lag_days)))
