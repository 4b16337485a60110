"""Pages of a collection: {items, total, self, next, prev}."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from ibzplan.core.api.keyset import AFTER
from ibzplan.core.api.links import Links
from ibzplan.core.api.problems import NOT_TOGETHER
from ibzplan.core.api.query import (
    PAGE_MAX,
    PAGE_SIZE_DEFAULT,
    invalid,
    whole_number,
)

Rows = TypeVar("Rows")


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: `number` counts from 1; or so many rows behind the position `after`."""

    number: int
    size: int
    after: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], size_max: int) -> "Page":
        """Read `page`, `pageSize` (up to `size_max`) and `after`. Raises InvalidInput."""
        if AFTER in query and "page" in query:
            detail = _("Give “page” or “after”, not both: “after” says where the page begins.")
            raise invalid("page", query["page"], detail, NOT_TOGETHER)
        return cls(
            whole_number(query, "page", default=1, low=1, high=PAGE_MAX),
            whole_number(query, "pageSize", default=PAGE_SIZE_DEFAULT, low=1, high=size_max),
            query.get(AFTER),
        )

    @property
    def rows(self) -> slice:
        """Return the slice of the ordered rows."""
        first = (self.number - 1) * self.size
        return slice(first, first + self.size)


@dataclass(frozen=True, slots=True)
class Found(Generic[Rows]):
    """The rows of one page, or what was made of them, and where it lies in the list.

    `number` is that of the page, `total` the rows of the whole list. `following` says where the
    next page begins, None when nothing follows: behind a position, or with a page's number.
    """

    rows: Rows
    total: int
    number: int
    following: str | int | None

    @classmethod
    def counted(cls, rows: Rows, total: int, page: Page) -> "Found[Rows]":
        """Return a page of a list that only counts its pages."""
        more = page.number * page.size < total
        return cls(rows, total, page.number, page.number + 1 if more else None)

    def envelope(self, items: object, size: int, links: Links) -> dict[str, Any]:
        """Return the answer; past the end it has no items and `prev` is the last page."""
        last = max(1, -(-self.total // size))
        return {
            "items": items,
            "total": self.total,
            "self": links.here,
            "next": None if self.following is None else links.following(self.following),
            "prev": links.page(min(self.number - 1, last)) if self.number > 1 else None,
        }
