"""Chainable filters of reports and deadlines; they import no models."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import ProtectedError, Q

if TYPE_CHECKING:
    from personnel.access import Access


def refuse_issued(reports: Iterable[Any]) -> None:
    """Refuse to let go of issued reports; demo ones go with the demo.

    Raises ProtectedError, which says which ones.
    """
    kept = {row for row in reports if row.issued_at is not None and not row.is_demo}
    if kept:
        raise ProtectedError("an issued report locks figures: it stays", kept)


class ProgressReportQuerySet(models.QuerySet[Any]):
    """Progress reports."""

    def removable(self) -> "ProgressReportQuerySet":
        """Keep those that were not issued, and those of the demo."""
        return self.filter(Q(issued_at=None) | Q(is_demo=True))

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete them, unless one was issued."""
        refuse_issued(self.filter(issued_at__isnull=False, is_demo=False))
        return super().delete()


class DeadlineQuerySet(models.QuerySet[Any]):
    """Days of the plan cycle that someone entered."""

    def current(self) -> "DeadlineQuerySet":
        """Keep those that nobody took out."""
        return self.filter(removed_at=None)

    def standing_at(self, moment: datetime) -> "DeadlineQuerySet":
        """Keep those that nobody had taken out at `moment`.

        Which of them were entered by then, and what they said, `as_known` tells.
        """
        return self.filter(Q(removed_at=None) | Q(removed_at__gt=moment))

    def visible_to(self, access: "Access") -> "DeadlineQuerySet":
        """Keep those of everyone, and of one unit those that its own people may read.

        The corporate cell, the committee and the auditor read all; cabinet staff read those of
        their own minister's units. Who has no role reads none.
        """
        within = access.within("unit")
        rows = self.filter(Q(unit=None) | within) if within else self
        if access.is_superuser or access.sees_submitted:
            return rows
        if not access.roles:
            return self.none()
        own = Q(unit__in=access.unit_ids) if access.has("planner", "head") else Q(pk=None)
        return rows.filter(Q(unit=None) | own | Q(unit__in=access.minister_unit_ids))
