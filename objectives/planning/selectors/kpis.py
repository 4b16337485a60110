"""Transversal objectives with their KPIs, by both clocks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.planning.models import TransversalKpi
from objectives.planning.selectors.readings import indicator_is_visible
from objectives.strategy.models import StrategicObjective
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class KpiReading:
    """An indicator that measured a transversal objective then, with figure and status."""

    link: TransversalKpi
    reading: IndicatorReading


@dataclass(frozen=True, slots=True)
class TransversalReading:
    """A transversal objective and its KPIs; `withheld` counts those that the reader may not see."""

    objective: StrategicObjective
    kpis: tuple[KpiReading, ...]
    withheld: int


def transversal_readings(
    objectives: Sequence[StrategicObjective], *, year: int, clocks: Clocks, access: Access
) -> list[TransversalReading]:
    """Return a reading per objective, in their order: seven queries at most."""
    links = list(
        TransversalKpi.objects.known_at(clocks.known_at)
        .filter(objective__in=[row.pk for row in objectives])
        .select_related("indicator", "indicator__owner")
    )
    wanted = {link.indicator_id for link in links}
    allowed = Indicator.objects.visible_to(access).filter(pk__in=wanted)
    keys = set(allowed.values_list("pk", flat=True)) if wanted else set()
    seen = [
        link
        for link in links
        if link.indicator_id in keys and indicator_is_visible(link.indicator, access)
    ]
    unique = {link.indicator_id: link.indicator for link in seen}
    readings = indicator_readings(list(unique.values()), year=year, clocks=clocks, access=access)
    kpis: dict[int, list[KpiReading]] = defaultdict(list)
    for link in seen:
        kpis[link.objective_id].append(KpiReading(link, readings[link.indicator_id]))
    totals = defaultdict(int, {row.pk: 0 for row in objectives})
    for link in links:
        totals[link.objective_id] += 1
    return [
        TransversalReading(row, tuple(kpis[row.pk]), totals[row.pk] - len(kpis[row.pk]))
        for row in objectives
    ]


def kpi_candidates(access: Access) -> QuerySet[Indicator]:
    """Return the indicators that can measure a transversal objective: those in force."""
    return Indicator.objects.visible_to(access).filter(is_released=True).order_by("code", "pk")
