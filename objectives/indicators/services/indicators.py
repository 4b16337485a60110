"""Making an indicator, setting its targets, deriving its obligations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.choices import Accumulation, Frequency, TargetKind, Trajectory
from objectives.indicators.models import Indicator, Obligation, Target
from objectives.indicators.periods import periods_between
from personnel.access import access_of
from personnel.models import OrganisationUnit, User


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


def _check_sheet(sheet: IndicatorSheet) -> None:
    """Refuse what the status engine could not judge; the message names the remedy."""
    if not sheet.title:
        raise DomainError("title_required", _("Give the indicator a name."), "title")
    kind = sheet.target_kind
    if kind in (TargetKind.INCREASE, TargetKind.DECREASE) and sheet.baseline is None:
        raise DomainError(
            "baseline_required",
            _("Give the baseline: without it nobody can tell whether things improve."),
            "baseline",
        )
    if sheet.baseline is not None and sheet.baseline_date is None:
        raise DomainError(
            "baseline_date_required", _("Say on which date the baseline holds."), "baseline_date"
        )
    if kind == TargetKind.RANGE:
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
                % {"low": sheet.range_low, "high": sheet.range_high},
                "range_low",
            )
    if kind == TargetKind.ORDINAL and len(sheet.levels) < 2:
        raise DomainError("levels_required", _("Name at least two levels."), "levels")


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

    Raises DomainError when the kind of indicator needs a value or a level and there is none.
    """
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed("not_your_unit", _("You cannot set targets of this indicator."))
    kind = indicator.target_kind
    if kind in (TargetKind.INCREASE, TargetKind.DECREASE) and value is None:
        raise DomainError("target_required", _("Give the target value."), "target")
    if kind == TargetKind.ORDINAL and level is None:
        raise DomainError("level_required", _("Choose the level to reach."), "target")
    if not reason and Target.objects.filter(indicator=indicator, due_on=due_on).exists():
        raise DomainError(
            "reason_required", _("Say why the target changes: it stays on record."), "reason"
        )
    return Target.objects.create(
        indicator=indicator,
        due_on=due_on,
        value=value,
        level=level,
        is_final=is_final,
        reason=reason,
        recorded_by=actor,
        recorded_at=at or next_instant(),
        is_demo=indicator.is_demo,
    )


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
