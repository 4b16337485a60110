"""What themes, dimensions and frameworks named at an earlier moment.

A load of the plan writes these links anew, and leaves in the history of their owner what they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ibzplan.core.rewind import lists_known
from objectives.security.models import (
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityTheme,
)

# What the history calls these lists.
_KIV: Final = "kiv"
_MENTIONS: Final = "mentions"

Links = Sequence[Mapping[str, Any]]


def dimensions_known(
    themes: Iterable[SecurityTheme], moment: datetime
) -> dict[int, list[KivDimension]]:
    """Return by key the dimensions that themes named, where these changed since: two queries."""
    changed = _changed(SecurityTheme, _KIV, moment)
    known = {theme.pk: _uuids(changed[theme.uuid]) for theme in themes if theme.uuid in changed}
    named = {uuid for uuids in known.values() for uuid in uuids}
    rows = list(KivDimension.objects.filter(uuid__in=named)) if named else []
    return {pk: [row for row in rows if row.uuid in uuids] for pk, uuids in known.items()}


def themes_known(
    dimensions: Iterable[KivDimension], moment: datetime
) -> dict[int, list[SecurityTheme]]:
    """Return by key the themes that named dimensions, when any theme's changed since: two queries.

    Each dimension has prefetched those that are linked with it now and were there then.
    """
    changed = _changed(SecurityTheme, _KIV, moment)
    if not changed:
        return {}
    themes = list(SecurityTheme.objects.filter(uuid__in=changed, created_at__lte=moment))
    found = {}
    for dimension in dimensions:
        kept = [theme for theme in dimension.themes.all() if theme.uuid not in changed]
        named = [theme for theme in themes if dimension.uuid in _uuids(changed[theme.uuid])]
        found[dimension.pk] = sorted([*kept, *named], key=lambda theme: (theme.order, theme.pk))
    return found


def mentions_known(
    frameworks: Iterable[PolicyFramework], moment: datetime
) -> dict[int, list[FrameworkMention]]:
    """Return by key where themes named frameworks, where that changed since: two queries."""
    changed = _changed(PolicyFramework, _MENTIONS, moment)
    known = [(row, changed[row.uuid]) for row in frameworks if row.uuid in changed]
    named = {link["theme"] for _row, links in known for link in links}
    rows = SecurityTheme.objects.filter(uuid__in=named) if named else ()
    themes = {str(row.uuid): row for row in rows}
    return {
        row.pk: [
            FrameworkMention(
                framework=row,
                theme=themes[link["theme"]],
                printed=link["printed"],
                source_line=link["source_line"],
            )
            for link in sorted(links, key=lambda link: int(link["source_line"]))
            if link["theme"] in themes
        ]
        for row, links in known
    }


def _changed(
    model: type[SecurityTheme] | type[PolicyFramework], name: str, moment: datetime
) -> dict[UUID, Links]:
    return {uuid: links or () for uuid, links in lists_known(model, name, moment).items()}


def _uuids(links: Links) -> set[UUID]:
    return {UUID(link["dimension"]) for link in links}
