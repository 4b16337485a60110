"""The made-up past: when each fact was recorded, strictly increasing and before today."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable

_SATURDAY: Final = 5
_TICK: Final = timedelta(microseconds=1)

# A row and the attribute that says when something happened to it.
Place = tuple[object, str]


class Chronology:
    """Hands out moments in office hours, and in the end gives every fact its own."""

    def __init__(self, *, today: date, rng: Random) -> None:
        """Take the day before which everything happened."""
        self.today = today
        self._limit = timezone.make_aware(datetime.combine(today, time.min)) - timedelta(seconds=1)
        self._rng = rng
        self._facts: list[tuple[datetime, Callable[[datetime], None]]] = []

    def has_passed(self, day: date) -> bool:
        """Tell whether something can have happened on that day."""
        return day < self.today

    def noon(self, day: date) -> datetime:
        """Return noon of that day or of the next working day, without leaving it to chance."""
        moment = datetime.combine(self._working_day(day), time(12))
        return min(timezone.make_aware(moment), self._limit)

    def moment(self, day: date) -> datetime:
        """Return a moment in the office hours of that day, or of the next working day."""
        day = self._working_day(day)
        seconds = self._rng.randrange(8 * 3600, 17 * 3600)
        microseconds = self._rng.randrange(1_000_000)
        start = datetime.combine(day, time.min) + timedelta(
            seconds=seconds, microseconds=microseconds
        )
        return min(timezone.make_aware(start), self._limit)

    def _working_day(self, day: date) -> date:
        while day.weekday() >= _SATURDAY and day + timedelta(days=1) < self.today:
            day += timedelta(days=1)
        return day

    def after(self, moment: datetime, days: int) -> datetime:
        """Return a moment some days later, at least an hour, and before today."""
        later = self.moment(timezone.localdate(moment) + timedelta(days=days))
        return min(max(later, moment + timedelta(hours=1)), self._limit)

    def later(self, moment: datetime, delay: timedelta) -> datetime:
        """Return a moment so much later, and before today."""
        return min(moment + delay, self._limit)

    def date(self, moment: datetime, *places: Place) -> None:
        """Give the places named (row, attribute) one moment: this, or just after another fact's.

        They have it at once, and the final one when everything is settled.
        """

        def give(settled: datetime) -> None:
            for row, name in places:
                setattr(row, name, settled)

        give(moment)
        self._facts.append((moment, give))

    def settle(self) -> None:
        """Give every fact its final moment; of two at the same time the first named is first."""
        latest: datetime | None = None
        for moment, give in sorted(self._facts, key=lambda fact: fact[0]):
            latest = moment if latest is None else max(moment, latest + _TICK)
            give(latest)
        self._facts.clear()
