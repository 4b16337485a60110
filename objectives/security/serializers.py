"""How the API shows the National Security Plan."""

from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from objectives.security.models import (
    EnablingCondition,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
)
from objectives.strategy.models import PlanEntry
from objectives.strategy.serializers import (
    PlanEntryItem,
    PlanReference,
    plan_entry_item,
    plan_reference,
)


class PointItem(TypedDict):
    """A point printed below an entry."""

    id: UUID
    code: str
    title: Localised | None


class AttentionPointItem(PointItem):
    """An aandachtspunt; theme 7 also has general ones."""

    general: bool


class SecurityThemeItem(PlanEntryItem):
    """A veiligheidsthema or subtheme; a block holds objectives."""

    plan: PlanReference
    parent: Reference | None
    block: bool
    kivTransversal: bool
    printedVariants: list[str]
    kivDimensions: list[Reference]
    attentionPoints: list[AttentionPointItem]


class SecurityObjectiveItem(PlanEntryItem):
    """An objective of the NVP."""

    theme: Reference
    level: str
    number: int
    group: Localised | None
    points: list[PointItem]


class KivDimensionItem(PlanEntryItem):
    """A dimension of the Kadernota Integrale Veiligheid."""

    plan: PlanReference
    themes: list[Reference]


class MentionItem(TypedDict):
    """A theme names a framework at a line of the source."""

    theme: Reference
    printed: str
    sourceLine: int


class PolicyFrameworkItem(PlanEntryItem):
    """A policy framework, each once."""

    plan: PlanReference
    kind: str
    status: str | None
    validFromYear: int | None
    validToYear: int | None
    publishedYear: int | None
    mentions: list[MentionItem]


class EnablingConditionItem(PlanEntryItem):
    """A randvoorwaarde."""

    plan: PlanReference
    points: list[PointItem]


def _theme(theme: SecurityTheme, links: Links) -> Reference:
    return reference(links, "securityThemes", theme.uuid, theme.code)


def _point(entry: PlanEntry) -> PointItem:
    return {"id": entry.uuid, "code": entry.code, "title": localised(entry.title)}


def security_theme_item(theme: SecurityTheme, links: Links) -> SecurityThemeItem:
    """Needs `plan`, `parent`, and prefetched `kiv_dimensions` and `attention_points`."""
    return {
        **plan_entry_item(theme, "securityThemes", links),
        "plan": plan_reference(theme.plan),
        "parent": _theme(theme.parent, links) if theme.parent else None,
        "block": theme.is_block,
        "kivTransversal": theme.is_kiv_transversal,
        "printedVariants": theme.printed_variants,
        "kivDimensions": [
            reference(links, "kivDimensions", dimension.uuid, dimension.code)
            for dimension in theme.kiv_dimensions.all()
        ],
        "attentionPoints": [
            {**_point(point), "general": point.is_general} for point in theme.attention_points.all()
        ],
    }


def security_objective_item(objective: SecurityObjective, links: Links) -> SecurityObjectiveItem:
    """Needs `theme` and prefetched `points`."""
    return {
        **plan_entry_item(objective, "securityObjectives", links),
        "theme": _theme(objective.theme, links),
        "level": camel(objective.level),
        "number": objective.number,
        "group": localised(objective.group),
        "points": [_point(point) for point in objective.points.all()],
    }


def kiv_dimension_item(dimension: KivDimension, links: Links) -> KivDimensionItem:
    """Needs `plan` and prefetched `themes`."""
    return {
        **plan_entry_item(dimension, "kivDimensions", links),
        "plan": plan_reference(dimension.plan),
        "themes": [_theme(theme, links) for theme in dimension.themes.all()],
    }


def policy_framework_item(framework: PolicyFramework, links: Links) -> PolicyFrameworkItem:
    """Needs `plan` and prefetched `mentions__theme`."""
    return {
        **plan_entry_item(framework, "policyFrameworks", links),
        "plan": plan_reference(framework.plan),
        "kind": camel(framework.kind),
        "status": camel(framework.status) or None,
        "validFromYear": framework.valid_from_year,
        "validToYear": framework.valid_to_year,
        "publishedYear": framework.published_year,
        "mentions": [
            {
                "theme": _theme(mention.theme, links),
                "printed": mention.printed,
                "sourceLine": mention.source_line,
            }
            for mention in framework.mentions.all()
        ],
    }


def enabling_condition_item(condition: EnablingCondition, links: Links) -> EnablingConditionItem:
    """Needs `plan` and prefetched `points`."""
    return {
        **plan_entry_item(condition, "enablingConditions", links),
        "plan": plan_reference(condition.plan),
        "points": [_point(point) for point in condition.points.all()],
    }
