"""How much longer the latest figure of every indicator takes with a long history than a short one.

Run it on each database: `python benchmarks/latest_figure.py`, with DATABASE_URL for PostgreSQL.
It fills a throw-away database beside the configured one and prints one ratio; 1 is the aim.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")

import django
from django.db import connection

if TYPE_CHECKING:
    from objectives.indicators.models import Indicator, Measurement

INDICATORS: Final = 200
# Figures an indicator: so many months, each recorded and corrected so many times.
SHORT: Final = (20, 1)
LONG: Final = (200, 10)
ROUNDS: Final = 15
FIRST_MONTH: Final = date(2005, 1, 1)
LAST_DAY: Final = date(2026, 12, 31)
RECORDED: Final = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN: Final = datetime(2027, 1, 1, tzinfo=UTC)


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Make an empty database with all tables, on disk as in production, and take it away again."""
    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "benchmark.sqlite3")
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


def make_indicators(prefix: str) -> "list[Indicator]":
    """Return new indicators of one unit."""
    from objectives.indicators.models import Indicator
    from personnel.models import OrganisationUnit

    unit, _made = OrganisationUnit.objects.get_or_create(code="PROEF", kind="general_directorate")
    return Indicator.objects.bulk_create(
        Indicator(code=f"{prefix}{number:03}", owner=unit, target_kind="increase")
        for number in range(INDICATORS)
    )


def figures(indicator: "Indicator", months: int, recordings: int) -> "Iterator[Measurement]":
    """Yield a history in the order in which it is recorded, the oldest month first."""
    from objectives.indicators.models import Measurement
    from objectives.indicators.periods import periods_between
    from personnel.models import User

    user, _made = User.objects.get_or_create(username="benchmark")
    for period in periods_between("M", FIRST_MONTH, LAST_DAY)[:months]:
        for recording in range(recordings):
            yield Measurement(
                indicator=indicator,
                period_start=period.start,
                resolution=period.resolution,
                period_end=period.end,
                value=Decimal(recording),
                recorded_at=RECORDED + timedelta(minutes=recording),
                recorded_by=user,
            )


def fill(prefix: str, size: tuple[int, int]) -> list[int]:
    """Record the histories of some new indicators; return their keys."""
    from objectives.indicators.models import Measurement

    indicators = make_indicators(prefix)
    for indicator in indicators:
        Measurement.objects.bulk_create(figures(indicator, *size), batch_size=500)
    return [indicator.pk for indicator in indicators]


def seconds(keys: list[int]) -> float:
    """Return the shortest time in which the latest figures of these indicators were found."""
    from objectives.indicators.models import Indicator

    rows = Indicator.objects.with_latest_figure(reference_date=LAST_DAY, known_at=KNOWN)
    durations = []
    for _round in range(ROUNDS):
        start = perf_counter()
        found = list(rows.filter(pk__in=keys).order_by("pk").values_list("latest_figure"))
        durations.append(perf_counter() - start)
        if len(found) != INDICATORS or (None,) in found:
            raise RuntimeError("not every indicator has its latest figure")
    return min(durations)


def main() -> None:
    """Fill both, measure them in turn, print the ratio."""
    django.setup()
    with throw_away_database():
        short, long = fill("K", SHORT), fill("L", LONG)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ratio = seconds(long) / seconds(short)
    lengths = [months * recordings for months, recordings in (SHORT, LONG)]
    sys.stdout.write(
        f"{connection.vendor}: with {lengths[1]} figures an indicator {ratio:.2f} times as long "
        f"as with {lengths[0]}\n"
    )


if __name__ == "__main__":
    main()
