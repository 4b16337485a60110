"""The checks of rule version 1, put to one figure or to a whole series."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import Final

from objectives.indicators.engine import Accumulation, TargetKind

from .breakdowns import adds_up, known_parts, sums, unknown_keys
from .codes import Check
from .inputs import Figure, Part, SeriesRule, Slot
from .outliers import MINIMUM_COMPARABLE, rough_range, usual_range
from .results import Finding, found

# So many equal figures in a row are worth a question.
UNCHANGED_PERIODS: Final = 4
_ORDER: Final = tuple(Check)


def check_figure(
    rule: SeriesRule, earlier: Sequence[Figure], figure: Figure
) -> tuple[Finding, ...]:
    """What is wrong or remarkable about a figure, in the order of `Check`.

    `earlier` are the other figures of the series, one per period and in any order; only those of
    periods that end before the figure's count. Who corrects a figure leaves the old one out.
    """
    findings = [
        *_denominators(rule, figure),
        *_possible(rule, figure),
        *unknown_keys(rule, figure),
        *sums(rule, figure),
        *_against_series(rule, earlier, figure),
        *_forecast(rule, figure),
        *_running(figure),
    ]
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.check)))


def check_series(
    rule: SeriesRule,
    figures: Sequence[Figure],
    *,
    due: Sequence[Slot],
    reference_date: date,
) -> tuple[tuple[date, Finding], ...]:
    """Findings with the start of their period, in order of time.

    Every figure is judged against those before it. A figure recorded after its due date is late; a
    slot that was due on or before the reference date and has no figure is missing.
    """
    measured = {figure.place for figure in figures}
    placed = [
        (figure.place, finding)
        for figure in figures
        for finding in (*check_figure(rule, figures, figure), *_late(figure))
    ]
    placed += [
        ((slot.period_end, slot.period_start), finding)
        for slot in due
        if (slot.period_end, slot.period_start) not in measured
        for finding in _missing(slot, reference_date)
    ]
    return tuple((place[1], finding) for place, finding in sorted(placed, key=lambda item: item[0]))


def _numbers(rule: SeriesRule, figure: Figure) -> Iterator[tuple[str | None, Part]]:
    """The whole, without a key, and the parts that the definition knows."""
    if rule.numeric:
        yield None, figure.whole
        yield from known_parts(rule, figure).items()


def _denominators(rule: SeriesRule, figure: Figure) -> Iterator[Finding]:
    """A ratio needs a positive denominator; a part may be 0 out of 0: nothing to count there."""
    for key, part in _numbers(rule, figure):
        if not rule.ratio or part.denominator is None or part.denominator > 0:
            continue
        if part.denominator < 0:
            yield found(
                Check.NEGATIVE_DENOMINATOR,
                key=key,
                denominator=part.denominator,
                numerator=part.numerator,
            )
        elif key is None or part.numerator != 0:
            yield found(Check.ZERO_DENOMINATOR, key=key, numerator=part.numerator)


def _possible(rule: SeriesRule, figure: Figure) -> Iterator[Finding]:
    """Numbers outside the possible range, bounds included.

    A part of a count that adds up may be smaller than the whole can be, down to 0 (or larger, up to
    0): 20 of at least 100 zones is a possible part.
    """
    for key, part in _numbers(rule, figure):
        number, low, high = rule.number(part), rule.possible_low, rule.possible_high
        if key is not None and not rule.ratio and adds_up(rule, key):
            low = None if low is None else min(low, Fraction(0))
            high = None if high is None else max(high, Fraction(0))
        if number is None:
            continue
        if (low is not None and number < low) or (high is not None and number > high):
            yield found(Check.OUT_OF_RANGE, key=key, value=number, low=low, high=high)


def _against_series(
    rule: SeriesRule, figures: Sequence[Figure], figure: Figure
) -> Iterator[Finding]:
    """What the figures before it say about a number."""
    number = rule.number(figure.whole)
    if number is None:
        return
    before = _since_break(rule, figures, figure)
    yield from _fall(rule, before, number)
    alike = [other for other in before if other.months == figure.months]
    yield from _outlier(rule, alike, number)
    yield from _unchanged(rule, alike, figure)


def _since_break(rule: SeriesRule, figures: Sequence[Figure], figure: Figure) -> list[Figure]:
    """The figures before this one that have a number, oldest first, since the last series break.

    What a period is compared by starts with the period for a flow, and is its last day for a level
    and a running total: a flow over a break is comparable with nothing.
    """
    last = max((day for day in rule.breaks if day <= figure.period_end), default=date.min)
    flow = rule.accumulation is Accumulation.FLOW
    before = [
        other
        for other in figures
        if other.period_end < figure.period_end
        and (other.period_start if flow else other.period_end) >= last
        and rule.number(other.whole) is not None
    ]
    return sorted(before, key=lambda other: other.place)


def _fall(rule: SeriesRule, before: Sequence[Figure], number: Fraction) -> Iterator[Finding]:
    """A running total below the one before it; of a ratio the quotient, as in the status engine."""
    if rule.accumulation is not Accumulation.TO_DATE or not before:
        return
    previous = rule.number(before[-1].whole)
    if previous is not None and number < previous:
        yield found(
            Check.FALL_OF_TO_DATE,
            value=number,
            previous=previous,
            previous_end=before[-1].period_end,
        )


def _outlier(rule: SeriesRule, before: Sequence[Figure], number: Fraction) -> Iterator[Finding]:
    """A number outside the usual range by the numbers before it (see `outliers`).

    A flow is compared itself; of a level or a running total the change since the previous figure.
    The usual range is given for the figure itself either way, and within what is possible where
    some of it is. With too few of these numbers the rough rule compares the figures themselves.
    """
    numbers = [known for other in before if (known := rule.number(other.whole)) is not None]
    changing = rule.accumulation is not Accumulation.FLOW
    compared = [late - early for early, late in pairwise(numbers)] if changing else numbers
    if len(compared) < MINIMUM_COMPARABLE:
        yield from _far_from_few(rule, numbers, number)
        return
    usual = usual_range(compared, rule.smallest_step)
    if usual and changing:
        usual = usual.moved(numbers[-1])
    if usual is None or number in usual:
        return
    low, high = _within_possible(rule, usual.low, usual.high)
    yield found(
        Check.OUTLIER,
        value=number,
        median=usual.median,
        low=low,
        high=high,
        compared="change" if changing else "figure",
        count=usual.count,
        previous=numbers[-1] if changing else None,
        previous_end=before[-1].period_end if changing else None,
    )


def _far_from_few(
    rule: SeriesRule, numbers: Sequence[Fraction], number: Fraction
) -> Iterator[Finding]:
    """A number far outside a few earlier ones: another order of magnitude, or below 0."""
    rough = rough_range(numbers, rule.smallest_step)
    if rough is None or number in rough:
        return
    low, high = _within_possible(rule, rough.low, rough.high)
    yield found(
        Check.OUTLIER,
        value=number,
        smallest=rough.smallest,
        largest=rough.largest,
        low=low,
        high=high,
        compared="few",
        count=rough.count,
    )


def _within_possible(rule: SeriesRule, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """The interval cut to the possible range: nobody is told that -4 incidents are usual."""
    lowest = low if rule.possible_low is None else max(low, rule.possible_low)
    highest = high if rule.possible_high is None else min(high, rule.possible_high)
    return (lowest, highest) if lowest <= highest else (low, high)


def _unchanged(rule: SeriesRule, before: Sequence[Figure], figure: Figure) -> Iterator[Finding]:
    """The same figure for the fourth period in a row, or longer: was it measured again?

    Only where standing still is strange: a number to rise or fall to, as a level or a flow. Inside
    a range it is the aim, a running total stands still when nothing happens, and a row of zeros is
    an answer too. A ratio is the same when numerator and denominator are: 5 of 5 and then 7 of 7 is
    news.
    """
    counted = rule.kind in (TargetKind.INCREASE, TargetKind.DECREASE)
    if not counted or rule.accumulation is Accumulation.TO_DATE:
        return
    number, facts = rule.number(figure.whole), _facts(rule, figure)
    row = list(takewhile(lambda other: _facts(rule, other) == facts, reversed(before)))
    if number and len(row) + 1 >= UNCHANGED_PERIODS:
        yield found(Check.UNCHANGED, value=number, periods=len(row) + 1, since=row[-1].period_start)


def _facts(rule: SeriesRule, figure: Figure) -> tuple[Fraction | None, ...]:
    if rule.ratio and figure.numerator is not None:
        return figure.numerator, figure.denominator
    return (rule.number(figure.whole),)


def _forecast(rule: SeriesRule, figure: Figure) -> Iterator[Finding]:
    """A milestone that should be done by its own forecast at the end of the period, and is not."""
    if rule.kind is not TargetKind.MILESTONE or figure.done_on is not None:
        return
    if figure.forecast_on is not None and figure.forecast_on <= figure.period_end:
        yield found(
            Check.FORECAST_PASSED, forecast_on=figure.forecast_on, period_end=figure.period_end
        )


def _running(figure: Figure) -> Iterator[Finding]:
    """A figure recorded before the last day of its period; a milestone done is done."""
    if figure.entered_on is None or figure.done_on is not None:
        return
    if figure.entered_on < figure.period_end:
        yield found(
            Check.PERIOD_RUNNING, entered_on=figure.entered_on, period_end=figure.period_end
        )


def _late(figure: Figure) -> Iterator[Finding]:
    if figure.recorded_on is not None and figure.recorded_on > figure.due_on:
        yield found(
            Check.LATE,
            recorded_on=figure.recorded_on,
            due_on=figure.due_on,
            days=(figure.recorded_on - figure.due_on).days,
        )


def _missing(slot: Slot, reference_date: date) -> Iterator[Finding]:
    if not slot.measured and slot.due_on <= reference_date:
        yield found(
            Check.MISSING,
            period_end=slot.period_end,
            due_on=slot.due_on,
            days=(reference_date - slot.due_on).days,
        )
