"""Issuing a report: once and for good; the figures that it shows are locked."""

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant, record_change
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Measurement
from objectives.indicators.services import figures_lock
from personnel.access import access_of
from personnel.models import User
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport
from reporting.selectors.issuing import IssueCheck, issue_check
from reporting.selectors.reports import makes_reports
from reporting.snapshot import measurements_shown


def report_check(report: ProgressReport, known_at: datetime) -> IssueCheck:
    """Return how the figures of the whole that a report shows stand; their parts go with them."""
    shown = measurements_shown(json.loads(report.snapshot)) if report.snapshot else frozenset()
    return issue_check(shown, known_at)


def _check_figures(check: IssueCheck, confirmed: str) -> None:
    """Refuse a report that shows a figure sent back, or whose remarks were not looked at."""
    if check.returned:
        raise DomainError(
            "figure_returned",
            _(
                "The report shows figures that were returned to the planners: %(figures)s. Have "
                "them corrected or validated, then make the report again."
            )
            % {"figures": ", ".join(_named(row) for row in check.returned)},
        )
    if check.to_confirm and confirmed != check.to_confirm:
        raise DomainError(
            "issue_unconfirmed",
            _(
                "Not issued yet: look at the provisional figures, and at those that changed since "
                "the report was made, and confirm them."
            ),
        )


def _named(row: Measurement) -> str:
    return f"{row.indicator.code} {period_text(row.period)}"


@transaction.atomic
def report_issue(*, actor: User, report: ProgressReport, confirmed: str = "") -> int:
    """Issue a report, once and for good; return how many figures it shows and so locks.

    A locked figure is corrected with a reason and a second person's approval only. `confirmed` is
    what `report_check` asked to confirm: it shows provisional figures, or some that changed since.
    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not ready, was
    issued before, shows a returned figure, or has to be confirmed.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell issues progress reports."))
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.issued_at is not None:
        raise DomainError(
            "already_issued",
            _("This report was issued on %(date)s already.")
            % {"date": date_format(timezone.localdate(current.issued_at), "SHORT_DATE_FORMAT")},
        )
    if current.state != ReportState.READY:
        raise DomainError("not_ready", _("A report is issued once it is ready."))
    check = report_check(current, at)
    _check_figures(check, confirmed)
    record_change(
        actor=actor,
        target=report,
        values={"issued_at": at, "issued_by": actor, "stage": ReportStage.APPROVED},
        action="issued",
        at=at,
    )
    figures_lock(actor=actor, measurements=check.shown, cause=report, at=at)
    return len(check.shown)
