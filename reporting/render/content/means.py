"""What the units concerned can spend and who works there, as the strategic plan prints it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from budget.choices import BudgetVersion, CreditTable
from personnel.choices import StaffKind, StaffMeasure, Statute
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Name,
    Paragraph,
    Table,
    Words,
)
from reporting.render.content.reconciled import reconciled_blocks
from reporting.render.sentences import sentence
from reporting.render.wording import NONE, FactReader, dated, lines_of, plan_text

Part = Mapping[str, Any]

_KEUR_MM: Final = 24
_PEOPLE_MM: Final = 21
_SOURCE_MM: Final = 22
# The sections of the strategic plan in which the tables stand.
_SECTIONS: Final = {CreditTable.GLOBAL: "5.2.1", CreditTable.MISSIONS: "5.2.2"}
STATUTES: Final = (Statute.MANDATE, Statute.STATUTORY, Statute.CONTRACTUAL, Statute.ALL)


def means_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the credits, then the staffing of the units; nothing for an earlier snapshot."""
    found = snapshot.get("means")
    if found is None or not (found["envelopes"] or found["units"]):
        return []
    return [
        Heading(1, (Words(_("Credits and staffing")),), "means"),
        *_credits(found, snapshot, facts),
        *_staffing(found, facts),
        *reconciled_blocks(found, facts),
    ]


def _credits(found: Part, snapshot: Part, facts: FactReader) -> Iterator[Block]:
    rows = list(credit_rows(found, snapshot))
    if not rows:
        return
    year = Name(str(found["year"]))
    yield Heading(2, sentence(_("Credits %(year)s"), year=year), "means.credits")
    perimeter = _(
        "As printed in chapter 5 of the strategic plan or entered since, in kEUR: commitment "
        "credits (VL) and payment credits (VE). Only lines of which the source says whose they "
        "are stand with a unit or a minister, each as it stands: some are part of others, so they "
        "are not to be added up."
    )
    yield Paragraph((Name(perimeter),), "means.credits.perimeter", look="small")
    yield Table(
        title=_("Credits of the units concerned"),
        columns=(
            Column(_("Unit or minister"), width_mm=24),
            Column(_("Credit line")),
            Column(_("VL (kEUR)"), width_mm=_KEUR_MM, align="right"),
            Column(_("VE (kEUR)"), width_mm=_KEUR_MM, align="right"),
            Column(_("Source"), width_mm=_SOURCE_MM),
        ),
        rows=tuple(_credit(owner, line, facts, found["year"]) for owner, line in rows),
        anchor="means.credits.table",
    )
    without = [row["unit"] for row in found["units"] if row["credits"] is None]
    if without:
        none = _("The source gives no credits of their own to: %(units)s.")
        names = Name(", ".join(without))
        yield Paragraph(sentence(none, units=names), "means.credits.none", look="small")


def credit_rows(found: Part, snapshot: Part) -> Iterator[tuple[Inline, Part]]:
    """Give whose a credit line is, with the line: first what the minister's units share."""
    minister = plan_text(snapshot["minister"]["shortTitle"])
    for line in found["envelopes"]:
        yield minister, line
    for row in found["units"]:
        for line in (row["credits"] or {"lines": ()})["lines"]:
            yield Name(row["unit"]), line


def _credit(owner: Inline, line: Part, facts: FactReader, year: int) -> tuple[Cell, ...]:
    """Return a row; its own year stands with it where it is not that of the table."""
    own = line.get("year", year)
    return (
        Cell(((owner,),)),
        Cell(
            lines_of(
                plan_text(line["title"]),
                Words(budget_word(line["budget"]), style="small"),
                Name(str(own) if own != year else "", style="small"),
                plan_text(line["remark"], style="small"),
            )
        ),
        Cell(((facts.figure(line["commitment"], with_unit=False),),)),
        Cell(((facts.figure(line["payment"], with_unit=False),),)),
        Cell(lines_of(*_credit_source(line))),
    )


def budget_word(version: str) -> str:
    """Return which budget an amount is of."""
    return str(BudgetVersion(version).label)


def _credit_source(line: Part) -> list[Name]:
    section = _SECTIONS.get(CreditTable(line["table"]), "")
    if line["sourceLine"] is None:
        return [Name(_("entered here"))]
    return [Name(section), Name(source_text([line["sourceLine"]]), style="small")]


def source_text(lines: Sequence[int]) -> str:
    """Return the lines of the source text in which figures are printed; a dash for none."""
    if not lines:
        return NONE
    template = _("line %(lines)s") if len(lines) == 1 else _("lines %(lines)s")
    return template % {"lines": ", ".join(str(line) for line in lines)}


def _staffing(found: Part, facts: FactReader) -> Iterator[Block]:
    rows = list(staffing_rows(found))
    if not rows:
        return
    yield Heading(2, (Words(_("Staffing")),), "means.staffing")
    perimeter = _(
        "FTE and headcount as printed in chapter 5 of the strategic plan or entered since. Money "
        "and people do not have the same perimeter: hosted bodies stand in the staffing of the "
        "department but not in its own credits, and a fund can pay people of a unit. So no figure "
        "divides the one by the other."
    )
    yield Paragraph((Name(perimeter),), "means.staffing.perimeter", look="small")
    yield Table(
        title=_("Staffing of the units concerned"),
        columns=(
            Column(_("Unit"), width_mm=22),
            Column(_("What")),
            *(
                Column(str(statute.label), width_mm=_PEOPLE_MM, align="right")
                for statute in STATUTES
            ),
            Column(_("Source"), width_mm=_SOURCE_MM),
        ),
        rows=tuple(
            _people(unit, row, facts, with_remark=row is unit["staffing"]["rows"][0])
            for unit, row in rows
        ),
        anchor="means.staffing.table",
    )


def staffing_rows(found: Part) -> Iterator[tuple[Part, Part]]:
    """Give a unit with each row of its staffing."""
    for unit in found["units"]:
        for row in (unit["staffing"] or {"rows": ()})["rows"]:
            yield unit, row


def _people(unit: Part, row: Part, facts: FactReader, *, with_remark: bool) -> tuple[Cell, ...]:
    """Return a row; the remark of a unit stands at its first one."""
    return (
        Cell(((Name(unit["unit"]),),)),
        Cell(
            lines_of(
                Words(measure_word(row)),
                when(row),
                plan_text(row["remark"] if with_remark else None, style="small"),
            )
        ),
        *(Cell(((facts.figure(row[one], with_unit=False),),)) for one in STATUTES),
        Cell(((Name(source_text(row["sourceLines"]), style="small"),),)),
    )


def measure_word(row: Part) -> str:
    """Return how people are counted."""
    return str(StaffMeasure(row["measure"]).label)


def when(row: Part) -> Name:
    """Return the day of actual figures, or 'planned for 2025'."""
    if row["kind"] == StaffKind.PLAN:
        return Name(_("planned for %(year)s") % {"year": row["on"][:4]}, style="small")
    return dated(row["on"], style="small")
