"""How the operational plan lies between the strategic plan and the National Security Plan."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import CharField, F, Value

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.models import Indicator
from objectives.planning.models import (
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    TransversalKpi,
)
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.security.selectors.structure import all_security_objectives, all_themes
from objectives.strategy.models import Goal, Plan, StrategicObjective, Werf
from objectives.strategy.selectors.structure import (
    all_goals,
    all_strategic_objectives,
    all_werven,
)
from personnel.access import Access, minister_unit_ids
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting import alignment as rules


@dataclass(frozen=True, slots=True)
class AlignmentFilter:
    """What the address of the page says: whose objectives, and what of the matrix is open.

    `row` and `column` name the cell whose objectives are listed; None lists none.
    """

    plan: OperationalPlan
    minister: SupervisingMinister | None = None
    unit: OrganisationUnit | None = None
    open_objective: str = ""
    open_theme: str = ""
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of the matrix: a strategic objective or werf, a theme or its objective.

    `parent` is the code of what it stands below, '' at the top.
    """

    entry: StrategicObjective | Werf | SecurityTheme | SecurityObjective
    parent: str = ""
    is_open: bool = False

    @property
    def code(self) -> str:
        """Return its code: unique among the rows, and among the columns."""
        return self.entry.code


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row and a column meet: the operational objectives that link them."""

    row: Line
    column: Line
    readings: tuple[ObjectiveReading, ...]

    @property
    def total(self) -> int:
        """Return how many link them."""
        return len(self.readings)

    @property
    def counts(self) -> Mapping[engine.Status, int]:
        """Return how many of them have which status; all six present."""
        return engine.distribution(reading.status.status for reading in self.readings)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row: its line, and a cell a column."""

    line: Line
    cells: tuple[Cell, ...]
    linked: int

    @property
    def filled(self) -> list[Cell]:
        """Return the cells that hold something."""
        return [cell for cell in self.cells if cell.total]


@dataclass(frozen=True)
class Gaps:
    """What is left open, in the order of the plans. See reporting.alignment for the rules."""

    without_indicator: tuple[ObjectiveReading, ...]
    without_goal: tuple[ObjectiveReading, ...]
    alike: tuple[tuple[rules.Likeness, ObjectiveReading, ObjectiveReading], ...]
    shared_keys: tuple[tuple[Indicator, tuple[ObjectiveReading, ...]], ...]
    werven: tuple[Werf, ...] = ()
    goals: tuple[Goal, ...] = ()
    security: tuple[SecurityObjective, ...] = ()
    without_kpi: tuple[StrategicObjective, ...] = ()


@dataclass(frozen=True)
class Alignment:
    """Everything that the page shows.

    `sees_all` is False for a reader who sees part of the plan alone: what nobody works on cannot
    be said then.
    """

    filter: AlignmentFilter
    security_plan: Plan | None
    columns: tuple[Line, ...]
    rows: tuple[MatrixRow, ...]
    readings: tuple[ObjectiveReading, ...]
    linked: int
    gaps: Gaps
    sees_all: bool
    security_codes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def by_theme(self) -> list[tuple[Line, list[Cell]]]:
        """Return the columns, each with its filled cells: the matrix as a list."""
        return [
            (line, [row.cells[place] for row in self.rows if row.cells[place].total])
            for place, line in enumerate(self.columns)
        ]

    @cached_property
    def chosen(self) -> Cell | None:
        """Return the cell whose objectives are listed, None without."""
        wanted = (self.filter.row, self.filter.column)
        cells = (cell for row in self.rows for cell in row.cells)
        return next((c for c in cells if (c.row.code, c.column.code) == wanted), None)

    @property
    def chosen_rows(self) -> list[tuple[ObjectiveReading, str]]:
        """Return the objectives of the chosen cell, each with its codes of the NVP."""
        readings = self.chosen.readings if self.chosen else ()
        codes = self.security_codes
        return [(one, ", ".join(codes.get(one.objective.pk, ()))) for one in readings]


@dataclass(slots=True)
class _Links:
    """What the objectives named then, by key; `kpis` are the transversal objectives with one."""

    indicators: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    goals: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    security: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    kpis: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def alignment(*, filter_: AlignmentFilter, clocks: Clocks, access: Access) -> Alignment:
    """Return the matrix and the gaps of a plan year, as known at a moment.

    Objectives in force then that the reader may see. What nobody works on is told over all
    directorates, whatever the filter. Two queries beside those of `objective_readings`, whatever
    the number of objectives; two more where a minister is asked for at an earlier moment.
    """
    objectives = list(
        OperationalObjective.objects.visible_to(access)
        .in_force_at(clocks.known_at)
        .filter(plan=filter_.plan)
        .select_related("plan", "unit", "werf", "holder")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    everything = objective_readings(objectives, clocks=clocks, access=access)
    links = _links(filter_.plan, clocks)
    units = _units(filter_, clocks)
    readings = tuple(one for one in everything if units is None or one.objective.unit_id in units)
    security_plan = _security_plan(filter_.plan.year)
    targets = [
        row
        for row in all_security_objectives()
        if security_plan is not None and row.theme.plan_id == security_plan.pk
    ]
    columns = _columns(filter_, security_plan, targets)
    linked = [one for one in readings if links.security[one.objective.pk]]
    codes = {row.pk: row.code for row in targets}
    sees_all = access.is_superuser or access.sees_drafts or _reads_more_than_nvp(access)
    return Alignment(
        filter_,
        security_plan,
        columns,
        _rows(filter_, columns, _placed(linked, links, targets)),
        readings,
        len(linked),
        _gaps(filter_, readings, everything, links, targets, units, sees_all=sees_all),
        sees_all,
        {
            one.objective.pk: tuple(
                code for pk, code in codes.items() if pk in links.security[one.objective.pk]
            )
            for one in linked
        },
    )


def _reads_more_than_nvp(access: Access) -> bool:
    return bool(access.roles - {"steering_group"})


def _units(filter_: AlignmentFilter, clocks: Clocks) -> Collection[int] | None:
    """Return the units that are asked for, None for all."""
    units: set[int] | None = None
    if filter_.minister:
        known_at = clocks.known_at if clocks.pinned_known else None
        units = set(
            minister_unit_ids({filter_.minister.pk}, on=clocks.reference_date, known_at=known_at)
        )
    if filter_.unit:
        units = {filter_.unit.pk} if units is None else units & {filter_.unit.pk}
    return units


def _security_plan(year: int) -> Plan | None:
    """Return the NVP that holds in the year, else the latest; None before it is loaded."""
    plans = {theme.plan_id: theme.plan for theme in all_themes()}
    ordered = sorted(plans.values(), key=lambda plan: (plan.starts_on, plan.pk), reverse=True)
    holding = [plan for plan in ordered if plan.starts_on.year <= year <= plan.ends_on.year]
    return next(iter([*holding, *ordered]), None)


def _links(plan: OperationalPlan, clocks: Clocks) -> _Links:
    """Return everything that the objectives of the plan named then: one query for four tables."""
    known = clocks.known_at
    indicators = ObjectiveIndicator.objects.known_at(known).filter(objective__plan=plan)
    goals = ObjectiveGoal.objects.known_at(known).filter(objective__plan=plan)
    security = ObjectiveSecurityLink.objects.known_at(known).filter(objective__plan=plan)
    kpis = TransversalKpi.objects.known_at(known).filter(objective__plan=plan.plan_id)
    parts = [
        rows.order_by()
        .annotate(kind=Value(kind, output_field=CharField()), other=F(column))
        .values_list("kind", "objective_id", "other")
        for kind, rows, column in (
            ("indicators", indicators, "indicator_id"),
            ("goals", goals, "goal_id"),
            ("security", security, "security_objective_id"),
            ("kpis", kpis, "indicator_id"),
        )
    ]
    links = _Links()
    for kind, objective, other in parts[0].union(*parts[1:], all=True):
        getattr(links, kind)[objective].add(other)
    return links


def _columns(
    filter_: AlignmentFilter, plan: Plan | None, targets: Sequence[SecurityObjective]
) -> tuple[Line, ...]:
    """Return the themes that hold objectives, the open one followed by its objectives."""
    columns: list[Line] = []
    for theme in all_themes():
        if plan is None or theme.plan_id != plan.pk or not theme.is_block:
            continue
        is_open = theme.code == filter_.open_theme
        columns.append(Line(theme, is_open=is_open))
        if is_open:
            own = (row for row in targets if row.theme_id == theme.pk)
            columns += [Line(row, parent=theme.code) for row in own]
    return tuple(columns)


# By row and column (their keys, each with its table) the objectives that link them.
_Key = tuple[type, int]
_Placed = Mapping[tuple[_Key, _Key], Sequence[ObjectiveReading]]


def _placed(
    linked: Iterable[ObjectiveReading], links: _Links, targets: Sequence[SecurityObjective]
) -> _Placed:
    by_pk = {row.pk: row for row in targets}
    found: dict[tuple[_Key, _Key], list[ObjectiveReading]] = defaultdict(list)
    for reading in linked:
        werf = reading.objective.werf
        named = [by_pk[pk] for pk in links.security[reading.objective.pk] if pk in by_pk]
        columns: set[_Key] = {(SecurityObjective, row.pk) for row in named}
        columns |= {(SecurityTheme, row.theme_id) for row in named}
        for row in ((Werf, werf.pk), (StrategicObjective, werf.objective_id)):
            for column in columns:
                found[row, column].append(reading)
    return found


def _rows(
    filter_: AlignmentFilter, columns: Sequence[Line], placed: _Placed
) -> tuple[MatrixRow, ...]:
    """Return the strategic objectives, the open one followed by its werven."""
    lines: list[Line] = []
    for objective in all_strategic_objectives():
        if objective.plan_id != filter_.plan.plan_id or objective.addendum_id is not None:
            continue
        is_open = objective.code == filter_.open_objective
        lines.append(Line(objective, is_open=is_open))
        if is_open:
            own = (werf for werf in all_werven() if werf.objective_id == objective.pk)
            lines += [Line(werf, parent=objective.code) for werf in own]
    return tuple(_row(line, columns, placed) for line in lines)


def _row(line: Line, columns: Sequence[Line], placed: _Placed) -> MatrixRow:
    cells = tuple(
        Cell(line, column, tuple(placed.get((_key(line), _key(column)), ()))) for column in columns
    )
    return MatrixRow(line, cells, len({r.objective.pk for c in cells for r in c.readings}))


def _key(line: Line) -> _Key:
    return type(line.entry), line.entry.pk


def _gaps(
    filter_: AlignmentFilter,
    readings: Sequence[ObjectiveReading],
    everything: Sequence[ObjectiveReading],
    links: _Links,
    targets: Sequence[SecurityObjective],
    units: Collection[int] | None,
    *,
    sees_all: bool,
) -> Gaps:
    facts = [_facts(one, links) for one in everything]
    own = {one.objective.pk for one in readings}
    of_own = [one for one in facts if one.key in own]
    by_pk = {one.objective.pk: one for one in everything}
    used = {
        link.link.indicator_id: link.reading.indicator
        for one in everything
        for link in one.indicators
    }
    found = Gaps(
        tuple(by_pk[pk] for pk in rules.without_indicator(of_own)),
        tuple(by_pk[pk] for pk in rules.without_goal(of_own)),
        tuple(
            (one, by_pk[one.first], by_pk[one.second])
            for one in rules.alike(facts)
            if one.first in own or one.second in own
        ),
        tuple(
            (used[one.indicator], tuple(by_pk[pk] for pk in one.objectives))
            for one in rules.shared_keys(facts)
            if own.intersection(one.objectives)
        ),
    )
    return _with_uncovered(found, filter_, facts, links, targets, units) if sees_all else found


def _with_uncovered(
    found: Gaps,
    filter_: AlignmentFilter,
    facts: Sequence[rules.ObjectiveFacts],
    links: _Links,
    targets: Sequence[SecurityObjective],
    units: Collection[int] | None,
) -> Gaps:
    """Add what nobody works on; with a filter the werven of the units asked for alone."""
    plan = filter_.plan.plan_id
    werven = {row.pk: row for row in all_werven() if row.objective.plan_id == plan}
    goals = {row.pk: row for row in all_goals() if row.objective.plan_id == plan}
    nvp = {row.pk: row for row in targets}
    transversal = {
        row.pk: row
        for row in all_strategic_objectives()
        if row.plan_id == plan and row.addendum_id is not None
    }
    free = [werven[pk] for pk in rules.uncovered(werven, (one.werf for one in facts))]
    return Gaps(
        found.without_indicator,
        found.without_goal,
        found.alike,
        found.shared_keys,
        tuple(werf for werf in free if units is None or _works_on(units, werf)),
        tuple(goals[pk] for pk in rules.uncovered(goals, _named(one.goals for one in facts))),
        tuple(nvp[pk] for pk in rules.uncovered(nvp, _named(one.security for one in facts))),
        tuple(transversal[pk] for pk in rules.uncovered(transversal, links.kpis)),
    )


def _named(sets: Iterable[Collection[int]]) -> set[int]:
    return {pk for keys in sets for pk in keys}


def _works_on(units: Collection[int], werf: Werf) -> bool:
    return any(link.unit_id in units for link in werf.unit_links.all())


def _facts(reading: ObjectiveReading, links: _Links) -> rules.ObjectiveFacts:
    objective = reading.objective
    return rules.ObjectiveFacts(
        objective.pk,
        objective.title,
        objective.werf_id,
        indicators=len(links.indicators[objective.pk]),
        key_indicators=frozenset(
            link.link.indicator_id for link in reading.indicators if link.link.is_key
        ),
        goals=frozenset(links.goals[objective.pk]),
        security=frozenset(links.security[objective.pk]),
    )
