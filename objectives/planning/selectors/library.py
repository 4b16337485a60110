"""The indicator library: which series there are, where they are used, and their latest figure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator, IndicatorDefinition, Measurement
from objectives.indicators.querysets import IndicatorQuerySet
from objectives.indicators.selectors import definition_held
from objectives.indicators.services.definition_checks import FIRST_DAY
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class PlanYearUse:
    """A plan year in which a series is used; `in_force` tells whether that plan was approved."""

    year: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A series, the plan years in which the reader sees it used, and what it was derived from."""

    indicator: Indicator
    uses: tuple[PlanYearUse, ...]
    is_key: bool
    latest: Measurement | None
    derived_from: Indicator | None


def visible_uses(clocks: Clocks, access: Access) -> QuerySet[ObjectiveIndicator]:
    """Return the links of visible objectives that held then: a draft stays with its unit.

    What is approved now was a draft once: who sees no drafts does not see it at that moment.
    """
    visible = OperationalObjective.objects.visible_to(access)
    objectives = visible.standing_at(clocks.known_at)
    if not (access.is_superuser or access.sees_submitted):
        then = objectives.in_force_at(clocks.known_at).values("pk")
        objectives = objectives.filter(Q(pk__in=then) | Q(unit__in=access.unit_ids))
    rows: QuerySet[ObjectiveIndicator] = ObjectiveIndicator.objects.known_at(
        clocks.known_at
    ).filter(objective__in=objectives.values("pk"))
    return rows


def library_indicators(clocks: Clocks, access: Access) -> IndicatorQuerySet:
    """Return the series that the user may see, by code, with the key of their latest figure.

    Only those that were there then. Filters go by the present record; see library_rows.
    """
    rows = (
        Indicator.objects.visible_to(access)
        .known_at(clocks.known_at, access)
        .with_latest_figure(
            reference_date=clocks.reference_date, known_at=clocks.known_at, access=access
        )
    )
    listed: IndicatorQuerySet = rows.select_related("owner").order_by("code", "pk")
    return listed


def library_rows(
    indicators: Sequence[Indicator], *, clocks: Clocks, access: Access
) -> list[LibraryRow]:
    """Return a row an indicator, in their order: four queries whatever their number.

    `indicators` come from library_indicators; a row says what they said then. A figure that the
    user may not see is left out, and so is an ancestor that they may not see.
    """
    uses: dict[int, list[ObjectiveIndicator]] = defaultdict(list)
    links = visible_uses(clocks, access).filter(indicator__in=[row.pk for row in indicators])
    for link in links.select_related("objective", "objective__plan"):
        uses[link.indicator_id].append(link)
    keys = [row.latest_figure for row in indicators]  # type: ignore[attr-defined]
    figures = Measurement.objects.visible_to(access, clocks.known_at).in_bulk(
        [key for key in keys if key is not None]
    )
    ancestors = Indicator.objects.visible_to(access).in_bulk(
        [row.derived_from_id for row in indicators if row.derived_from_id]
    )
    rows = []
    for indicator, key in zip(_as_defined(indicators, clocks, access), keys, strict=True):
        latest: Measurement | None = figures.get(key)
        if latest is not None:
            latest.indicator = indicator
        rows.append(
            LibraryRow(
                indicator,
                _years(uses[indicator.pk], clocks.known_at),
                any(link.is_key for link in uses[indicator.pk]),
                latest,
                ancestors.get(indicator.derived_from_id),
            )
        )
    return rows


def _as_defined(indicators: Sequence[Indicator], clocks: Clocks, access: Access) -> list[Indicator]:
    """Return copies with the definition that holds by both clocks, as the user reads it."""
    versions: dict[int, list[IndicatorDefinition]] = defaultdict(list)
    rows = IndicatorDefinition.objects.visible_to(access, clocks.known_at)
    for row in rows.filter(indicator__in=[indicator.pk for indicator in indicators]).order_by(
        "valid_from", "recorded_at", "pk"
    ):
        versions[row.indicator_id].append(row)
    day = max(clocks.reference_date, FIRST_DAY)
    return [definition_held(row, versions[row.pk], day).indicator for row in indicators]


def _years(links: Iterable[ObjectiveIndicator], known_at: datetime) -> tuple[PlanYearUse, ...]:
    """Return the plan years, latest first; one objective approved then puts the year in force."""
    years: dict[int, bool] = {}
    for link in links:
        year, approved_at = link.objective.plan.year, link.objective.approved_at
        held = link.objective.is_in_force and bool(approved_at and approved_at <= known_at)
        years[year] = years.get(year, False) or held
    return tuple(PlanYearUse(year, years[year]) for year in sorted(years, reverse=True))
