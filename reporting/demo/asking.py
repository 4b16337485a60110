"""Writes what cabinets and directorates ask each other, with the answers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from ibzplan.core.choices import QuestionKind
from ibzplan.core.models import Answer, Question
from ibzplan.core.questions.due import usual_due
from objectives.indicators.choices import Frequency
from objectives.indicators.models import Indicator
from objectives.indicators.periods import periods_between
from objectives.planning.models import OperationalObjective
from objectives.planning.questions import anchor_of
from personnel.choices import Role
from personnel.models import User
from reporting.demo.asking_content import AnswerContent, QuestionContent
from reporting.demo.workshop import Workshop


class QuestionWriter:
    """Makes questions with their answers; `objectives` and `indicators` by their Dutch title."""

    def __init__(
        self,
        workshop: Workshop,
        objectives: Mapping[str, OperationalObjective],
        indicators: Mapping[str, Indicator],
    ) -> None:
        """Write into the demo's rows."""
        self.workshop = workshop
        self._objectives = objectives
        self._indicators = indicators

    def write(self) -> None:
        """Make those whose objective was in force when they were asked."""
        for number, told in enumerate(self.workshop.content.questions):
            objective = self._objectives[told.of]
            asked_at = self._noon(told.asked, number)
            if objective.approved_at is not None and objective.approved_at < asked_at:
                self._question(number, told, objective, asked_at)

    def _noon(self, days_ago: int, number: int) -> datetime:
        """Return a moment around that noon; nothing here is left to chance."""
        chronology = self.workshop.chronology
        noon = chronology.noon(self.workshop.today - timedelta(days=days_ago))
        return chronology.later(noon, timedelta(minutes=7 * number))

    def _question(
        self, number: int, told: QuestionContent, objective: OperationalObjective, at: datetime
    ) -> None:
        workshop = self.workshop
        target = self._indicators[told.indicator] if told.indicator else objective
        asker = self._asker(told, objective)
        row = Question(
            uuid=workshop.identity.of("question", str(number)),
            kind=told.kind,
            target_type=target.type_name(),
            target_uuid=target.uuid,
            anchor=self._anchor(told, objective),
            text=told.whole_text,
            minister_uuid=workshop.ground.ministers[told.minister].uuid,
            unit_uuid=objective.unit.uuid,
            due_on=usual_due(timezone.localdate(at)),
            asked_by=asker,
            is_demo=True,
        )
        workshop.rows.questions.append(row)
        changes: dict[str, tuple[object, object]] = {
            "text": (None, row.text),
            "due_on": (None, row.due_on.isoformat()),
        }
        places = [(row, "asked_at"), (row, "created_at")]
        workshop.note(row, asker, at, "created", changes, also=places)
        for place, answer in enumerate(told.answers):
            self._answer(row, place, answer, told, objective, self._noon(answer.days, number))

    def _answer(
        self,
        question: Question,
        place: int,
        told: AnswerContent,
        about: QuestionContent,
        objective: OperationalObjective,
        at: datetime,
    ) -> None:
        workshop, author = self.workshop, self._author(told.by, about.minister, objective)
        row = Answer(
            uuid=workshop.identity.of("answer", str(question.uuid), str(place)),
            question=question,
            text=told.text,
            verdict=told.verdict,
            answered_by=author,
            is_demo=True,
        )
        workshop.rows.answers.append(row)
        workshop.note(
            question,
            author,
            at,
            "supplemented" if place else "answered",
            {"answer": (None, told.text), "verdict": (None, told.verdict)},
            about=str(place),
            also=[(row, "answered_at"), (row, "created_at")],
        )

    def _asker(self, told: QuestionContent, objective: OperationalObjective) -> User:
        if told.kind != QuestionKind.REQUEST:
            return self._author("cabinet", told.minister, objective)
        return self._author(told.by or "head", told.minister, objective)

    def _author(self, by: str, minister: str, objective: OperationalObjective) -> User:
        if by == "cabinet":
            accounts = self.workshop.content.accounts
            name = next(
                one.username
                for one in accounts
                if (one.role, one.minister) == (Role.CABINET, minister)
            )
            return self.workshop.users[name]
        if by == "corporate":
            return self.workshop.user(Role.CORPORATE)
        desk = self.workshop.desk(objective.unit.code)
        return desk.planner if by == "planner" else desk.head

    def _anchor(self, told: QuestionContent, objective: OperationalObjective) -> str:
        """Return the place of the last quarter that ended before it was asked."""
        if not told.anchor:
            return ""
        asked_on = self.workshop.today - timedelta(days=told.asked)
        ended = periods_between(Frequency.TERM, date(objective.plan.year, 1, 1), asked_on)
        return anchor_of(told.anchor, ended[-1]) if ended else ""
