"""The progress reports of the demo: those of the last quarter that was reported, and a correction.

One a minister and language. The snapshots come from the code of the product; the files are made by
the product's workers, from jobs that wait for them. What was recorded after a report is written
after it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ibzplan.core.steady import reading
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Measurement, MeasurementEvent
from objectives.planning.models import OperationalPlan
from personnel.choices import Role
from reporting.choices import REPORT_LANGUAGES
from reporting.demo.report_content import IssuedContent, ReportsContent
from reporting.demo.report_deciding import ReportDecider
from reporting.demo.report_rows import dated_history_write, report_row
from reporting.demo.workshop import Workshop
from reporting.demo.writing import facts_write, rows_write
from reporting.selectors.issuing import IssueCheck, issue_check
from reporting.snapshot import ReportQuestion, measurements_shown, snapshot_build
from reporting.snapshot.since import corrects_part

if TYPE_CHECKING:
    from reporting.models import ProgressReport

# So long before it was issued a report was asked for: the directorates read it meanwhile.
_ASKED_DAYS_BEFORE: Final = 7
_ASKED_AFTER_NOON: Final = timedelta(minutes=2, seconds=17)
_ISSUED_AFTER_NOON: Final = timedelta(minutes=40, seconds=17)
# The reports of a day are issued so long after each other: time for the locks, one a tick.
_APART: Final = timedelta(milliseconds=10)
_TICK: Final = timedelta(microseconds=1)

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Edition:
    """What is issued to a minister at a moment, in every language: as known when it was asked."""

    told: IssuedContent
    asked: datetime
    issued: datetime
    corrects: Mapping[str, "ProgressReport"]

    @property
    def number(self) -> int:
        return 2 if self.corrects else 1


class ReportIssuer:
    """Issues the reports while the demo is written; keeps in mind which."""

    def __init__(self, workshop: Workshop, content: ReportsContent) -> None:
        """Nothing is issued yet."""
        self.workshop = workshop
        self.content = content
        self._decider = ReportDecider(workshop)
        self._issued: dict[str, dict[str, ProgressReport]] = {}
        self.reports: list[ProgressReport] = []

    def write(self, plan: OperationalPlan) -> None:
        """Write what heads said of figures, and in between the reports as they were issued."""
        left = sorted(self.workshop.rows.events, key=lambda row: row.recorded_at)
        for edition in self._editions():
            facts_write([row for row in left if row.recorded_at <= edition.issued])
            left = [row for row in left if row.recorded_at > edition.issued]
            self._issue(plan, edition)
        facts_write(left)

    def _editions(self) -> Iterator[_Edition]:
        """Give what is issued, the first one first; nothing when no quarter was reported yet."""
        reported, chronology = self.workshop.reported, self.workshop.chronology
        if reported is None:
            return
        before = reported.issued_on - timedelta(days=_ASKED_DAYS_BEFORE)
        asked = chronology.noon(before) + _ASKED_AFTER_NOON
        issued = chronology.noon(reported.issued_on) + _ISSUED_AFTER_NOON
        for number, (_code, told) in enumerate(sorted(self.content.issued.items())):
            yield _Edition(told, asked, issued + number * len(REPORT_LANGUAGES) * _APART, {})
        yield from self._correction()

    def _correction(self) -> Iterator[_Edition]:
        """Give the second edition, when a figure of the first was corrected long enough ago."""
        told, chronology = self.content.correction, self.workshop.chronology
        first = self._issued.get(told.minister)
        if not first:
            return
        corrected = [
            row.decided_at
            for row in self.workshop.rows.corrections
            if row.decided_at is not None and row.measurement.indicator.title["nl"] == told.of
        ]
        if not corrected:
            return
        day = max(corrected).date() + timedelta(days=told.days_after)
        issued_on = day + timedelta(days=_ASKED_DAYS_BEFORE)
        if chronology.has_passed(issued_on + timedelta(days=2)):  # on Monday, if in the weekend
            asked = chronology.noon(day) + _ASKED_AFTER_NOON
            yield _Edition(told, asked, chronology.noon(issued_on) + _ISSUED_AFTER_NOON, first)

    def _issue(self, plan: OperationalPlan, edition: _Edition) -> None:
        reported = self.workshop.reported
        assert reported is not None  # noqa: S101 (there is no edition without)
        minister = self.workshop.ground.ministers[edition.told.minister]
        question = ReportQuestion(
            plan.plan,
            plan,
            minister,
            reported.quarter_end,
            edition.asked,
            REPORT_LANGUAGES[0],
            edition=edition.number,
            corrects=edition.corrects.get(REPORT_LANGUAGES[0]),
            correction_reason=edition.told.reason,
            asked_at=edition.asked,
        )
        with reading():  # units and plans are asked for once
            content = snapshot_build(question)
        check = issue_check(measurements_shown(content), edition.issued)
        if check.returned:  # as the service has it: nobody issues a figure that went back
            return
        for number, language in enumerate(REPORT_LANGUAGES):
            asked = replace(question, language=language, corrects=edition.corrects.get(language))
            issued = edition.issued + number * _APART
            self._issue_in(asked, _in_language(content, asked), edition.told, issued, check)

    def _issue_in(
        self,
        question: ReportQuestion,
        content: Part,
        told: IssuedContent,
        issued: datetime,
        check: IssueCheck,
    ) -> None:
        report = report_row(self.workshop, question, content)
        history = self._decider.issue(report, content, told, issued)
        dated_history_write(history)
        _lock(self.workshop, report, check, issued)
        self.reports.append(report)
        self._issued.setdefault(told.minister, {})[question.language] = report


def _in_language(content: Part, question: ReportQuestion) -> Part:
    """Return the snapshot of a question that differs in its language alone."""
    made = {**content, "language": question.language}
    if question.corrects is not None:
        made["edition"] = {**content["edition"], "corrects": corrects_part(question.corrects)}
    return made


def _lock(
    workshop: Workshop, report: "ProgressReport", check: IssueCheck, issued: datetime
) -> None:
    """Lock the figures that the report shows, one instant after another."""
    figures = Measurement.objects.filter(uuid__in=check.shown).order_by("pk")
    rows_write(
        [
            MeasurementEvent(
                uuid=workshop.identity.of("locked", str(report.uuid), str(figure.uuid)),
                measurement=figure,
                kind=MeasurementEventKind.LOCKED,
                cause_type=report.type_name(),
                cause_uuid=report.uuid,
                recorded_by=workshop.user(Role.CORPORATE),
                recorded_at=issued + number * _TICK,
                is_demo=True,
            )
            for number, figure in enumerate(figures)
        ]
    )
