"""What an objective is linked to: rows that end and begin anew, so that what was known stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ibzplan.core.services import history_record
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveSecurityLink,
    OperationalObjective,
)
from objectives.planning.services.links import indicators_refresh
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal
from personnel.models import OrganisationUnit, User


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveLinks:
    """What a planner links an objective to; None leaves the links of that kind as they are."""

    security_objectives: Iterable[SecurityObjective] | None = None
    goals: Iterable[Goal] | None = None
    co_owners: Iterable[OrganisationUnit] | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table of links: the field of a planner's sheet, the rows, the column they name."""

    field: str
    model: type[Any]
    column: str
    opens_indicators: bool = False


_KINDS: Final = (
    _Kind(
        "security_objectives", ObjectiveSecurityLink, "security_objective", opens_indicators=True
    ),
    _Kind("goals", ObjectiveGoal, "goal"),
    _Kind("co_owners", CoOwner, "unit"),
)


def links_write(
    *,
    actor: User,
    objective: OperationalObjective,
    links: ObjectiveLinks,
    at: datetime,
    reason: str = "",
    action: str = "changed",
) -> bool:
    """Let the links of an objective be those given, at `at`; return whether that changed any.

    The caller has checked rights and rules, and counts it as a change of the objective.
    """
    changes: dict[str, tuple[list[str], list[str]]] = {}
    for kind in _KINDS:
        wanted = getattr(links, kind.field)
        codes = None if wanted is None else _rows_set(objective, kind, list(wanted), at)
        if codes is not None:
            changes[kind.field] = codes
    if not changes:
        return False
    history_record(
        actor=actor, target=objective, action=action, changes=changes, reason=reason, at=at
    )
    return True


def _rows_set(
    objective: OperationalObjective, kind: _Kind, wanted: list[Any], at: datetime
) -> tuple[list[str], list[str]] | None:
    """End the rows that are no longer wanted and begin those that are new.

    Return the codes before and after, or None when they stay the same.
    """
    wanted_by_pk = {row.pk: row for row in wanted}
    rows = kind.model.objects.current().filter(objective=objective).select_related(kind.column)
    current = {getattr(row, f"{kind.column}_id"): row for row in rows}
    ended = [row.pk for pk, row in current.items() if pk not in wanted_by_pk]
    begun = [row for pk, row in wanted_by_pk.items() if pk not in current]
    if not ended and not begun:
        return None
    kind.model.objects.filter(pk__in=ended).update(known_until=at)
    kind.model.objects.bulk_create(
        kind.model(
            objective=objective, known_from=at, is_demo=objective.is_demo, **{kind.column: row}
        )
        for row in begun
    )
    if kind.opens_indicators:
        indicators_refresh(
            objective.indicator_links.current().values_list("indicator_id", flat=True)
        )
    before = sorted(getattr(row, kind.column).code for row in current.values())
    return before, sorted(row.code for row in wanted_by_pk.values())
