"""What the tables of core choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    """Who speaks to whom, and what is expected."""

    QUESTION = "question", _("Question")  # cabinet asks, unit answers
    DECISION = "decision", _("Decision")  # cabinet decides, unit says what it did with it
    REQUEST = "request", _("Decision asked")  # unit or corporate cell asks, cabinet decides


class Verdict(models.TextChoices):
    """What a cabinet decides on a request."""

    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    DEFERRED = "deferred", _("Deferred")
