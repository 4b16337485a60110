"""Who saw what before it was hidden: by the rights of then and the history of what hid it.

Whoever never saw a row must not read its name in a change feed. What a row was is asked of the
whole window, not of its first instant alone: an answer shows who may see a row as it is sent, which
may be later than the instant that the answer speaks of.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

from ibzplan.core.api.feed_window import Window
from objectives.planning.choices import IN_FORCE, PlanState
from personnel.access import Access, access_of
from personnel.structure import all_units


def access_then(window: Window) -> Access:
    """Return the rights by which the list was read before."""
    return access_of(window.then.user)


def states_seen(access: Access) -> list[str]:
    """Return the states in which someone sees the objectives of other units."""
    if not access.roles and not access.is_superuser:
        return []
    return [*IN_FORCE, PlanState.SUBMITTED] if access.sees_submitted else [*IN_FORCE]


def left(window: Window, kind: Any, states: list[str]) -> QuerySet[Any]:
    """Return the UUIDs of records that took a step out of one of these states."""
    return window.history(kind).filter(changes__state__0__in=states).values("target_uuid")


def steps_of(kind: Any) -> Callable[[Window], Q]:
    """Return the condition that a record took a step that may have hidden it."""
    return lambda window: Q(uuid__in=left(window, kind, states_seen(access_then(window))))


def moved_from(window: Window, kind: Any, column: str, unit_ids: Collection[int]) -> QuerySet[Any]:
    """Return the UUIDs of records that went from one of these units to another."""
    named = [str(unit.uuid) for unit in all_units() if unit.pk in unit_ids]
    moved = window.history(kind).filter(**{f"changes__{column}__0__in": named})
    return moved.values("target_uuid")


def was_of(window: Window, kind: Any, column: str, unit_ids: Collection[int]) -> Q:
    """Return the condition that a record was of one of these units within the window."""
    moved = moved_from(window, kind, column, unit_ids)
    return Q(**{f"{column}_id__in": unit_ids}) | Q(uuid__in=moved)


def was_within(window: Window, kind: Any, column: str) -> Q:
    """Return the condition that a record was of a unit that the token of then was good for."""
    only = access_then(window).only_unit_ids
    return Q() if only is None else was_of(window, kind, column, only)
