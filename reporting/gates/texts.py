"""The texts that people typed in a snapshot, each with where it stands in a report.

Localised ones are in every language there is; the others are in the one in which they were typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

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
_REPEATED: Final = ("latest", "facts", "decisions", "since", "securityChanges")


class TypedKind(TextChoices):
    """What is typed in one language only."""

    QUESTION = "question", _("Questions and answers")
    JUDGEMENT = "judgement", _("Judgements")
    MOTIVATION = "motivation", _("Motivations of changes to the plan")
    DEFINITION = "definition", _("Reasons of new definitions")
    FIGURE = "figure", _("Reasons of corrected and missing figures")
    EDITION = "edition", _("Reason of this edition")


# Such texts, by the part of a snapshot in which they stand and their name there.
_TYPED: Final[Mapping[tuple[str, str], TypedKind]] = {
    ("questions", "text"): TypedKind.QUESTION,
    ("answers", "text"): TypedKind.QUESTION,
    ("judgement", "reason"): TypedKind.JUDGEMENT,
    ("changes", "motivation"): TypedKind.MOTIVATION,
    ("definitionChanges", "reason"): TypedKind.DEFINITION,
    ("slots", "correctionReason"): TypedKind.FIGURE,
    ("slots", "notApplicableReason"): TypedKind.FIGURE,
    ("restated", "reason"): TypedKind.FIGURE,
    ("edition", "reason"): TypedKind.EDITION,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: the anchor of its paragraph, the code of its subject, its name."""

    anchor: str = ""
    code: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in every language there is; `states` of the translations that are not approved."""

    place: Place
    texts: Mapping[str, str]
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in one language, and what kind it is."""

    kind: TypedKind
    place: Place
    text: str


def texts_of(snapshot: Part) -> Iterator[LocalText]:
    """Give every localised text of a snapshot, the same one in the same place once."""
    seen: set[tuple[Place, tuple[tuple[str, str], ...]]] = set()
    for found in (*_texts(snapshot, Place()), *_level_names(snapshot)):
        key = (found.place, tuple(sorted(found.texts.items())))
        if key not in seen:
            seen.add(key)
            yield found


def plain_texts_of(snapshot: Part) -> Iterator[PlainText]:
    """Give every text of a snapshot that was typed in one language, each once a kind."""
    seen: set[tuple[TypedKind, str]] = set()
    for found in _plain(snapshot, Place()):
        if (found.kind, found.text) not in seen:
            seen.add((found.kind, found.text))
            yield found


def _plain(value: Any, place: Place, part: str = "") -> Iterator[PlainText]:
    """Give those below a part of a snapshot; `part` is the name that a mapping has in its own."""
    if isinstance(value, Mapping):
        here = _coded(place, value)
        for name, below in value.items():
            kind = _TYPED.get((part, name))
            if kind is not None and isinstance(below, str):
                if below.strip():
                    yield PlainText(kind, replace(here, field=name), below.strip())
            elif name not in _REPEATED and isinstance(below, Mapping | list):
                yield from _plain(below, _below(here, name), name)
    elif isinstance(value, list):
        for row in value:
            yield from _plain(row, _row(place, row), part)


def _coded(place: Place, value: Part) -> Place:
    code = value.get("shortCode") or value.get("code")
    return replace(place, code=str(code)) if code and code != place.code else place


def _texts(value: Any, place: Place) -> Iterator[LocalText]:
    """Give the localised texts below a part; atoms, most of what there is, are not looked at."""
    if isinstance(value, dict):
        if texts := _localised(value):
            yield LocalText(place, texts, value.get(_STATES, {}))
            return
        here = _coded(place, value)
        for name, part in value.items():
            if isinstance(part, dict | list) and name not in _REPEATED:
                yield from _texts(part, _below(here, name))
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list):
                yield from _texts(part, _row(place, part))


def _localised(value: Part) -> dict[str, str]:
    """Return the languages of a localised text; nothing for any other part."""
    languages = {name: text for name, text in value.items() if name != _STATES}
    if not languages or not set(languages) <= set(settings.CONTENT_LANGUAGES):
        return {}
    return {name: str(text) for name, text in languages.items()}


def _below(place: Place, name: str) -> Place:
    anchor = _SECTIONS.get(name, "") if not place.anchor else place.anchor
    return Place(anchor, place.code, name)


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
            states = fact["name"].get(_STATES, {})
            yield LocalText(Place("data", "", "level"), texts, states)
