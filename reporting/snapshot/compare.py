"""What differs between two snapshots of a plan year: computed from the two alone.

Behind "what changed since the last report", "what this edition corrects" and two reports side by
side. Facts of the earlier snapshot that a change names get ids of their own, so that they can
stand among those of the later one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from objectives.indicators import engine
from reporting.choices import MovementKind
from reporting.snapshot.adjustments import amended_causes, has_adjustments
from reporting.snapshot.causes import causes_between
from reporting.snapshot.differences import differences, other_differences
from reporting.snapshot.facts import Fact
from reporting.snapshot.reading import objectives_of
from reporting.snapshot.restated import restated_between
from reporting.snapshot.security_changes import security_changes
from reporting.snapshot.sides import BEFORE, Cause, ObjectivePair, Part, Sides, cause, year_of

_ORDER: Final = {kind.value: place for place, kind in enumerate(MovementKind)}
_RANKS: Final = {status.value: rank for rank, status in enumerate(engine.FIGURE_STATUSES)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, as a snapshot tells it.

    `changes`: the objectives that moved, as on the dashboard, the worsened ones first, each with
    its causes (see reporting.snapshot.causes). `restated`: figures that say something else.
    `others`: what differs outside of the objectives, when everything was asked for. `security`:
    what differs of the National Security Plan, None in reports on a plan year. `facts` are those
    that these name and the later snapshot does not have.
    """

    changes: list[dict[str, Any]]
    restated: list[dict[str, Any]]
    others: list[dict[str, Any]]
    security: dict[str, Any] | None
    facts: dict[str, Fact]

    @property
    def is_empty(self) -> bool:
        """Tell whether the two say the same."""
        others = any(self.security.values()) if self.security else False
        return not (self.changes or self.restated or self.others or others)


def compare_snapshots(
    before: Part, after: Part, *, everything: bool = True, prefix: str = BEFORE
) -> Comparison:
    """Return what differs between two snapshots of the same minister, the earlier one first.

    With `everything` an objective is there too when a text or a figure of it differs that did not
    move it. What an earlier schema did not tell differs from nothing. An objective that is in one
    of the two only came into the report or left it. Of another plan year only those objectives are
    compared that continue one: all others came or left by themselves.
    """
    sides = Sides(before["facts"], after["facts"], prefix)
    changes = sorted(_changes(before, after, sides, everything=everything), key=_place)
    restated = restated_between(before, after, sides)
    others = other_differences(before, after) if everything else []
    security = security_changes(before, after, sides)
    return Comparison(changes, restated, others, security, sides.taken)


def _changes(
    before: Part, after: Part, sides: Sides, *, everything: bool
) -> Iterator[dict[str, Any]]:
    then = {row["id"]: row for row in objectives_of(before)}
    is_same_year = year_of(before) == year_of(after)
    met = set()
    for row in objectives_of(after):
        amended = amended_causes(row, before, after)
        was = then.get(row["id"]) or _continued(row, then)
        if was is not None:
            met.add(was["id"])
            pair = ObjectivePair(sides, was, row, before, after, amended)
            yield from _moved(pair, everything=everything)
        elif is_same_year:
            causes = list(amended) or [cause("came")]
            yield _change(MovementKind.ADDED, row, (None, row["status"]), causes)
    for key, row in then.items():
        if is_same_year and key not in met:
            causes = list(amended_causes(row, before, after)) or [cause("left")]
            yield _change(MovementKind.REMOVED, row, (row["status"], None), causes)


def _continued(objective: Part, then: Mapping[str, Part]) -> Part | None:
    """Return the objective of an earlier plan year that it continues; None unless it is one."""
    found = [then[key] for key in objective.get("continues", ()) if key in then]
    return found[0] if len(found) == 1 else None


def _moved(pair: ObjectivePair, *, everything: bool) -> Iterator[dict[str, Any]]:
    kind = _kind(pair)
    causes = causes_between(pair) if kind or everything else []
    if everything:
        causes += differences(pair, causes)
    if kind is None and causes:
        kind = MovementKind.ADJUSTED
    if kind is not None:
        statuses = (pair.before["status"], pair.after["status"])
        yield _change(kind, pair.after, statuses, causes)


def _kind(pair: ObjectivePair) -> MovementKind | None:
    old, new = pair.before["status"], pair.after["status"]
    if old == new:
        return MovementKind.ADJUSTED if has_adjustments(pair) else None
    if old not in _RANKS or new not in _RANKS:
        return MovementKind.OTHER
    return MovementKind.WORSENED if _RANKS[new] < _RANKS[old] else MovementKind.IMPROVED


def _change(
    kind: MovementKind,
    objective: Part,
    statuses: tuple[str | None, str | None],
    causes: list[Cause],
) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "id": objective["id"],
        "code": objective["code"],
        "title": objective["title"],
        "unit": objective["unit"],
        "from": statuses[0],
        "to": statuses[1],
        "causes": causes,
    }


def _place(change: Part) -> tuple[int, int, int]:
    """Return where it comes: by kind, the worst first where that is bad news, else the best."""
    old, new = (_RANKS.get(change[side] or "", len(_RANKS)) for side in ("from", "to"))
    sign = -1 if change["kind"] == MovementKind.IMPROVED else 1
    return _ORDER[change["kind"]], sign * new, sign * (new - old)
