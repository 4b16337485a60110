"""The localised texts of a snapshot, each with where it stands in a report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings

Part = Mapping[str, Any]

_STATES: Final = "states"
# Lists of a snapshot whose rows have an anchor of their own, and what it begins with.
_ANCHORED: Final = {
    "strategicObjectives": "so",
    "werven": "werf",
    "objectives": "objective",
    "questions": "question",
    "amendments": "amendment",
}
# Parts of a snapshot that stand together at one anchor.
_SECTIONS: Final = {
    "plan": "cover",
    "minister": "cover",
    "president": "cover",
    "units": "method.units",
    "late": "late",
    "changes": "changes",
    "restated": "restated",
    "edition": "edition",
    "alignment": "alignment",
    "means": "means",
    "quality": "method.quality",
    "themes": "themes",
    "securityObjectives": "levels",
    "kiv": "kiv",
    "frameworks": "frameworks",
    "conditions": "conditions",
}
# What stands elsewhere in the snapshot already, under the same name.
_REPEATED: Final = ("latest", "facts", "decisions", "since")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: the anchor of its paragraph, the code of its subject, its name."""

    anchor: str = ""
    code: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in every language there is."""

    place: Place
    texts: Mapping[str, str]


def texts_of(snapshot: Part) -> Iterator[LocalText]:
    """Give every localised text of a snapshot, the same one in the same place once."""
    seen: set[tuple[Place, tuple[tuple[str, str], ...]]] = set()
    for found in (*_texts(snapshot, Place()), *_level_names(snapshot)):
        key = (found.place, tuple(sorted(found.texts.items())))
        if key not in seen:
            seen.add(key)
            yield found


def _texts(value: Any, place: Place) -> Iterator[LocalText]:
    if isinstance(value, Mapping):
        if texts := _localised(value):
            yield LocalText(place, texts)
            return
        here = replace(place, code=str(value.get("shortCode") or value.get("code") or place.code))
        for name, part in value.items():
            if name not in _REPEATED:
                yield from _texts(part, _below(here, name))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, _row(place, part))


def _localised(value: Part) -> dict[str, str]:
    """Return the languages of a localised text; nothing for any other part."""
    languages = {name: text for name, text in value.items() if name != _STATES}
    if not languages or not set(languages) <= set(settings.CONTENT_LANGUAGES):
        return {}
    return {name: str(text) for name, text in languages.items()}


def _below(place: Place, name: str) -> Place:
    anchor = _SECTIONS.get(name, "") if not place.anchor else place.anchor
    return replace(place, anchor=anchor, field=name)


def _row(place: Place, part: Any) -> Place:
    """Return the place of a row of a list: its own anchor where such rows have one."""
    kind = _ANCHORED.get(place.field)
    if kind is None or not isinstance(part, Mapping) or "id" not in part:
        return place
    return replace(place, anchor=f"{kind}:{part['id']}")


def _level_names(snapshot: Part) -> Iterator[LocalText]:
    """Give the names of levels, which stand with the facts only, each once."""
    for fact in snapshot["facts"].values():
        if fact["kind"] == "level" and (texts := _localised(fact["name"])):
            yield LocalText(Place("data", "", "level"), texts)
