"""Chainable filters of operational objectives; they import no models."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from ibzplan.core.querysets import KnownSpanQuerySet

if TYPE_CHECKING:
    from personnel.access import Access


class OperationalObjectiveQuerySet(models.QuerySet[Any]):
    """Operational objectives."""

    def in_force_at(self, moment: datetime) -> "OperationalObjectiveQuerySet":
        """Keep objectives that were approved on or before `moment`, closed ones included.

        One that an amendment withdrew was in force until then.
        """
        stands = Q(state__in=["approved", "closed"]) | Q(withdrawn_at__gt=moment)
        return self.filter(stands, approved_at__lte=moment)

    def in_force_between(self, first: datetime, last: datetime) -> "OperationalObjectiveQuerySet":
        """Keep objectives that were in force at one or more of the moments from first to last."""
        stands = Q(state__in=["approved", "closed"]) | Q(withdrawn_at__gt=first)
        return self.filter(stands, approved_at__lte=last)

    def standing_at(self, moment: datetime) -> "OperationalObjectiveQuerySet":
        """Leave out those that an amendment had taken out of their plan by then."""
        return self.exclude(withdrawn_at__lte=moment)

    def known_at(self, moment: datetime) -> "OperationalObjectiveQuerySet":
        """Keep those that existed then, as a draft or approved; see selectors.judgements."""
        return self.filter(Q(approved_at__lte=moment) | Q(created_at__lte=moment))

    def visible_to(self, access: "Access") -> "OperationalObjectiveQuerySet":
        """Keep what design.md section 9 lets the user see."""
        rows = self.filter(access.within("unit_id"))
        if access.is_superuser or access.sees_drafts:
            return rows
        if not access.roles:
            return rows.none()
        approved = Q(state__in=["approved", "closed", "withdrawn"])
        if access.roles == {"steering_group"}:
            linked = Q(security_links__isnull=False, security_links__known_until=None)
            return rows.filter(approved & linked).distinct()
        own = Q(unit_id__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        submitted = Q(state="submitted") if access.sees_submitted else Q(pk=None)
        return rows.filter(approved | own | submitted)


class ObjectiveIndicatorQuerySet(KnownSpanQuerySet):
    """Which objective uses which indicator."""


class ObjectiveSecurityLinkQuerySet(KnownSpanQuerySet):
    """Which objective contributes to which objective of the NVP."""


class AmendmentQuerySet(models.QuerySet[Any]):
    """Amendments of plans in force."""

    def visible_to(self, access: "Access") -> "AmendmentQuerySet":
        """Keep approved ones for everyone with a role; others as drafts of objectives.

        Who follows the NVP only reads no amendment: it speaks of objectives outside it.
        """
        rows = self.filter(access.within("unit_id"))
        if access.is_superuser or access.sees_drafts:
            return rows
        if not access.roles or access.roles == {"steering_group"}:
            return rows.none()
        own = Q(unit_id__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        submitted = Q(state__in=["submitted", "rejected"]) if access.sees_submitted else Q(pk=None)
        corporate = Q(unit=None) if access.has("corporate") else Q(pk=None)
        return rows.filter(Q(state="approved") | own | submitted | corporate)

    def known_to(self, access: "Access", moment: datetime) -> "AmendmentQuerySet":
        """Keep what the user may see of what was there at `moment`, as far as it had come then.

        Whoever reads drafts of the unit reads those of then too; all others what was submitted,
        or approved, by then.
        """
        rows = self.visible_to(access).filter(created_at__lte=moment)
        if access.is_superuser or access.sees_drafts:
            return rows
        own = Q(unit_id__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        corporate = Q(unit=None) if access.has("corporate") else Q(pk=None)
        sent = Q(submitted_at__lte=moment) if access.sees_submitted else Q(pk=None)
        approved = Q(state="approved", decided_at__lte=moment)
        return rows.filter(approved | own | sent | corporate)
