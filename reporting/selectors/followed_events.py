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
    """Return narratives, approved amendments and milestones: six queries at most."""
    return Events(
        since=since,
        until=until,
        narratives=_narratives(since, until),
        amended=_amended(since, until),
        milestones=_milestones(since, until),
    )


def _narratives(since: datetime, until: datetime) -> dict[int, list[Narrative]]:
    found: dict[int, list[Narrative]] = defaultdict(list)
    for row in (
        Narrative.objects.known_at(until).filter(known_from__gt=since).order_by("known_from", "pk")
    ):
        found[row.objective_id].append(row)
    return found


def _amended(since: datetime, until: datetime) -> list[AmendmentChange]:
    rows = AmendmentChange.objects.filter(
        amendment__state=AmendmentState.APPROVED,
        amendment__decided_at__gt=since,
        amendment__decided_at__lte=until,
    )
    return list(
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
    entries = list(
        HistoryEntry.objects.filter(
            target_type=Milestone.type_name(), at__gt=since, at__lte=until
        ).order_by("at", "pk")
    )
    rows = {
        row.uuid: row
        for row in Milestone.objects.filter(
            Q(uuid__in={entry.target_uuid for entry in entries})
            | Q(known_from__gt=since, known_from__lte=until)
            | Q(known_until__gt=since, known_until__lte=until),
            activity__target_type=OperationalObjective.type_name(),
        )
        .select_related("activity")
        .order_by("pk")
    }
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


def _days(entry: HistoryEntry) -> dict[str, tuple[date | None, date | None]]:
    """Return the days that an entry changed, from -> to."""
    return {
        name: (_day(old), _day(new))
        for name, (old, new) in entry.changes.items()
        if name in ("done_on", "due_on", "forecast_on")
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
