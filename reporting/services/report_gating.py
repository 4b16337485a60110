"""What a reviewer decides at the gates of a report: a waiver, or what a typed number is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant
from ibzplan.core.services.texts import text_check
from personnel.access import access_of
from personnel.models import User
from reporting.choices import GateKind, NumberDecision
from reporting.gates import TypedNumber
from reporting.models import GateWaiver, NumberReview, ProgressReport
from reporting.selectors.report_gates import GatesRead, gates_read, still_holds
from reporting.selectors.reports import makes_reports


def gate_waive(
    *, actor: User, report: ProgressReport, gate: GateKind, findings_sha256: str, reason: str
) -> GateWaiver:
    """Let a report through a gate for a reason that it prints.

    It holds for the findings that were looked at; others need another waiver. The numbers in the
    reason are decided on like those of the report.
    Raises NotAllowed for anyone but the corporate cell, DomainError for an issued report, a gate
    that is open, findings that are others by now, or at `text` without a reason.
    """
    read = _gates(actor, report)
    reason = reason.strip()
    with transaction.atomic():
        at = next_instant()
        _check_draft(_locked(report), read)
        if not read.findings:
            raise DomainError("gate_open", _("There is nothing to waive: the gate is open."))
        if read.findings.sha256 != findings_sha256:
            raise _changed()
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
    read = _gates(actor, report)
    with transaction.atomic():
        at = next_instant()
        current = _locked(report)
        _check_draft(current, read)
        found = (row.number for row in read.decided(current))
        number = next(
            (row for row in found if (row.anchor, row.occurrence) == (anchor, occurrence)), None
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
        return number_review_write(
            actor=actor, report=report, number=number, decision=decision, fact=fact, at=at
        )


def number_review_write(
    *,
    actor: User,
    report: ProgressReport,
    number: TypedNumber,
    decision: str,
    at: datetime,
    fact: str = "",
) -> NumberReview:
    """Keep what a number is, with its history, within a transaction that has taken its instant."""
    row = NumberReview.objects.create(
        report=report,
        anchor=number.anchor,
        occurrence=number.occurrence,
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


def _gates(actor: User, report: ProgressReport) -> GatesRead:
    """Return what the gates find, before the instant is taken: nobody waits for it meanwhile.

    Raises NotAllowed for anyone but the corporate cell, DomainError for what is not made yet.
    """
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell decides this."))
    if not report.snapshot:
        raise DomainError("not_ready", _("The report is not made yet."))
    return gates_read(report)


def _locked(report: ProgressReport) -> ProgressReport:
    current: ProgressReport = ProgressReport.objects.select_for_update().get(pk=report.pk)
    return current


def _check_draft(report: ProgressReport, read: GatesRead) -> None:
    """Refuse a report that is issued, or in which the gates would find something else by now."""
    if report.issued_at is not None:
        raise DomainError("already_issued", _("This report is approved already."))
    gates_check(report, read)


def gates_check(report: ProgressReport, read: GatesRead) -> None:
    """Raise DomainError when what the gates found is of another snapshot, or waived meanwhile."""
    if not still_holds(read, report):
        raise _changed()


def _changed() -> DomainError:
    return DomainError(
        "findings_changed", _("What was found is not the same any more: look at it again.")
    )
