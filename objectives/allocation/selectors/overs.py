"""More than all of a line, and money or people that are allocated twice in the tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from objectives.allocation.choices import LineKind
from objectives.allocation.selectors.book import AllocationBook
from objectives.allocation.selectors.lines import LineUse, Pool
from personnel.choices import Statute


@dataclass(frozen=True, slots=True)
class Finding:
    """A pool of which too much is allocated; `other` is the line above that counts it again."""

    use: LineUse
    pool: Pool
    other: LineUse | None = None


def findings(book: AllocationBook) -> list[Finding]:
    """Return what is allocated above all of a line, and what is allocated twice. No query."""
    return [found for kind in LineKind for use in book.of(kind) for found in findings_of(use)]


def findings_of(use: LineUse) -> Iterator[Finding]:
    """Give what is too much of one line, by itself and with the lines above it."""
    for place, pool in enumerate(use.pools):
        if pool.allocated > 1:
            yield Finding(use, pool)
        if not pool.parts:
            continue
        if place and use.whole.parts:
            yield Finding(use, pool, use)
        for above in use.lines_above():
            if any(one.parts and overlap(one.statute, pool.statute) for one in above.pools):
                yield Finding(use, pool, above)


def overlap(one: str, other: str) -> bool:
    """Tell whether two pools of a branch hold the same money or people."""
    return one == other or Statute.ALL in (one, other)
