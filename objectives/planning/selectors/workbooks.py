"""The rows of the workbook of a plan year, as the user may read them now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry, Job
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition, Target
from objectives.indicators.selectors import final_target, targets_known
from objectives.indicators.selectors.definitions import as_defined, definitions_standing
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    Risk,
    WorkbookImport,
)
from objectives.planning.selectors.offers import (
    co_owners_possible,
    goals_offered,
    sub_units_offered,
)
from objectives.planning.workbook import columns
from objectives.planning.workbook.book import Book, ListEntry, Lists, Locked, Row, Value, joined
from objectives.planning.workbook.cells import clean_text
from objectives.planning.workbook.write import LONGEST_CELL
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Milestone, Werf
from personnel.access import Access
from personnel.choices import Role
from personnel.models import ManagementFunction, OrganisationUnit
from personnel.selectors import planning_units

# What a row of the indicators' sheet says of the indicator itself; the rest is its place in the
# objective.
DEFINITION_KEYS: Final = (
    *(
        f"{name}_{language}"
        for name in ("title", "unit_of_measure", "source")
        for language in ("nl", "fr")
    ),
    *("target_kind", "accumulation", "frequency", "decimals", "baseline", "baseline_date"),
)
WITHOUT_VALUE: Final = (TargetKind.RANGE, TargetKind.MILESTONE)
IDENTITY_SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True)
class _Source:
    """The objectives of a workbook and what every sheet needs of them."""

    plan: OperationalPlan
    access: Access
    objectives: Sequence[OperationalObjective]

    @property
    def keys(self) -> list[int]:
        """Return the database keys of the objectives."""
        return [row.pk for row in self.objectives]

    def locked(self, objective: OperationalObjective) -> Locked:
        """Return why the rows of an objective are closed."""
        if not self.access.plans_for(objective.unit_id):
            return Locked.OTHER_UNIT
        if objective.is_in_force or self.plan.state == PlanState.CLOSED:
            return Locked.IN_FORCE
        return Locked.NO


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
    source = _Source(plan, access, list(workbook_objectives(plan, access, units)))
    links = _indicator_links(source)
    activities, activity_codes = _activities(source)
    rows = {
        columns.OBJECTIVES: _objective_rows(source),
        columns.ACTIVITIES: [row for row, _activity in activities],
        columns.MILESTONES: _milestone_rows(source, activities, activity_codes),
        columns.RISKS: _risk_rows(source),
        columns.INDICATORS: _indicator_rows(source, links),
        columns.TARGETS: _target_rows(source, links, clocks),
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


def _texts(name: str, text: LocalisedText) -> dict[str, Value]:
    return {
        f"{name}_{language}": clean_text(text.get(language, "")) or None
        for language in ("nl", "fr")
    }


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


def _codes_by_objective(
    model: type[CoOwner] | type[ObjectiveGoal] | type[ObjectiveSecurityLink],
    column: str,
    keys: Iterable[int],
) -> dict[int, str | None]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = model.objects.current().filter(objective__in=list(keys))
    for objective, code in rows.values_list("objective_id", f"{column}__code"):
        found[objective].append(code)
    return {pk: joined(codes) for pk, codes in found.items()}


def _objective_rows(source: _Source) -> list[Row]:
    co_owners = _codes_by_objective(CoOwner, "unit", source.keys)
    goals = _codes_by_objective(ObjectiveGoal, "goal", source.keys)
    security = _codes_by_objective(ObjectiveSecurityLink, "security_objective", source.keys)
    return [
        Row(
            str(row.uuid),
            row.version,
            {
                "code": row.code,
                "unit": row.unit.code,
                "werf": row.werf.code,
                **_texts("title", row.title),
                **_texts("description", row.description),
                "sub_unit": row.sub_unit.code if row.sub_unit else None,
                "holder": row.holder.code if row.holder else None,
                "co_owners": co_owners.get(row.pk),
                "goals": goals.get(row.pk),
                "security_objectives": security.get(row.pk),
                "origin": row.origin or None,
                "origin_reference": clean_text(row.origin_reference) or None,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "state": row.state,
            },
            row.unit.code,
            source.locked(row),
        )
        for row in source.objectives
    ]


def _activities(source: _Source) -> tuple[list[tuple[Row, Activity]], dict[int, str]]:
    """Return the activities with their rows, and what other sheets call them."""
    by_uuid = {row.uuid: row for row in source.objectives}
    by_objective: dict[UUID, list[Activity]] = defaultdict(list)
    for activity in Activity.objects.current().filter(
        target_type=OperationalObjective.type_name(), target_uuid__in=list(by_uuid)
    ):
        by_objective[activity.target_uuid].append(activity)
    found: list[tuple[Row, Activity]] = []
    codes: dict[int, str] = {}
    for uuid, objective in by_uuid.items():
        for number, activity in enumerate(by_objective[uuid], start=1):
            codes[activity.pk] = f"{objective.code}/A{number}"
            values: dict[str, Value] = {
                "objective": objective.code,
                "code": codes[activity.pk],
                "kind": activity.kind,
                **_texts("title", activity.title),
                **_texts("description", activity.description),
                "starts_on": activity.starts_on,
                "ends_on": activity.ends_on,
            }
            found.append((_row(source, activity, objective, values), activity))
    return found, codes


def _row(
    source: _Source,
    record: Activity | Risk | Milestone,
    objective: OperationalObjective,
    values: Mapping[str, Value],
) -> Row:
    return Row(
        str(record.uuid), record.version, values, objective.unit.code, source.locked(objective)
    )


def _milestone_rows(
    source: _Source, activities: Sequence[tuple[Row, Activity]], codes: Mapping[int, str]
) -> list[Row]:
    by_uuid = {row.uuid: row for row in source.objectives}
    places = {activity.pk: place for place, (_row_of, activity) in enumerate(activities)}
    found = [
        (
            places[milestone.activity_id],
            _row(
                source,
                milestone,
                by_uuid[milestone.activity.target_uuid],
                {
                    "activity": codes[milestone.activity_id],
                    **_texts("title", milestone.title),
                    "due_on": milestone.due_on,
                    "forecast_on": milestone.forecast_on,
                    "done_on": milestone.done_on,
                },
            ),
        )
        for milestone in Milestone.objects.current()
        .filter(activity__in=list(codes))
        .select_related("activity")
    ]
    return [row for _place, row in sorted(found, key=lambda pair: pair[0])]


def _risk_rows(source: _Source) -> list[Row]:
    by_objective: dict[int, list[Risk]] = defaultdict(list)
    for risk in Risk.objects.current().filter(objective__in=source.keys):
        by_objective[risk.objective_id].append(risk)
    return [
        _row(
            source,
            risk,
            objective,
            {
                "objective": objective.code,
                **_texts("title", risk.title),
                "likelihood": Decimal(risk.likelihood),
                "impact": Decimal(risk.impact),
                "response": risk.response,
                **_texts("measure", risk.measure),
            },
        )
        for objective in source.objectives
        for risk in by_objective[objective.pk]
    ]


@dataclass(frozen=True, slots=True)
class _Used:
    """An indicator in its place; `defined` says what the user may read of its definition."""

    link: ObjectiveIndicator
    objective: OperationalObjective
    defined: Indicator
    is_first: bool


def _indicator_links(source: _Source) -> list[_Used]:
    by_key = {row.pk: row for row in source.objectives}
    rows = (
        ObjectiveIndicator.objects.current()
        .filter(
            objective__in=list(by_key),
            indicator__in=Indicator.objects.visible_to(source.access).values("pk"),
        )
        .select_related("indicator")
        .order_by("order", "pk")
    )
    by_objective: dict[int, list[ObjectiveIndicator]] = defaultdict(list)
    for link in rows:
        by_objective[link.objective_id].append(link)
    newest = _newest(source, [link.indicator for links in by_objective.values() for link in links])
    seen: set[int] = set()
    found = []
    for key, objective in by_key.items():
        for link in by_objective[key]:
            pk = link.indicator_id
            found.append(
                _Used(link, objective, newest.get(pk, link.indicator), is_first=pk not in seen)
            )
            seen.add(pk)
    return found


def _newest(source: _Source, indicators: Iterable[Indicator]) -> dict[int, Indicator]:
    """Return by key the newest definition of what the user plans for: one query."""
    own = {
        row.pk: row
        for row in indicators
        if row.definition_number > 1 and source.access.plans_for(row.owner_id)
    }
    versions: dict[int, list[IndicatorDefinition]] = defaultdict(list)
    for version in IndicatorDefinition.objects.filter(indicator__in=list(own)):
        versions[version.indicator_id].append(version)
    return {
        pk: as_defined(own[pk], definitions_standing(rows)[-1]) for pk, rows in versions.items()
    }


def _indicator_rows(source: _Source, links: Iterable[_Used]) -> list[Row]:
    rows = []
    for used in links:
        told, link = used.defined, used.link
        lock = Locked.NO
        if not used.is_first:
            lock = Locked.SHARED
        elif link.indicator.is_released:
            lock = Locked.RELEASED
        rows.append(
            Row(
                IDENTITY_SEPARATOR.join([str(told.uuid), str(used.objective.uuid)]),
                told.version,
                {
                    "objective": used.objective.code,
                    "code": told.code,
                    **_texts("title", told.title),
                    **_texts("unit_of_measure", told.unit_of_measure),
                    "target_kind": told.target_kind,
                    "accumulation": told.accumulation,
                    "frequency": told.frequency,
                    "decimals": Decimal(told.decimals),
                    "baseline": told.baseline,
                    "baseline_date": told.baseline_date,
                    **_texts("source", told.source),
                    "weight": Decimal(link.weight),
                    "is_key": "yes" if link.is_key else "no",
                    "reason": None,
                },
                used.objective.unit.code,
                source.locked(used.objective),
                dict.fromkeys(DEFINITION_KEYS, lock) if lock else {},
            )
        )
    return rows


def _target_rows(source: _Source, links: Sequence[_Used], clocks: Clocks) -> list[Row]:
    year = source.plan.year
    first = [used for used in links if used.is_first]
    targets = targets_known(
        [used.link.indicator for used in first], plan_year=year, known_at=clocks.known_at
    )
    readable = set(
        Target.objects.visible_to(source.access, clocks.known_at)
        .filter(indicator__in=[used.link.indicator_id for used in first])
        .values_list("pk", flat=True)
    )
    rows = []
    for used in first:
        running = [
            row
            for row in targets.get(used.link.indicator_id, ())
            if row.due_on.year >= year and row.pk in readable
        ]
        final = final_target(running, year)
        for target in [row for row in running if not row.is_final or row is final]:
            rows.append(_target_row(source, used, target))
    return rows


def _target_row(source: _Source, used: _Used, target: Target) -> Row:
    value = target.value if target.level is None else Decimal(target.level)
    without = used.defined.target_kind in WITHOUT_VALUE
    return Row(
        target_identity(used.defined.uuid, target.due_on),
        used.defined.version,
        {
            "objective": used.objective.code,
            "indicator": used.defined.code,
            "place": "final" if target.is_final else "interim",
            "due_on": target.due_on,
            "value": value,
            "reason": None,
        },
        used.objective.unit.code,
        source.locked(used.objective),
        {"value": Locked.NO_VALUE} if without else {},
    )


def target_identity(indicator: UUID, due_on: date) -> str:
    """Return what a row of the targets' sheet is known by."""
    return IDENTITY_SEPARATOR.join([str(indicator), due_on.isoformat()])


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


def imports_visible_to(access: Access, user_pk: int | None) -> QuerySet[WorkbookImport]:
    """Return the imports that a user may look at: their own, and every one for an auditor."""
    rows = WorkbookImport.objects.select_related("plan", "plan__plan", "requested_by")
    return rows if access.sees_drafts else rows.filter(requested_by=user_pk)


def may_import(access: Access, plan: OperationalPlan) -> bool:
    """Tell whether there is a unit for which the user may hand in a workbook of the plan."""
    return plan.state != PlanState.CLOSED and bool(scope_of(access))


def may_export(access: Access) -> bool:
    """Tell whether the user works with the plan; everyone else reads it on the pages."""
    return access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


def last_job(row: WorkbookImport) -> Job | None:
    """Return the job queued last for an import."""
    return Job.objects.filter(target_type=row.type_name(), target_uuid=row.uuid).first()
