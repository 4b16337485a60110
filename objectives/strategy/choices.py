"""Kinds of things in the two plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    """The two plans that the product holds."""

    STRATEGIC = "strategic", _("Strategic plan")
    SECURITY = "security", _("National Security Plan")


class ElementKind(models.TextChoices):
    """The parts of a plan that are read, not followed up."""

    MISSION_STATEMENT = "mission_statement", _("Mission statement")
    VISION = "vision", _("Vision")
    COALITION_LINE = "coalition_line", _("Coalition agreement")
    GUIDING_PRINCIPLE = "guiding_principle", _("Guiding principles")
    VALUE = "value", _("Values")
    STAKEHOLDER_GROUP = "stakeholder_group", _("Stakeholders")
    PESTEL = "pestel", _("PESTEL analysis")
    SWOT = "swot", _("SWOT analysis")
    PLANNING_RULE = "planning_rule", _("Planning rules")
    ADDENDUM = "addendum", _("Addenda")
    REGULAR_THEME = "regular_theme", _("Regular police work")
    EMPHASIS = "emphasis", _("Method")
    THEME_MISSION = "theme_mission", _("Police missions")
    FIGURE = "figure", _("Resource figures")
    REFORM = "reform", _("Structural reforms")
    CAPACITY_PILLAR = "pillar", _("Pillars of the capacity strategy")
    REINFORCEMENT = "reinforcement", _("Reinforcements")
    CONDITION = "condition", _("Conditions")
    PLAN_REFERENCE = "plan_reference", _("Related plans")
    FOLLOW_UP = "follow_up", _("Follow-up")
    EVALUATION = "evaluation", _("Evaluation")
    PLAN_MILESTONE = "milestone", _("Milestones of the plan")
    ABBREVIATION = "abbreviation", _("Abbreviations")


class WerfElementKind(models.TextChoices):
    """What is listed under a werf."""

    COMMITMENT = "commitment", _("Commitment")
    PILLAR = "pillar", _("Pillar")


class ActivityKind(models.TextChoices):
    """What an activity is."""

    PROCESS = "process", _("Process")
    PROJECT = "project", _("Project")
    ACTION = "action", _("Action")
