"""Sheets on credits and staffing, as the source prints them."""

from django.utils.translation import gettext as _

from budget.choices import CreditTable
from budget.reconciliation_texts import column_text, sheet_text
from personnel.choices import StaffKind
from reporting.render.content.means import (
    STATUTES,
    budget_word,
    credit_rows,
    measure_word,
    staffing_rows,
)
from reporting.render.content.reconciled import class_word, table_word, why_word
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


def reconciliation_sheet(snapshot: Part, facts: FactReader) -> Sheet:
    """Return where the printed means disagree with what they add up to, the worst first."""
    found = (snapshot.get("means") or {}).get("reconciliation") or {"lines": ()}
    return Sheet(
        "reconciliation",
        _("Printed and recomputed"),
        (
            Column(_("Class")),
            Column(_("Table"), "middle"),
            Column(_("Budget or day"), "middle"),
            Column(_("Code")),
            Column(_("Line"), "wide"),
            Column(_("Column"), "middle"),
            Column(_("Printed")),
            Column(_("Recomputed")),
            Column(_("Difference")),
            Column(_("Unit of measurement")),
            Column(_("What was compared"), "wide"),
            Column(_("Source line")),
        ),
        tuple(
            (
                said(class_word(line)),
                said(table_word(line)),
                name(sheet_text(line["sheet"])),
                name(line["code"]),
                title(line["title"]),
                said(column_text(line["column"])),
                figure(facts, line["printed"]),
                figure(facts, line["recomputed"]),
                figure(facts, line["difference"]),
                unit_of(snapshot["facts"], line["printed"]),
                said(why_word(line)),
                Whole(line["sourceLine"]) if line["sourceLine"] else None,
            )
            for line in found["lines"]
        ),
    )
