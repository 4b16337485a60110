"""All that the pages of some objectives and indicators say at two clocks, as plain values.

Two views are equal when a user would see the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.selectors import IndicatorReading, SlotReading, indicator_readings
from objectives.indicators.selectors.corrections import corrections_of
from objectives.indicators.selectors.definitions import DEFINITION_COLUMNS
from objectives.indicators.selectors.quality import series_quality
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.planning.selectors.closing import EvaluationReading, evaluation_readings
from objectives.planning.selectors.indicator_page import links_known, versions_for
from objectives.planning.selectors.library import LibraryRow, library_rows
from objectives.planning.selectors.parts import ObjectiveParts, objective_parts
from personnel.access import Access

View = dict[str, Any]

OBJECTIVE_COLUMNS: Final = (
    "code",
    "title",
    "description",
    "means",
    "holder",
    "sub_unit",
    "origin",
    "origin_reference",
    "starts_on",
    "ends_on",
    "state",
    "waits_for",
    "approved_at",
)

ACTIVITY_COLUMNS: Final = ("uuid", "kind", "title", "description", "starts_on", "ends_on")
MILESTONE_COLUMNS: Final = ("uuid", "title", "due_on", "forecast_on", "done_on")
EVALUATION_COLUMNS: Final = (
    "state",
    "result",
    "explanation",
    "lessons",
    "discontinued_because",
    "computed_status",
    "handed_in_at",
    "handed_in_by_id",
)
RISK_COLUMNS: Final = ("uuid", "title", "likelihood", "impact", "response", "measure")


def known_view(
    *,
    objectives: Iterable[int],
    indicators: Iterable[int],
    years: Sequence[int],
    clocks: Clocks,
    access: Access,
) -> View:
    """Read everything anew, by key, and return what it says at these clocks."""
    rows = list(
        OperationalObjective.objects.filter(pk__in=list(objectives)).select_related("plan", "unit")
    )
    series = list(
        Indicator.objects.filter(pk__in=list(indicators))
        .select_related("owner")
        .with_latest_figure(reference_date=clocks.reference_date, known_at=clocks.known_at)
    )
    library = library_rows(series, clocks=clocks, access=access)
    found = objective_readings(rows, clocks=clocks, access=access)
    return {
        "objectives": {one.objective.pk: objective_said(one) for one in found},
        "parts": {
            pk: parts_said(parts)
            for pk, parts in objective_parts(rows, clocks.known_at, access).items()
        },
        "evaluations": {
            one.reading.objective.pk: evaluation_said(one)
            for one in evaluation_readings(found, clocks=clocks, access=access)
        },
        "in force": sorted(
            OperationalObjective.objects.visible_to(access)
            .in_force_at(clocks.known_at)
            .values_list("pk", flat=True)
        ),
        "indicators": {
            (year, pk): reading_said(reading)
            for year in years
            for pk, reading in indicator_readings(
                series, year=year, clocks=clocks, access=access
            ).items()
        },
        "library": {row.indicator.pk: library_said(row) for row in library},
        "quality": {
            (year, one.indicator.pk): [
                (str(period.period), period.due_on, period.first_on, period.findings)
                for period in one.periods
            ]
            for year in years
            for one in series_quality(series, year=year, clocks=clocks, access=access)
        },
        "corrections": [
            (one.correction.uuid, one.state)
            for indicator in series
            for one in corrections_of(indicator, clocks.known_at)
        ],
        "versions": [
            (row.indicator_id, row.number, row.reason)
            for indicator in series
            for row in versions_for(indicator, access, clocks.known_at)
        ],
        "used by": [
            (link.indicator_id, link.objective_id, link.weight)
            for indicator in series
            for link in links_known(indicator, access, clocks.known_at)
        ],
        "figures": figures_said(series, clocks, access),
    }


def library_said(row: LibraryRow) -> View:
    """Return what the line of an indicator in the library says."""
    return {"uses": row.uses, "is key": row.is_key, "latest": row.latest and row.latest.uuid}


def objective_said(reading: ObjectiveReading) -> View:
    """Return what an objective's page says: its own words, its status, its indicators."""
    override = reading.override
    return {
        **{name: getattr(reading.objective, name) for name in OBJECTIVE_COLUMNS},
        "status": reading.status,
        "progress": reading.progress,
        "next milestone": reading.next_milestone,
        "override": override and (override.uuid, override.status, override.reason),
        "links": [
            (row.short_code, row.link.weight, row.link.is_key, reading_said(row.reading))
            for row in reading.indicators
        ],
    }


def parts_said(parts: ObjectiveParts) -> View:
    """Return what an objective's page says of what hangs below it."""
    return {
        "activities": [
            (
                *(getattr(one.activity, name) for name in ACTIVITY_COLUMNS),
                [tuple(getattr(row, name) for name in MILESTONE_COLUMNS) for row in one.milestones],
            )
            for one in parts.activities
        ],
        "risks": [tuple(getattr(row, name) for name in RISK_COLUMNS) for row in parts.risks],
        "co-owners": [unit.code for unit in parts.co_owners],
        "goals": [goal.code for goal in parts.goals],
        "lineage": [
            (link.predecessor_id, link.successor_id, link.kind)
            for link in (*parts.predecessors, *parts.successors)
        ],
    }


def evaluation_said(shown: EvaluationReading) -> View:
    """Return what an objective's page says of its final evaluation."""
    row = shown.evaluation
    return {
        "texts": row and [getattr(row, name) for name in EVALUATION_COLUMNS],
        "goes on in": [one.pk for one in shown.successors],
        "shows status": shown.shows_status,
    }


def reading_said(reading: IndicatorReading) -> View:
    """Return what an indicator's page says of one plan year."""
    return {
        "definition": {name: getattr(reading.indicator, name) for name in DEFINITION_COLUMNS},
        # Of a series that never changed, no version is read: it is the first one.
        "version": reading.definition.number if reading.definition else 1,
        "breaks": reading.breaks,
        "slots": [slot_said(slot) for slot in reading.slots],
        "targets": [
            (row.uuid, row.due_on, row.value, row.level, row.is_final, row.reason)
            for row in reading.targets
        ],
        "inputs": reading.data,
        "status": reading.status,
        "forecast": reading.forecast,
        "problem": reading.problem,
    }


def slot_said(slot: SlotReading) -> View:
    """Return one line of the table of figures."""
    row = slot.measurement
    return {
        "period": (str(slot.period), slot.due_on, slot.state, slot.not_applicable_reason),
        "value": slot.value,
        "figure": row and figure_said(row),
    }


def figure_said(row: Measurement) -> tuple[Any, ...]:
    """Return a figure with who stands behind it and what its last review said."""
    return (
        row.uuid,
        row.value,
        row.recorded_at,
        row.recorded_by_id,
        row.approved_by_id,
        row.reason,
        getattr(row, "is_validated", None),
        getattr(row, "is_returned", None),
    )


def figures_said(
    indicators: Sequence[Indicator], clocks: Clocks, access: Access
) -> list[tuple[Any, ...]]:
    """Return the figures that count, as the API lists them, breakdowns included."""
    rows = (
        Measurement.objects.current_for(access, clocks.known_at)
        .filter(indicator__in=indicators)
        .until(clocks.reference_date)
        .with_validation(clocks.known_at)
        .in_order()
    )
    return [(*figure_said(row), str(row.period), row.breakdown_key) for row in rows]


def differences(before: Any, after: Any, where: str = "") -> list[str]:
    """Return in words where two views differ, so that a failure says what changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            line
            for key in sorted({*before, *after}, key=str)
            for line in differences(before.get(key), after.get(key), f"{where}/{key}")
        ]
    return [] if before == after else [f"{where}: {before!r} became {after!r}"]
