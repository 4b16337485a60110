"""Why an objective moved between two snapshots: codes, facts and what people typed.

The same order and the same reasons as on the dashboard (reporting.selectors.movement_reasons);
reporting.render.content.causes has the words. Kinds of cause, with what they have beside the keys
that all have:

indicator         the figure moved it: from, to (status), was, now, `expected` (fact), `periods`
                  and `wasPeriods` (first and last period that the figure speaks of)
figure_gone       was, `wasPeriods`: there was a figure and there is none
no_figure         there is no figure yet
missing           the latest figure is missing: `periods`, `dueOn`
withheld          the latest figure came in, and the reader sees it once it is validated: the same
milestone_done, milestone_expected, milestone_not_done
                  `doneOn`, `forecastOn`, `wasForecastOn`, `dueOn`; was, now for an indicator that
                  is a milestone, None for one of an activity
correction        a figure of before is another one: `periods`, was, now, `nowState`, text
explained         what the unit wrote: code (of the unit), text (localised), `periods`
and those of reporting.snapshot.adjustments and reporting.snapshot.differences.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from objectives.indicators import engine
from reporting.snapshot.adjustments import adjustments, unattached
from reporting.snapshot.restated import slots_restated
from reporting.snapshot.sides import (
    Cause,
    IndicatorPair,
    ObjectivePair,
    Part,
    cause,
    period_of,
    same_text,
    texts,
)
from reporting.snapshot.step_causes import milestone_moved, milestone_not_done, milestones_moved
from reporting.snapshot.withheld import WITHHELD

# When no indicator changed status by itself, the ones that weighed most are named.
TELLING_INDICATORS: Final = 2
# Units often write the same beside several figures.
MOST_QUOTES: Final = 2


def causes_between(pair: ObjectivePair) -> list[Cause]:
    """Return the causes, the most telling first, each once."""
    rows = sorted(pair.shared, key=lambda row: (not row.after["isKey"], -row.after["weight"]))
    telling = _telling(pair, rows)
    figures = [found for row in telling if (found := _figure_or_milestone(row))]
    adjusted = list(adjustments(pair))
    adjusted += unattached(pair, adjusted)
    return _each_once(
        [
            *(figures if pair.has_moved else ()),
            *adjusted,
            *(() if pair.has_moved else figures),
            *(found for row in rows if row not in telling and (found := milestone_moved(row))),
            *milestones_moved(pair),
            *(one for row in rows for one in corrections(row, pair.later["referenceDate"])),
            *(found for row in rows if row not in telling and (found := _missing(row))),
            *_quotes(pair, telling),
        ]
    )


def _each_once(causes: Sequence[Cause]) -> list[Cause]:
    found: list[Cause] = []
    for one in causes:
        if one not in found:
            found.append(one)
    return found


def corrections(row: IndicatorPair, reference_date: str) -> Iterator[Cause]:
    """Give the figures of a period that are other ones than they were; parts are left out."""
    for one in slots_restated(row.before, row.after, row.sides, reference_date):
        if not one["breakdown"]:
            yield row.cause(
                "correction",
                facts=(one["was"], one["now"]),
                text=one["reason"],
                periods=[period_of(one)],
                nowState=one["nowState"],
            )


def _telling(pair: ObjectivePair, rows: Sequence[IndicatorPair]) -> list[IndicatorPair]:
    """Return the indicators that changed status, those that went the objective's way first.

    None did: those whose attainment moved most, when the objective's own status moved.
    """
    changed = [row for row in rows if row.changed_status]
    if changed:
        whole = _direction(pair.before["status"], pair.after["status"])
        return sorted(
            changed,
            key=lambda row: _direction(row.before["status"], row.after["status"]) != whole,
        )
    if not pair.has_moved:
        return []
    moved = [row for row in rows if _attainment_moved(row)]
    return sorted(moved, key=_attainment_moved, reverse=True)[:TELLING_INDICATORS]


def _direction(old: str, new: str) -> int:
    """Return 1 for better, -1 for worse, 0 where one of the two is no judgement."""
    ranks = [status.value for status in engine.FIGURE_STATUSES]
    if old not in ranks or new not in ranks or old == new:
        return 0
    return 1 if ranks.index(new) > ranks.index(old) else -1


def _attainment_moved(row: IndicatorPair) -> Fraction:
    old = _value(row.sides.before, row.before["attainment"])
    new = _value(row.sides.after, row.after["attainment"])
    return abs(new - old)


def _value(facts: Any, key: str | None) -> Fraction:
    return Fraction(facts[key]["value"]) if key else Fraction(0)


def _figure_or_milestone(row: IndicatorPair) -> Cause | None:
    if not row.is_milestone:
        return _figure(row)
    return milestone_moved(row) or _missing(row) or milestone_not_done(row)


def _figure(row: IndicatorPair) -> Cause | None:
    """Return what the indicator says now beside what it said then."""
    old, new = row.before, row.after
    if new["latest"] is None:
        return _without_figure(row)
    same_period = bool(old["latest"]) and period_of(old["latest"]) == period_of(new["latest"])
    if _is_stale_since(row) and same_period:
        return _missing(row)
    return row.cause(
        "indicator",
        change=(old["status"], new["status"]),
        facts=(row.sides.was(_actual(old)), _actual(new)),
        expected=new["expected"],
        periods=_span(new, row.year),
        wasPeriods=_span(old, row.year_before),
    )


def _without_figure(row: IndicatorPair) -> Cause | None:
    late = _missing(row, always=True)
    if late:
        return late
    if row.before["latest"] is not None:
        return row.cause(
            "figure_gone",
            facts=(row.sides.was(_actual(row.before)), None),
            wasPeriods=_span(row.before, row.year_before),
        )
    return row.cause("no_figure")


def _missing(row: IndicatorPair, *, always: bool = False) -> Cause | None:
    """Return that the latest figure is missing or withheld, when it was not then."""
    if not always and not _is_stale_since(row):
        return None
    late = [slot for slot in row.after["slots"] if slot["valueState"] in ("missing", WITHHELD)]
    if not late:
        return None
    last = late[-1]
    return row.cause(last["valueState"], periods=[period_of(last)], dueOn=last["dueOn"])


def _is_stale_since(row: IndicatorPair) -> bool:
    return bool(row.after["stale"] and not row.before["stale"])


def _actual(row: Part) -> str | None:
    """Return the fact of where the indicator stood: a flow's sum so far, else its latest."""
    if row["actual"] is not None or row["latest"] is None:
        return row["actual"]  # type: ignore[no-any-return]
    return row["latest"].get("fact")  # type: ignore[no-any-return]


def _span(row: Part, year: int) -> list[dict[str, str]]:
    """Return the first and the last period that the figure speaks of; one when it is one."""
    latest, until = row["latest"], row.get("measuredTo")
    if latest is None:
        return []
    if row["accumulation"] != "flow" or until is None:
        return [period_of(latest)]
    counted = [
        period_of(slot)
        for slot in row["slots"]
        if slot["valueState"] == "measured"
        and slot["periodEnd"][:4] == str(year)
        and slot["periodEnd"] <= until
    ]
    return [counted[0], counted[-1]][: len(counted)] if counted else [period_of(latest)]


def _quotes(pair: ObjectivePair, rows: Sequence[IndicatorPair]) -> list[Cause]:
    """Return what the unit wrote since, each text once, with the period that it is about."""
    found: list[Cause] = []
    for text, about in _told(pair, rows):
        if not any(same_text(text, one["text"]) for one in found):
            told = cause("explained", code=pair.after["unit"], text=text, periods=[about])
            found.append(told)
    return found[:MOST_QUOTES]


def _told(
    pair: ObjectivePair, rows: Sequence[IndicatorPair]
) -> Iterator[tuple[Part, dict[str, str]]]:
    """Give what the unit wrote since: with the figures, and in the narrative of the period."""
    for row in rows:
        new, old = row.after["latest"], row.before["latest"]
        if new and texts(new.get("narrative")) and _identity(new) != _identity(old):
            yield new["narrative"], period_of(new)
    told = [one for one in pair.after.get("narratives", ()) if _is_new(pair, one)]
    if told:
        last = max(told, key=lambda one: (one["periodStart"], one["resolution"]))
        text = last.get("obstacles") if texts(last.get("obstacles")) else last.get("done")
        if texts(text):
            yield text, period_of(last)


def _identity(slot: Part | None) -> Any:
    return (slot.get("fact"), slot.get("recordedAt")) if slot else None


def _is_new(pair: ObjectivePair, told: Part) -> bool:
    """Tell whether a narrative is not in the earlier snapshot, or says something else there."""
    if "narratives" not in pair.before:
        return bool(told.get("writtenOn", "") >= pair.earlier["knownAt"][:10])
    return not any(
        period_of(one) == period_of(told)
        and all(same_text(one.get(key), told.get(key)) for key in ("done", "planned", "obstacles"))
        for one in pair.before["narratives"]
    )
