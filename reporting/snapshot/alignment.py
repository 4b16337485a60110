"""The part of a snapshot that tells what the plans leave open between them, as known then.

The rules are those of the alignment page: see `reporting.alignment`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.security.choices import ObjectiveLevel
from objectives.security.selectors.structure import all_security_objectives, all_themes
from objectives.strategy.models import Goal, StrategicObjective, Werf
from objectives.strategy.selectors.structure import all_strategic_objectives, goals_of
from personnel.structure import all_units
from reporting import alignment as rules
from reporting.snapshot.facts import FactBook
from reporting.snapshot.plan_read import PlanRead

# What a load of the plan calls the units of a werf in the history of the werf.
_WERF_UNITS: Final = "units"


def alignment_part(book: FactBook, found: PlanRead) -> dict[str, Any]:
    """Return the gaps of the minister's objectives, and what no objective of anyone names.

    One query, for the units of the werven.
    """
    facts = [_facts(row, found) for row in found.objectives]
    own = {row.pk for row in found.objectives if row.unit_id in found.access.minister_unit_ids}
    of_own = [one for one in facts if one.key in own]
    by_pk = {row.pk: row for row in found.objectives}
    gaps = {
        "withoutIndicator": [_objective(by_pk[pk]) for pk in rules.without_indicator(of_own)],
        "werven": _werven(facts, found),
        "goals": _goals(facts, found),
        "security": _security(facts, found),
        "withoutGoal": [_objective(by_pk[pk]) for pk in rules.without_goal(of_own)],
        "alike": [
            _pair(book, one, by_pk)
            for one in rules.alike(facts)
            if one.first in own or one.second in own
        ],
        "sharedKeys": _shared(facts, own, by_pk, found.defined),
        "withoutKpi": _without_kpi(found),
    }
    levels = Counter(row["level"] for row in gaps["security"])
    return {
        "total": book.count("f:alignment:objectives", len(of_own)),
        "linked": book.count("f:alignment:linked", sum(bool(one.security) for one in of_own)),
        "gaps": [
            {"kind": kind, "count": book.count(f"f:alignment:{kind}", len(rows)), "rows": rows}
            for kind, rows in gaps.items()
        ],
        "securityLevels": {
            level.value: book.count(f"f:alignment:security:{level.value}", levels[level.value])
            for level in ObjectiveLevel
            if levels[level.value]
        },
    }


def _facts(row: OperationalObjective, found: PlanRead) -> rules.ObjectiveFacts:
    named = found.links.links
    return rules.ObjectiveFacts(
        row.pk,
        row.title,
        row.werf_id,
        indicators=len(named.indicators[row.pk]),
        key_indicators=frozenset(
            one.pk for one in found.links.keys.get(row.pk, ()) if one.pk not in found.confidential
        ),
        goals=frozenset(named.goals[row.pk]),
        security=frozenset(named.security[row.pk]),
    )


def _objective(row: OperationalObjective) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "code": row.code,
        "title": row.title.as_json(),
        "unit": row.unit.code,
    }


def _entry(row: StrategicObjective | Werf | Goal) -> dict[str, Any]:
    return {"id": str(row.uuid), "code": row.code, "title": row.title.as_json()}


def _werven(facts: Sequence[rules.ObjectiveFacts], found: PlanRead) -> list[dict[str, Any]]:
    """Return the werven of the minister's units below which no objective of anyone hangs."""
    structure, then, own = found.structure, found.then, found.access.minister_unit_ids
    werven = {
        werf.pk: werf for row in structure.objectives for werf in structure.werven.get(row.pk, ())
    }
    units = _units_of_werven(werven.values(), then.known_at)
    codes = {unit.pk: then.of(unit).code for unit in all_units()}
    free = [werven[pk] for pk in rules.uncovered(werven, (one.werf for one in facts))]
    return [
        {**_entry(werf), "units": [codes[pk] for pk in units[werf.pk]]}
        for werf in free
        if own.intersection(units[werf.pk])
    ]


def _units_of_werven(werven: Iterable[Werf], known_at: datetime) -> dict[int, list[int]]:
    """Return by werf the keys of the units that worked on it then.

    Links are rewritten by a load of the plan, and a reorganisation adds some; both leave what they
    were in the history, by UUID or by code: one query.
    """
    rows = list(werven)
    found = {werf.pk: [link.unit_id for link in werf.unit_links.all()] for werf in rows}
    by_uuid = {werf.uuid: werf.pk for werf in rows}
    units = {str(unit.uuid): unit.pk for unit in all_units()}
    units |= {unit.code: unit.pk for unit in all_units()}
    entries = HistoryEntry.objects.filter(target_type=Werf.type_name(), at__gt=known_at)
    for entry in entries.order_by("-at", "-pk"):
        if entry.target_uuid in by_uuid and _WERF_UNITS in entry.changes:
            links = entry.changes[_WERF_UNITS][0]
            before = [link["unit"] if isinstance(link, Mapping) else link for link in links]
            found[by_uuid[entry.target_uuid]] = [units[name] for name in before if name in units]
    return found


def _goals(facts: Sequence[rules.ObjectiveFacts], found: PlanRead) -> list[dict[str, Any]]:
    parents = {row.pk: row for row in found.structure.objectives}
    goals = {row.pk: row for row in found.then.there(goals_of(found.plan.plan_id))}
    free = rules.uncovered(goals, {pk for one in facts for pk in one.goals})
    rows = [goals[pk] for pk in free if goals[pk].objective_id in parents]
    places = {pk: place for place, pk in enumerate(parents)}
    rows.sort(key=lambda row: (places[row.objective_id], row.order, row.pk))
    return [{**_entry(row), "objective": parents[row.objective_id].code} for row in rows]


def _security(facts: Sequence[rules.ObjectiveFacts], found: PlanRead) -> list[dict[str, Any]]:
    """Return the NVP objectives of that year that no objective names, by theme, level and order."""
    year, then = found.plan.year, found.then
    themes = {row.pk: row for row in then.there(all_themes())}
    plans = {row.plan_id: then.of(row.plan) for row in all_themes() if row.pk in themes}
    ordered = sorted(plans.values(), key=lambda row: (row.starts_on, row.pk), reverse=True)
    holding = [row for row in ordered if row.starts_on.year <= year <= row.ends_on.year]
    held = next(iter([*holding, *ordered]), None)
    targets = {
        row.pk: row
        for row in then.there(all_security_objectives())
        if held is not None and row.theme_id in themes and themes[row.theme_id].plan_id == held.pk
    }
    free = rules.uncovered(targets, {pk for one in facts for pk in one.security})
    return [
        {
            "id": str(targets[pk].uuid),
            "code": targets[pk].code,
            "theme": themes[targets[pk].theme_id].code,
            "level": targets[pk].level,
        }
        for pk in free
    ]


def _pair(
    book: FactBook, one: rules.Likeness, by_pk: Mapping[int, OperationalObjective]
) -> dict[str, Any]:
    first, second = by_pk[one.first], by_pk[one.second]
    return {
        "first": _objective(first),
        "second": _objective(second),
        "share": book.share(f"f:alike:{first.uuid}:{second.uuid}", one.share),
        "isSame": one.is_same,
        "language": one.language,
        "words": list(one.words),
    }


def _shared(
    facts: Sequence[rules.ObjectiveFacts],
    own: Collection[int],
    by_pk: Mapping[int, OperationalObjective],
    indicators: Mapping[int, Indicator],
) -> list[dict[str, Any]]:
    return [
        {
            "id": str(indicators[one.indicator].uuid),
            "code": indicators[one.indicator].code,
            "title": indicators[one.indicator].title.as_json(),
            "objectives": [by_pk[pk].code for pk in one.objectives],
            "units": sorted({by_pk[pk].unit.code for pk in one.objectives}),
        }
        for one in rules.shared_keys(facts)
        if set(one.objectives).intersection(own)
    ]


def _without_kpi(found: PlanRead) -> list[dict[str, Any]]:
    listed = (row for row in all_strategic_objectives() if row.plan_id == found.plan.plan_id)
    rows = {row.pk: row for row in found.then.there(listed) if row.addendum_id is not None}
    return [_entry(rows[pk]) for pk in rules.uncovered(rows, found.links.links.kpis)]
