"""What the page of an objective shows of the allocation, beside the words about its means."""

from typing import Any

from ibzplan.core.clocks import Clocks
from objectives.allocation.choices import LineKind
from objectives.allocation.selectors import AllocationBook, allocation_book, means_of
from objectives.allocation.services import may_allocate, may_change_now
from objectives.planning import means_panels
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import Werf
from personnel.access import Access


def register_all() -> None:
    """Put credits and FTE into the panel on means."""
    means_panels.register(
        means_panels.MeansPart(
            "allocation/includes/objective.html",
            _content,
            "allocation/includes/werf.html",
            _werf_content,
        )
    )


def _content(objective: OperationalObjective, clocks: Clocks, access: Access) -> dict[str, Any]:
    """Return the means of an objective, with the shares that they are made of."""
    book = allocation_book(objective.plan.year, clocks, access)
    rows = [(use, pool, part) for use, pool, part in book.parts.get(objective.pk, ())]
    may_change = may_change_now(access, objective) and not clocks.pinned_known
    offered = _own(book, objective, access) if may_change else []
    return {
        "means": means_of(book, [objective]),
        "rows": rows,
        "year": book.year,
        "clocks": clocks,
        "may_allocate": bool(offered),
        "unit": objective.unit,
    }


def _werf_content(werf: Werf, year: int, clocks: Clocks, access: Access) -> dict[str, Any]:
    """Return the means of the objectives of a werf in a plan year, each once."""
    book = allocation_book(year, clocks, access)
    found = [row for row in book.objectives.values() if row.werf_id == werf.pk]
    counted = [row for row in found if row.pk in book.parts]
    return {
        "means": means_of(book, counted),
        "count": len(counted),
        "without": len(found) - len(counted),
        "year": year,
        "clocks": clocks,
    }


def _own(book: AllocationBook, objective: OperationalObjective, access: Access) -> list[str]:
    """Return the codes of the lines of which the reader may allocate to the objective."""
    return [
        use.line.code
        for kind in LineKind
        for use in book.of(kind)
        if may_allocate(access, use.unit, objective)
    ]
