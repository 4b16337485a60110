"""Which directorates a report speaks of, and what they answered."""

import json

from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import ReportStage
from reporting.models import ProgressReport
from reporting.snapshot.reading import objectives_of

# From here on the directorates that were asked may read a report.
READ_BY_UNITS = (
    ReportStage.REVIEW,
    ReportStage.APPROVED,
    ReportStage.SENT,
    ReportStage.ARCHIVED,
)


def units_reported(report: ProgressReport) -> list[OrganisationUnit]:
    """Return the units that answer for an objective of the report, in their order."""
    rows = objectives_of(json.loads(report.snapshot)) if report.snapshot else ()
    codes = {row["unit"] for row in rows}
    return [unit for unit in all_units() if unit.code in codes]


def units_silent(report: ProgressReport) -> list[OrganisationUnit]:
    """Return those that did not answer when they were asked to read it, or were not asked."""
    answered = set(report.reviews.exclude(verdict="").values_list("unit_id", flat=True))
    return [unit for unit in units_reported(report) if unit.pk not in answered]
