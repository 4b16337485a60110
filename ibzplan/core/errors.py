"""The one error type that services raise, and its two special cases."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule was broken: `code` for machines, `message` for the user, `field` where it belongs.

    Views turn it into a form error, the API into problem+json.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        """Keep the three parts; `message` is already in the user's language."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """The actor may see the thing but not do this to it (403)."""


class EditConflict(DomainError):
    """Someone else saved first (412 in the API, side by side on the page).

    `theirs` maps each field that the caller wanted to change to the value stored now.
    """

    def __init__(self, message: str, theirs: Mapping[str, Any]) -> None:
        """Keep the other writer's values for the side-by-side view."""
        super().__init__("edit_conflict", message)
        self.theirs = theirs
