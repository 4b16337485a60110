"""How the operational plan lies between the strategic plan and the National Security Plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.security.selectors.structure import all_security_objectives, all_themes
from objectives.strategy.models import Plan
from personnel.access import Access
from reporting.selectors.alignment_gaps import Gaps, gaps_left
from reporting.selectors.alignment_links import alignment_links
from reporting.selectors.alignment_matrix import (
    AlignmentFilter,
    Cell,
    Line,
    MatrixRow,
    matrix_columns,
    matrix_rows,
)
from reporting.selectors.units_asked import units_asked


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
    links = alignment_links(filter_.plan, clocks)
    units = units_asked(filter_, clocks)
    readings = tuple(one for one in everything if units is None or one.objective.unit_id in units)
    security_plan = _security_plan(filter_.plan.year)
    targets = [
        row
        for row in all_security_objectives()
        if security_plan is not None and row.theme.plan_id == security_plan.pk
    ]
    columns = matrix_columns(filter_, security_plan, targets)
    linked = [one for one in readings if links.security[one.objective.pk]]
    codes = {row.pk: row.code for row in targets}
    sees_all = access.is_superuser or access.sees_drafts or _reads_more_than_nvp(access)
    return Alignment(
        filter_,
        security_plan,
        columns,
        matrix_rows(filter_, columns, linked, links, targets),
        readings,
        len(linked),
        gaps_left(filter_.plan, readings, everything, links, targets, units, sees_all=sees_all),
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


def _security_plan(year: int) -> Plan | None:
    """Return the NVP that holds in the year, else the latest; None before it is loaded."""
    plans = {theme.plan_id: theme.plan for theme in all_themes()}
    ordered = sorted(plans.values(), key=lambda plan: (plan.starts_on, plan.pk), reverse=True)
    holding = [plan for plan in ordered if plan.starts_on.year <= year <= plan.ends_on.year]
    return next(iter([*holding, *ordered]), None)
