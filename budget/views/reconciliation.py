"""The reconciliation page: what is printed against what it adds up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget.models import CreditLine
from budget.reconciliation import Table, Verdict
from budget.reconciliation_texts import (
    TABLE_LABELS,
    VERDICT_LABELS,
    Words,
    counted,
    exact,
    rule_text,
    words_of,
)
from budget.selectors.reconciliation import ReconciledLine, Reconciliation, reconcile
from ibzplan.core.asked import clocks_asked, say
from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import About, Column, ExportTable, Kind, export_response
from personnel.models import StaffingLine

Choice = TypeVar("Choice", Verdict, Table)

# `class` and `in` name the filters; `table` is the export's own (ibzplan.core.exports).
_CLASS: Final = "class"
_IN: Final = "in"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which differences the address asks for; None means all."""

    verdict: Verdict | None
    table: Table | None

    def keeps(self, line: ReconciledLine) -> bool:
        """Tell whether a difference is asked for."""
        finding = line.finding
        return self.verdict in (None, finding.verdict) and self.table in (None, finding.table)

    @property
    def words(self) -> list[tuple[str, str]]:
        """Return what is asked for as (label, value)."""
        words = []
        if self.verdict:
            words.append((_("Class"), str(VERDICT_LABELS[self.verdict])))
        if self.table:
            words.append((_("Table"), str(TABLE_LABELS[self.table])))
        return words


@dataclass(frozen=True, slots=True)
class Row:
    """One difference on the page; `url` leads to the line that it is of."""

    line: ReconciledLine
    words: Words
    url: str

    @property
    def code(self) -> str:
        """Return the code of the line where its name says more; of a stated figure none."""
        code = self.line.row.code
        is_line = self.line.finding.table != Table.TEXT
        return code if is_line and code not in self.line.title.values() else ""

    @property
    def is_mismatch(self) -> bool:
        """Tell whether rounding does not explain it."""
        return self.line.finding.verdict == Verdict.MISMATCH


@require_safe
def reconciliation_page(request: HttpRequest) -> HttpResponse:
    """Show every difference, filtered by class and table; or give them as a file."""
    clocks = clocks_asked(request)
    found = reconcile(clocks)
    asked = Asked(
        _choice(request, _CLASS, VERDICT_LABELS),
        _choice(request, _IN, TABLE_LABELS),
    )
    lines = [line for line in found.lines if asked.keeps(line)]
    file = export_response(
        request,
        lambda: [_table(lines)],
        file_name=_("reconciliation"),
        about=About(_("Reconciliation"), clocks, filters=asked.words, notes=[rule_text()]),
    )
    if file:
        return file
    context = {
        "rows": [Row(line, words_of(line.finding), _url(line, clocks)) for line in lines],
        "asked": asked,
        **_context(found, clocks),
    }
    return render(request, "budget/reconciliation.html", context)


def _context(found: Reconciliation, clocks: Clocks) -> dict[str, object]:
    return {
        "found": found,
        "counted": counted(found),
        "clocks": clocks,
        "verdicts": VERDICT_LABELS.items(),
        "tables": TABLE_LABELS.items(),
        "rule": rule_text(),
    }


def _choice(request: HttpRequest, name: str, offered: Iterable[Choice]) -> Choice | None:
    """Return what the address names of the choices, None for all; any other value is said."""
    text = request.GET.get(name, "")
    found = next((one for one in offered if one.value == text), None)
    if text and found is None:
        say(
            request,
            _("There is no “%(value)s” to choose here: the page shows all. Choose one of the list.")
            % {"value": text},
        )
    return found


def _url(line: ReconciledLine, clocks: Clocks) -> str:
    """Return the address of the line's own page; '' for a figure of the text, which has none."""
    if isinstance(line.row, CreditLine):
        return reverse("budget:credit_line", args=[line.row.code]) + clocks.query
    if isinstance(line.row, StaffingLine):
        return reverse("personnel:staffing_line", args=[line.row.code]) + clocks.query
    return ""


def _table(lines: Sequence[ReconciledLine]) -> ExportTable:
    columns = [
        Column("class", _("Class")),
        Column("table", _("Table")),
        Column("sheet", _("Budget or day")),
        Column("code", _("Code")),
        Column("line", _("Line")),
        Column("column", _("Column")),
        Column("unit", _("Unit of measurement")),
        Column("as_printed", _("As printed")),
        Column("printed", _("Printed"), Kind.DECIMAL),
        Column("recomputed", _("Recomputed"), Kind.DECIMAL),
        Column("difference", _("Difference"), Kind.DECIMAL),
        Column("explanation", _("What was compared")),
        Column("source_line", _("Source line"), Kind.INTEGER),
    ]
    rows = []
    for line in lines:
        finding, words = line.finding, words_of(line.finding)
        rows.append(
            [
                words.verdict,
                words.table,
                words.sheet,
                finding.line,
                line.title,
                words.column,
                words.unit,
                finding.printed,
                exact(finding, finding.value),
                exact(finding, finding.recomputed),
                exact(finding, finding.difference),
                words.why,
                finding.source_line,
            ]
        )
    return ExportTable("reconciliation", _("Reconciliation"), columns, rows)
