"""The frozen versions of the plans of the demo: their text follows from the rows once written."""

from datetime import date
from typing import TYPE_CHECKING

from ibzplan.core.canonical import canonical_json, sha256_of
from objectives.planning.models import Amendment, OperationalPlan, PlanVersion
from objectives.planning.selectors.versions import plan_content

if TYPE_CHECKING:
    from ibzplan.core.models import HistoryEntry
    from personnel.models import User
    from reporting.demo.workshop import Workshop


def version_row(
    workshop: "Workshop",
    plan: OperationalPlan,
    actor: "User",
    *,
    dated_on: date,
    reason: str = "",
    amendment: Amendment | None = None,
) -> "tuple[PlanVersion, HistoryEntry]":
    """Return the plan's next version, still without its text, and the history entry of it.

    The caller gives both their moment.
    """
    number = 1 + sum(row.plan is plan for row in workshop.rows.versions)
    row = PlanVersion(
        uuid=workshop.identity.of("version", str(plan.year), str(number)),
        plan=plan,
        number=number,
        dated_on=dated_on,
        amendment=amendment,
        reason=reason,
        recorded_by=actor,
        is_demo=True,
    )
    workshop.rows.versions.append(row)
    entry = workshop.entry(
        plan,
        actor,
        "version_frozen",
        {"version_number": (number - 1 or None, number)},
        reason=reason,
        about=str(number),
    )
    return row, entry


def version_fill(row: PlanVersion) -> None:
    """Give a version the text of its plan as it was known then: the rows are in the database."""
    row.content = canonical_json(plan_content(row.plan, row.recorded_at))
    row.sha256 = sha256_of(row.content)
