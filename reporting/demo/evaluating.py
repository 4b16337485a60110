"""Final evaluations: handed in for the year that is over, begun here and there for this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.choices import Status
from objectives.planning.choices import EvaluationResult, EvaluationState
from objectives.planning.models import FinalEvaluation, OperationalObjective
from objectives.planning.selectors.closing import evaluation_opens_on
from objectives.planning.selectors.year_end import statuses_at_year_end
from reporting.demo.cycle import EvaluationContent
from reporting.demo.workshop import Desk, Workshop

# Of the year that is over: written and handed in on some day of these weeks, after New Year.
_FIRST_WRITTEN: Final = (1, 20)
_WITHIN_DAYS: Final = 18
_HANDED_IN_DAYS: Final = 8
# Of the running year: so many days after evaluations open, every so many objectives.
_BEGUN_AFTER_DAYS: Final = 2
_BEGUN_EVERY: Final = 8

_RESULTS: Final[Mapping[str, str]] = {
    Status.ACHIEVED: EvaluationResult.ACHIEVED,
    Status.ON_TRACK: EvaluationResult.ACHIEVED,
    Status.AT_RISK: EvaluationResult.PARTLY,
    Status.NO_DATA: EvaluationResult.PARTLY,
    Status.NOT_STARTED: EvaluationResult.PARTLY,
    Status.OFF_TRACK: EvaluationResult.NOT_ACHIEVED,
}


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An evaluation handed in whose result follows from the figures, once they are written."""

    row: FinalEvaluation
    created: HistoryEntry
    handed_in: HistoryEntry | None


class EvaluationWriter:
    """Makes the evaluations in two goes: their days at once, their results when figures are in."""

    def __init__(self, workshop: Workshop) -> None:
        """Start with none."""
        self.workshop = workshop
        self._waiting: list[_Waiting] = []
        self._taken: dict[str, int] = {}
        self._running = 0

    def of_last_year(self, objective: OperationalObjective, desk: Desk) -> None:
        """Let the planner write the evaluation and the head hand it in, if those days passed."""
        chronology = self.workshop.chronology
        first = date(objective.plan.year + 1, *_FIRST_WRITTEN)
        day = first + timedelta(days=len(self._waiting) * 5 % _WITHIN_DAYS)
        if not chronology.has_passed(day):
            return
        row, created = self._begin(objective, desk, day)
        handed_in: HistoryEntry | None = None
        later = day + timedelta(days=_HANDED_IN_DAYS)
        if chronology.has_passed(later):
            row.state, row.handed_in_by = EvaluationState.HANDED_IN, desk.head
            row.version += 1
            handed_in = self.workshop.entry(row, desk.head, "handed_in", {})
            chronology.date(chronology.noon(later), (handed_in, "at"), (row, "handed_in_at"))
        self._waiting.append(_Waiting(row, created, handed_in))

    def of_running_year(self, objective: OperationalObjective, desk: Desk) -> None:
        """Let some planners begin: an explanation in one language, nothing decided yet."""
        self._running += 1
        opened = evaluation_opens_on(objective.plan.year)
        day = opened + timedelta(days=_BEGUN_AFTER_DAYS + self._running % 7)
        if self._running % _BEGUN_EVERY or not self.workshop.chronology.has_passed(day):
            return
        row, created = self._begin(objective, desk, day)
        row.explanation = LocalisedText(
            {"nl": self._text(EvaluationResult.ACHIEVED).explanation["nl"]}
        )
        created.changes = {"explanation": [None, row.explanation.as_json()]}

    def fill(self) -> None:
        """Give those of last year their result and texts: the figures are in the database."""
        statuses = statuses_at_year_end(
            [
                (one.row.objective, one.row.handed_in_at or one.row.created_at)
                for one in self._waiting
            ]
        )
        for one, status in zip(self._waiting, statuses, strict=True):
            row = one.row
            row.result = _RESULTS[status]
            text = self._text(row.result)
            row.explanation, row.lessons = text.explanation, text.lessons
            one.created.changes = {
                "result": [None, row.result],
                "explanation": [None, row.explanation.as_json()],
                "lessons": [None, row.lessons.as_json()],
            }
            if one.handed_in is not None and row.handed_in_at and row.handed_in_by:
                row.computed_status = status
                one.handed_in.changes = {
                    "state": [EvaluationState.DRAFT, EvaluationState.HANDED_IN],
                    "computed_status": ["", status],
                    "handed_in_at": [None, row.handed_in_at.isoformat()],
                    "handed_in_by": [None, str(row.handed_in_by.uuid)],
                }

    def _begin(
        self, objective: OperationalObjective, desk: Desk, day: date
    ) -> tuple[FinalEvaluation, HistoryEntry]:
        row = FinalEvaluation(
            uuid=self.workshop.identity.of("evaluation", str(objective.uuid)),
            objective=objective,
            is_demo=True,
        )
        self.workshop.rows.evaluations.append(row)
        entry = self.workshop.entry(row, desk.planner, "created", {})
        at = self.workshop.chronology.noon(day)
        self.workshop.chronology.date(at, (entry, "at"), (row, "created_at"))
        return row, entry

    def _text(self, result: str) -> EvaluationContent:
        """Return the next text in stock for a result."""
        stock = self.workshop.content.cycle.evaluations[result]
        number = self._taken.get(result, 0)
        self._taken[result] = number + 1
        return stock[number % len(stock)]
