"""The parts of a snapshot on operational objectives, whatever the report that tells them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from objectives.indicators import engine
from objectives.planning.models import StatusOverride
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import LinkReading, unique_readings
from reporting.snapshot.background import Background
from reporting.snapshot.below import Below, below_part
from reporting.snapshot.board import LeftOut, ReportBoard
from reporting.snapshot.facts import ATTAINMENT_DECIMALS, FactBook
from reporting.snapshot.indicators import indicator_part
from reporting.snapshot.withheld import withheld_of


@dataclass(frozen=True, slots=True)
class Around:
    """What objectives and indicators need besides their reading."""

    left_out: LeftOut
    behind: Background
    below: Below


def has_demo_rows(readings: Iterable[ObjectiveReading]) -> bool:
    """Tell whether anything of some objectives is fictional."""
    return any(
        reading.objective.is_demo
        or any(
            link.reading.indicator.is_demo
            or any(slot.measurement and slot.measurement.is_demo for slot in link.reading.slots)
            for link in reading.indicators
        )
        for reading in readings
    )


def summary_part(book: FactBook, board: ReportBoard) -> dict[str, Any]:
    """Return how many objectives have which status, and how many figures were due.

    `submitted` and `missing` make up `due`. Of the submitted ones `withheld` came in, and this
    minister sees them once they are validated.
    """
    slots = [slot for reading in unique_readings(board.indicators) for slot in reading.due_slots]
    missing = sum(slot.is_late for slot in slots)
    return {
        "counts": book.counts("plan", board.counts),
        "total": book.count("f:count:plan", board.total),
        "good": book.count("f:count:plan:good", board.good),
        "submitted": book.count("f:figures:submitted", len(slots) - missing),
        "withheld": book.count("f:figures:withheld", withheld_of(slots)),
        "due": book.count("f:figures:due", len(slots)),
        "missing": book.count("f:figures:missing", missing),
        "indicators": book.count("f:indicators", board.left_out.total),
        "confidential": book.count("f:confidential", board.left_out.all_),
    }


def rollup_part(book: FactBook, owner: str, status: engine.RollupStatus) -> dict[str, Any]:
    """Return a status that follows from what is below it, and why."""
    return {
        "status": status.status.value,
        "remarks": [remark.value for remark in status.remarks],
        "why": book.steps(owner, status.steps),
        "attainment": book.quantity(
            f"f:attainment:{owner}", status.attainment, decimals=ATTAINMENT_DECIMALS
        ),
        "provisional": status.provisional,
        "stale": status.stale,
    }


def progress_part(
    book: FactBook, owner: str, progress: engine.Progress | None
) -> dict[str, Any] | None:
    """Return the realised and the expected share; None without numbers."""
    if progress is None:
        return None
    return {
        "actual": book.share(f"f:progress:{owner}:actual", progress.actual),
        "expected": book.share(f"f:progress:{owner}:expected", progress.expected),
    }


def _judgement(row: StatusOverride | None) -> dict[str, Any] | None:
    """Return what the head judges beside the computed status; the office says who, no name."""
    if row is None:
        return None
    return {"status": row.status, "reason": row.reason, "since": row.holds_from.isoformat()}


def objective_part(book: FactBook, reading: ObjectiveReading, around: Around) -> dict[str, Any]:
    """Return one operational objective with its indicators; its figures go into the book."""
    objective, owner = reading.objective, str(reading.objective.uuid)
    return {
        "id": owner,
        "code": objective.code,
        "title": objective.title.as_json(),
        "description": objective.description.as_json(),
        "holder": objective.holder.title.as_json() if objective.holder else None,
        "unit": objective.unit.code,
        "state": objective.state,
        "startsOn": objective.starts_on.isoformat(),
        "endsOn": objective.ends_on.isoformat(),
        **rollup_part(book, owner, reading.status),
        "judgement": _judgement(reading.override),
        "progress": progress_part(book, owner, reading.progress),
        "indicators": [indicator_part(book, link, around.behind) for link in reading.indicators],
        "confidential": book.count(
            f"f:confidential:{owner}", around.left_out.by_objective.get(objective.pk, 0)
        ),
        **below_part(book, objective, around.below),
    }


def late_part(readings: Iterable[ObjectiveReading]) -> list[dict[str, Any]]:
    """Return the figures that were due and are missing, oldest first.

    One that this minister sees once it is validated came in: nobody is late with it.
    One that serves several objectives is one figure: it stands under the first of them.
    """
    first: dict[int, tuple[ObjectiveReading, LinkReading]] = {}
    for reading in readings:
        for link in reading.indicators:
            first.setdefault(link.reading.indicator.pk, (reading, link))
    rows = [
        {
            "objective": reading.objective.code,
            "unit": reading.objective.unit.code,
            "indicator": link.reading.indicator.code,
            "shortCode": link.short_code,
            "title": link.reading.indicator.title.as_json(),
            "periodStart": slot.period.start.isoformat(),
            "resolution": slot.period.resolution,
            "dueOn": slot.due_on.isoformat(),
        }
        for reading, link in first.values()
        for slot in link.reading.due_slots
        if slot.is_late
    ]
    return sorted(rows, key=lambda row: (row["dueOn"], row["indicator"], row["periodStart"]))
