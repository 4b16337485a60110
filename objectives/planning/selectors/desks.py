"""On which desk objectives lie, since when and through whose hands they came there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.models import HistoryEntry
from ibzplan.core.steady import steady
from objectives.planning.choices import RETURNS, PlanState, Step, WaitsFor
from objectives.planning.models import OperationalObjective

# What brought an objective to a desk; older history says "draft" of a return.
_ARRIVALS: Final = (*Step.values, PlanState.DRAFT)
RETURNED: Final = (*RETURNS, PlanState.DRAFT)

# The desks in their order, and the step that leads on from each.
DESKS: Final[tuple[tuple[str, Promise | str, Step], ...]] = (
    (WaitsFor.PLANNER, WaitsFor.PLANNER.label, Step.HAND_OVER),
    (WaitsFor.HEAD, WaitsFor.HEAD.label, Step.SUBMIT),
    (WaitsFor.CORPORATE, WaitsFor.CORPORATE.label, Step.PASS_ON),
    (WaitsFor.COMMITTEE, WaitsFor.COMMITTEE.label, Step.APPROVE),
)
_ORDER: Final = {desk: place for place, (desk, _label, _step) in enumerate(DESKS)}


@dataclass(frozen=True, slots=True)
class DeskMark:
    """One desk on the line: `entry` is the step by which the objective left it, if it did.

    `returned` is the return by which it came to the desk where it lies, if it came so.
    """

    label: Promise | str
    is_present: bool
    is_passed: bool
    entry: HistoryEntry | None = None
    returned: HistoryEntry | None = None


def arrivals(objectives: Iterable[OperationalObjective]) -> dict[UUID, HistoryEntry]:
    """Return by objective the entry of its last step, with who took it: one query.

    One that never left its planner's desk has none.
    """
    rows = HistoryEntry.objects.filter(
        target_type=OperationalObjective.type_name(),
        target_uuid__in=[row.uuid for row in objectives],
        action__in=_ARRIVALS,
    ).select_related("actor")
    return {row.target_uuid: row for row in rows.order_by("at", "pk")}


def desk_line(objective: OperationalObjective, moment: datetime) -> list[DeskMark]:
    """Return the desks with where the objective lay at `moment`: one query, none when its history
    was read already.

    The objective is given as it stood then. A step that a later return undid is not shown.
    """
    history = history_known(objective.uuid, moment)
    steps = [entry for entry in reversed(history) if entry.action in _ARRIVALS]
    returned = steps[-1] if steps and steps[-1].action in RETURNED else None
    present = _ORDER.get(objective.waits_for, len(DESKS))
    marks = [
        DeskMark(
            label,
            is_present=place == present,
            is_passed=place < present,
            entry=_last(steps, step) if place < present else None,
            returned=returned if place == present else None,
        )
        for place, (_desk, label, step) in enumerate(DESKS)
    ]
    in_force = DeskMark(_("In force"), is_present=present == len(DESKS), is_passed=False)
    return [*marks, in_force]


def history_known(uuid: UUID, moment: datetime) -> tuple[HistoryEntry, ...]:
    """Return what was recorded of an objective until a moment, the last first: one query at most,
    with who recorded it.
    """
    return tuple(entry for entry in _history(uuid) if entry.at <= moment)


@steady
def _history(uuid: UUID) -> tuple[HistoryEntry, ...]:
    rows = HistoryEntry.objects.filter(
        target_type=OperationalObjective.type_name(), target_uuid=uuid
    )
    return tuple(rows.select_related("actor"))


def _last(steps: Sequence[HistoryEntry], step: Step) -> HistoryEntry | None:
    return next((entry for entry in reversed(steps) if entry.action == step), None)
