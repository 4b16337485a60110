"""States of reports and reorganisations, kinds of deadlines (design.md sections 6 and 7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    """The life of a report; reviewing and sending follow on `ready`."""

    REQUESTED = "requested", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class DeadlineKind(models.TextChoices):
    """What is due on a day of the plan cycle that someone entered."""

    SUBMISSION = "submission", _("Directorates hand in")
    REVIEW = "review", _("Review by the corporate cell")
    COMMITTEE = "committee", _("Direction committee decides")
    REPORT = "report", _("Progress report")
    EVALUATION = "evaluation", _("Final evaluation")
    OTHER = "other", _("Other")


class ReorganisationState(models.TextChoices):
    """The life of a reorganisation."""

    DRAFT = "draft", _("Prepared")
    APPLIED = "applied", _("Carried out")
