"""Which directorates a report speaks of, and what they answered."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import ReportStage
from reporting.models import ProgressReport, ReportReview

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


def own_reviews(report: ProgressReport, access: Access) -> list[ReportReview]:
    """Return the answers that the user has to give, or gave, as head of the units: one query."""
    rows = report.reviews.select_related("unit", "answered_by")
    return [row for row in rows if access.heads(row.unit_id)]


def under_review_of(access: Access) -> QuerySet[ProgressReport]:
    """Return the reports that wait for an answer of the user's units."""
    units = access.unit_ids if access.has(Role.HEAD, Role.PLANNER) else frozenset[int]()
    waiting = Q(reviews__unit__in=units, reviews__verdict="")
    return ProgressReport.objects.filter(waiting, stage=ReportStage.REVIEW).distinct()
