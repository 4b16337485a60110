"""What was recorded around objectives and indicators between two instants, for any reader.

Read once for everyone who is told; what a reader may see of it is decided by `followed`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import AmendmentState
from objectives.planning.models import AmendmentChange, Narrative, OperationalObjective
from objectives.strategy.models import Milestone


@dataclass(frozen=True, slots=True)
class MilestoneMove:
    """A report on a milestone, or another day of it; a day that stayed the same is not there."""

    milestone: Milestone
    at: datetime
    days: Mapping[str, tuple[date | None, date | None]]


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
        rows.select_related("amendment", "amendment__plan", "amendment__unit")
        .prefetch_related("objectives", "results")
        .order_by("amendment__decided_at", "amendment_id", "order", "pk")
    )


def _decided(change: AmendmentChange) -> datetime:
    decided_at = change.amendment.decided_at
    assert decided_at is not None  # noqa: S101 (asked for by the query)
    return decided_at


def _milestones(since: datetime, until: datetime) -> dict[UUID, list[MilestoneMove]]:
    """Return by objective what was reported or changed of its milestones: two queries."""
    entries = list(
        HistoryEntry.objects.filter(
            target_type=Milestone.type_name(), at__gt=since, at__lte=until
        ).order_by("at", "pk")
    )
    if not entries:
        return {}
    rows = {
        row.uuid: row
        for row in Milestone.objects.current()
        .filter(
            uuid__in={entry.target_uuid for entry in entries},
            activity__known_until=None,
            activity__target_type=OperationalObjective.type_name(),
        )
        .select_related("activity")
    }
    found: dict[UUID, list[MilestoneMove]] = defaultdict(list)
    for entry in entries:
        milestone, days = rows.get(entry.target_uuid), _days(entry)
        if milestone is not None and days:
            found[milestone.activity.target_uuid].append(MilestoneMove(milestone, entry.at, days))
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
