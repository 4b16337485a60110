"""What hangs on the objectives and themes of the NVP, as known at a moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from objectives.planning.models import ObjectiveSecurityLink
from objectives.planning.selectors.parts import ActivityParts
from objectives.security.models import (
    FrameworkMention,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import Activity, Milestone, Plan

# What a load of the plan calls these lists in the history of their owner, and its column in them.
_KIV: Final = ("kiv", "dimension")
_MENTIONS: Final = ("mentions", "theme")


@dataclass(frozen=True, slots=True)
class ThemeLinks:
    """The KIV dimensions that a theme names, and the themes that name a framework, by UUID."""

    dimensions: Mapping[UUID, Sequence[UUID]]
    themes: Mapping[UUID, Sequence[UUID]]


def theme_links(plan: Plan, known_at: datetime) -> ThemeLinks:
    """Return them as they stood: three queries.

    A load of the plan writes them anew, and leaves what they were in the history of their owner.
    """
    kiv = ThemeKivLink.objects.filter(theme__plan=plan).order_by("source_line", "pk")
    mentions = FrameworkMention.objects.filter(framework__plan=plan).order_by("source_line", "pk")
    dimensions = _by_owner(kiv.values_list("theme__uuid", "dimension__uuid"))
    themes = _by_owner(mentions.values_list("framework__uuid", "theme__uuid"))
    entries = HistoryEntry.objects.filter(
        target_type__in=[SecurityTheme.type_name(), PolicyFramework.type_name()], at__gt=known_at
    )
    for entry in entries.order_by("-at", "-pk"):
        for found, (name, column) in ((dimensions, _KIV), (themes, _MENTIONS)):
            if name in entry.changes:
                found[entry.target_uuid] = _were(entry.changes[name][0], column)
    return ThemeLinks(dimensions, themes)


def _by_owner(rows: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for owner, other in rows:
        found[owner].append(other)
    return found


def _were(rows: Sequence[Mapping[str, Any]] | None, column: str) -> list[UUID]:
    return [UUID(row[column]) for row in rows or ()]


def serving(plan: Plan, year: int, known_at: datetime) -> dict[int, list[int]]:
    """Return by objective of the NVP the operational objectives of a year linked to it: one query.

    By their keys, whether anyone may see them or not.
    """
    rows = ObjectiveSecurityLink.objects.known_at(known_at).filter(
        security_objective__theme__plan=plan, objective__plan__year=year
    )
    found: dict[int, list[int]] = defaultdict(list)
    for target, objective in rows.order_by("pk").values_list(
        "security_objective_id", "objective_id"
    ):
        found[target].append(objective)
    return found


def security_activities(
    objectives: Collection[SecurityObjective], known_at: datetime
) -> dict[UUID, list[ActivityParts]]:
    """Return by objective of the NVP its activities with their milestones, as they stood.

    Two queries, and one for what was changed since.
    """
    activities = list(
        Activity.objects.known_at(known_at)
        .filter(
            target_type=SecurityObjective.type_name(),
            target_uuid__in=[row.uuid for row in objectives],
        )
        .order_by("order", "pk")
    )
    if not activities:
        return {}
    milestones = Milestone.objects.known_at(known_at).filter(activity__in=activities)
    known = as_known([*activities, *milestones.order_by("order", "pk")], known_at)
    steps: dict[int, list[Milestone]] = defaultdict(list)
    for row in known:
        if isinstance(row, Milestone):
            steps[row.activity_id].append(row)
    found: dict[UUID, list[ActivityParts]] = defaultdict(list)
    for row in known:
        if isinstance(row, Activity):
            own = sorted(steps[row.pk], key=lambda one: (one.due_on, one.order, one.pk))
            found[row.target_uuid].append(ActivityParts(row, tuple(own)))
    return found
