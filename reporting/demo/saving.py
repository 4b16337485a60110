"""Writes the rows of the demo in bulk, and in the end what follows from them."""

from typing import TYPE_CHECKING, Any, Final

from django.db.models import F

from ibzplan.core.services import clock_raise
from objectives.indicators.models import Obligation, RecordedFact
from objectives.planning.models import (
    CoOwner,
    Narrative,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    Risk,
)
from objectives.planning.services import indicators_refresh
from objectives.strategy.models import Activity, Milestone
from reporting.demo.consolidating import version_fill
from reporting.demo.evaluating import EvaluationWriter
from reporting.demo.workshop import Rows
from reporting.demo.writing import (
    dated_rows_write,
    facts_write,
    rows_at_once_write,
    rows_write,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# What holds from one instant to another was made at the first of them.
_SPANS: Final[tuple[type[Any], ...]] = (
    ObjectiveGoal,
    ObjectiveSecurityLink,
    ObjectiveIndicator,
    Obligation,
    ObjectiveLineage,
    CoOwner,
    Activity,
    Milestone,
    Risk,
    Narrative,
)


def rows_save(rows: Rows) -> None:
    """Write all rows, facts in the order in which they were recorded; then set the clock."""
    dated_rows_write(rows.functions)
    dated_rows_write(rows.function_holders)
    dated_rows_write(rows.plans)
    dated_rows_write(rows.deadlines)
    dated_rows_write(rows.objectives)
    dated_rows_write(rows.indicators)
    dated_rows_write(rows.amendments)
    dated_rows_write(rows.changes)
    for change, objective in rows.change_objectives:
        change.objectives.add(objective)
    dated_rows_write([row for row in rows.comments if row.parent is None])
    dated_rows_write([row for row in rows.comments if row.parent is not None])
    dated_rows_write(rows.questions)
    dated_rows_write(rows.answers)
    rows_write(rows.lineage)
    rows_write(rows.co_owners)
    rows_write(rows.activities)
    rows_write(rows.milestones)
    rows_write(rows.risks)
    rows_write(rows.narratives)
    rows_write(rows.goal_links)
    rows_write(rows.security_links)
    rows_write(rows.links)
    rows_write(rows.obligations)
    for model in _SPANS:
        model._default_manager.filter(is_demo=True).update(created_at=F("known_from"))
    facts_known: tuple[Sequence[RecordedFact], ...] = (
        rows.definitions,
        rows.targets,
        rows.measurements,
        rows.overrides,
        rows.motivations,
    )
    for facts in facts_known:
        facts_write(facts)
    dated_rows_write(rows.corrections)
    _means_save(rows)
    indicators_refresh([indicator.pk for indicator in rows.indicators])
    evaluated = {row.uuid for row in rows.evaluations}
    told = [entry for entry in rows.history if entry.target_uuid not in evaluated]
    rows_write(sorted(told, key=lambda entry: entry.at))
    moments = [row.recorded_at for facts in (*facts_known, rows.events) for row in facts]
    moments += [row.recorded_at for row in rows.executions]
    moments += [row.recorded_at for row in rows.police]
    clock_raise(max([*moments, *(entry.at for entry in rows.history)]))


def _means_save(rows: Rows) -> None:
    rows_at_once_write(rows.amounts)
    rows_at_once_write(rows.staffing)
    rows_at_once_write(rows.flows)
    rows_at_once_write(rows.credit_shares)
    rows_at_once_write(rows.staff_shares)
    rows_write(sorted(rows.executions, key=lambda row: row.recorded_at))
    facts_write(rows.police)


def rows_follow(rows: Rows, evaluations: EvaluationWriter) -> None:
    """Write what follows from what is written: evaluations and the frozen texts of the plans."""
    evaluations.fill()
    dated_rows_write(rows.evaluations)
    evaluated = {row.uuid for row in rows.evaluations}
    told = [entry for entry in rows.history if entry.target_uuid in evaluated]
    rows_write(sorted(told, key=lambda entry: entry.at))
    for version in rows.versions:
        version_fill(version)
    facts_write(rows.versions)
