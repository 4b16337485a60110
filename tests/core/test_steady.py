"""What every page needs is read once, and anew as soon as something was recorded."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from ibzplan.core.services import history_record, next_instant
from personnel.models import OrganisationUnit
from personnel.services import role_assign
from personnel.structure import all_units
from tests.factories import Ministry

pytestmark = pytest.mark.django_db


def queries_of_units() -> int:
    with CaptureQueriesContext(connection) as captured:
        all_units()
    return len(captured)


@pytest.fixture
def recorded(ministry: Ministry) -> Ministry:
    """Return a ministry after a first fact: before it nothing is kept."""
    with transaction.atomic():
        next_instant()
    return ministry


def test_a_reading_request_reads_it_once(recorded: Ministry) -> None:
    with steady.reading():
        assert queries_of_units() == 2  # the clock, the units
        assert queries_of_units() == 0
    with steady.reading():
        assert queries_of_units() == 1  # the clock


def test_nothing_is_kept_outside_of_a_reading_request(recorded: Ministry) -> None:
    assert queries_of_units() == 1
    assert queries_of_units() == 1


def test_the_clocks_of_a_request_ask_once(recorded: Ministry) -> None:
    with steady.reading(), CaptureQueriesContext(connection) as captured:
        first, second = Clocks.now(), Clocks.now()
    assert first.known_at == second.known_at
    assert len(captured) == 1


def number(text: str) -> int:
    """Return how often a text was counted; kept while nothing at all is recorded."""
    return _lengths(text)


@steady.steady()
def _lengths(text: str) -> int:
    return len(text) + OrganisationUnit.objects.count()


def test_a_fact_makes_it_be_read_anew(recorded: Ministry) -> None:
    with steady.reading():
        before = number("abc")
    # Past every signal, as another process does it.
    OrganisationUnit.objects.bulk_create([OrganisationUnit(code="NEW", kind="service")])
    with steady.reading():
        assert number("abc") == before
        assert number("abcd") == before + 2
    with transaction.atomic():
        next_instant()
    with steady.reading():
        assert number("abc") == before + 1


def test_what_is_kept_by_table_outlives_a_fact_about_something_else(recorded: Ministry) -> None:
    with steady.reading():
        all_units()
    with transaction.atomic():
        next_instant()
    with steady.reading():
        assert queries_of_units() == 1  # the clock, which counts too


@pytest.mark.parametrize("change", ["edit", "new", "gone"])
def test_what_is_kept_by_table_follows_its_rows(recorded: Ministry, change: str) -> None:
    """Past every signal, as another process does it."""
    OrganisationUnit.objects.bulk_create([OrganisationUnit(code="OLD", kind="service")])
    with steady.reading():
        all_units()
    unit = OrganisationUnit.objects.get(code="ADCV")
    if change == "edit":
        with transaction.atomic():
            at = next_instant()
            OrganisationUnit.objects.filter(pk=unit.pk).update(order=999)
            changes = {"order": (unit.order, 999)}
            history_record(actor=None, target=unit, action="changed", changes=changes, at=at)
    elif change == "new":
        OrganisationUnit.objects.bulk_create([OrganisationUnit(code="NEW", kind="service")])
    else:
        OrganisationUnit.objects.filter(code="OLD")._raw_delete("default")
    with steady.reading():
        units = {one.code: one.order for one in all_units()}
    assert units["ADCV"] == (999 if change == "edit" else unit.order)
    assert ("NEW" in units, "OLD" in units) == (change == "new", change != "gone")


def test_a_saved_row_shows_at_once(recorded: Ministry) -> None:
    with steady.reading():
        all_units()
    unit = OrganisationUnit.objects.get(code="ADCV")
    unit.order = 998
    unit.save()
    with steady.reading():
        assert {unit.order for unit in all_units() if unit.code == "ADCV"} == {998}


def test_who_records_reads_anew_in_the_same_request(recorded: Ministry) -> None:
    with steady.reading():
        all_units()
        with transaction.atomic():
            next_instant()
        assert queries_of_units() == 1


def test_after_a_while_it_is_read_anew(recorded: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    with steady.reading():
        all_units()
    monkeypatch.setattr(steady, "LONGEST_SECONDS", -1.0)
    steady.forget()
    with steady.reading():
        all_units()
        assert queries_of_units() == 1


def test_a_role_holds_from_the_next_page_on(recorded: Ministry, client: Client) -> None:
    user = recorded.users["outsider"] if "outsider" in recorded.users else recorded.users["bb"]
    client.force_login(user)
    assert client.get("/smart/").status_code == 403
    role_assign(actor=recorded.users["corporate"], user=user, role="corporate")
    assert client.get("/smart/").status_code == 200
