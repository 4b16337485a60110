"""The consolidated plan as known at an instant, and its frozen versions (design.md section 6)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from ibzplan.core.canonical import canonical_json, sha256_of
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator, Target
from objectives.indicators.selectors import definitions_known, targets_known
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    PlanVersion,
    Risk,
)
from objectives.strategy.models import Activity, Milestone

SCHEMA_VERSION: Final = 1

_DEFINED: Final = (
    "title",
    "definition",
    "unit_of_measure",
    "target_kind",
    "accumulation",
    "frequency",
    "baseline",
    "baseline_date",
    "range_low",
    "range_high",
    "levels",
    "source",
)


@dataclass(frozen=True, slots=True)
class VersionCheck:
    """Whether a frozen version still says what was frozen, and whether the records agree."""

    is_unchanged: bool
    is_reproduced: bool

    @property
    def is_sound(self) -> bool:
        """Tell whether both hold."""
        return self.is_unchanged and self.is_reproduced


def plan_content(plan: OperationalPlan, known_at: datetime) -> dict[str, Any]:
    """Return the consolidated plan as it was known at an instant, ready for canonical JSON.

    `objectives` holds those in force then by code. Texts are {"nl", "fr"}, dates ISO text, numbers
    exact text; other records are named by their codes, so that a later name of a unit changes
    nothing. What was done of a milestone is no text of the plan and stays out. At most 20 queries,
    whatever the number of objectives.
    """
    rows = list(
        OperationalObjective.objects.filter(plan=plan)
        .in_force_at(known_at)
        .select_related("unit", "sub_unit", "holder", "werf", "werf__objective")
        .order_by("code", "pk")
    )
    return {
        "schema": SCHEMA_VERSION,
        "plan": plan.plan.code,
        "year": plan.year,
        "objectives": objective_contents(as_known(rows, known_at), plan.year, known_at),
    }


def objective_contents(
    objectives: Sequence[OperationalObjective], year: int, known_at: datetime
) -> dict[str, dict[str, Any]]:
    """Return by code what a plan says of objectives, given as they stood at `known_at`."""
    parts = _Parts.of(objectives, year, known_at)
    return {row.code: _objective(row, parts) for row in objectives}


def version_check(version: PlanVersion) -> VersionCheck:
    """Hash a frozen version again, and the plan as its records give it for that instant."""
    return VersionCheck(
        is_unchanged=sha256_of(version.content) == version.sha256,
        is_reproduced=_again(version.pk) == version.sha256,
    )


@steady
def _again(version: int) -> str:
    """Return the hash of the plan as its records give it for the instant of a version."""
    row = PlanVersion.objects.select_related("plan", "plan__plan").defer("content").get(pk=version)
    return sha256_of(canonical_json(plan_content(row.plan, row.recorded_at)))


@steady
def plan_content_now(plan: int) -> dict[str, Any]:
    """Return the consolidated plan as it is now: see `plan_content`. Nobody changes it."""
    row = OperationalPlan.objects.select_related("plan").get(pk=plan)
    return plan_content(row, Clocks.now().known_at)


def versions_known(plan: OperationalPlan, known_at: datetime) -> QuerySet[PlanVersion]:
    """Return the versions frozen by then, the newest first, without their content."""
    return (
        PlanVersion.objects.filter(plan=plan, recorded_at__lte=known_at)
        .select_related("amendment", "recorded_by", "plan", "plan__plan")
        .defer("content")
        .order_by("-number")
    )


def is_in_force(plan: OperationalPlan) -> bool:
    """Tell whether the plan came into force: its first version is frozen."""
    return plan.pk in _plans_frozen()


@steady
def _plans_frozen() -> frozenset[int]:
    """Return the plans that have a frozen version."""
    return frozenset(PlanVersion.objects.order_by().values_list("plan_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class _Parts:
    """What hangs below the objectives, by the key (or UUID) of its objective."""

    co_owners: dict[int, list[str]]
    goals: dict[int, list[str]]
    security: dict[int, list[str]]
    lineage: dict[int, list[dict[str, Any]]]
    risks: dict[int, list[dict[str, Any]]]
    activities: dict[UUID, list[dict[str, Any]]]
    indicators: dict[int, dict[str, Any]]

    @classmethod
    def of(cls, objectives: Sequence[OperationalObjective], year: int, at: datetime) -> "_Parts":
        keys = [row.pk for row in objectives]
        return cls(
            co_owners=_co_owners(keys, at),
            goals=_goals(keys, at),
            security=_security(keys, at),
            lineage=_lineage(keys, at),
            risks=_risks(keys, at),
            activities=_activities([row.uuid for row in objectives], at),
            indicators=_indicators(keys, year, at),
        )


def _objective(row: OperationalObjective, parts: _Parts) -> dict[str, Any]:
    # Without means nothing is said of them: versions frozen before they were asked stay the same.
    return {
        "uuid": str(row.uuid),
        "title": _text(row.title),
        "description": _text(row.description),
        **({"means": _text(row.means)} if row.means else {}),
        "werf": row.werf.code,
        "unit": row.unit.code,
        "sub_unit": row.sub_unit.code if row.sub_unit else None,
        "holder": row.holder.code if row.holder else None,
        "origin": row.origin,
        "origin_reference": row.origin_reference,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "co_owners": parts.co_owners.get(row.pk, []),
        "goals": parts.goals.get(row.pk, []),
        "security_objectives": parts.security.get(row.pk, []),
        "predecessors": parts.lineage.get(row.pk, []),
        "activities": parts.activities.get(row.uuid, []),
        "risks": parts.risks.get(row.pk, []),
        "indicators": parts.indicators.get(row.pk, {}),
    }


def _text(value: LocalisedText) -> dict[str, str]:
    """Return the texts without their translation states: those change without the plan."""
    return dict(value)


def _plain(value: Any) -> Any:
    if isinstance(value, LocalisedText):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> str:
    """Return a quantity in one spelling, whatever zeros the database adds."""
    return f"{value.normalize():f}" if value else "0"


def _by_objective(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, code in pairs:
        found[key].append(code)
    return {key: sorted(codes) for key, codes in found.items()}


def _co_owners(keys: list[int], at: datetime) -> dict[int, list[str]]:
    rows = CoOwner.objects.known_at(at).filter(objective__in=keys)
    return _by_objective(rows.values_list("objective_id", "unit__code"))


def _goals(keys: list[int], at: datetime) -> dict[int, list[str]]:
    rows = ObjectiveGoal.objects.known_at(at).filter(objective__in=keys)
    named = rows.values_list("objective_id", "goal__objective__code", "goal__code")
    return _by_objective((key, f"{strategic}/{goal}") for key, strategic, goal in named)


def _security(keys: list[int], at: datetime) -> dict[int, list[str]]:
    rows = ObjectiveSecurityLink.objects.known_at(at).filter(objective__in=keys)
    return _by_objective(rows.values_list("objective_id", "security_objective__code"))


def _lineage(keys: list[int], at: datetime) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = ObjectiveLineage.objects.known_at(at).filter(successor__in=keys)
    for row in rows.select_related("predecessor__plan").order_by(
        "predecessor__plan__year", "predecessor__code", "pk"
    ):
        found[row.successor_id].append(
            {
                "kind": row.kind,
                "code": row.predecessor.code,
                "year": row.predecessor.plan.year,
            }
        )
    return found


def _risks(keys: list[int], at: datetime) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Risk.objects.known_at(at).filter(objective__in=keys).order_by("pk")
    for row in sorted(as_known(list(rows), at), key=lambda risk: (risk.order, risk.pk)):
        found[row.objective_id].append(
            {
                "title": _text(row.title),
                "likelihood": row.likelihood,
                "impact": row.impact,
                "response": row.response,
                "measure": _text(row.measure),
            }
        )
    return found


def _activities(uuids: list[UUID], at: datetime) -> dict[UUID, list[dict[str, Any]]]:
    rows = Activity.objects.known_at(at).filter(
        target_type=OperationalObjective.type_name(), target_uuid__in=uuids
    )
    activities = as_known(list(rows.order_by("pk")), at)
    steps: dict[int, list[Milestone]] = defaultdict(list)
    milestones = Milestone.objects.known_at(at).filter(activity__in=[row.pk for row in activities])
    for step in as_known(list(milestones.order_by("pk")), at):
        steps[step.activity_id].append(step)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(activities, key=lambda activity: (activity.order, activity.pk)):
        found[row.target_uuid].append(
            {
                "kind": row.kind,
                "title": _text(row.title),
                "description": _text(row.description),
                "starts_on": _plain(row.starts_on),
                "ends_on": _plain(row.ends_on),
                "milestones": [
                    {"title": _text(step.title), "due_on": step.due_on.isoformat()}
                    for step in sorted(
                        steps[row.pk], key=lambda one: (one.due_on, one.order, one.pk)
                    )
                ],
            }
        )
    return found


def _indicators(keys: list[int], year: int, at: datetime) -> dict[int, dict[str, Any]]:
    links = list(
        ObjectiveIndicator.objects.known_at(at)
        .filter(objective__in=keys)
        .select_related("indicator")
        .order_by("objective_id", "order", "pk")
    )
    indicators = list({link.indicator_id: link.indicator for link in links}.values())
    last = date(year, 12, 31)
    defined = definitions_known(indicators, year=year, clocks=Clocks(last, at))
    targets = targets_known(indicators, plan_year=year, known_at=at)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for link in links:
        held = defined[link.indicator_id]
        found[link.objective_id][link.indicator.code] = {
            "uuid": str(link.indicator.uuid),
            "weight": link.weight,
            "is_key": link.is_key,
            "order": link.order,
            "version": held.version.number if held.version else 1,
            "definition": _definition(held.indicator),
            "targets": [
                _target(row)
                for row in targets.get(link.indicator_id, ())
                if row.due_on >= _first(year)
            ],
        }
    return found


def _first(year: int) -> date:
    return date(year, 1, 1)


def _definition(indicator: Indicator) -> dict[str, Any]:
    return {name: _plain(getattr(indicator, name)) for name in _DEFINED}


def _target(row: Target) -> dict[str, Any]:
    return {
        "due_on": row.due_on.isoformat(),
        "value": _plain(row.value),
        "level": row.level,
        "is_final": row.is_final,
    }
