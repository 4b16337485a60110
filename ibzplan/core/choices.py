"""What the tables of core choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TokenScope(models.TextChoices):
    """What a client may do with its token."""

    READ = "read", _("Read")
    WRITE = "write", _("Write")


class QuestionKind(models.TextChoices):
    """Who speaks to whom, and what is expected."""

    QUESTION = "question", _("Question")  # cabinet asks, unit answers
    DECISION = "decision", _("Decision")  # cabinet decides, unit says what it did with it
    REQUEST = "request", _("Decision asked")  # unit or corporate cell asks, cabinet decides


class QuestionState(models.TextChoices):
    """Whether a question waits for its answer; stored nowhere, it follows from what was said."""

    OPEN = "open", pgettext_lazy("question", "Open")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("question", "Withdrawn")


class Verdict(models.TextChoices):
    """What a cabinet decides on a request."""

    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    DEFERRED = "deferred", _("Deferred")
