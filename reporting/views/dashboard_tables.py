"""What the dashboard shows, as the tables of a file."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from ibzplan.core.localised import joined
from objectives.indicators import engine
from objectives.indicators.choices import Status
from objectives.planning.views.work_export import key_cells, standing_cells
from reporting.selectors.board import Board


def board_tables(page: Board) -> Sequence[ExportTable]:
    """Return the werven, their objectives, and what moved since the last report if there is one."""
    tables = [
        ExportTable("werven", _("Werven"), _werf_columns(), list(_werf_rows(page))),
        ExportTable("objectives", _("Objectives"), _objective_columns(), list(_objectives(page))),
    ]
    if page.last is not None:
        tables.append(
            ExportTable("movements", _("What moved"), _movement_columns(), list(_movements(page)))
        )
    return tables


def _werf_columns() -> list[Column]:
    return [
        Column("strategicObjective", _("Strategic objective")),
        Column("werf", _("Werf")),
        Column("title", _("Title")),
        Column("units", _("Units")),
        Column("status", _("Status"), Kind.STATUS),
        *(Column(status.value, status.label, Kind.INTEGER) for status in Status),
        Column("actual", _("Realised"), Kind.PERCENT),
        Column("expected", _("Expected"), Kind.PERCENT),
        Column("deviation", _("Deviation"), Kind.PERCENT),
        Column("nextMilestone", _("Next milestone"), Kind.DATE),
        Column("lateMilestones", _("Milestones late"), Kind.INTEGER),
    ]


def _werf_rows(page: Board) -> Iterator[list[Cell]]:
    for card in page.cards:
        for row in card.rows:
            reading, progress = row.reading, row.reading.progress
            has_any = bool(reading.objectives)
            yield [
                card.card.objective.code,
                reading.werf.code,
                reading.werf.title,
                ", ".join(link.unit.code for link in reading.werf.unit_links.all()),
                Status(reading.status.status) if has_any else None,
                *(reading.counts[engine.Status(status.value)] for status in Status),
                progress.actual if progress else None,
                progress.expected if progress else None,
                reading.deviation,
                row.next_milestone.due_on,
                row.next_milestone.late,
            ]


def _objective_columns() -> list[Column]:
    return [
        Column("werf", _("Werf")),
        Column("objective", _("Objective")),
        Column("title", _("Title")),
        Column("unit", _("Directorate")),
        Column("status", _("Status"), Kind.STATUS),
        Column("judgement", _("Judgement of the head"), Kind.STATUS),
        Column("actual", _("Realised"), Kind.PERCENT),
        Column("expected", _("Expected"), Kind.PERCENT),
        Column("indicator", _("Key indicator")),
        Column("value", _("Value")),
        Column("target", _("Target")),
    ]


def _objectives(page: Board) -> Iterator[list[Cell]]:
    for row in page.rows:
        for shown in row.shown:
            reading = shown.reading
            yield [
                row.reading.werf.code,
                reading.objective.code,
                reading.objective.title,
                reading.objective.unit.code,
                *standing_cells(reading),
                *key_cells(shown.key),
            ]


def _movement_columns() -> list[Column]:
    return [
        Column("objective", _("Objective")),
        Column("title", _("Title")),
        Column("kind", _("Movement")),
        Column("from", _("Status before"), Kind.STATUS),
        Column("to", _("Status after"), Kind.STATUS),
        Column("reasons", _("Why")),
    ]


def _movements(page: Board) -> Iterator[list[Cell]]:
    for movement in page.movements:
        yield [
            movement.objective.code,
            movement.objective.title,
            movement.kind.label,
            Status(movement.from_status) if movement.from_status else None,
            Status(movement.to_status) if movement.to_status else None,
            joined(movement.reasons),
        ]
