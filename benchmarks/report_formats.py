"""How long all formats of a report of 200 objectives take, beside the typesetting of its PDF alone.

Run it as `python benchmarks/report_formats.py`: it fills a throw-away database with the demo, takes
the report of one minister and repeats its objectives. It makes the formats in as many worker
processes as the product has, then in one, and prints a ratio for each; at most 2 is the aim of the
first. A kept snapshot goes in, files come out: what the database takes is not in it.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from io import StringIO
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ibzplan.settings")

import django
import typst
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

OBJECTIVES: Final = 200
ROUNDS: Final = 3
# Long enough that every worker process takes one of the first tasks, once it is ready.
START_SECONDS: Final = 1
DEMO_DAY: Final = date(2026, 11, 22)
REFERENCE: Final = date(2026, 6, 30)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Snapshot = dict[str, Any]


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Make an empty database with all tables, and take it away again."""
    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "benchmark.sqlite3")
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


def demo_snapshot() -> Snapshot:
    """Return the snapshot of the demo's largest report."""
    from objectives.planning.models import OperationalPlan
    from personnel.models import SupervisingMinister
    from reporting.snapshot import ReportQuestion, snapshot_build

    call_command("load_plans", verbosity=0, stdout=StringIO())
    call_command("demo_data", seed=1, today=DEMO_DAY, stdout=StringIO(), stderr=StringIO())
    plan = OperationalPlan.objects.select_related("plan").get(year=REFERENCE.year)
    snapshots = [
        snapshot_build(
            ReportQuestion(
                strategic_plan=plan.plan,
                plan=plan,
                minister=minister,
                reference_date=REFERENCE,
                known_at=timezone.now(),
                language="nl",
            )
        )
        for minister in SupervisingMinister.objects.all()
        if plan.plan.code in minister.plan_codes
    ]
    largest: Snapshot = json.loads(json.dumps(max(snapshots, key=count_objectives)))
    return largest


def count_objectives(snapshot: Snapshot) -> int:
    """Return how many operational objectives a snapshot tells."""
    return sum(
        len(werf["objectives"])
        for strategic in snapshot["strategicObjectives"]
        for werf in strategic["werven"]
    )


def repeated(snapshot: Snapshot, times: int) -> Snapshot:
    """Return a snapshot that tells its strategic objectives so often, each time as other ones."""
    facts = dict(snapshot["facts"])
    strategic = []
    for number in range(times):
        strategic += _renamed(snapshot["strategicObjectives"], number)
        facts |= _renamed(
            {key: fact for key, fact in snapshot["facts"].items() if _UUID.search(key)}, number
        )
    for key in _summed(snapshot["summary"]):
        total = str(int(snapshot["facts"][key]["value"]) * times)
        facts[key] = {**snapshot["facts"][key], "value": total, "display": total}
    return {**snapshot, "strategicObjectives": strategic, "facts": facts}


def _renamed(part: Any, number: int) -> Any:
    """Return a copy whose things have other identifiers."""

    def other(found: re.Match[str]) -> str:
        return str(uuid5(UUID(found[0]), str(number)))

    return json.loads(_UUID.sub(other, json.dumps(part)))


def _summed(summary: Snapshot) -> list[str]:
    return [*summary["counts"].values(), summary["total"], summary["good"]]


@contextmanager
def workers(processes: int) -> Iterator[Pool]:
    """Start worker processes that are ready for work and have done none."""
    with get_context("spawn").Pool(processes, initializer=get_ready) as pool:
        pool.map(sleep, [START_SECONDS] * processes, chunksize=1)
        yield pool


def get_ready() -> None:
    """Load the product, as a worker does before its first task."""
    django.setup()
    import_module("reporting.render")


def render_one(text: str, format_: str) -> float:
    """Render a format in this process, which has made none; return the seconds in the typesetter.

    `text` is the snapshot as it is kept.
    """
    from reporting.render import render

    seconds = [0.0]
    compile_ = typst.compile

    def timed(*args: Any, **kwargs: Any) -> Any:
        start = perf_counter()
        made = compile_(*args, **kwargs)
        seconds[0] += perf_counter() - start
        return made

    with patch.object(typst, "compile", timed):
        render(format_, json.loads(text), None)
    return seconds[0]


def typesetting(text: str) -> float:
    """Return the seconds in which a new process typesets the PDF, nothing else at work."""
    with workers(1) as pool:
        return pool.apply(render_one, (text, "pdf"))


def all_formats(text: str, processes: int) -> float:
    """Return the seconds in which new worker processes make all formats, as the product does."""
    from reporting.render import FORMATS

    with workers(processes) as pool:
        start = perf_counter()
        pool.starmap(render_one, [(text, format_) for format_ in FORMATS], chunksize=1)
        return perf_counter() - start


def ratio(text: str, processes: int, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Return the seconds of all formats, of typesetting alone, and how often the one is the other.

    The best of some rounds: what else the machine does makes both slower, never faster.
    """
    both = [(all_formats(text, processes), typesetting(text)) for _round in range(rounds)]
    every, alone = min(one for one, _other in both), min(other for _one, other in both)
    return every, alone, every / alone


def main() -> None:
    """Make the report, time its formats, print the ratio."""
    with TemporaryDirectory() as folder:
        os.environ["IBZPLAN_DATA_DIR"] = folder  # where the demo puts its files
        django.setup()
        from ibzplan.core.embedded import TASK_PROCESSES

        with throw_away_database():
            snapshot = demo_snapshot()
        large = repeated(snapshot, -(-OBJECTIVES // count_objectives(snapshot)))
        text = json.dumps(large)
        for processes in (TASK_PROCESSES, 1):
            every, alone, times = ratio(text, processes)
            sys.stdout.write(
                f"{count_objectives(large)} objectives, {processes} processes: all formats "
                f"{every:.2f} s, typesetting alone {alone:.2f} s: {times:.2f} times as long\n"
            )


if __name__ == "__main__":
    main()
