"""Setting targets; a later one for the same date replaces the earlier, which stays on record."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.formatting import exact_number
from objectives.indicators.models import Indicator, Target
from objectives.indicators.selectors.definitions import defined_on
from objectives.indicators.selectors.engine_inputs import engine_input
from objectives.indicators.selectors.targets import targets_set
from objectives.indicators.services.definition_checks import (
    RISING_OR_FALLING,
    check_date,
    check_decimals,
)
from personnel.access import access_of
from personnel.models import User


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


def check_target(target: Target) -> None:
    """Refuse a target, not yet saved, that its indicator cannot be judged by."""
    indicator, kind = target.indicator, target.indicator.target_kind
    _check_due_date(indicator, target.due_on)
    if kind in RISING_OR_FALLING:
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


def _check_interim(target: Target) -> None:
    """Refuse an interim target that no trajectory of its plan leads through."""
    if target.is_final:
        return
    indicator = target.indicator
    if indicator.target_kind in (TargetKind.RANGE, TargetKind.MILESTONE):
        raise DomainError(
            "interim_without_path",
            _("“%(kind)s” has no interim targets. Leave them empty.")
            % {"kind": TargetKind(indicator.target_kind).label},
            "target",
        )
    running = targets_set(indicator, plan_year=target.plan_year)
    finals = [row for row in running if row.is_final and row.plan_year == target.plan_year]
    final = finals[-1] if finals else None
    if final is not None and target.due_on >= final.due_on:
        raise DomainError(
            "interim_after_target",
            _("%(due)s is not before %(final)s, the day on which the target is due.")
            % {
                "due": date_format(target.due_on, "SHORT_DATE_FORMAT"),
                "final": date_format(final.due_on, "SHORT_DATE_FORMAT"),
            },
            "target_due_on",
        )


@transaction.atomic
def target_set(
    *,
    actor: User,
    indicator: Indicator,
    due_on: date,
    value: Decimal | None = None,
    level: int | None = None,
    is_final: bool = True,
    plan_year: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Target:
    """Append a target for a date; an earlier one for that date needs a reason to be replaced.

    `plan_year` is the year of the plan that sets it, by default the year in which it is due.

    Raises DomainError, naming the field of the form, for a target that the kind of indicator
    cannot be judged by: none, too many decimals, on the wrong side of the baseline, or too early.
    The definition that holds at the end of the plan year says so.
    """
    must_set_targets(actor, indicator)
    return target_write(
        actor=actor,
        indicator=indicator,
        due_on=due_on,
        value=value,
        level=level,
        is_final=is_final,
        plan_year=plan_year or due_on.year,
        reason=reason,
        at=at or next_instant(),  # takes the lock, so that what follows cannot be overtaken
    )


def must_set_targets(actor: User, indicator: Indicator) -> None:
    """Refuse whoever does not plan for the unit of the indicator."""
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed("not_your_unit", _("You cannot set targets of this indicator."))


def target_write(
    *,
    actor: User,
    indicator: Indicator,
    due_on: date,
    value: Decimal | None,
    level: int | None,
    is_final: bool,
    plan_year: int,
    reason: str,
    at: datetime,
) -> Target:
    """Append a target by all rules of target_set but who may: an approved amendment does too."""
    recorded_at, year = at, plan_year
    target = Target(
        indicator=defined_on(indicator, date(year, 12, 31), recorded_at),
        due_on=due_on,
        plan_year=year,
        value=value,
        level=level,
        is_final=is_final,
        reason=reason,
        recorded_by=actor,
        recorded_at=recorded_at,
        is_demo=indicator.is_demo,
    )
    check_target(target)
    _check_interim(target)
    if not reason and Target.objects.filter(indicator=indicator, due_on=due_on).exists():
        raise _reason_required()
    target.save()
    return target


def _reason_required() -> DomainError:
    return DomainError(
        "reason_required", _("Say why the target changes: it stays on record."), "reason"
    )


@transaction.atomic
def target_lift(
    *, actor: User, target: Target, plan_year: int, reason: str, at: datetime | None = None
) -> Target:
    """Append that there is no target on that date any more, from a plan year on, and why.

    The target stays on record, and earlier plan years go on being judged by it.
    """
    must_set_targets(actor, target.indicator)
    return target_end(
        actor=actor, target=target, plan_year=plan_year, reason=reason, at=at or next_instant()
    )


def target_end(*, actor: User, target: Target, plan_year: int, reason: str, at: datetime) -> Target:
    """Append that a target is lifted by all rules of target_lift but who may."""
    if not reason:
        raise _reason_required()
    return Target.objects.create(
        indicator=target.indicator,
        due_on=target.due_on,
        plan_year=plan_year,
        is_final=False,
        reason=reason,
        recorded_by=actor,
        recorded_at=at,
        is_demo=target.is_demo,
    )
