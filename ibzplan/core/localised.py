"""Localised text: one value per language, with a translation state for each (design.md 4.13)."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

STATE_MISSING: Final = "missing"
STATE_OUTDATED: Final = "outdated"
STATE_UNOFFICIAL: Final = "unofficial"
STATE_APPROVED: Final = "approved"

_STATES_KEY: Final = "states"


def fold(text: str) -> str:
    """Return `text` without case and accents, for search keys: 'Één' gives 'een'."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def joined(parts: Iterable[str]) -> str:
    """Return what is said, without what is empty, in one line; French has a space before its ;."""
    told = [part for part in parts if part]
    if not told:
        return ""
    return reduce(lambda one, other: _("%(one)s; %(other)s") % {"one": one, "other": other}, told)


class LocalisedText(dict[str, str]):
    """A text per language code, e.g. {"nl": "Kaderen", "fr": "Encadrer"}, plus its states.

    A language without an entry is missing. `states` names the languages whose text is
    outdated or unofficial; any other text present is approved.
    """

    def __init__(
        self, texts: Mapping[str, str] | None = None, states: Mapping[str, str] | None = None
    ) -> None:
        """Drop empty texts, so that 'missing' has one form only.

        The languages stand in a fixed order: PostgreSQL's jsonb does not keep that of a mapping.
        """
        super().__init__()
        self.states: dict[str, str] = {}
        if not texts:
            return
        given = {k: v.strip() for k, v in texts.items() if v and v.strip()}
        fixed = [code for code in settings.CONTENT_LANGUAGES if code in given]
        self.update({k: given[k] for k in [*fixed, *sorted(given.keys() - set(fixed))]})
        self.states = {k: v for k, v in (states or {}).items() if k in self}

    def state(self, language: str) -> str:
        """Return missing, outdated, unofficial or approved for one language."""
        if language not in self:
            return STATE_MISSING
        return self.states.get(language, STATE_APPROVED)

    def best(self, language: str | None = None) -> tuple[str, str]:
        """Return (text, its language): the one asked for, else the first that exists."""
        wanted = language or get_language() or settings.LANGUAGE_CODE
        for candidate in (wanted, *settings.CONTENT_LANGUAGES):
            if candidate in self:
                return self[candidate], candidate
        return "", wanted

    def edited(self, texts: Mapping[str, str]) -> "LocalisedText":
        """Return the value after a user's edit: languages left as they were become outdated."""
        changed = {code for code, text in texts.items() if text.strip() != self.get(code, "")}
        states = {code: state for code, state in self.states.items() if code not in changed}
        if changed:
            states.update({code: STATE_OUTDATED for code in self if code not in changed})
        return LocalisedText({**self, **texts}, states)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form: the texts, and the states under their own key when any."""
        return {**self, _STATES_KEY: self.states} if self.states else dict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "LocalisedText":
        """Read the stored form back."""
        if isinstance(value, LocalisedText):
            return value
        data = dict(value or {})
        states = data.pop(_STATES_KEY, {})
        return cls(data, states)

    def __str__(self) -> str:
        """Return the text in the active language, or the best there is."""
        return self.best()[0]

    def search_key(self) -> str:
        """Return all languages folded in one string, for a search column."""
        return fold(" ".join(self.values()))


class LocalisedField(models.JSONField):
    """A JSON column whose Python value is a LocalisedText."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Default to an empty text."""
        kwargs.setdefault("default", LocalisedText)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalisedText:
        """Turn the stored JSON into a LocalisedText."""
        return LocalisedText.from_json(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Any:
        """Accept a mapping or a LocalisedText."""
        return LocalisedText.from_json(value) if isinstance(value, Mapping) else value

    def get_prep_value(self, value: Any) -> Any:
        """Store texts and states together."""
        if isinstance(value, Mapping):
            value = LocalisedText.from_json(value).as_json()
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Store texts and states together (JSONField prepares here, not in get_prep_value)."""
        if isinstance(value, Mapping):
            value = LocalisedText.from_json(value).as_json()
        return super().get_db_prep_value(value, connection, prepared)
