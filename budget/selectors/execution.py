"""What of the credits was committed and paid, as known at a moment."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from budget.models import CreditExecution, CreditLine
from budget.selectors.book import Figure
from ibzplan.core.clocks import Clocks


@dataclass(frozen=True, slots=True)
class ExecutionDay:
    """What a line had used by a day: the row that counts, and those that it corrected."""

    row: CreditExecution
    corrected: tuple[CreditExecution, ...] = ()

    def committed_share(self, credit: Figure | None) -> Fraction | None:
        """Return the committed part of the commitment credits; None without any."""
        return _share(self.row.committed_cents, credit.commitment_cents if credit else 0)

    def paid_share(self, credit: Figure | None) -> Fraction | None:
        """Return the paid part of the payment credits; None without any."""
        return _share(self.row.paid_cents, credit.payment_cents if credit else 0)


def _share(used: int, given: int) -> Fraction | None:
    return Fraction(used, given) if given else None


def execution_days(line: CreditLine, clocks: Clocks) -> list[ExecutionDay]:
    """Return what a line had used by each day, the latest day first: one query.

    Days after the reference date are left out, and so is what was recorded later.
    """
    rows = CreditExecution.objects.filter(line=line).known_at(clocks.known_at)
    by_day: dict[date, list[CreditExecution]] = defaultdict(list)
    ordered = rows.until(clocks.reference_date).select_related("recorded_by")
    for row in ordered.order_by("recorded_at", "pk"):
        by_day[row.on].append(row)
    return [
        ExecutionDay(found[-1], tuple(reversed(found[:-1])))
        for _day, found in sorted(by_day.items(), reverse=True)
    ]


def execution_standing(year: int, clocks: Clocks) -> dict[int, CreditExecution]:
    """Return by the key of a line its latest execution in a year, up to the reference date: one
    query. It counts for that line alone: those below it may have been counted on other days.
    """
    rows = CreditExecution.objects.filter(year=year).known_at(clocks.known_at)
    ordered = rows.until(clocks.reference_date).order_by("on", "recorded_at", "pk")
    return {row.line_id: row for row in ordered}


def execution_of_day(line: CreditLine, on: date) -> CreditExecution | None:
    """Return the row that counts now for a line and a day."""
    found: CreditExecution | None = (
        CreditExecution.objects.filter(line=line, on=on).order_by("-recorded_at", "-pk").first()
    )
    return found
