"""What a handed-in table would change, row by row, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budget.models import CreditLine
from budget.money import keur_text
from budget.selectors.book import CreditBook, Figure, Standing
from ibzplan.core.canonical import canonical_json, sha256_of
from ibzplan.core.table_files import Problem

if TYPE_CHECKING:
    from budget.credit_file import AmountRow


@dataclass(frozen=True, slots=True)
class AmountChange:
    """An amount that is entered (`standing` None) or becomes another one."""

    line: CreditLine
    row: "AmountRow"
    standing: Standing | None

    @property
    def before(self) -> Figure | None:
        """Return what stands now, None for nothing."""
        return self.standing.figure if self.standing else None


@dataclass(slots=True)
class ImportCheck:
    """What comes out. `kept` are lines that somebody else changed, and this file did not."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[AmountChange] = field(default_factory=list)
    kept: list[CreditLine] = field(default_factory=list)
    unchanged: int = 0

    @property
    def fingerprint(self) -> str:
        """Return what tells this list of changes from any other: what stands, and what comes."""
        rows = [
            [change.line.code, _pair(change.before), _pair(change.row.figure)]
            for change in self.changes
        ]
        return sha256_of(canonical_json({"changes": rows}))


def _pair(figure: Figure | None) -> list[int] | None:
    return None if figure is None else [figure.commitment_cents, figure.payment_cents]


def import_check(
    book: CreditBook,
    rows: "Sequence[AmountRow]",
    year: int,
    budget: str,
    *,
    sheet: str = "",
    column: Sequence[str] = ("", ""),
) -> ImportCheck:
    """Compare the rows of a file with what stands in that version of the year's budget.

    `sheet`, and `column` (letter and header) of the codes, say where a problem stands.
    """
    found = ImportCheck()
    for row in rows:
        line = book.line(row.code)
        if line is None:
            found.problems.append(_unknown(book, row, sheet, column))
            continue
        there = book.of_line(line, year, budget)
        standing = Standing(there[0]) if there else None
        before = standing.figure if standing else None
        if before == row.figure:
            found.unchanged += 1
        elif row.knows and row.stood != before:
            if row.figure == row.stood:
                found.kept.append(line)
            else:
                found.problems.append(_changed_meanwhile(row, before, sheet, column))
        else:
            found.changes.append(AmountChange(line, row, standing))
    return found


def _unknown(book: CreditBook, row: "AmountRow", sheet: str, column: Sequence[str]) -> Problem:
    letter, header = column
    near = get_close_matches(row.code.upper(), [line.code for line in book.lines], n=3)
    message = (
        _("There is no line “%(code)s”. Is it %(near)s? Otherwise add the line first.")
        if near
        else _("There is no line “%(code)s”. Correct the code, or add the line first.")
    ) % {"code": row.code, "near": ", ".join(near)}
    return Problem("unknown_line", message, sheet, row.number, letter, header, row.code)


def _changed_meanwhile(
    row: "AmountRow", before: Figure | None, sheet: str, column: Sequence[str]
) -> Problem:
    letter, header = column
    message = _(
        "Line %(code)s was changed since the download: now it is %(theirs)s, in the file "
        "%(mine)s. Download the table again and put there what should stay."
    ) % {"code": row.code, "theirs": _said(before), "mine": _said(row.figure)}
    return Problem("changed_meanwhile", message, sheet, row.number, letter, header, row.code)


def _said(figure: Figure | None) -> str:
    if figure is None:
        return _("not entered")
    return _("VL %(commitment)s, VE %(payment)s kEUR") % {
        "commitment": keur_text(figure.commitment_cents),
        "payment": keur_text(figure.payment_cents),
    }
