"""What may change in the list of amendments: its change feed."""

from django.db.models import Q

from ibzplan.core.api.feed_window import Feed, Tells, Window, changed, created, keys, touching
from objectives.indicators.models import Indicator
from objectives.planning.choices import AmendmentState
from objectives.planning.feeds.before import access_then, left
from objectives.planning.feeds.indicators import opened
from objectives.planning.models import Amendment, OperationalObjective
from personnel.choices import Role
from personnel.models import OrganisationUnit


def _amendment_steps(window: Window) -> Q:
    """Return the condition on amendments that the caller may have seen until now."""
    access = access_then(window)
    reads = access.is_superuser or bool(access.roles - {Role.STEERING_GROUP})
    states: list[str] = [AmendmentState.APPROVED] if reads else []
    if access.sees_submitted:
        states += [AmendmentState.SUBMITTED, AmendmentState.REJECTED]
    return access.within("unit_id") & Q(uuid__in=left(window, Amendment, states))


def _speaks_of(window: Window) -> Q:
    """Return the condition on amendments that name an objective or an indicator that changed."""
    indicators = Indicator.objects.filter(opened(window) | changed(Indicator)(window))
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
