"""Writing what a workbook changes, row by row, through the services that the forms use.

A refusal becomes a problem at its cell, and the next row is looked at: the caller takes everything
back when there is one.
"""

from objectives.planning.models import OperationalPlan
from objectives.planning.services.workbook_indicators import IndicatorWriter
from objectives.planning.services.workbook_rows import RowWriter
from objectives.planning.workbook import Comparison, Problem
from objectives.planning.workbook.columns import ACTIVITIES, MILESTONES, OBJECTIVES, RISKS
from personnel.models import User


def comparison_write(
    *, actor: User, plan: OperationalPlan, comparison: Comparison
) -> list[Problem]:
    """Write every change; return what the services refused, each at its cell.

    What others refer to comes first. Call it in a transaction, under the record clock, and take
    all of it back when anything was refused: the rows that went well are written by then.
    """
    rows = RowWriter(actor, plan, comparison)
    for sheet, write in (
        (OBJECTIVES, rows.objective),
        (ACTIVITIES, rows.activity),
        (MILESTONES, rows.milestone),
        (RISKS, rows.risk),
    ):
        for change in comparison.of(sheet):
            rows.attempt(change, write)
    IndicatorWriter(rows).write()
    return rows.problems
