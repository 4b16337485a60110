"""Exporting, changing and handing in workbooks, as a planner does with a file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl

from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective, WorkbookImport
from objectives.planning.services.activities import (
    ActivitySheet,
    MilestoneSheet,
    activity_add,
)
from objectives.planning.services.risks import RiskSheet, risk_add
from objectives.planning.services.workbooks import (
    workbook_apply,
    workbook_export,
    workbook_import,
)
from objectives.planning.tasks import apply_workbook, check_workbook
from personnel.models import User
from tests.factories import Ministry, text

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = ("objectives", "activities", "milestones", "risks", "indicators", "targets")
Cell = tuple[str, str, str]
"""Sheet key, what the row is called, column key."""


class Opened:
    """A workbook opened as a script would: cells by sheet key, Excel row and column key."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = openpyxl.load_workbook(io.BytesIO(content))
        self.sheets: dict[str, Worksheet] = {}
        for page in self.book.worksheets:
            mark = str(page["A1"].value or "")
            if mark.startswith("ibzplan.") and not mark.startswith("ibzplan.base_"):
                self.sheets[mark.removeprefix("ibzplan.")] = page

    def column(self, sheet: str, key: str) -> int:
        """Return the number of a column, from its hidden key."""
        page = self.sheets[sheet]
        return next(cell.column for cell in page[1] if cell.value == key)

    def rows(self, sheet: str) -> list[int]:
        """Return the Excel numbers of the rows that were exported."""
        page = self.sheets[sheet]
        return [n for n in range(3, page.max_row + 1) if page.cell(n, 1).value]

    def cell(self, sheet: str, row: int, key: str) -> Any:
        """Return a cell."""
        return self.sheets[sheet].cell(row, self.column(sheet, key))

    def put(self, sheet: str, row: int, key: str, value: Any) -> None:
        """Type a value."""
        self.cell(sheet, row, key).value = value

    def add(self, sheet: str, **values: Any) -> int:
        """Type a new row below the others; return its number."""
        row = max([2, *self._filled(sheet)]) + 1
        for key, value in values.items():
            self.put(sheet, row, key, value)
        return row

    def _filled(self, sheet: str) -> Iterator[int]:
        page = self.sheets[sheet]
        for row in page.iter_rows(min_row=3):
            if any(cell.value is not None for cell in row):
                yield int(row[0].row or 0)

    def saved(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def cells(self) -> dict[Cell, Any]:
        """Return every cell that people see, identity and version apart."""
        found: dict[Cell, Any] = {}
        for sheet, page in self.sheets.items():
            keys = {
                place: str(cell.value) for place, cell in enumerate(page[1], start=1) if place > 2
            }
            for row in self.rows(sheet):
                for column, key in keys.items():
                    value = page.cell(row, column).value
                    shown = value.date() if isinstance(value, datetime) else value
                    found[sheet, str(row), key] = shown
        return found


def differences(one: bytes, other: bytes) -> dict[Cell, tuple[Any, Any]]:
    """Return the cells in which two exports differ, with both values."""
    before, after = Opened(one).cells(), Opened(other).cells()
    return {
        place: (before.get(place), after.get(place))
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    }


def hand_in(
    ministry: Ministry, user: User, content: bytes, *, language: str = "en"
) -> WorkbookImport:
    """Hand a workbook in and let a worker check it."""
    row, job = workbook_import(
        actor=user,
        plan=ministry.year,
        file_name="plan.xlsx",
        content=content,
        language=language,
    )
    check_workbook(str(job.uuid))
    row.refresh_from_db()
    return row


def apply(row: WorkbookImport) -> WorkbookImport:
    """Apply a checked workbook."""
    job = workbook_apply(actor=row.requested_by, row=row)
    apply_workbook(str(job.uuid))
    row.refresh_from_db()
    return row


def export(ministry: Ministry, user: User) -> bytes:
    """Return a user's workbook."""
    return workbook_export(actor=user, plan=ministry.year)


@dataclass
class Planned:
    """Objectives of ADCV with everything a workbook shows, and one of DVZ."""

    ministry: Ministry
    objectives: list[OperationalObjective]
    indicators: list[Indicator]
    other: OperationalObjective

    @property
    def planner(self) -> User:
        """Return the planner of ADCV, as a new session finds them."""
        return User.objects.get(pk=self.ministry.users["planner_adcv"].pk)


def make_planned(ministry: Ministry, *, count: int = 4) -> Planned:
    """Make the records."""
    planner = ministry.users["planner_adcv"]
    objectives, indicators = [], []
    for number in range(1, count + 1):
        objective = ministry.objective(title=f"Noodcentrale {number} bouwen")
        activity = activity_add(
            actor=planner,
            objective=objective,
            sheet=ActivitySheet(kind="project", title=text(f"Project {number}")),
            milestones=[MilestoneSheet(title=text(f"Mijlpaal {number}"), due_on=date(2026, 6, 30))],
        )
        assert activity.pk
        risk_add(
            actor=planner,
            objective=objective,
            sheet=RiskSheet(
                title=text(f"Risico {number}"),
                likelihood=2,
                impact=3,
                response="reduce",
                measure=text("Opvolgen"),
            ),
        )
        indicators.append(
            ministry.indicator(objective, title=text(f"Bezetting {number}"), target=Decimal("95.1"))
        )
        objectives.append(objective)
    other = ministry.objective(by="planner_dvz", title="Dossiers afhandelen")
    return Planned(ministry, objectives, indicators, other)
