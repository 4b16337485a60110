"""What may change in the list of indicators: its change feed."""

from typing import Any, Final

from django.db.models import Q, QuerySet

from ibzplan.core.api.feed_window import Feed, Tells, Window, changed, keys, touching
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.planning.feeds.before import (
    access_then,
    left,
    states_seen,
    was_of,
    was_within,
)
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
)
from personnel.access import UNIT_ROLES
from personnel.choices import Role
from personnel.models import OrganisationUnit

# What decides, beside the objectives that use it, who sees an indicator.
_OPENS_INDICATOR: Final = ("is_confidential", "owner")


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
    states = states_seen(access_then(window))
    in_force = Q(objective__state__in=states)
    ended = ObjectiveSecurityLink.objects.filter(window.instants("known_until"))
    links = ObjectiveIndicator.objects.filter(
        Q(objective__uuid__in=left(window, OperationalObjective, states))
        | (in_force & window.instants("known_until"))
        | (in_force & Q(objective__in=ended.values("objective")))
    )
    return links.order_by()


def _reopened(window: Window) -> QuerySet[Indicator]:
    """Return the indicators that became confidential, or no longer are, or changed hands."""
    return Indicator.objects.filter(uuid__in=window.changed(Indicator, keys=_OPENS_INDICATOR))


def opened(window: Window) -> Q:
    """Return the condition on indicators that someone may see now who did not before."""
    return Q(pk__in=_links_touched(window).values("indicator")) | Q(pk__in=keys(_reopened(window)))


def closed(window: Window) -> Q:
    """Return the condition on indicators that the caller saw until now and may not see any more.

    It is IndicatorQuerySet.visible_to by what held within the window.
    """
    access = access_then(window)
    used = Q(pk__in=_links_left(window).values("indicator"))
    hidden = Q(uuid__in=_made_confidential(window))
    moved = Q(uuid__in=window.changed(Indicator, keys=("owner",)))
    was_seen = used | (Q(is_submitted=True) if access.sees_submitted else Q(is_released=True))
    return (
        (used | hidden | moved)
        & was_within(window, Indicator, "owner")
        & _was_visible(window, was_seen)
    )


def _made_confidential(window: Window) -> QuerySet[Any]:
    """Return the UUIDs of the indicators that everyone could see within the window."""
    entries = window.history(Indicator).filter(changes__is_confidential__0=False)
    return entries.values("target_uuid")


def _was_visible(window: Window, was_seen: Q) -> Q:
    """Return the condition that the caller saw an indicator, where an objective let it be seen."""
    access = access_then(window)
    if access.is_superuser or access.sees_drafts:
        return Q()
    was_open = Q(is_confidential=False) | Q(uuid__in=_made_confidential(window))
    if access.roles == {Role.STEERING_GROUP}:
        secured = window.not_ended(ObjectiveSecurityLink.objects.all()).values("objective")
        links = ObjectiveIndicator.objects.filter(objective__in=secured)
        return was_seen & was_open & Q(pk__in=links.values("indicator"))
    own = was_of(window, Indicator, "owner", access.unit_ids if access.has(*UNIT_ROLES) else ())
    if not access.roles:
        return Q(pk__in=[])
    if access.has(Role.CORPORATE, Role.COMMITTEE):
        return own | (was_seen & was_open)
    return own | (was_seen & (was_open | was_of_minister(window)))


def was_of_minister(window: Window) -> Q:
    """Return the condition on indicators that were of a unit of the caller's minister."""
    return was_of(window, Indicator, "owner", access_then(window).minister_unit_ids)


def defined(window: Window) -> Q:
    """Return the condition on indicators with another definition: recorded, or begun, since."""
    versions = IndicatorDefinition.objects.filter(
        window.instants("recorded_at") | window.days("valid_from")
    )
    return Q(pk__in=versions.order_by().values("indicator"))


def _origin_touched(window: Window) -> Q:
    """Return the condition on indicators whose origin can be named now, or not any more."""
    origins = Indicator.objects.filter(opened(window) | changed(Indicator)(window))
    return Q(derived_from__in=keys(origins))


INDICATORS = Feed(
    (
        touching(
            Indicator,
            changed(Indicator),
            changed(OrganisationUnit, "owner__uuid"),
            defined,
            opened,
            _origin_touched,
        ),
        touching(Indicator, closed, tells=Tells.ALWAYS),
    )
)
