"""The lines, figures and flows as they stood: small tables, read once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import rows_known
from ibzplan.core.steady import steady
from personnel.choices import StaffKind
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine
from personnel.staffing.standing import standing


@dataclass(frozen=True)
class StaffingRead:
    """What is known of staffing at a moment.

    `lines` stand in tree order, each with its depth. `figures` are all that were not withdrawn,
    the printed ones that another took the place of too; `counting` are those that count.
    """

    lines: Sequence[tuple[StaffingLine, int]]
    figures: Sequence[StaffingFigure]
    flows: Sequence[StaffingFlow]
    reference_date: date

    @cached_property
    def counting(self) -> list[StaffingFigure]:
        """Return the figures that count: the entered ones over the printed ones."""
        return standing(self.figures)

    @cached_property
    def children(self) -> Mapping[int | None, Sequence[StaffingLine]]:
        """Return by key of a line those directly below it; None has those on top."""
        found: dict[int | None, list[StaffingLine]] = defaultdict(list)
        for line, _depth in self.lines:
            found[line.parent_id].append(line)
        return found

    def line(self, code: str) -> StaffingLine | None:
        """Return the line of a code, None when there was none then."""
        return next((line for line, _depth in self.lines if line.code == code), None)

    def days(self, measure: str, kind: str) -> list[date]:
        """Return the days of which figures count, the first first.

        Those who were there by the reference date; a plan speaks of what is to come.
        """
        found = {row.on for row in self.counting if (row.measure, row.kind) == (measure, kind)}
        return sorted(day for day in found if kind == StaffKind.PLAN or day <= self.reference_date)


def staffing_read(clocks: Clocks) -> StaffingRead:
    """Return what was known of staffing: three queries, and at an earlier moment what changed."""
    lines, figures, flows = _tables(clocks.moment_asked)
    return StaffingRead(lines, figures, flows, clocks.reference_date)


@steady
def _tables(
    moment: datetime | None,
) -> tuple[
    tuple[tuple[StaffingLine, int], ...], tuple[StaffingFigure, ...], tuple[StaffingFlow, ...]
]:
    lines = rows_known(StaffingLine.objects.select_related("unit"), moment)
    figures = rows_known(StaffingFigure.objects.all(), moment)
    flows = rows_known(StaffingFlow.objects.all(), moment)
    return (
        _in_tree_order(lines),
        tuple(row for row in figures if row.withdrawn_at is None),
        tuple(row for row in flows if row.withdrawn_at is None),
    )


def _in_tree_order(lines: Sequence[StaffingLine]) -> tuple[tuple[StaffingLine, int], ...]:
    """Return each line with its depth, followed by those below it."""
    below: dict[int | None, list[StaffingLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda row: (row.order, row.code)):
        below[line.parent_id].append(line)
    found: list[tuple[StaffingLine, int]] = []
    waiting = [(line, 0) for line in reversed(below[None])]
    while waiting:
        line, depth = waiting.pop()
        found.append((line, depth))
        waiting.extend((child, depth + 1) for child in reversed(below[line.pk]))
    return tuple(found)
