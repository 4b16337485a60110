"""What a client carries for us and gives back as it was: opaque, signed, good for one question.

The place of a page in a list and that in a change feed travel so: the server keeps nothing, and
nobody makes up a place, or takes one over to what was asked otherwise or by someone else.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.core.signing import BadSignature, Signer

_CONTEXT_CHARACTERS: Final = 16


class NotOurs(ValueError):
    """It was not given by us, or in a form that is of the past."""


class OfAnotherQuestion(ValueError):
    """It was given to someone else, or where something else was asked."""


def context_of(
    name: str, query: Mapping[str, str], caller: object, *, shown_by: Collection[str]
) -> str:
    """Return what a place belongs to: a collection, what is asked of it, and who asks.

    `shown_by` are the parameters that only say how an answer is shown or cut.
    """
    asked = sorted((key, value) for key, value in query.items() if key not in shown_by)
    text = json.dumps([name, asked, str(caller)])
    return hashlib.sha256(text.encode()).hexdigest()[:_CONTEXT_CHARACTERS]


class Signed:
    """One kind of such a text; its parts are what JSON can hold."""

    def __init__(self, kind: str, *, version: int = 1) -> None:
        """Take the kind, so that none passes for another, and the version of its form."""
        self._signer = Signer(sep=".", salt=f"ibzplan.api.{kind}")
        self._version = version

    def write(self, context: str, *parts: Any) -> str:
        """Return the parts as text that may stand in an address."""
        return self._signer.sign_object([self._version, context, *parts], compress=True)

    def read(self, text: str, context: str) -> list[Any]:
        """Return the parts of what `write` gave. Raises NotOurs or OfAnotherQuestion."""
        try:
            version, given, *parts = self._signer.unsign_object(text)
        except (BadSignature, ValueError, TypeError) as error:
            raise NotOurs from error
        if version != self._version:
            raise NotOurs
        if given != context:
            raise OfAnotherQuestion
        return list(parts)
