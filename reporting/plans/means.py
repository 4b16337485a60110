"""Which fixture fills the tables of chapter 5 of the strategic plan: credits and staffing."""

from collections.abc import Mapping
from typing import Final

from budget.choices import (
    BudgetVersion,
    CreditCategory,
    CreditTable,
    StatedTable,
    StatedUnit,
)
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditLine, StatedFigure
from personnel.choices import FigureOrigin, StaffKind, StaffMeasure, Statute
from personnel.models import StaffingFigure, StaffingLine
from reporting.plans.columns import (
    NAMED,
    OURS,
    PLACE,
    Column,
    Subject,
    constant,
    enclosing,
    localised,
    plain,
    reference,
)
from reporting.plans.printed import credits_keur, thousandths
from reporting.plans.reader import Entry, Key, Kind

# Of the two credits of a row, commitment stands first.
_COMMITMENT: Final = 0
_PAYMENT: Final = 1


def _keur(name: str, place: int, *keys: Key) -> Column:
    return Column(name, lambda entry: credits_keur(entry.values["printed"])[place], keys)


def _cents(name: str, place: int) -> Column:
    return Column(name, lambda entry: credits_keur(entry.values["printed"])[place] * CENTS_PER_KEUR)


def _amount(entry: Entry) -> int:
    """Return thousandths of an FTE, or persons."""
    found = thousandths(entry.values["printed"])
    return found if entry.values["measure"] == StaffMeasure.FTE else found // 1000


def _lines(name: str, model: type[CreditLine | StaffingLine], file: str, *own: Column) -> Subject:
    return Subject(
        name,
        model,
        file,
        (
            *NAMED,
            localised("remark", ours=OURS),
            reference("parent", file),
            reference("unit", "organisation_units"),
            *own,
        ),
        lookup=("code",),
    )


def _cells(
    name: str,
    model: type[CreditAmount | StaffingFigure],
    file: str,
    nested: str,
    *own: Column,
    only: Mapping[str, str] | None = None,
) -> Subject:
    return Subject(
        name,
        model,
        file,
        (enclosing("line", file), *own, *PLACE),
        lookup=("line", *(column.name for column in own if column.name in _IDENTIFYING)),
        nested=nested,
        only=only or {},
    )


def _parts(entry: Entry) -> list[str]:
    """Return the codes of the lines that a figure of the text adds up: of one tree."""
    return [*(entry.values["credits"] or ()), *(entry.values["staffing"] or ())]


_IDENTIFYING: Final = ("year", "budget", "table", "measure", "statute", "kind", "on")

MEANS: Final = (
    _lines(
        "credit lines",
        CreditLine,
        "credit_lines",
        plain("category", allowed=CreditCategory, default=""),
        reference("minister", "ministers"),
    ),
    _cells(
        "credits",
        CreditAmount,
        "credit_lines",
        "amounts",
        plain("year", Kind.INTEGER, required=True),
        plain("budget", allowed=BudgetVersion, required=True),
        plain("table", allowed=CreditTable, required=True),
        _keur("printed_commitment", _COMMITMENT, Key("printed", Kind.CREDITS, required=True)),
        _keur("printed_payment", _PAYMENT),
        _cents("commitment_cents", _COMMITMENT),
        _cents("payment_cents", _PAYMENT),
    ),
    _lines("staffing lines", StaffingLine, "staffing"),
    _cells(
        "staffing figures",
        StaffingFigure,
        "staffing",
        "figures",
        plain("measure", allowed=StaffMeasure, required=True),
        plain("statute", allowed=Statute, required=True),
        plain("kind", allowed=StaffKind, required=True),
        plain("on", Kind.DATE, key="day", required=True),
        plain("printed", Kind.NUMBER, required=True),
        Column("amount", _amount),
        constant("origin", FigureOrigin.PRINTED.value),
        only={"origin": FigureOrigin.PRINTED.value},
    ),
    Subject(
        "stated figures",
        StatedFigure,
        "stated_figures",
        (
            *NAMED,
            plain("printed", Kind.NUMBER, required=True),
            plain("unit", allowed=StatedUnit, required=True),
            plain("table", allowed=StatedTable, default=""),
            plain("sheet", default=""),
            plain("columns", Kind.TEXTS, default=[]),
            Column(
                "parts",
                _parts,
                (
                    Key("credits", Kind.TEXTS, refers_to="credit_lines"),
                    Key("staffing", Kind.TEXTS, refers_to="staffing"),
                ),
            ),
            Column(
                "share_of",
                lambda entry: entry.values["of"] or [],
                (Key("of", Kind.TEXTS, refers_to="credit_lines"),),
            ),
        ),
        lookup=("code",),
    ),
)
