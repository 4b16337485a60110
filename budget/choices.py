"""What credits are for, and where an amount of them comes from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CreditCategory(models.TextChoices):
    """What a credit is for. Hosted: it stands in the department's budget, but others decide."""

    PERSONNEL = "personnel", _("Personnel")
    OPERATING = "operating", _("Operating")
    INVESTMENT = "investment", _("Investment")
    GRANTS = "grants", _("Grants and transfers")
    VARIABLE = "variable", _("Variable credits (funds)")
    AUTONOMOUS = "autonomous", _("Services with accounting autonomy")
    HOSTED = "hosted", _("Hosted credits")


class BudgetVersion(models.TextChoices):
    """The budget as the Chamber approved it, or as adjusted during the year."""

    INITIAL = "initial", _("Initial budget")
    ADJUSTED = "adjusted", _("Adjusted budget")


class CreditTable(models.TextChoices):
    """The table that an amount is printed in; the most detailed one first."""

    MISSIONS = "missions", _("Budget for the missions of the department")
    GLOBAL = "global", _("Global budget of the department")
    ENTERED = "entered", _("Entered here")


class StatedTable(models.TextChoices):
    """The table by which a figure of the running text can be checked."""

    GLOBAL = "global", _("Global budget of the department")
    MISSIONS = "missions", _("Budget for the missions of the department")
    FTE = "fte", _("FTE table")
    HEADCOUNT = "headcount", _("Headcount table")


class StatedUnit(models.TextChoices):
    """In what the running text names a figure."""

    MEUR = "meur", _("million euros")
    BEUR = "beur", _("billion euros")
    PERCENT = "percent", "%"
    FTE = "fte", _("FTE")
    PERSONS = "persons", _("persons")
