"""Why an objective moved: what became of its milestones, of indicators and of activities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.snapshot.facts import Fact
from reporting.snapshot.sides import Cause, IndicatorPair, ObjectivePair, Part, cause


@dataclass(frozen=True, slots=True)
class _Said:
    """When a milestone was done, and when it is expected; None where nobody said so."""

    done_on: str | None = None
    forecast_on: str | None = None


def milestone_moved(row: IndicatorPair) -> Cause | None:
    """Return that it was done or that its forecast is another day; None when neither moved."""
    if not row.is_milestone:
        return None
    was = _of_indicator(row.before, row.sides.before)
    now = _of_indicator(row.after, row.sides.after)
    found = _moved(was, now)
    if found is None:
        return None
    kind, days = found
    return row.cause(
        kind,
        facts=(row.sides.was(_fact(row.before)), _fact(row.after)),
        dueOn=_due_on(row.after),
        **days,
    )


def milestone_not_done(row: IndicatorPair) -> Cause | None:
    """Return that it is not done; None where no day is known."""
    due = _due_on(row.after)
    return row.cause("milestone_not_done", dueOn=due) if due else None


def milestones_moved(pair: ObjectivePair) -> Iterator[Cause]:
    """Give what became of the milestones of activities: done, expected on another day, missed."""
    then = {row["id"]: row for row in _milestones(pair.before)}
    for row in _milestones(pair.after):
        if row["id"] not in then:
            continue
        old = then[row["id"]]
        was = _of_activity(old, pair.earlier["referenceDate"])
        now = _of_activity(row, pair.later["referenceDate"])
        found = _moved(was, now)
        if found is not None:
            kind, days = found
            yield cause(kind, title=row["title"], dueOn=row["dueOn"], **days)
        elif _is_missed(row, now, pair.later) and not _is_missed(old, was, pair.earlier):
            yield cause("milestone_not_done", title=row["title"], dueOn=row["dueOn"])


def _moved(was: _Said, now: _Said) -> tuple[str, dict[str, Any]] | None:
    """Return what became of it, with the days; None when nothing is to be told."""
    if now.done_on is not None and now.done_on != was.done_on:
        return "milestone_done", {"doneOn": now.done_on}
    if now.done_on is not None or now.forecast_on in (None, was.forecast_on):
        return None
    return "milestone_expected", {
        "forecastOn": now.forecast_on,
        "wasForecastOn": was.forecast_on,
    }


def _milestones(objective: Part) -> list[Part]:
    return [row for one in objective.get("activities", ()) for row in one["milestones"]]


def _of_activity(row: Part, reference_date: str) -> _Said:
    """Return what was said of it; what was done after the reference date was not done yet."""
    done = row["doneOn"]
    return _Said(done if done and done <= reference_date else None, row["forecastOn"])


def _is_missed(row: Part, said: _Said, snapshot: Part) -> bool:
    return said.done_on is None and bool(row["dueOn"] < snapshot["referenceDate"])


def _of_indicator(indicator: Part, facts: Mapping[str, Fact]) -> _Said:
    """Return what the latest figure of an indicator that is a milestone says."""
    key = _fact(indicator)
    if key is None:
        return _Said()
    fact = facts[key]
    if fact["kind"] != "date":  # it was another kind of indicator then
        return _Said()
    done = fact["role"] == "done"
    return _Said(fact["value"] if done else None, None if done else fact["value"])


def _fact(indicator: Part) -> str | None:
    return indicator["latest"].get("fact") if indicator["latest"] else None


def _due_on(indicator: Part) -> str | None:
    return indicator["target"]["dueOn"] if indicator["target"] else None
