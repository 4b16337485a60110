"""Which directorates a report speaks of, and what they answered."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import ReportStage
from reporting.models import ProgressReport

# From here on the directorates that were asked may read a report.
READ_BY_UNITS = (
    ReportStage.REVIEW,
    ReportStage.APPROVED,
    ReportStage.SENT,
    ReportStage.ARCHIVED,
)


def units_reported(report: ProgressReport) -> list[OrganisationUnit]:
    """Return the units that answer for an objective of the report, in their order."""
    codes = set(_codes(json.loads(report.snapshot) if report.snapshot else {}))
    return [unit for unit in all_units() if unit.code in codes]


def units_silent(report: ProgressReport) -> list[OrganisationUnit]:
    """Return those that did not answer when they were asked to read it, or were not asked."""
    answered = set(report.reviews.exclude(verdict="").values_list("unit_id", flat=True))
    return [unit for unit in units_reported(report) if unit.pk not in answered]


def _codes(part: Any) -> Iterator[str]:
    """Give the units of the objectives of a snapshot, wherever they stand in it."""
    if isinstance(part, Mapping):
        for objective in part.get("objectives", ()):
            if isinstance(objective, Mapping) and isinstance(objective.get("unit"), str):
                yield objective["unit"]
        for value in part.values():
            yield from _codes(value)
    elif isinstance(part, list):
        for value in part:
            yield from _codes(value)
