"""The rows of the workbook's sheets of objectives, activities, milestones and risks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ibzplan.core.table_files.cells import clean_text
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveSecurityLink,
    OperationalObjective,
    Risk,
)
from objectives.planning.selectors.workbook_source import REPORTED_KEYS, BookSource, texts_of
from objectives.planning.workbook.book import Locked, Row, Value, joined
from objectives.strategy.models import Activity, Milestone

if TYPE_CHECKING:
    from uuid import UUID


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


def objective_rows(source: BookSource) -> list[Row]:
    """Return the rows of the objectives: three queries."""
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
                **texts_of("title", row.title),
                **texts_of("description", row.description),
                "sub_unit": row.sub_unit.code if row.sub_unit else None,
                "holder": row.holder.code if row.holder else None,
                "co_owners": co_owners.get(row.pk),
                "goals": goals.get(row.pk),
                "security_objectives": security.get(row.pk),
                "origin": row.origin or None,
                "origin_reference": clean_text(row.origin_reference) or None,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                **texts_of("means", row.means),
                "state": row.state,
            },
            row.unit.code,
            source.locked(row),
        )
        for row in source.objectives
    ]


def activity_rows(source: BookSource) -> tuple[list[tuple[Row, Activity]], dict[int, str]]:
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
                **texts_of("title", activity.title),
                **texts_of("description", activity.description),
                "starts_on": activity.starts_on,
                "ends_on": activity.ends_on,
            }
            found.append((_row(source, activity, objective, values), activity))
    return found, codes


def _row(
    source: BookSource,
    record: Activity | Risk | Milestone,
    objective: OperationalObjective,
    values: Mapping[str, Value],
) -> Row:
    return Row(
        str(record.uuid), record.version, values, objective.unit.code, source.locked(objective)
    )


def milestone_rows(
    source: BookSource, activities: Sequence[tuple[Row, Activity]], codes: Mapping[int, str]
) -> list[Row]:
    """Return the rows of the milestones, below their activities: one query."""
    by_uuid = {row.uuid: row for row in source.objectives}
    places = {activity.pk: place for place, (_row_of, activity) in enumerate(activities)}
    found = []
    for milestone in (
        Milestone.objects.current().filter(activity__in=list(codes)).select_related("activity")
    ):
        objective = by_uuid[milestone.activity.target_uuid]
        values: dict[str, Value] = {
            "activity": codes[milestone.activity_id],
            **texts_of("title", milestone.title),
            "due_on": milestone.due_on,
            "forecast_on": milestone.forecast_on,
            "done_on": milestone.done_on,
        }
        row = _row(source, milestone, objective, values)
        if source.is_reported(objective):
            row = replace(row, opens=REPORTED_KEYS)
        else:
            row = replace(row, locks=dict.fromkeys(REPORTED_KEYS, Locked.NOT_IN_FORCE))
        found.append((places[milestone.activity_id], row))
    return [row for _place, row in sorted(found, key=lambda pair: pair[0])]


def risk_rows(source: BookSource) -> list[Row]:
    """Return the rows of the risks: one query."""
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
                **texts_of("title", risk.title),
                "likelihood": Decimal(risk.likelihood),
                "impact": Decimal(risk.impact),
                "response": risk.response,
                **texts_of("measure", risk.measure),
            },
        )
        for objective in source.objectives
        for risk in by_objective[objective.pk]
    ]
