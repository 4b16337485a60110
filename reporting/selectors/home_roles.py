"""What the first page tells some roles alone: what moved, the NVP, the plans that are open.

Kept until a fact is recorded or another day begins: see `ibzplan.core.steady`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.plan_years import all_plans, current_plan
from objectives.security.models import SecurityTheme
from objectives.security.selectors.structure import all_security_objectives
from objectives.strategy.models import Plan
from personnel.access import Access
from personnel.models import SupervisingMinister
from reporting.choices import MovementKind
from reporting.selectors.alignment import alignment
from reporting.selectors.alignment_matrix import AlignmentFilter, Cell, Line
from reporting.selectors.board import movements_since
from reporting.selectors.board_moments import board_readings
from reporting.selectors.dashboard import DashboardFilter
from reporting.selectors.since import Since, since_last


@dataclass(frozen=True, slots=True)
class Moves:
    """How many objectives moved how since the last report, or the last period that was closed."""

    filter: DashboardFilter
    since: Since
    counts: Mapping[MovementKind, int]


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme of the NVP with the operational objectives that work on it, by status."""

    theme: SecurityTheme
    counts: Mapping[engine.Status, int]


@dataclass(frozen=True, slots=True)
class SecurityOverview:
    """The NVP in a few counts: its objectives, and what the operational plan does for it.

    `themes` are those that someone works on, `without` counts the others.
    """

    plan: Plan
    objectives: int
    linked: int
    themes: tuple[ThemeLine, ...]
    without: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan that is not closed, with its objectives in force, by the code of their unit."""

    plan: OperationalPlan
    by_unit: Mapping[str, int]

    @property
    def in_force(self) -> int:
        """Return how many objectives are in force."""
        return sum(self.by_unit.values())


@steady
def moves_lately(access: Access, minister: SupervisingMinister | None, today: date) -> Moves | None:
    """Return what moved in the running plan, counted as the dashboard does; None without since."""
    plan = current_plan(None)
    if plan is None:
        return None
    clocks = Clocks(today, Clocks.now().known_at)
    since = since_last(plan, minister, clocks, access)
    if since is None:
        return None
    filter_ = DashboardFilter(plan, minister)
    read = board_readings(filter_, since, clocks, access, with_trend=False)
    counted = Counter(one.kind for one in movements_since(read, since, plan, clocks, access))
    return Moves(filter_, since, {kind: counted[kind] for kind in MovementKind})


@steady
def security_overview(access: Access, today: date) -> SecurityOverview | None:
    """Return where the NVP stands for the reader; None before the plans are loaded."""
    plan = current_plan(None)
    if plan is None:
        return None
    clocks = Clocks(today, Clocks.now().known_at)
    page = alignment(filter_=AlignmentFilter(plan), clocks=clocks, access=access)
    nvp = page.security_plan
    if nvp is None:
        return None
    lines = [_theme_line(line, cells) for line, cells in page.by_theme if cells]
    return SecurityOverview(
        nvp,
        sum(row.theme.plan_id == nvp.pk for row in all_security_objectives()),
        page.linked,
        tuple(line for line in lines if line is not None),
        len(page.columns) - len(lines),
    )


def _theme_line(line: Line, cells: Sequence[Cell]) -> ThemeLine | None:
    """Return a theme with what its cells hold: an objective stands in one row alone."""
    if not isinstance(line.entry, SecurityTheme):
        return None
    counted = Counter(one.status.status for cell in cells for one in cell.readings)
    return ThemeLine(line.entry, {status: counted[status] for status in engine.Status})


@steady
def plan_lines(access: Access, _today: date) -> tuple[PlanLine, ...]:
    """Return the plans that are not closed, by year, with their objectives in force."""
    plans = sorted(
        (plan for plan in all_plans() if plan.state != PlanState.CLOSED), key=lambda one: one.year
    )
    rows = (
        OperationalObjective.objects.visible_to(access)
        .in_force_at(Clocks.now().known_at)
        .filter(plan__in=plans)
        .order_by("unit__order", "unit__code", "pk")
    )
    counted: dict[int, Counter[str]] = {plan.pk: Counter() for plan in plans}
    for plan_id, code in rows.values_list("plan_id", "unit__code"):
        counted[plan_id][code] += 1
    return tuple(PlanLine(plan, dict(counted[plan.pk])) for plan in plans)
