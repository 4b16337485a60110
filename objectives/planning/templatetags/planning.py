"""Readings as words on the pages of objectives and indicators."""

from fractions import Fraction
from uuid import UUID

from django import template

from ibzplan.core.clocks import Clocks
from objectives.indicators import formatting
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.labels import action_text, desk_text, step_text
from objectives.planning.models import OperationalObjective

register = template.Library()


@register.filter
def with_year(clocks: Clocks, year: int) -> str:
    """Return the query string that keeps a plan year and both clocks in a link."""
    return clocks.query_with(year)


@register.filter
def step_label(step: str) -> str:
    """Return what the button that takes a step says."""
    return step_text(step)


@register.filter
def pick_key(uuid: UUID, version: int) -> str:
    """Return what a check box sends of a record: its UUID and the version that the user saw."""
    return f"{uuid}@{version}"


@register.filter
def desk_label(objective: OperationalObjective) -> str:
    """Return on whose desk an objective lies."""
    return desk_text(objective)


@register.filter
def action_label(action: str) -> str:
    """Return what a history entry says happened."""
    return action_text(action)


@register.filter
def baseline_text(reading: IndicatorReading) -> str:
    """Return the baseline with its unit, or the level it is."""
    value = reading.indicator.baseline
    return formatting.value_text(reading.indicator, None if value is None else Fraction(value))


@register.filter
def latest_text(reading: IndicatorReading) -> str:
    """Return the latest figure, whatever its kind; an accumulated flow shows its sum."""
    if reading.status.actual is not None:
        return formatting.value_text(reading.indicator, reading.status.actual)
    latest = reading.latest
    return formatting.figure_text(reading.indicator, latest.measurement if latest else None)


@register.filter
def actual_period(reading: IndicatorReading) -> str:
    """Return 'T3 2026', or for an accumulated flow 'T1–T3 2026'."""
    return formatting.actual_period_text(reading)


@register.filter
def target_text(reading: IndicatorReading) -> str:
    """Return what is to be reached."""
    return formatting.target_text(reading.indicator, reading.final_target)


@register.filter
def period_text(period: Period) -> str:
    """Return 'T3 2026'."""
    return formatting.period_text(period)
