"""What the page of two moments shows, as tables for a file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from objectives.indicators.choices import Status
from objectives.indicators.formatting import period_text
from objectives.planning.choices import ChangeKind
from objectives.planning.selectors import ObjectiveReading
from reporting.choices import MovementKind
from reporting.selectors.comparing import Comparison, StillReading, WerfMovements, deviation_of
from reporting.selectors.movements import Movement


def table_names(page: Comparison) -> list[tuple[str, str]]:
    """Return the names and titles of the tables, in their order."""
    return [(table.name, str(table.title)) for table in compare_tables(page)]


def compare_tables(page: Comparison) -> list[ExportTable]:
    """Return what moved and did not, the counts, the restated figures and the amendments."""
    return [_movements(page), _counts(page), _restated(page), _amendments(page)]


def _movements(page: Comparison) -> ExportTable:
    columns = [
        Column("strategicObjective", _("Strategic objective")),
        Column("werf", _("Werf")),
        Column("code", _("Code")),
        Column("title", _("Operational objective")),
        Column("unit", _("Directorate")),
        Column("movement", _("Movement"), Kind.STATUS),
        Column("statusBefore", _("Status before"), Kind.STATUS),
        Column("statusAfter", _("Status after"), Kind.STATUS),
        Column("realisedBefore", _("Realised before"), Kind.PERCENT),
        Column("realisedAfter", _("Realised after"), Kind.PERCENT),
        Column("deviationBefore", _("Deviation before"), Kind.PERCENT),
        Column("deviationAfter", _("Deviation after"), Kind.PERCENT),
        Column("reasons", _("Reasons")),
    ]
    return ExportTable("movements", _("What moved"), columns, list(_movement_rows(page)))


def _movement_rows(page: Comparison) -> Iterable[list[Cell]]:
    for group in page.groups:
        for row in group.werven:
            for movement in row.movements:
                yield _movement_row(row, movement)
            for still in row.still:
                yield _still_row(row, still)


def _movement_row(row: WerfMovements, movement: Movement) -> list[Cell]:
    return [
        *_place(row, movement.after or movement.before),
        MovementKind(movement.kind),
        *_figures(movement.before, movement.after),
        "\n".join(movement.reasons),
    ]


def _still_row(row: WerfMovements, still: StillReading) -> list[Cell]:
    return [*_place(row, still.after), _("Unchanged"), *_figures(still.before, still.after), ""]


def _place(row: WerfMovements, reading: ObjectiveReading | None) -> list[Cell]:
    assert reading is not None  # noqa: S101 (a movement has one of the two)
    objective = reading.objective
    return [
        row.werf.objective.code,
        row.werf.code,
        objective.code,
        objective.title,
        objective.unit.code,
    ]


def _figures(before: ObjectiveReading | None, after: ObjectiveReading | None) -> list[Cell]:
    status: list[Cell] = [Status(one.status.status) if one else None for one in (before, after)]
    realised: list[Cell] = [
        one.progress.actual if one and one.progress else None for one in (before, after)
    ]
    return [*status, *realised, deviation_of(before), deviation_of(after)]


def _counts(page: Comparison) -> ExportTable:
    rows: list[list[Cell]] = [
        [Status(status), page.counts_before[status], page.counts_after[status]]
        for status in page.counts_after
    ]
    columns = [
        Column("status", _("Status"), Kind.STATUS),
        Column("before", _("Before"), Kind.INTEGER),
        Column("after", _("After"), Kind.INTEGER),
    ]
    return ExportTable("counts", _("Counts before and after"), columns, rows)


def _restated(page: Comparison) -> ExportTable:
    rows: list[list[Cell]] = [
        [
            one.indicator.code,
            one.indicator.title,
            period_text(one.period),
            one.was,
            one.now,
            one.changed_at,
            one.reason,
        ]
        for one in page.restated
    ]
    columns = [
        Column("indicator", _("Code")),
        Column("title", _("Indicator")),
        Column("period", _("Period")),
        Column("was", _("Shown then")),
        Column("now", _("Now")),
        Column("changedOn", _("Changed on"), Kind.DATE),
        Column("reason", _("Reason")),
    ]
    return ExportTable("restated", _("Restated figures"), columns, rows)


def _amendments(page: Comparison) -> ExportTable:
    rows: list[list[Cell]] = [
        [
            f"W{one.amendment.number}",
            one.amendment.title,
            ChangeKind(one.kind),
            ", ".join(row.code for row in (*one.objectives.all(), *one.results.all())),
            one.amendment.decided_at,
            one.motivation,
        ]
        for one in page.amendments
    ]
    columns = [
        Column("number", _("Amendment")),
        Column("title", _("Name")),
        Column("kind", _("Kind")),
        Column("objectives", _("Objectives")),
        Column("approvedOn", _("Approved on"), Kind.DATE),
        Column("motivation", _("Why")),
    ]
    return ExportTable("amendments", _("Important amendments"), columns, rows)
