"""The matrix of the strategic plan and the National Security Plan: its rows, columns and cells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from objectives.indicators import engine
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors import ObjectiveReading
from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.security.selectors.structure import all_themes
from objectives.strategy.models import Plan, StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_strategic_objectives, all_werven
from personnel.models import OrganisationUnit, SupervisingMinister
from reporting.selectors.alignment_links import AlignmentLinks


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


def matrix_columns(
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
    linked: Iterable[ObjectiveReading], links: AlignmentLinks, targets: Sequence[SecurityObjective]
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


def matrix_rows(
    filter_: AlignmentFilter,
    columns: Sequence[Line],
    linked: Iterable[ObjectiveReading],
    links: AlignmentLinks,
    targets: Sequence[SecurityObjective],
) -> tuple[MatrixRow, ...]:
    """Return the strategic objectives, the open one followed by its werven.

    `linked` are the objectives of the plan with a link to the NVP, `targets` its objectives.
    """
    placed = _placed(linked, links, targets)
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
