"""The part of a snapshot that tells what hangs below an objective: what units tell, means, risks.

Whoever reads the page of an objective in force reads all of it: it is the same for every cabinet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.planning.models import Narrative, OperationalObjective, Risk
from objectives.planning.selectors.closing import continued_by
from objectives.planning.selectors.narratives import narratives_known
from objectives.planning.selectors.parts import (
    ActivityParts,
    ObjectiveParts,
    milestone_state,
    objective_parts,
)
from objectives.strategy.models import Milestone
from reporting.snapshot.facts import FactBook


@dataclass(frozen=True, slots=True)
class Below:
    """By the key of their objective, as they stood: narratives, parts, the NVP objectives (codes)
    that it serves, the objectives of an earlier plan that it continues, and the indicators that
    were taken away from it and may be named.
    """

    narratives: Mapping[int, Sequence[Narrative]]
    parts: Mapping[int, ObjectiveParts]
    security: Mapping[int, Sequence[str]]
    continues: Mapping[int, Sequence[UUID]]
    taken_away: Mapping[int, Sequence[str]]
    reference_date: date


def below(
    objectives: Sequence[OperationalObjective],
    security: Mapping[int, Sequence[str]],
    taken_away: Mapping[int, Sequence[str]],
    clocks: Clocks,
) -> Below:
    """Return what hung below them then: eight queries at most, whatever their number."""
    return Below(
        narratives_known(objectives, clocks.known_at),
        objective_parts(objectives, clocks.known_at) if objectives else {},
        security,
        continued_by(objectives, clocks.known_at),
        taken_away,
        clocks.reference_date,
    )


def below_part(book: FactBook, objective: OperationalObjective, found: Below) -> dict[str, Any]:
    """Return what a snapshot tells of it beside status and indicators."""
    parts = found.parts[objective.pk]
    day = found.reference_date
    return {
        "narratives": _narratives(found.narratives.get(objective.pk, ()), objective, day),
        "means": objective.means.as_json(),
        "risks": [_risk(book, risk) for risk in parts.risks],
        "activities": [activity_part(one, day) for one in parts.activities],
        "goals": [goal.code for goal in parts.goals],
        "securityLinks": list(found.security.get(objective.pk, ())),
        "continues": [str(uuid) for uuid in found.continues.get(objective.pk, ())],
        "takenAway": list(found.taken_away.get(objective.pk, ())),
    }


def _narratives(
    rows: Iterable[Narrative], objective: OperationalObjective, day: date
) -> list[dict[str, Any]]:
    """Return what was told of the periods that had begun, the latest first."""
    told = [row for row in rows if row.period_start <= day]
    return [
        {
            "id": str(row.uuid),
            "periodStart": row.period_start.isoformat(),
            "resolution": row.resolution,
            "done": row.done.as_json(),
            "planned": row.planned.as_json(),
            "obstacles": row.obstacles.as_json(),
            "writtenOn": timezone.localdate(row.known_from).isoformat(),
        }
        for row in sorted(told, key=lambda row: (row.period_start, row.pk), reverse=True)
        if row.period_start.year == objective.plan.year
    ]


def _risk(book: FactBook, risk: Risk) -> dict[str, Any]:
    key = f"f:risk:{risk.uuid}"
    return {
        "id": str(risk.uuid),
        "title": risk.title.as_json(),
        "likelihood": book.count(f"{key}:likelihood", risk.likelihood),
        "impact": book.count(f"{key}:impact", risk.impact),
        "score": book.count(f"{key}:score", risk.score),
        "response": risk.response,
        "measure": risk.measure.as_json(),
    }


def activity_part(parts: ActivityParts, day: date) -> dict[str, Any]:
    """Return an activity with its milestones, by a day."""
    activity = parts.activity
    return {
        "id": str(activity.uuid),
        "kind": activity.kind,
        "title": activity.title.as_json(),
        "startsOn": _iso(activity.starts_on),
        "endsOn": _iso(activity.ends_on),
        "milestones": [_milestone(one, day) for one in parts.milestones],
    }


def _milestone(row: Milestone, day: date) -> dict[str, Any]:
    """Return a milestone by a day: what was done after it is not done yet."""
    is_done = row.done_on is not None and row.done_on <= day
    return {
        "id": str(row.uuid),
        "title": row.title.as_json(),
        "dueOn": row.due_on.isoformat(),
        "forecastOn": _iso(row.forecast_on),
        "doneOn": _iso(row.done_on) if is_done else None,
        "state": milestone_state(row, day).value,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
