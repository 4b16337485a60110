"""What a definition sheet must say before figures can be judged by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, dimensions_of, is_code
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from objectives.indicators.engine.inputs import AT_RISK_FROM, ON_TRACK_FROM
from objectives.indicators.formatting import decimals_of, exact_number

# Dates outside these are slips of the keyboard: no plan is older, none looks further ahead.
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
RISING_OR_FALLING: Final = (TargetKind.INCREASE, TargetKind.DECREASE)
WITHOUT_NUMBER: Final = (TargetKind.MILESTONE, TargetKind.ORDINAL)
# From what share of the expected change on an indicator is on track, or at risk (section 5).
USUAL_ON_TRACK: Final = Decimal(ON_TRACK_FROM.numerator) / ON_TRACK_FROM.denominator
USUAL_AT_RISK: Final = Decimal(AT_RISK_FROM.numerator) / AT_RISK_FROM.denominator
_MINIMUM_MEMBERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSheet:
    """What a planner states of an indicator. Quantities are in its unit of measure.

    `period_aggregation` '' follows from the kind of figure. `disaggregations` is the stored form
    of breakdowns.Dimension.
    """

    title: LocalisedText
    unit_of_measure: LocalisedText
    target_kind: str
    indicator_type: str = IndicatorType.OUTPUT
    definition: LocalisedText = field(default_factory=LocalisedText)
    inclusions: LocalisedText = field(default_factory=LocalisedText)
    exclusions: LocalisedText = field(default_factory=LocalisedText)
    rationale: LocalisedText = field(default_factory=LocalisedText)
    misuse_risk: LocalisedText = field(default_factory=LocalisedText)
    limitations: LocalisedText = field(default_factory=LocalisedText)
    numerator_definition: LocalisedText = field(default_factory=LocalisedText)
    denominator_definition: LocalisedText = field(default_factory=LocalisedText)
    source: LocalisedText = field(default_factory=LocalisedText)
    method: LocalisedText = field(default_factory=LocalisedText)
    decimals: int = 0
    accumulation: str = Accumulation.LEVEL
    period_aggregation: str = ""
    unit_aggregation: str = Aggregation.NONE
    disaggregations: Sequence[dict[str, Any]] = ()
    trajectory: str = Trajectory.LINEAR
    is_ratio: bool = False
    frequency: str = Frequency.TERM
    days_until_due: int = 15
    grace_days: int = 5
    levels: Sequence[dict[str, str]] = ()
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    possible_low: Decimal | None = None
    possible_high: Decimal | None = None
    tolerance: Decimal | None = None
    threshold_on_track: Decimal | None = None
    threshold_at_risk: Decimal | None = None
    baseline: Decimal | None = None
    baseline_date: date | None = None
    compiler: str = ""
    approver: str = ""
    is_confidential: bool = False

    def columns(self) -> dict[str, Any]:
        """Return what is kept of every version: the columns of DefinitionColumns."""
        values = {name: getattr(self, name) for name in IndicatorSheet.__dataclass_fields__}
        del values["is_confidential"]
        return values | {
            "levels": list(self.levels),
            "disaggregations": [row.as_json() for row in dimensions_of(self.disaggregations)],
            "ratio_scale": ratio_scale(self.unit_of_measure) if self.is_ratio else 1,
            "period_aggregation": self.period_aggregation or usual_period_aggregation(self),
        }


def ratio_scale(unit_of_measure: LocalisedText) -> int:
    """Return what a ratio is multiplied by, so that 45 of 60 in '%' reads 75, not 0.75."""
    units = set(unit_of_measure.values())
    return 100 if "%" in units else 1000 if "\N{PER MILLE SIGN}" in units else 1


def usual_period_aggregation(sheet: IndicatorSheet) -> str:
    """Return how the figures of a year come together when nobody says otherwise."""
    if sheet.is_ratio:
        return Aggregation.POOLED
    return Aggregation.SUM if sheet.accumulation == Accumulation.FLOW else Aggregation.LATEST


def check_decimals(name: str, value: Decimal | None, decimals: int) -> None:
    """Refuse a value of field `name` that says more than the indicator's decimals can show."""
    if value is not None and decimals_of(value) > decimals:
        raise DomainError(
            "too_many_decimals",
            _("%(value)s has more than %(decimals)s decimals. Round it or change the indicator.")
            % {"value": exact_number(value), "decimals": decimals},
            name,
        )


def check_date(name: str, day: date | None) -> None:
    """Refuse a date of field `name` that can only be a slip of the keyboard."""
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise DomainError(
            "date_out_of_range",
            _("%(date)s cannot be right. Give a date from %(first)s to %(last)s.")
            % {
                "date": date_format(day, "SHORT_DATE_FORMAT"),
                "first": date_format(FIRST_DAY, "SHORT_DATE_FORMAT"),
                "last": date_format(LAST_DAY, "SHORT_DATE_FORMAT"),
            },
            name,
        )


def check_sheet(sheet: IndicatorSheet) -> None:
    """Refuse what the status engine could not judge; the message names field and remedy."""
    if not sheet.title:
        raise DomainError("title_required", _("Give the indicator a name."), "title")
    _check_counting(sheet)
    _check_baseline(sheet)
    if sheet.target_kind == TargetKind.RANGE:
        _check_range(sheet)
    if sheet.target_kind == TargetKind.ORDINAL:
        _check_levels(sheet)
    for name in ("baseline", "range_low", "range_high", "tolerance"):
        check_decimals(name, getattr(sheet, name), sheet.decimals)
    if sheet.tolerance is not None and sheet.tolerance < 0:
        raise DomainError(
            "negative_tolerance",
            _("The tolerance %(value)s lies below 0. Leave out the minus sign.")
            % {"value": exact_number(sheet.tolerance)},
            "tolerance",
        )
    _check_thresholds(sheet)
    _check_possible(sheet)
    _check_aggregation(sheet)
    _check_disaggregations(sheet)


def _check_counting(sheet: IndicatorSheet) -> None:
    """Refuse a ratio or a sum of what is not a number."""
    if sheet.target_kind not in WITHOUT_NUMBER:
        return
    kind = TargetKind(sheet.target_kind).label
    if sheet.is_ratio:
        raise DomainError(
            "ratio_of_no_number",
            _("“%(kind)s” has no numerator and denominator. Undo this or choose another kind.")
            % {"kind": kind},
            "is_ratio",
        )
    if sheet.accumulation == Accumulation.FLOW:
        raise DomainError(
            "flow_of_no_number",
            _("“%(kind)s” cannot be added up over periods. Choose “%(remedy)s”.")
            % {"kind": kind, "remedy": Accumulation.LEVEL.label},
            "accumulation",
        )
    if sheet.disaggregations:
        raise DomainError(
            "breakdown_of_no_number",
            _("“%(kind)s” cannot be split up. Leave the breakdowns empty.") % {"kind": kind},
            "disaggregations",
        )


def _check_baseline(sheet: IndicatorSheet) -> None:
    if sheet.target_kind in RISING_OR_FALLING and sheet.baseline is None:
        raise DomainError(
            "baseline_required",
            _("Give the baseline: without it nobody can tell whether things improve."),
            "baseline",
        )
    if sheet.baseline is not None and sheet.baseline_date is None:
        raise DomainError(
            "baseline_date_required", _("Say on which date the baseline holds."), "baseline_date"
        )
    check_date("baseline_date", sheet.baseline_date)


def _check_range(sheet: IndicatorSheet) -> None:
    if sheet.range_low is None or sheet.range_high is None or sheet.tolerance is None:
        raise DomainError(
            "range_incomplete",
            _("A range needs a lower and an upper bound and a tolerance."),
            "range_low",
        )
    if sheet.range_low > sheet.range_high:
        raise DomainError(
            "range_upside_down",
            _("The lower bound %(low)s lies above the upper bound %(high)s.")
            % {"low": exact_number(sheet.range_low), "high": exact_number(sheet.range_high)},
            "range_low",
        )


def _check_levels(sheet: IndicatorSheet) -> None:
    if len(sheet.levels) < 2:
        raise DomainError("levels_required", _("Name at least two levels."), "levels")
    for line, level in enumerate(sheet.levels, start=1):
        if not level.get("nl", "").strip():
            raise DomainError(
                "level_unnamed",
                _("Line %(line)s has no Dutch name. Write: Dutch | French.") % {"line": line},
                "levels",
            )
        if level in sheet.levels[: line - 1]:
            raise DomainError(
                "level_twice",
                _("The level “%(level)s” stands there twice.") % {"level": level["nl"]},
                "levels",
            )
    if sheet.baseline is not None and sheet.baseline not in range(len(sheet.levels)):
        raise DomainError(
            "level_unknown",
            _("%(value)s is not the number of a level. The levels run from 0 to %(highest)s.")
            % {"value": exact_number(sheet.baseline), "highest": len(sheet.levels) - 1},
            "baseline",
        )


def _check_thresholds(sheet: IndicatorSheet) -> None:
    """Refuse thresholds in the wrong order; the usual one stands in for one that is not given."""
    given = sheet.threshold_on_track, sheet.threshold_at_risk
    for name, value in zip(("threshold_on_track", "threshold_at_risk"), given, strict=True):
        if value is not None and value < 0:
            raise DomainError(
                "negative_threshold",
                _("The threshold %(value)s lies below 0. Write for instance %(usual)s.")
                % {"value": exact_number(value), "usual": exact_number(USUAL_ON_TRACK)},
                name,
            )
    on_track = USUAL_ON_TRACK if given[0] is None else given[0]
    at_risk = USUAL_AT_RISK if given[1] is None else given[1]
    if at_risk > on_track:
        raise DomainError(
            "thresholds_upside_down",
            _("“At risk” from %(at_risk)s lies above “on track” from %(on_track)s: swap them.")
            % {"at_risk": exact_number(at_risk), "on_track": exact_number(on_track)},
            "threshold_on_track" if given[1] is None else "threshold_at_risk",
        )


def _check_possible(sheet: IndicatorSheet) -> None:
    """Refuse bounds of what is possible that their own baseline does not respect."""
    low, high = sheet.possible_low, sheet.possible_high
    if low is not None and high is not None and low > high:
        raise DomainError(
            "possible_upside_down",
            _("The lowest possible value %(low)s lies above the highest, %(high)s.")
            % {"low": exact_number(low), "high": exact_number(high)},
            "possible_low",
        )
    baseline = sheet.baseline
    if baseline is None or sheet.target_kind in WITHOUT_NUMBER:
        return
    if (low is not None and baseline < low) or (high is not None and baseline > high):
        raise DomainError(
            "baseline_impossible",
            _("The baseline %(value)s lies outside what you call possible. Change one of them.")
            % {"value": exact_number(baseline)},
            "baseline",
        )


def _check_aggregation(sheet: IndicatorSheet) -> None:
    """Refuse a way of bringing figures together that the kind of figure does not bear."""
    for name in ("period_aggregation", "unit_aggregation"):
        chosen = getattr(sheet, name)
        if chosen == Aggregation.POOLED and not sheet.is_ratio:
            raise DomainError(
                "pooled_without_ratio",
                _("Only a figure with numerator and denominator can be pooled."),
                name,
            )
        if chosen == Aggregation.SUM and (sheet.is_ratio or sheet.target_kind in WITHOUT_NUMBER):
            raise DomainError(
                "sum_of_no_count",
                _("These figures cannot be added up. Choose “%(remedy)s”.")
                % {"remedy": Aggregation.NONE.label},
                name,
            )
    adds_up = sheet.accumulation == Accumulation.FLOW and not sheet.is_ratio
    if adds_up != (sheet.period_aggregation == Aggregation.SUM) and sheet.period_aggregation:
        raise DomainError(
            "aggregation_contradicts",
            _("“%(figure)s” and “%(aggregation)s” over the periods contradict each other.")
            % {
                "figure": Accumulation(sheet.accumulation).label,
                "aggregation": Aggregation(sheet.period_aggregation).label,
            },
            "period_aggregation",
        )


def _check_disaggregations(sheet: IndicatorSheet) -> None:
    dimensions = dimensions_of(sheet.disaggregations)
    _check_codes([dimension.code for dimension in dimensions])
    for dimension in dimensions:
        if len(dimension.members) < _MINIMUM_MEMBERS:
            raise DomainError(
                "members_required",
                _("“%(dimension)s” needs at least two parts.") % {"dimension": dimension.code},
                "disaggregations",
            )
        _check_codes([member.code for member in dimension.members])
        _check_titles(dimension)


def _check_codes(codes: Sequence[str]) -> None:
    for code in codes:
        if not is_code(code):
            raise DomainError(
                "code_invalid",
                _("“%(code)s” cannot be a code: use at most 30 lower-case letters and digits.")
                % {"code": code},
                "disaggregations",
            )
        if codes.count(code) > 1:
            raise DomainError(
                "code_twice",
                _("The code “%(code)s” stands there twice.") % {"code": code},
                "disaggregations",
            )


def _check_titles(dimension: Dimension) -> None:
    for title, code in [
        (dimension.title, dimension.code),
        *((member.title, member.code) for member in dimension.members),
    ]:
        if not title.get("nl"):
            raise DomainError(
                "breakdown_unnamed",
                _("“%(code)s” has no Dutch name.") % {"code": code},
                "disaggregations",
            )
