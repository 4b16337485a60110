"""The rows of the workbook's sheets of indicators and targets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from ibzplan.core.clocks import Clocks
from ibzplan.core.table_files.cells import clean_text
from objectives.indicators.models import Indicator, IndicatorDefinition, Target
from objectives.indicators.selectors import final_target, targets_known
from objectives.indicators.selectors.definitions import as_defined, definitions_standing
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors.workbook_source import (
    DEFINITION_KEYS,
    IDENTITY_SEPARATOR,
    LEVEL_SEPARATOR,
    WITHOUT_VALUE,
    BookSource,
    texts_of,
)
from objectives.planning.workbook.book import Locked, Row, Value


@dataclass(frozen=True, slots=True)
class UsedIndicator:
    """An indicator in its place; `defined` says what the user may read of its definition."""

    link: ObjectiveIndicator
    objective: OperationalObjective
    defined: Indicator
    is_first: bool


def indicators_used(source: BookSource) -> list[UsedIndicator]:
    """Return the indicators that the user may see, in the order of the objectives."""
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
                UsedIndicator(
                    link, objective, newest.get(pk, link.indicator), is_first=pk not in seen
                )
            )
            seen.add(pk)
    return found


def _newest(source: BookSource, indicators: Iterable[Indicator]) -> dict[int, Indicator]:
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


def indicator_rows(source: BookSource, links: Iterable[UsedIndicator]) -> list[Row]:
    """Return the rows of the indicators."""
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
                    **texts_of("title", told.title),
                    **texts_of("unit_of_measure", told.unit_of_measure),
                    "target_kind": told.target_kind,
                    "accumulation": told.accumulation,
                    "frequency": told.frequency,
                    "decimals": Decimal(told.decimals),
                    "baseline": told.baseline,
                    "baseline_date": told.baseline_date,
                    "range_low": told.range_low,
                    "range_high": told.range_high,
                    "tolerance": told.tolerance,
                    **_levels(told.levels),
                    "threshold_on_track": told.threshold_on_track,
                    "threshold_at_risk": told.threshold_at_risk,
                    **texts_of("source", told.source),
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


def _levels(levels: Sequence[Mapping[str, str]]) -> dict[str, Value]:
    """Return the names of ordinal levels as two cells, lowest first."""
    return {
        f"levels_{language}": LEVEL_SEPARATOR.join(
            clean_text(level.get(language, "")).replace(";", ",") for level in levels
        ).strip("; ")
        or None
        for language in ("nl", "fr")
    }


def target_rows(source: BookSource, links: Sequence[UsedIndicator], clocks: Clocks) -> list[Row]:
    """Return the rows of the targets from the plan year on, below their first indicator."""
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


def _target_row(source: BookSource, used: UsedIndicator, target: Target) -> Row:
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
