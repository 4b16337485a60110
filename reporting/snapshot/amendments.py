"""The part of a snapshot that tells which important changes were approved, and why (art. 11bis)."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone

from ibzplan.core.rewind import as_known
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind
from objectives.planning.models import Amendment, AmendmentChange
from reporting.snapshot.facts import FactBook
from reporting.snapshot.plan_read import PlanRead, touched


def amendments_part(book: FactBook, found: PlanRead) -> list[dict[str, Any]]:
    """Return the amendments with those of their changes that touch the minister's objectives.

    A change of the targets of a confidential indicator is left out. Titles and motivations stand
    as they stood: they are translated later. One query, and two of a change of owner.
    """
    units = found.access.minister_unit_ids
    own = {reading.objective.pk for reading in found.readings}
    told = [
        change
        for change in found.changes
        if change.indicator_id not in found.confidential
        and any(row.pk in own or found.then.of(row).unit_id in units for row in touched(change))
    ]
    amendments = list({change.amendment_id: change.amendment for change in told}.values())
    return [
        _amendment(book, row, [one for one in told if one.amendment_id == row.pk], found)
        for row in as_known(amendments, found.then.known_at)
    ]


def _amendment(
    book: FactBook, row: Amendment, changes: Iterable[AmendmentChange], found: PlanRead
) -> dict[str, Any]:
    decided_at = row.decided_at
    return {
        "id": str(row.uuid),
        "number": row.number,
        "title": row.title.as_json(),
        "motivation": row.motivation.as_json(),
        "decidedOn": timezone.localdate(decided_at).isoformat() if decided_at else None,
        "unit": row.unit.code if row.unit else None,
        "changes": [_change(book, change, found) for change in changes],
    }


def _change(book: FactBook, change: AmendmentChange, found: PlanRead) -> dict[str, Any]:
    rows = [found.then.of(row) for row in touched(change)]
    indicator = found.defined.get(change.indicator_id or 0)
    return {
        "id": str(change.uuid),
        "kind": change.kind,
        "objectives": [row.code for row in rows],
        "titles": {row.code: row.title.as_json() for row in rows},
        "motivation": change.motivation,
        "isImportant": bool(change.is_important),
        "values": _values(change, found),
        "indicator": _indicator(indicator) if indicator else None,
        "target": _target(book, change, indicator) if indicator else None,
    }


def _values(change: AmendmentChange, found: PlanRead) -> dict[str, Any]:
    """Return what changes; of the indicators that go along with an objective, the open ones."""
    values: dict[str, Any] = dict(change.values)
    if change.kind == ChangeKind.OWNER and "indicators" in values:
        was, now = values["indicators"]
        known = _open_codes({*was, *now}, found)
        values["indicators"] = [[code for code in side if code in known] for side in (was, now)]
    return values


def _open_codes(codes: set[str], found: PlanRead) -> set[str]:
    """Return those of indicators that were not confidential: few queries, for a new owner only.

    An objective that went to another minister took indicators along that the report tells nothing
    else of.
    """
    rows = list(Indicator.objects.filter(code__in=codes).order_by("pk"))
    return {
        row.code
        for row in as_known(rows, found.then.known_at)
        if not row.is_confidential and row.pk not in found.confidential
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": str(indicator.uuid),
        "code": indicator.code,
        "title": indicator.title.as_json(),
    }


def _target(book: FactBook, change: AmendmentChange, indicator: Indicator) -> dict[str, Any] | None:
    """Return the final target before and after, as facts; None for any other change."""
    pair = change.values.get("final")
    if change.kind != ChangeKind.TARGET or pair is None:
        return None
    was, now = pair
    is_day = indicator.target_kind == TargetKind.MILESTONE  # then the day is the figure
    return {
        "was": _target_fact(book, f"f:amended:{change.uuid}:was", indicator, was),
        "now": _target_fact(book, f"f:amended:{change.uuid}:now", indicator, now),
        "wasDueOn": was["due_on"] if was and not is_day else None,
        "nowDueOn": now["due_on"] if now and not is_day else None,
    }


def _target_fact(
    book: FactBook, key: str, indicator: Indicator, target: Mapping[str, Any] | None
) -> str | None:
    if target is None:
        return None
    if indicator.target_kind == TargetKind.MILESTONE:
        return book.day(key, date.fromisoformat(target["due_on"]), "due")
    if indicator.target_kind == TargetKind.ORDINAL:
        return book.level(key, target["level"], indicator.levels)
    value = target["value"]
    return book.quantity(
        key,
        None if value is None else Fraction(value),
        decimals=indicator.decimals,
        unit=indicator.unit_of_measure,
    )
