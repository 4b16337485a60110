"""The themes and objectives of the National Security Plan: small tables, read once."""

from collections import defaultdict

from ibzplan.core.steady import steady
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import SecurityObjective, SecurityTheme

_LEVELS = {level.value: place for place, level in enumerate(ObjectiveLevel)}


@steady
def all_themes() -> tuple[SecurityTheme, ...]:
    """Return the themes of every such plan with their plan, each followed by its subthemes."""
    below: dict[int | None, list[SecurityTheme]] = defaultdict(list)
    for theme in SecurityTheme.objects.select_related("plan").order_by("plan_id", "order", "pk"):
        below[theme.parent_id].append(theme)
    return tuple(theme for top in below[None] for theme in (top, *below[top.pk]))


@steady
def all_security_objectives() -> tuple[SecurityObjective, ...]:
    """Return the objectives of every such plan with their theme, by theme, level and order."""
    rows = SecurityObjective.objects.select_related("theme").order_by("order", "pk")
    places = {theme.pk: place for place, theme in enumerate(all_themes())}
    return tuple(sorted(rows, key=lambda row: (places[row.theme_id], _LEVELS[row.level])))
