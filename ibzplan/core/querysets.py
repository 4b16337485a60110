"""Chainable filters that every app shares; they import no models."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q


class KnownSpanQuerySet(models.QuerySet[Any]):
    """Rows that hold from one instant of the record clock until another."""

    def known_at(self, moment: datetime) -> Self:
        """Keep the rows that held at `moment`: begun on or before it, not yet ended then."""
        still_held = Q(known_until=None) | Q(known_until__gt=moment)
        return self.filter(still_held, known_from__lte=moment)

    def current(self) -> Self:
        """Keep the rows that nobody has ended."""
        return self.filter(known_until=None)
