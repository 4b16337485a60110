"""Where a plan year stands for one reader, in a few counts: what the first page says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors import objective_readings
from objectives.planning.selectors.plan_years import current_plan
from objectives.planning.selectors.readings import submitted_share
from personnel.access import Access
from reporting.selectors.dashboard import Tallied


@dataclass(frozen=True, slots=True)
class Standing(Tallied):
    """Objectives in force by computed status, and the figures that were due of them."""

    plan: OperationalPlan
    counts: Mapping[engine.Status, int]
    submitted: int
    due: int
    provisional: bool

    @property
    def missing(self) -> int:
        """Return how many figures were due and are not there."""
        return self.due - self.submitted


@steady
def standing(access: Access, unit_ids: frozenset[int] | None, _today: date) -> Standing | None:
    """Return where the running plan stands for the reader; of some units, or of all they see.

    None without objectives in force. The counts are those of the dashboard.
    """
    plan = current_plan(None)
    if plan is None:
        return None
    rows = [
        row for row in _in_force(access, plan.pk) if unit_ids is None or row.unit_id in unit_ids
    ]
    readings = objective_readings(rows, clocks=Clocks.now(), access=access)
    if not readings:
        return None
    figures = [link.reading for reading in readings for link in reading.indicators]
    submitted, due = submitted_share(figures)
    return Standing(
        plan=plan,
        counts=engine.distribution(reading.status.status for reading in readings),
        submitted=submitted,
        due=due,
        provisional=any(figure.status.provisional for figure in figures),
    )


@steady
def _in_force(access: Access, plan_id: int) -> tuple[OperationalObjective, ...]:
    """Return the objectives in force that the reader may see."""
    rows = (
        OperationalObjective.objects.visible_to(access)
        .in_force_at(Clocks.now().known_at)
        .filter(plan=plan_id)
        .select_related("plan", "unit", "werf")
    )
    return tuple(rows)
