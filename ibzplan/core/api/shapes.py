"""Small shapes that items of many collections share.

Each shape is a TypedDict: the type checker holds the builders to it, and the OpenAPI document
is made from it. A member that may be None is left out of the answer when it is.
"""

from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Sourced


class Localised(TypedDict, total=False):
    """A text per language; a language without a text is left out."""

    nl: str
    fr: str
    en: str
    de: str


class Reference(TypedDict):
    """Another resource: its identity, its official code and its address."""

    id: UUID
    code: str
    href: str


class Source(TypedDict):
    """Where the plan prints it."""

    file: str
    firstLine: int | None
    lastLine: int | None


def reference(links: Links, collection: str, uuid: UUID, code: str) -> Reference:
    """Return a reference to a resource of `collection`."""
    return {"id": uuid, "code": code, "href": links.to(collection, uuid)}


def localised(text: LocalisedText) -> Localised | None:
    """Return the text per language, or None when there is none at all."""
    # The languages are those of settings.CONTENT_LANGUAGES, which Localised repeats.
    return Localised(**text) if text else None  # type: ignore[typeddict-item]


def source_of(entry: Sourced) -> Source | None:
    """Return the entry's place in its source, or None for what was entered by a user."""
    if not entry.source_file:
        return None
    return {
        "file": entry.source_file,
        "firstLine": entry.source_first_line,
        "lastLine": entry.source_last_line,
    }
