"""The lists within a definition: levels, and breakdowns with their parts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypedDict

from ibzplan.core.api.bodies import Limits
from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, Member, dimensions_of
from objectives.planning.writes.common import Name

_CODE = Limits(
    "A code of at most 30 lower-case letters, digits, - and _.",
    pattern="[a-z0-9][a-z0-9_-]{0,29}",
    example="region",
)


class _Part(TypedDict):
    code: Annotated[str, _CODE]
    title: Name


class _DimensionNeeds(TypedDict):
    code: Annotated[str, _CODE]
    title: Name
    members: Annotated[list[_Part], Limits(most_items=200)]


class DimensionBody(_DimensionNeeds, total=False):
    """A way to split the figures; with `addsUp` its members together are the whole."""

    addsUp: bool


def levels_read(
    levels: Sequence[LocalisedText], before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the stored form of levels; a text that changes in one language outdates the other."""
    known = [LocalisedText.from_json(level) for level in before]
    known += [LocalisedText()] * len(levels)
    return [old.edited(new).as_json() for old, new in zip(known, levels, strict=False)]


def dimensions_read(
    given: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the stored form of breakdowns; texts as in `levels_read`, by code."""
    known: dict[tuple[str, ...], LocalisedText] = {}
    for dimension in dimensions_of(before):
        known[(dimension.code,)] = dimension.title
        known |= {(dimension.code, part.code): part.title for part in dimension.members}

    def title(text: LocalisedText, *codes: str) -> LocalisedText:
        return known.get(codes, LocalisedText()).edited(text)

    return [
        Dimension(
            one["code"],
            title(one["title"], one["code"]),
            tuple(
                Member(part["code"], title(part["title"], one["code"], part["code"]))
                for part in one["members"]
            ),
            one.get("addsUp", False),
        ).as_json()
        for one in given
    ]
