"""Making an indicator, setting its targets, deriving its obligations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.choices import Accumulation, Frequency, TargetKind, Trajectory
from objectives.indicators.formatting import exact_number
from objectives.indicators.models import Indicator, Obligation, Target
from objectives.indicators.periods import periods_between
from objectives.indicators.selectors.readings import engine_input
from personnel.access import access_of
from personnel.models import OrganisationUnit, User

# Dates outside these are slips of the keyboard: no plan is older, none looks further ahead.
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
_RISING_OR_FALLING: Final = (TargetKind.INCREASE, TargetKind.DECREASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSheet:
    """What a planner states of an indicator. Quantities are in its unit of measure."""

    title: LocalisedText
    unit_of_measure: LocalisedText
    target_kind: str
    definition: LocalisedText = field(default_factory=LocalisedText)
    source: LocalisedText = field(default_factory=LocalisedText)
    method: LocalisedText = field(default_factory=LocalisedText)
    decimals: int = 0
    accumulation: str = Accumulation.LEVEL
    trajectory: str = Trajectory.LINEAR
    is_ratio: bool = False
    frequency: str = Frequency.TERM
    days_until_due: int = 15
    grace_days: int = 5
    levels: Sequence[dict[str, str]] = ()
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    tolerance: Decimal | None = None
    threshold_on_track: Decimal | None = None
    threshold_at_risk: Decimal | None = None
    baseline: Decimal | None = None
    baseline_date: date | None = None
    is_confidential: bool = False


def check_decimals(name: str, value: Decimal | None, decimals: int) -> None:
    """Refuse a value of field `name` that says more than the indicator's decimals can show."""
    if value is None:
        return
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
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


def _check_baseline(sheet: IndicatorSheet) -> None:
    if sheet.target_kind in _RISING_OR_FALLING and sheet.baseline is None:
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
    if sheet.baseline is not None and sheet.baseline not in range(len(sheet.levels)):
        raise DomainError(
            "level_unknown",
            _("%(value)s is not the number of a level. The levels run from 0 to %(highest)s.")
            % {"value": exact_number(sheet.baseline), "highest": len(sheet.levels) - 1},
            "baseline",
        )


def _check_counting(sheet: IndicatorSheet) -> None:
    """Refuse a ratio or a sum of what is not a number."""
    if sheet.target_kind not in (TargetKind.MILESTONE, TargetKind.ORDINAL):
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


def _check_sheet(sheet: IndicatorSheet) -> None:
    """Refuse what the status engine could not judge; the message names the remedy."""
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


def ratio_scale(unit_of_measure: LocalisedText) -> int:
    """Return what a ratio is multiplied by, so that 45 of 60 in '%' reads 75, not 0.75."""
    units = set(unit_of_measure.values())
    return 100 if "%" in units else 1000 if "\N{PER MILLE SIGN}" in units else 1


@transaction.atomic
def indicator_create(
    *,
    actor: User,
    owner: OrganisationUnit,
    code: str,
    sheet: IndicatorSheet,
    is_demo: bool = False,
    at: datetime | None = None,
) -> Indicator:
    """Make an indicator of a unit. Raises NotAllowed, or DomainError naming the field."""
    if not access_of(actor).plans_for(owner.pk):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s add indicators there.") % {"unit": owner.code},
        )
    _check_sheet(sheet)
    values = {name: getattr(sheet, name) for name in IndicatorSheet.__dataclass_fields__}
    values["levels"] = list(sheet.levels)
    values["ratio_scale"] = ratio_scale(sheet.unit_of_measure) if sheet.is_ratio else 1
    texts = (sheet.title, sheet.definition)
    indicator = Indicator.objects.create(
        owner=owner,
        code=code,
        is_demo=is_demo,
        search_key=" ".join([fold(code), *(text.search_key() for text in texts)]),
        **values,
    )
    history_record(
        actor=actor,
        target=indicator,
        action="created",
        changes={"code": (None, code), "title": (None, sheet.title)},
        at=at,
    )
    return indicator


def _check_due_date(indicator: Indicator, due_on: date) -> None:
    check_date("target_due_on", due_on)
    if indicator.baseline_date is not None and due_on <= indicator.baseline_date:
        raise DomainError(
            "due_before_baseline",
            _("%(due)s does not lie after the date of the baseline, %(baseline)s.")
            % {
                "due": date_format(due_on, "SHORT_DATE_FORMAT"),
                "baseline": date_format(indicator.baseline_date, "SHORT_DATE_FORMAT"),
            },
            "target_due_on",
        )


def _check_direction(indicator: Indicator, value: Decimal, *, is_final: bool) -> None:
    """Refuse a target on the wrong side of the baseline; an interim one may equal it.

    Interim targets of a flow count from 0 on 1 January, so the baseline says nothing of them.
    """
    baseline = indicator.baseline
    is_flow = indicator.accumulation == Accumulation.FLOW and not indicator.is_ratio
    if baseline is None or (is_flow and not is_final):
        return
    figures = {"target": exact_number(value), "baseline": exact_number(baseline)}
    if value == baseline and is_final:
        raise DomainError(
            "target_equals_baseline",
            _("The target equals the baseline %(baseline)s. To keep a value, choose “%(range)s”.")
            % {**figures, "range": TargetKind.RANGE.label},
            "target",
        )
    if indicator.target_kind == TargetKind.INCREASE and value < baseline:
        raise DomainError(
            "target_below_baseline",
            _(
                "The target %(target)s lies below the baseline %(baseline)s. "
                "Give a higher target, or choose “%(other)s”."
            )
            % {**figures, "other": TargetKind.DECREASE.label},
            "target",
        )
    if indicator.target_kind == TargetKind.DECREASE and value > baseline:
        raise DomainError(
            "target_above_baseline",
            _(
                "The target %(target)s lies above the baseline %(baseline)s. "
                "Give a lower target, or choose “%(other)s”."
            )
            % {**figures, "other": TargetKind.INCREASE.label},
            "target",
        )


def _check_target(target: Target) -> None:
    """Refuse a target, not yet saved, that its indicator cannot be judged by."""
    indicator, kind = target.indicator, target.indicator.target_kind
    _check_due_date(indicator, target.due_on)
    if kind in _RISING_OR_FALLING:
        if target.value is None:
            raise DomainError("target_required", _("Give the target value."), "target")
        check_decimals("target", target.value, indicator.decimals)
        _check_direction(indicator, target.value, is_final=target.is_final)
    if kind == TargetKind.ORDINAL:
        if target.level is None:
            raise DomainError("level_required", _("Choose the level to reach."), "target")
        if target.level not in range(len(indicator.levels)):
            raise DomainError("level_unknown", _("Choose one of the levels."), "target")
    try:
        engine_input(
            indicator,
            slots=(),
            targets=[target],
            year=target.due_on.year,
            reference_date=target.due_on,
        )
    except ValueError as error:  # what none of the checks above foresaw
        raise DomainError(
            "definition_contradicts",
            _(
                "No status can follow from this: what was entered contradicts itself. "
                "Compare the kind, the baseline, the target, the tolerance and the thresholds."
            ),
        ) from error


@transaction.atomic
def target_set(
    *,
    actor: User,
    indicator: Indicator,
    due_on: date,
    value: Decimal | None = None,
    level: int | None = None,
    is_final: bool = True,
    reason: str = "",
    at: datetime | None = None,
) -> Target:
    """Append a target for a date; an earlier one for that date needs a reason to be replaced.

    Raises DomainError, naming the field of the form, for a target that the kind of indicator
    cannot be judged by: none, too many decimals, on the wrong side of the baseline, or too early.
    """
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed("not_your_unit", _("You cannot set targets of this indicator."))
    target = Target(
        indicator=indicator,
        due_on=due_on,
        value=value,
        level=level,
        is_final=is_final,
        reason=reason,
        recorded_by=actor,
        is_demo=indicator.is_demo,
    )
    _check_target(target)
    if not reason and Target.objects.filter(indicator=indicator, due_on=due_on).exists():
        raise DomainError(
            "reason_required", _("Say why the target changes: it stays on record."), "reason"
        )
    target.recorded_at = at or next_instant()
    target.save()
    return target


@transaction.atomic
def obligations_sync(*, indicator: Indicator, first: date, last: date) -> int:
    """Make the obligations of the periods that end within [first, last]; return how many are new.

    A milestone reports in the same periods as any other indicator: done, or a forecast.
    """
    known = set(indicator.obligations.values_list("period_start", "resolution"))
    rows = [
        Obligation(
            indicator=indicator,
            period_start=period.start,
            resolution=period.resolution,
            period_end=period.end,
            due_on=period.due_on(indicator.days_until_due),
            is_demo=indicator.is_demo,
        )
        for period in periods_between(indicator.frequency, first, last)
        if (period.start, period.resolution) not in known
    ]
    return len(Obligation.objects.bulk_create(rows))
