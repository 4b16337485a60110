"""Abstract bases of the tables that users see."""

import uuid

from django.db import models


class Record(models.Model):
    """Anything with a public identity, a version against lost updates, and a demo mark."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        """Abstract: gives its columns to every table that inherits it."""

        abstract = True

    @classmethod
    def type_name(cls) -> str:
        """Return the name under which history, jobs and links speak of this type."""
        return cls._meta.label_lower


class Sourced(models.Model):
    """An entry taken from one of the two plans, with its place in the source.

    `loaded_values` holds what the last load wrote, so that the next load can tell a user's
    edit from a correction in the fixture.
    """

    source_file = models.CharField(max_length=80, blank=True, editable=False)
    source_first_line = models.PositiveIntegerField(null=True, editable=False)
    source_last_line = models.PositiveIntegerField(null=True, editable=False)
    loaded_values = models.JSONField(null=True, editable=False)

    class Meta:
        """Abstract."""

        abstract = True


class KnownSpan(models.Model):
    """A row that holds from one instant of the record clock until another (design.md 4.2).

    A change ends the row and begins another, both at one instant of `next_instant()`, so that
    what was known before stays readable. `known_until` empty: it holds still.
    """

    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Abstract."""

        abstract = True
