"""Collects everything a progress report says: what the cabinet sees, less what is confidential."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db.models import F, Q

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.planning.models import OperationalPlan, StatusOverride
from objectives.planning.selectors import ObjectiveReading, WerfReading
from objectives.planning.selectors.readings import LinkReading, unique_readings
from personnel.access import Access, minister_unit_ids
from personnel.choices import Role
from personnel.models import OfficeHolder, OrganisationUnit, SupervisingMinister
from reporting.selectors import DashboardFilter, dashboard
from reporting.selectors.dashboard import ObjectiveCard
from reporting.snapshot.background import Background, background
from reporting.snapshot.board import LeftOut, ReportBoard, report_board
from reporting.snapshot.consistent import consistent_read
from reporting.snapshot.facts import ATTAINMENT_DECIMALS, FactBook
from reporting.snapshot.indicators import indicator_part, iso
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.questions import questions_part

# 2: no confidential indicators, and how many they are.
# 3: judgements of heads; definition versions, series breaks, forecasts, breakdowns, review marks.
# 4: objectives with the holder of their management function.
# 5: questions, answers and decisions.
SCHEMA_VERSION: Final = 5


def minister_access(minister: SupervisingMinister, clocks: Clocks) -> Access:
    """Return what the minister's cabinet may see: nobody's drafts, and provisional figures of the
    minister's own and the common units only, those of the reference date. `report_board` takes out
    what is confidential.
    """
    return Access(
        roles=frozenset({Role.CABINET}),
        minister_ids=frozenset({minister.pk}),
        minister_unit_ids=minister_unit_ids(
            {minister.pk}, on=clocks.reference_date, known_at=clocks.known_at
        ),
    )


def snapshot_build(question: ReportQuestion) -> dict[str, Any]:
    """Return the facts of one report, ready for `canonical_json`: one consistent read.

    Texts come in every language there is and numbers are exact, so that two snapshots which
    differ in `language` alone are otherwise equal. Body parts name figures by the ids of `facts`.

    `known_at` selects what is appended (figures with their breakdown, validations, returns, locks,
    targets, definitions of indicators, judgements of heads), what holds for a span (which
    objective uses which indicator with which weight, what was due) and the objectives in force
    with their texts, dates, holder and state. It stays the same for the same `known_at`, whatever
    is recorded after it. Objectives and indicators stand with the unit, and units with the
    minister, that they had on the reference date.

    Still those of the time of the read: the names and the order of units; the titles, descriptions
    and order of the strategic plan, its strategic objectives and its werven; ministers and
    office-holders; and which indicators are confidential.
    """
    plan, minister, clocks = _plan_year(question), question.minister, question.clocks
    with consistent_read():
        board = report_board(
            dashboard(
                filter_=DashboardFilter(plan=plan, minister=minister),
                clocks=clocks,
                access=minister_access(minister, clocks),
            )
        )
        readings = board.readings
        behind = background(readings, year=plan.year, known_at=question.known_at)
        book = FactBook()
        return {
            "schema": "progressReport",
            "schemaVersion": SCHEMA_VERSION,
            "ruleVersion": engine.CURRENT_RULE_VERSION,
            "language": question.language,
            "referenceDate": question.reference_date.isoformat(),
            "knownAt": question.known_at.astimezone(UTC).isoformat(),
            "plan": _plan(plan, question.known_at),
            "minister": _minister(minister, question.reference_date),
            "president": _holder(
                OfficeHolder.objects.filter(minister=None), question.reference_date
            ),
            "isDemo": _has_demo_rows(plan, readings),
            "provisional": board.provisional,
            "summary": _summary(book, board),
            "strategicObjectives": [
                _strategic(book, card, board.left_out, behind) for card in board.cards
            ],
            "attention": [reading.objective.code for reading in board.attention],
            "late": _late(readings),
            "questions": questions_part(plan, minister, readings, clocks),
            "units": _units(readings),
            "facts": book.facts,
        }


def _plan_year(question: ReportQuestion) -> OperationalPlan:
    if question.plan is None:
        raise ValueError(f"{question.strategic_plan.code} is not followed up by the year")
    return question.plan


def _plan(plan: OperationalPlan, known_at: datetime) -> dict[str, Any]:
    then = (as_known([plan], known_at) or [plan])[0]  # not there yet: as it was first written
    return {
        "code": plan.plan.code,
        "title": plan.plan.title.as_json(),
        "year": plan.year,
        "state": then.state,
        "approvedOn": iso(then.approved_on),
    }


def _minister(minister: SupervisingMinister, on: date) -> dict[str, Any]:
    return {
        "code": minister.code,
        "title": minister.title.as_json(),
        "shortTitle": minister.short_title.as_json(),
        "holder": _holder(OfficeHolder.objects.filter(minister=minister), on),
    }


def _holder(rows: Any, on: date) -> dict[str, Any] | None:
    """Return who held the office on a day; the source often gives no dates."""
    row = (
        rows.filter(Q(holds_from=None) | Q(holds_from__lte=on))
        .filter(Q(holds_to=None) | Q(holds_to__gte=on))
        .order_by(F("holds_from").desc(nulls_last=True), "pk")
        .first()
    )
    return {"name": row.name, "office": row.office.as_json()} if row else None


def _has_demo_rows(plan: OperationalPlan, readings: Iterable[ObjectiveReading]) -> bool:
    return plan.is_demo or any(
        reading.objective.is_demo
        or any(
            link.reading.indicator.is_demo
            or any(slot.measurement and slot.measurement.is_demo for slot in link.reading.slots)
            for link in reading.indicators
        )
        for reading in readings
    )


def _summary(book: FactBook, board: ReportBoard) -> dict[str, Any]:
    missing = sum(
        slot.state == SlotState.MISSING
        for reading in unique_readings(
            link.reading for row in board.readings for link in row.indicators
        )
        for slot in reading.due_slots
    )
    submitted, due = board.submitted_of_due
    return {
        "counts": book.counts("plan", board.counts),
        "total": book.count("f:count:plan", board.total),
        "good": book.count("f:count:plan:good", board.good),
        "submitted": book.count("f:figures:submitted", submitted),
        "due": book.count("f:figures:due", due),
        "missing": book.count("f:figures:missing", missing),
        "indicators": book.count("f:indicators", board.left_out.total),
        "confidential": book.count("f:confidential", board.left_out.all_),
    }


def _strategic(
    book: FactBook, card: ObjectiveCard, left_out: LeftOut, behind: Background
) -> dict[str, Any]:
    objective = card.objective
    return {
        "id": str(objective.uuid),
        "code": objective.code,
        "title": objective.title.as_json(),
        "description": objective.description.as_json(),
        "counts": book.counts(f"so:{objective.uuid}", card.counts),
        "total": book.count(f"f:count:so:{objective.uuid}", card.total),
        "good": book.count(f"f:count:so:{objective.uuid}:good", card.good),
        "werven": [_werf(book, werf, left_out, behind) for werf in card.werven],
    }


def _rollup(book: FactBook, owner: str, status: engine.RollupStatus) -> dict[str, Any]:
    return {
        "status": status.status.value,
        "remarks": [remark.value for remark in status.remarks],
        "why": book.steps(owner, status.steps),
        "attainment": book.quantity(
            f"f:attainment:{owner}", status.attainment, decimals=ATTAINMENT_DECIMALS
        ),
        "provisional": status.provisional,
        "stale": status.stale,
    }


def _progress(
    book: FactBook, owner: str, progress: engine.Progress | None
) -> dict[str, Any] | None:
    if progress is None:
        return None
    return {
        "actual": book.share(f"f:progress:{owner}:actual", progress.actual),
        "expected": book.share(f"f:progress:{owner}:expected", progress.expected),
    }


def _werf(
    book: FactBook, reading: WerfReading, left_out: LeftOut, behind: Background
) -> dict[str, Any]:
    werf, owner = reading.werf, str(reading.werf.uuid)
    return {
        "id": owner,
        "code": werf.code,
        "title": werf.title.as_json(),
        **_rollup(book, owner, reading.status),
        "counts": book.counts(f"werf:{owner}", reading.counts),
        "total": book.count(f"f:count:werf:{owner}", len(reading.objectives)),
        "progress": _progress(book, owner, reading.progress),
        "nextMilestone": iso(reading.next_milestone),
        "objectives": [_objective(book, row, left_out, behind) for row in reading.objectives],
    }


def _judgement(row: StatusOverride | None) -> dict[str, Any] | None:
    """Return what the head judges beside the computed status; the office says who, no name."""
    if row is None:
        return None
    return {"status": row.status, "reason": row.reason, "since": row.holds_from.isoformat()}


def _objective(
    book: FactBook, reading: ObjectiveReading, left_out: LeftOut, behind: Background
) -> dict[str, Any]:
    objective, owner = reading.objective, str(reading.objective.uuid)
    return {
        "id": owner,
        "code": objective.code,
        "title": objective.title.as_json(),
        "description": objective.description.as_json(),
        "holder": objective.holder.title.as_json() if objective.holder else None,
        "unit": objective.unit.code,
        "state": objective.state,
        "startsOn": objective.starts_on.isoformat(),
        "endsOn": objective.ends_on.isoformat(),
        **_rollup(book, owner, reading.status),
        "judgement": _judgement(reading.override),
        "progress": _progress(book, owner, reading.progress),
        "indicators": [indicator_part(book, link, behind) for link in reading.indicators],
        "confidential": book.count(
            f"f:confidential:{owner}", left_out.by_objective.get(objective.pk, 0)
        ),
    }


def _late(readings: Iterable[ObjectiveReading]) -> list[dict[str, Any]]:
    """Return the figures that were due and are missing, oldest first.

    One that serves several objectives is one figure: it stands under the first of them.
    """
    first: dict[int, tuple[ObjectiveReading, LinkReading]] = {}
    for reading in readings:
        for link in reading.indicators:
            first.setdefault(link.reading.indicator.pk, (reading, link))
    rows = [
        {
            "objective": reading.objective.code,
            "unit": reading.objective.unit.code,
            "indicator": link.reading.indicator.code,
            "shortCode": link.short_code,
            "title": link.reading.indicator.title.as_json(),
            "periodStart": slot.period.start.isoformat(),
            "resolution": slot.period.resolution,
            "dueOn": slot.due_on.isoformat(),
        }
        for reading, link in first.values()
        for slot in link.reading.due_slots
        if slot.state == SlotState.MISSING
    ]
    return sorted(rows, key=lambda row: (row["dueOn"], row["indicator"], row["periodStart"]))


def _units(readings: Iterable[ObjectiveReading]) -> dict[str, Any]:
    units: dict[str, OrganisationUnit] = {}
    for reading in readings:
        units[reading.objective.unit.code] = reading.objective.unit
        for link in reading.indicators:
            units[link.reading.indicator.owner.code] = link.reading.indicator.owner
    return {code: {"title": unit.title.as_json()} for code, unit in units.items()}
