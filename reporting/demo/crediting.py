"""What budgets give the department's own lines in the demo, and what of it was used."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from budget.choices import BudgetVersion, CreditCategory, CreditTable
from budget.models import CENTS_PER_KEUR, CreditAmount, CreditExecution, CreditLine
from budget.selectors import CreditBook, Node
from budget.selectors.book import Figure, total
from objectives.indicators.choices import Frequency
from objectives.indicators.periods import periods_between
from personnel.choices import Role
from reporting.demo.chronology import Place
from reporting.demo.means_content import CorrectedContent, MeansContent
from reporting.demo.workshop import Workshop

# The officer enters the initial and the adjusted budget on these days of its year.
_INITIAL: Final = (1, 7)
_ADJUSTED: Final = (7, 9)
# So long after a quarter its execution is recorded, a line every so many seconds; a mistake is
# found later.
_RECORDED_DAYS: Final = 9
_A_LINE: Final = timedelta(seconds=25)
_FOUND_DAYS: Final = 16

# A line grows or shrinks from one year to the next, in thousandths.
_LEAST_GROWTH: Final = -25
_MOST_GROWTH: Final = 45

# What is committed and paid by the end of each quarter, in thousandths of the credits; of each
# line a little less.
_SALARIES: Final = ((251, 250), (503, 501), (752, 750), (998, 996))
_OTHER: Final = ((294, 178), (537, 401), (758, 655), (979, 941))
_LEAST_USED: Final = 930
_HUNDRED_EUROS_CENTS: Final = 10_000


class CreditWriter:
    """Makes entered amounts and execution of the own lines; those below them add up to a line."""

    def __init__(self, workshop: Workshop, told: MeansContent, rng: Random, opened: date) -> None:
        """Write into the demo's rows; nothing before `opened`."""
        self.workshop = workshop
        self.told = told
        self.officer = workshop.user(Role.RESOURCES)
        self._rng = rng
        self._opened = opened
        self._last_year = workshop.today.year - 1

    def write(self) -> None:
        """Make last year and the running year, where there is nothing real. Three queries.

        Without the tables of the plan there is nothing to go by.
        """
        lines = list(CreditLine.objects.filter(is_demo=False))
        book = CreditBook(lines, list(CreditAmount.objects.current().filter(is_demo=False)))
        real = [year for year in book.years if year <= self._last_year]
        if not real:
            return
        used = set(CreditExecution.objects.filter(is_demo=False).values_list("year", flat=True))
        nodes = _own_nodes(book.tree(real[-1], BudgetVersion.INITIAL))
        given = {leaf.line.pk: leaf.figure for leaf in _leaves(nodes) if leaf.figure is not None}
        for year in (self._last_year, self._last_year + 1):
            if year not in book.years:
                given = {key: self._grown(figure) for key, figure in given.items()}
                self._budget(year, nodes, given)
            if year not in used:
                self._executions(year, nodes, given)

    def _grown(self, figure: Figure) -> Figure:
        """Return what the next budget gives, in whole thousands of euros."""
        factor = 1000 + self._rng.randint(_LEAST_GROWTH, _MOST_GROWTH)
        return Figure(
            _keur(figure.commitment_cents * factor, 1000),
            _keur(figure.payment_cents * factor, 1000),
        )

    def _budget(self, year: int, nodes: Sequence[Node], given: Mapping[int, Figure]) -> None:
        """Write the initial budget of all lines, one table, if voted by now."""
        chronology = self.workshop.chronology
        day = max(date(year, *_INITIAL), self._opened + timedelta(days=1))
        if not chronology.has_passed(day):
            return
        whole = {node.line.pk: _figure(node, given) for node in nodes}
        places: list[Place] = []
        for node in nodes:
            places += self._amount(
                node.line,
                year,
                BudgetVersion.INITIAL,
                whole[node.line.pk],
                self.told.credits_reason,
            )
        chronology.date(chronology.noon(day), *places)
        self._adjusted(year, nodes, whole)

    def _adjusted(self, year: int, nodes: Sequence[Node], whole: Mapping[int, Figure]) -> None:
        """Write the adjusted budget of a few lines, if voted by now."""
        chronology, adjusted_on = self.workshop.chronology, date(year, *_ADJUSTED)
        if not chronology.has_passed(adjusted_on):
            return
        by_code = {node.line.code: node.line for node in nodes}
        for number, one in enumerate(self.told.adjusted):
            line = by_code.get(one.line)
            if line is None:
                continue
            figure = whole[line.pk]
            new = Figure(
                _keur(figure.commitment_cents * one.percent, 100),
                _keur(figure.payment_cents * one.percent, 100),
            )
            at = chronology.later(chronology.noon(adjusted_on), number * 5 * _A_LINE)
            chronology.date(at, *self._amount(line, year, BudgetVersion.ADJUSTED, new, one.reason))

    def _amount(
        self, line: CreditLine, year: int, budget: BudgetVersion, figure: Figure, reason: str
    ) -> list[Place]:
        """Make an entered amount with its history, and return the places that have its moment."""
        row = CreditAmount(
            uuid=self.workshop.identity.of("credit", line.code, str(year), budget),
            line=line,
            year=year,
            budget=budget,
            table=CreditTable.ENTERED,
            commitment_cents=figure.commitment_cents,
            payment_cents=figure.payment_cents,
            is_demo=True,
        )
        self.workshop.rows.amounts.append(row)
        changes: dict[str, tuple[object, object]] = {
            "commitment_cents": (None, row.commitment_cents),
            "payment_cents": (None, row.payment_cents),
        }
        entry = self.workshop.entry(row, self.officer, "created", changes, reason=reason)
        return [(row, "created_at"), (entry, "at")]

    def _executions(self, year: int, nodes: Sequence[Node], given: Mapping[int, Figure]) -> None:
        """Write what was used by the end of each quarter that has passed."""
        chronology = self.workshop.chronology
        used = {
            key: (figure, self._rng.randint(_LEAST_USED, 1000)) for key, figure in given.items()
        }
        ended = periods_between(Frequency.TERM, date(year, 1, 1), date(year, 12, 31))
        for quarter, period in enumerate(ended, start=1):
            day = period.end + timedelta(days=_RECORDED_DAYS)
            if not chronology.has_passed(day):
                return
            for number, node in enumerate(nodes):
                figure = total([_used(leaf, used, quarter) for leaf in _leaves([node])])
                if figure is not None:
                    at = chronology.later(chronology.noon(day), number * _A_LINE)
                    self._execution(node.line, period.end, quarter, figure, at)

    def _execution(
        self, line: CreditLine, on: date, quarter: int, figure: Figure, at: datetime
    ) -> None:
        """Make the figure of a day; of one line the mistake first, then the correction."""
        chronology, wrong = self.workshop.chronology, self.told.corrected
        found = chronology.noon(timezone.localdate(at) + timedelta(days=_FOUND_DAYS))
        if not self._is_wrong(wrong, line, on, quarter) or found <= at:
            self._executed(line, on, figure, at)
            return
        mistaken = Figure(figure.commitment_cents * wrong.percent // 100, figure.payment_cents)
        self._executed(line, on, mistaken, at)
        self._executed(line, on, figure, found, wrong.reason)

    def _is_wrong(self, wrong: CorrectedContent, line: CreditLine, on: date, quarter: int) -> bool:
        here = (line.code, on.year, quarter)
        return here == (wrong.line, self._last_year, wrong.quarter)

    def _executed(
        self, line: CreditLine, on: date, figure: Figure, at: datetime, reason: str = ""
    ) -> None:
        about = [reason] if reason else []
        row = CreditExecution(
            uuid=self.workshop.identity.of("execution", line.code, on.isoformat(), *about),
            line=line,
            year=on.year,
            on=on,
            committed_cents=figure.commitment_cents,
            paid_cents=figure.payment_cents,
            recorded_by=self.officer,
            reason=reason,
            is_demo=True,
        )
        self.workshop.rows.executions.append(row)
        self.workshop.chronology.date(at, (row, "recorded_at"))


def _own_nodes(tree: Iterable[Node]) -> list[Node]:
    """Return the department's own lines: at the ends of the branches, and those of a minister."""
    return [
        node
        for top in tree
        for node in top.walk()
        if not node.is_hosted
        and node.own is not None
        and (not node.children or node.line.minister_id is not None)
    ]


def _leaves(nodes: Iterable[Node]) -> list[Node]:
    return [leaf for node in nodes for leaf in node.walk() if not leaf.children]


def _figure(node: Node, given: Mapping[int, Figure]) -> Figure:
    found = total([given.get(leaf.line.pk) for leaf in _leaves([node])])
    return found or Figure(0, 0)


def _used(leaf: Node, used: Mapping[int, tuple[Figure, int]], quarter: int) -> Figure | None:
    """Return what a line at the end of a branch had used by the end of a quarter."""
    if leaf.line.pk not in used:
        return None
    given, factor = used[leaf.line.pk]
    is_salaries = leaf.line.category == CreditCategory.PERSONNEL
    committed, paid = (_SALARIES if is_salaries else _OTHER)[quarter - 1]
    return Figure(
        _rounded(given.commitment_cents * committed * factor),
        _rounded(given.payment_cents * paid * factor),
    )


def _rounded(millionths: int) -> int:
    """Return whole hundreds of euros, in cents."""
    return millionths // 1_000_000 // _HUNDRED_EUROS_CENTS * _HUNDRED_EUROS_CENTS


def _keur(cents: int, divided_by: int) -> int:
    return cents // divided_by // CENTS_PER_KEUR * CENTS_PER_KEUR
