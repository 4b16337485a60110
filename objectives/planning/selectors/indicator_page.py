"""What the page of an indicator reads beside its figures: versions, use, origin, who reports."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.selectors import as_defined
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors.readings import place_code, places_of
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit, RoleAssignment

_PLACE: Final = re.compile(r"(?:\d{4}-)?(?P<objective>\d+(?:\.\d+)+)-(?:[a-z]|\d+)")


@dataclass(frozen=True, slots=True)
class Reporters:
    """The accounts that give and validate a unit's figures, by name."""

    planners: tuple[str, ...]
    heads: tuple[str, ...]


def links_known(
    indicator: Indicator, access: Access, known_at: datetime
) -> list[ObjectiveIndicator]:
    """Return the objectives that used the indicator then and that the user sees; latest year first.

    What is approved now was a draft once: who sees no drafts does not see it at that moment.
    One query.
    """
    objectives = OperationalObjective.objects.visible_to(access)
    if not sees_inside(indicator, access):
        objectives = objectives.in_force_at(known_at)
    return list(
        ObjectiveIndicator.objects.known_at(known_at)
        .filter(indicator=indicator, objective__in=objectives)
        .select_related(
            "objective",
            "objective__plan",
            "objective__unit",
            "objective__werf",
            "objective__werf__objective",
        )
        .order_by("-objective__plan__year", "objective__code", "pk")
    )


def place_codes(links: Sequence[ObjectiveIndicator], known_at: datetime) -> dict[int, str]:
    """Return by link its place in its objective then, such as '2.6.1-c': one query at most."""
    rows = _uses(*sorted({link.objective_id for link in links}))
    places = places_of(row for row in rows if row.known_from <= known_at)
    return {
        link.pk: place_code(link.objective.code, places[link.objective_id][link.indicator_id])
        for link in links
    }


@steady
def _uses(*objectives: int) -> tuple[ObjectiveIndicator, ...]:
    """Return every indicator that objectives use or used, in their order."""
    return tuple(ObjectiveIndicator.objects.filter(objective__in=objectives))


def indicators_placed(words: Iterable[str], access: Access) -> dict[int, str]:
    """Return by indicator the place codes that the words name and that the user sees.

    An indicator keeps its own code in every plan; '2.6.1-c' is its place in one of them, also
    written '2026-2.6.1-c'. One query, none when no word looks like a place.
    """
    codes = {named["objective"] for word in words if (named := _PLACE.fullmatch(word))}
    if not codes:
        return {}
    rows = list(
        ObjectiveIndicator.objects.filter(
            objective__in=OperationalObjective.objects.visible_to(access), objective__code__in=codes
        ).select_related("objective", "objective__plan")
    )
    places = places_of(rows)
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.known_until is None:
            code = place_code(row.objective.code, places[row.objective_id][row.indicator_id])
            found.setdefault(row.indicator_id, []).append(f"{row.objective.plan.year}-{code}")
    return {pk: " ".join(texts) for pk, texts in found.items()}


def sees_inside(indicator: Indicator, access: Access) -> bool:
    """Tell whether the user may know what was not approved yet: see history_for."""
    return access.is_superuser or access.sees_submitted or access.plans_for(indicator.owner_id)


def versions_for(
    indicator: Indicator, access: Access, known_at: datetime
) -> list[IndicatorDefinition]:
    """Return the versions that the user may read as known then, oldest first: one query.

    What a draft said and no longer said when it was approved stays with its unit, and with those
    who read drafts; so does a version for a plan that was not approved yet.
    """
    return list(
        IndicatorDefinition.objects.visible_to(access, known_at)
        .filter(indicator=indicator)
        .select_related("recorded_by")
        .order_by("recorded_at", "number", "pk")
    )


def first_definition(indicator: Indicator) -> IndicatorDefinition | None:
    """Return the version with which the indicator began: one query."""
    return IndicatorDefinition.objects.filter(indicator=indicator).order_by("number").first()


def definitions_of(
    indicator: Indicator, versions: Sequence[IndicatorDefinition]
) -> list[Indicator]:
    """Return for each version a copy of the indicator that says what it said."""
    return [as_defined(indicator, version) for version in versions]


def visible_origin(indicator: Indicator, access: Access) -> Indicator | None:
    """Return the indicator whose definition was copied, when the user may see it.

    One query, none when it was not copied.
    """
    if indicator.derived_from_id is None:
        return None
    origin: Indicator | None = (
        Indicator.objects.visible_to(access).filter(pk=indicator.derived_from_id).first()
    )
    return origin


def reporters_of(unit: OrganisationUnit) -> Reporters:
    """Return who enters and who validates the figures of a unit: one query at most.

    Whoever has the role for the unit above has it for this one too.
    """
    return _reporters(unit.pk)


@steady
def _reporters(unit: int) -> Reporters:
    above = Q(unit=unit) | Q(unit__children=unit) | Q(unit__children__children=unit)
    rows = (
        RoleAssignment.objects.filter(above, user__is_active=True)
        .filter(role__in=[Role.PLANNER, Role.HEAD])
        .select_related("user")
        .order_by("user__username", "pk")
    )
    names: dict[str, dict[int, str]] = {Role.PLANNER: {}, Role.HEAD: {}}
    for row in rows:
        names[row.role][row.user_id] = str(row.user)
    return Reporters(tuple(names[Role.PLANNER].values()), tuple(names[Role.HEAD].values()))
