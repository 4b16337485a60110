"""The figures of chapter 3: as the plan prints them, what came later, and their targets."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.dateparse import parse_date

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import rows_known
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import Plan, PlanElement

_HUNDRED: Final = Decimal(100)
_PERCENT: Final = "%"


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure as the plan prints it. Of a ratio `value` is the first part and `of` the second.

    `on` is its day and `year` its year, where the plan names one. `is_target`: the figure itself is
    what is to be reached. `most` is the whole that a part of it cannot exceed.
    """

    value: Decimal
    of: Decimal | None
    on: date | None
    year: int | None
    is_target: bool
    most: Decimal | None

    @property
    def begins_on(self) -> date | None:
        """Return where it stands in a drawing: a figure of a year at its end."""
        return self.on or (date(self.year, 12, 31) if self.year else None)


@dataclass(frozen=True, slots=True)
class StandingTarget:
    """The target that counts; `row` is the entered one, None for what the plan prints."""

    value: Decimal
    due_on: date | None
    row: ResourceTarget | None


@dataclass(frozen=True, slots=True)
class TrackedFigure:
    """A figure with what was recorded of it by the moment of the page.

    `values` count, one a day, by the reference date; `rows` and `targets` are everything that was
    recorded, the latest first.
    """

    element: PlanElement
    printed: PrintedFigure
    values: Sequence[ResourceValue]
    rows: Sequence[ResourceValue]
    targets: Sequence[ResourceTarget]

    @property
    def latest(self) -> ResourceValue | None:
        """Return the value of the last day, None before any."""
        return self.values[-1] if self.values else None

    @property
    def target(self) -> StandingTarget | None:
        """Return the entered target, else the printed one, None where there is none."""
        entered = self.targets[0] if self.targets else None
        if entered is not None and entered.value is not None:
            return StandingTarget(entered.value, entered.due_on, entered)
        if self.printed.is_target:
            return StandingTarget(self.printed.value, None, None)
        return None

    def counts(self, row: ResourceValue) -> bool:
        """Tell whether a row is the one that counts for its day."""
        return row in self.values


def printed_of(element: PlanElement) -> PrintedFigure:
    """Return a figure of the plan as it prints it."""
    held = element.attributes
    of = Decimal(held["of"]) if held.get("of") else None
    value = Decimal(held["value"])
    unit = (held.get("unit") or {}).get("nl", "")
    whole = value + of if of is not None else None
    return PrintedFigure(
        value,
        of,
        parse_date(held["as_of"]) if held.get("as_of") else None,
        held.get("year"),
        bool(held.get("is_target")),
        whole if whole is not None else _HUNDRED if unit == _PERCENT else None,
    )


def tracked_figures(plan: Plan, clocks: Clocks) -> list[TrackedFigure]:
    """Return the figures of the plan in its order: three queries, and what changed since."""
    elements = PlanElement.objects.filter(plan=plan, kind=ElementKind.FIGURE)
    return _tracked(rows_known(elements, clocks.moment_asked), clocks)


def tracked_figure(plan: Plan, code: str, clocks: Clocks) -> TrackedFigure | None:
    """Return one figure by its code; None when there is none."""
    return next((row for row in tracked_figures(plan, clocks) if row.element.code == code), None)


def _tracked(elements: Sequence[PlanElement], clocks: Clocks) -> list[TrackedFigure]:
    values: dict[int, list[ResourceValue]] = defaultdict(list)
    known = {"figure__in": elements, "recorded_at__lte": clocks.known_at}
    rows = ResourceValue.objects.filter(**known).select_related("recorded_by")
    for row in rows.order_by("-recorded_at", "-pk"):
        values[row.figure_id].append(row)
    targets: dict[int, list[ResourceTarget]] = defaultdict(list)
    entered = ResourceTarget.objects.filter(**known).select_related("recorded_by")
    for target in entered.order_by("-recorded_at", "-pk"):
        targets[target.figure_id].append(target)
    return [
        TrackedFigure(
            element,
            printed_of(element),
            _counting(values[element.pk], clocks.reference_date),
            values[element.pk],
            targets[element.pk],
        )
        for element in elements
    ]


def _counting(latest_first: Sequence[ResourceValue], until: date) -> list[ResourceValue]:
    """Return the row that counts for each day, the first day first."""
    found: dict[date, ResourceValue] = {}
    for row in latest_first:
        found.setdefault(row.on, row)
    return [row for day, row in sorted(found.items()) if row.value is not None and day <= until]
