"""What people say and decide about a report before it is issued, and to whom it is sent."""

from django.conf import settings
from django.db import models

from ibzplan.core.models import Record
from personnel.models import OrganisationUnit
from reporting.choices import GateKind, NumberDecision, ReviewVerdict
from reporting.models.reports import ProgressReport


class ReportReview(Record):
    """A directorate is asked to read a report, and answers; its remarks are comments."""

    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="reviews")
    unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=ReviewVerdict.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        """By unit, each once."""

        ordering = ["report_id", "unit__order", "unit__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "unit"], name="report_review_once")
        ]

    def __str__(self) -> str:
        """Return the unit and its answer."""
        return f"{self.unit.code} {self.verdict}"


class GateWaiver(Record):
    """Someone lets a report through a gate, with a reason that is printed in it.

    `findings_sha256` is the hash of what was found: other findings need another waiver.
    """

    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="waivers")
    gate = models.CharField(max_length=10, choices=GateKind.choices)
    findings_sha256 = models.CharField(max_length=64)
    reason = models.TextField()
    waived_at = models.DateTimeField()
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """Oldest first."""

        ordering = ["report_id", "waived_at", "pk"]

    def __str__(self) -> str:
        """Return gate and reason."""
        return f"{self.gate} {self.reason[:60]}"


class NumberReview(Record):
    """What the reviewer said of a number in typed text: it is this figure, or none of the report.

    `anchor` is the paragraph, `occurrence` which of the numbers in it, from 0, `text_sha256` the
    hash of the paragraph: in another text the number is looked at again. The last one counts.
    """

    report = models.ForeignKey(
        ProgressReport, on_delete=models.CASCADE, related_name="number_reviews"
    )
    anchor = models.CharField(max_length=120)
    occurrence = models.PositiveSmallIntegerField()
    text_sha256 = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    decision = models.CharField(max_length=10, choices=NumberDecision.choices)
    fact = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """In the order of the decisions."""

        ordering = ["report_id", "decided_at", "pk"]

    def __str__(self) -> str:
        """Return the number and the decision."""
        return f"{self.number} {self.decision}"


class ReportSending(Record):
    """An issued report was sent to someone, by mail with a link; `error` when the mail failed."""

    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, related_name="sendings")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ["report_id", "created_at", "pk"]

    def __str__(self) -> str:
        """Return the address."""
        return self.address
