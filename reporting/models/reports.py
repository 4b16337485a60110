"""Progress reports and their archived files."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from ibzplan.core.models import Record
from objectives.planning.models import OperationalPlan
from personnel.models import SupervisingMinister
from reporting.choices import ReportState
from reporting.querysets import ProgressReportQuerySet, refuse_issued


class ProgressReport(Record):
    """One report = plan x minister x reference date x known_at x language.

    `known_at` selects the figures, validations and targets; `snapshot_build` says what it does not.

    `snapshot` is the canonical JSON it was rendered from, `snapshot_sha256` its hash; both are
    filled once and never change after. Once issued, it locks the figures that it shows.
    """

    plan = models.ForeignKey(OperationalPlan, on_delete=models.PROTECT, related_name="reports")
    minister = models.ForeignKey(
        SupervisingMinister, on_delete=models.PROTECT, related_name="reports"
    )
    reference_date = models.DateField()
    known_at = models.DateTimeField()
    language = models.CharField(max_length=2, choices=[("nl", "nl"), ("fr", "fr")])
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    schema_version = models.PositiveSmallIntegerField(default=1)
    rule_version = models.PositiveSmallIntegerField(default=1)
    snapshot = models.TextField(blank=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        """Newest first; the same question is asked once."""

        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "minister", "reference_date", "known_at", "language"],
                name="report_once",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_at=None, issued_by=None)
                | models.Q(issued_at__isnull=False, issued_by__isnull=False, state="ready"),
                name="report_issued_when_ready",
            ),
        ]

    def __str__(self) -> str:
        """Return plan, minister and reference date."""
        return f"{self.plan} {self.minister.code} {self.reference_date} {self.language}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, unless it was issued: figures are locked because of it."""
        refuse_issued([self])
        return super().delete(*args, **kwargs)


class ReportFile(models.Model):
    """A rendered format of a report, archived with its hash."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=10)
    file = models.FileField(upload_to="reports/%Y/")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One a format."""

        ordering = ["format", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="report_format")]

    def __str__(self) -> str:
        """Return the format."""
        return self.format
