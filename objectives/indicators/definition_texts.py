"""A definition sheet in words: what each column is called and says, how two versions differ."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, dimensions_of
from objectives.indicators.choices import TargetKind
from objectives.indicators.engine.inputs import AT_RISK_FROM, ON_TRACK_FROM
from objectives.indicators.formatting import exact_number, number, value_text, with_unit
from objectives.indicators.models import DefinitionColumns, Indicator
from objectives.indicators.selectors import DEFINITION_COLUMNS

Text = LocalisedText | str
"""A text of the sheet as it was written, or words of the interface; '' when it says nothing."""

_THRESHOLD_DECIMALS: Final = 2
_NUMERIC: Final = frozenset({TargetKind.INCREASE, TargetKind.DECREASE})
_WITH_NUMBER: Final = _NUMERIC | {TargetKind.RANGE}

LABELS: Final[Mapping[str, Promise]] = {
    "title": gettext_lazy("Name"),
    "indicator_type": gettext_lazy("Type"),
    "definition": gettext_lazy("Definition"),
    "inclusions": gettext_lazy("Included"),
    "exclusions": gettext_lazy("Not included"),
    "rationale": gettext_lazy("Why this indicator"),
    "misuse_risk": gettext_lazy("Risk of misuse"),
    "limitations": gettext_lazy("What it cannot say"),
    "unit_of_measure": gettext_lazy("Unit"),
    "decimals": gettext_lazy("Decimals"),
    "is_ratio": gettext_lazy("Recorded as numerator and denominator"),
    "ratio_scale": gettext_lazy("Ratio multiplied by"),
    "numerator_definition": gettext_lazy("Numerator"),
    "denominator_definition": gettext_lazy("Denominator"),
    "source": gettext_lazy("Source"),
    "method": gettext_lazy("Method"),
    "target_kind": gettext_lazy("What counts as better"),
    "accumulation": gettext_lazy("What a figure says"),
    "period_aggregation": gettext_lazy("Over the periods of a year"),
    "unit_aggregation": gettext_lazy("Over the units"),
    "disaggregations": gettext_lazy("Broken down by"),
    "trajectory": gettext_lazy("Path to the target"),
    "frequency": gettext_lazy("How often"),
    "days_until_due": gettext_lazy("Due"),
    "grace_days": gettext_lazy("Days of grace"),
    "levels": gettext_lazy("Levels, lowest first"),
    "range": gettext_lazy("Range aimed at"),
    "range_low": gettext_lazy("Lower bound"),
    "range_high": gettext_lazy("Upper bound"),
    "possible": gettext_lazy("Possible figures"),
    "possible_low": gettext_lazy("Lowest possible figure"),
    "possible_high": gettext_lazy("Highest possible figure"),
    "tolerance": gettext_lazy("Tolerance"),
    "threshold_on_track": gettext_lazy("On track from"),
    "threshold_at_risk": gettext_lazy("At risk from"),
    "baseline": gettext_lazy("Baseline"),
    "baseline_date": gettext_lazy("Baseline on"),
    "compiler": gettext_lazy("Compiled by"),
    "approver": gettext_lazy("Approved by"),
}

# "range" and "possible" are two columns that read as one line.
GROUPS: Final[tuple[tuple[Promise, tuple[str, ...]], ...]] = (
    (
        gettext_lazy("What is measured"),
        (
            "indicator_type",
            "definition",
            "inclusions",
            "exclusions",
            "is_ratio",
            "numerator_definition",
            "denominator_definition",
            "unit_of_measure",
            "decimals",
            "levels",
            "disaggregations",
        ),
    ),
    (
        gettext_lazy("How it is judged"),
        (
            "target_kind",
            "accumulation",
            "trajectory",
            "range",
            "tolerance",
            "threshold_on_track",
            "threshold_at_risk",
            "possible",
            "baseline",
        ),
    ),
    (gettext_lazy("How figures come together"), ("period_aggregation", "unit_aggregation")),
    (
        gettext_lazy("How and when it is measured"),
        (
            "source",
            "method",
            "frequency",
            "days_until_due",
            "grace_days",
            "compiler",
            "approver",
        ),
    ),
    (gettext_lazy("How to read it"), ("rationale", "limitations", "misuse_risk")),
)

# Lines that only some kinds of indicator have.
_ONLY_FOR: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("is_ratio", "numerator_definition", "denominator_definition"), _WITH_NUMBER),
    **dict.fromkeys(("unit_of_measure", "decimals", "possible", "disaggregations"), _WITH_NUMBER),
    **dict.fromkeys(("accumulation", "period_aggregation", "unit_aggregation"), _WITH_NUMBER),
    **dict.fromkeys(("threshold_on_track", "threshold_at_risk"), _NUMERIC),
    "tolerance": _WITH_NUMBER,
    "trajectory": _NUMERIC | {TargetKind.ORDINAL},
    "baseline": _WITH_NUMBER | {TargetKind.ORDINAL},
    "range": frozenset({TargetKind.RANGE}),
    "levels": frozenset({TargetKind.ORDINAL}),
}
_ONLY_OF_RATIOS: Final = frozenset({"is_ratio", "numerator_definition", "denominator_definition"})


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the sheet."""

    name: str
    label: str
    text: Text


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Lines that belong together, and the names of those that the sheet leaves open."""

    title: str
    lines: tuple[SheetLine, ...]
    not_stated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What one column said before and says now; '' when it said nothing."""

    label: str
    old: str
    new: str


def _range_text(indicator: Indicator, low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return _("at most %(high)s") % {"high": _quantity(indicator, high)}
    if high is None:
        return _("at least %(low)s") % {"low": _quantity(indicator, low)}
    first = number(Fraction(low), indicator.decimals)
    return _("%(low)s to %(high)s") % {"low": first, "high": _quantity(indicator, high)}


def _quantity(indicator: Indicator, value: Decimal | None) -> str:
    return "" if value is None else with_unit(indicator, Fraction(value))


def _tolerance(indicator: Indicator) -> str:
    if indicator.tolerance is None:
        return _("none")
    return f"± {_quantity(indicator, indicator.tolerance)}"


def _threshold(value: Decimal | None, usual: Fraction) -> str:
    if value is None:
        return _("%(value)s (the usual threshold)") % {"value": number(usual, _THRESHOLD_DECIMALS)}
    return exact_number(value)


def _baseline_value(indicator: Indicator) -> str:
    baseline = indicator.baseline
    return "" if baseline is None else value_text(indicator, Fraction(baseline))


def _baseline(indicator: Indicator) -> str:
    text = _baseline_value(indicator)
    if not text or indicator.baseline_date is None:
        return text
    day = date_format(indicator.baseline_date, "SHORT_DATE_FORMAT")
    return _("%(value)s on %(day)s") % {"value": text, "day": day}


def _due(indicator: Indicator) -> str:
    days = indicator.days_until_due
    return ngettext("%(days)s day after the period", "%(days)s days after the period", days) % {
        "days": days
    }


def _grace(indicator: Indicator) -> str:
    days = indicator.grace_days
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _dimension(dimension: Dimension) -> str:
    names = {
        "dimension": dimension.title,
        "members": ", ".join(str(member.title) for member in dimension.members),
    }
    if dimension.adds_up:
        return _("%(dimension)s (%(members)s; together the whole)") % names
    return _("%(dimension)s (%(members)s)") % names


def _levels(indicator: Indicator) -> str:
    return ", ".join(str(LocalisedText.from_json(level)) for level in indicator.levels)


_SPECIAL: Final[Mapping[str, Callable[[Indicator], str]]] = {
    "range": lambda one: _range_text(one, one.range_low, one.range_high),
    "range_low": lambda one: _quantity(one, one.range_low),
    "range_high": lambda one: _quantity(one, one.range_high),
    "possible": lambda one: _range_text(one, one.possible_low, one.possible_high),
    "possible_low": lambda one: _quantity(one, one.possible_low),
    "possible_high": lambda one: _quantity(one, one.possible_high),
    "tolerance": _tolerance,
    "threshold_on_track": lambda one: _threshold(one.threshold_on_track, ON_TRACK_FROM),
    "threshold_at_risk": lambda one: _threshold(one.threshold_at_risk, AT_RISK_FROM),
    "baseline": _baseline_value,
    "days_until_due": _due,
    "grace_days": _grace,
    "disaggregations": lambda one: "; ".join(map(_dimension, dimensions_of(one.disaggregations))),
    "levels": _levels,
    "is_ratio": lambda one: _("yes") if one.is_ratio else _("no"),
}


def column_text(indicator: Indicator, name: str) -> Text:
    """Return what a column says: a text in its languages, a choice in words, '' for nothing."""
    if name in _SPECIAL:
        return _SPECIAL[name](indicator)
    value: Any = getattr(indicator, name)
    if isinstance(value, LocalisedText):
        return value
    field = DefinitionColumns._meta.get_field(name)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if choices:
        return str(choices.get(value, value))
    if value is None:
        return ""
    return date_format(value, "SHORT_DATE_FORMAT") if hasattr(value, "year") else str(value)


def _applies(indicator: Indicator, name: str) -> bool:
    if name in _ONLY_OF_RATIOS and not indicator.is_ratio:
        return False
    kinds = _ONLY_FOR.get(name)
    return kinds is None or indicator.target_kind in kinds


def _line(indicator: Indicator, name: str) -> SheetLine:
    text = _baseline(indicator) if name == "baseline" else column_text(indicator, name)
    return SheetLine(name, str(LABELS[name]), text)


def sheet_groups(indicator: Indicator) -> list[SheetGroup]:
    """Return the sheet, without the lines that this kind of indicator has no use for."""
    groups = []
    for title, names in GROUPS:
        lines = [_line(indicator, name) for name in names if _applies(indicator, name)]
        if not lines:
            continue
        stated = tuple(line for line in lines if line.text)
        groups.append(
            SheetGroup(str(title), stated, tuple(line.label for line in lines if not line.text))
        )
    return groups


def _in_language(name: str, language: str) -> str:
    """Return 'Definition' for the page's own language, 'Definition (fr)' for another one."""
    if language == (get_language() or settings.LANGUAGE_CODE).split("-")[0]:
        return str(LABELS[name])
    return f"{LABELS[name]} ({language})"


def _localised_changes(name: str, old: LocalisedText, new: LocalisedText) -> Iterator[SheetChange]:
    for language in dict.fromkeys([*old, *new]):
        before, after = old.get(language, ""), new.get(language, "")
        if before != after:
            yield SheetChange(_in_language(name, language), before, after)


def sheet_changes(old: Indicator, new: Indicator) -> list[SheetChange]:
    """Return column by column how two versions of one definition differ."""
    changes: list[SheetChange] = []
    for name in DEFINITION_COLUMNS:
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if isinstance(before, LocalisedText) and isinstance(after, LocalisedText):
            changes.extend(_localised_changes(name, before, after))
            continue
        texts = str(column_text(old, name)), str(column_text(new, name))
        changes.append(SheetChange(str(LABELS[name]), *texts))
    return changes
