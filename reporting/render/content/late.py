"""The figures that were due and are missing."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    Paragraph,
    Table,
    Words,
)
from reporting.render.wording import FactReader, coded, dated, period

Part = Mapping[str, Any]


def late_section(snapshot: Part, _facts: FactReader) -> list[Block]:
    """Return a row a missing figure, oldest first; or that there is none."""
    heading = Heading(1, (Words(_("Late figures")),), "late")
    if not snapshot["late"]:
        return [heading, Paragraph((Words(_("No figure is late.")),), "late.none")]
    lead = Words(_("These figures were due and are missing, the oldest first."))
    table = Table(
        title=_("Late figures"),
        columns=(
            Column(_("Indicator")),
            Column(_("Directorate"), width_mm=28),
            Column(_("Period"), width_mm=24),
            Column(_("Due on"), width_mm=26),
        ),
        rows=tuple(_row(row) for row in snapshot["late"]),
        anchor="late.table",
    )
    return [heading, Paragraph((lead,), "late.lead"), table]


def _row(row: Part) -> tuple[Cell, ...]:
    return (
        Cell((coded(row, "shortCode"),)),
        Cell(((Name(row["unit"]),),)),
        Cell(((Name(period(row)),),)),
        Cell(((dated(row["dueOn"]),),)),
    )
