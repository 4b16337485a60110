"""Remarks on a record or on one field of it, in threads (design.md section 3)."""

from django.conf import settings
from django.db import models

from ibzplan.core.models.base import Record


class Comment(Record):
    """A remark, or an answer to one; `field` '' speaks of the record as a whole.

    Its text never changes. `asks_change` marks what must be mended before the record goes on;
    settling the first remark of a thread settles the thread.
    """

    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    field = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    asks_change = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        """Oldest first."""

        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["target_type", "target_uuid"], name="comment_target")]

    def __str__(self) -> str:
        """Return the beginning of the text."""
        return self.text[:60]
