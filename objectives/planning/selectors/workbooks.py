"""The workbook of a plan year, as the user may read it now, and the workbooks handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.exports.xlsx_file import LONGEST_CELL
from ibzplan.core.models import HistoryEntry, Job
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan, WorkbookImport
from objectives.planning.selectors.offers import (
    co_owners_possible,
    goals_offered,
    sub_units_offered,
)
from objectives.planning.selectors.workbook_indicators import (
    indicator_rows,
    indicators_used,
    target_rows,
)
from objectives.planning.selectors.workbook_rows import (
    activity_rows,
    milestone_rows,
    objective_rows,
    risk_rows,
)
from objectives.planning.selectors.workbook_source import BookSource
from objectives.planning.workbook import columns
from objectives.planning.workbook.book import Book, ListEntry, Lists, Locked, Row
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Werf
from personnel.access import Access
from personnel.choices import Role
from personnel.models import ManagementFunction, OrganisationUnit, RoleAssignment
from personnel.selectors import planning_units


def scope_of(access: Access) -> list[OrganisationUnit]:
    """Return the units that a user plans for; none for whoever reads the whole plan."""
    return [unit for unit in planning_units() if access.plans_for(unit.pk)]


def workbook_objectives(
    plan: OperationalPlan, access: Access, units: Iterable[OrganisationUnit] | None = None
) -> QuerySet[OperationalObjective]:
    """Return the objectives of a workbook, by code: what was withdrawn is not among them."""
    rows: QuerySet[OperationalObjective] = (
        OperationalObjective.objects.visible_to(access)
        .filter(plan=plan)
        .exclude(state=PlanState.WITHDRAWN)
        .select_related("plan", "unit", "werf", "sub_unit", "holder")
        .order_by("werf__objective__order", "werf__order", "code", "pk")
    )
    return rows if units is None else rows.filter(unit__in=[unit.pk for unit in units])


def workbook_book(
    plan: OperationalPlan,
    access: Access,
    *,
    clocks: Clocks,
    units: Iterable[OrganisationUnit] | None = None,
) -> Book:
    """Return all sheets. The number of queries does not grow with that of objectives."""
    source = BookSource(plan, access, list(workbook_objectives(plan, access, units)))
    links = indicators_used(source)
    activities, activity_codes = activity_rows(source)
    rows = {
        columns.OBJECTIVES: objective_rows(source),
        columns.ACTIVITIES: [row for row, _activity in activities],
        columns.MILESTONES: milestone_rows(source, activities, activity_codes),
        columns.RISKS: risk_rows(source),
        columns.INDICATORS: indicator_rows(source, links),
        columns.TARGETS: target_rows(source, links, clocks),
    }
    return Book(
        {key: [_cut(key, row) for row in sheet] for key, sheet in rows.items()},
        workbook_lists(plan, access),
    )


def workbook_lists(plan: OperationalPlan, access: Access) -> Lists:
    """Return what cells choose from. Seven queries."""
    every = list(planning_units())
    own = [unit for unit in every if access.plans_for(unit.pk)] or every
    holders = ManagementFunction.objects.select_related("unit").order_by("unit__order", "order")
    werven = Werf.objects.filter(objective__plan=plan.plan_id).order_by(
        "objective__order", "order", "pk"
    )
    security = SecurityObjective.objects.order_by("theme__order", "theme__code", "order", "pk")
    return {
        columns.UNITS: _entries(own),
        columns.SUB_UNITS: _entries(sub_units_offered(own, plan.year)),
        columns.CO_OWNERS: _entries(co_owners_possible(plan.year)),
        columns.HOLDERS: [
            ListEntry(row.code, f"{row.unit.code} {row.title}", row.unit.code) for row in holders
        ],
        columns.WERVEN: _entries(werven),
        columns.GOALS: _entries(goals_offered(plan)),
        columns.SECURITY: _entries(security),
    }


def _entries(rows: Iterable[Any]) -> list[ListEntry]:
    return [ListEntry(row.code, str(row.title)) for row in rows]


def _cut(sheet: str, row: Row) -> Row:
    """Close the cells whose text is longer than a cell can be, and show their beginning."""
    long = {
        key: value
        for key, value in row.values.items()
        if isinstance(value, str) and len(value) > LONGEST_CELL
    }
    if not long:
        return row
    return Row(
        row.identity,
        row.version,
        {**row.values, **{key: value[: LONGEST_CELL - 1] + "…" for key, value in long.items()}},
        row.unit,
        row.locked,
        {**row.locks, **dict.fromkeys(long, Locked.TOO_LONG)},
    )


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed a record last, and when."""

    actor: str
    at: datetime


def last_changes(uuids: Iterable[UUID]) -> dict[UUID, LastChange]:
    """Return by UUID the last change of each record: one query."""
    entries = (
        HistoryEntry.objects.filter(target_uuid__in=list(uuids))
        .select_related("actor")
        .order_by("at", "pk")
    )
    return {entry.target_uuid: LastChange(str(entry.actor or ""), entry.at) for entry in entries}


def imports_listed_for(access: Access, user_pk: int | None) -> QuerySet[WorkbookImport]:
    """Return the imports of which a user may know: who handed one in, when, and what became of it.

    The corporate cell follows all of them; what is in one it reads no sooner than the unit submits.
    """
    if access.has(Role.CORPORATE):
        return WorkbookImport.objects.select_related("plan", "plan__plan", "requested_by")
    return imports_visible_to(access, user_pk)


def imports_visible_to(access: Access, user_pk: int | None) -> QuerySet[WorkbookImport]:
    """Return the imports of which a user may read the content: their own, every one for an auditor.

    A head reads those of colleagues who work for the units of that head and for no other.
    """
    rows = WorkbookImport.objects.select_related("plan", "plan__plan", "requested_by")
    if access.sees_drafts:
        return rows
    own = Q(requested_by=user_pk)
    if not access.head_unit_ids:
        return rows.filter(own)
    inside = Q(unit__in=access.head_unit_ids)
    colleagues = RoleAssignment.objects.filter(inside).values("user")
    elsewhere = RoleAssignment.objects.exclude(inside & Q(unit__isnull=False)).values("user")
    return rows.filter(own | Q(requested_by__in=colleagues) & ~Q(requested_by__in=elsewhere))


def may_import(access: Access, plan: OperationalPlan) -> bool:
    """Tell whether there is a unit for which the user may hand in a workbook of the plan."""
    return plan.state != PlanState.CLOSED and bool(scope_of(access))


def may_export(access: Access) -> bool:
    """Tell whether the user works with the plan; everyone else reads it on the pages."""
    return access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


def last_job(row: WorkbookImport) -> Job | None:
    """Return the job queued last for an import."""
    return Job.objects.filter(target_type=row.type_name(), target_uuid=row.uuid).first()
