"""What a workbook changes, compared with what was exported and with what stands there now.

Three values of a cell tell everything: `mine` in the file, `base` as it was exported, `theirs` as
it is now. Only what differs from the base was changed by whoever hands the file in.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from ibzplan.core.table_files.cells import listed
from ibzplan.core.table_files.problems import Problem
from objectives.planning.workbook.book import Book, Locked, Row, Value
from objectives.planning.workbook.cells import codes_in
from objectives.planning.workbook.changes import Comparison, Conflict, RowChange
from objectives.planning.workbook.columns import (
    ACTIVITIES,
    INDICATORS,
    MILESTONES,
    OBJECTIVES,
    SHEETS,
    TARGETS,
    UNITS,
    Column,
    Kind,
)
from objectives.planning.workbook.read import ReadBook, ReadRow, ReadSheet

# The column by which a new row names the row it belongs to, and the sheet of that one.
_PARENTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    OBJECTIVES: (),
    ACTIVITIES: (("objective", OBJECTIVES),),
    MILESTONES: (("activity", ACTIVITIES),),
    "risks": (("objective", OBJECTIVES),),
    INDICATORS: (("objective", OBJECTIVES),),
    TARGETS: (("objective", OBJECTIVES), ("indicator", INDICATORS)),
}


def compare(read: ReadBook, now: Book) -> Comparison:
    """Compare a workbook with the rows that its user may read now."""
    result = Comparison(problems=list(read.problems))
    codes = {
        name: frozenset(entry.code for entry in entries) for name, entries in now.lists.items()
    }
    for spec in SHEETS:
        sheet = read.sheets.get(spec.key)
        if spec.reference:
            result.named[spec.key] = {
                name: row.identity
                for name, row in _named_rows(read, now, spec.key).items()
                if row is not None
            }
        if sheet is not None:
            _Sheet(sheet, read, now, codes, result).compare()
    return result


class _Sheet:
    """Compares one sheet."""

    def __init__(
        self,
        sheet: ReadSheet,
        read: ReadBook,
        now: Book,
        codes: Mapping[str, frozenset[str]],
        result: Comparison,
    ) -> None:
        self.sheet, self.read, self.now, self.codes, self.result = sheet, read, now, codes, result
        self.current = now.by_identity(sheet.spec.key)
        self.parents = {
            key: _named_rows(read, now, parent) for key, parent in _PARENTS[sheet.spec.key]
        }
        self.used = _taken_codes(now, sheet)

    def compare(self) -> None:
        """Look at every row."""
        for row in self.sheet.rows:
            if row.identity:
                self._existing(row)
            else:
                self._added(row)
        self._missing()

    def _problem(self, code: str, message: str, row: ReadRow, key: str = "") -> None:
        self.result.problems.append(self.sheet.problem(code, message, row=row, key=key))

    def _columns(self, row: ReadRow) -> Iterable[Column]:
        """Return the columns that say something of a row and could be read."""
        return (
            column
            for column in self.sheet.spec.columns
            if column.key in self.sheet.letters
            and column.key not in row.broken
            and not column.is_spoken
        )

    def _existing(self, row: ReadRow) -> None:
        base = self.sheet.base.get(row.identity)
        current = self.current.get(row.identity)
        if base is None:
            self._problem(
                "identity_unknown",
                _(
                    "The hidden identity of this row is none of this workbook. To add a row, type "
                    "in an empty one below the others."
                ),
                row,
            )
            return
        typed = {
            column.key: row.values.get(column.key)
            for column in self._columns(row)
            if row.values.get(column.key) != base.get(column.key)
        }
        if not typed:
            return
        if current is None:
            self._problem(
                "row_gone",
                _("This row is no longer in the plan, or you may not read it. Export again."),
                row,
                next(iter(typed)),
            )
            return
        self._changed(row, base, current, typed)

    def _changed(
        self,
        row: ReadRow,
        base: Mapping[str, Value],
        current: Row,
        typed: Mapping[str, Value],
    ) -> None:
        values: dict[str, Value] = {}
        for key, mine in typed.items():
            column, theirs = self.sheet.spec.column(key), current.values.get(key)
            if mine == theirs:
                continue
            refusal = _closed(column, current)
            if refusal:
                self._problem("locked", refusal, row, key)
            elif theirs != base.get(key):
                self.result.conflicts.append(Conflict(self.sheet, row, current, key, mine, theirs))
            elif self._fits(column, row, mine):
                values[key] = mine
        if values:
            self.result.changes.append(RowChange(self.sheet, row, current, values))

    def _added(self, row: ReadRow) -> None:
        values: dict[str, Value] = {}
        fits = not row.broken
        for column in self._columns(row):
            value = row.values.get(column.key)
            if column.is_shown or (value is None and row.values.get(column.or_else) is not None):
                continue
            if column.is_reported and value is not None:
                self._problem("too_early", _not_yet_reported(), row, column.key)
                fits = False
            elif not self._fits(column, row, value):
                fits = False
            elif value is not None:
                values[column.key] = value
        for key, named in self.parents.items():
            fits = self._belongs(row, key, named) and fits
        if self.sheet.spec.reference and not self._is_free(row):
            fits = False
        if fits:
            self.result.changes.append(RowChange(self.sheet, row, None, values))

    def _fits(self, column: Column, row: ReadRow, value: Value) -> bool:
        """Tell whether a cell may say this; tell the user when not."""
        if value is None:
            if column.is_required:
                self._problem("required", _("This cannot be empty."), row, column.key)
            return not column.is_required
        if not column.list_name:
            return True
        codes = codes_in(str(value)) if column.kind == Kind.CODES else [str(value)]
        known = self.codes.get(column.list_name, frozenset())
        unknown = [code for code in codes if code not in known]
        if not unknown:
            return True
        if column.list_name == UNITS:
            message = _("You do not plan for %(codes)s. Choose one of: %(known)s.")
        else:
            message = _("There is no %(codes)s to choose here. Choose from: %(known)s.")
        self._problem(
            "not_in_list",
            message % {"codes": listed(unknown), "known": listed(sorted(known))},
            row,
            column.key,
        )
        return False

    def _belongs(self, row: ReadRow, key: str, named: Mapping[str, Row | None]) -> bool:
        """Tell whether a new row belongs to a row that can still take one."""
        code = str(row.values.get(key) or "")
        if not code:
            return False  # said already: it is required
        if code not in named:
            self._problem(
                "reference_unknown",
                _(
                    "There is no “%(code)s” on the sheet it belongs to. Write the number that "
                    "stands there, or the one you gave to a new row."
                )
                % {"code": code},
                row,
                key,
            )
            return False
        parent = named[code]
        if parent is not None and parent.locked:
            self._problem("locked", _lock_text(parent.locked, parent), row, key)
            return False
        return True

    def _is_free(self, row: ReadRow) -> bool:
        """Tell whether the number that a new row gives itself is no other row's."""
        key = self.sheet.spec.reference
        code = str(row.values.get(key) or "")
        others = [number for number in self.used.get(code, ()) if number != row.number]
        if not code or not others:
            return True
        self._problem(
            "code_twice",
            _("“%(code)s” is another row's. Give the new row a name of its own, such as “new-1”.")
            % {"code": code},
            row,
            key,
        )
        return False

    def _missing(self) -> None:
        """Say which exported rows are not in the file: nothing is ever removed this way."""
        there = {row.identity for row in self.sheet.rows}
        gone = [
            identity
            for identity in self.sheet.base
            if identity not in there and identity in self.current
        ]
        if not gone:
            return
        names = [str(next(iter(self.current[identity].values.values()))) for identity in gone]
        self.result.problems.append(
            Problem(
                "row_missing",
                _("Not in the file: left as they are. They belong to %(names)s.")
                % {"names": listed(dict.fromkeys(names))},
                self.sheet.name,
                found=str(len(gone)),
                is_remark=True,
            )
        )


def _named_rows(read: ReadBook, now: Book, sheet: str) -> dict[str, Row | None]:
    """Return what rows of a sheet are called: in the database, and new ones (None) in the file."""
    key = next(spec.reference for spec in SHEETS if spec.key == sheet)
    named: dict[str, Row | None] = {str(row.values[key]): row for row in now.rows[sheet]}
    if sheet not in read.sheets:
        return named
    current = now.by_identity(sheet)
    for row in read.sheets[sheet].rows:
        name = str(row.values.get(key) or "")
        if row.identity in current:  # the file may call it otherwise than the plan does by now
            named[name] = current[row.identity]
        elif name and not row.identity:
            named.setdefault(name, None)
    return named


def _taken_codes(now: Book, sheet: ReadSheet) -> dict[str, list[int]]:
    """Return where each number of the sheet stands; 0 is the database."""
    key = sheet.spec.reference
    taken: dict[str, list[int]] = {}
    if not key:
        return taken
    for row in sheet.rows:
        if not row.identity and row.values.get(key):
            taken.setdefault(str(row.values[key]), []).append(row.number)
    for current in now.rows[sheet.spec.key]:
        taken.setdefault(str(current.values[key]), []).append(0)
    return taken


def _closed(column: Column, current: Row) -> str:
    """Return why a cell of an existing row cannot change, '' when it can."""
    lock = current.lock_of(column.key)
    if current.locked and lock:
        return _lock_text(lock, current)
    if column.is_fixed or column.is_shown:
        return _("This cell cannot change. Put the old value back.")
    return _lock_text(lock, current) if lock else ""


def _not_yet_reported() -> str:
    return _("What became of a milestone is told once its objective is in force. Empty the cell.")


def _lock_text(lock: Locked, row: Row) -> str:
    texts = {
        Locked.OTHER_UNIT: _(
            "Only planners of %(unit)s change its objectives. Put the old value back."
        )
        % {"unit": row.unit},
        Locked.SUBMITTED: _("It is judged as it was submitted: take it back before you change it."),
        Locked.IN_FORCE: _("An approved objective is changed by an amendment of the plan only."),
        Locked.SHARED: _(
            "This indicator stands in an earlier row too: change its definition there."
        ),
        Locked.RELEASED: _(
            "An approved plan is measured by this definition. Change it on the indicator's own "
            "page, with a reason."
        ),
        Locked.NO_VALUE: _("This kind of indicator has no value to reach. Empty the cell."),
        Locked.NOT_IN_FORCE: _not_yet_reported(),
        Locked.TOO_LONG: _(
            "This text is longer than a cell can hold. Change it on the page of the objective."
        ),
    }
    return texts[lock]
