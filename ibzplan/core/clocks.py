"""The two clocks that every read takes (design.md 4.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.selectors import last_instant
from ibzplan.core.steady import is_reading

# Nothing in the product lies outside; time zones need a day of room on either side.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

# No transaction lasts this long: what was recorded before is committed, or never will be.
SETTLED_AFTER: Final = timedelta(minutes=10)


def year_in(text: str) -> int | None:
    """Return the year that an address names in four digits, or None."""
    is_year = len(text) == 4 and text.isascii() and text.isdecimal()
    return int(text) if is_year else None


def check_year(day: date | None, field: str) -> None:
    """Raise DomainError at the field for a day in a year that nothing in the product lies in."""
    if day is not None and not FIRST_YEAR < day.year < LAST_YEAR:
        raise DomainError(
            "date_out_of_range",
            _("%(date)s lies outside %(first)s-%(last)s: look at the year again.")
            % {"date": day.isoformat(), "first": FIRST_YEAR + 1, "last": LAST_YEAR - 1},
            field,
        )


@dataclass(frozen=True, slots=True)
class Clocks:
    """`reference_date` selects periods, `known_at` selects rows (recorded on or before it).

    The present `known_at` is not the wall clock but the last committed instant of the record clock.
    A writer in flight has a later one, so that its commit never changes what was shown already.
    """

    reference_date: date
    known_at: datetime
    pinned_reference: bool = False
    pinned_known: bool = False

    @classmethod
    def now(cls) -> "Clocks":
        """Return both clocks at the present."""
        moment = timezone.now()
        return cls(timezone.localdate(moment), last_instant() or moment)

    @classmethod
    def from_query(
        cls,
        query: Mapping[str, str],
        *,
        reference_name: str = "reference",
        known_name: str = "known",
    ) -> "Clocks":
        """Read the clocks from a query string; what is absent is now.

        A date alone as `known` means the end of that day in Brussels; that day, today at the
        latest, is then the reference date too. A moment so recent that a writer of then may still
        be in flight, or one to come, becomes that of `now()` if it is later. Raises DomainError
        with the field's name when a value cannot be read.
        """
        reference = _read_date(query.get(reference_name, ""), reference_name)
        known = _read_known(query.get(known_name, ""), known_name)
        for name, value in ((reference_name, reference), (known_name, known)):
            if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
                raise DomainError(
                    "invalid_date",
                    _("“%(value)s” is not a date.") % {"value": query.get(name, "")},
                    name,
                )
        now = cls.now()
        day = now.reference_date if known is None else timezone.localdate(known)
        return cls(
            reference or min(day, now.reference_date),
            now.known_at if known is None else _settled(known, now),
            pinned_reference=reference is not None,
            pinned_known=known is not None,
        )

    @property
    def moment_asked(self) -> datetime | None:
        """Return the earlier moment that was asked for; None for what stands now."""
        return self.known_at if self.pinned_known else None

    @property
    def moment_kept(self) -> datetime | None:
        """Return the moment by which a selector keeps what it reads: None for a page of now.

        What is read of now holds until one of its tables changes (see ibzplan.core.steady); its
        selector asks `now()` itself. Where nothing is kept every moment is one of its own.
        """
        return self.known_at if self.pinned_known or not is_reading() else None

    @property
    def query(self) -> str:
        """Return the query string that keeps these clocks in a link ('' when both are now)."""
        return self.query_with(None)

    def query_with(self, year: int | None) -> str:
        """Return the query string of a link that keeps a plan year too.

        It names the moment in force, which is not always the one that was asked for.
        """
        parts = {} if year is None else {"year": str(year)}
        is_cut = self.pinned_known and timezone.localdate(self.known_at) != self.reference_date
        if self.pinned_reference or is_cut:
            parts["reference"] = self.reference_date.isoformat()
        if self.pinned_known:
            parts["known"] = self.known_at.astimezone(UTC).isoformat()
        return f"?{urlencode(parts)}" if parts else ""


def _settled(known: datetime, now: Clocks) -> datetime:
    """Return the moment asked for, cut to what is committed when it is recent or to come."""
    if known <= timezone.now() - SETTLED_AFTER:
        return known
    return min(known, now.known_at)


def _read_date(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        value = parse_date(text)
    except ValueError:
        value = None
    if value is None:
        raise DomainError("invalid_date", _("“%(value)s” is not a date.") % {"value": text}, name)
    return value


def _read_known(text: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is not None and "T" in text:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    day = _read_date(text, name)
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time.max))
