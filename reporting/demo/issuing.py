"""The progress reports of the demo: one a minister, of the last quarter that was reported.

The snapshot and the file come from the code of the product. They are made from what is in the
database by then; what was recorded after the report is written after it.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.indicators.models import Measurement, MeasurementEvent
from objectives.planning.models import OperationalPlan
from personnel.choices import Role
from personnel.models import SupervisingMinister
from reporting.choices import ReportStage, ReportState
from reporting.demo.workshop import Workshop
from reporting.demo.writing import dated_rows_write, rows_write
from reporting.models import ProgressReport
from reporting.render import render_pdf
from reporting.selectors.issuing import issue_check
from reporting.services.report_making import report_file_keep
from reporting.snapshot import (
    SCHEMA_VERSION,
    ReportQuestion,
    canonical_json,
    measurements_shown,
    sha256_of,
    snapshot_build,
)

_LANGUAGE: Final = "nl"
# From the question to the files, and on to the issue. The ministers' reports are issued so long
# after each other: time for the locks of the first, one a tick.
_MADE_AFTER: Final = timedelta(seconds=9)
_ISSUED_AFTER: Final = timedelta(minutes=38)
_APART: Final = timedelta(milliseconds=1)
_ASKED_AFTER: Final = timedelta(minutes=2, seconds=17)
_TICK: Final = timedelta(microseconds=1)


def report_moment(workshop: Workshop) -> datetime | None:
    """Return when the reports were asked for; None when no quarter of the year was reported yet."""
    reported = workshop.reported
    return workshop.chronology.noon(reported.issued_on) + _ASKED_AFTER if reported else None


def issue_moment(asked: datetime) -> datetime:
    """Return when the first of the reports was issued."""
    return asked + _ISSUED_AFTER


class ReportIssuer:
    """Issues the reports while the demo is written; their files are typeset meanwhile."""

    def __init__(self, workshop: Workshop) -> None:
        """Nothing is issued yet."""
        self.workshop = workshop
        self._typesetter = ThreadPoolExecutor(max_workers=1)
        self._files: list[tuple[ProgressReport, Future[bytes]]] = []

    def issue(self, plan: OperationalPlan, asked: datetime) -> None:
        """Issue the reports of a plan year, to each minister who receives them."""
        ministers = self.workshop.ground.ministers.values()
        recipients = [one for one in ministers if plan.plan.code in one.plan_codes]
        for number, minister in enumerate(sorted(recipients, key=lambda one: one.code)):
            self._issue(plan, minister, asked, issue_moment(asked) + number * _APART)

    def archive(self) -> int:
        """Keep the files, once they are typeset; return how many reports there are."""
        for report, content in self._files:
            report_file_keep(report, "pdf", content.result())
        self._typesetter.shutdown()
        return len(self._files)

    def _issue(
        self,
        plan: OperationalPlan,
        minister: SupervisingMinister,
        asked: datetime,
        issued: datetime,
    ) -> None:
        workshop, reported = self.workshop, self.workshop.reported
        assert reported is not None  # noqa: S101 (the caller has a moment of it)
        corporate = workshop.user(Role.CORPORATE)
        content = snapshot_build(
            ReportQuestion(plan.plan, plan, minister, reported.quarter_end, asked, _LANGUAGE)
        )
        check = issue_check(measurements_shown(content), asked)
        if check.returned:  # as the service has it: nobody issues a figure that went back
            return
        snapshot = canonical_json(content)
        report = ProgressReport(
            uuid=workshop.identity.of("report", str(reported.quarter_end), minister.code),
            strategic_plan=plan.plan,
            plan=plan,
            stage=ReportStage.APPROVED,
            minister=minister,
            reference_date=reported.quarter_end,
            known_at=asked,
            language=_LANGUAGE,
            state=ReportState.READY,
            requested_by=corporate,
            schema_version=SCHEMA_VERSION,
            rule_version=CURRENT_RULE_VERSION,
            snapshot=snapshot,
            snapshot_sha256=sha256_of(snapshot),
            issued_at=issued,
            issued_by=corporate,
            version=2,
            is_demo=True,
            created_at=asked,
        )
        dated_rows_write([report])
        self._files.append((report, self._typesetter.submit(render_pdf, content)))
        _tell(workshop, report, asked, issued)
        _lock(workshop, report, check.shown, issued)


def _tell(workshop: Workshop, report: ProgressReport, asked: datetime, issued: datetime) -> None:
    """Write the history of the report: asked for, made, issued."""
    corporate, made = report.requested_by, {"snapshot_sha256": (None, report.snapshot_sha256)}
    sent = {"issued_at": (None, issued.isoformat()), "issued_by": (None, str(corporate.uuid))}
    entries = [
        workshop.entry(report, corporate, "requested", {}),
        workshop.entry(report, corporate, "made", made),
        workshop.entry(report, corporate, "issued", sent),
    ]
    entries[1].actor = None
    for entry, at in zip(entries, (asked, asked + _MADE_AFTER, issued), strict=True):
        entry.at = at
    rows_write(entries)


def _lock(
    workshop: Workshop, report: ProgressReport, shown: Sequence[UUID], issued: datetime
) -> None:
    """Lock the figures that the report shows, one instant after another."""
    figures = Measurement.objects.filter(uuid__in=shown).order_by("pk")
    rows_write(
        [
            MeasurementEvent(
                uuid=workshop.identity.of("locked", str(report.uuid), str(figure.uuid)),
                measurement=figure,
                kind=MeasurementEventKind.LOCKED,
                cause_type=report.type_name(),
                cause_uuid=report.uuid,
                recorded_by=report.requested_by,
                recorded_at=issued + number * _TICK,
                is_demo=True,
            )
            for number, figure in enumerate(figures)
        ]
    )
