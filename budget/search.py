"""What the search finds among the means: lines of the budget and of the staffing tables."""

from collections.abc import Iterable
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from budget.models import CreditLine
from budget.selectors import credit_book
from ibzplan.core.clocks import Clocks
from ibzplan.core.search import Hit, SearchQuery, SearchSource, register
from ibzplan.core.search.matching import holds_all
from personnel.models import OrganisationUnit, StaffingLine
from personnel.staffing import staffing_read

LineT = TypeVar("LineT", CreditLine, StaffingLine)


def _found(query: SearchQuery, lines: Iterable[LineT]) -> list[LineT]:
    """Return the lines that hold every word in code, title, remark or unit."""
    return [line for line in lines if holds_all(query.words, _spoken(line))]


def _spoken(line: CreditLine | StaffingLine) -> str:
    unit: OrganisationUnit | None = line.unit
    return " ".join(
        [
            line.code,
            *line.title.values(),
            *line.remark.values(),
            *([unit.code, *unit.title.values()] if unit else []),
        ]
    )


def _credit_lines(query: SearchQuery) -> list[CreditLine]:
    return _found(query, credit_book(Clocks.now()).lines)


def _credit_hit(line: CreditLine) -> Hit:
    url = reverse("budget:credit_line", args=[line.code])
    return Hit(line.title, url, line.code, line.remark, line, line.unit.code if line.unit else "")


def _staffing_lines(query: SearchQuery) -> list[StaffingLine]:
    return _found(query, (line for line, _depth in staffing_read(Clocks.now()).lines))


def _staffing_hit(line: StaffingLine) -> Hit:
    url = reverse("personnel:staffing_line", args=[line.code])
    return Hit(line.title, url, line.code, line.remark, line, line.unit.code if line.unit else "")


def register_all() -> None:
    """Register both kinds, after the units and ministers."""
    register(SearchSource("credits", 212, _("Credit lines"), _credit_lines, _credit_hit))
    register(SearchSource("staffing", 214, _("Staffing lines"), _staffing_lines, _staffing_hit))
