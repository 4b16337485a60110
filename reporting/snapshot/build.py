"""Collects everything a progress report says: what the cabinet sees, less what is confidential."""

from typing import Any

from ibzplan.core.consistent import consistent_read
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors import WerfReading
from reporting.selectors.dashboard import ObjectiveCard
from reporting.snapshot.alignment import alignment_part
from reporting.snapshot.amendments import amendments_part
from reporting.snapshot.background import background
from reporting.snapshot.below import below
from reporting.snapshot.board import report_board
from reporting.snapshot.changes import with_changes
from reporting.snapshot.facts import FactBook
from reporting.snapshot.frame import frame_part, minister_access, units_part
from reporting.snapshot.indicators import iso
from reporting.snapshot.means import means_part
from reporting.snapshot.parts import (
    Around,
    has_demo_rows,
    late_part,
    objective_part,
    progress_part,
    rollup_part,
    summary_part,
)
from reporting.snapshot.plan_read import plan_read
from reporting.snapshot.quality import quality_part
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.questions import questions_part
from reporting.snapshot.security import security_snapshot
from reporting.snapshot.since import report_before
from reporting.snapshot.taken_away import taken_away
from reporting.snapshot.then import Then


def snapshot_build(question: ReportQuestion) -> dict[str, Any]:
    """Return the facts of one report, ready for `canonical_json`: one consistent read.

    Texts come in every language there is and numbers are exact, so that two snapshots which
    differ in `language` alone are otherwise equal. Body parts name figures by the ids of `facts`.

    Everything is as known at `known_at`: what is appended (figures with their breakdown,
    validations, returns, locks, targets, definitions, judgements, amendments), what holds for a
    span (which objective uses which indicator with which weight, what was due, narratives, risks,
    links), and what keeps its history (objectives, activities, milestones, the structure of the
    plan, units, ministers and office-holders). It stays the same for the same `known_at`, whatever
    is recorded after it. Objectives and indicators stand with the unit, and units with the
    minister, that they had on the reference date. An indicator is left out when it was confidential
    then, or when the report was asked for. The queries do not grow with the objectives.

    Of a plan that is followed up as a whole, see `reporting.snapshot.security`.
    """
    if question.plan is None:
        return security_snapshot(question)
    plan, clocks = question.plan, question.clocks
    with consistent_read():
        access = minister_access(question.minister, clocks)
        before = report_before(question)
        found = plan_read(plan, question, access, before)
        board = report_board(
            found.readings,
            found.structure,
            found.confidential,
            rule_version=question.rule_version,
        )
        readings, then = board.readings, found.then
        book = FactBook()
        around = Around(
            board.left_out,
            background(readings, year=plan.year, clocks=clocks, before=before),
            below(
                [row.objective for row in readings],
                found.security,
                taken_away(found.ended, found.readings, found.confidential),
                clocks,
            ),
        )
        snapshot = {
            **frame_part("progressReport", question, found.holders, then),
            "plan": _plan(plan, then),
            "isDemo": plan.is_demo or has_demo_rows(readings),
            "provisional": board.provisional,
            "summary": summary_part(book, board),
            "strategicObjectives": [_strategic(book, card, around) for card in board.cards],
            "attention": [reading.objective.code for reading in board.attention],
            "late": late_part(readings),
            "questions": questions_part(question, readings, before),
            "amendments": amendments_part(book, found),
            "means": means_part(book, found, question),
            "alignment": alignment_part(book, found),
            "quality": quality_part(book, readings, clocks, access),
        }
        snapshot["units"] = units_part(snapshot, then)
        snapshot["facts"] = book.facts
        return with_changes(snapshot, question, before)


def _plan(plan: OperationalPlan, then: Then) -> dict[str, Any]:
    known, strategic = then.of(plan), then.of(plan.plan)
    return {
        "code": strategic.code,
        "title": strategic.title.as_json(),
        "year": known.year,
        "state": str(known.state),
        "approvedOn": iso(known.approved_on),
    }


def _strategic(book: FactBook, card: ObjectiveCard, around: Around) -> dict[str, Any]:
    objective = card.objective
    return {
        "id": str(objective.uuid),
        "code": objective.code,
        "title": objective.title.as_json(),
        "description": objective.description.as_json(),
        "counts": book.counts(f"so:{objective.uuid}", card.counts),
        "total": book.count(f"f:count:so:{objective.uuid}", card.total),
        "good": book.count(f"f:count:so:{objective.uuid}:good", card.good),
        "werven": [_werf(book, werf, around) for werf in card.werven],
    }


def _werf(book: FactBook, reading: WerfReading, around: Around) -> dict[str, Any]:
    werf, owner = reading.werf, str(reading.werf.uuid)
    return {
        "id": owner,
        "code": werf.code,
        "title": werf.title.as_json(),
        **rollup_part(book, owner, reading.status),
        "counts": book.counts(f"werf:{owner}", reading.counts),
        "total": book.count(f"f:count:werf:{owner}", len(reading.objectives)),
        "progress": progress_part(book, owner, reading.progress),
        "nextMilestone": iso(reading.next_milestone),
        "objectives": [objective_part(book, row, around) for row in reading.objectives],
    }
