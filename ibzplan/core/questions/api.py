"""Questions and decisions in the API: read as on the pages, never another cabinet's."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.models import Question
from ibzplan.core.questions import registry
from ibzplan.core.questions.feed import QUESTIONS
from ibzplan.core.questions.filtersets import QuestionFilters
from ibzplan.core.questions.rows import ANSWERED, OPEN, WITHDRAWN, question_rows
from ibzplan.core.questions.selectors import (
    is_answered,
    is_withdrawn,
    known_questions,
    questions_visible,
)
from ibzplan.core.questions.serializers import QuestionItem, question_item

# Where a row of a page keeps what it is about, as `prefetch_related` would.
_SHOWN: Final = "_known_row"


class Questions(Collection[Question]):
    """Questions and decisions between the ministers' cabinets and the units, with answers."""

    name = "questions"
    item_type = QuestionItem
    filterset = QuestionFilters
    reference_date_means = "Which are late is told as of this date."
    sortable = {"askedAt": "asked_at", "dueOn": "due_on"}
    default_order = ("dueOn", "askedAt")
    feed = QUESTIONS
    search_prefix = None
    embeds = {"unit": "organisationUnits", "minister": "ministers"}

    def visible(self, read: Read) -> QuerySet[Question]:
        """Return those that the user takes part in or may read, asked by then."""
        parties = registry.parties()
        access = parties.access_of(read.user)
        if not parties.takes_part(access):
            return Question.objects.none()
        rows: QuerySet[Question] = known_questions(questions_visible(access), read.clocks)
        state = Case(
            When(Q(is_answered(read.clocks)), then=Value(ANSWERED)),
            When(is_withdrawn(read.clocks), then=Value(WITHDRAWN)),
            default=Value(OPEN),
            output_field=CharField(),
        )
        return rows.annotate(known_state=state)

    def item(self, row: Question, read: Read) -> QuestionItem:
        """Return one question."""
        return question_item(vars(row)[_SHOWN], read.links)

    def shown(self, rows: Sequence[Question], read: Read) -> Sequence[Question]:
        """Return the questions with what they are about: a query or a few more a type of record."""
        found = question_rows(rows, read.clocks)
        for shown in found:
            vars(shown.question)[_SHOWN] = shown
        return [shown.question for shown in found]


COLLECTIONS = (Questions(),)
