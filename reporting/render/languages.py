"""Language tags with a region, as a word processor and a browser ask for them."""

from typing import Final

# Words of Belgium; English has no Belgian form that spelling checkers know.
_TAGS: Final = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-BE", "en": "en-GB"}


def language_tag(language: str) -> str:
    """Return 'nl-BE' for 'nl'; a language without a region of ours as it is."""
    return _TAGS.get(language, language)
