"""Records that a body names by their id or their official code."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from ibzplan.core.api.json_body import fault
from ibzplan.core.api.problems import InvalidInput, Issue

Found = TypeVar("Found", bound=Model)

NOT_FOUND: Final = "urn:problem-type:belgif:input-validation:referencedResourceNotFound"


def uuid_of(text: str) -> UUID | None:
    """Return the UUID that a text writes out, or None: then it is a code."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


class References:
    """Looks up what a body names; what is not there, or not for the caller, is told at once."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        """Keep the body."""
        self.body = body
        self.issues: list[Issue] = []

    def one(self, member: str, rows: QuerySet[Found]) -> Found | None:
        """Return the record among `rows` that a member names; None when it names none."""
        text = self.body.get(member)
        return None if text is None else self._named(text, member, rows)

    def needed(self, member: str, rows: QuerySet[Found]) -> Found:
        """Return the record that a member names that every body has. Raises InvalidInput."""
        found = self.one(member, rows)
        if found is None:
            raise InvalidInput(self.issues)
        return found

    def many(self, member: str, rows: QuerySet[Found]) -> list[Found] | None:
        """Return the records that a list names, in its order; None when the list is not given."""
        texts = self.body.get(member)
        if texts is None:
            return [] if member in self.body else None
        found = [self._named(text, f"{member}[{n}]", rows) for n, text in enumerate(texts)]
        return [row for row in found if row is not None]

    def missing(self, path: str, detail: str) -> None:
        """Note that what a member names is not there."""
        self.issues.append(fault(path, self.body.get(path), detail, NOT_FOUND))

    def refuse(self) -> None:
        """Raise InvalidInput when anything that was looked up is not there."""
        if self.issues:
            raise InvalidInput(self.issues)

    def _named(self, text: str, path: str, rows: QuerySet[Found]) -> Found | None:
        uuid = uuid_of(text)
        named = rows.filter(uuid=uuid) if uuid else rows.filter(code=text)
        found = list(named[:2])
        if len(found) == 1:
            return found[0]
        detail = (
            _("There are several “%(value)s”: give the id of one.")
            if found
            else _("There is no “%(value)s” here that you can name.")
        )
        self.issues.append(fault(path, text, detail % {"value": text}, NOT_FOUND))
        return None
