"""The record clock: what a reader was shown never changes, whoever commits afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from ibzplan.core.append_only import maintenance_pass
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from ibzplan.core.selectors import history_of, last_instant
from ibzplan.core.services import (
    clock_hold,
    clock_raise,
    history_record,
    next_instant,
    record_change,
)
from personnel.choices import UnitKind
from personnel.models import OrganisationUnit
from tests.core.connections import copy_to_file, own_connection
from tests.factories import text

PATIENCE_SECONDS = 20


@pytest.fixture
def unit(db: None) -> Iterator[OrganisationUnit]:
    """A unit with a title. Its history goes first: a database being emptied may refuse that."""
    yield OrganisationUnit.objects.create(
        code="ADCV", kind=UnitKind.GENERAL_DIRECTORATE, title=text("Civiele Veiligheid")
    )
    with transaction.atomic(), maintenance_pass():
        HistoryEntry.objects.all().delete()


def title_known(unit: OrganisationUnit, clocks: Clocks) -> str:
    """Return the title as a page with these clocks shows it."""
    stored = OrganisationUnit.objects.get(pk=unit.pk)
    title: str = as_known([stored], clocks.known_at)[0].title["nl"]
    return title


class Writer:
    """Someone who renames the unit in a transaction and waits before they commit."""

    def __init__(self, unit: OrganisationUnit, file: Path) -> None:
        """Keep what to write and where."""
        self.unit, self.file = unit, file
        self.has_written, self.may_commit = Event(), Event()

    def run(self) -> datetime:
        """Write, wait, commit; return the instant of the change."""
        with own_connection(self.file):
            try:
                with transaction.atomic():
                    record_change(actor=None, target=self.unit, values={"title": text("Nieuw")})
                    entry = history_of(self.unit)[0]
                    self.has_written.set()
                    assert self.may_commit.wait(PATIENCE_SECONDS)
            finally:
                self.has_written.set()
        return entry.at


@contextmanager
def writing(writer: Writer) -> Iterator[ThreadPoolExecutor]:
    """Let someone write beside us, until they wait to commit."""
    with ThreadPoolExecutor(1) as pool:
        try:
            yield pool
        finally:
            writer.may_commit.set()


@pytest.mark.django_db(transaction=True)
def test_a_commit_after_the_reading_changes_nothing_that_was_read(
    unit: OrganisationUnit, tmp_path: Path
) -> None:
    """The writer's instant is earlier than the reader's wall clock, and yet not in their view."""
    history_record(actor=None, target=unit, action="created")
    file = tmp_path / "second.sqlite3"
    copy_to_file(file)
    writer = Writer(unit, file)
    with own_connection(file), writing(writer) as pool:
        done = pool.submit(writer.run)
        assert writer.has_written.wait(PATIENCE_SECONDS)

        clocks, wall_clock = Clocks.now(), timezone.now()
        asked = Clocks.from_query({"known": wall_clock.isoformat()})
        shown = title_known(unit, clocks)
        writer.may_commit.set()
        instant = done.result(PATIENCE_SECONDS)

        assert clocks.known_at < instant < wall_clock
        assert shown == title_known(unit, clocks) == "Civiele Veiligheid"
        assert asked.known_at == clocks.known_at
        assert Clocks.now().known_at == instant
        assert title_known(unit, Clocks.now()) == "Nieuw"


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_writer_leaves_no_mark(unit: OrganisationUnit) -> None:
    before = history_record(actor=None, target=unit, action="created").at
    with pytest.raises(RuntimeError, match="changed my mind"), transaction.atomic():
        assert next_instant() > before
        raise RuntimeError("changed my mind")
    assert last_instant() == before


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_takes_an_instant_all_the_same(
    unit: OrganisationUnit,
) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        next_instant()
    first, second = (history_record(actor=None, target=unit, action="looked") for _ in range(2))
    assert first.at < second.at == last_instant()


def test_before_the_first_fact_now_is_the_wall_clock(db: None) -> None:
    assert last_instant() is None
    before = timezone.now()
    assert before <= Clocks.now().known_at <= timezone.now()


def test_the_clock_is_raised_but_never_goes_back(db: None) -> None:
    """Facts with a date of their own are seen at once, and later ones come after them."""
    to_come = timezone.now() + timedelta(days=3)
    clock_hold()
    clock_raise(to_come)
    assert Clocks.now().known_at == to_come
    clock_raise(to_come - timedelta(days=10))
    clock_hold()
    assert last_instant() == to_come
    assert next_instant() == to_come + timedelta(microseconds=1)
    clock_raise(datetime(2026, 1, 1, tzinfo=UTC))
    assert last_instant() == to_come + timedelta(microseconds=1)


def test_history_is_dated_by_the_clock_in_the_order_of_writing(unit: OrganisationUnit) -> None:
    for number in range(5):
        record_change(actor=None, target=unit, values={"order": number + 1})
    moments = list(HistoryEntry.objects.order_by("pk").values_list("at", flat=True))
    assert len(set(moments)) == 5
    assert moments == sorted(moments)
    assert moments[-1] == last_instant()
