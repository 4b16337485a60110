"""What people write to each other: remarks, questions, answers."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.errors import DomainError

MAX_TEXT_CHARACTERS: Final = 4_000


def text_check(text: str) -> None:
    """Raise DomainError at `text` for an empty text or one that is too long."""
    if not text:
        raise DomainError("text_required", _("Write what you want to say."), "text")
    over = len(text) - MAX_TEXT_CHARACTERS
    if over > 0:
        raise DomainError(
            "text_too_long",
            ngettext(
                "This is %(n)s character too long: shorten it to 4000.",
                "This is %(n)s characters too long: shorten it to 4000.",
                over,
            )
            % {"n": over},
            "text",
        )
