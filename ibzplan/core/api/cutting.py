"""Cutting one page out of a sorted list, by its number or behind a position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from ibzplan.core.api.keyset import Keyset, Position
from ibzplan.core.api.pagination import Found, Page

Kept = TypeVar("Kept")
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Cut:
    """The rows of one page and one more, which tells that another page follows."""

    rows: QuerySet[Any]
    keyset: Keyset
    size: int
    number: int
    total: int
    context: str

    @classmethod
    def of(cls, rows: QuerySet[Any], keyset: Keyset, page: Page, context: str) -> "Cut":
        """Cut the page out of unsorted rows. Raises InvalidInput.

        The rows are counted: one query. Behind a position they were counted at first, and one
        query finds its row.
        """
        if page.after is None:
            number, total = page.number, rows.count()
            ordered = keyset.sort(rows)[page.rows.start :]
        else:
            place = Position.read(page.after, context)
            number, total = place.number, place.total
            ordered = keyset.sort(rows, after=place)
        return cls(ordered[: page.size + 1], keyset, page.size, number, total, context)

    def found(
        self,
        rows: Sequence[Kept],
        given: Callable[[Sequence[Kept]], Given],
        last: Callable[[Kept], Any] = lambda row: row,
    ) -> Found[Given]:
        """Return the page of the rows read, as `given` makes them.

        `last` gives the attributes of a row that its position is made of.
        """
        kept = rows[: self.size]
        following = None
        if len(rows) > self.size:
            row = last(kept[-1])
            behind = self.keyset.behind(row, number=self.number + 1, total=self.total)
            following = behind.signed(self.context)
        return Found(given(kept), self.total, self.number, following)
