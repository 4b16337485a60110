"""Who changed what, when, from what to what, and why (design.md 4.6)."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ibzplan.core import append_only


@append_only.register
class HistoryEntry(models.Model):
    """One change of one record. Append-only, refused otherwise by the database itself.

    `changes` maps a field to [old, new], both as JSON.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        """Newest first."""

        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_uuid", "-at"], name="history_target"),
            models.Index(fields=["at"], name="history_instant"),
        ]

    def __str__(self) -> str:
        """Return a line for the admin."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target_type}"
