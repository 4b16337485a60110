"""What the plans leave open between them. See reporting.alignment for the rules."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors import ObjectiveReading
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_strategic_objectives, goals_of, werven_of
from reporting import alignment as rules
from reporting.selectors.alignment_links import AlignmentLinks


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


def gaps_left(
    plan: OperationalPlan,
    readings: Sequence[ObjectiveReading],
    everything: Sequence[ObjectiveReading],
    links: AlignmentLinks,
    targets: Sequence[SecurityObjective],
    units: Collection[int] | None,
    *,
    sees_all: bool,
) -> Gaps:
    """Return the gaps of the objectives in `readings`, those shared with one of `everything` too.

    What nobody works on is left out for a reader who does not see all of the plan.
    """
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
    return _with_uncovered(found, plan, facts, links, targets, units) if sees_all else found


def _with_uncovered(
    found: Gaps,
    plan: OperationalPlan,
    facts: Sequence[rules.ObjectiveFacts],
    links: AlignmentLinks,
    targets: Sequence[SecurityObjective],
    units: Collection[int] | None,
) -> Gaps:
    """Add what nobody works on; with a filter the werven of the units asked for alone."""
    werven = {row.pk: row for row in werven_of(plan.plan_id)}
    goals = {row.pk: row for row in goals_of(plan.plan_id)}
    nvp = {row.pk: row for row in targets}
    transversal = {
        row.pk: row
        for row in all_strategic_objectives()
        if row.plan_id == plan.plan_id and row.addendum_id is not None
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


def _facts(reading: ObjectiveReading, links: AlignmentLinks) -> rules.ObjectiveFacts:
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
