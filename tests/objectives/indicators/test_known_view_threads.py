"""The view known at T never changes, also while several users write at once.

Every writer and every reader has a connection of its own, as two requests have. Some writers keep
their transaction open after they took their instant; some roll back.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import pytest
from django.db import transaction

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import IndicatorDefinition, Measurement, MeasurementEvent
from objectives.planning.models import ObjectiveIndicator
from personnel.access import access_of
from tests.core.connections import copy_to_file, own_connection
from tests.factories import Ministry, text
from tests.objectives.known_view import View, differences, known_view
from tests.objectives.operations import (
    PERIODS,
    Decide,
    Define,
    Lock,
    NotApplicable,
    Operation,
    Record,
    Retitle,
    Return,
    Reuse,
    SetTarget,
    TwoYears,
    Validate,
    Weigh,
    Withdraw,
    two_years,
    was_done,
)

PATIENCE_SECONDS: Final = 60
HOLD_SECONDS: Final = 0.03
WRITERS: Final = 4
TRANSACTIONS_EACH: Final = 14
READERS: Final = 3
VIEWS_EACH: Final = 20
DAYS: Final = (date(2025, 9, 30), date(2025, 12, 31), date(2026, 9, 30))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a reader was shown while others wrote."""

    clocks: Clocks
    view: View


class ChangedMyMind(Exception):
    """A writer rolls back."""


def chosen(random: Random) -> Operation:
    """Return something that a user does; figures most often."""
    period, value = random.choice(PERIODS), random.randint(41, 89)
    choices: tuple[Operation, ...] = (
        Record(period, value),
        Record(period, value, in_parts=True),
        Record(period, value, new=True),
        Validate(period),
        Validate(period, new=True),
        Return(period),
        Lock(period),
        Decide(approve=random.random() < 0.7, as_head=random.random() < 0.5),
        NotApplicable(period, random.choice(["", "Verbouwing"])),
        SetTarget(date(2025, 12, 31), value, 2025, is_final=True),
        Define(None, is_break=False, changes=(("title", text(f"Bezetting {value}")),)),
        Define(date(2025, 7, 1), is_break=True, changes=(("definition", text(f"Zonder {value}")),)),
        Weigh(random.randint(1, 5), is_key=False),
        Withdraw(new=True),
        Reuse(new=True, target=value),
        Retitle(f"Noodcentrales {value}"),
    )
    figures, others = choices[:6], choices[6:]
    return random.choice(figures if random.random() < 0.6 else others)


def write(world: TwoYears, file: Path, seed: int) -> int:
    """Do a number of things, some a transaction; return how many were committed."""
    random, committed = Random(seed), 0  # noqa: S311 (the same operations at every run)
    with own_connection(file):
        for _turn in range(TRANSACTIONS_EACH):
            with suppress(ChangedMyMind):
                with transaction.atomic():
                    done = sum(was_done(chosen(random), world) for _attempt in range(3))
                    if random.random() < 0.5:
                        time.sleep(random.uniform(0, HOLD_SECONDS))
                    if random.random() < 0.15:
                        raise ChangedMyMind
                committed += done
    return committed


def look(world: TwoYears, clocks: Clocks) -> View:
    """Return what an auditor sees."""
    return known_view(
        objectives=[world.approved_pk, world.draft_pk],
        indicators=[world.running_pk, world.new_pk],
        years=(2025, 2026),
        clocks=clocks,
        access=access_of(world.user("auditor")),
    )


def read(world: TwoYears, file: Path, seed: int, all_written: Event) -> list[Kept]:
    """Open pages until nobody writes any more; return what they showed."""
    kept: list[Kept] = []
    random = Random(seed)  # noqa: S311 (the same pauses at every run)
    with own_connection(file):
        while len(kept) < VIEWS_EACH and not (kept and all_written.is_set()):
            clocks = Clocks(random.choice(DAYS), Clocks.now().known_at)
            kept.append(Kept(clocks, look(world, clocks)))
            time.sleep(random.uniform(0, HOLD_SECONDS))
    return kept


def write_and_read(world: TwoYears, file: Path, seed: int) -> tuple[int, list[Kept]]:
    """Let all of them work at once; return how much was committed, and all that was shown."""
    all_written = Event()
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        readers = [
            pool.submit(read, world, file, 100 * seed + n, all_written) for n in range(READERS)
        ]
        writers = [pool.submit(write, world, file, 10 * seed + n) for n in range(WRITERS)]
        try:
            committed = sum(one.result(PATIENCE_SECONDS) for one in writers)
        finally:
            all_written.set()
        return committed, [row for one in readers for row in one.result(PATIENCE_SECONDS)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_readers_were_shown_stands_after_all_commits(
    ministry: Ministry, tmp_path: Path, seed: int
) -> None:
    world = two_years(ministry)
    file = tmp_path / "shared.sqlite3"
    copy_to_file(file)
    committed, kept = write_and_read(world, file, seed)
    with own_connection(file):
        changed = [
            lines for one in kept if (lines := differences(one.view, look(world, one.clocks)))
        ]
        recorded = Measurement.objects.count() + MeasurementEvent.objects.count()
        redefined = IndicatorDefinition.objects.filter(number__gt=1).exists()
        relinked = ObjectiveIndicator.objects.exclude(known_until=None).exists()
    assert not changed
    # It was worth looking: much was written, of several kinds, while they read.
    assert committed >= WRITERS * TRANSACTIONS_EACH / 2
    assert recorded >= committed / 3
    assert redefined
    assert relinked
    assert len({one.clocks.known_at for one in kept}) > READERS


@pytest.mark.django_db(transaction=True)
def test_a_figure_committed_after_the_reading_is_not_in_it(
    ministry: Ministry, tmp_path: Path
) -> None:
    """A writer takes an instant and holds on; a reader looks meanwhile, and sees it only later."""
    world = two_years(ministry)
    file = tmp_path / "shared.sqlite3"
    copy_to_file(file)
    has_written, may_commit = Event(), Event()

    def hold() -> None:
        with own_connection(file):
            try:
                with transaction.atomic():
                    Record("2025-T1", 45).do(world)
                    has_written.set()
                    assert may_commit.wait(PATIENCE_SECONDS)
            finally:
                has_written.set()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(hold)
        try:
            assert has_written.wait(PATIENCE_SECONDS)
            with own_connection(file):
                clocks = Clocks(DAYS[-1], Clocks.now().known_at)
                shown = look(world, clocks)
        finally:
            may_commit.set()
        writer.result(PATIENCE_SECONDS)
    with own_connection(file):
        row = Measurement.objects.get()
        assert look(world, clocks) == shown
        assert clocks.known_at < row.recorded_at
        now = look(world, Clocks(DAYS[-1], Clocks.now().known_at))
    assert [figure[0] for figure in now["figures"]] == [row.uuid]
    assert shown["figures"] == []
