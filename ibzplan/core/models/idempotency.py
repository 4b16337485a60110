"""What the API answered to a request that may come again."""

import zlib

from django.conf import settings
from django.db import models


class IdempotentRequest(models.Model):
    """A write that a client sent with a key of its own, and what was answered.

    Kept in the transaction of the write itself: either both are there or neither is. `client` is
    the token that asked, or the user of a session; `fingerprint` the hash of method, address and
    body, which tells a retry from another request under the same key. `body` is that of the answer,
    compressed: of a batch it names every row that was made, twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        """One a client and key."""

        ordering = ["kept_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="idempotent_request_once")
        ]
        indexes = [models.Index(fields=["kept_at"], name="idempotent_request_age")]

    def __str__(self) -> str:
        """Return key and status."""
        return f"{self.key} {self.status}"

    @property
    def answer(self) -> bytes:
        """Return the body of what was answered."""
        return zlib.decompress(bytes(self.body))
