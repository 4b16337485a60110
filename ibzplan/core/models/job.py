"""Background work as rows; the broker only wakes workers (design.md 4.12)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """What a job is doing."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    WAITING = "waiting", _("Waiting for its parts")


class Job(models.Model):
    """One piece of background work.

    A worker holds it by a lease that it renews with every step. A running job whose lease ran
    out, or a queued one that no worker was woken for, is queued again by the scheduler.

    A job may hand parts of its work to jobs of their own, named by `part`: it waits, without a
    lease, and is queued again when the last of them ended.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task_name = models.CharField(max_length=120)
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    step = models.CharField(max_length=60, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_key = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
            models.Index(fields=["target_type", "target_uuid"], name="job_target"),
        ]
        constraints = [models.UniqueConstraint(fields=["parent", "part"], name="job_part_once")]

    def __str__(self) -> str:
        """Return the task and its state."""
        return f"{self.task_name} {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether it still has something to do."""
        return self.state in (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)

    @property
    def percent(self) -> int:
        """Return the share of steps done, 0 to 100."""
        if self.state == JobState.DONE:
            return 100
        return round(100 * self.steps_done / self.steps_total) if self.steps_total else 0
