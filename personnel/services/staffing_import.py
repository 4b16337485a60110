"""The staffing of a day that was handed in as a table: written as a whole, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Final, Protocol

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.canonical import canonical_json, sha256_of
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import next_instant
from ibzplan.core.table_files import Problem
from ibzplan.core.table_files.handed import reason_told
from personnel.choices import Statute
from personnel.models import StaffingLine, User
from personnel.services.staffing import (
    StaffingSheet,
    check_day,
    check_total,
    is_past,
    must_keep_staffing,
    staffing_set,
)
from personnel.staffing import StaffingRead, staffing_read
from personnel.staffing.amounts import people, people_text

# Letter and header of a column by its key: that of the codes, and the statutes.
Columns = Mapping[str, Sequence[str]]
_CODE: Final = "code"


class Row(Protocol):
    """A row of the file: a line's code, where it stands, and its numbers by statute."""

    @property
    def code(self) -> str:
        """Return the code of the line."""

    @property
    def number(self) -> int:
        """Return the row that a spreadsheet shows."""

    @property
    def amounts(self) -> Mapping[str, int]:
        """Return thousandths of an FTE or persons."""

    @property
    def stood(self) -> Mapping[str, int | None]:
        """Return what stood at the download, of the statutes of which the file tells it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a problem stands."""

    sheet: str
    columns: Columns

    def problem(self, error: DomainError, row: Row, key: str, found: str) -> Problem:
        """Return a problem at a cell of a row."""
        letter, header = self.columns.get(key, ("", ""))
        return Problem(error.code, error.message, self.sheet, row.number, letter, header, found)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of which numbers are entered or become others; `before` are those that stand."""

    line: StaffingLine
    amounts: Mapping[str, int]
    before: Mapping[str, int]

    @property
    def moves(self) -> list[tuple[str, int | None, int]]:
        """Return each statute that changes: its name, what stands, what comes."""
        return [
            (str(Statute(name).label), self.before.get(name), amount)
            for name, amount in self.amounts.items()
            if self.before.get(name) != amount
        ]

    @property
    def replaces(self) -> bool:
        """Tell whether a number that stands becomes another one."""
        return any(old is not None for _name, old, _new in self.moves)


@dataclass(slots=True)
class StaffingCheck:
    """What would come of a file. `kept` are lines that somebody else changed, not this file."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[LineChange] = field(default_factory=list)
    kept: list[StaffingLine] = field(default_factory=list)
    unchanged: int = 0

    @property
    def fingerprint(self) -> str:
        """Return what tells this list of changes from any other: what stands, and what comes."""
        rows = [
            [change.line.code, dict(change.before), dict(change.amounts)] for change in self.changes
        ]
        return sha256_of(canonical_json({"changes": rows}))


def staffing_import_check(
    read: StaffingRead,
    rows: Sequence[Row],
    *,
    measure: str,
    kind: str,
    on: date,
    sheet: str = "",
    columns: Columns | None = None,
) -> StaffingCheck:
    """Compare the rows of a file with what counts on that day. No query.

    `sheet`, and `columns` (letter and header of the codes and of each statute), say where a problem
    stands.
    """
    place = _Place(sheet, columns or {})
    standing: dict[int, dict[str, int]] = {}
    for figure in read.counting:
        if (figure.measure, figure.kind, figure.on) == (measure, kind, on):
            standing.setdefault(figure.line_id, {})[figure.statute] = figure.amount
    found = StaffingCheck()
    for row in rows:
        line = read.line(row.code)
        if line is None:
            found.problems.append(_unknown(read, row, place))
            continue
        before = standing.get(line.pk, {})
        others = _changed_meanwhile(row, before)
        clashes = [name for name in others if row.amounts[name] != row.stood[name]]
        if clashes:
            found.problems.extend(_clash(row, before, name, measure, place) for name in clashes)
            continue
        amounts = {name: amount for name, amount in row.amounts.items() if name not in others}
        try:
            check_total(measure, amounts, before)
        except DomainError as error:
            whole = people_text(measure, amounts[Statute.ALL])
            found.problems.append(place.problem(error, row, Statute.ALL, whole))
            continue
        change = LineChange(line, amounts, before)
        if change.moves:
            found.changes.append(change)
        if others:
            found.kept.append(line)
        elif not change.moves:
            found.unchanged += 1
    return found


def _changed_meanwhile(row: Row, before: Mapping[str, int]) -> list[str]:
    """Return the statutes that say now neither what the file does, nor what it began with."""
    return [
        name
        for name, amount in row.amounts.items()
        if name in row.stood and before.get(name) not in (amount, row.stood[name])
    ]


def import_needs_reason(changes: Sequence[LineChange], kind: str, on: date) -> bool:
    """Tell whether any of the changes must be explained."""
    return is_past(kind, on) and any(change.replaces for change in changes)


@transaction.atomic
def staffing_import(
    *,
    actor: User,
    measure: str,
    kind: str,
    on: date,
    rows: Sequence[Row],
    fingerprint: str,
    file_name: str,
    reason: str = "",
) -> int:
    """Enter the numbers of a file; return how many lines changed.

    `fingerprint` is that of the changes that the writer saw: when something else stands by now,
    nothing is written. Raises NotAllowed, DomainError, or EditConflict.
    """
    must_keep_staffing(actor)
    at = next_instant()
    check_day(kind, on)
    read = staffing_read(Clocks.now())
    found = staffing_import_check(read, rows, measure=measure, kind=kind, on=on)
    if found.problems or found.fingerprint != fingerprint:
        raise EditConflict(
            _(
                "The staffing changed since this list was made: nothing is written. Look at the "
                "list again."
            ),
            {},
        )
    if not reason.strip() and import_needs_reason(found.changes, kind, on):
        count = sum(change.replaces for change in found.changes)
        raise DomainError(
            "reason_required",
            ngettext(
                "The numbers of %(count)s line become others, on a day that has passed: say why.",
                "The numbers of %(count)s lines become others, on a day that has passed: say why.",
                count,
            )
            % {"count": count},
            "reason",
        )
    for change in found.changes:
        amounts = {name: people(measure, amount) for name, amount in change.amounts.items()}
        staffing_set(
            actor=actor,
            line=change.line,
            sheet=StaffingSheet(measure=measure, kind=kind, on=on, amounts=amounts),
            reason=reason_told(file_name, reason),
            at=at,
        )
    return len(found.changes)


def _clash(row: Row, before: Mapping[str, int], name: str, measure: str, place: _Place) -> Problem:
    theirs, mine = before.get(name), people_text(measure, row.amounts[name])
    message = _(
        "Line %(code)s was changed since the download: now it is %(theirs)s, in the file "
        "%(mine)s. Download the table again and put there what should stay."
    ) % {
        "code": row.code,
        "theirs": _("not entered") if theirs is None else people_text(measure, theirs),
        "mine": mine,
    }
    return place.problem(DomainError("changed_meanwhile", message), row, name, mine)


def _unknown(read: StaffingRead, row: Row, place: _Place) -> Problem:
    codes = [line.code for line, _depth in read.lines]
    near = get_close_matches(row.code.upper(), codes, n=3)
    message = (
        _("There is no line “%(code)s”. Is it %(near)s?")
        if near
        else _("There is no line “%(code)s”. Correct the code.")
    ) % {"code": row.code, "near": ", ".join(near)}
    return place.problem(DomainError("unknown_line", message), row, _CODE, row.code)
