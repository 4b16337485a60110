"""Deadlines of the plan cycle that someone enters, and the secret addresses of calendar feeds."""

import uuid

from django.conf import settings
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record
from objectives.planning.models import OperationalPlan
from personnel.models import OrganisationUnit
from reporting.choices import DeadlineKind
from reporting.querysets import DeadlineQuerySet


class Deadline(Record):
    """A day of the plan cycle; `unit` None means every unit.

    One that is taken out keeps its row with the instant of it, for pages of earlier moments.

    What follows from other facts is computed, never stored: the day of sending from the vote on
    the budget, the due dates of figures from their periods.
    """

    plan = models.ForeignKey(OperationalPlan, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=DeadlineKind.choices)
    title = LocalisedField()
    due_on = models.DateField()
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    article = LocalisedField()
    done_on = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        """By day."""

        ordering = ["due_on", "kind", "pk"]

    def __str__(self) -> str:
        """Return day and kind."""
        return f"{self.due_on} {self.kind}"


class CalendarFeed(models.Model):
    """The secret address under which a user's calendar program reads the deadlines.

    Only the hash of the secret is kept: a new address is made instead of showing the old one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        """By user."""

        ordering = ["user_id"]

    def __str__(self) -> str:
        """Return the user, never the address."""
        return str(self.user)
