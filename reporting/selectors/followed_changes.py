"""Changes of one objective or indicator between two moments, from its readings and the events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.models import AmendmentChange, OperationalObjective
from objectives.planning.selectors import ObjectiveReading
from reporting.selectors.follow_change import Change, ChangeKind, in_each_language
from reporting.selectors.followed_events import Events
from reporting.selectors.movements import Movement, MovementKind, movements_between


def moved(
    objective: OperationalObjective,
    before: ObjectiveReading | None,
    after: ObjectiveReading | None,
    amended: Sequence[AmendmentChange],
    since: datetime,
    events: Events,
) -> list[Change]:
    """Return where it went, with the reasons in each language."""
    told = {
        objective.pk: [
            row for row in events.narratives.get(objective.pk, ()) if row.known_from > since
        ]
    }

    def move() -> tuple[Movement, ...]:
        return movements_between(
            [before] if before else [],
            [after] if after else [],
            amended=amended,
            narratives=told,
        )

    by_language = in_each_language(move)
    one = next((found[0] for found in by_language.values() if found), None)
    if one is None:
        return []
    reasons = {
        language: list(found[0].reasons) if found else [] for language, found in by_language.items()
    }
    return _told_movement(one, reasons, is_amended=bool(amended))


def _told_movement(
    moved: Movement, reasons: Mapping[str, Sequence[str]], *, is_amended: bool
) -> list[Change]:
    if moved.kind == MovementKind.ADDED:
        return [Change(ChangeKind.ADDED)]
    if moved.kind == MovementKind.REMOVED:
        return [Change(ChangeKind.WITHDRAWN, values={"reasons": reasons})]
    if moved.kind == MovementKind.ADJUSTED:  # the amendment speaks for itself
        return [] if is_amended else [Change(ChangeKind.ADJUSTED, values={"reasons": reasons})]
    assert moved.from_status and moved.to_status  # noqa: S101 (it is there at both moments)
    values = {
        "from": moved.from_status.value,
        "to": moved.to_status.value,
        "reasons": reasons,
    }
    return [Change(ChangeKind.STATUS, values=values)]


def amendments(amended: Iterable[AmendmentChange]) -> list[Change]:
    """Return each amendment once."""
    rows = {change.amendment_id: change.amendment for change in amended}
    return [
        Change(
            ChangeKind.AMENDMENT,
            values={"number": row.number, "year": row.plan.year, "title": row.title.as_json()},
        )
        for row in rows.values()
    ]


def figures(before: IndicatorReading, after: IndicatorReading, code: str) -> list[Change]:
    """Return the figures that the reader sees now and did not see then, with what was there."""
    then = {(slot.period.start, slot.period.resolution): slot.measurement for slot in before.slots}
    changes = []
    for slot in after.slots:
        row, old = slot.measurement, then.get((slot.period.start, slot.period.resolution))
        if row is None or (old is not None and old.pk == row.pk):
            continue
        values: dict[str, Any] = {
            "indicator": code,
            "title": after.indicator.title.as_json(),
            "period": in_each_language(partial(period_text, slot.period)),
            "text": _figure(after.indicator, row),
            "provisional": not getattr(row, "is_validated", False),
        }
        if old is not None:
            values["before"] = _figure(after.indicator, old)
        kind = ChangeKind.FIGURE if old is None else ChangeKind.CORRECTED
        changes.append(Change(kind, values=values))
    return changes


def _figure(indicator: Indicator, row: Measurement) -> dict[str, str]:
    return in_each_language(partial(figure_text, indicator, row))


def milestones(objective: OperationalObjective, since: datetime, events: Events) -> list[Change]:
    """Return the milestones that were done or moved since; the last word on each counts."""
    last = {
        move.milestone.uuid: move
        for move in events.milestones.get(objective.uuid, ())
        if move.at > since
    }
    changes = []
    for move in last.values():
        row, (_old, done_on) = move.milestone, move.days.get("done_on", (None, None))
        title = row.title.as_json()
        if done_on is not None:
            values: dict[str, Any] = {"title": title, "day": done_on.isoformat()}
            changes.append(Change(ChangeKind.MILESTONE_DONE, values=values))
            continue
        expected, due = row.forecast_on or row.due_on, row.due_on
        values = {"title": title, "day": expected.isoformat(), "due": due.isoformat()}
        changes.append(Change(ChangeKind.MILESTONE_MOVED, values=values))
    return changes


def narratives(objective: OperationalObjective, since: datetime, events: Events) -> list[Change]:
    rows = events.narratives.get(objective.pk, ())
    return [
        Change(
            ChangeKind.NARRATIVE,
            values={"period": in_each_language(partial(period_text, row.period))},
        )
        for row in rows
        if row.known_from > since
    ]
