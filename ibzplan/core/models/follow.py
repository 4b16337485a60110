"""What a user follows: they are told of its changes."""

from django.conf import settings
from django.db import models


class Follow(models.Model):
    """One user follows one record; ends when they stop, without a trace.

    `told_until` is the instant of the record clock up to which changes were told.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    created_at = models.DateTimeField()
    told_until = models.DateTimeField()

    class Meta:
        """One a pair, oldest first."""

        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "target_type", "target_uuid"], name="follow_once"
            )
        ]
        indexes = [models.Index(fields=["target_type", "target_uuid"], name="follow_target")]

    def __str__(self) -> str:
        """Return user and type."""
        return f"{self.user} {self.target_type}"
