"""The lines of a year, with what of each is allocated and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.money import keur
from ibzplan.core.asked import clocks_asked, minister_asked, unit_asked
from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, Column, ExportTable, Kind, export_response
from objectives.allocation.choices import LineKind
from objectives.allocation.means_texts import basis_text
from objectives.allocation.selectors import (
    AllocationBook,
    Amounts,
    LineUse,
    allocation_book,
    findings,
    with_means,
)
from objectives.allocation.selectors.lines import added
from objectives.allocation.services import refuses
from objectives.allocation.views.asked import year_asked
from objectives.planning.selectors.plan_years import years_latest_first
from personnel.access import access_of, minister_unit_ids
from personnel.choices import StaffMeasure
from personnel.models import OrganisationUnit, SupervisingMinister
from personnel.staffing.amounts import people
from personnel.structure import all_ministers


@dataclass(frozen=True, slots=True)
class Tree:
    """The lines of one tree that are asked for, and what all of it comes to."""

    kind: LineKind
    lines: Sequence[LineUse]
    whole: Amounts | None
    taken: Amounts | None
    left: Amounts | None


@require_safe
def line_list(request: HttpRequest) -> HttpResponse:
    """Show the lines with the share allocated, left and over; of a unit or minister if asked."""
    clocks = clocks_asked(request)
    year = year_asked(request, clocks)
    book = allocation_book(year, clocks, access_of(request.user))
    units = _units(book)
    unit = unit_asked(request, units)
    minister = minister_asked(request, all_ministers())
    trees = [_tree(book, kind, unit, minister, clocks) for kind in LineKind]
    filters = [
        *([(_("Unit"), unit.code)] if unit else []),
        *([(_("Minister"), str(minister.short_title))] if minister else []),
    ]
    is_demo = any(
        part.allocation.is_demo for tree in trees for use in tree.lines for part in use.parts
    )
    file = export_response(
        request,
        lambda: [_table(tree) for tree in trees],
        file_name=_("allocation"),
        about=About(
            _("Allocation %(year)s") % {"year": year},
            clocks,
            plan_year=year,
            filters=filters,
            is_demo=is_demo,
        ),
    )
    return file or render(
        request,
        "allocation/lines.html",
        {
            "trees": trees,
            "year": year,
            "years": years_latest_first() or [year],
            "budget": book.budget,
            "units": units,
            "unit": unit,
            "ministers": all_ministers(),
            "minister": minister,
            "findings": findings(book),
            "refuses": refuses(),
            "objective_count": len(book.objectives),
            "with_count": len(with_means(book)),
            "clocks": clocks,
            "export_tables": [(kind.value, kind.label) for kind in LineKind],
            "demo_mark": is_demo,
        },
    )


def _units(book: AllocationBook) -> list[OrganisationUnit]:
    """Return the units that lines are of."""
    found = {use.unit.pk: use.unit for kind in LineKind for use in book.of(kind) if use.unit}
    return sorted(found.values(), key=lambda one: (one.order, one.code))


def _tree(
    book: AllocationBook,
    kind: LineKind,
    unit: OrganisationUnit | None,
    minister: SupervisingMinister | None,
    clocks: Clocks,
) -> Tree:
    lines = list(book.of(kind))
    if unit:
        lines = [use for use in lines if use.unit and use.unit.pk == unit.pk]
    if minister:
        known_at = clocks.moment_asked
        served = minister_unit_ids({minister.pk}, on=clocks.reference_date, known_at=known_at)
        lines = [use for use in lines if _is_of(use, minister, served)]
    shown = {use.line.pk for use in lines}
    tops = [use for use in lines if not any(one.line.pk in shown for one in use.lines_above())]
    return Tree(
        kind,
        lines,
        added([use.whole.amounts for use in tops]),
        added([use.taken for use in tops]),
        added([use.left for use in tops]),
    )


def _is_of(use: LineUse, minister: SupervisingMinister, served: frozenset[int]) -> bool:
    """Tell whether a line is a minister's: by its own word, else by its unit."""
    if use.minister is not None:
        return use.minister.pk == minister.pk
    return use.unit is not None and use.unit.pk in served


def _table(tree: Tree) -> ExportTable:
    names = (
        (("commitment", _("VL (kEUR)")), ("payment", _("VE (kEUR)")))
        if tree.kind == LineKind.CREDITS
        else (("fte", _("FTE")),)
    )
    left = _("%(amount)s left")
    return ExportTable(
        tree.kind.value,
        tree.kind.label,
        [
            Column("code", _("Code")),
            Column("line", _("Line")),
            Column("unit", _("Unit")),
            Column("minister", _("Minister")),
            Column("basis", _("Figure")),
            *(Column(key, label, Kind.DECIMAL) for key, label in names),
            Column("shareAllocated", _("Share allocated"), Kind.PERCENT),
            *(Column(f"{key}Left", left % {"amount": label}, Kind.DECIMAL) for key, label in names),
            Column("objectives", _("Objectives"), Kind.INTEGER),
        ],
        [_cells(use, len(names)) for use in tree.lines],
    )


def _cells(use: LineUse, columns: int) -> list[Any]:
    return [
        use.line.code,
        use.line.title,
        use.unit.code if use.unit else None,
        use.minister.code if use.minister else None,
        basis_text(use.whole.basis),
        *_numbers(use.kind, use.whole.amounts, columns),
        use.taken_share,
        *_numbers(use.kind, use.left, columns),
        len(use.parts),
    ]


def _numbers(kind: LineKind, amounts: Amounts | None, columns: int) -> list[Any]:
    if amounts is None:
        return [None] * columns
    if kind == LineKind.CREDITS:
        return [keur(one) for one in amounts]
    return [people(StaffMeasure.FTE, one) for one in amounts]
