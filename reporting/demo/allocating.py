"""Which shares of lines the planners of the demo gave their objectives while these were drafts."""

from datetime import datetime, timedelta
from typing import Any, Final

from budget.models import CreditLine
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute
from personnel.models import StaffingLine, User
from reporting.demo.means_content import MeansContent, SharesContent
from reporting.demo.plan_calendar import PlanDays
from reporting.demo.workshop import Workshop

# After the objectives are written, and before the first of them is handed in.
_AFTER_WRITING_DAYS: Final = 3
_A_SHARE: Final = timedelta(minutes=6)


def shares_write(workshop: Workshop, told: MeansContent, running: PlanDays) -> None:
    """Write the shares of the running year: two queries."""
    lines: dict[tuple[str, str], CreditLine | StaffingLine] = {
        ("credits", line.code): line for line in CreditLine.objects.filter(is_demo=False)
    }
    lines |= {("staffing", line.code): line for line in StaffingLine.objects.filter(is_demo=False)}
    chronology = workshop.chronology
    noon = chronology.noon(running.written_until + timedelta(days=_AFTER_WRITING_DAYS))
    number = 0
    for one in told.shares:
        line = lines.get(("credits", one.credits) if one.credits else ("staffing", one.staffing))
        objectives = _drafts_then(workshop, one, running.year, noon)
        if line is None:
            continue
        for objective, share in zip(objectives, one.shares, strict=False):
            at = chronology.later(noon, number * _A_SHARE)
            _share(workshop, line, objective, (share.numerator, share.denominator), at)
            number += 1


def _drafts_then(
    workshop: Workshop, told: SharesContent, year: int, at: datetime
) -> list[OperationalObjective]:
    """Return the objectives of the unit that were written by then and are in the plan still."""
    return [
        row
        for row in workshop.rows.objectives
        if (row.plan.year, row.unit.code) == (year, told.unit)
        and row.withdrawn_at is None
        and row.created_at < at
    ]


def _share(
    workshop: Workshop,
    line: CreditLine | StaffingLine,
    objective: OperationalObjective,
    share: tuple[int, int],
    at: datetime,
) -> None:
    """Make a share with its history."""
    planner: User = workshop.desk(objective.unit.code).planner
    numerator, denominator = share
    values: dict[str, Any] = {
        "uuid": workshop.identity.of("share", line._meta.label, line.code, str(objective.uuid)),
        "objective": objective,
        "year": objective.plan.year,
        "numerator": numerator,
        "denominator": denominator,
        "is_demo": True,
    }
    row: CreditAllocation | StaffAllocation
    if isinstance(line, CreditLine):
        row = CreditAllocation(line=line, **values)
        workshop.rows.credit_shares.append(row)
    else:
        row = StaffAllocation(line=line, statute=Statute.ALL, **values)
        workshop.rows.staff_shares.append(row)
    changes: dict[str, tuple[object, object]] = {
        "line": (None, str(line.uuid)),
        "objective": (None, str(objective.uuid)),
        "numerator": (None, numerator),
        "denominator": (None, denominator),
    }
    workshop.note(row, planner, at, "created", changes, also=[(row, "created_at")])
