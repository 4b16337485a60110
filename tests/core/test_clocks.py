"""The two clocks in an address."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from django.db import transaction
from django.utils import timezone

from ibzplan.core.clocks import SETTLED_AFTER, Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.models import RecordClock
from ibzplan.core.services import next_instant

pytestmark = pytest.mark.django_db


def again(clocks: Clocks) -> Clocks:
    """Return the clocks of a link that keeps these."""
    return Clocks.from_query(dict(parse_qsl(clocks.query.removeprefix("?"))))


def test_without_anything_both_clocks_are_now() -> None:
    clocks = Clocks.from_query({})
    assert clocks.reference_date == timezone.localdate()
    assert clocks.query == ""


def test_a_day_means_its_end_in_brussels() -> None:
    clocks = Clocks.from_query({"known": "2026-03-31"})
    local = timezone.localtime(clocks.known_at)
    assert (local.date(), local.hour, local.minute) == (date(2026, 3, 31), 23, 59)
    assert clocks.reference_date == date(2026, 3, 31)


def test_a_link_keeps_showing_the_same() -> None:
    clocks = Clocks.from_query({"reference": "2026-09-30", "known": "2026-10-14T09:30:00+02:00"})
    assert again(clocks) == clocks


def test_now_is_the_last_committed_instant() -> None:
    with transaction.atomic():
        instant = next_instant()
    clocks = Clocks.now()
    assert (clocks.reference_date, clocks.known_at) == (timezone.localdate(), instant)
    assert Clocks.from_query({}).known_at == instant
    assert Clocks.from_query({}).query == ""


@pytest.mark.parametrize("ago", [timedelta(), SETTLED_AFTER / 2, timedelta(days=-400)])
def test_a_recent_or_future_moment_is_cut_to_what_is_committed(ago: timedelta) -> None:
    """Between the last fact and now someone may be writing; what they write would come in later."""
    last_week = timezone.now() - timedelta(days=7)
    RecordClock.objects.create(pk=1, last_instant=last_week)
    asked = timezone.now() - ago
    clocks = Clocks.from_query({"known": asked.isoformat()})
    assert (clocks.known_at, clocks.pinned_known) == (last_week, True)
    # The figures due by then are those of the day asked for, also behind a link.
    assert clocks.reference_date == timezone.localdate(min(asked, timezone.now()))
    kept = again(clocks)
    assert (kept.reference_date, kept.known_at) == (clocks.reference_date, last_week)


def test_a_recent_moment_with_later_facts_stays_as_asked() -> None:
    with transaction.atomic():
        instant = next_instant()
    asked = instant - timedelta(minutes=1)
    clocks = Clocks.from_query({"known": asked.isoformat()})
    assert clocks.known_at == asked
    with transaction.atomic():
        next_instant()
    assert again(clocks).known_at == asked


def test_an_older_moment_stays_as_asked() -> None:
    RecordClock.objects.create(pk=1, last_instant=timezone.now() - timedelta(days=7))
    asked = timezone.now() - timedelta(hours=1)
    assert Clocks.from_query({"known": asked.isoformat()}).known_at == asked


@pytest.mark.parametrize("query", [{"known": "gisteren"}, {"reference": "2026-02-30"}])
def test_what_is_no_date_is_named(query: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        Clocks.from_query(query)
    assert next(iter(query.values())) in refused.value.message
