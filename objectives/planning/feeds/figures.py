"""What may change in the lists of figures and targets: their change feeds."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from ibzplan.core.api.feed_window import Feed, Tells, Trail, Window, changed, keys, recorded
from objectives.indicators.models import Indicator, Measurement, MeasurementEvent, Target
from objectives.planning.feeds.before import access_then, left, states_seen, was_of
from objectives.planning.feeds.indicators import closed, defined, opened, was_of_minister
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from personnel.access import UNIT_ROLES, access_of
from personnel.models import OrganisationUnit

# Indicators that are named one by one in a statement.
FEW: Final = 500


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
        return changed(Indicator)(window) | defined(window) | Q(owner__uuid__in=units)
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
        return of(opened(window) | _named(window))

    def gone(window: Window) -> Any:
        rows = of(closed(window)).filter(recorded_at__lte=window.after)
        return (_figures_gone if model is Measurement else _targets_gone)(rows, window)

    return (*_before_and_now(touched), Trail(gone, Tells.ALWAYS))


def _figures_gone(rows: Any, window: Window) -> Any:
    """Keep, of the figures of indicators that the caller saw, those that the list held before.

    MeasurementQuerySet.visible_to asks whether the indicator is visible now: here it is not.
    """
    if access_then(window).validated_only_outside:
        near = Q(indicator__in=keys(Indicator.objects.filter(was_of_minister(window))))
        rows = rows.with_validation(window.after).filter(Q(is_validated=True) | near)
    if window.then.include_history:
        return rows
    slot = ("indicator", "period_start", "resolution", "breakdown_key")
    return rows.filter(~Exists(_later(rows, *slot)))


def _targets_gone(rows: Any, window: Window) -> Any:
    """Keep, of the targets of indicators that the caller saw, those that the list held before.

    It is PlannedFactQuerySet.visible_to by what held within the window.
    """
    access = access_then(window)
    if not (access.is_superuser or access.sees_drafts):
        units = access.unit_ids if access.has(*UNIT_ROLES) else ()
        own = Indicator.objects.filter(was_of(window, Indicator, "owner", units))
        read = keys(rows.approved_by(window.until))
        if access.sees_submitted:
            read = keys(rows.filter(Exists(_submitted(window))))
        rows = rows.filter(Q(indicator__in=keys(own)) | Q(pk__in=read))
    if window.then.include_history:
        return rows
    return rows.filter(~Exists(_later(rows, "indicator", "due_on")))


def _later(rows: Any, *slot: str) -> Any:
    """Return what was recorded after a row in its place."""
    same = {name: OuterRef(name) for name in slot}
    return rows.filter(recorded_at__gt=OuterRef("recorded_at"), **same)


def _submitted(window: Window) -> QuerySet[ObjectiveIndicator]:
    """Return the uses of a target's indicator in a submitted plan of its year, or a later one."""
    states = states_seen(access_then(window))
    stepped = left(window, OperationalObjective, states)
    return window.not_ended(ObjectiveIndicator.objects.all()).filter(
        Q(objective__state__in=states) | Q(objective__uuid__in=stepped),
        indicator=OuterRef("indicator"),
        objective__plan__year__gte=OuterRef("plan_year"),
    )


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
