"""The two clocks in an address."""

from datetime import date

import pytest
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError


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
    again = Clocks.from_query(
        dict(pair.split("=") for pair in clocks.query[1:].split("&"))
        | {"known": clocks.known_at.isoformat()}
    )
    assert (again.reference_date, again.known_at) == (clocks.reference_date, clocks.known_at)


@pytest.mark.parametrize("query", [{"known": "gisteren"}, {"reference": "2026-02-30"}])
def test_what_is_no_date_is_named(query: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        Clocks.from_query(query)
    assert next(iter(query.values())) in refused.value.message
