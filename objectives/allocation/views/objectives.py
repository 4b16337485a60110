"""What objectives cost and how many people they count on, by werf, objective and minister."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.money import keur
from ibzplan.core.asked import clocks_asked
from ibzplan.core.exports import About, Column, ExportTable, Kind, export_response
from objectives.allocation.means_texts import per_fte_text, perimeter_text
from objectives.allocation.selectors import (
    CostPerFte,
    Group,
    Means,
    allocation_book,
    by_minister,
    by_strategic_objective,
    by_werf,
    cost_per_fte,
    means_of,
    with_means,
)
from objectives.allocation.views.asked import trail, year_asked
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.plan_years import years_latest_first
from personnel.access import access_of
from personnel.choices import StaffMeasure
from personnel.staffing.amounts import people


@require_safe
def objective_list(request: HttpRequest) -> HttpResponse:
    """Show cost and FTE of each objective and rolled up, each figure with its perimeter."""
    clocks = clocks_asked(request)
    year = year_asked(request, clocks)
    book = allocation_book(year, clocks, access_of(request.user))
    found = with_means(book)
    rows = [(row, means_of(book, [row])) for row in found]
    rolls = [
        ("ministers", _("By minister"), by_minister(book)),
        ("strategic", _("By strategic objective"), by_strategic_objective(book)),
        ("werven", _("By werf"), by_werf(book)),
    ]
    is_demo = any(row.is_demo for row in found)
    file = export_response(
        request,
        lambda: [
            _table("objectives", _("By operational objective"), [_objective(*one) for one in rows]),
            *(
                _table(name, title, [_group(one) for one in groups])
                for name, title, groups in rolls
            ),
        ],
        file_name=_("means"),
        about=About(
            _("Means of the objectives %(year)s") % {"year": year},
            clocks,
            plan_year=year,
            is_demo=is_demo,
        ),
    )
    return file or render(
        request,
        "allocation/objectives.html",
        {
            "rows": rows,
            "rolls": rolls,
            "whole": means_of(book, found),
            "year": year,
            "years": years_latest_first() or [year],
            "without_count": len(book.objectives) - len(found),
            "clocks": clocks,
            "export_tables": [
                ("objectives", _("By operational objective")),
                *((name, title) for name, title, _groups in rolls),
            ],
            "demo_mark": is_demo,
            "breadcrumb": trail(year, (_("Means of the objectives"), "")),
        },
    )


def _table(name: str, title: str, rows: Sequence[Sequence[Any]]) -> ExportTable:
    return ExportTable(
        name,
        title,
        [
            Column("code", _("Code")),
            Column("title", _("Name")),
            Column("unit", _("Unit")),
            Column("objectives", _("Objectives"), Kind.INTEGER),
            Column("commitment", _("VL (kEUR)"), Kind.DECIMAL),
            Column("payment", _("VE (kEUR)"), Kind.DECIMAL),
            Column("creditPerimeter", _("Perimeter of the credits")),
            Column("fte", _("FTE"), Kind.DECIMAL),
            Column("ftePerimeter", _("Perimeter of the FTE")),
            Column("perFte", _("Cost per FTE")),
        ],
        rows,
    )


def _objective(row: OperationalObjective, means: Means) -> list[Any]:
    return [row.code, row.title, row.unit.code, 1, *_cells(means)]


def _group(group: Group) -> list[Any]:
    if group.of is not None:
        named: list[Any] = [group.of.code, group.of.title]
    else:
        named = [None, group_label(group)]
    return [*named, None, len(group.objectives), *_cells(group.means)]


def group_label(group: Group) -> str:
    """Return what a group without a name of its own is."""
    return _("Common to several ministers") if group.is_common else _("Of no minister")


def _cells(means: Means) -> list[Any]:
    money, staff, cost = means.credits, means.staff, cost_per_fte(means)
    amounts = [keur(one) for one in money.amounts] if money and money.amounts else [None, None]
    return [
        *amounts,
        perimeter_text(money) if money else None,
        people(StaffMeasure.FTE, staff.amounts[0]) if staff and staff.amounts else None,
        perimeter_text(staff) if staff else None,
        per_fte_text(cost) if isinstance(cost, CostPerFte) else cost,
    ]
