"""Issuing a report: once and for good; the figures that it shows are locked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
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
from reporting.choices import NumberDecision, ReportStage, ReportState
from reporting.gates import NumberFinding, TypedNumber
from reporting.models import ProgressReport
from reporting.selectors.issuing import IssueCheck, issue_check
from reporting.selectors.report_gates import GatesRead, gates_read, numbers_in_reason
from reporting.selectors.reports import editions_of, makes_reports
from reporting.selectors.reviewing import units_silent
from reporting.services.report_gating import gates_check, number_review_write
from reporting.services.report_making import report_job_queue
from reporting.services.report_replacing import drafts_replace
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


def report_issue(
    *,
    actor: User,
    report: ProgressReport,
    confirmed: str = "",
    without_review: str = "",
    accepted: str = "",
) -> int:
    """Approve a report, once and for good; return how many figures it shows and so locks.

    A locked figure is corrected with a reason and a second person's approval only. `confirmed` is
    what `report_check` asked to confirm: it shows provisional figures, or some that changed since.
    `without_review` says why it does not wait for the directorates that did not answer; it is
    printed. `accepted` is the hash of that text, given when its numbers may stand in it. What was
    decided is sealed, and a worker makes the final files.
    Raises NotAllowed for anyone but the corporate cell, DomainError when it is not ready, was
    issued before, shows a returned figure, has to be confirmed, is stopped by a gate, or at
    `without_review`.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell approves progress reports."))
    # Before the instant is taken: nobody waits while the report is put in words.
    read = gates_read(report) if report.snapshot else None
    spoken = numbers_in_reason(report, without_review.strip()) if report.snapshot else ()
    with transaction.atomic():
        return _issue(
            actor, report, read, _Reason(without_review.strip(), spoken, accepted), confirmed
        )


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a report does not wait for every directorate, with the numbers in that text."""

    text: str
    numbers: tuple[TypedNumber, ...]
    accepted: str


def _issue(
    actor: User,
    report: ProgressReport,
    read: GatesRead | None,
    reason: _Reason,
    confirmed: str,
) -> int:
    at = next_instant()
    current = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.issued_at is not None:
        raise DomainError(
            "already_issued",
            _("This report was issued on %(date)s already.")
            % {"date": date_format(timezone.localdate(current.issued_at), "SHORT_DATE_FORMAT")},
        )
    if current.state != ReportState.READY or read is None:
        raise DomainError("not_ready", _("A report is issued once it is ready."))
    _check_edition(current)
    _check_replaced(current)
    check = report_check(current, at)
    _check_figures(check, confirmed)
    gates_check(current, read)
    waiver = _check_parity(read)
    numbers = _check_numbers(current, read)
    missing = _check_reviews(current, reason)
    if missing:
        numbers += _numbers_accept(actor, report, reason, at)
    sealed = report_sealed(current, at, reason.text if missing else "", waiver, numbers)
    seal = canonical_json(sealed)
    report.seal = seal  # kept once: its history names it by its hash
    report.save(update_fields=["seal"])
    record_change(
        actor=actor,
        target=report,
        values={
            "issued_at": at,
            "issued_by": actor,
            "stage": ReportStage.APPROVED,
            "seal_sha256": sha256_of(seal),
        },
        action="issued",
        at=at,
    )
    drafts_replace(actor=actor, report=report, at=at)
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


def _check_replaced(report: ProgressReport) -> None:
    """Refuse a draft in whose place another one came."""
    if report.replaced_by_id is not None:
        raise DomainError(
            "replaced",
            _(
                "Another draft came in the place of this one: approve that one, or ask for a "
                "report as known at the moment of this one."
            ),
        )


def _check_parity(read: GatesRead) -> dict[str, Any] | None:
    """Return the waiver as it is sealed; None when Dutch and French agree."""
    findings, waiver = read.findings, read.waiver
    if not findings:
        return None
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


def _check_numbers(report: ProgressReport, read: GatesRead) -> list[NumberFinding]:
    """Return what was decided on the numbers in typed text; DomainError for one that was not."""
    found = read.decided(report)
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


def _check_reviews(report: ProgressReport, reason: _Reason) -> bool:
    """Tell whether some directorate did not answer, of which the reason says why."""
    missing = [unit.code for unit in units_silent(report)]
    if not missing:
        return False
    if not reason.text:
        raise DomainError(
            "review_missing",
            _("%(units)s did not answer. Wait for them, or say why you do not: it is printed.")
            % {"units": ", ".join(missing)},
            "without_review",
        )
    text_check(reason.text)
    if reason.numbers and reason.accepted != sha256_of(reason.text):
        raise DomainError(
            "numbers_in_reason",
            ngettext(
                "No figure of the report stands behind %(numbers)s: write your reason without it, "
                "or tick that it may be printed.",
                "No figures of the report stand behind %(numbers)s: write your reason without "
                "them, or tick that they may be printed.",
                len(reason.numbers),
            )
            % {"numbers": ", ".join(one.number for one in reason.numbers)},
            "without_review",
        )
    return True


def _numbers_accept(
    actor: User, report: ProgressReport, reason: _Reason, at: datetime
) -> list[NumberFinding]:
    """Keep that the numbers in a reason are no figures of the report; return the decisions."""
    accepted = NumberDecision.ACCEPTED
    for number in reason.numbers:
        number_review_write(actor=actor, report=report, number=number, decision=accepted, at=at)
    return [NumberFinding(number, accepted.value, "") for number in reason.numbers]


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
            *(
                {
                    "unit": row.unit.code,
                    "verdict": row.verdict,
                    "on": timezone.localdate(row.answered_at).isoformat(),
                }
                for row in report.reviews.select_related("unit")
                if row.answered_at is not None
            ),
            # Those that did not answer, asked or not: the reason says why they were not waited for.
            *({"unit": unit.code, "verdict": "", "on": None} for unit in units_silent(report)),
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
