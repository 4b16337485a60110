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
        """Keep objectives that were approved on or before `moment`, closed ones included."""
        return self.filter(state__in=["approved", "closed"], approved_at__lte=moment)

    def known_at(self, moment: datetime) -> "OperationalObjectiveQuerySet":
        """Keep those in force then, and those not yet approved that existed then."""
        waiting = Q(approved_at=None, created_at__lte=moment)
        return self.filter(Q(approved_at__lte=moment) | waiting)

    def visible_to(self, access: "Access") -> "OperationalObjectiveQuerySet":
        """Keep what design.md section 9 lets the user see."""
        if access.is_superuser or access.sees_drafts:
            return self
        if not access.roles:
            return self.none()
        approved = Q(state__in=["approved", "closed"])
        if access.roles == {"steering_group"}:
            return self.filter(approved, security_links__isnull=False).distinct()
        own = Q(unit_id__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        submitted = Q(state="submitted") if access.sees_submitted else Q(pk=None)
        return self.filter(approved | own | submitted)


class ObjectiveIndicatorQuerySet(KnownSpanQuerySet):
    """Which objective uses which indicator."""
