"""Two snapshots beside each other: their facts, objectives and indicators, two by two.

Nothing here reads the database. A key that an earlier schema did not have is not told: it differs
from nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from reporting.snapshot.facts import Fact

Part = Mapping[str, Any]
Cause = dict[str, Any]

# Facts of an earlier snapshot stand in the later one as 'f:before:...': the report before this
# one, and the edition that this one corrects.
BEFORE: Final = "before"
CORRECTED: Final = "corrected"
_FACT: Final = "f:"


@dataclass(slots=True)
class Sides:
    """The facts of both snapshots; `taken` are those that the later one has to have as well."""

    before: Mapping[str, Fact]
    after: Mapping[str, Fact]
    prefix: str = BEFORE
    taken: dict[str, Fact] = field(default_factory=dict)

    def was(self, key: str | None) -> str | None:
        """Return under which id the later snapshot has a fact of the earlier one."""
        if key is None:
            return None
        own = f"{_FACT}{self.prefix}:{key.removeprefix(_FACT)}"
        self.taken[own] = self.before[key]
        return own

    def counted(self, key: str, was: int, now: int) -> tuple[str, str]:
        """Return the ids of a number that is no fact of its own in either snapshot."""
        own = f"{_FACT}{self.prefix}:{key.removeprefix(_FACT)}"
        self.taken[own], self.taken[key] = _count(was), _count(now)
        return own, key

    def same(self, old: str | None, new: str | None) -> bool:
        """Tell whether two facts say the same, as shown or exactly; a text may be worded anew.

        A figure in more decimals is the same figure, and so is one whose unit has another name.
        """
        if old is None or new is None:
            return old is new
        was, now = self.before[old], self.after[new]
        if (was["kind"], was.get("role")) != (now["kind"], now.get("role")):
            return False
        return bool(was["display"] == now["display"] or was["value"] == now["value"])

    def number(self, old: str, new: str) -> tuple[int, int]:
        """Return a count of both."""
        return int(self.before[old]["value"]), int(self.after[new]["value"])


def _count(number: int) -> Fact:
    return {"kind": "count", "value": str(number), "display": str(number)}


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """An indicator of an objective in both snapshots."""

    sides: Sides
    before: Part
    after: Part
    year: int
    year_before: int

    @property
    def changed_status(self) -> bool:
        """Tell whether its own status is another one."""
        return bool(self.before["status"] != self.after["status"])

    @property
    def is_milestone(self) -> bool:
        """Tell whether it is a milestone: done or not, by a day."""
        return bool(self.after["kind"] == "milestone")

    def cause(self, kind: str, **told: Any) -> Cause:
        """Return a cause that speaks of the indicator."""
        return cause(kind, code=self.after["shortCode"], title=self.after["title"], **told)


@dataclass(frozen=True)
class ObjectivePair:
    """An objective in both snapshots, with the changes of amendments since that name it."""

    sides: Sides
    before: Part
    after: Part
    earlier: Part
    later: Part
    amended: Sequence[Cause] = ()

    @property
    def has_moved(self) -> bool:
        """Tell whether its computed status is another one."""
        return bool(self.before["status"] != self.after["status"])

    @property
    def crosses_years(self) -> bool:
        """Tell whether the later one is another objective: it continues one of an earlier plan."""
        return year_of(self.later) != year_of(self.earlier)

    @cached_property
    def shared(self) -> tuple[IndicatorPair, ...]:
        """Return the indicators of both, in the order of the later one."""
        then = {row["id"]: row for row in self.before["indicators"]}
        years = year_of(self.later), year_of(self.earlier)
        return tuple(
            IndicatorPair(self.sides, then[row["id"]], row, *years)
            for row in self.after["indicators"]
            if row["id"] in then
        )

    def both_tell(self, key: str) -> bool:
        """Tell whether both snapshots have a key of the objective."""
        return key in self.before and key in self.after


def cause(
    kind: str,
    *,
    code: str = "",
    title: Part | None = None,
    change: tuple[Any, Any] = (None, None),
    facts: tuple[str | None, str | None] = (None, None),
    text: Any = None,
    amendment: int | None = None,
    **more: Any,
) -> Cause:
    """Return one cause: codes, facts and what people typed; `more` is for some kinds only."""
    return {
        "kind": kind,
        "code": code,
        "title": title,
        "from": change[0],
        "to": change[1],
        "was": facts[0],
        "now": facts[1],
        "text": text or None,
        "amendment": amendment,
        **more,
    }


def year_of(snapshot: Part) -> int:
    """Return the plan year; of a plan as a whole the year of the reference date."""
    return int(snapshot["plan"].get("year") or snapshot["referenceDate"][:4])


def same_text(old: Part | None, new: Part | None) -> bool:
    """Tell whether two texts say the same in the languages that both have.

    A translation that was added is no change.
    """
    then, now = texts(old), texts(new)
    shared = then.keys() & now.keys()
    return all(then[one] == now[one] for one in shared) if shared else not (then or now)


def texts(value: Part | None) -> dict[str, str]:
    """Return a localised text by language, without the states of its translations."""
    return {key: text for key, text in (value or {}).items() if key != "states"}


def period_of(part: Part) -> dict[str, str]:
    """Return the period of whatever has one."""
    return {"periodStart": part["periodStart"], "resolution": part["resolution"]}
