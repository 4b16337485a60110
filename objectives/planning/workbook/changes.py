"""What a file would change, row by row, and where others came before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ibzplan.core.table_files.problems import Problem
from objectives.planning.workbook.book import Row, Value
from objectives.planning.workbook.cells import shown
from objectives.planning.workbook.read import ReadRow, ReadSheet


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is added (`current` None) or changed; `values` are the cells that change.

    `said` holds what was typed to explain it.
    """

    sheet: ReadSheet
    row: ReadRow
    current: Row | None
    values: Mapping[str, Value]

    @property
    def said(self) -> str:
        """Return the reason that stands in the row."""
        return str(self.row.values.get("reason") or "")

    def cells(self) -> list[dict[str, Any]]:
        """Return each changed cell as it is listed: where, from what, to what."""
        before = self.current.values if self.current else {}
        found = []
        for key, value in self.values.items():
            column = self.sheet.spec.column(key)
            found.append(
                {
                    "sheet": self.sheet.name,
                    "row": self.row.number,
                    "column": self.sheet.letters[key],
                    "header": self.sheet.headers[key],
                    "old": shown(column, before.get(key)),
                    "new": shown(column, value),
                    "is_new_row": self.current is None,
                }
            )
        return found


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that someone else changed since the export, to something else."""

    sheet: ReadSheet
    row: ReadRow
    current: Row
    key: str
    mine: Value
    theirs: Value

    def problem(self, *, name: str, moment: str) -> Problem:
        """Return it as a problem that shows both; `name` and `moment` say who it was."""
        column = self.sheet.spec.column(self.key)
        return self.sheet.problem(
            "changed_meanwhile",
            _(
                "Changed meanwhile by %(name)s on %(moment)s: there it is “%(theirs)s”, in the "
                "file “%(mine)s”. Put the value there that should stay, in a fresh export."
            )
            % {
                "name": name or _("someone else"),
                "moment": moment,
                "theirs": shown(column, self.theirs) or "–",
                "mine": shown(column, self.mine) or "–",
            },
            row=self.row,
            key=self.key,
        )


@dataclass(slots=True)
class Comparison:
    """What comes out: problems and remarks, cells changed by two people, and what would change.

    `named` gives, by sheet, the identity of the rows that exist by what other sheets call them.
    """

    problems: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    named: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, sheet: str) -> list[RowChange]:
        """Return the changes of a sheet."""
        return [change for change in self.changes if change.sheet.spec.key == sheet]
