"""Figures as a person reads them: exact, in the indicator's unit and decimals."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import format_quantity
from objectives.indicators.choices import TargetKind
from objectives.indicators.periods import Period

if TYPE_CHECKING:
    from objectives.indicators.models import Indicator, Measurement, Target
    from objectives.indicators.selectors import SlotReading


def number(value: Fraction | None, decimals: int) -> str:
    """Return a number rounded half up, with the language's separators; an en dash for none."""
    if value is None:
        return "\N{EN DASH}"
    return format_quantity(value, decimals)


def exact_number(value: Decimal) -> str:
    """Return a number with all its decimals, so that a message names exactly what was typed."""
    exponent = value.normalize().as_tuple().exponent
    return number(Fraction(value), max(0, -exponent) if isinstance(exponent, int) else 0)


def with_unit(indicator: "Indicator", value: Fraction | None) -> str:
    """Return '93,1 %' or '12 zones'."""
    if value is None:
        return "\N{EN DASH}"
    unit = str(indicator.unit_of_measure)
    text = number(value, indicator.decimals)
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def level_name(indicator: "Indicator", level: int | None) -> str:
    """Return the name of an ordinal level in the active language."""
    if level is None or not 0 <= level < len(indicator.levels):
        return "\N{EN DASH}"
    return str(LocalisedText.from_json(indicator.levels[level]))


def value_text(indicator: "Indicator", value: Fraction | None) -> str:
    """Return a baseline, an actual or an expected value: a level by its name, else with unit.

    A level between two counts as the lower one, as the status engine reads it.
    """
    if indicator.target_kind == TargetKind.ORDINAL:
        return level_name(indicator, None if value is None else math.floor(value))
    return with_unit(indicator, value)


def figure_text(indicator: "Indicator", row: "Measurement | None") -> str:
    """Return a figure whatever its kind: number, level, 'done on' or 'expected on'."""
    from objectives.indicators.selectors.readings import figure_value

    if row is None:
        return "\N{EN DASH}"
    if indicator.target_kind == TargetKind.MILESTONE:
        if row.done_on:
            return _("done on %(date)s") % {"date": date_format(row.done_on, "SHORT_DATE_FORMAT")}
        if row.forecast_on:
            return _("expected on %(date)s") % {
                "date": date_format(row.forecast_on, "SHORT_DATE_FORMAT")
            }
        return "\N{EN DASH}"
    if indicator.target_kind == TargetKind.ORDINAL:
        return level_name(indicator, row.level)
    return with_unit(indicator, figure_value(row))


def target_text(indicator: "Indicator", target: "Target | None") -> str:
    """Return what is to be reached: number with unit, level, range, or the date."""
    if indicator.target_kind == TargetKind.RANGE and indicator.range_low is not None:
        low = number(Fraction(indicator.range_low), indicator.decimals)
        high = with_unit(indicator, Fraction(indicator.range_high or 0))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if target is None:
        return "\N{EN DASH}"
    if indicator.target_kind == TargetKind.MILESTONE:
        return _("by %(date)s") % {"date": date_format(target.due_on, "SHORT_DATE_FORMAT")}
    if indicator.target_kind == TargetKind.ORDINAL:
        return level_name(indicator, target.level)
    return with_unit(indicator, None if target.value is None else Fraction(target.value))


def period_text(period: Period) -> str:
    """Return 'T3 2026', 'S1 2026', 'M07 2026' or '2026'."""
    year = period.start.year
    return str(year) if period.resolution == "Y" else f"{period.short} {year}"


def slot_text(indicator: "Indicator", slot: "SlotReading") -> str:
    """Return the figure of a slot, or its state in words; 0 is a figure."""
    return figure_text(indicator, slot.measurement) if slot.measurement else str(slot.state.label)
