"""States of progress reports (design.md section 7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    """The life of a report; reviewing and sending follow on `ready`."""

    REQUESTED = "requested", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
