"""What people decided about a report of the demo before it was issued, and what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone, translation

from ibzplan.core.models import HistoryEntry
from personnel.choices import Role
from personnel.models import User
from reporting.choices import REPORT_LANGUAGES, GateKind, NumberDecision, ReportStage
from reporting.demo.report_content import IssuedContent
from reporting.demo.report_rows import made_history, reviews_write
from reporting.demo.workshop import Workshop
from reporting.demo.writing import dated_rows_write
from reporting.gates import Findings, NumberFinding, TypedNumber, text_findings, typed_numbers
from reporting.models import GateWaiver, NumberReview, ProgressReport, ReportSending
from reporting.render.content import document
from reporting.services.report_issuing import report_sealed
from reporting.snapshot import canonical_json, sha256_of

_DECIDED_BEFORE: Final = timedelta(minutes=25)
_SENT_AFTER: Final = timedelta(hours=1)
_MAILED_AFTER: Final = timedelta(seconds=5)
_ARCHIVED_AFTER: Final = timedelta(days=14)

# The parts of a snapshot that tell the objectives, of the year and of the National Security Plan.
_UNTYPED: Final = ("strategicObjectives", "securityObjectives", "objectives", "attention")

Part = Mapping[str, Any]


class ReportDecider:
    """Writes what the gates needed, the seal, and to whom the report went."""

    def __init__(self, workshop: Workshop) -> None:
        """Nothing was looked at yet."""
        self.workshop = workshop
        self._numbers: tuple[TypedNumber, ...] = ()

    def issue(
        self, report: ProgressReport, content: Part, told: IssuedContent, at: datetime
    ) -> list[HistoryEntry]:
        """Save a report as it was approved, sent and archived; return its history, unsaved."""
        workshop, corporate = self.workshop, self.workshop.user(Role.CORPORATE)
        report.issued_at, report.issued_by = at, corporate
        report.stage, report.version = ReportStage.APPROVED, 3
        report.review_due_on = timezone.localdate(at)
        later = self._sent(report, told, at)
        dated_rows_write([report])
        history = made_history(workshop, report)
        history += reviews_write(workshop, report, content, told.verdicts)
        waiver, waived = self._waive(report, content, told.waiver, at - _DECIDED_BEFORE)
        numbers, decided = self._decide(report, content, at - _DECIDED_BEFORE)
        seal = canonical_json(report_sealed(report, at, told.without_review, waiver, numbers))
        report.seal, report.seal_sha256 = seal, sha256_of(seal)
        ProgressReport.objects.filter(pk=report.pk).update(
            seal=seal, seal_sha256=report.seal_sha256
        )
        issued = {"issued_at": (None, at.isoformat()), "issued_by": (None, str(corporate.uuid))}
        history += [*waived, *decided, self._entry(report, "issued", issued, at), *later]
        if report.sent_at is not None:
            self._mail(report, at + _SENT_AFTER)
        return history

    def _entry(
        self,
        report: ProgressReport,
        action: str,
        changes: Mapping[str, tuple[object, object]],
        at: datetime,
        **names: str,
    ) -> HistoryEntry:
        corporate = self.workshop.user(Role.CORPORATE)
        entry = self.workshop.entry(report, corporate, action, changes, **names)
        entry.at = at
        return entry

    def _waive(
        self, report: ProgressReport, content: Part, reason: str, at: datetime
    ) -> tuple[dict[str, Any] | None, list[HistoryEntry]]:
        """Write why texts that lack this report's language do not stop it, where there are any.

        What both languages show is the same, for they have one snapshot.
        """
        findings = Findings.of(text_findings(content))
        if not findings:
            return None, []
        waiver = GateWaiver(
            uuid=self.workshop.identity.of("waiver", str(report.uuid)),
            report=report,
            gate=GateKind.PARITY,
            findings_sha256=findings.sha256,
            reason=reason,
            waived_at=at,
            waived_by=report.requested_by,
            is_demo=True,
            created_at=at,
        )
        dated_rows_write([waiver])
        sealed = {
            "gate": GateKind.PARITY.value,
            "reason": reason,
            "on": timezone.localdate(at).isoformat(),
            "findings": findings.as_json(),
        }
        return sealed, [self._entry(report, "gate_waived", {}, at, reason=reason)]

    def _decide(
        self, report: ProgressReport, content: Part, at: datetime
    ) -> tuple[list[NumberFinding], list[HistoryEntry]]:
        """Write what the numbers in typed text are; they are those of the first language.

        What units tell of their objectives has none, and is not put in words for this.
        """
        if report.language == REPORT_LANGUAGES[0]:
            asked = {**content, **{name: [] for name in _UNTYPED if name in content}}
            with translation.override(report.language):
                found = typed_numbers(document(asked, sha256=report.snapshot_sha256), content)
            self._numbers = tuple(number for number in found if not number.is_bound)
        rows, findings, history = [], [], []
        for place, number in enumerate(self._numbers, start=1):
            fact = next(iter(number.matches), "")
            decision = NumberDecision.BOUND if fact else NumberDecision.ACCEPTED
            moment = at + timedelta(seconds=20 * place)
            rows.append(
                NumberReview(
                    uuid=self.workshop.identity.of("number", str(report.uuid), str(place)),
                    report=report,
                    anchor=number.anchor,
                    occurrence=number.occurrence,
                    text_sha256=number.text_sha256,
                    number=number.number,
                    decision=decision,
                    fact=fact,
                    decided_at=moment,
                    decided_by=report.requested_by,
                    is_demo=True,
                    created_at=moment,
                )
            )
            findings.append(NumberFinding(number, decision.value, fact))
            said = {"number": (None, f"{number.number} {decision.value}")}
            history.append(self._entry(report, "number_decided", said, moment, about=str(place)))
        dated_rows_write(rows)
        return findings, history

    # What became of it ----------------------------------------------------------------------------

    def _sent(
        self, report: ProgressReport, told: IssuedContent, at: datetime
    ) -> list[HistoryEntry]:
        """Set how far the report came by today; return what its history says of that."""
        if told.stage == ReportStage.APPROVED:
            return []
        later = self.workshop.chronology.later
        sent = later(at, _SENT_AFTER + _MAILED_AFTER)
        report.stage, report.sent_at = ReportStage.SENT, sent
        history = [
            self._entry(
                report,
                "sending_asked",
                {"recipient": (None, str(self._cabinet(report)))},
                later(at, _SENT_AFTER),
            ),
            self._entry(report, "sent", {"stage": (ReportStage.APPROVED, ReportStage.SENT)}, sent),
        ]
        archived = sent + _ARCHIVED_AFTER
        is_over = self.workshop.chronology.has_passed(timezone.localdate(archived))
        if told.stage == ReportStage.ARCHIVED and is_over:
            report.stage, report.archived_at = ReportStage.ARCHIVED, archived
            changes = {"stage": (ReportStage.SENT, ReportStage.ARCHIVED)}
            history.append(self._entry(report, "archived", changes, archived))
        return history

    def _cabinet(self, report: ProgressReport) -> User:
        wanted = (Role.CABINET, report.minister.code)
        accounts = self.workshop.content.accounts
        name = next(one.username for one in accounts if (one.role, one.minister) == wanted)
        return self.workshop.users[name]

    def _mail(self, report: ProgressReport, asked: datetime) -> None:
        cabinet = self._cabinet(report)
        row = ReportSending(
            uuid=self.workshop.identity.of("sending", str(report.uuid)),
            report=report,
            recipient=cabinet,
            address=cabinet.email,
            sent_at=report.sent_at,
            sent_by=report.requested_by,
            is_demo=True,
            created_at=asked,
        )
        dated_rows_write([row])
