"""Progress reports and their archived files."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from ibzplan.core.models import Record
from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Plan
from personnel.models import SupervisingMinister
from reporting.choices import ReportFormat, ReportStage, ReportState
from reporting.querysets import ProgressReportQuerySet, refuse_issued


class ProgressReport(Record):
    """One report = plan x minister x reference date x known_at x language.

    `plan` is the year of `strategic_plan` that it tells; None for a plan that is followed up as a
    whole (the National Security Plan). `known_at` selects all that it says.

    `snapshot` is the canonical JSON it was rendered from, `snapshot_sha256` its hash; both are
    filled once and never change after. `seal` is the canonical JSON of what people decided about
    it (review, waivers, numbers in typed text), filled when it is approved: final files are
    rendered from both. Once issued, it locks the figures that it shows.

    A correction is a new `edition` that names the one it `corrects` and why. A draft in whose
    place another one came is `replaced_by` that one: nobody reviews or approves it any more.
    """

    strategic_plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    plan = models.ForeignKey(
        OperationalPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    minister = models.ForeignKey(
        SupervisingMinister, on_delete=models.PROTECT, related_name="reports"
    )
    reference_date = models.DateField()
    known_at = models.DateTimeField()
    language = models.CharField(max_length=2, choices=[("nl", "nl"), ("fr", "fr")])
    edition = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    correction_reason = models.TextField(blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.REQUESTED
    )
    stage = models.CharField(max_length=10, choices=ReportStage.choices, default=ReportStage.DRAFT)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cycle = models.ForeignKey(
        "reporting.ReportCycle",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    schema_version = models.PositiveSmallIntegerField(default=1)
    rule_version = models.PositiveSmallIntegerField(default=1)
    snapshot = models.TextField(blank=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    seal = models.TextField(blank=True)
    seal_sha256 = models.CharField(max_length=64, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        """Newest first; the same question is asked once."""

        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategic_plan", "minister", "reference_date", "known_at", "language"],
                name="report_once",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_at=None, issued_by=None, stage__in=["draft", "review"])
                | models.Q(
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    state="ready",
                    stage__in=["approved", "sent", "archived"],
                ),
                name="report_issued_when_ready",
            ),
        ]

    def __str__(self) -> str:
        """Return plan, minister and reference date."""
        named = self.plan or self.strategic_plan.code
        return f"{named} {self.minister.code} {self.reference_date} {self.language}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, unless it was issued: figures are locked because of it."""
        refuse_issued([self])
        return super().delete(*args, **kwargs)


class ReportFile(models.Model):
    """A rendered format of a report, archived with its hash.

    One that is not published yet is out of everyone's reach: the formats of a report appear
    together. Final files are those of an approved report; drafts say that they are drafts.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=10, choices=ReportFormat.choices)
    is_final = models.BooleanField(default=False)
    file = models.FileField(upload_to="reports/%Y/")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One a format, as a draft and as final."""

        ordering = ["format", "is_final", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "format", "is_final"], name="report_format")
        ]

    def __str__(self) -> str:
        """Return the format."""
        return self.format
