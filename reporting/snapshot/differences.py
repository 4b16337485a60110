"""Everything else that differs between two snapshots: what moved no objective, and what is not
about one.

Kinds of cause: figure (a period has a figure that it had not: `periods`, now), validated (a figure
was provisional: `periods`, now), text (code is the field; `periods` of a narrative), field (code;
from, to) and part (code is what else of it differs).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from reporting.snapshot.sides import (
    Cause,
    IndicatorPair,
    ObjectivePair,
    Part,
    cause,
    period_of,
    same_text,
)

_TEXTS: Final = ("title", "description", "means")
_FIELDS: Final = ("code", "state")
_DAYS: Final = ("startsOn", "endsOn")
_NARRATIVE: Final = ("done", "planned", "obstacles")
_SAID: Final = ("state", "doneOn", "forecastOn")
# What follows from figures, targets and weights.
_DERIVED: Final = ("why", "attainment", "progress", "remarks", "stale", "provisional")
# What the reader is told in another way.
_TOLD: Final = frozenset(
    {*_TEXTS, *_FIELDS, *_DAYS, *_DERIVED, "id", "unit", "holder", "judgement", "indicators"}
    | {"confidential", "narratives", "status", "continues", "takenAway"}
)
_SHEET: Final = ("title", "definition", "limitations", "numeratorDefinition")
# What two reports never share, what names the parts of the others, and what follows from them.
_FRAME: Final = frozenset(
    {"schema", "schemaVersion", "language", "referenceDate", "knownAt", "facts", "isDemo"}
    | {"edition", "since", "changes", "movements", "restated", "decisions"}
    | {"provisional", "summary", "attention", "strategicObjectives", "sources"}
    # Of a report on the NVP: what follows from the others, the operational objectives, and what
    # is told of the objectives of the NVP.
    | {"levels", "withoutKiv", "objectives", "securityObjectives", "securityChanges"}
)
# What counts the objectives of the NVP below a theme or a dimension follows from them.
_TALLIED: Final = ("themes", "kiv")
_TALLY: Final = frozenset({"levels", "objectives", "linked", "withIndicators", "withoutIndicators"})
# When something was kept, and whether a figure is locked, is nothing that a report corrects.
_UNTOLD: Final = frozenset(
    {"recordedAt", "writtenOn", "validatedOn", "usedSince", "setOn", "states", "locked"}
)

Facts = Mapping[str, Any]


def differences(pair: ObjectivePair, causes: Sequence[Cause]) -> list[Cause]:
    """Return what differs of an objective beside the causes that are known already.

    Between two reference dates what follows from the figures differs by itself: only in another
    edition on the same date is it told that something of it differs.
    """
    found = [
        *_fields(pair),
        *_narratives(pair, causes),
        *(one for row in pair.shared for one in (*_slots(row), *_sheet(row))),
        *_parts(pair, causes),
    ]
    said = [one for one in found if one not in causes]
    if pair.earlier["referenceDate"] == pair.later["referenceDate"]:
        said += [*_rest(pair, [*causes, *said])]
    return said


def _rest(pair: ObjectivePair, causes: Sequence[Cause]) -> Iterator[Cause]:
    """Give the indicators, else the objective, of which something differs that nothing tells."""
    named = {one["code"] for one in causes}
    rows = [
        row
        for row in pair.shared
        if row.after["shortCode"] not in named and not _same(row, row.before, row.after)
    ]
    for row in rows:
        yield row.cause("part", part="indicator")
    if not (causes or rows or all(_same_part(pair, name) for name in _DERIVED)):
        yield cause("part", code="objective")


def _fields(pair: ObjectivePair) -> Iterator[Cause]:
    for name in _TEXTS:
        if pair.both_tell(name) and not same_text(pair.before[name], pair.after[name]):
            yield cause("text", code=name)
    for name in _FIELDS:
        if pair.both_tell(name) and pair.before[name] != pair.after[name]:
            yield cause("field", code=name, change=(pair.before[name], pair.after[name]))


def _narratives(pair: ObjectivePair, causes: Sequence[Cause]) -> Iterator[Cause]:
    """Give the parts of narratives that say something else, and the periods that are new or gone.

    A new one that is quoted already is not named again.
    """
    if not pair.both_tell("narratives"):
        return
    quoted = [one["periods"] for one in causes if one["kind"] == "explained"]
    then, now = (_by_period(one["narratives"]) for one in (pair.before, pair.after))
    for key in dict.fromkeys((*then, *now)):
        old, new = then.get(key), now.get(key)
        about = [period_of(new or old or {})]
        if old is None or new is None:
            if about not in quoted:
                yield cause("text", code="narrative", periods=about)
            continue
        for name in _NARRATIVE:
            if not same_text(old.get(name), new.get(name)):
                yield cause("text", code=f"narrative.{name}", periods=about)


def _by_period(rows: Iterable[Part]) -> dict[tuple[str, str], Part]:
    return {(row["periodStart"], row["resolution"]): row for row in rows}


def _parts(pair: ObjectivePair, causes: Sequence[Cause]) -> Iterator[Cause]:
    for name in sorted((pair.before.keys() & pair.after.keys()) - _TOLD):
        if name == "activities" and _same_activities(pair, causes):
            continue
        if not _same_part(pair, name):
            yield cause("part", code=name)


def _same_activities(pair: ObjectivePair, causes: Sequence[Cause]) -> bool:
    """Tell whether no more differs of activities than what is told of their milestones."""
    if not any(one["kind"].startswith("milestone_") and not one["code"] for one in causes):
        return False
    return _same(pair, *(_plainly(one["activities"]) for one in (pair.before, pair.after)))


def _plainly(activities: Sequence[Part]) -> list[Part]:
    """Return activities without what was said of their milestones."""
    return [
        {
            **one,
            "milestones": [
                {key: row[key] for key in row if key not in _SAID} for row in one["milestones"]
            ],
        }
        for one in activities
    ]


def _same_part(pair: ObjectivePair, name: str) -> bool:
    return not pair.both_tell(name) or _same(pair, pair.before[name], pair.after[name])


def _slots(row: IndicatorPair) -> Iterator[Cause]:
    """Give the periods that have a figure since, a validation or another explanation."""
    then = _by_period(row.before["slots"])
    for key, new in _by_period(row.after["slots"]).items():
        old, about = then.get(key, {}), [period_of(new)]
        if new.get("fact") and not old.get("fact"):
            yield row.cause("figure", facts=(None, new["fact"]), periods=about)
        elif old.get("provisional") and new.get("provisional") is False:
            yield row.cause("validated", facts=(None, new["fact"]), periods=about)
        if old.get("fact") and not same_text(old.get("narrative"), new.get("narrative")):
            yield row.cause("text", part="narrative", periods=about)


def _sheet(row: IndicatorPair) -> Iterator[Cause]:
    """Give the texts of the sheet that were put right without a new version."""
    for name in _SHEET:
        if not same_text(row.before.get(name), row.after.get(name)):
            yield row.cause("text", part=name)


def other_differences(before: Part, after: Part) -> list[dict[str, Any]]:
    """Return what differs outside of the objectives: `part`, code, title, from, to.

    `part` is strategicObjective, werf or the name of a part of the snapshot.
    """
    found = [*_groups(before, after)]
    for name in sorted((before.keys() & after.keys()) - _FRAME):
        old, new = (
            _untallied(side[name]) if name in _TALLIED else side[name] for side in (before, after)
        )
        if not _says_the_same(old, new, before["facts"], after["facts"]):
            found.append(_other(name))
    return found


def _untallied(rows: Iterable[Part]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in row if name not in _TALLY} for row in rows]


def _groups(before: Part, after: Part) -> Iterator[dict[str, Any]]:
    """Give the strategic objectives and werven that came, went, moved or are named otherwise."""
    then, now = (dict(_group_rows(side)) for side in (before, after))
    for key in dict.fromkeys((*now, *then)):
        old, new = then.get(key), now.get(key)
        statuses = (old.get("status") if old else None, new.get("status") if new else None)
        if old and new and statuses[0] == statuses[1] and _same_names(old, new):
            continue
        row = new or old or {}
        yield _other(key[0], row, statuses)


def _same_names(old: Part, new: Part) -> bool:
    names = ("title", "description")
    return old["code"] == new["code"] and all(
        same_text(old.get(name), new.get(name)) for name in names
    )


def _group_rows(snapshot: Part) -> Iterator[tuple[tuple[str, str], Part]]:
    for row in snapshot.get("strategicObjectives", ()):
        yield ("strategicObjective", row["id"]), row
        for werf in row["werven"]:
            yield ("werf", werf["id"]), werf


def _other(
    part: str, row: Part | None = None, statuses: tuple[Any, Any] = (None, None)
) -> dict[str, Any]:
    return {
        "part": part,
        "code": row["code"] if row else "",
        "title": row["title"] if row else None,
        "from": statuses[0],
        "to": statuses[1],
    }


def _same(pair: ObjectivePair | IndicatorPair, old: Any, new: Any) -> bool:
    return _says_the_same(old, new, pair.sides.before, pair.sides.after)


def _says_the_same(old: Any, new: Any, then: Facts, now: Facts) -> bool:
    """Tell whether two parts say the same: a fact by what it says, not by its id.

    A key that one of the two does not have was not told, or is a translation that was added.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        shared = (old.keys() & new.keys()) - _UNTOLD
        if not shared:
            return bool(old) == bool(new)
        return all(_says_the_same(old[key], new[key], then, now) for key in shared)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(
            _says_the_same(one, other, then, now) for one, other in zip(old, new, strict=True)
        )
    if _is_fact(old, then) and _is_fact(new, now):
        return _says_the_same(then[old], now[new], then, now)
    return bool(old == new)


def _is_fact(value: Any, facts: Facts) -> bool:
    return isinstance(value, str) and value in facts
