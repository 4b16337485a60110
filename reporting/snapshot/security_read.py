"""Everything that a report on the NVP is made from, read once and led back to its moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from ibzplan.core.models import Record
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.planning.selectors.parts import ActivityParts
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    EnablingConditionPoint,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityObjectivePoint,
    SecurityTheme,
)
from objectives.security.selectors.structure import all_security_objectives, all_themes
from objectives.strategy.models import Plan, PlanEntry
from personnel.access import Access
from personnel.models import OfficeHolder
from personnel.structure import all_ministers, all_units
from reporting.snapshot.plan_read import confidential_then, reads_confidential, with_ended
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.security_links import (
    ThemeLinks,
    security_activities,
    serving,
    theme_links,
)
from reporting.snapshot.structure import frame_records, office_holders, structure_then
from reporting.snapshot.taken_away import links_ended
from reporting.snapshot.then import Then, readings_stood, stood

Entry = TypeVar("Entry", bound=PlanEntry)

_LEVELS: Final = tuple(ObjectiveLevel)


@dataclass(frozen=True, slots=True)
class SecurityStructure:
    """What the NVP said then, each list in its order; points by the key of their owner."""

    plan: Plan
    themes: Sequence[SecurityTheme]
    objectives: Sequence[SecurityObjective]
    points: Mapping[int, Sequence[SecurityObjectivePoint]]
    attention: Mapping[int, Sequence[AttentionPoint]]
    dimensions: Sequence[KivDimension]
    frameworks: Sequence[PolicyFramework]
    conditions: Sequence[EnablingCondition]
    condition_points: Mapping[int, Sequence[EnablingConditionPoint]]
    links: ThemeLinks

    def dimensions_of(self, theme: SecurityTheme) -> list[KivDimension]:
        """Return the dimensions that a theme touches; a transversal one touches all of them."""
        if theme.is_kiv_transversal:
            return list(self.dimensions)
        named = self.links.dimensions.get(theme.uuid, ())
        return [row for row in self.dimensions if row.uuid in named]


@dataclass(frozen=True, slots=True)
class SecurityRead:
    """The NVP as known then, with the operational objectives of a year that serve it.

    `readings` stand in the order of their plan, with the confidential indicators, whose keys are
    `confidential`; `ended` are their links that had ended. `served` are the keys of the
    operational objectives by that of the NVP.
    """

    structure: SecurityStructure
    then: Then
    readings: Sequence[ObjectiveReading]
    ended: Sequence[ObjectiveIndicator]
    confidential: frozenset[int]
    served: Mapping[int, Sequence[int]]
    activities: Mapping[UUID, Sequence[ActivityParts]]
    holders: Sequence[OfficeHolder]

    def codes_by_objective(self) -> dict[int, list[str]]:
        """Return by operational objective the codes of the objectives that it serves."""
        found: dict[int, list[str]] = defaultdict(list)
        for row in self.structure.objectives:
            for key in self.served.get(row.pk, ()):
                found[key].append(row.code)
        return found


def security_read(question: ReportQuestion, access: Access) -> SecurityRead:
    """Return it: some forty queries, whatever the number of objectives."""
    plan, clocks = question.strategic_plan, question.clocks
    named = serving(plan, question.reference_date.year, clocks.known_at)
    rows = list(
        OperationalObjective.objects.visible_to(access)
        .in_force_at(clocks.known_at)
        .filter(pk__in={key for keys in named.values() for key in keys})
        .select_related("plan__plan", "unit", "holder", "werf")
        .order_by("code", "pk")
    )
    readings = objective_readings(
        rows,
        clocks=clocks,
        access=reads_confidential(access),
        rule_version=question.rule_version,
    )
    ended = links_ended([row.objective for row in readings], clocks.known_at)
    once = with_ended(
        (link.reading.indicator for row in readings for link in row.indicators), ended
    )
    holders, parts = office_holders(), _parts(plan)
    years = list({row.plan_id: row.plan for row in rows}.values())
    then = stood([*_frame(plan, years, holders), *parts.all(), *once], clocks.known_at)
    structure = _structure(plan, parts, then)
    seen = {row.pk for row in rows}
    return SecurityRead(
        structure=structure,
        then=then,
        readings=_in_order(readings_stood(readings, then), years, then),
        ended=ended,
        confidential=confidential_then(once, then, question.asked_at),
        served={key: [one for one in keys if one in seen] for key, keys in named.items()},
        activities=security_activities(structure.objectives, clocks.known_at),
        holders=holders,
    )


def _frame(
    plan: Plan, years: Iterable[OperationalPlan], holders: Sequence[OfficeHolder]
) -> list[Record]:
    """Return what frames the report, each once."""
    rows: list[Record] = [plan, *all_units(), *all_ministers(), *holders]
    rows += [row for year in years for row in frame_records(year, holders)]
    return list({(row.type_name(), row.pk): row for row in rows}.values())


def _in_order(
    readings: Iterable[ObjectiveReading], years: Iterable[OperationalPlan], then: Then
) -> list[ObjectiveReading]:
    """Return the readings in the order of the plans that they are of."""
    by_key = {row.objective.pk: row for row in readings}
    ordered: list[OperationalObjective] = []
    for year in sorted(years, key=lambda row: row.pk):
        of_year = [one.objective for one in by_key.values() if one.objective.plan_id == year.pk]
        ordered += structure_then(year, of_year, then).in_order(of_year)
    return [by_key[row.pk] for row in ordered]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The rows of the NVP as they are now."""

    themes: list[SecurityTheme]
    objectives: list[SecurityObjective]
    points: list[SecurityObjectivePoint]
    attention: list[AttentionPoint]
    dimensions: list[KivDimension]
    frameworks: list[PolicyFramework]
    conditions: list[EnablingCondition]
    condition_points: list[EnablingConditionPoint]

    def all(self) -> list[Record]:
        """Return every row."""
        return [
            *(*self.themes, *self.objectives, *self.points, *self.attention, *self.dimensions),
            *(*self.frameworks, *self.conditions, *self.condition_points),
        ]


def _parts(plan: Plan) -> _Parts:
    """Return them: six queries beside what is steady."""
    return _Parts(
        themes=[row for row in all_themes() if row.plan_id == plan.pk],
        objectives=[row for row in all_security_objectives() if row.theme.plan_id == plan.pk],
        points=list(SecurityObjectivePoint.objects.filter(objective__theme__plan=plan)),
        attention=list(AttentionPoint.objects.filter(theme__plan=plan)),
        dimensions=list(KivDimension.objects.filter(plan=plan)),
        frameworks=list(PolicyFramework.objects.filter(plan=plan)),
        conditions=list(EnablingCondition.objects.filter(plan=plan)),
        condition_points=list(EnablingConditionPoint.objects.filter(condition__plan=plan)),
    )


def _structure(plan: Plan, parts: _Parts, then: Then) -> SecurityStructure:
    themes = _tree(then.there(parts.themes))
    places = {row.pk: place for place, row in enumerate(themes)}
    objectives = [row for row in then.there(parts.objectives) if row.theme_id in places]
    objectives.sort(
        key=lambda row: (
            places[row.theme_id],
            _LEVELS.index(ObjectiveLevel(row.level)),
            *_place(row),
        )
    )
    return SecurityStructure(
        plan=then.of(plan),
        themes=themes,
        objectives=objectives,
        points=_below(then.there(parts.points), "objective_id"),
        attention=_below(then.there(parts.attention), "theme_id"),
        dimensions=sorted(then.there(parts.dimensions), key=_place),
        frameworks=sorted(then.there(parts.frameworks), key=_place),
        conditions=sorted(then.there(parts.conditions), key=_place),
        condition_points=_below(then.there(parts.condition_points), "condition_id"),
        links=theme_links(plan, then.known_at),
    )


def _tree(themes: Iterable[SecurityTheme]) -> list[SecurityTheme]:
    """Return each theme, followed by its subthemes."""
    below: dict[int | None, list[SecurityTheme]] = defaultdict(list)
    for theme in sorted(themes, key=_place):
        below[theme.parent_id].append(theme)
    return [theme for top in below[None] for theme in (top, *below[top.pk])]


def _below(rows: Iterable[Entry], owner: str) -> dict[int, list[Entry]]:
    """Return rows by the key of what they hang on, in their order."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in sorted(rows, key=_place):
        found[getattr(row, owner)].append(row)
    return found


def _place(row: PlanEntry) -> tuple[int, int]:
    return row.order, row.pk
