"""What may change in the lists of plans, objectives, indicators and figures: their change feeds.

Who sees an indicator or a figure follows from the objectives that use it, so a step of an objective
touches them all. To whom a row was visible before it was hidden, its columns of now do not say any
more: the history of the step does.
"""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from ibzplan.core.api.feed_window import (
    Feed,
    Tells,
    Trail,
    Window,
    changed,
    created,
    keys,
    recorded,
    spans,
    touching,
)
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Target,
)
from objectives.planning.choices import IN_FORCE, AmendmentState, PlanState
from objectives.planning.models import (
    Amendment,
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, StrategicObjective, Werf
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import ManagementFunction, OrganisationUnit, UnitTransfer

# Indicators that are named one by one in a statement.
FEW: Final = 500
# What decides, beside the objectives that use it, who sees an indicator.
_OPENS_INDICATOR: Final = ("is_confidential", "owner")


def _access(window: Window) -> Access:
    """Return the rights by which the list was read before."""
    return access_of(window.then.user)


def _states_seen(access: Access) -> list[str]:
    """Return the states in which someone sees the objectives of other units."""
    if not access.roles and not access.is_superuser:
        return []
    return [*IN_FORCE, PlanState.SUBMITTED] if access.sees_submitted else [*IN_FORCE]


def _left(window: Window, kind: Any, states: list[str]) -> QuerySet[Any]:
    """Return the UUIDs of records that took a step out of one of these states."""
    return window.history(kind).filter(changes__state__0__in=states).values("target_uuid")


# Indicators -------------------------------------------------------------------------------------


def _links_touched(window: Window) -> QuerySet[ObjectiveIndicator]:
    """Return the uses of indicators by which who sees these may have changed."""
    secured = window.ends(ObjectiveSecurityLink.objects.all()).values("objective")
    links = ObjectiveIndicator.objects.filter(
        Q(objective__uuid__in=window.changed(OperationalObjective, keys=("state",)))
        | Q(objective__in=secured)
        | Q(pk__in=keys(window.ends(ObjectiveIndicator.objects.all())))
    )
    return links.order_by()


def _links_left(window: Window) -> QuerySet[ObjectiveIndicator]:
    """Return those by which an indicator may have been visible until now."""
    states = _states_seen(_access(window))
    in_force = Q(objective__state__in=states)
    ended = ObjectiveSecurityLink.objects.filter(window.instants("known_until"))
    links = ObjectiveIndicator.objects.filter(
        Q(objective__uuid__in=_left(window, OperationalObjective, states))
        | (in_force & window.instants("known_until"))
        | (in_force & Q(objective__in=ended.values("objective")))
    )
    return links.order_by()


def _reopened(window: Window) -> QuerySet[Indicator]:
    """Return the indicators that became confidential, or no longer are, or changed hands."""
    return Indicator.objects.filter(uuid__in=window.changed(Indicator, keys=_OPENS_INDICATOR))


def _opened(window: Window) -> Q:
    """Return the condition on indicators that someone may see now who did not before."""
    return Q(pk__in=_links_touched(window).values("indicator")) | Q(pk__in=keys(_reopened(window)))


def _closed(window: Window) -> Q:
    """Return the condition on indicators that the caller may have seen until now.

    It is IndicatorQuerySet.visible_to without what can have changed.
    """
    access = _access(window)
    if not access.roles and not access.is_superuser:
        return Q(pk__in=[])
    known = Q(is_submitted=True) if access.sees_submitted else Q(is_released=True)
    left = Q(pk__in=_links_left(window).values("indicator"))
    hidden = known & Q(uuid__in=window.changed(Indicator, keys=("is_confidential",)))
    if access.roles == {Role.STEERING_GROUP}:
        secured = ObjectiveSecurityLink.objects.values("objective")
        links = ObjectiveIndicator.objects.filter(objective__in=secured)
        left &= Q(pk__in=links.values("indicator"))
        hidden &= Q(is_security_linked=True)
    moved = Q(uuid__in=window.changed(Indicator, keys=("owner",)))
    return (access.within("owner_id") & (left | hidden)) | moved


def _defined(window: Window) -> Q:
    """Return the condition on indicators with another definition: recorded, or begun, since."""
    versions = IndicatorDefinition.objects.filter(
        window.instants("recorded_at") | window.days("valid_from")
    )
    return Q(pk__in=versions.order_by().values("indicator"))


def _origin_touched(window: Window) -> Q:
    """Return the condition on indicators whose origin can be named now, or not any more."""
    origins = Indicator.objects.filter(_opened(window) | changed(Indicator)(window))
    return Q(derived_from__in=keys(origins))


INDICATORS = Feed(
    (
        touching(
            Indicator,
            changed(Indicator),
            changed(OrganisationUnit, "owner__uuid"),
            _defined,
            _opened,
            _origin_touched,
        ),
        touching(Indicator, _closed, tells=Tells.ALWAYS),
    )
)


# Figures ----------------------------------------------------------------------------------------


def _few(rows: QuerySet[Any], column: str) -> Any:
    """Return the values of a column, read already when they are few: one query.

    With them at hand each database finds the figures by its index, among a million.
    """
    values = rows.order_by().values(column).distinct()
    found = list(values.values_list(column, flat=True)[: FEW + 1])
    return found if len(found) <= FEW else values


def _named(window: Window) -> Q:
    """Return the condition on indicators that are called otherwise, or found otherwise.

    What the filters and the words look at may have changed, where anybody asks for them.
    """
    if any(window.query.get(name) for name in ("q", "unit", "indicator")):
        units = window.changed(OrganisationUnit)
        return changed(Indicator)(window) | _defined(window) | Q(owner__uuid__in=units)
    return Q(uuid__in=window.changed(Indicator, keys=("code",)))


def _latest(rows: Any, window: Window, *, now: bool) -> Any:
    """Keep, of each slot or date, what counted at the end of the window, or before it."""
    read, moment = (window.read, window.until) if now else (window.then, window.after)
    if read.include_history:
        return rows.filter(recorded_at__lte=moment)
    access = access_of(read.user)
    if rows.model is Measurement:
        return rows.latest_for(access, moment)
    return rows.filter(pk__in=keys(Target.objects.current_for(access, moment)))


def _held(rows: Any, window: Window) -> Any:
    """Keep what the list held before the window, as far as the indicator is visible still."""
    return _latest(rows.visible_to(access_of(window.then.user), window.after), window, now=False)


def _before_and_now(find: Callable[[Window], Any], *, is_fixed: bool = False) -> tuple[Trail, ...]:
    """Return the trails of what was in the list before, and of what is in it now."""
    return (
        Trail(lambda window: _held(find(window), window), Tells.ALWAYS, is_fixed=is_fixed),
        Trail(lambda window: _latest(find(window), window, now=True), is_fixed=is_fixed),
    )


def _of_touched(model: Any) -> tuple[Trail, ...]:
    """Return the trails of the figures of indicators that changed."""

    def of(condition: Q) -> Any:
        return model.objects.filter(indicator__in=_few(Indicator.objects.filter(condition), "pk"))

    def touched(window: Window) -> Any:
        return of(_opened(window) | _named(window))

    def closed(window: Window) -> Any:
        rows = of(_closed(window)).filter(recorded_at__lte=window.after)
        return _latest(rows, window, now=False) if model is Measurement else rows

    return (*_before_and_now(touched), Trail(closed, Tells.ALWAYS))


def _of_slots(given: QuerySet[Any], **slot: str) -> QuerySet[Measurement]:
    """Return the figures of the slots of `given`; `slot` maps a column of it to one of a figure.

    The first one names the indicator.
    """
    here = given.filter(**{name: OuterRef(own) for name, own in slot.items()})
    return Measurement.objects.filter(Exists(here), indicator__in=_few(given, next(iter(slot))))


def _corrected(window: Window) -> Any:
    """Return the figures in whose place another one was recorded."""
    if window.read.include_history:
        return Measurement.objects.none()
    given = Measurement.objects.filter(window.instants("recorded_at"))
    rows = _of_slots(
        given,
        indicator="indicator",
        period_start="period_start",
        resolution="resolution",
        breakdown_key="breakdown_key",
    )
    return _held(rows, window)


def _reviewed(window: Window) -> QuerySet[Measurement]:
    """Return the figures of periods in which one was validated, returned or locked."""
    given = MeasurementEvent.objects.filter(window.instants("recorded_at"))
    return _of_slots(
        given,
        measurement__indicator="indicator",
        measurement__period_start="period_start",
        measurement__resolution="resolution",
    )


def _over(window: Window) -> Any:
    """Return the figures of periods that are over since: the list shows no other ones."""
    if window.first_day == window.last_day:
        return Measurement.objects.none()
    return _latest(Measurement.objects.filter(window.days("period_end")), window, now=True)


def _set_again(window: Window) -> Any:
    """Return the targets in whose place another one was set."""
    if window.read.include_history:
        return Target.objects.none()
    again = Target.objects.filter(
        window.instants("recorded_at"),
        indicator=OuterRef("indicator"),
        due_on=OuterRef("due_on"),
    )
    return _held(Target.objects.filter(Exists(again)), window)


MEASUREMENTS = Feed(
    (
        recorded(Measurement),
        Trail(_corrected, Tells.ALWAYS, is_fixed=True),
        *_before_and_now(_reviewed, is_fixed=True),
        Trail(_over, is_fixed=True),
        *_of_touched(Measurement),
    )
)

TARGETS = Feed(
    (recorded(Target), Trail(_set_again, Tells.ALWAYS, is_fixed=True), *_of_touched(Target))
)


# Plans, objectives and amendments ---------------------------------------------------------------


def _steps_of(kind: Any) -> Callable[[Window], Q]:
    """Return the condition that a record took a step that may have hidden it."""
    return lambda window: Q(uuid__in=_left(window, kind, _states_seen(_access(window))))


def _objective_steps(window: Window) -> Q:
    """Return the condition that an objective took a step that may have hidden it."""
    access = _access(window)
    stepped = access.within("unit_id") & _steps_of(OperationalObjective)(window)
    if access.roles == {Role.STEERING_GROUP}:
        stepped &= Q(pk__in=ObjectiveSecurityLink.objects.values("objective"))
    return stepped | Q(uuid__in=window.changed(OperationalObjective, keys=("unit",)))


def _activities(window: Window) -> Q:
    """Return the condition on objectives of which an activity or a milestone changed."""
    milestones = Milestone.objects.filter(
        Q(uuid__in=window.changed(Milestone)) | Q(pk__in=keys(window.ends(Milestone.objects.all())))
    )
    activities = Activity.objects.filter(
        Q(uuid__in=window.changed(Activity))
        | Q(pk__in=keys(window.ends(Activity.objects.all())))
        | Q(pk__in=milestones.order_by().values("activity"))
    )
    return Q(uuid__in=activities.order_by().values("target_uuid"))


def _uses(window: Window) -> Q:
    """Return the condition on objectives that use an indicator that can be named otherwise."""
    rows = Indicator.objects.filter(_opened(window) | changed(Indicator)(window))
    return Q(pk__in=ObjectiveIndicator.objects.filter(indicator__in=keys(rows)).values("objective"))


def _transferred(window: Window) -> Q:
    """Return the condition on objectives that went to another unit: by both clocks."""
    rows = UnitTransfer.objects.filter(
        window.instants("recorded_at") | window.days("takes_effect_on"),
        target_type=OperationalObjective.type_name(),
    )
    return Q(uuid__in=rows.order_by().values("target_uuid"))


def _unsecured(window: Window) -> Q:
    """Return the condition on objectives in force that contribute to the NVP no longer."""
    ended = ObjectiveSecurityLink.objects.filter(window.instants("known_until"))
    states = _states_seen(_access(window))
    return Q(state__in=states, pk__in=ended.values("objective"))


OBJECTIVES = Feed(
    (
        created(OperationalObjective),
        touching(
            OperationalObjective,
            changed(OperationalObjective),
            spans(ObjectiveIndicator, "objective"),
            spans(ObjectiveSecurityLink, "objective"),
            spans(ObjectiveGoal, "objective"),
            spans(CoOwner, "objective"),
            spans(Risk, "objective"),
            _activities,
            _uses,
            _transferred,
        ),
        touching(
            OperationalObjective,
            changed(Risk, "risks__uuid"),
            changed(OrganisationUnit, "unit__uuid"),
            changed(OrganisationUnit, "sub_unit__uuid"),
            changed(OrganisationUnit, "co_owners__unit__uuid"),
            changed(ManagementFunction, "holder__uuid"),
            changed(Werf, "werf__uuid"),
            changed(StrategicObjective, "werf__objective__uuid"),
            changed(Goal, "goal_links__goal__uuid"),
            changed(SecurityObjective, "security_links__security_objective__uuid"),
        ),
        touching(
            OperationalObjective,
            _objective_steps,
            _unsecured,
            tells=Tells.ALWAYS,
        ),
    )
)

PLANS = Feed(
    (
        created(OperationalPlan),
        touching(OperationalPlan, changed(OperationalPlan)),
        touching(OperationalPlan, _steps_of(OperationalPlan), tells=Tells.ALWAYS),
    )
)


def _amendment_steps(window: Window) -> Q:
    """Return the condition on amendments that the caller may have seen until now."""
    access = _access(window)
    states: list[str] = [AmendmentState.APPROVED] if access.roles or access.is_superuser else []
    if access.sees_submitted:
        states += [AmendmentState.SUBMITTED, AmendmentState.REJECTED]
    return access.within("unit_id") & Q(uuid__in=_left(window, Amendment, states))


def _speaks_of(window: Window) -> Q:
    """Return the condition on amendments that name an objective or an indicator that changed."""
    indicators = Indicator.objects.filter(_opened(window) | changed(Indicator)(window))
    objectives = window.changed(OperationalObjective)
    return (
        Q(changes__objectives__uuid__in=objectives)
        | Q(changes__results__uuid__in=objectives)
        | Q(changes__indicator__in=keys(indicators))
    )


AMENDMENTS = Feed(
    (
        created(Amendment),
        touching(
            Amendment, changed(Amendment), changed(OrganisationUnit, "unit__uuid"), _speaks_of
        ),
        touching(Amendment, _amendment_steps, tells=Tells.ALWAYS),
    )
)
