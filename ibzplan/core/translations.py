"""What waits for translation: apps register their texts in ready(), core imports none of them.

Every text has a state per language (design.md 4.13, ibzplan.core.localised). A text waits in a
language when it is missing there, outdated, or not approved yet.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.functional import Promise

from ibzplan.core.localised import (
    STATE_APPROVED,
    STATE_MISSING,
    STATE_UNOFFICIAL,
    LocalisedText,
)

if TYPE_CHECKING:
    from ibzplan.core.models import Record
    from personnel.access import Access

# Content is due in these; both plans are written in the first.
LANGUAGES: Final = ("nl", "fr")
SOURCE_LANGUAGE: Final = "nl"


@dataclass(frozen=True, slots=True)
class Translated:
    """A record with texts: what it is called, whose it is, and the page that shows it."""

    record: "Record"
    name: str
    unit: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """One kind of record with texts. `kind` stands in addresses.

    `rows` gives those whose texts the user translates, at a fixed number of queries. `derived`
    gives the columns that follow from a text, for instance a search key. `write_url` names the
    page on which the texts of a record are written, when that cannot be done in the queue.
    `keeps_approved`: what is approved in these records changes in their own forms or by an
    amendment, never in the queue.
    """

    kind: str
    order: int
    label: Promise | str
    fields: Mapping[str, Promise | str]
    rows: Callable[["Access"], Iterable[Translated]]
    derived: Callable[["Record"], Mapping[str, Any]] = lambda _record: {}
    write_url: Callable[["Record"], str] | None = None
    keeps_approved: bool = False


@dataclass(frozen=True, slots=True)
class WaitingText:
    """A text that waits in one language."""

    source: TextSource
    of: Translated
    field: str
    language: str
    state: str

    @property
    def label(self) -> str:
        """Return what the field is called."""
        return str(self.source.fields[self.field])

    @property
    def value(self) -> LocalisedText:
        """Return the text in all its languages."""
        return text_of(self.of.record, self.field)

    @property
    def original_language(self) -> str:
        """Return the language to translate from."""
        return other_language(self.language)

    @property
    def original(self) -> str:
        """Return the text to translate."""
        return self.value.get(self.original_language, "")

    @property
    def translation(self) -> str:
        """Return the translation there is, '' without one."""
        return self.value.get(self.language, "")

    @property
    def seen(self) -> str:
        """Return the mark of what is shown, by which a later change is noticed."""
        return mark_of(self.value)


_SOURCES: dict[str, TextSource] = {}


def register(source: TextSource) -> None:
    """Add a kind of record with texts; the last registration of a kind counts."""
    _SOURCES[source.kind] = source


def sources() -> list[TextSource]:
    """Return all kinds, in order."""
    return sorted(_SOURCES.values(), key=lambda source: (source.order, source.kind))


def source_of(kind: str) -> TextSource | None:
    """Return a kind by its name in addresses."""
    return _SOURCES.get(kind)


def other_language(language: str) -> str:
    """Return the language to translate from."""
    return next(code for code in LANGUAGES if code != language)


def text_of(record: "Record", name: str) -> LocalisedText:
    """Return a text of a record."""
    value = getattr(record, name)
    return LocalisedText.from_json(value if isinstance(value, Mapping) else None)


def mark_of(value: LocalisedText) -> str:
    """Return a short mark of a text in all its languages; another text has another one."""
    stored = json.dumps(value.as_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


def waits(value: LocalisedText, language: str) -> str:
    """Return the state for which a text waits in a language, '' when it does not.

    Nothing waits where there is nothing to translate from. An unofficial Dutch text is a summary
    of the source, not a translation that somebody has to approve.
    """
    if not value.get(other_language(language)):
        return ""
    state = value.state(language)
    is_summary = state == STATE_UNOFFICIAL and language == SOURCE_LANGUAGE
    return "" if state == STATE_APPROVED or is_summary else state


def waiting_texts(access: "Access") -> list[WaitingText]:
    """Return all texts that wait for one of the user's translations, kind by kind."""
    return [
        WaitingText(source, row, name, language, state)
        for source in sources()
        for row in source.rows(access)
        for name in source.fields
        for language in LANGUAGES
        if (state := waits(text_of(row.record, name), language))
    ]


def translated_record(source: TextSource, access: "Access", uuid: UUID) -> Translated | None:
    """Return a record of a kind whose texts the user translates, or None."""
    return next((row for row in source.rows(access) if row.record.uuid == uuid), None)


def text_waiting(source: TextSource, of: Translated, field: str, language: str) -> WaitingText:
    """Return one text, whether it waits or not."""
    state = text_of(of.record, field).state(language) or STATE_MISSING
    return WaitingText(source, of, field, language, state)
