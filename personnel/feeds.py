"""What may change in the lists of units and ministers: their change feeds."""

from django.db.models import Q

from ibzplan.core.api.feed_window import Feed, Window, changed, created, touching
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    SupervisingMinister,
    UnitName,
)


def _come_or_gone(window: Window) -> Q:
    """Return the condition on units that exist since, or no longer, or answer to others."""
    return (
        window.days("valid_from")
        | window.ended_days("valid_to")
        | window.days("minister_links__valid_from")
        | window.ended_days("minister_links__valid_to")
        | window.instants("minister_links__created_at")
    )


def _taken_over(window: Window) -> Q:
    """Return the condition on offices that someone else holds since, or with other units."""
    return (
        window.days("holders__holds_from")
        | window.ended_days("holders__holds_to")
        | window.instants("holders__created_at")
        | window.days("unit_links__valid_from")
        | window.ended_days("unit_links__valid_to")
        | window.instants("unit_links__created_at")
    )


UNITS = Feed(
    (
        created(OrganisationUnit),
        touching(
            OrganisationUnit,
            changed(OrganisationUnit),
            changed(OrganisationUnit, "parent__uuid"),
            changed(UnitName, "names__uuid"),
            changed(MinisterUnit, "minister_links__uuid"),
            changed(SupervisingMinister, "minister_links__minister__uuid"),
            _come_or_gone,
        ),
    )
)

MINISTERS = Feed(
    (
        created(SupervisingMinister),
        touching(
            SupervisingMinister,
            changed(SupervisingMinister),
            changed(OfficeHolder, "holders__uuid"),
            changed(MinisterUnit, "unit_links__uuid"),
            changed(OrganisationUnit, "unit_links__unit__uuid"),
            _taken_over,
        ),
    )
)
