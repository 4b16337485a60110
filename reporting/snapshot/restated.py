"""Restated figures: shown in an earlier report and another one since (design.md section 7)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from reporting.snapshot.reading import indicators_of
from reporting.snapshot.sides import Part, Sides, period_of

_NO_LONGER_THERE = "missing"


def restated_between(before: Part, after: Part, sides: Sides) -> list[dict[str, Any]]:
    """Return what was reported of a period and is another figure now, with the reason.

    Of the indicators of both snapshots, each once. A figure that was validated since, or recorded
    again as it was, is no other figure; nor is one that the later reference date does not speak
    of. A part of a figure counts as a figure of its own; `breakdown` names its members.
    """
    then = {row["id"]: row for row in indicators_of(before)}
    found = []
    for row in indicators_of(after):
        if row["id"] in then:
            for one in slots_restated(then[row["id"]], row, sides, after["referenceDate"]):
                found.append(_named(row) | one | {"reportedOn": before["referenceDate"]})
    return found


def slots_restated(
    before: Part, after: Part, sides: Sides, reference_date: str
) -> Iterator[dict[str, Any]]:
    """Give the figures of an indicator that are other ones than they were, the oldest first."""
    now = _slots(after)
    for key, slot in _slots(before).items():
        other = now.get(key)
        if other is None or slot.get("fact") is None or other["periodEnd"] > reference_date:
            continue
        if not sides.same(slot["fact"], other.get("fact")):
            yield _restated(slot, other, sides, slot["fact"], other.get("fact"))
        yield from _parts_restated(slot, other, sides)


def _slots(indicator: Part) -> Mapping[tuple[str, str], Part]:
    """Return by period those of the plan year, and the latest and earlier ones of before it."""
    latest = [indicator["latest"]] if indicator["latest"] else []
    rows = [*indicator.get("earlierSlots", ()), *latest, *indicator["slots"]]
    found = {(row["periodStart"], row["resolution"]): row for row in rows}
    return dict(sorted(found.items()))


def _parts_restated(slot: Part, other: Part, sides: Sides) -> Iterator[dict[str, Any]]:
    now = {part["key"]: part for part in other.get("breakdown", ())}
    for part in slot.get("breakdown", ()):
        new = now.get(part["key"], {}).get("fact")
        if part["fact"] is not None and not sides.same(part["fact"], new):
            row = _restated(slot, other, sides, part["fact"], new)
            yield row | {"breakdown": part["titles"]}


def _restated(slot: Part, other: Part, sides: Sides, was: str, now: str | None) -> dict[str, Any]:
    state = other["valueState"]
    is_figure = state == "measured"
    return {
        **period_of(slot),
        "breakdown": [],
        "was": sides.was(was),
        "now": now,
        "nowState": state if now or not is_figure else _NO_LONGER_THERE,
        "reason": other.get("correctionReason", "") or other.get("notApplicableReason", ""),
        "changedOn": _day(other["recordedAt"]) if is_figure else None,
    }


def _named(indicator: Part) -> dict[str, Any]:
    return {
        "id": indicator["id"],
        "code": indicator["shortCode"],
        "title": indicator["title"],
        "unit": indicator["owner"],
    }


def _day(instant: str) -> str:
    return timezone.localdate(datetime.fromisoformat(instant)).isoformat()
