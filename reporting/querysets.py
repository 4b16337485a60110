"""Chainable filters of reports; they import no models."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import ProtectedError, Q


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
