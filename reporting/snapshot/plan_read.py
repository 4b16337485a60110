"""Everything that a report of a plan year is made from, read once and led back to its moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import definitions_known
from objectives.planning.models import (
    AmendmentChange,
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.planning.selectors.amendments import important_changes
from objectives.planning.selectors.units import objectives_then
from personnel.access import Access
from personnel.models import OfficeHolder
from personnel.structure import all_units
from reporting.snapshot.links import PlanLinks, plan_links, security_codes
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.since import ReportBefore
from reporting.snapshot.structure import (
    Structure,
    frame_records,
    office_holders,
    structure_then,
)
from reporting.snapshot.taken_away import links_ended
from reporting.snapshot.then import Then, objective_stood, readings_stood, stood

# Before any report: everything that was approved of the plan year counts.
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan year as known then, for one minister, in the order of the plan.

    `objectives` are all in force then, of whichever unit; `readings` those of the minister's
    units, with the confidential indicators, whose keys are `confidential`; `ended` are their links
    to indicators that they no longer had. `changes` are the
    important ones approved since the report before. `defined` are the indicators that those and
    `links` name, as they were defined.
    """

    plan: OperationalPlan
    access: Access
    then: Then
    structure: Structure
    objectives: Sequence[OperationalObjective]
    readings: Sequence[ObjectiveReading]
    ended: Sequence[ObjectiveIndicator]
    confidential: frozenset[int]
    links: PlanLinks
    security: Mapping[int, Sequence[str]]
    holders: Sequence[OfficeHolder]
    changes: Sequence[AmendmentChange]
    defined: Mapping[int, Indicator]


def plan_read(
    plan: OperationalPlan,
    question: ReportQuestion,
    access: Access,
    before: ReportBefore | None,
) -> PlanRead:
    """Return it: some forty queries, whatever the number of objectives."""
    clocks = question.clocks
    rows = list(
        OperationalObjective.objects.visible_to(access)
        .in_force_at(clocks.known_at)
        .filter(plan=plan)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("code", "pk")
    )
    in_force = list(objectives_then(rows, clocks).values())
    own = [row for row in in_force if row.unit_id in access.minister_unit_ids]
    readings = objective_readings(
        [row for row in rows if row.pk in {one.pk for one in own}],
        clocks=clocks,
        access=reads_confidential(access),
        rule_version=question.rule_version,
    )
    links = plan_links(plan, clocks)
    changes = _changes(plan, question, before)
    ended = links_ended([row.objective for row in readings], clocks.known_at)
    indicators = with_ended(_indicators(readings, links, changes), ended)
    holders = office_holders()
    amended = {row.pk: row for change in changes for row in touched(change)}.values()
    then = stood([*frame_records(plan, holders), *amended, *indicators], clocks.known_at)
    structure = structure_then(plan, in_force, then)
    places = {row.pk: place for place, row in enumerate(structure.in_order(in_force))}
    readings.sort(key=lambda reading: places[reading.objective.pk])
    return PlanRead(
        plan=plan,
        access=access,
        then=then,
        structure=structure,
        objectives=[objective_stood(row, then) for row in structure.in_order(in_force)],
        readings=readings_stood(readings, then),
        ended=ended,
        confidential=confidential_then(indicators, then, question.asked_at),
        links=links,
        security=security_codes(links, then),
        holders=holders,
        changes=changes,
        defined=_defined(plan, links, changes, clocks),
    )


def reads_confidential(access: Access) -> Access:
    """Return who reads every confidential indicator, and the same figures: what was confidential
    then is left out afterwards, by what it was then.
    """
    return replace(access, unit_ids=frozenset(unit.pk for unit in all_units()))


def _changes(
    plan: OperationalPlan, question: ReportQuestion, before: ReportBefore | None
) -> list[AmendmentChange]:
    """Return the important changes approved since the report before; all when that told none."""
    told_until = before.told_until if before is not None else None
    return important_changes(plan, told_until or BEGINNING, question.known_at)


def touched(change: AmendmentChange) -> list[OperationalObjective]:
    """Return the objectives that a change speaks of or leads to, by code."""
    rows = {row.pk: row for row in (*change.objectives.all(), *change.results.all())}
    return sorted(rows.values(), key=lambda row: (row.code, row.pk))


def _indicators(
    readings: Iterable[ObjectiveReading], links: PlanLinks, changes: Iterable[AmendmentChange]
) -> list[Indicator]:
    """Return each indicator once that the snapshot could name."""
    used = [link.reading.indicator for reading in readings for link in reading.indicators]
    keys = [row for rows in links.keys.values() for row in rows]
    amended = [change.indicator for change in changes if change.indicator is not None]
    return list({row.pk: row for row in (*used, *keys, *amended)}.values())


def with_ended(
    indicators: Iterable[Indicator], ended: Iterable[ObjectiveIndicator]
) -> list[Indicator]:
    """Return indicators with those that objectives no longer had, each once."""
    rows = (*indicators, *(link.indicator for link in ended))
    return list({row.pk: row for row in reversed(rows)}.values())


def confidential_then(
    indicators: Sequence[Indicator], then: Then, asked_at: datetime | None
) -> frozenset[int]:
    """Return the keys of those confidential then, or when the report was asked for."""
    known = [then.of(row) for row in indicators]
    asked = as_known(indicators, asked_at) if asked_at is not None else []
    return frozenset(row.pk for row in (*known, *asked) if row.is_confidential)


def _defined(
    plan: OperationalPlan,
    links: PlanLinks,
    changes: Iterable[AmendmentChange],
    clocks: Clocks,
) -> dict[int, Indicator]:
    known = definitions_known(_indicators((), links, changes), year=plan.year, clocks=clocks)
    return {pk: one.indicator for pk, one in known.items()}
