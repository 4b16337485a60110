"""Chainable filters of credits."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q


class CreditAmountQuerySet(models.QuerySet[Any]):
    """What budgets give lines."""

    def current(self) -> "CreditAmountQuerySet":
        """Keep those that nobody withdrew."""
        return self.filter(withdrawn_at=None)

    def standing_at(self, moment: datetime) -> "CreditAmountQuerySet":
        """Keep those that were there at `moment`; what they said then, `as_known` tells."""
        standing = Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment)
        return self.filter(standing, created_at__lte=moment)


class CreditExecutionQuerySet(models.QuerySet[Any]):
    """What was committed and paid by a day; of a line and day the row recorded last counts."""

    def known_at(self, moment: datetime) -> "CreditExecutionQuerySet":
        """Keep rows recorded on or before `moment`."""
        return self.filter(recorded_at__lte=moment)

    def latest_at(self, moment: datetime) -> "CreditExecutionQuerySet":
        """Keep, of each line and day, the row recorded last by `moment`."""
        later = self.model._default_manager.filter(
            line=OuterRef("line"),
            on=OuterRef("on"),
            recorded_at__gt=OuterRef("recorded_at"),
            recorded_at__lte=moment,
        )
        return self.known_at(moment).filter(~Exists(later))

    def until(self, day: date) -> "CreditExecutionQuerySet":
        """Keep rows that count up to a day on or before `day`."""
        return self.filter(on__lte=day)
