"""Issuing a report: once and for good; the figures that it shows are locked."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant, record_change
from ibzplan.core.services.texts import text_check
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Measurement
from objectives.indicators.services import figures_lock
from personnel.access import access_of
from personnel.models import User
from reporting.choices import ReportStage, ReportState
from reporting.gates import NumberFinding
from reporting.models import GateWaiver, ProgressReport
from reporting.selectors.issuing import IssueCheck, issue_check
from reporting.selectors.report_gates import numbers_of, parity_of, waiver_of
from reporting.selectors.reports import editions_of, makes_reports
from reporting.selectors.reviewing import units_silent
from reporting.services.report_making import report_job_queue
from reporting.snapshot import canonical_json, measurements_shown, sha256_of


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
def report_issue(
    *, actor: User, report: ProgressReport, confirmed: str = "", without_review: str = ""
) -> int:
    """Approve a report, once and for good; return how many figures it shows and so locks.

    A locked figure is corrected with a reason and a second person's approval only. `confirmed` is
    what `report_check` asked to confirm: it shows provisional figures, or some that changed since.
    `without_review` says why it does not wait for the directorates that did not answer; it is
    printed. What was decided is sealed, and a worker makes the final files.
    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not ready, was
    issued before, shows a returned figure, has to be confirmed, is stopped by a gate, or at
    `without_review`.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell approves progress reports."))
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
    _check_edition(current)
    check = report_check(current, at)
    _check_figures(check, confirmed)
    waiver = _check_parity(current)
    numbers = _check_numbers(current)
    reason = _check_reviews(current, without_review)
    seal = canonical_json(report_sealed(current, at, reason, waiver, numbers))
    record_change(
        actor=actor,
        target=report,
        values={
            "issued_at": at,
            "issued_by": actor,
            "stage": ReportStage.APPROVED,
            "seal": seal,
            "seal_sha256": sha256_of(seal),
        },
        action="issued",
        at=at,
    )
    figures_lock(actor=actor, measurements=check.shown, cause=report, at=at)
    report_job_queue(actor=actor, report=current, is_final=True)
    return len(check.shown)


def _check_edition(report: ProgressReport) -> None:
    """Refuse a second report of one edition: another draft of it was issued meanwhile."""
    rival = editions_of(report).filter(edition__gte=report.edition, issued_at__isnull=False).first()
    if rival is not None:
        raise DomainError(
            "edition_issued",
            _(
                "Edition %(edition)s of this report was issued from another draft. Make a "
                "correction of it, if it says something else."
            )
            % {"edition": rival.edition},
        )


def _check_parity(report: ProgressReport) -> dict[str, Any] | None:
    """Return the waiver as it is sealed; None when Dutch and French agree."""
    findings = parity_of(report)
    if not findings:
        return None
    waiver: GateWaiver | None = waiver_of(report, findings)
    if waiver is None:
        raise DomainError(
            "parity",
            ngettext(
                "Dutch and French differ in %(n)s place: mend it and make the report again, or "
                "waive it with a reason that the report prints.",
                "Dutch and French differ in %(n)s places: mend them and make the report again, or "
                "waive them with a reason that the report prints.",
                len(findings.rows),
            )
            % {"n": len(findings.rows)},
        )
    return {
        "gate": waiver.gate,
        "reason": waiver.reason,
        "on": timezone.localdate(waiver.waived_at).isoformat(),
        "findings": findings.as_json(),
    }


def _check_numbers(report: ProgressReport) -> list[NumberFinding]:
    """Return what was decided on the numbers in typed text; DomainError for one that was not."""
    found = numbers_of(report)
    open_ = sum(not row.decision for row in found)
    if open_:
        raise DomainError(
            "numbers",
            ngettext(
                "%(n)s number in a typed text is no figure of the report: bind it or accept it.",
                "%(n)s numbers in typed texts are no figures of the report: bind or accept them.",
                open_,
            )
            % {"n": open_},
        )
    return found


def _check_reviews(report: ProgressReport, without_review: str) -> str:
    """Return why the report does not wait for the directorates; '' when all of them answered."""
    missing = [unit.code for unit in units_silent(report)]
    if not missing:
        return ""
    reason = without_review.strip()
    if not reason:
        raise DomainError(
            "review_missing",
            _("%(units)s did not answer. Wait for them, or say why you do not: it is printed.")
            % {"units": ", ".join(missing)},
            "without_review",
        )
    text_check(reason)
    return reason


def report_sealed(
    report: ProgressReport,
    at: datetime,
    without_review: str,
    waiver: dict[str, Any] | None,
    numbers: Sequence[NumberFinding],
) -> dict[str, Any]:
    """Return what people decided about a report, as its final files print it."""
    return {
        "approvedOn": timezone.localdate(at).isoformat(),
        "edition": report.edition,
        "reviews": [
            {
                "unit": row.unit.code,
                "verdict": row.verdict,
                "on": timezone.localdate(row.answered_at).isoformat(),
            }
            for row in report.reviews.select_related("unit")
            if row.answered_at is not None
        ],
        "withoutReview": without_review,
        "waivers": [waiver] if waiver else [],
        "numbers": [
            {
                "anchor": row.number.anchor,
                "occurrence": row.number.occurrence,
                "number": row.number.number,
                "decision": row.decision,
                "fact": row.fact,
            }
            for row in numbers
        ],
    }
