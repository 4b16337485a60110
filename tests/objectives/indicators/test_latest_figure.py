"""The latest figure of each indicator: the right one, found through one index on both databases."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Final

import pytest
from django.db import connection

from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period, periods_between
from tests.factories import Ministry, text

INDEX: Final = "measurement_latest_total"
FIRST_DAY: Final = date(2011, 1, 1)
LAST_DAY: Final = date(2025, 12, 31)
RECORDED: Final = datetime(2026, 1, 10, 9, tzinfo=UTC)
LONG_AFTER: Final = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def indicators(ministry: Ministry) -> list[Indicator]:
    return Indicator.objects.bulk_create(
        Indicator(
            code=f"I{number:03}",
            owner=ministry.adcv,
            title=text(f"Indicator {number}"),
            target_kind="increase",
        )
        for number in range(20)
    )


def figure(
    ministry: Ministry,
    indicator: Indicator,
    period: Period,
    value: int,
    *,
    recorded_at: datetime = RECORDED,
    breakdown_key: str = "",
) -> Measurement:
    """Return a figure, not yet saved."""
    return Measurement(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        period_end=period.end,
        breakdown_key=breakdown_key,
        value=Decimal(value),
        recorded_at=recorded_at,
        recorded_by=ministry.users["planner_adcv"],
    )


def latest_value(
    indicator: Indicator, *, reference_date: date = LAST_DAY, known_at: datetime = LONG_AFTER
) -> Decimal | None:
    row = Indicator.objects.with_latest_figure(
        reference_date=reference_date, known_at=known_at
    ).get(pk=indicator.pk)
    key = row.latest_figure
    return None if key is None else Measurement.objects.get(pk=key).value


def test_of_the_newest_period_the_row_recorded_last_counts(
    ministry: Ministry, indicators: list[Indicator]
) -> None:
    third, fourth = periods_between("T", date(2025, 7, 1), LAST_DAY)
    first, other = indicators[:2]
    later = RECORDED + timedelta(days=30)
    for row in (
        figure(ministry, first, fourth, 40),
        figure(ministry, first, third, 30),
        figure(ministry, first, fourth, 41, recorded_at=later),
        figure(ministry, first, fourth, 9, recorded_at=later, breakdown_key="region=bru"),
        figure(ministry, first, third, 31, recorded_at=later + timedelta(days=1)),
        figure(ministry, other, third, 7),
    ):
        row.save()
    assert latest_value(first) == 41
    assert latest_value(first, known_at=later - timedelta(seconds=1)) == 40
    assert latest_value(first, known_at=RECORDED - timedelta(seconds=1)) is None
    assert latest_value(first, reference_date=date(2025, 10, 31)) == 31
    assert latest_value(other) == 7
    assert latest_value(indicators[2]) is None


def test_it_is_found_through_the_index_on_both_databases(
    ministry: Ministry, indicators: list[Indicator]
) -> None:
    """With a long history, breakdowns and corrections; no sort, and no look at the whole table."""
    value = count()
    periods = periods_between("T", FIRST_DAY, LAST_DAY)
    Measurement.objects.bulk_create(
        figure(
            ministry,
            indicator,
            period,
            next(value),
            recorded_at=RECORDED + timedelta(days=day),
            breakdown_key=key,
        )
        for indicator in indicators
        for period in periods
        for day in (0, 30)
        for key in ("", "region=bru", "region=vl")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Indicator.objects.with_latest_figure(
        reference_date=LAST_DAY, known_at=RECORDED + timedelta(days=40)
    )
    _outer, probe = rows.explain().split("SUBQUERY" if connection.vendor == "sqlite" else "SubPlan")
    reads = [line for line in probe.splitlines() if "USING" in line or "Scan" in line]
    assert len(reads) == 1, probe
    assert f" {INDEX} " in reads[0]
    assert not re.search("sort|b-tree", probe, re.IGNORECASE), probe
