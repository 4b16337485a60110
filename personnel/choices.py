"""Kinds and roles (design.md sections 2 and 9)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What an organisation unit is."""

    FPS = "fps", _("Federal public service")
    GENERAL_DIRECTORATE = "general_directorate", _("Directorate-general")
    STAFF_DIRECTORATE = "staff_directorate", _("Staff directorate")
    PRESIDENT_SERVICES = "president_services", _("Services of the president")
    SERVICE = "service", _("Service")
    INDEPENDENT_BODY = "independent_body", _("Independent body")
    SECONDED_STAFF = "seconded_staff", _("Seconded staff")
    COORDINATION_BODY = "coordination_body", _("Coordination body")
    AUTONOMOUS_SERVICE = "autonomous_service", _("Service with accounting autonomy")
    FUND = "fund", _("Fund")


# Units of these kinds own operational objectives.
PLANNING_KINDS: Final = (
    UnitKind.GENERAL_DIRECTORATE,
    UnitKind.STAFF_DIRECTORATE,
    UnitKind.PRESIDENT_SERVICES,
)

# Units that serve the whole department: their objectives are common to both ministers.
COMMON_KINDS = (
    UnitKind.FPS,
    UnitKind.STAFF_DIRECTORATE,
    UnitKind.PRESIDENT_SERVICES,
    UnitKind.SERVICE,
)


class NameSource(models.TextChoices):
    """Where in the plan a unit's name is printed."""

    TEXT = "text", _("Text")
    ORGANOGRAM = "organogram", _("Organogram")
    FTE_TABLE = "fte_table", _("FTE table")
    HEADCOUNT_TABLE = "headcount_table", _("Headcount table")


class Role(models.TextChoices):
    """What a user comes to do; most are bound to a unit or a minister."""

    PLANNER = "planner", _("Planner")
    HEAD = "head", _("Head of directorate")
    CORPORATE = "corporate", _("Corporate cell")
    COMMITTEE = "committee", _("Direction committee")
    RESOURCES = "resources", _("B&B or P&O officer")
    CABINET = "cabinet", _("Cabinet staff")
    STEERING_GROUP = "steering_group", _("NVP steering group")
    AUDITOR = "auditor", _("Auditor")
    API_CLIENT = "api_client", _("API client")


class StaffMeasure(models.TextChoices):
    """How people are counted."""

    FTE = "fte", _("FTE")
    HEADCOUNT = "headcount", _("Headcount")


class Statute(models.TextChoices):
    """Under which statute people work; `ALL` is a printed total of the three."""

    MANDATE = "mandate", _("Mandate holders")
    STATUTORY = "statutory", _("Statutory")
    CONTRACTUAL = "contractual", _("Contractual")
    ALL = "all", _("All statutes")


class StaffKind(models.TextChoices):
    """Who was there, or who is planned."""

    ACTUAL = "actual", _("Actual staffing")
    PLAN = "plan", _("Planned staffing")


class FigureOrigin(models.TextChoices):
    """Where a number of people comes from."""

    PRINTED = "printed", _("Printed in the plan")
    ENTERED = "entered", _("Entered here")


class FlowPeriod(models.TextChoices):
    """How long a period of in- and outflow lasts."""

    YEAR = "Y", _("Year")
    HALF = "S", _("Half-year")
    QUARTER = "T", _("Quarter")
    MONTH = "M", _("Month")


class FunctionLevel(models.TextChoices):
    """Level of a management function, counted down from the president of the committee."""

    N = "n", _("N (president)")
    N1 = "n-1", _("N-1 (director-general)")
    N2 = "n-2", _("N-2 (director)")
