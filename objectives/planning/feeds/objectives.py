"""What may change in the list of operational objectives: its change feed."""

from django.db.models import Q

from ibzplan.core.api.feed_window import (
    Feed,
    Tells,
    Window,
    changed,
    created,
    keys,
    spans,
    touching,
)
from objectives.indicators.models import Indicator
from objectives.planning.feeds.before import (
    access_then,
    left,
    moved_from,
    states_seen,
    was_within,
)
from objectives.planning.feeds.indicators import opened
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    Risk,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, StrategicObjective, Werf
from personnel.access import UNIT_ROLES
from personnel.choices import Role
from personnel.models import ManagementFunction, OrganisationUnit, UnitTransfer


def _hidden(window: Window) -> Q:
    """Return the condition on objectives that the caller saw until now and may not see any more.

    It is OperationalObjectiveQuerySet.visible_to by what held within the window: a step hid them,
    they went to another unit, or they contribute to the NVP no longer.
    """
    access, states = access_then(window), states_seen(access_then(window))
    stepped = Q(uuid__in=left(window, OperationalObjective, states))
    was_seen = Q(state__in=states) | stepped
    moved = Q(uuid__in=window.changed(OperationalObjective, keys=("unit",)))
    if access.is_superuser or access.sees_drafts:
        was_seen = Q()
    elif access.roles == {Role.STEERING_GROUP}:
        ended = ObjectiveSecurityLink.objects.filter(window.instants("known_until"))
        secured = window.not_ended(ObjectiveSecurityLink.objects.all())
        was_seen &= Q(pk__in=secured.values("objective"))
        moved |= Q(pk__in=ended.values("objective"))
    elif access.has(*UNIT_ROLES):
        was_own = moved_from(window, OperationalObjective, "unit", access.unit_ids)
        was_seen |= Q(uuid__in=was_own)
    return (stepped | moved) & was_within(window, OperationalObjective, "unit") & was_seen


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
    rows = Indicator.objects.filter(opened(window) | changed(Indicator)(window))
    return Q(pk__in=ObjectiveIndicator.objects.filter(indicator__in=keys(rows)).values("objective"))


def _transferred(window: Window) -> Q:
    """Return the condition on objectives that went to another unit: by both clocks."""
    rows = UnitTransfer.objects.filter(
        window.instants("recorded_at") | window.days("takes_effect_on"),
        target_type=OperationalObjective.type_name(),
    )
    return Q(uuid__in=rows.order_by().values("target_uuid"))


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
            _hidden,
            tells=Tells.ALWAYS,
        ),
    )
)
