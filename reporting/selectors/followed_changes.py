"""Changes of one objective or indicator between two moments, from its readings and the events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.models import AmendmentChange, OperationalObjective
from objectives.planning.selectors import ObjectiveReading
from reporting.selectors.follow_change import Change, ChangeKind, in_each_language
from reporting.selectors.followed_events import Events, MilestoneMove, MilestoneTurn
from reporting.selectors.movements import Movement, MovementKind, movements_between

if TYPE_CHECKING:
    from uuid import UUID


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
    """Return what became of the milestones since; the last word on each counts.

    One that came and went in that time is not told.
    """
    moves: dict[UUID, list[MilestoneMove]] = defaultdict(list)
    for move in events.milestones.get(objective.uuid, ()):
        if move.at > since:
            moves[move.milestone.uuid].append(move)
    told = (_milestone(of_one) for of_one in moves.values())
    return [change for change in told if change is not None]


def _milestone(moves: Sequence[MilestoneMove]) -> Change | None:
    row, last = moves[-1].milestone, moves[-1]
    turns = {move.turn for move in moves}
    values: dict[str, Any] = {"title": row.title.as_json()}
    if MilestoneTurn.WITHDRAWN in turns:
        is_new = MilestoneTurn.ADDED in turns
        return None if is_new else Change(ChangeKind.MILESTONE_WITHDRAWN, values=values)
    _old, done_on = last.days.get("done_on", (None, None))
    if done_on is not None:
        values["day"] = done_on.isoformat()
        return Change(ChangeKind.MILESTONE_DONE, values=values)
    if MilestoneTurn.ADDED in turns:
        return Change(ChangeKind.MILESTONE_ADDED, values={**values, "day": row.due_on.isoformat()})
    expected = row.forecast_on or row.due_on
    values |= {"day": expected.isoformat(), "due": row.due_on.isoformat()}
    return Change(ChangeKind.MILESTONE_MOVED, values=values)


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
