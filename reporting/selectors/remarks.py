"""Who reads the remarks on a report, and who writes them."""

from collections.abc import Iterable

from personnel.access import Access
from personnel.choices import Role
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport, ReportReview
from reporting.selectors.reports import READERS_OF_ALL, makes_reports


def reads_remarks(access: Access, reviews: Iterable[ReportReview]) -> bool:
    """Tell whether the user reads the remarks on a report with these reviews.

    The corporate cell, the committee and the auditor do, and the people of the units that were
    asked to read it; cabinets never.
    """
    return access.has(*READERS_OF_ALL) or _was_asked(access, reviews)


def writes_remarks(access: Access, report: ProgressReport, reviews: Iterable[ReportReview]) -> bool:
    """Tell whether the user remarks on a report: the corporate cell until it is issued, the people
    of the units that were asked while it is under review.
    """
    if report.state != ReportState.READY or report.replaced_by_id is not None:
        return False
    if report.stage == ReportStage.REVIEW:
        return makes_reports(access) or _was_asked(access, reviews)
    return report.stage == ReportStage.DRAFT and makes_reports(access)


def _was_asked(access: Access, reviews: Iterable[ReportReview]) -> bool:
    if not access.has(Role.HEAD, Role.PLANNER):
        return False
    return any(row.unit_id in access.unit_ids for row in reviews)
