"""Kinds in the National Security Plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObjectiveLevel(models.TextChoices):
    """Who an objective is for; theme 7 is not split."""

    FEDERAL = "federal", _("Federal Police")
    LOCAL = "local", _("Local Police")
    INTEGRATED = "integrated", _("Integrated Police")


class FrameworkKind(models.TextChoices):
    """What a policy framework is."""

    PLAN = "plan", _("Plan")
    STRATEGY = "strategy", _("Strategy")
    LAW = "law", _("Law")
    CONVENTION = "convention", _("Convention")
    PROGRAMME = "programme", _("Programme")
    RECOMMENDATION = "recommendation", _("Recommendation")
    AGREEMENT = "agreement", _("Agreement")
    POLICY_STATEMENT = "policy_statement", _("Policy statement")
    BODY = "body", _("Body")
    OTHER = "other", _("Other")


class FrameworkStatus(models.TextChoices):
    """What the plan says of a framework that is not final."""

    TO_BE_PUBLISHED = "to_be_published", _("To be published")
    TO_BE_RENEWED = "to_be_renewed", _("To be renewed")
    FUTURE = "future", _("Future")
