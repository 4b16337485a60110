"""The page of one theme."""

from dataclasses import dataclass
from itertools import groupby

from ibzplan.core.localised import LocalisedText
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import (
    AttentionPoint,
    FrameworkMention,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import Plan, PlanElement


@dataclass(frozen=True, slots=True)
class ObjectiveGroup:
    """The objectives of one level; theme 7 divides its level into named groups."""

    level: ObjectiveLevel
    title: LocalisedText
    objectives: list[SecurityObjective]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A theme with everything that the plan says of it."""

    theme: SecurityTheme
    subthemes: list[SecurityTheme]
    groups: list[ObjectiveGroup]
    general_points: list[AttentionPoint]
    attention_points: list[AttentionPoint]
    missions: list[PlanElement]
    mentions: list[FrameworkMention]
    kiv_links: list[ThemeKivLink]
    others: list[SecurityTheme]

    @property
    def objective_count(self) -> int:
        """Count the objectives of all levels."""
        return sum(len(group.objectives) for group in self.groups)

    @property
    def framework_count(self) -> int:
        """Count the different frameworks that the theme mentions."""
        return len({mention.framework_id for mention in self.mentions})


def _groups(theme: SecurityTheme) -> list[ObjectiveGroup]:
    order = {level.value: place for place, level in enumerate(ObjectiveLevel)}
    objectives = sorted(
        SecurityObjective.objects.filter(theme=theme).prefetch_related("points"),
        key=lambda o: (order[o.level], o.order, o.pk),
    )
    return [
        ObjectiveGroup(ObjectiveLevel(level), group[0].group, group)
        for (level, _title), rows in groupby(objectives, key=lambda o: (o.level, str(o.group)))
        if (group := list(rows))
    ]


def theme_page(plan: Plan, code: str) -> ThemePage | None:
    """Return the page of a theme or subtheme, None for an unknown code. Seven queries."""
    themes = list(SecurityTheme.objects.filter(plan=plan).select_related("parent", "plan"))
    theme = next((t for t in themes if t.code == code), None)
    if theme is None:
        return None
    points = list(AttentionPoint.objects.filter(theme=theme))
    return ThemePage(
        theme,
        [t for t in themes if t.parent_id == theme.pk],
        _groups(theme),
        [point for point in points if point.is_general],
        [point for point in points if not point.is_general],
        list(
            PlanElement.objects.filter(
                plan=plan, kind=ElementKind.THEME_MISSION, attributes__theme=code
            )
        ),
        list(theme.framework_mentions.select_related("framework", "dimension")),
        list(theme.kiv_links.select_related("dimension").order_by("source_line", "pk")),
        [t for t in themes if t.parent_id == theme.parent_id],
    )
