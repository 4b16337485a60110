"""Why an objective moved: what of the plan, its owner or its head's judgement is another one.

Kinds of cause: target (was, now, `wasRange` and `nowRange` of a range, `dueOn`, `wasDueOn`),
definition (to is the number of its version), weight (was, now), key, no_key, indicator_added,
indicator_removed, confidential (was, now: how many are left out), field (code; from, to: its first
and last day), owner (from, to: unit codes), holder (from, to: titles), judgement (from, to:
statuses), no_judgement, and amendment (code is the kind of change). `text` is why, `amendment` the
number of the amendment that says so.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reporting.snapshot.sides import (
    Cause,
    IndicatorPair,
    ObjectivePair,
    Part,
    cause,
    same_text,
)


def adjustments(pair: ObjectivePair) -> Iterator[Cause]:
    """Give what is another one than it was: target, definition, weights, owner, judgement."""
    for row in pair.shared:
        yield from _target_changed(pair, row)
        yield from _definition_changed(row)
        yield from _weight_changed(pair, row)
    yield from _links_changed(pair)
    yield from days_changed(pair)
    yield from _owner_changed(pair)
    yield from _judgement_changed(pair)


def amended_causes(objective: Part, before: Part, after: Part) -> tuple[Cause, ...]:
    """Return the changes of amendments approved since that name the objective, in their order.

    What the earlier snapshot told already is left out.
    """
    told = {row["id"] for row in before.get("amendments", ())}
    return tuple(
        cause(
            "amendment",
            code=change["kind"],
            text=change["motivation"].strip(),
            amendment=amendment["number"],
        )
        for amendment in sorted(after.get("amendments", ()), key=lambda row: int(row["number"]))
        if amendment["id"] not in told
        for change in amendment["changes"]
        if objective["code"] in change["objectives"]
    )


def unattached(pair: ObjectivePair, causes: Sequence[Cause]) -> list[Cause]:
    """Return the changes of amendments that no other cause quotes."""
    return [
        one
        for one in pair.amended
        if not any(
            row["amendment"] == one["amendment"] and row["text"] == one["text"] for row in causes
        )
    ]


def _target_changed(pair: ObjectivePair, row: IndicatorPair) -> Iterator[Cause]:
    """Give which target it was; the reason that is kept with it is that of the amendment."""
    old, new = row.before["target"], row.after["target"]
    if _same_target(row, old, new):
        return
    was_range, now_range = _range(old), _range(new)
    text, number = _why(pair, new.get("reason", "") if new else "")
    yield row.cause(
        "target",
        facts=(row.sides.was(_fact(old)), _fact(new)),
        text=text,
        amendment=number,
        wasRange=[row.sides.was(key) for key in was_range],
        nowRange=now_range,
        # A milestone's target is a day itself.
        wasDueOn=old["dueOn"] if old and not row.is_milestone else None,
        dueOn=new["dueOn"] if new and not row.is_milestone else None,
    )


def _same_target(row: IndicatorPair, old: Part | None, new: Part | None) -> bool:
    if old is None or new is None:
        return old is new
    ranges = zip(_range(old), _range(new), strict=False)
    return (
        old["dueOn"] == new["dueOn"]
        and row.sides.same(_fact(old), _fact(new))
        and len(_range(old)) == len(_range(new))
        and all(row.sides.same(was, now) for was, now in ranges)
    )


def _fact(target: Part | None) -> str | None:
    return target.get("fact") if target else None


def _range(target: Part | None) -> list[str]:
    """Return the facts of both ends of a range; nothing for any other target."""
    ends = [target.get("low"), target.get("high")] if target else []
    return [key for key in ends if key is not None]


def _definition_changed(row: IndicatorPair) -> Iterator[Cause]:
    if "definitionVersion" not in row.before or "definitionVersion" not in row.after:
        return
    number = row.after["definitionVersion"]["number"]
    if number == row.before["definitionVersion"]["number"]:
        return
    why = (one["reason"] for one in row.after["definitionChanges"] if one["number"] == number)
    yield row.cause("definition", change=(None, number), text=next(why, ""))


def _weight_changed(pair: ObjectivePair, row: IndicatorPair) -> Iterator[Cause]:
    old, new = row.before, row.after
    if old["weight"] != new["weight"]:
        key = f"f:weight:{pair.after['id']}:{new['id']}"
        yield row.cause("weight", facts=row.sides.counted(key, old["weight"], new["weight"]))
    if old["isKey"] != new["isKey"]:
        yield row.cause("key" if new["isKey"] else "no_key")


def _links_changed(pair: ObjectivePair) -> Iterator[Cause]:
    """Give the indicators that came or went; one that is or was confidential is not named."""
    was, now = pair.before.get("confidential"), pair.after.get("confidential")
    then, there = pair.sides.number(was, now) if was and now else (0, 0)
    if then != there:
        yield cause("confidential", facts=(pair.sides.was(was), now))
    old = {row["id"] for row in pair.before["indicators"]}
    new = {row["id"] for row in pair.after["indicators"]}
    for row in pair.after["indicators"]:
        if row["id"] not in old and _is_added(pair, row, then):
            yield cause("indicator_added", code=row["shortCode"], title=row["title"])
    for row in pair.before["indicators"]:
        if row["id"] not in new and _is_taken_away(pair, row, there):
            yield cause("indicator_removed", code=row["shortCode"], title=row["title"])


def _is_added(pair: ObjectivePair, row: Part, confidential: int) -> bool:
    """Tell whether the objective got it since; it may have been among the confidential ones."""
    if not confidential or "usedSince" not in row:
        return not confidential
    return bool(
        datetime.fromisoformat(row["usedSince"]) > datetime.fromisoformat(pair.earlier["knownAt"])
    )


def _is_taken_away(pair: ObjectivePair, row: Part, confidential: int) -> bool:
    """Tell whether the objective lost it; it may be among those that are confidential now.

    A snapshot of before version 7 does not tell: then no confidential one may be there at all.
    """
    if "takenAway" not in pair.after:
        return not confidential
    return row["id"] in pair.after["takenAway"]


def days_changed(pair: ObjectivePair) -> Iterator[Cause]:
    """Give the day on which it begins or ends, when that is another one in the same plan."""
    if pair.crosses_years:
        return
    for name in ("startsOn", "endsOn"):
        if pair.both_tell(name) and pair.before[name] != pair.after[name]:
            yield cause("field", code=name, change=(pair.before[name], pair.after[name]))


def _owner_changed(pair: ObjectivePair) -> Iterator[Cause]:
    old, new = pair.before, pair.after
    amended = [one for one in reversed(pair.amended) if one["code"] == "owner"]
    why: dict[str, Any] = (
        {"text": amended[0]["text"], "amendment": amended[0]["amendment"]} if amended else {}
    )
    if old["unit"] != new["unit"]:
        yield cause("owner", change=(old["unit"], new["unit"]), **why)
        why = {}
    # Before version 4 a holder was typed text in one language: it is told, in other words.
    was_typed = isinstance(old.get("holder"), str)
    if pair.both_tell("holder") and not was_typed and not same_text(old["holder"], new["holder"]):
        yield cause("holder", change=(old["holder"], new["holder"]), **why)


def _judgement_changed(pair: ObjectivePair) -> Iterator[Cause]:
    """Give what the head judges now, with the reason, or that the judgement was taken back."""
    if not pair.both_tell("judgement") or pair.before["judgement"] == pair.after["judgement"]:
        return
    old, new = pair.before["judgement"], pair.after["judgement"]
    if new is None:
        yield cause("no_judgement", change=(old["status"], None))
        return
    was = old["status"] if old else None
    yield cause("judgement", change=(was, new["status"]), text=new["reason"])


def _why(pair: ObjectivePair, reason: str) -> tuple[str, int | None]:
    """Return a reason as people wrote it, and the amendment that it was the motivation of."""
    for one in pair.amended:
        if reason.strip() == f"W{one['amendment']}: {one['text'] or ''}".strip():
            return one["text"] or "", one["amendment"]
    return reason, None


def has_adjustments(pair: ObjectivePair) -> bool:
    """Tell whether the plan, its owner or its head's judgement is another one.

    The plan of another year always is: then only amendments of that plan count.
    """
    if pair.amended or pair.crosses_years:
        return bool(pair.amended)
    return any(True for _cause in adjustments(pair))
