"""What many pages need is read once, and anew as soon as a table that it was read from changes."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ibzplan.core import steady, table_versions
from ibzplan.core.checks import tables_are_watched
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Job, TableVersion
from ibzplan.core.services import next_instant
from personnel.models import OrganisationUnit, User
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
    """Return a ministry after a first fact."""
    with transaction.atomic():
        next_instant()
    return ministry


def test_a_reading_request_reads_it_once(recorded: Ministry) -> None:
    with steady.reading():
        assert queries_of_units() == 2  # the state of the tables, the units
        assert queries_of_units() == 0
    with steady.reading():
        assert queries_of_units() == 1  # the state of the tables


def test_nothing_is_kept_outside_of_a_reading_request(recorded: Ministry) -> None:
    assert queries_of_units() == 1
    assert queries_of_units() == 1


def test_the_clocks_of_a_request_ask_once(recorded: Ministry) -> None:
    with steady.reading(), CaptureQueriesContext(connection) as captured:
        first, second = Clocks.now(), Clocks.now()
        all_units()
    assert first.known_at == second.known_at
    assert len(captured) == 2


@steady.steady
def _longest(code: str) -> int:
    """Read another kept function, and a table of its own."""
    return len(all_units()) + User.objects.filter(username=code).count()


def test_a_fact_about_something_else_leaves_it_in_memory(recorded: Ministry) -> None:
    with steady.reading():
        all_units()
    with transaction.atomic():
        next_instant()
    User.objects.filter(username="outsider").update(is_active=False)
    with steady.reading():
        assert queries_of_units() == 1  # the state of the tables


@pytest.mark.parametrize("change", ["edit", "new", "gone"])
def test_it_follows_its_rows(recorded: Ministry, change: str) -> None:
    """Past every signal, as another process does it."""
    OrganisationUnit.objects.bulk_create([OrganisationUnit(code="OLD", kind="service")])
    with steady.reading():
        all_units()
    if change == "edit":
        OrganisationUnit.objects.filter(code="ADCV").update(order=999)
    elif change == "new":
        OrganisationUnit.objects.bulk_create([OrganisationUnit(code="NEW", kind="service")])
    else:
        OrganisationUnit.objects.filter(code="OLD")._raw_delete("default")
    with steady.reading():
        units = {one.code: one.order for one in all_units()}
    assert (units["ADCV"] == 999) == (change == "edit")
    assert ("NEW" in units, "OLD" in units) == (change == "new", change != "gone")


def test_what_reads_kept_things_follows_their_tables_too(recorded: Ministry) -> None:
    with steady.reading():
        all_units()  # from memory when the other one asks for it
        before = _longest("outsider")
    OrganisationUnit.objects.bulk_create([OrganisationUnit(code="NEW", kind="service")])
    with steady.reading():
        assert _longest("outsider") == before + 1
    User.objects.filter(username="outsider").update(username="gone")
    with steady.reading():
        assert _longest("outsider") == before


@steady.steady
def _jobs() -> int:
    return Job.objects.count()


def test_a_table_that_is_not_watched_is_read_each_time(recorded: Ministry) -> None:
    for _time in range(2):
        with steady.reading(), CaptureQueriesContext(connection) as captured:
            _jobs()
        assert len(captured) == 2


def test_what_a_rollback_took_back_leaves_nothing(recorded: Ministry) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        OrganisationUnit.objects.filter(code="ADCV").update(order=1)
        with steady.reading():
            assert {unit.order for unit in all_units() if unit.code == "ADCV"} == {1}
        raise RuntimeError
    OrganisationUnit.objects.filter(code="ADCV").update(order=2)
    with steady.reading():
        assert {unit.order for unit in all_units() if unit.code == "ADCV"} == {2}


def test_who_records_reads_anew_in_the_same_request(recorded: Ministry) -> None:
    with steady.reading():
        all_units()
        with transaction.atomic():
            next_instant()
        assert queries_of_units() == 1


def test_after_a_while_it_is_read_anew(recorded: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "LONGEST_SECONDS", -1.0)
    with steady.reading():
        all_units()
        assert queries_of_units() == 1


@steady.steady(most=3)
def _coded(code: str) -> int:
    return OrganisationUnit.objects.filter(code=code).count()


def test_the_last_ones_are_kept_and_none_for_too_long(
    recorded: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries_of(*codes: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            for code in codes:
                _coded(code)
        return len(captured)

    with steady.reading():
        _coded("A")
        assert queries_of("A", "B", "C") == 2
        assert queries_of("D", "B", "C") == 1
        assert queries_of("A") == 1  # D took its place
    monkeypatch.setattr(steady, "LONGEST_SECONDS", -1.0)
    steady.forget()
    with steady.reading():
        _coded("A")
        _coded("B")
    assert [len(store) for store in steady._stores if store] == [1]  # A was too old


def test_a_process_reads_ahead(recorded: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # it has the rows of this test
    steady.read_ahead()
    with steady.reading():
        assert queries_of_units() == 1  # the state of the tables


def test_a_role_holds_from_the_next_page_on(recorded: Ministry, client: Client) -> None:
    user = recorded.users["outsider"]
    client.force_login(user)
    assert client.get("/smart/").status_code == 403
    role_assign(actor=recorded.users["corporate"], user=user, role="corporate")
    assert client.get("/smart/").status_code == 200


def test_every_table_of_the_product_is_watched(recorded: Ministry) -> None:
    """Links between tables too; work in progress is not."""
    assert table_versions.missing_triggers() == []
    watched = set(TableVersion.objects.values_list("name", flat=True))
    assert watched == set(table_versions.watched_tables())
    assert {"planning_amendmentchange_results", "core_historyentry", "personnel_user"} <= watched
    assert not watched & {"core_job", "core_notification", "django_session"}


def test_a_login_makes_nobody_read_anew(recorded: Ministry, client: Client) -> None:
    with steady.reading():
        before = _longest("outsider")
    client.force_login(recorded.users["outsider"])
    with steady.reading(), CaptureQueriesContext(connection) as captured:
        assert _longest("outsider") == before
    assert len(captured) == 1  # the state of the tables


def test_a_lost_trigger_is_reported_and_put_back(recorded: Ministry) -> None:
    table = "personnel_organisationunit"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'DROP TRIGGER "ibz_version_{table}_update"')
        else:
            cursor.execute(f'DROP TRIGGER "ibz_version_{table}" ON "{table}"')
    assert [error.id for error in tables_are_watched(databases=["default"])] == ["core.E002"]
    table_versions.install()
    assert tables_are_watched(databases=["default"]) == []
