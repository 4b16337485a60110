"""What is recorded for a period, and whether it fits its kind of indicator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import TargetKind
from objectives.indicators.formatting import exact_number
from objectives.indicators.models import Indicator
from objectives.indicators.services.definition_checks import check_date, check_decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePart:
    """One part of a breakdown; a ratio has its two parts. All None takes the part away."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def __bool__(self) -> bool:
        """Tell whether it says anything; zero does."""
        return (self.value, self.numerator, self.denominator) != (None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is measured for one period; which parts are filled follows from the kind.

    `breakdown` maps canonical keys (see breakdowns.py) to their parts.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: int | None = None
    done_on: date | None = None
    forecast_on: date | None = None
    narrative: LocalisedText = field(default_factory=LocalisedText)
    breakdown: Mapping[str, FigurePart] = field(default_factory=dict)

    def columns(self, indicator: Indicator) -> dict[str, Any]:
        """Return the columns to store. A ratio keeps its parts only: its value is worked out
        exactly wherever it is read.
        """
        return {
            "value": None if indicator.is_ratio else self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "level": self.level,
            "done_on": self.done_on,
            "forecast_on": self.forecast_on,
            "narrative": self.narrative,
        }


def _check_ratio(figure: Figure) -> None:
    if figure.numerator is None or figure.denominator is None:
        raise DomainError(
            "ratio_incomplete", _("Give both numerator and denominator."), "numerator"
        )
    if figure.denominator == 0:
        raise DomainError(
            "zero_denominator", _("The denominator is 0: no ratio follows from it."), "denominator"
        )
    if figure.denominator < 0:
        raise DomainError(
            "negative_denominator",
            _("The denominator %(value)s lies below 0. Check the sign.")
            % {"value": exact_number(figure.denominator)},
            "denominator",
        )


def _check_level(indicator: Indicator, level: int | None) -> None:
    if level is None or not 0 <= level < len(indicator.levels):
        raise DomainError("level_unknown", _("Choose one of the levels."), "level")


def _check_dates(figure: Figure) -> None:
    if figure.done_on is None and figure.forecast_on is None:
        raise DomainError(
            "date_required", _("Give the date it was done, or the date you expect."), "done_on"
        )
    check_date("done_on", figure.done_on)
    check_date("forecast_on", figure.forecast_on)
    if figure.done_on and figure.done_on > timezone.localdate():
        raise DomainError(
            "done_in_future",
            _("%(date)s lies in the future: give it as the expected date.")
            % {"date": date_format(figure.done_on, "SHORT_DATE_FORMAT")},
            "done_on",
        )


def _check_part(indicator: Indicator, key: str, part: FigurePart) -> None:
    given = (part.numerator is not None, part.denominator is not None)
    if any(given) and not indicator.is_ratio:
        raise _other_kind(indicator, f"breakdown:{key}")
    if indicator.is_ratio and any(given) and not all(given):
        raise DomainError(
            "ratio_incomplete", _("Give both numerator and denominator."), f"breakdown:{key}"
        )


def _fields_of(indicator: Indicator) -> tuple[str, ...]:
    """Return what a figure of this kind of indicator says."""
    if indicator.target_kind == TargetKind.MILESTONE:
        return ("done_on", "forecast_on")
    if indicator.target_kind == TargetKind.ORDINAL:
        return ("level",)
    # The value of a ratio follows from its parts; whoever gives it too says nothing else.
    return ("numerator", "denominator", "value") if indicator.is_ratio else ("value",)


def _check_kind(indicator: Indicator, figure: Figure) -> None:
    """Refuse what the kind has no place for, rather than keep what nobody reads."""
    for name in ("value", "numerator", "denominator", "level", "done_on", "forecast_on"):
        if getattr(figure, name) is not None and name not in _fields_of(indicator):
            raise _other_kind(indicator, name)


def _other_kind(indicator: Indicator, name: str) -> DomainError:
    text = _("A figure of %(code)s has no such part. Leave it out.") % {"code": indicator.code}
    return DomainError("other_kind", text, name)


def check_figure(indicator: Indicator, figure: Figure) -> None:
    """Refuse a figure that does not fit the kind of indicator."""
    _check_kind(indicator, figure)
    for key, part in figure.breakdown.items():
        _check_part(indicator, key, part)
    if indicator.target_kind == TargetKind.MILESTONE:
        _check_dates(figure)
    elif indicator.target_kind == TargetKind.ORDINAL:
        _check_level(indicator, figure.level)
    elif indicator.is_ratio:
        _check_ratio(figure)
    elif figure.value is None:
        raise DomainError("value_required", _("Give the value. Zero is a value."), "value")
    else:
        check_decimals("value", figure.value, indicator.decimals)
