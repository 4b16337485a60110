"""The alignment page as a file: the matrix, the objectives of the chosen cell, the gaps."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from objectives.indicators.choices import Status
from reporting.alignment_gaps import Gap, GapRow
from reporting.selectors.alignment import Alignment


def alignment_tables(page: Alignment, gaps: Sequence[Gap]) -> list[ExportTable]:
    """Return the tables, as the page shows them now."""
    chosen = [_chosen_table(page)] if page.chosen else []
    return [_matrix_table(page), *chosen, _gaps_table(gaps)]


def table_names(page: Alignment) -> list[tuple[str, str]]:
    """Return the name and title of each table, for the links to them."""
    return [(table.name, str(table.title)) for table in alignment_tables(page, [])]


def _matrix_table(page: Alignment) -> ExportTable:
    columns = [Column("code", _("Code")), Column("row", _("Strategic objective or werf"))]
    for line in page.columns:
        label = f"{line.code} {line.entry.title}"
        columns.append(Column(f"nvp_{line.code}", label, Kind.INTEGER))
    rows: list[list[Cell]] = [
        [row.line.code, row.line.entry.title, *(cell.total for cell in row.cells)]
        for row in page.rows
    ]
    return ExportTable("matrix", _("Matrix"), columns, rows)


def _chosen_table(page: Alignment) -> ExportTable:
    columns = [
        Column("code", _("Code")),
        Column("objective", _("Operational objective")),
        Column("unit", _("Unit")),
        Column("werf", _("Werf")),
        Column("nvp", _("Objectives of the NVP")),
        Column("status", _("Status"), Kind.STATUS),
    ]
    rows: list[list[Cell]] = [
        [
            one.objective.code,
            one.objective.title,
            one.objective.unit.code,
            one.objective.werf.code,
            codes,
            Status(one.status.status),
        ]
        for one, codes in page.chosen_rows
    ]
    return ExportTable("objectives", _("Objectives"), columns, rows)


def _gaps_table(gaps: Sequence[Gap]) -> ExportTable:
    columns = [
        Column("gap", _("Gap")),
        Column("code", _("Code")),
        Column("title", _("Title")),
        Column("other_code", _("Other code")),
        Column("other_title", _("Other title")),
        Column("units", _("Units")),
        Column("detail", _("Explanation")),
        Column("mender", _("Who can mend it")),
    ]
    rows = [_gap_cells(gap, row) for gap in gaps for row in gap.rows]
    return ExportTable("gaps", _("Gaps"), columns, rows)


def _gap_cells(gap: Gap, row: GapRow) -> list[Cell]:
    return [
        gap.title,
        row.code,
        row.title,
        row.other.code if row.other else None,
        row.other.title if row.other else None,
        ", ".join(row.units),
        row.detail,
        gap.mender,
    ]
