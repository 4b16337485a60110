"""Breakdowns: which parts a figure is split into, and the canonical key of a part.

A key names one member of one or more dimensions: `region=bru` or `region=bru;sex=f`, sorted by
dimension, so that a part has one key only and a constraint can hold uniqueness (design.md 4.3).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText

_CODE: Final = re.compile(r"^[a-z0-9][a-z0-9_-]{0,29}$")


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a dimension, for instance a region."""

    code: str
    title: LocalisedText


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to split the figure; `adds_up` says that its members together are the whole."""

    code: str
    title: LocalisedText
    members: tuple[Member, ...]
    adds_up: bool = False

    def keys(self) -> list[str]:
        """Return the breakdown key of each member, in the order of the definition."""
        return [breakdown_key({self.code: member.code}) for member in self.members]

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "code": self.code,
            "title": self.title.as_json(),
            "adds_up": self.adds_up,
            "members": [{"code": m.code, "title": m.title.as_json()} for m in self.members],
        }


def is_code(text: str) -> bool:
    """Tell whether a text can name a dimension or a member: short, lower case, no spaces."""
    return _CODE.match(text) is not None


def dimensions_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Dimension, ...]:
    """Read the stored form of a definition's disaggregations."""
    return tuple(
        Dimension(
            row["code"],
            LocalisedText.from_json(row.get("title")),
            tuple(
                Member(member["code"], LocalisedText.from_json(member.get("title")))
                for member in row.get("members", ())
            ),
            bool(row.get("adds_up")),
        )
        for row in stored
    )


def breakdown_key(parts: Mapping[str, str]) -> str:
    """Return the canonical key of {dimension: member}; '' for the whole."""
    return ";".join(f"{dimension}={parts[dimension]}" for dimension in sorted(parts))


def breakdown_parts(key: str) -> dict[str, str]:
    """Read a canonical key back. Raises ValueError for any other writing of it."""
    if not key:
        return {}
    parts = dict(pair.split("=", 1) for pair in key.split(";") if "=" in pair)
    if breakdown_key(parts) != key or not all(map(is_code, [*parts, *parts.values()])):
        raise ValueError(key)
    return parts


def breakdown_title(key: str, dimensions: Sequence[Dimension]) -> str:
    """Return 'Region: Brussels' for a key, in the active language; the key when it is unknown."""
    titles = []
    by_code = {dimension.code: dimension for dimension in dimensions}
    for code, member_code in breakdown_parts(key).items():
        members = by_code[code].members if code in by_code else ()
        names = [member.title for member in members if member.code == member_code]
        if not names:
            return key
        titles.append(
            _("%(dimension)s: %(member)s") % {"dimension": by_code[code].title, "member": names[0]}
        )
    return ", ".join(titles)


def part_names(dimensions: Sequence[Dimension]) -> dict[str, str]:
    """Return the names of dimensions and of their parts by code, in the active language."""
    names = {dimension.code: str(dimension.title) for dimension in dimensions}
    for dimension in dimensions:
        for key, member in zip(dimension.keys(), dimension.members, strict=True):
            names[key] = str(member.title)
    return names
