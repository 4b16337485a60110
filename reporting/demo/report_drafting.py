"""The report that the directorates of the demo are reading, and the cycle that asks for reports."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from ibzplan.core.models import Comment, HistoryEntry
from ibzplan.core.services import clock_raise
from ibzplan.core.steady import reading
from objectives.indicators.choices import Frequency
from objectives.indicators.periods import periods_between
from objectives.planning.models import OperationalPlan
from personnel.choices import Role
from personnel.models import User
from reporting.choices import REPORT_LANGUAGES, ReportStage
from reporting.demo.report_content import DraftContent, ReportRemark, ReportsContent
from reporting.demo.report_rows import (
    dated_history_write,
    made_history,
    report_row,
    reviews_write,
)
from reporting.demo.workshop import Workshop
from reporting.demo.writing import dated_rows_write
from reporting.models import ProgressReport, ReportCycle
from reporting.snapshot import ReportQuestion, snapshot_build
from reporting.snapshot.reading import objectives_of

# A report is asked for so long after the quarter's end at the earliest.
_EARLIEST: Final = timedelta(days=7)
_ASKED_AFTER_NOON: Final = timedelta(minutes=2, seconds=17)
# Remarks are typed from two hours after the answers of the heads on, and answered in an hour.
_REMARKED_AFTER: Final = timedelta(hours=2)
_REMARKED_APART: Final = timedelta(minutes=6)
_ANSWERED_AFTER: Final = timedelta(hours=1)
# The cycle was set so long before its first report was asked for.
_SET_BEFORE: Final = timedelta(days=60)
_NARRATIVE: Final = "narrative"


def cycle_write(workshop: Workshop, content: ReportsContent, plan: OperationalPlan) -> None:
    """Write how often reports are made, from the quarter that was reported on."""
    reported, corporate = workshop.reported, workshop.user(Role.CORPORATE)
    if reported is None:
        return
    starts_on = _quarter_start(reported.quarter_end)
    at = workshop.chronology.noon(reported.issued_on - _SET_BEFORE)
    values: dict[str, Any] = {
        "frequency": content.cycle.frequency,
        "starts_on": starts_on,
        "lag_days": content.cycle.lag_days,
        "languages": list(content.cycle.languages),
        "is_active": True,
        "set_by": corporate,
    }
    row = ReportCycle(
        uuid=workshop.identity.of("report cycle", plan.plan.code),
        strategic_plan=plan.plan,
        is_demo=True,
        created_at=at,
        **values,
    )
    told = {**values, "starts_on": starts_on.isoformat(), "set_by": str(corporate.uuid)}
    entry = workshop.entry(row, corporate, "set", {k: (None, v) for k, v in told.items()})
    entry.at = at
    dated_rows_write([row])
    dated_history_write([entry])


def _quarter_start(end: date) -> date:
    return date(end.year, end.month - 2, 1)


def drafts_write(
    workshop: Workshop, content: ReportsContent, plan: OperationalPlan
) -> list[ProgressReport]:
    """Write the drafts of the quarter that ended since the last report, a language; return them."""
    told, end = content.draft, _quarter_end(workshop, content.draft)
    if end is None:
        return []
    chronology = workshop.chronology
    asked = chronology.noon(workshop.today - timedelta(days=told.asked_days_ago))
    asked += _ASKED_AFTER_NOON
    question = ReportQuestion(
        plan.plan,
        plan,
        workshop.ground.ministers[told.minister],
        end,
        asked,
        REPORT_LANGUAGES[0],
        asked_at=asked,
    )
    with reading():
        snapshot = snapshot_build(question)
    return [
        _draft(workshop, told, replace(question, language=one), {**snapshot, "language": one})
        for one in REPORT_LANGUAGES
    ]


def _quarter_end(workshop: Workshop, told: DraftContent) -> date | None:
    """Return the last quarter's end that was not reported yet and ended long enough ago."""
    asked_on = workshop.today - timedelta(days=told.asked_days_ago)
    ended = periods_between(Frequency.TERM, date(asked_on.year, 1, 1), asked_on - _EARLIEST)
    done = workshop.reported.quarter_end if workshop.reported else date.min
    ends = [one.end for one in ended if done < one.end <= asked_on - _EARLIEST]
    return max(ends, default=None)


def _draft(
    workshop: Workshop, told: DraftContent, question: ReportQuestion, content: Mapping[str, Any]
) -> ProgressReport:
    report = report_row(workshop, question, content)
    report.stage, report.version = ReportStage.REVIEW, 2
    report.review_due_on = question.known_at.date() + timedelta(days=told.answer_within_days)
    dated_rows_write([report])
    history = made_history(workshop, report)
    history += reviews_write(workshop, report, content, told.verdicts)
    if question.language == REPORT_LANGUAGES[0]:
        history += _remarks_write(workshop, report, told, content)
    dated_history_write(history)
    clock_raise(max(entry.at for entry in history))
    return report


# Remarks ------------------------------------------------------------------------------------------


def _remarks_write(
    workshop: Workshop, report: ProgressReport, told: DraftContent, content: Mapping[str, Any]
) -> list[HistoryEntry]:
    """Write what directorates remark at a paragraph or at figures; return its history."""
    rows = {row["title"]["nl"]: row for row in objectives_of(content)}
    day = workshop.chronology.noon(report.known_at.date() + timedelta(days=1))
    firsts, answers, history = [], [], []
    for number, remark in enumerate(told.remarks):
        objective = rows.get(remark.of)
        if objective is None:  # it left the plan
            continue
        at = workshop.chronology.later(day, _REMARKED_AFTER + number * _REMARKED_APART)
        desk = workshop.desk(objective["unit"])
        author = desk.head if remark.by == Role.HEAD else desk.planner
        place = _place(remark, objective)
        first = _comment(workshop, report, author, place, remark.text, at)
        first.asks_change = remark.asks_change
        firsts.append(first)
        if remark.answer:
            corporate = workshop.user(Role.CORPORATE)
            later = workshop.chronology.later(at, _ANSWERED_AFTER)
            answer = _comment(workshop, report, corporate, place, remark.answer, later)
            answer.parent = first
            answers.append(answer)
    dated_rows_write(firsts)
    dated_rows_write(answers)
    for row in (*firsts, *answers):
        entry = workshop.entry(row, row.author, "created", {"text": (None, row.text)})
        entry.at = row.created_at
        history.append(entry)
    workshop.rows.comments += [*firsts, *answers]
    return history


def _place(remark: ReportRemark, objective: Mapping[str, Any]) -> str:
    """Return the anchor: what was done in the last quarter told, or the table of the figures; or
    the latest figure of the indicator that the remark is about.
    """
    anchor = f"objective:{objective['id']}"
    told = next(iter(objective["narratives"]), None)
    if remark.place == _NARRATIVE and told is not None:
        return f"{anchor}.narrative.{told['periodStart']}{told['resolution']}.done"
    return _latest_fact(remark, objective) or f"{anchor}.indicators"


def _latest_fact(remark: ReportRemark, objective: Mapping[str, Any]) -> str:
    """Return the latest figure of the indicator that a remark names, '' for none."""
    facts = [
        slot["fact"]
        for row in objective["indicators"]
        if row["title"]["nl"] == remark.indicator
        for slot in row["slots"]
        if slot.get("fact")
    ]
    return facts[-1] if facts else ""


def _comment(
    workshop: Workshop, report: ProgressReport, author: User, field: str, text: str, at: datetime
) -> Comment:
    return Comment(
        uuid=workshop.identity.of("comment", str(report.uuid), author.username, field),
        target_type=report.type_name(),
        target_uuid=report.uuid,
        field=field,
        text=text,
        author=author,
        is_demo=True,
        created_at=at,
    )
