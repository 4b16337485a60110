"""What the product tells a user, on a page and by mail."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Notification(models.Model):
    """One message to one user; `key` keeps the same message from being made twice.

    `kind` and `values` give the text in the reader's language. An escalation cannot be muted.
    `by_mail` says whether a digest takes it along: decided when it is made, taken back when its
    user mutes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    target_type = models.CharField(max_length=80, blank=True)
    target_uuid = models.UUIDField(null=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    is_escalation = models.BooleanField(default=False)
    by_mail = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once")]
        indexes = [models.Index(fields=["user", "mailed_at"], name="notification_to_mail")]

    def __str__(self) -> str:
        """Return kind and user."""
        return f"{self.kind} {self.user}"


class NotificationPreference(models.Model):
    """How a user wants to be told; without a row: by mail, in the language of the interface."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preference"
    )
    is_muted = models.BooleanField(default=False)
    language = models.CharField(max_length=2, blank=True)
    last_digest_on = models.DateField(null=True)

    class Meta:
        """By user."""

        ordering = ["user_id"]

    def __str__(self) -> str:
        """Return the user."""
        return str(self.user)
