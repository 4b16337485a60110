"""API tokens: only their hash is kept."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from ibzplan.core.choices import TokenScope


def read_only() -> list[str]:
    """Return what a token may do when nobody says so."""
    return [TokenScope.READ.value]


class ApiToken(models.Model):
    """A client's key. It acts as its user, within what it was made for.

    The roles hang on the user. `scopes` say whether it may only read or also write;
    `minister_uuids` and `unit_uuids`, when there are any, narrow it to the units of these ministers
    and to these units with those below. It never reaches further than its user.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # What the key begins with, so that its owner recognises it.
    prefix = models.CharField(max_length=12, default="", editable=False)
    scopes = models.JSONField(default=read_only)
    minister_uuids = models.JSONField(default=list)
    unit_uuids = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The token that this one takes the place of; that one still works for a while.
    replaces = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaced_by"
    )
    warned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By name."""

        ordering = ["name", "pk"]

    def __str__(self) -> str:
        """Return the client's name, never the key."""
        return self.name

    @property
    def is_narrowed(self) -> bool:
        """Tell whether it reaches less than its user."""
        return bool(self.minister_uuids or self.unit_uuids)

    def is_usable(self, moment: datetime) -> bool:
        """Tell whether its key opens anything at `moment`."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > moment)

    def allows(self, scope: str) -> bool:
        """Tell whether it may do this."""
        return scope in self.scopes
