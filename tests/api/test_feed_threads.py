"""Clients that follow a list while several users write at once end with the rows of the list.

Every writer and every client has a connection of its own. Writers keep their transaction open after
they took their instant, so that they commit late, and some roll back.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import pytest
from django.db import transaction

from objectives.indicators.models import Measurement
from tests.api.follower import Follower, reader
from tests.core.connections import copy_to_file, own_connection
from tests.factories import Ministry
from tests.objectives.indicators.test_known_view_threads import ChangedMyMind, chosen
from tests.objectives.operations import TwoYears, two_years, was_done

PATIENCE_SECONDS: Final = 60
HOLD_SECONDS: Final = 0.03
WRITERS: Final = 4
TRANSACTIONS_EACH: Final = 6
SEED: Final = 10
# Who follows what, in pages of how many rows.
FOLLOWED: Final = (
    ("auditor", "measurements", 2),
    ("cabinet_am", "measurements", 100),
    ("corporate", "operationalObjectives", 1),
    ("cabinet_vbz", "targets", 2),
)


def write(world: TwoYears, file: Path, seed: int) -> int:
    """Do a number of things, some a transaction; return how many were committed."""
    random, committed = Random(seed), 0  # noqa: S311 (the same operations at every run)
    with own_connection(file):
        for _turn in range(TRANSACTIONS_EACH):
            with suppress(ChangedMyMind):
                with transaction.atomic():
                    done = sum(was_done(chosen(random), world) for _attempt in range(2))
                    time.sleep(random.uniform(0, HOLD_SECONDS))
                    if random.random() < 0.15:
                        raise ChangedMyMind
                committed += done
    return committed


def follow(follower: Follower, file: Path, all_written: Event) -> tuple[int, list[str]]:
    """Follow until nobody writes any more; return how often, and where it then is behind."""
    with own_connection(file):
        while not all_written.is_set():
            follower.step()
            time.sleep(HOLD_SECONDS)
        return follower.answers, follower.behind()


@pytest.mark.urls("tests.api.urlconf")
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_follows_while_others_write_has_the_rows_of_the_list(
    ministry: Ministry, tmp_path: Path
) -> None:
    world, all_written = two_years(ministry), Event()
    followers = [
        Follower(reader(world.user(user)), collection, page_size=size)
        for user, collection, size in FOLLOWED
    ]
    file = tmp_path / "shared.sqlite3"
    copy_to_file(file)
    with ThreadPoolExecutor(WRITERS + len(followers)) as pool:
        read = [pool.submit(follow, one, file, all_written) for one in followers]
        written = [pool.submit(write, world, file, SEED + n) for n in range(WRITERS)]
        try:
            committed = sum(one.result(PATIENCE_SECONDS) for one in written)
        finally:
            all_written.set()
        found = [one.result(PATIENCE_SECONDS) for one in read]
    with own_connection(file):
        figures = Measurement.objects.count()
    assert [line for _answers, behind in found for line in behind] == []
    # It was worth following: much was written, while they read.
    assert committed >= WRITERS
    assert figures > 1
    assert min(answers for answers, _behind in found) > 2
