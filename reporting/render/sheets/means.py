"""Sheets on credits and staffing, as the source prints them."""

from django.utils.translation import gettext as _

from budget.choices import CreditTable
from personnel.choices import StaffKind
from reporting.render.content.means import (
    STATUTES,
    budget_word,
    credit_rows,
    measure_word,
    staffing_rows,
)
from reporting.render.sheets.cells import (
    Column,
    Part,
    Sheet,
    Whole,
    choice,
    figure,
    name,
    on,
    said,
    title,
    unit_of,
)
from reporting.render.wording import FactReader


def credit_sheet(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the credits, a row a line of a table."""
    found = snapshot.get("means") or {"envelopes": (), "units": ()}
    return Sheet(
        "credits",
        _("Credits"),
        (
            Column(_("Year")),
            Column(_("Unit or minister")),
            Column(_("Code")),
            Column(_("Credit line"), "wide"),
            Column(_("Budget")),
            Column(_("Table"), "middle"),
            Column(_("VL (kEUR)")),
            Column(_("VE (kEUR)")),
            Column(_("Source line")),
            Column(_("Remark"), "wide"),
        ),
        tuple(
            (
                Whole(line.get("year", found["year"])),
                owner,
                name(line["code"]),
                title(line["title"]),
                said(budget_word(line["budget"])),
                choice(CreditTable, line["table"]),
                figure(facts, line["commitment"]),
                figure(facts, line["payment"]),
                Whole(line["sourceLine"]) if line["sourceLine"] else None,
                title(line["remark"]),
            )
            for owner, line in credit_rows(found, snapshot)
        ),
    )


def staffing_sheet(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the staffing, a row a unit, measure and date."""
    found = snapshot.get("means") or {"units": ()}
    return Sheet(
        "staffing",
        _("Staffing"),
        (
            Column(_("Unit")),
            Column(_("What")),
            Column(_("Actual or planned"), "middle"),
            Column(_("Date")),
            *(Column(str(statute.label)) for statute in STATUTES),
            Column(_("Unit of measurement")),
            Column(_("Source lines")),
            Column(_("Remark"), "wide"),
        ),
        tuple(
            (
                name(unit["unit"]),
                said(measure_word(row)),
                choice(StaffKind, row["kind"]),
                on(row["on"]),
                *(figure(facts, row[one]) for one in STATUTES),
                unit_of(snapshot["facts"], next(row[one] for one in STATUTES if row[one])),
                name(", ".join(str(line) for line in row["sourceLines"])),
                title(row["remark"]),
            )
            for unit, row in staffing_rows(found)
        ),
    )
