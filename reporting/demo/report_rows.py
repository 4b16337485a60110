"""The rows that every report of the demo has: itself, the directorates asked, its history."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from ibzplan.core.models import HistoryEntry, Job
from objectives.indicators.engine import CURRENT_RULE_VERSION
from personnel.choices import Role
from reporting.choices import ReportState
from reporting.demo.workshop import Workshop
from reporting.demo.writing import dated_rows_write, rows_write
from reporting.models import ProgressReport, ReportReview
from reporting.render import FORMATS
from reporting.services.report_steps import FINAL_TASK, MAKE_TASK, STEPS_AROUND_FORMATS
from reporting.snapshot import SCHEMA_VERSION, ReportQuestion, canonical_json, sha256_of
from reporting.snapshot.reading import objectives_of

# From the question to the files of the draft, and on to the question to the directorates.
MADE_AFTER: Final = timedelta(seconds=9)
REVIEWED_AFTER: Final = timedelta(minutes=41)
_ANSWERED_APART: Final = timedelta(minutes=13)


def report_row(
    workshop: Workshop, question: ReportQuestion, content: Mapping[str, Any]
) -> ProgressReport:
    """Return a report that was made, as a draft, before it is saved."""
    snapshot = canonical_json(content)
    names = [str(question.reference_date), question.minister.code, question.language]
    if question.plan is None:  # the minister has a report on the plan of the year as well
        names.append(question.strategic_plan.code)
    return ProgressReport(
        uuid=workshop.identity.of("report", *names, str(question.edition)),
        strategic_plan=question.strategic_plan,
        plan=question.plan,
        minister=question.minister,
        reference_date=question.reference_date,
        known_at=question.known_at,
        language=question.language,
        edition=question.edition,
        corrects=question.corrects,
        correction_reason=question.correction_reason,
        state=ReportState.READY,
        requested_by=workshop.user(Role.CORPORATE),
        schema_version=SCHEMA_VERSION,
        rule_version=CURRENT_RULE_VERSION,
        snapshot=snapshot,
        snapshot_sha256=sha256_of(snapshot),
        is_demo=True,
        created_at=question.known_at,
    )


def made_history(workshop: Workshop, report: ProgressReport) -> list[HistoryEntry]:
    """Return that it was asked for, made, and given to the directorates."""
    corporate, asked = report.requested_by, report.known_at
    reason = report.correction_reason
    requested = workshop.entry(
        report, corporate, "requested", {"correction_reason": (None, reason)} if reason else {}
    )
    made = workshop.entry(
        report, corporate, "made", {"snapshot_sha256": (None, report.snapshot_sha256)}
    )
    opened = workshop.entry(report, corporate, "review_opened", {})
    made.actor = None
    requested.at, made.at, opened.at = asked, asked + MADE_AFTER, asked + REVIEWED_AFTER
    return [requested, made, opened]


def reviews_write(
    workshop: Workshop,
    report: ProgressReport,
    content: Mapping[str, Any],
    verdicts: Mapping[str, str],
) -> list[HistoryEntry]:
    """Write whom the report was given to and what they answered on the next working day.

    All units that answer for an objective of it, as `units_reported` has it.
    """
    codes = sorted({row["unit"] for row in objectives_of(content)})
    asked, chronology = report.known_at + REVIEWED_AFTER, workshop.chronology
    answered = chronology.noon(report.known_at.date() + timedelta(days=1))
    rows, history = [], []
    for number, unit in enumerate(workshop.ground.units[code] for code in codes):
        row = ReportReview(
            uuid=workshop.identity.of("review", str(report.uuid), unit.code),
            report=report,
            unit=unit,
            asked_at=asked,
            is_demo=True,
            created_at=asked,
        )
        rows.append(row)
        if unit.code not in verdicts:
            continue
        row.verdict, row.answered_by = verdicts[unit.code], workshop.desk(unit.code).head
        row.answered_at = answered + number * _ANSWERED_APART
        row.version = 2
        said = {"verdict": (None, f"{unit.code} {row.verdict}")}
        entry = workshop.entry(report, row.answered_by, "review_answered", said, about=unit.code)
        entry.at = row.answered_at
        history.append(entry)
    dated_rows_write(rows)
    return history


def files_queue(workshop: Workshop, reports: Sequence[ProgressReport]) -> None:
    """Let jobs wait for workers that make the files: the final ones of what is issued.

    The scheduler wakes somebody for what waits for long. None is woken here: there may be no
    broker yet when the demo is made.
    """
    rows_write(
        [
            Job(
                uuid=workshop.identity.of("job", str(report.uuid)),
                task_name=FINAL_TASK if report.issued_at else MAKE_TASK,
                target_type=report.type_name(),
                target_uuid=report.uuid,
                requested_by=report.requested_by,
                steps_total=len(FORMATS) + STEPS_AROUND_FORMATS,
                queued_at=report.issued_at or report.known_at,
            )
            for report in reports
        ]
    )


def dated_history_write(entries: Sequence[HistoryEntry]) -> None:
    """Write entries in the order of their moments."""
    rows_write(sorted(entries, key=lambda entry: entry.at))
