"""The indicators below an objective: made, defined anew, reused, weighed, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition, Measurement, Target
from objectives.indicators.services import (
    IndicatorSheet,
    indicator_create,
    indicator_define,
    obligations_sync,
    target_set,
)
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors.readings import place_code
from objectives.planning.services.links import (
    current_link,
    indicators_refresh,
    must_be_open,
    must_plan_for,
    raise_version,
    raise_versions,
)
from personnel.access import access_of
from personnel.models import User

MAX_WEIGHT: Final = 100


def _link(
    objective: OperationalObjective,
    indicator: Indicator,
    *,
    weight: int,
    is_key: bool,
    at: datetime,
) -> ObjectiveIndicator:
    """Put an indicator below an objective; a withdrawn one gets its old place back."""
    _check_weight(weight)
    earlier = objective.indicator_links.filter(indicator=indicator).order_by("pk").first()
    places = objective.indicator_links.values_list("order", flat=True)
    link = ObjectiveIndicator.objects.create(
        objective=objective,
        indicator=indicator,
        weight=weight,
        is_key=is_key,
        order=earlier.order if earlier else max(places, default=0) + 1,
        known_from=at,
        is_demo=objective.is_demo,
    )
    indicators_refresh([indicator.pk])
    raise_version(objective)
    return link


def _check_weight(weight: int) -> None:
    if not 1 <= weight <= MAX_WEIGHT:
        raise DomainError(
            "weight_out_of_range",
            _("The weight %(weight)s does not lie from 1 to %(most)s.")
            % {"weight": weight, "most": MAX_WEIGHT},
            "weight",
        )


def _year_days(objective: OperationalObjective) -> tuple[date, date]:
    year = objective.plan.year
    return date(year, 1, 1), date(year, 12, 31)


@transaction.atomic
def indicator_add(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: IndicatorSheet,
    target: Decimal | None = None,
    target_level: int | None = None,
    target_due_on: date | None = None,
    interim: Sequence[tuple[date, Decimal]] = (),
    weight: int = 1,
    is_key: bool = False,
    derived_from: Indicator | None = None,
    uuid: UUID | None = None,
    at: datetime | None = None,
) -> Indicator:
    """Make an indicator below an objective, with its final target and its obligations.

    The target is due on the last day of the plan year unless `target_due_on` says otherwise.
    `interim` are dated values on the way to it. `derived_from` is the indicator of another unit
    whose definition was copied. With the `uuid` of an indicator that exists already (a form sent
    twice) that one is returned.
    Raises NotAllowed, or DomainError naming the field.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    again = _made_already(actor, uuid)
    if again is not None:
        return again
    must_be_open(objective)
    _must_see(actor, derived_from)
    first, last = _year_days(objective)
    count = objective.indicator_links.values("indicator").distinct().count()
    indicator = indicator_create(
        actor=actor,
        owner=objective.unit,
        code=f"{first.year}-{place_code(objective.code, count)}",
        sheet=sheet,
        derived_from=derived_from,
        uuid=uuid,
        is_demo=objective.is_demo,
        at=at,
    )
    target_set(
        actor=actor,
        indicator=indicator,
        due_on=target_due_on or last,
        value=target,
        level=target_level,
        plan_year=first.year,
        at=at,
    )
    _interim_set(actor, indicator, interim, plan_year=first.year, at=at)
    obligations_sync(indicator=indicator, first=first, last=last, at=at)
    _link(objective, indicator, weight=weight, is_key=is_key, at=at)
    return indicator


def _made_already(actor: User, uuid: UUID | None) -> Indicator | None:
    """Return the indicator that the same form made before; another unit's is refused."""
    if uuid is None:
        return None
    found = Indicator.objects.select_related("owner").filter(uuid=uuid).first()
    if found is not None:
        must_plan_for(actor, found.owner)
    return found


@transaction.atomic
def indicator_redefine(
    *,
    actor: User,
    indicator: Indicator,
    sheet: IndicatorSheet,
    reason: str = "",
    valid_from: date | None = None,
    is_series_break: bool | None = None,
    expected_version: int | None = None,
) -> IndicatorDefinition | None:
    """Append a version of the definition, see indicator_define; return it, or None.

    It counts as a change of every open objective that uses the indicator, so that nobody approves
    a definition that they have not seen.
    """
    next_instant()  # takes the lock, so that nobody approves meanwhile
    before = Indicator.objects.values_list("version", flat=True).get(pk=indicator.pk)
    definition = indicator_define(
        actor=actor,
        indicator=indicator,
        sheet=sheet,
        reason=reason,
        valid_from=valid_from,
        is_series_break=is_series_break,
        expected_version=expected_version,
    )
    if Indicator.objects.values_list("version", flat=True).get(pk=indicator.pk) != before:
        raise_versions(indicator)
    return definition


def _must_see(actor: User, source: Indicator | None) -> None:
    """Refuse to copy what the user may not read."""
    visible = Indicator.objects.visible_to(access_of(actor))
    if source is not None and not visible.filter(pk=source.pk).exists():
        raise NotAllowed("not_visible", _("You cannot copy this definition."))


def _interim_set(
    actor: User,
    indicator: Indicator,
    interim: Sequence[tuple[date, Decimal]],
    *,
    plan_year: int,
    at: datetime,
) -> None:
    """Set the interim targets; a refusal names the row of the form: interim_2_value."""
    for row, (due_on, typed) in enumerate(interim, start=1):
        value, level = value_and_level(indicator, typed)
        try:
            target_set(
                actor=actor,
                indicator=indicator,
                due_on=due_on,
                value=value,
                level=level,
                is_final=False,
                plan_year=plan_year,
                at=at,
            )
        except DomainError as error:
            part = "due_on" if error.field in ("target_due_on", "reason") else "value"
            raise DomainError(error.code, error.message, f"interim_{row}_{part}") from error


def value_and_level(indicator: Indicator, typed: Decimal) -> tuple[Decimal | None, int | None]:
    """Return what was typed as the value or the level that it is, by the kind of the indicator.

    What is no level at all becomes -1, which no level has.
    """
    if indicator.target_kind != TargetKind.ORDINAL:
        return typed, None
    return None, int(typed) if typed == int(typed) and typed >= 0 else -1


@transaction.atomic
def indicator_reuse(
    *,
    actor: User,
    objective: OperationalObjective,
    indicator: Indicator,
    target: Decimal | None = None,
    target_level: int | None = None,
    target_due_on: date | None = None,
    weight: int = 1,
    is_key: bool = False,
    is_target_later: bool = False,
    at: datetime | None = None,
) -> ObjectiveIndicator:
    """Let an objective go on with a series of its own unit: definition and figures continue.

    The new plan year gets its obligations and, unless a target of an earlier year still runs, its
    own target; with `is_target_later` the planner sets that one afterwards.
    Raises NotAllowed, or DomainError naming the field.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    must_be_open(objective)
    if indicator.owner_id != objective.unit_id:
        raise NotAllowed(
            "other_unit",
            _("This series belongs to %(unit)s: copy its definition instead.")
            % {"unit": indicator.owner.code},
        )
    first, last = _year_days(objective)
    if objective.indicator_links.current().filter(indicator=indicator).exists():
        raise DomainError(
            "already_linked", _("This objective uses the indicator already."), "indicator"
        )
    due_on = target_due_on or last
    if not is_target_later and _needs_target(
        indicator, target, target_level, due_on=due_on, since=first
    ):
        replaced = Target.objects.filter(indicator=indicator, due_on=due_on).exists()
        target_set(
            actor=actor,
            indicator=indicator,
            due_on=due_on,
            value=target,
            level=target_level,
            plan_year=first.year,
            reason=_("Set for the plan of %(year)s.") % {"year": first.year} if replaced else "",
            at=at,
        )
    obligations_sync(indicator=indicator, first=first, last=last, at=at)
    link = _link(objective, indicator, weight=weight, is_key=is_key, at=at)
    history_record(
        actor=actor,
        target=objective,
        action="indicator_reused",
        changes={"indicator": (None, indicator.code)},
        at=at,
    )
    return link


def _needs_target(
    indicator: Indicator,
    target: Decimal | None,
    level: int | None,
    *,
    due_on: date,
    since: date,
) -> bool:
    """Tell whether a target is to be set; one of an earlier plan that is due later may do."""
    running = (
        Target.objects.filter(indicator=indicator, is_final=True, due_on__gte=since)
        .order_by("recorded_at", "pk")
        .last()
    )
    if target is None and level is None and indicator.target_kind != TargetKind.MILESTONE:
        return running is None
    if running is None:
        return True
    return (running.due_on, running.value, running.level) != (due_on, target, level)


@transaction.atomic
def indicator_weigh(
    *,
    actor: User,
    objective: OperationalObjective,
    indicator: Indicator,
    weight: int,
    is_key: bool,
) -> bool:
    """Give an indicator another weight in its objective; return whether anything changed."""
    must_plan_for(actor, objective.unit)
    at = next_instant()
    must_be_open(objective)
    link = current_link(objective, indicator)
    if (link.weight, link.is_key) == (weight, is_key):
        return False
    ObjectiveIndicator.objects.filter(pk=link.pk).update(known_until=at)
    _link(objective, indicator, weight=weight, is_key=is_key, at=at)
    history_record(
        actor=actor,
        target=objective,
        action="indicator_weighed",
        changes={indicator.code: ([link.weight, link.is_key], [weight, is_key])},
        at=at,
    )
    return True


@transaction.atomic
def indicator_withdraw(
    *, actor: User, objective: OperationalObjective, indicator: Indicator, reason: str = ""
) -> None:
    """Take an indicator out of an objective that is not approved; nothing recorded is lost.

    What was due for the plan year and nobody measures elsewhere is no longer asked for.
    Raises NotAllowed, or DomainError when the objective does not use it.
    """
    must_plan_for(actor, objective.unit)
    at = next_instant()
    must_be_open(objective)
    link = current_link(objective, indicator)
    ObjectiveIndicator.objects.filter(pk=link.pk).update(known_until=at)
    year = objective.plan.year
    used = ObjectiveIndicator.objects.current().filter(
        indicator=indicator, objective__plan__year=year
    )
    if not used.exists():
        measured = Measurement.objects.filter(
            indicator=indicator,
            period_start=OuterRef("period_start"),
            resolution=OuterRef("resolution"),
        )
        indicator.obligations.current().filter(~Exists(measured), period_end__year=year).update(
            known_until=at
        )
    indicators_refresh([indicator.pk])
    raise_version(objective)
    history_record(
        actor=actor,
        target=objective,
        action="indicator_withdrawn",
        changes={"indicator": (indicator.code, None)},
        reason=reason.strip(),
        at=at,
    )


def may_reuse(actor: User, objective: OperationalObjective) -> bool:
    """Tell whether the user takes indicators from the library into this objective."""
    return objective.is_open and access_of(actor).plans_for(objective.unit_id)
