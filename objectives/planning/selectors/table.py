"""The objectives of one unit in one plan year, for the table in which they are edited."""

from objectives.planning.models import OperationalObjective, OperationalPlan
from personnel.models import OrganisationUnit


def table_objectives(plan: OperationalPlan, unit: OrganisationUnit) -> list[OperationalObjective]:
    """Return the unit's objectives by code: one query."""
    return list(
        OperationalObjective.objects.filter(plan=plan, unit=unit).select_related(
            "plan", "plan__plan", "werf", "unit", "sub_unit", "holder", "holder__unit"
        )
    )
