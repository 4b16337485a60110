"""What a user typed in a form and did not save yet."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class FormDraft(models.Model):
    """The unsaved content of one form of one user; saving or dropping the form removes it.

    `target_uuid` is the record, or the key under which a new one will be made. `data` is what was
    typed, field by field; `base_version` the version of the record that the user started from.
    `started_at` is the first keystroke that was kept, `saved_at` the last.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts"
    )
    form = models.CharField(max_length=40)
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    data = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField()

    class Meta:
        """Newest first; one a user, form and record."""

        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form", "target_type", "target_uuid"], name="form_draft_once"
            )
        ]
        indexes = [models.Index(fields=["target_type", "target_uuid"], name="form_draft_target")]

    def __str__(self) -> str:
        """Return form and user."""
        return f"{self.form} {self.user}"
