"""Pages of a collection: {items, total, self, next, prev}."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ibzplan.core.api.links import Links
from ibzplan.core.api.query import PAGE_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, whole_number


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: `number` counts from 1."""

    number: int
    size: int

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Page":
        """Read `page` and `pageSize`. Raises InvalidInput."""
        return cls(
            whole_number(query, "page", default=1, low=1, high=PAGE_MAX),
            whole_number(query, "pageSize", default=PAGE_SIZE_DEFAULT, low=1, high=PAGE_SIZE_MAX),
        )

    @property
    def rows(self) -> slice:
        """Return the slice of the ordered rows."""
        first = (self.number - 1) * self.size
        return slice(first, first + self.size)

    def envelope(self, items: Sequence[Any], total: int, links: Links) -> dict[str, Any]:
        """Return the answer; past the end it has no items and `prev` is the last page."""
        last = max(1, -(-total // self.size))
        return {
            "items": items,
            "total": total,
            "self": links.here,
            "next": links.page(self.number + 1) if self.number < last else None,
            "prev": links.page(min(self.number - 1, last)) if self.number > 1 else None,
        }
