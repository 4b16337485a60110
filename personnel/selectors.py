"""Reads about units and ministers."""

from django.db.models import QuerySet

from personnel.choices import UnitKind
from personnel.models import OrganisationUnit, SupervisingMinister


def planning_units() -> QuerySet[OrganisationUnit]:
    """Return the units that own objectives: directorates, staff and president's services."""
    return OrganisationUnit.objects.filter(
        kind__in=[
            UnitKind.GENERAL_DIRECTORATE,
            UnitKind.STAFF_DIRECTORATE,
            UnitKind.PRESIDENT_SERVICES,
        ]
    )


def ministers_of_plan(plan_code: str) -> list[SupervisingMinister]:
    """Return the ministers who receive the reports of a plan, in order."""
    return [m for m in SupervisingMinister.objects.all() if plan_code in m.plan_codes]
