"""Who is on the lines of the staffing tables in the demo, who is planned, who came and went."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from ibzplan.core.models import HistoryEntry
from personnel.choices import FigureOrigin, FlowPeriod, Role, StaffKind, StaffMeasure, Statute
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine
from personnel.staffing import standing
from personnel.staffing.amounts import MILLI
from personnel.staffing.table import PARTS
from reporting.demo.means_content import StaffingContent
from reporting.demo.workshop import Workshop

if TYPE_CHECKING:
    from reporting.demo.chronology import Place

# The officer enters the plan in the December before its year, those counted in the January after.
_PLANNED_ON: Final = (12, 18)
_COUNTED_ON: Final = (1, 8)
_FLOWS_ON: Final = (1, 9)

# How many there are a year later, and how many leave in a year, in thousandths.
_CHANGE: Final[Mapping[str, tuple[int, int]]] = {
    Statute.MANDATE: (0, 0),
    Statute.STATUTORY: (-25, 20),
    Statute.CONTRACTUAL: (-30, 45),
}
_LEAVES: Final = (45, 90)

# FTE are given to a tenth, persons whole.
_STEP: Final[Mapping[str, int]] = {StaffMeasure.FTE: MILLI // 10, StaffMeasure.HEADCOUNT: 1}

# Line, measure and statute -> thousandths of an FTE, or persons.
_Key = tuple[int, str, str]
_People = dict[_Key, int]


class StaffingWriter:
    """Makes figures and flows of the lines at the ends of the tree; those above add up."""

    def __init__(
        self, workshop: Workshop, told: StaffingContent, rng: Random, opened: date
    ) -> None:
        """Write into the demo's rows; nothing before `opened`."""
        self.workshop = workshop
        self.told = told
        self.officer = workshop.user(Role.RESOURCES)
        self._rng = rng
        self._opened = opened
        self._lines: dict[int, StaffingLine] = {}

    def write(self) -> None:
        """Make what the real tables do not have of last year and this one. Three queries."""
        last = self.workshop.today.year - 1
        lines = list(StaffingLine.objects.filter(is_demo=False).order_by("order", "code"))
        above = {line.parent_id for line in lines}
        self._lines = {line.pk: line for line in lines if line.pk not in above}
        rows = standing(StaffingFigure.objects.filter(is_demo=False, withdrawn_at=None))
        real = {(row.kind, row.on) for row in rows}
        opening = date(last - 1, 12, 31)
        days = [on for kind, on in real if kind == StaffKind.ACTUAL and on <= opening]
        if not days:
            return  # without the tables of the plan there is nothing to go by
        then = self._read(rows, StaffKind.ACTUAL, max(days))
        if max(days) != opening:
            then = self._changed(then)
            self._counted(opening, then)
        self._planned(last, then, real)
        closing = date(last, 12, 31)
        if (StaffKind.ACTUAL, closing) in real:
            now = self._read(rows, StaffKind.ACTUAL, closing)
        else:
            now = self._changed(then)
            self._counted(closing, now)
        self._planned(last + 1, now, real)
        self._flows(last, then, now)

    def _read(self, rows: Sequence[StaffingFigure], kind: str, on: date) -> _People:
        """Return the real figures of a day, in the order of the lines."""
        places = {key: place for place, key in enumerate(self._lines)}
        found = [
            row
            for row in rows
            if (row.kind, row.on) == (kind, on) and row.line_id in places and row.statute in PARTS
        ]
        found.sort(key=lambda row: (places[row.line_id], row.measure, row.statute))
        return {(row.line_id, row.measure, row.statute): row.amount for row in found}

    def _changed(self, people: _People) -> _People:
        """Return who is there a year later: FTE and persons of a statute change alike."""
        factors = {
            (line, statute): MILLI + self._rng.randint(*_CHANGE[statute])
            for line in self._lines
            for statute in PARTS
        }
        return {
            key: _whole(amount * factors[key[0], Statute(key[2])] // MILLI, key[1])
            for key, amount in people.items()
        }

    def _counted(self, on: date, people: _People) -> None:
        self._figures(StaffKind.ACTUAL, on, people, date(on.year + 1, *_COUNTED_ON))

    def _planned(self, year: int, before: _People, real: "set[tuple[str, date]]") -> None:
        """Write the plan of a year, in FTE, where there is no real one."""
        on = date(year, 12, 31)
        if (StaffKind.PLAN, on) in real:
            return
        fte = {key: amount for key, amount in before.items() if key[1] == StaffMeasure.FTE}
        self._figures(StaffKind.PLAN, on, self._changed(fte), date(year - 1, *_PLANNED_ON))

    def _figures(self, kind: StaffKind, on: date, people: _People, day: date) -> None:
        """Write a table that was entered as a whole on a day, if that has passed."""
        chronology = self.workshop.chronology
        day = max(day, self._opened + timedelta(days=1))
        if not chronology.has_passed(day):
            return
        is_plan = kind == StaffKind.PLAN
        reason = self.told.plan_reason if is_plan else self.told.reason
        places: list[Place] = []
        for (line, measure, statute), amount in people.items():
            values = {
                "measure": measure,
                "kind": kind.value,
                "on": on,
                "statute": statute,
                "amount": amount,
            }
            row = StaffingFigure(
                uuid=self._uuid("staffing", line, measure, kind, statute, on.isoformat()),
                line=self._lines[line],
                origin=FigureOrigin.ENTERED,
                is_demo=True,
                **values,
            )
            self.workshop.rows.staffing.append(row)
            places += [(row, "created_at"), (self._created(row, values, reason), "at")]
        chronology.date(chronology.noon(day), *places)

    def _flows(self, year: int, opening: _People, closing: _People) -> None:
        """Write who came and went in a year; of one line it does not add up."""
        chronology, day = self.workshop.chronology, date(year + 1, *_FLOWS_ON)
        real = StaffingFlow.objects.filter(is_demo=False, starts_on__year=year)
        if not chronology.has_passed(day) or real.exists():
            return
        places: list[Place] = []
        for key, before in opening.items():
            after = closing.get(key)
            if after is None or not (before or after):
                continue
            line, measure, statute = key
            inflow, outflow = self._came_and_went(key, before, after)
            values = {
                "measure": measure,
                "statute": statute,
                "kind": StaffKind.ACTUAL.value,
                "starts_on": date(year, 1, 1),
                "resolution": FlowPeriod.YEAR.value,
                "inflow": inflow,
                "outflow": outflow,
            }
            row = StaffingFlow(
                uuid=self._uuid("flow", line, measure, statute, str(year)),
                line=self._lines[line],
                is_demo=True,
                **values,
            )
            self.workshop.rows.flows.append(row)
            entry = self._created(row, values, self.told.flow_reason)
            places += [(row, "created_at"), (entry, "at")]
        chronology.date(chronology.noon(day), *places)

    def _came_and_went(self, key: _Key, before: int, after: int) -> tuple[int, int]:
        """Return in- and outflow that explain two days; of the line that is off, too many went."""
        line, measure, statute = key
        leaving = _whole(before * self._rng.randint(*_LEAVES) // MILLI, measure)
        outflow = max(leaving, before - after)
        inflow = outflow + after - before
        if (self._lines[line].code, statute) == (self.told.unbalanced_line, Statute.STATUTORY):
            one = MILLI if measure == StaffMeasure.FTE else 1
            outflow += self.told.unbalanced_persons * one
        return inflow, outflow

    def _created(
        self, row: StaffingFigure | StaffingFlow, values: Mapping[str, Any], reason: str
    ) -> HistoryEntry:
        changes = {name: (None, value) for name, value in values.items()}
        return self.workshop.entry(row, self.officer, "created", changes, reason=reason)

    def _uuid(self, kind: str, line: int, *names: str) -> Any:
        return self.workshop.identity.of(kind, self._lines[line].code, *names)


def _whole(amount: int, measure: str) -> int:
    return amount // _STEP[measure] * _STEP[measure]
