"""One line of the budget, and what was entered for it."""

from typing import TYPE_CHECKING

from budget.choices import CreditTable
from budget.models import CreditAmount, CreditLine
from budget.selectors.book import CreditBook, Standing, standing_place

if TYPE_CHECKING:
    from collections.abc import Mapping


def line_known(book: CreditBook, code: str) -> CreditLine | None:
    """Return a line as it stood in the book, None for a code that was not there then."""
    return book.line(code)


def amount_entered(line: CreditLine, year: int, budget: str) -> CreditAmount | None:
    """Return what is entered now for a line in a version of a year's budget."""
    found: CreditAmount | None = (
        CreditAmount.objects.current()
        .filter(line=line, year=year, budget=budget, table=CreditTable.ENTERED)
        .first()
    )
    return found


def standing_now(line: CreditLine, year: int, budget: str) -> Standing | None:
    """Return what stands now for a line in that version itself: no other takes its place."""
    rows = CreditAmount.objects.current().filter(line=line, year=year, budget=budget)
    found = sorted(rows, key=standing_place)
    return Standing(found[0]) if found else None


def may_stand_above(line: CreditLine | None, parent: CreditLine) -> bool:
    """Tell whether a line may hang below `parent`: not below itself. One query."""
    if line is None:
        return True
    above: Mapping[int, int | None] = dict(CreditLine.objects.values_list("pk", "parent_id"))
    place: int | None = parent.pk
    while place is not None:
        if place == line.pk:
            return False
        place = above.get(place)
    return True
