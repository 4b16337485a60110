"""Figures as a person reads them: exact, in the indicator's unit and decimals."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import format_quantity
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.periods import Period

if TYPE_CHECKING:
    from objectives.indicators.models import Indicator, Measurement, Target
    from objectives.indicators.selectors import IndicatorReading, SlotReading


# Units that say no more than that something is counted, as definitions name them.
COUNTED: Final = frozenset({"aantal", "nombre", "number", "count", "anzahl"})


def number(value: Fraction | None, decimals: int) -> str:
    """Return a number rounded half up, with the language's separators; an en dash for none."""
    if value is None:
        return "\N{EN DASH}"
    return format_quantity(value, decimals)


def exact_number(value: Decimal) -> str:
    """Return a number with all its decimals, so that a message names exactly what was typed."""
    return number(Fraction(value), decimals_of(value))


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a number needs; zeros at its end do not count."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def with_unit(indicator: "Indicator", value: Fraction | None) -> str:
    """Return '93,1 %' or '12 zones'; '12' where the unit is a number of what the title says."""
    if value is None:
        return "\N{EN DASH}"
    return text_with_unit(number(value, indicator.decimals), str(indicator.unit_of_measure))


def difference_text(indicator: "Indicator", value: Fraction | None) -> str:
    """Return what lies between two values: '12 zones', and of percentages '−1,5 pp'."""
    if value is None or str(indicator.unit_of_measure).strip() != "%":
        return with_unit(indicator, value)
    return _("%(number)s pp") % {"number": number(value, indicator.decimals)}


def text_with_unit(text: str, unit: str) -> str:
    """Return a number as text with its unit; a count stands alone, as its title says of what."""
    is_bare = not unit or unit.strip().casefold() in COUNTED
    return text if is_bare else f"{text}\N{NO-BREAK SPACE}{unit}"


def ratio_text(row: "Measurement") -> str:
    """Return '1 234 / 1 320', the parts of a ratio as they were given; '' for anything else."""
    if row.numerator is None or row.denominator is None:
        return ""
    return f"{exact_number(row.numerator)} / {exact_number(row.denominator)}"


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
    from objectives.indicators.selectors.slots import figure_value

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


def starts_at_zero(indicator: "Indicator") -> bool:
    """Tell whether a plan year begins at zero: an amount that is counted period by period."""
    kinds = (TargetKind.INCREASE, TargetKind.DECREASE, TargetKind.RANGE)
    is_flow = indicator.accumulation == Accumulation.FLOW
    return is_flow and not indicator.is_ratio and indicator.target_kind in kinds


def span_text(first: Period, last: Period) -> str:
    """Return 'T1–T3 2026', or the one period when there is no other."""
    if first == last:
        return period_text(last)
    if first.start.year == last.start.year:
        return f"{first.short}\N{EN DASH}{last.short} {last.start.year}"
    return f"{period_text(first)} \N{EN DASH} {period_text(last)}"


def actual_span(reading: "IndicatorReading") -> tuple[Period, Period] | None:
    """Return the first and the last period that the actual value speaks of; None without a figure.

    A flow takes the periods of its plan year together, up to the one where the engine stopped.
    """
    latest, until = reading.latest, reading.status.measured_to
    if latest is None:
        return None
    if reading.indicator.accumulation != Accumulation.FLOW or until is None:
        return latest.period, latest.period
    counted = [
        slot.period
        for slot in reading.slots
        if slot.measurement and slot.period.end.year == reading.year and slot.period.end <= until
    ]
    return (counted[0], counted[-1]) if counted else (latest.period, latest.period)


def actual_period_text(reading: "IndicatorReading") -> str:
    """Return 'T3 2026', or 'T1–T3 2026' for a flow; '' without a figure."""
    span = actual_span(reading)
    return span_text(*span) if span else ""


def slot_text(indicator: "Indicator", slot: "SlotReading") -> str:
    """Return the figure of a slot, or its state in words; 0 is a figure."""
    return figure_text(indicator, slot.measurement) if slot.measurement else slot.label
