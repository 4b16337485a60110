"""The progress reports of the demo: those of the last quarter that was reported, and a correction.

One a plan, minister and language. The snapshots come from the code of the product; the files are
made by the product's workers, from jobs that wait for them. What was recorded after a report is
written after it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
from reporting.snapshot import (
    ReportQuestion,
    canonical_json,
    measurements_shown,
    snapshot_build,
)
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
        # By plan ('' is that of the year) and minister, then by language.
        self._issued: dict[tuple[str, str], dict[str, ProgressReport]] = {}
        self._left: list[MeasurementEvent] = []
        self.reports: list[ProgressReport] = []

    def write(self, plan: OperationalPlan) -> None:
        """Write what heads said of figures, and in between the reports as they were issued."""
        self._left = sorted(self.workshop.rows.events, key=lambda row: row.recorded_at)
        for editions in self._turns():
            self._tell_until(max(edition.asked for edition in editions))
            with reading():  # what the plans and their figures are is asked for once
                asked = [self._question(plan, edition) for edition in editions]
                contents = [_as_kept(snapshot_build(question)) for question in asked]
            for edition, question, content in zip(editions, asked, contents, strict=True):
                self._tell_until(edition.issued)
                self._issue(edition, question, content)
        facts_write(self._left)

    def _tell_until(self, moment: datetime) -> None:
        """Write what heads had said by then."""
        facts_write([row for row in self._left if row.recorded_at <= moment])
        self._left = [row for row in self._left if row.recorded_at > moment]

    def _turns(self) -> Iterator[Sequence[_Edition]]:
        """Give what was asked for together, the first ones first.

        Nothing when no quarter was reported yet.
        """
        reported, chronology = self.workshop.reported, self.workshop.chronology
        if reported is None:
            return
        before = reported.issued_on - timedelta(days=_ASKED_DAYS_BEFORE)
        asked = chronology.noon(before) + _ASKED_AFTER_NOON
        issued = chronology.noon(reported.issued_on) + _ISSUED_AFTER_NOON
        yield [
            _Edition(told, asked, issued + number * len(REPORT_LANGUAGES) * _APART, {})
            for number, told in enumerate(self.content.issued)
            if self._is_followed_up(told, reported.quarter_end)
        ]
        if correction := self._correction():
            yield [correction]

    def _is_followed_up(self, told: IssuedContent, quarter_end: date) -> bool:
        """Tell whether the plan runs by then; that of the year does."""
        plan = self.workshop.ground.plans.get(told.plan)
        return plan is None or plan.starts_on <= quarter_end <= plan.ends_on

    def _correction(self) -> _Edition | None:
        """Return the second edition, when a figure of the first was corrected long enough ago."""
        told, chronology = self.content.correction, self.workshop.chronology
        first = self._issued.get((told.plan, told.minister))
        if not first:
            return None
        corrected = [
            row.decided_at
            for row in self.workshop.rows.corrections
            if row.decided_at is not None and row.measurement.indicator.title["nl"] == told.of
        ]
        if not corrected:
            return None
        day = max(corrected).date() + timedelta(days=told.days_after)
        issued_on = day + timedelta(days=_ASKED_DAYS_BEFORE)
        if not chronology.has_passed(issued_on + timedelta(days=2)):  # on Monday, if in the weekend
            return None
        asked = chronology.noon(day) + _ASKED_AFTER_NOON
        return _Edition(told, asked, chronology.noon(issued_on) + _ISSUED_AFTER_NOON, first)

    def _question(self, plan: OperationalPlan, edition: _Edition) -> ReportQuestion:
        """Return what an edition answers, in the first language."""
        reported, ground, told = self.workshop.reported, self.workshop.ground, edition.told
        assert reported is not None  # noqa: S101 (there is no edition without)
        return ReportQuestion(
            ground.plans[told.plan] if told.plan else plan.plan,
            None if told.plan else plan,
            ground.ministers[told.minister],
            reported.quarter_end,
            edition.asked,
            REPORT_LANGUAGES[0],
            edition=edition.number,
            corrects=edition.corrects.get(REPORT_LANGUAGES[0]),
            correction_reason=edition.told.reason,
            asked_at=edition.asked,
        )

    def _issue(self, edition: _Edition, question: ReportQuestion, content: Part) -> None:
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
        self._issued.setdefault((told.plan, told.minister), {})[question.language] = report


def _as_kept(snapshot: Part) -> Part:
    """Return a snapshot as it is read again: gates name what they find in that order."""
    kept: Part = json.loads(canonical_json(snapshot))
    return kept


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
