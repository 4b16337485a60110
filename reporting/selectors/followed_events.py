"""What was recorded around objectives and indicators between two instants, for any reader.

Read once for everyone who is told; what a reader may see of it is decided by `followed`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from ibzplan.core.models import HistoryEntry
from ibzplan.core.recent_history import entries_after
from ibzplan.core.rewind import held_at
from ibzplan.core.steady import steady
from objectives.planning.choices import AmendmentState
from objectives.planning.models import AmendmentChange, Narrative, OperationalObjective
from objectives.strategy.models import Milestone


class MilestoneTurn(StrEnum):
    """What can happen to a milestone."""

    ADDED = "added"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class MilestoneMove:
    """What happened to a milestone; of a report the days that it changed, from -> to."""

    milestone: Milestone
    turn: MilestoneTurn
    at: datetime
    days: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """What happened after `since`, up to and including `until`; lists are in the order of time."""

    since: datetime
    until: datetime
    narratives: Mapping[int, Sequence[Narrative]]
    amended: Sequence[AmendmentChange]
    milestones: Mapping[UUID, Sequence[MilestoneMove]]

    def amended_after(
        self, since: datetime, objective: OperationalObjective
    ) -> list[AmendmentChange]:
        """Return the changes approved after `since` that speak of an objective or brought it."""
        return [
            change
            for change in self.amended
            if _decided(change) > since
            and any(
                row.pk == objective.pk for row in (*change.objectives.all(), *change.results.all())
            )
        ]


def events_between(since: datetime, until: datetime) -> Events:
    """Return narratives, approved amendments and milestones: six queries at most.

    Each is read up to the present and kept on its own (see steady): a later fact of another kind
    asks for none of them again.
    """
    return Events(
        since=since,
        until=until,
        narratives=_narratives(since, until),
        amended=[row for row in _amended(since) if _decided(row) <= until],
        milestones=_milestones(since, until),
    )


def _narratives(since: datetime, until: datetime) -> dict[int, list[Narrative]]:
    found: dict[int, list[Narrative]] = defaultdict(list)
    for row in _told(since):
        if held_at(row, until):
            found[row.objective_id].append(row)
    return found


@steady
def _told(since: datetime) -> tuple[Narrative, ...]:
    """Return what was told after a moment, ended or not."""
    rows = Narrative.objects.filter(known_from__gt=since)
    return tuple(rows.order_by("known_from", "pk"))


@steady
def _amended(since: datetime) -> tuple[AmendmentChange, ...]:
    """Return the changes that were approved after a moment."""
    rows = AmendmentChange.objects.filter(
        amendment__state=AmendmentState.APPROVED, amendment__decided_at__gt=since
    )
    return tuple(
        rows.select_related("amendment", "amendment__plan", "amendment__unit", "indicator")
        .prefetch_related("objectives", "results")
        .order_by("amendment__decided_at", "amendment_id", "order", "pk")
    )


def _decided(change: AmendmentChange) -> datetime:
    decided_at = change.amendment.decided_at
    assert decided_at is not None  # noqa: S101 (asked for by the query)
    return decided_at


def _milestones(since: datetime, until: datetime) -> dict[UUID, list[MilestoneMove]]:
    """Return by objective what became of its milestones, in the order of time: two queries."""
    entries = [entry for entry in _reported(since) if entry.at <= until]
    rows = _moved(since, frozenset(entry.target_uuid for entry in entries))
    moves = [
        MilestoneMove(rows[entry.target_uuid], MilestoneTurn.REPORTED, entry.at, days)
        for entry in entries
        if entry.target_uuid in rows and (days := _days(entry))
    ]
    for row in rows.values():
        if since < row.known_from <= until:
            moves.append(MilestoneMove(row, MilestoneTurn.ADDED, row.known_from))
        if row.known_until is not None and since < row.known_until <= until:
            moves.append(MilestoneMove(row, MilestoneTurn.WITHDRAWN, row.known_until))
    found: dict[UUID, list[MilestoneMove]] = defaultdict(list)
    for move in sorted(moves, key=lambda move: move.at):
        found[move.milestone.activity.target_uuid].append(move)
    return found


def _reported(since: datetime) -> list[HistoryEntry]:
    """Return what was recorded of milestones after a moment, in the order of time."""
    recent = entries_after(since, frozenset({Milestone.type_name()}))
    if recent is not None:
        return list(reversed(recent))
    entries = HistoryEntry.objects.filter(target_type=Milestone.type_name(), at__gt=since)
    return list(entries.order_by("at", "pk"))


@steady
def _moved(since: datetime, reported: frozenset[UUID]) -> dict[UUID, Milestone]:
    """Return the milestones of objectives that began or ended after a moment, and these others."""
    rows = Milestone.objects.filter(
        Q(uuid__in=reported) | Q(known_from__gt=since) | Q(known_until__gt=since),
        activity__target_type=OperationalObjective.type_name(),
    )
    return {row.uuid: row for row in rows.select_related("activity").order_by("pk")}


def _days(entry: HistoryEntry) -> dict[str, tuple[date | None, date | None]]:
    """Return the days that an entry changed, from -> to."""
    return {
        name: (_day(old), _day(new))
        for name, (old, new) in entry.changes.items()
        if name in ("done_on", "due_on", "forecast_on")
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
