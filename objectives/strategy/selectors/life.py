"""The life of a plan: signature, addenda, the plans before and after it, and what went on."""

from collections.abc import Sequence
from dataclasses import dataclass

from ibzplan.core.steady import steady
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_source_plans


@dataclass(frozen=True, slots=True)
class AddendumOutline:
    """An addendum with the transversal objectives that it brought."""

    addendum: PlanAddendum
    objectives: list[StrategicObjective]


@dataclass(frozen=True, slots=True)
class PlanLife:
    """A plan with what happened to it; `unmapped` counts what has no place in the next plan."""

    plan: Plan
    addenda: list[AddendumOutline]
    successor: Plan | None
    unmapped: int


def plan_life(plan: Plan) -> PlanLife:
    """Return the life of a plan: two queries, and two more once there is a next plan."""
    addenda = PlanAddendum.objects.filter(plan=plan).prefetch_related("transversal_objectives")
    successor = _successor(plan)
    return PlanLife(
        plan,
        [AddendumOutline(row, list(row.transversal_objectives.all())) for row in addenda],
        successor,
        _unmapped(plan) if successor else 0,
    )


def _successor(plan: Plan) -> Plan | None:
    """Return the plan that comes after this one, the earliest of several."""
    after = [row for row in all_source_plans() if row.predecessor_id == plan.pk]
    return after[-1] if after else None


def _unmapped(plan: Plan) -> int:
    open_ = {"successors": None, "discontinued_because": ""}
    return (
        StrategicObjective.objects.filter(plan=plan, **open_).count()
        + Werf.objects.filter(objective__plan=plan, **open_).count()
    )


@dataclass(frozen=True, slots=True)
class LineageRow:
    """An objective or a werf of a plan, and where it goes on in the next one."""

    entry: StrategicObjective | Werf
    successors: list[StrategicObjective | Werf]

    @property
    def is_objective(self) -> bool:
        """Tell an objective from a werf."""
        return isinstance(self.entry, StrategicObjective)

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is said of it yet."""
        return not self.successors and not self.entry.discontinued_because


@dataclass(frozen=True, slots=True)
class LineagePage:
    """What becomes of everything in a plan; `next_*` are what it can go on in."""

    plan: Plan
    successor: Plan
    rows: list[LineageRow]
    next_objectives: Sequence[StrategicObjective]
    next_werven: Sequence[Werf]

    @property
    def open_rows(self) -> list[LineageRow]:
        """Return those of which nothing is said yet."""
        return [row for row in self.rows if row.is_open]


def lineage_page(plan: Plan) -> LineagePage | None:
    """Return the mapping to the next plan, None without one: six queries."""
    successor = _successor(plan)
    if successor is None:
        return None
    objectives = StrategicObjective.objects.prefetch_related("successors")
    werven = Werf.objects.select_related("objective").prefetch_related("successors")
    order = ("objective__order", "objective_id", "order", "pk")
    by_objective: dict[int, list[LineageRow]] = {}
    for werf in werven.filter(objective__plan=plan).order_by(*order):
        row = LineageRow(werf, list(werf.successors.all()))
        by_objective.setdefault(werf.objective_id, []).append(row)
    rows: list[LineageRow] = []
    for objective in objectives.filter(plan=plan):
        rows.append(LineageRow(objective, list(objective.successors.all())))
        rows += by_objective.get(objective.pk, [])
    return LineagePage(
        plan,
        successor,
        rows,
        list(StrategicObjective.objects.filter(plan=successor)),
        list(Werf.objects.filter(objective__plan=successor).order_by(*order)),
    )


@dataclass(frozen=True, slots=True)
class Lineage:
    """What an objective or a werf carries on, and what carries it on."""

    predecessors: list[StrategicObjective | Werf]
    successors: list[StrategicObjective | Werf]
    discontinued_because: str


def lineage_of(entry: StrategicObjective | Werf) -> Lineage:
    """Return where an objective or a werf comes from and where it goes on: two queries."""
    before, after = _relatives(type(entry), entry.pk)
    return Lineage(list(before), list(after), entry.discontinued_because)


@steady
def _relatives(
    model: type[StrategicObjective | Werf], pk: int
) -> tuple[tuple[StrategicObjective | Werf, ...], tuple[StrategicObjective | Werf, ...]]:
    plan = "plan" if model is StrategicObjective else "objective__plan"
    rows = model._default_manager.select_related(plan).order_by("order", "pk")
    return tuple(rows.filter(successors=pk)), tuple(rows.filter(predecessors=pk))
