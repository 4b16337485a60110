"""Which lines are allocated, and what is done about more than all of one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineKind(models.TextChoices):
    """Of which tree a line is; the value stands in addresses."""

    CREDITS = "kredieten", _("Credits")
    STAFFING = "personeel", _("Staffing")


class OverRule(models.TextChoices):
    """What the setting ALLOCATION_OVER does about more than all of a line."""

    REFUSE = "refuse", _("Refuse")
    WARN = "warn", _("Warn")
