"""What a reviewer decides at the gates of a report: a waiver, or what a typed number is."""

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from ibzplan.core.services.texts import text_check
from personnel.access import access_of
from personnel.models import User
from reporting.choices import GateKind, NumberDecision
from reporting.models import GateWaiver, NumberReview, ProgressReport
from reporting.selectors.report_gates import numbers_of, parity_of
from reporting.selectors.reports import makes_reports


@transaction.atomic
def gate_waive(
    *, actor: User, report: ProgressReport, gate: GateKind, findings_sha256: str, reason: str
) -> GateWaiver:
    """Let a report through a gate for a reason that it prints.

    It holds for the findings that were looked at; others need another waiver.
    Raises NotAllowed for anyone but the corporate cell, DomainError for an issued report, a gate
    that is open, findings that are others by now, or at `text` without a reason.
    """
    at = next_instant()
    current = _locked_draft(actor, report)
    findings = parity_of(current)
    if not findings:
        raise DomainError("gate_open", _("There is nothing to waive: the gate is open."))
    if findings.sha256 != findings_sha256:
        raise DomainError(
            "findings_changed", _("What was found is not the same any more: look at it again.")
        )
    reason = reason.strip()
    text_check(reason)
    waiver = GateWaiver.objects.create(
        report=report,
        gate=gate,
        findings_sha256=findings_sha256,
        reason=reason,
        waived_at=at,
        waived_by=actor,
        is_demo=report.is_demo,
    )
    history_record(actor=actor, target=report, action="gate_waived", reason=reason, at=at)
    return waiver


@transaction.atomic
def number_decide(
    *,
    actor: User,
    report: ProgressReport,
    anchor: str,
    occurrence: int,
    decision: str,
    fact: str = "",
) -> NumberReview:
    """Say what a number in typed text is: the figure `fact`, or no figure of this report.

    The last decision on a number counts. Raises NotAllowed for anyone but the corporate cell,
    DomainError for an issued report, a number that is not there, or a fact that says another one.
    """
    at = next_instant()
    current = _locked_draft(actor, report)
    number = next(
        (
            row.number
            for row in numbers_of(current)
            if (row.number.anchor, row.number.occurrence) == (anchor, occurrence)
        ),
        None,
    )
    if number is None:
        raise DomainError("no_such_number", _("That number is not in the report (any more)."))
    if decision not in NumberDecision.values:
        raise DomainError(
            "unknown_decision",
            _("“%(value)s” is no decision: choose one of the list.") % {"value": decision},
            "decision",
        )
    if decision == NumberDecision.BOUND and fact not in number.matches:
        raise DomainError(
            "other_figure",
            _("That figure does not say %(number)s: choose one that does.")
            % {"number": number.number},
            "fact",
        )
    row = NumberReview.objects.create(
        report=report,
        anchor=anchor,
        occurrence=occurrence,
        text_sha256=number.text_sha256,
        number=number.number,
        decision=decision,
        fact=fact if decision == NumberDecision.BOUND else "",
        decided_at=at,
        decided_by=actor,
        is_demo=report.is_demo,
    )
    history_record(
        actor=actor,
        target=report,
        action="number_decided",
        changes={"number": (None, f"{number.number} {decision}")},
        at=at,
    )
    return row


def _locked_draft(actor: User, report: ProgressReport) -> ProgressReport:
    """Return the report under a row lock, once the instant is taken; refuse what is issued."""
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell decides this."))
    current: ProgressReport = ProgressReport.objects.select_for_update().get(pk=report.pk)
    if current.issued_at is not None:
        raise DomainError("already_issued", _("This report is approved already."))
    if not current.snapshot:
        raise DomainError("not_ready", _("The report is not made yet."))
    return current
