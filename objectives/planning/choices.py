"""States of plans and objectives (design.md section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """The life of an operational plan, and of each objective in it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    CLOSED = "closed", _("Closed")


# Approved, and closed after it: what everyone may see and nobody edits directly.
IN_FORCE = (PlanState.APPROVED, PlanState.CLOSED)


class StatusKind(models.TextChoices):
    """What a computed status is about."""

    OPERATIONAL_OBJECTIVE = "operational_objective", _("Operational objective")
    INDICATOR = "indicator", _("Indicator")


class LibraryUse(models.TextChoices):
    """Where a series of the library is used."""

    IN_FORCE = "in_force", _("In force this year")
    EARLIER = "earlier", _("Only in earlier years")
    DRAFT = "draft", _("In a draft")
