"""A question as a page shows it: with its answers, its state and what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind, QuestionState, Verdict
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Answer, Question
from ibzplan.core.questions import registry
from ibzplan.core.questions.registry import About, Reference

OPEN: Final = QuestionState.OPEN.value
ANSWERED: Final = QuestionState.ANSWERED.value
WITHDRAWN: Final = QuestionState.WITHDRAWN.value


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its answers, the oldest first, as they stood at the clocks.

    `place` names the part of the record that it speaks of, '' for the whole; `unit` is the code of
    the unit that had the record when it was asked, `minister` the name of the office. On a page of
    an earlier moment `about` says what the record was called then.
    """

    question: Question
    answers: tuple[Answer, ...]
    about: About
    place: str
    minister: LocalisedText
    unit: str
    clocks: Clocks

    @property
    def url(self) -> str:
        """Return the address of its own page, at the same moment."""
        known = self.clocks.query if self.clocks.pinned_known else ""
        return reverse("questions:detail", args=[self.question.uuid]) + known

    @property
    def code(self) -> str:
        """Return the code of what it is about."""
        return self.about.code

    @property
    def title(self) -> LocalisedText:
        """Return the name of what it is about."""
        return self.about.title

    @property
    def target_url(self) -> str:
        """Return the address of what it is about, at the same moment."""
        return self.about.url + (self.clocks.query if self.clocks.pinned_known else "")

    @property
    def due_on(self) -> date:
        """Return the day by which an answer is awaited."""
        return self.question.due_on

    @property
    def state(self) -> str:
        """Return 'open', 'answered' or 'withdrawn'."""
        if self.answers:
            return ANSWERED
        ended = self.question.withdrawn_at
        return WITHDRAWN if ended is not None and ended <= self.clocks.known_at else OPEN

    @property
    def is_open(self) -> bool:
        """Tell whether an answer was awaited still."""
        return self.state == OPEN

    @property
    def is_late(self) -> bool:
        """Tell whether the day of the answer had passed without one."""
        return self.is_open and self.question.due_on < self.clocks.reference_date

    @property
    def verdict(self) -> str:
        """Return what the cabinet decided last; '' when it did not, or was not asked to."""
        return next((row.verdict for row in reversed(self.answers) if row.verdict), "")

    @property
    def state_text(self) -> str:
        """Return the state in words: of a request that was answered, the verdict."""
        if self.verdict:
            return str(Verdict(self.verdict).label)
        if self.state == OPEN:
            return _("Late") if self.is_late else str(QuestionState.OPEN.label)
        return str(QuestionState(self.state).label)

    @property
    def kind_text(self) -> str:
        """Return what kind it is, in words."""
        return str(QuestionKind(self.question.kind).label)

    @property
    def is_request(self) -> bool:
        """Tell whether the unit asks and the cabinet decides."""
        return self.question.kind == QuestionKind.REQUEST

    @property
    def asker(self) -> LocalisedText:
        """Return the side that asks: the office of the minister, or the unit."""
        return (
            LocalisedText({"nl": self.unit, "fr": self.unit}) if self.is_request else self.minister
        )

    @property
    def asked_of(self) -> LocalisedText:
        """Return the side that answers: the unit that has the record, or the minister."""
        unit = self.about.unit
        return self.minister if self.is_request else LocalisedText({"nl": unit, "fr": unit})


def question_rows(
    questions: Iterable[Question],
    clocks: Clocks,
    abouts: Mapping[Reference, About] | None = None,
) -> list[QuestionRow]:
    """Return rows read by `known_questions` with what they are about: see `registry.abouts`.

    No query for those with the `abouts` that were read already.
    """
    rows = list(questions)
    if not rows:
        return []
    if abouts is None:
        abouts = registry.abouts(((row.target_type, row.target_uuid) for row in rows), clocks)
    parties = registry.parties()
    ministers, units = parties.ministers(), parties.units()
    nameless = ("", LocalisedText())
    return [
        QuestionRow(
            question=row,
            answers=tuple(getattr(row, "known_answers", ())),
            about=abouts[row.target_type, row.target_uuid],
            place=registry.place_label(row.target_type, row.anchor),
            minister=ministers.get(row.minister_uuid, nameless)[1],
            unit=units.get(row.unit_uuid, nameless)[0],
            clocks=clocks,
        )
        for row in rows
        if (row.target_type, row.target_uuid) in abouts
    ]
