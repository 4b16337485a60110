"""Why an objective moved: sentences made from what two readings of it hold, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from objectives.indicators import engine
from objectives.indicators.periods import Period
from objectives.planning.models import AmendmentChange
from reporting.selectors.movement_adjustments import adjustments, amended_by, seen_changes
from reporting.selectors.movement_figures import (
    corrections,
    figure_sentence,
    missing,
    short_period,
)
from reporting.selectors.movement_milestones import (
    activity_milestones,
    milestone_moved,
    milestone_sentence,
)
from reporting.selectors.movement_pairs import IndicatorPair, ReadingPair, quoted

# When no indicator changed status by itself, the ones that weighed most are named.
TELLING_INDICATORS: Final = 2
# Units often write the same beside several figures.
_MOST_QUOTES: Final = 2


def is_adjusted(pair: ReadingPair) -> bool:
    """Tell whether the plan, its owner or its head's judgement is another one; the status is not.

    A change of the targets of an indicator that the reader does not see adjusts nothing for them.
    """
    return any(True for _sentence in adjustments(pair)) or bool(seen_changes(pair))


def reasons_between(pair: ReadingPair) -> tuple[str, ...]:
    """Return the sentences, the most telling first, each once."""
    rows = _indicator_pairs(pair)
    telling = _telling(pair, rows)
    figures = [_sentence(row) for row in telling]
    adjusted = list(adjustments(pair)) or [amended_by(one) for one in seen_changes(pair)]
    is_moved = pair.before.status.status != pair.after.status.status
    sentences = [
        *(figures if is_moved else ()),
        *adjusted,
        *(() if is_moved else figures),
        *(milestone_moved(row) for row in rows if row not in telling),
        *activity_milestones(pair),
        *(sentence for row in rows for sentence in corrections(row)),
        *(missing(row) for row in rows if row not in telling),
        *_quotes(pair, telling),
    ]
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def added_reasons(changes: Sequence[AmendmentChange]) -> tuple[str, ...]:
    """Return why an objective came into the plan."""
    return tuple(amended_by(change) for change in changes) or (_("Approved since."),)


def removed_reasons(changes: Sequence[AmendmentChange]) -> tuple[str, ...]:
    """Return why an objective left the plan."""
    return tuple(amended_by(change) for change in changes)


def _sentence(row: IndicatorPair) -> str:
    return milestone_sentence(row) if row.is_milestone else figure_sentence(row)


def _indicator_pairs(pair: ReadingPair) -> list[IndicatorPair]:
    """Return the indicators of both moments: the ones that weigh most first."""
    shared = sorted(pair.shared, key=lambda two: (not two[1].link.is_key, -two[1].link.weight))
    return [IndicatorPair(old.reading, new.reading) for old, new in shared]


def _telling(pair: ReadingPair, rows: Sequence[IndicatorPair]) -> list[IndicatorPair]:
    """Return the indicators that changed status, those that went the objective's way first.

    None did: those whose attainment moved most, when the objective's own status moved.
    """
    changed = [row for row in rows if row.changed_status]
    if changed:
        return sorted(changed, key=lambda row: not _goes_along(pair, row))
    if pair.before.status.status == pair.after.status.status:
        return []
    moved = [row for row in rows if _attainment_moved(row)]
    return sorted(moved, key=_attainment_moved, reverse=True)[:TELLING_INDICATORS]


def _goes_along(pair: ReadingPair, row: IndicatorPair) -> bool:
    whole = _direction(pair.before.status.status, pair.after.status.status)
    return _direction(row.before.status.status, row.after.status.status) == whole


def _direction(old: engine.Status, new: engine.Status) -> int:
    """Return 1 for better, -1 for worse, 0 where one of the two is no judgement."""
    ranks = engine.FIGURE_STATUSES
    if old not in ranks or new not in ranks or old == new:
        return 0
    return 1 if ranks.index(new) > ranks.index(old) else -1


def _attainment_moved(row: IndicatorPair) -> Fraction:
    old, new = row.before.status.attainment, row.after.status.attainment
    if old is None and new is None:
        return Fraction(0)
    return abs((new or Fraction(0)) - (old or Fraction(0)))


def _quotes(pair: ReadingPair, rows: Iterable[IndicatorPair]) -> list[str]:
    """Quote what the unit wrote since, each text once, with the period that it is about."""
    told: dict[str, Period] = {}
    for text, period in _told(pair, rows):
        told.setdefault(text, period)
    objective = pair.after.objective
    return [
        _("%(unit)s explains %(period)s: “%(text)s”")
        % {
            "unit": objective.unit.code,
            "period": short_period(period, objective.plan.year),
            "text": quoted(text),
        }
        for text, period in list(told.items())[:_MOST_QUOTES]
    ]


def _told(pair: ReadingPair, rows: Iterable[IndicatorPair]) -> Iterator[tuple[str, Period]]:
    """Return what the unit wrote since: with the figures, and in the narrative of the period."""
    for row in rows:
        new, old = row.after.latest, row.before.latest
        if new is None or new.measurement is None:
            continue
        is_new = old is None or old.measurement is None or old.measurement.pk != new.measurement.pk
        text = str(new.measurement.narrative)
        if is_new and text:
            yield text, new.period
    if pair.narratives:
        last = max(pair.narratives, key=lambda row: (row.period.end, row.known_from))
        text = str(last.obstacles) or str(last.done)
        if text:
            yield text, last.period
