"""What the search finds in the National Security Plan."""

from collections import defaultdict

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ibzplan.core.search import Hit, SearchQuery, SearchSource, kept_with, register
from ibzplan.core.steady import steady
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    EnablingConditionPoint,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityObjectivePoint,
    SecurityTheme,
)
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import PlanElement
from objectives.strategy.search import elements_with, entry_hit, in_source_order, rows_of

_PAGE_OF_KIND = {
    ElementKind.REGULAR_THEME: "security:regular",
    ElementKind.EMPHASIS: "security:regular",
    ElementKind.FIGURE: "security:resources",
    ElementKind.REFORM: "security:resources",
    ElementKind.CAPACITY_PILLAR: "security:resources",
    ElementKind.REINFORCEMENT: "security:resources",
    ElementKind.CONDITION: "security:resources",
    ElementKind.PLAN_REFERENCE: "security:resources",
    ElementKind.FOLLOW_UP: "security:follow_up",
    ElementKind.EVALUATION: "security:follow_up",
    ElementKind.PLAN_MILESTONE: "security:follow_up",
}


def _theme_url(code: str, anchor: str = "") -> str:
    return reverse("security:theme", args=[code]) + (f"#{anchor}" if anchor else "")


def _theme_hit(row: SecurityTheme) -> Hit:
    return entry_hit(row, _theme_url(row.code))


def _objective_hit(row: SecurityObjective) -> Hit:
    url = _theme_url(row.theme.code, row.code)
    return entry_hit(row, url, f"{row.theme} · {row.get_level_display()}")


def _point_hit(row: SecurityObjectivePoint) -> Hit:
    theme = row.objective.theme
    url = _theme_url(theme.code, row.objective.code)
    return entry_hit(row, url, str(row.objective), with_code=False)


def _attention_hit(row: AttentionPoint) -> Hit:
    return entry_hit(row, _theme_url(row.theme.code, f"attention-{row.code}"), str(row.theme))


@steady
def _frameworks() -> tuple[tuple[PolicyFramework, str], ...]:
    """Return the frameworks, each with the names under which themes mention it."""
    printed: dict[int, list[str]] = defaultdict(list)
    for framework_id, name in FrameworkMention.objects.values_list("framework_id", "printed"):
        printed[framework_id].append(name)
    rows = in_source_order(PolicyFramework.objects.all())
    return tuple((row, " ".join(printed[row.pk])) for row in rows)


def _framework_rows(query: SearchQuery) -> list[PolicyFramework]:
    """Find frameworks by title or by any name under which a theme mentions them."""
    return kept_with(query.words, _frameworks())


def _framework_hit(row: PolicyFramework) -> Hit:
    url = f"{reverse('security:frameworks')}#framework-{row.code}"
    return entry_hit(row, url, row.get_kind_display(), with_code=False)


def _condition_hit(row: EnablingCondition) -> Hit:
    return entry_hit(row, f"{reverse('security:conditions')}#condition-{row.code}")


def _condition_point_hit(row: EnablingConditionPoint) -> Hit:
    url = f"{reverse('security:conditions')}#condition-{row.condition.code}"
    return entry_hit(row, url, str(row.condition), with_code=False)


def _dimension_hit(row: KivDimension) -> Hit:
    return entry_hit(row, f"{reverse('security:overview')}#kiv-{row.code}", with_code=False)


def _element_rows(query: SearchQuery) -> list[PlanElement]:
    return elements_with(query, _PAGE_OF_KIND)


def _element_hit(row: PlanElement) -> Hit:
    url = f"{reverse(_PAGE_OF_KIND[ElementKind(row.kind)])}#element-{row.code}"
    return entry_hit(row, url, row.get_kind_display(), with_code=False)


def _mission_rows(query: SearchQuery) -> list[PlanElement]:
    return elements_with(query, [ElementKind.THEME_MISSION], in_attributes=False)


def _mission_hit(row: PlanElement) -> Hit:
    code = str(row.attributes.get("theme", ""))
    return entry_hit(row, _theme_url(code, f"element-{row.code}"), with_code=False)


def _abbreviation_rows(query: SearchQuery) -> list[PlanElement]:
    return elements_with(query, [ElementKind.ABBREVIATION], in_attributes=False)


def _abbreviation_hit(row: PlanElement) -> Hit:
    return entry_hit(row, f"{reverse('security:abbreviations')}#abbreviation-{slugify(row.code)}")


SOURCES = (
    SearchSource("themes", 100, _("Security themes"), rows_of(SecurityTheme), _theme_hit),
    SearchSource(
        "security-objectives",
        110,
        _("Objectives of the National Security Plan"),
        rows_of(SecurityObjective, "theme"),
        _objective_hit,
    ),
    SearchSource(
        "security-points",
        120,
        _("Points of objectives"),
        rows_of(SecurityObjectivePoint, "objective__theme"),
        _point_hit,
    ),
    SearchSource(
        "attention-points",
        130,
        _("Points of attention"),
        rows_of(AttentionPoint, "theme"),
        _attention_hit,
    ),
    SearchSource("police-missions", 135, _("Police missions"), _mission_rows, _mission_hit),
    SearchSource("frameworks", 140, _("Policy frameworks"), _framework_rows, _framework_hit),
    SearchSource("kiv", 150, _("KIV dimensions"), rows_of(KivDimension), _dimension_hit),
    SearchSource(
        "conditions", 160, _("Enabling conditions"), rows_of(EnablingCondition), _condition_hit
    ),
    SearchSource(
        "condition-points",
        165,
        _("Points of enabling conditions"),
        rows_of(EnablingConditionPoint, "condition"),
        _condition_point_hit,
    ),
    SearchSource(
        "security-plan",
        170,
        _("Other parts of the National Security Plan"),
        _element_rows,
        _element_hit,
    ),
    SearchSource("abbreviations", 230, _("Abbreviations"), _abbreviation_rows, _abbreviation_hit),
)


def register_all() -> None:
    """Register every kind; called from ready()."""
    for source in SOURCES:
        register(source)
