"""The matrix: themes by number of objectives by KIV dimension."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count

from objectives.security.choices import ObjectiveLevel
from objectives.security.models import (
    KivDimension,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import Plan


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A theme: how many objectives a level (in the order of ObjectiveLevel), and its KIV links.

    `links` has one place a dimension, None where the theme does not name it. A transversal theme
    names all of them at once.
    """

    theme: SecurityTheme
    counts: tuple[int, ...]
    links: tuple[ThemeKivLink | None, ...]

    @property
    def is_child(self) -> bool:
        """Tell whether it is a subtheme."""
        return self.theme.parent_id is not None

    @property
    def names_no_dimension(self) -> bool:
        """Tell whether the theme holds objectives but names no dimension."""
        has_link = any(self.links) or self.theme.is_kiv_transversal
        return self.theme.is_block and not has_link


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The whole matrix with its counts, all of them computed from the rows."""

    plan: Plan
    levels: tuple[ObjectiveLevel, ...]
    dimensions: list[tuple[KivDimension, int]]
    rows: list[MatrixRow]
    totals: tuple[int, ...]

    @property
    def blocks(self) -> list[MatrixRow]:
        """Return the themes and subthemes that hold objectives."""
        return [row for row in self.rows if row.theme.is_block]

    @property
    def unused_dimensions(self) -> list[KivDimension]:
        """Return the dimensions that no theme names."""
        return [dimension for dimension, count in self.dimensions if not count]

    @property
    def without_dimension(self) -> list[MatrixRow]:
        """Return the themes that name no dimension."""
        return [row for row in self.rows if row.names_no_dimension]


def _in_tree_order(themes: list[SecurityTheme]) -> list[SecurityTheme]:
    """Return each theme, followed by its subthemes."""
    children: dict[int | None, list[SecurityTheme]] = defaultdict(list)
    for theme in themes:
        children[theme.parent_id].append(theme)
    return [t for top in children[None] for t in (top, *children[top.pk])]


def matrix_page(plan: Plan) -> MatrixPage:
    """Return the matrix in four queries."""
    levels = tuple(ObjectiveLevel)
    counted = SecurityObjective.objects.filter(theme__plan=plan).order_by()
    counts: Counter[tuple[int, str]] = Counter()
    for theme_id, level, count in counted.values_list("theme_id", "level").annotate(Count("pk")):
        counts[theme_id, level] = count
    links = {
        (link.theme_id, link.dimension_id): link
        for link in ThemeKivLink.objects.filter(theme__plan=plan)
    }
    dimensions = list(KivDimension.objects.filter(plan=plan))
    themes = _in_tree_order(list(SecurityTheme.objects.filter(plan=plan)))
    named = Counter(dimension_id for _theme_id, dimension_id in links)
    return MatrixPage(
        plan,
        levels,
        [(dimension, named[dimension.pk]) for dimension in dimensions],
        [
            MatrixRow(
                theme,
                tuple(counts[theme.pk, level] for level in levels),
                tuple(links.get((theme.pk, dimension.pk)) for dimension in dimensions),
            )
            for theme in themes
        ],
        tuple(sum(counts[theme.pk, level] for theme in themes) for level in levels),
    )
