"""The figures that tell an indicator's story: where it stands at the end of each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from random import Random
from typing import Final

from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.periods import Period
from objectives.indicators.services import Figure
from reporting.demo.content import ACHIEVED, AHEAD, OFF, RISK, IndicatorContent
from reporting.demo.entries import Day

MET: Final = "met"  # last year's story: the target was reached in the end

# Attainment in percent that a story arrives at halfway through the year, from 100 at its start.
_ATTAINMENT_PERCENT: Final = {RISK: (75, 84), OFF: (20, 50), AHEAD: (114, 128), MET: (101, 107)}
_USUAL_PERCENT: Final = (97, 106)
_HALFWAY: Final = Fraction(45, 100)


def day_in(year: int, day: Day) -> date:
    """Return the day of the plan's year."""
    return date(year, *day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One plan year of an indicator: where it starts, what it must reach, and how it fares.

    `earlier` is last year's target and `floor` its last figure, of a series that runs on.
    """

    content: IndicatorContent
    year: int
    story: str
    baseline_on: date
    target: Decimal | None
    earlier: Decimal | None = None
    floor: Decimal | None = None

    @property
    def is_flow(self) -> bool:
        """Tell whether the periods of the year are added up."""
        return self.content.accumulation == Accumulation.FLOW

    def engine_input(self) -> engine.IndicatorInput:
        """Return what the status engine expects of this course, without figures."""
        content = self.content
        interim = [
            engine.Point(day_in(self.year, day), Fraction(value)) for day, value in content.interim
        ]
        if self.earlier is not None and not self.is_flow:
            interim.append(engine.Point(date(self.year - 1, 12, 31), Fraction(self.earlier)))
        return engine.IndicatorInput(
            rule=engine.IndicatorRule(
                kind=engine.TargetKind(content.kind),
                accumulation=engine.Accumulation(content.accumulation),
                trajectory=engine.TrajectoryShape(content.trajectory),
                ratio=content.denominator is not None,
            ),
            reference_date=date(self.year, 12, 31),
            due_on=day_in(self.year, content.due),
            target=None if self.target is None else Fraction(self.target),
            baseline=(
                engine.Point(self.baseline_on, Fraction(content.start))
                if content.start is not None
                else None
            ),
            interim=tuple(interim),
            starts_on=date(self.year, 1, 1) if self.is_flow else None,
        )


def figures_of(course: Course, periods: Sequence[Period], rng: Random) -> list[Figure]:
    """Return a figure for each of the year's periods, whether reported or not."""
    match course.content.kind:
        case TargetKind.MILESTONE:
            return [_milestone(course, period) for period in periods]
        case TargetKind.ORDINAL:
            return [_level(course, period) for period in periods]
        case TargetKind.RANGE:
            return [_in_band(course, len(periods), rng) for _period in periods]
    return _numbers(course, periods, rng)


def _milestone(course: Course, period: Period) -> Figure:
    """Report the date once it is done; before, the forecast, which slips in the course of time."""
    content, due = course.content, day_in(course.year, course.content.due)
    if content.done is not None:
        done = day_in(course.year, content.done)
        return Figure(done_on=done) if done <= period.end else Figure(forecast_on=max(done, due))
    forecast = day_in(course.year, content.forecast) if content.forecast else due
    early = period.end < date(course.year, 6, 1)
    return Figure(forecast_on=due if early else forecast)


def _level(course: Course, period: Period) -> Figure:
    expected = engine.expected_at(course.engine_input(), period.end) or Fraction(0)
    behind = {RISK: 1, OFF: 2}.get(course.story, 0)
    return Figure(level=max(int(expected) - behind, 0))


def _in_band(course: Course, periods: int, rng: Random) -> Figure:
    content = course.content
    low, high = content.low or Decimal(0), content.high or Decimal(0)
    width, tolerance = high - low, content.tolerance or Decimal(0)
    if course.story == RISK:
        value = low - tolerance * rng.randint(30, 70) / 100
    elif course.story == OFF:
        value = low - tolerance * 2
    else:
        value = low + width * rng.randint(25, 75) / 100
    if course.is_flow:
        value /= periods
    return _figure(course, Fraction(value), rng)


def _attainments(course: Course, periods: int, rng: Random) -> list[Fraction]:
    """Return the attainment at the end of each period; it settles halfway through the year."""
    low, high = _ATTAINMENT_PERCENT.get(course.story, _USUAL_PERCENT)
    final = Fraction(rng.randint(low, high), 100)
    found = []
    for number in range(1, periods + 1):
        share = min(Fraction(number, periods) / _HALFWAY, Fraction(1))
        noise = Fraction(rng.randint(-100, 100), 10_000)
        found.append(1 + (final - 1) * share + noise)
    if course.story == MET:
        found[-1] = max(found[-1], Fraction(101, 100))
    return found


def _standings(course: Course, periods: Sequence[Period], rng: Random) -> list[Fraction]:
    """Return where the indicator stands at the end of each period (a flow: its sum so far)."""
    given = course.engine_input()
    start = Fraction(0) if given.rule.flow_of_counts else Fraction(course.content.start or 0)
    target = Fraction(course.target or 0)
    sign = 1 if course.content.kind == TargetKind.INCREASE else -1
    found = []
    attainments = _attainments(course, len(periods), rng)
    for period, attainment in zip(periods, attainments, strict=True):
        expected = engine.expected_at(given, period.end)
        if expected is None:
            raise ValueError(f"{course.content.title} has no target")
        distance = max(abs(expected - start), abs(target - start) / 4)
        value = expected + sign * (attainment - 1) * distance
        if course.story == ACHIEVED and period.end.month > 3:  # reached by the second quarter
            value = max(value, target * Fraction(rng.randint(100, 108), 100))
        found.append(_possible(course, value))
    return found


def _possible(course: Course, value: Fraction) -> Fraction:
    low, ceiling = course.content.sheet.possible
    value = value if low is None else max(value, Fraction(low))
    return value if ceiling is None or course.is_flow else min(value, Fraction(ceiling))


def _numbers(course: Course, periods: Sequence[Period], rng: Random) -> list[Figure]:
    """Turn standings into the figures of the periods."""
    standings = _standings(course, periods, rng)
    if course.content.denominator is not None:
        return _ratios(course, standings, rng)
    figures, before = [], Fraction(0)
    if course.content.accumulation == Accumulation.TO_DATE:
        before = Fraction(course.floor or course.content.start or 0)
    for standing in standings:
        value = standing
        if course.content.accumulation == Accumulation.TO_DATE:
            value = max(standing, before)
        elif course.is_flow:
            value = max(standing - before, Fraction(0))
        figure = _figure(course, value, rng)
        figures.append(figure)
        reported = Fraction(figure.value or 0)
        before = before + reported if course.is_flow else reported
    return figures


def _ratios(course: Course, standings: Sequence[Fraction], rng: Random) -> list[Figure]:
    """A flow pools its parts: each numerator brings the sum so far to where it must stand."""
    figures: list[Figure] = []
    above = below = Decimal(0)
    for standing in standings:
        denominator = _denominator(course, rng)
        if course.is_flow:
            below += denominator
            numerator = max(_rounded(standing * Fraction(below), 0) - above, Decimal(0))
            above += numerator
        else:
            numerator = _rounded(standing * Fraction(denominator), 0)
        figures.append(Figure(numerator=numerator, denominator=denominator))
    return figures


def _denominator(course: Course, rng: Random) -> Decimal:
    usual = course.content.denominator or 1
    return Decimal(max(usual * rng.randint(88, 112) // 100, 1))


def _figure(course: Course, value: Fraction, rng: Random) -> Figure:
    """Return the figure with the indicator's own decimals; a ratio as its two parts."""
    if course.content.denominator is not None:
        denominator = _denominator(course, rng)
        return Figure(numerator=_rounded(value * Fraction(denominator), 0), denominator=denominator)
    return Figure(value=_rounded(_possible(course, value), course.content.decimals))


def _rounded(value: Fraction, decimals: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
