"""Workbooks that users hand in, from the check of every row until they are applied."""

from django.conf import settings
from django.db import models

from ibzplan.core.models import Record
from objectives.planning.choices import WorkbookState
from objectives.planning.models.plans import OperationalPlan


class WorkbookImport(Record):
    """One uploaded workbook: nothing is written before every problem of it was listed.

    `problems` and `changes` are lists of JSON objects with sheet, row and column, in `language`;
    see objectives.planning.workbook.
    """

    plan = models.ForeignKey(
        OperationalPlan, on_delete=models.CASCADE, related_name="workbook_imports"
    )
    file = models.FileField(upload_to="workbooks/%Y/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        max_length=10, choices=WorkbookState.choices, default=WorkbookState.CHECKING
    )
    row_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    changes = models.JSONField(default=list, blank=True)
    applied_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        """Newest first."""

        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Return the file's name and its state."""
        return f"{self.file_name} {self.state}"
