"""The tables of the means as they go into a file."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.means_texts import year_text
from budget.money import keur
from budget.selectors import CreditMeans, Figure, PeopleMeans, YearMeans
from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from personnel.staffing.amounts import people

if TYPE_CHECKING:
    from budget.views.means import LineRow

CATEGORIES: Final = "categories"
LINES: Final = "lines"
PEOPLE: Final = "staffing"
YEARS: Final = "years"
TABLE_NAMES: Final = {
    CATEGORIES: gettext_lazy("By category"),
    LINES: gettext_lazy("By line"),
    PEOPLE: gettext_lazy("Staffing"),
    YEARS: gettext_lazy("Over the years"),
}


def _money_columns() -> list[Column]:
    return [
        Column("commitment", _("VL (kEUR)"), Kind.DECIMAL),
        Column("payment", _("VE (kEUR)"), Kind.DECIMAL),
    ]


def _money(figure: Figure | None) -> list[Cell]:
    return [keur(figure.commitment_cents), keur(figure.payment_cents)] if figure else [None, None]


def categories_table(means: CreditMeans) -> ExportTable:
    """Return the credits by category, what of them is own and hosted, and the whole."""
    rows: list[tuple[str, Figure | None]] = [
        *((str(one.category.label), one.figure) for one in means.categories),
        *([(_("In no category"), means.rest)] if means.rest else []),
        (_("For the missions of the department"), means.own),
        (_("Hosted: others decide"), means.hosted),
        (_("Total"), means.whole),
    ]
    return ExportTable(
        CATEGORIES,
        TABLE_NAMES[CATEGORIES],
        [Column("category", _("Category")), *_money_columns()],
        [[label, *_money(figure)] for label, figure in rows],
    )


def lines_table(rows: "Iterable[LineRow]") -> ExportTable:
    """Return the lines below the one that the page opened."""
    return ExportTable(
        LINES,
        TABLE_NAMES[LINES],
        [
            Column("code", _("Code")),
            Column("line", _("Line")),
            *_money_columns(),
            Column("origin", _("Figure")),
        ],
        [
            [row.node.line.code, row.node.line.title, *_money(row.figure), row.origin]
            for row in rows
        ],
    )


def people_table(found: Iterable[PeopleMeans]) -> ExportTable:
    """Return a row for each measure and statute, then one for all of them."""
    rows: list[Sequence[Cell]] = []
    for one in found:

        def cell(amount: int | None, measure: str = one.measure) -> Cell:
            return None if amount is None else people(measure, amount)

        rows.extend(
            [
                *(one.measure.label, part.label, one.on, cell(present)),
                *(str(one.planned_year), cell(planned), None, None),
            ]
            for part, present, planned in one.parts
        )
        flow = one.flow
        rows.append(
            [
                one.measure.label,
                _("All statutes"),
                one.on,
                cell(one.present),
                str(one.planned_year),
                cell(one.planned),
                cell(flow.inflow if flow else None),
                cell(flow.outflow if flow else None),
            ]
        )
    columns = [
        Column("measure", _("Counted in")),
        Column("statute", _("Statute")),
        Column("on", _("Present on"), Kind.DATE),
        Column("present", _("Present"), Kind.DECIMAL),
        Column("plannedYear", _("Plan of")),
        Column("planned", _("Planned"), Kind.DECIMAL),
        Column("inflow", _("Inflow"), Kind.DECIMAL),
        Column("outflow", _("Outflow"), Kind.DECIMAL),
    ]
    return ExportTable(PEOPLE, TABLE_NAMES[PEOPLE], columns, rows)


def years_table(years: Iterable[YearMeans]) -> ExportTable:
    """Return a row a year; one that was not entered has no amounts."""
    return ExportTable(
        YEARS,
        TABLE_NAMES[YEARS],
        [Column("year", _("Year")), *_money_columns(), Column("origin", _("Figure"))],
        [[str(one.year), *_money(one.figure), year_text(one)] for one in years],
    )
