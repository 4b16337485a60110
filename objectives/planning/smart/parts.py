"""Measurable, assignable, realistic and time-bound: everything besides the title."""

from collections.abc import Iterator
from typing import Final

from objectives.indicators.engine import TargetKind

from .codes import Part, Rule
from .history import jump
from .inputs import SmartIndicator, SmartObjective
from .results import Finding, found

YEARLY_MONTHS: Final = 12


def check_parts(objective: SmartObjective) -> Iterator[Finding]:
    """What is to be mended besides the title, in no particular order."""
    yield from _measurable(objective)
    yield from _assignable(objective)
    yield from _realistic(objective)
    yield from _dates(objective)
    for indicator in objective.indicators:
        yield from _time_bound(indicator, objective.plan_year)


def missing_parts(indicator: SmartIndicator) -> tuple[Part, ...]:
    """What the indicator lacks to be measurable. A milestone needs no baseline and no unit."""
    milestone = indicator.kind is TargetKind.MILESTONE
    there = {
        Part.BASELINE: milestone or indicator.baseline is not None,
        Part.TARGET: _has_target(indicator),
        Part.UNIT: milestone or bool(indicator.unit.strip()),
        Part.SOURCE: bool(indicator.source.strip()),
    }
    return tuple(part for part, given in there.items() if not given)


def _has_target(indicator: SmartIndicator) -> bool:
    if indicator.kind is TargetKind.MILESTONE:
        return indicator.target_on is not None
    if indicator.kind is TargetKind.RANGE:
        return indicator.low is not None or indicator.high is not None
    return indicator.target is not None


def _measurable(objective: SmartObjective) -> Iterator[Finding]:
    if not objective.indicators:
        yield found(Rule.NO_INDICATOR)
    for indicator in objective.indicators:
        if missing := missing_parts(indicator):
            yield found(
                Rule.INDICATOR_INCOMPLETE, indicator=indicator.code, missing=",".join(missing)
            )


def _assignable(objective: SmartObjective) -> Iterator[Finding]:
    if not objective.unit.strip():
        yield found(Rule.NO_UNIT)
    if not objective.holder.strip():
        yield found(Rule.NO_HOLDER)


def _realistic(objective: SmartObjective) -> Iterator[Finding]:
    if objective.means is False:
        yield found(Rule.NO_MEANS)
    if objective.motivation.strip():
        return
    for indicator in objective.indicators:
        if leap := jump(indicator):
            yield found(Rule.JUMP, indicator=indicator.code, **leap._asdict())


def _dates(objective: SmartObjective) -> Iterator[Finding]:
    starts_on, ends_on, year = objective.starts_on, objective.ends_on, objective.plan_year
    if starts_on is None or ends_on is None:
        yield found(Rule.NO_DATES)
        return
    if ends_on < starts_on:
        yield found(Rule.DATES_REVERSED, starts_on=starts_on, ends_on=ends_on)
    if starts_on.year != year or ends_on.year != year:
        yield found(Rule.DATES_OUTSIDE_YEAR, starts_on=starts_on, ends_on=ends_on, year=year)


def _time_bound(indicator: SmartIndicator, year: int) -> Iterator[Finding]:
    """A milestone falls in the year; a number that is measured once a year needs a step before."""
    if indicator.kind is TargetKind.MILESTONE:
        if indicator.target_on is not None and indicator.target_on.year != year:
            yield found(
                Rule.MILESTONE_OUTSIDE_YEAR,
                indicator=indicator.code,
                target_on=indicator.target_on,
                year=year,
            )
    elif indicator.months == YEARLY_MONTHS and not indicator.has_interim:
        yield found(Rule.NO_INTERIM_TARGET, indicator=indicator.code)
