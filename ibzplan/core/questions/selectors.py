"""Questions with their answers, as known at a moment and as one reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Answer, Question, Record
from ibzplan.core.questions import registry
from ibzplan.core.questions.registry import About, Reference
from ibzplan.core.questions.rows import QuestionRow, question_rows
from ibzplan.core.steady import steady

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.access import Access
    from personnel.models import User


@dataclass(frozen=True, slots=True)
class QuestionsPanel:
    """The questions about a record, for one reader; `kinds` are those that they may put."""

    target: Record
    rows: tuple[QuestionRow, ...]
    kinds: tuple[str, ...]
    can_answer: frozenset[UUID]

    @property
    def open_count(self) -> int:
        """Return how many wait for an answer."""
        return sum(row.is_open for row in self.rows)

    @property
    def asks(self) -> list[tuple[str, str]]:
        """Return what the reader may put, in words, each with the address of its form."""
        words = {
            QuestionKind.QUESTION: _("Ask a question"),
            QuestionKind.DECISION: _("Give a decision"),
            QuestionKind.REQUEST: _("Ask for a decision"),
        }
        return [(words[QuestionKind(kind)], ask_url(self.target, kind)) for kind in self.kinds]


def ask_url(target: Record, kind: str = "", anchor: str = "") -> str:
    """Return the address of the form with which one asks about a record, or a place of it."""
    parts = {"type": target.type_name(), "target": str(target.uuid), "kind": kind, "at": anchor}
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"{reverse('questions:new')}?{query}"


def questions_visible(access: "Access") -> QuerySet[Question]:
    """Return the questions that the reader may see, about records that they may see.

    Both sides, the corporate cell, the committee and the auditor: never another cabinet.
    """
    return Question.objects.filter(registry.parties().reads(access), registry.seen_by(access))


def known_questions(rows: QuerySet[Question], clocks: Clocks) -> QuerySet[Question]:
    """Keep those that were asked by then, each with the answers known then: two queries."""
    answers = Answer.objects.filter(answered_at__lte=clocks.known_at)
    return (
        rows.filter(asked_at__lte=clocks.known_at)
        .select_related("asked_by", "withdrawn_by")
        .prefetch_related(
            Prefetch("answers", answers.select_related("answered_by"), to_attr="known_answers")
        )
    )


def is_answered(clocks: Clocks) -> Exists:
    """Return the condition that a question had an answer by then."""
    answers = Answer.objects.filter(question=OuterRef("pk"), answered_at__lte=clocks.known_at)
    return Exists(answers)


def is_withdrawn(clocks: Clocks) -> Q:
    """Return the condition that a question was taken back by then."""
    return Q(withdrawn_at__lte=clocks.known_at)


def open_at(rows: QuerySet[Question], clocks: Clocks) -> QuerySet[Question]:
    """Keep what waited for an answer at the moment of the clocks."""
    return rows.filter(~is_answered(clocks), asked_at__lte=clocks.known_at).exclude(
        is_withdrawn(clocks)
    )


def question_row(access: "Access", uuid: UUID, clocks: Clocks) -> QuestionRow | None:
    """Return one question as it stood, or None for whoever may not see it. Three queries."""
    rows = question_rows(
        known_questions(questions_visible(access).filter(uuid=uuid), clocks), clocks
    )
    return rows[0] if rows else None


def questions_on(
    user: "User | AnonymousUser", targets: Sequence[Reference], clocks: Clocks
) -> dict[Reference, list[QuestionRow]]:
    """Return the questions about each of the records, those that wait first.

    Two queries, and one for each type of record that has any; none while these are as the same
    reader found them.
    """
    access = registry.parties().access_of(user)
    if not targets or not registry.parties().takes_part(access):
        return {}
    asked = _asked_about(access, frozenset(targets), clocks if clocks.moment_kept else None)
    rows = question_rows(asked.questions, clocks, asked.abouts)
    found: dict[Reference, list[QuestionRow]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault((row.question.target_type, row.question.target_uuid), []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """Questions with their answers, and what they are about."""

    questions: tuple[Question, ...]
    abouts: Mapping[Reference, About]


@steady
def _asked_about(access: "Access", targets: frozenset[Reference], pinned: Clocks | None) -> _Asked:
    """Return what is asked about records, on a page of now or of an earlier moment."""
    wanted = Q(pk=None)
    for type_name in {name for name, _uuid in targets}:
        uuids = [uuid for name, uuid in targets if name == type_name]
        wanted |= Q(target_type=type_name, target_uuid__in=uuids)
    rows = known_questions(questions_visible(access).filter(wanted), pinned or Clocks.now())
    questions = tuple(rows)
    references = [(row.target_type, row.target_uuid) for row in questions]
    return _Asked(questions, registry.abouts(references, pinned))


def _order(row: QuestionRow) -> tuple[bool, float, int]:
    """Put what waits first, by its day; then the newest."""
    if row.is_open:
        return (False, row.question.due_on.toordinal(), row.question.pk)
    return (True, -row.question.asked_at.timestamp(), -row.question.pk)


def questions_panel(
    user: "User | AnonymousUser", target: Record, clocks: Clocks
) -> QuestionsPanel | None:
    """Return the questions about a record for its page; None for whoever takes no part in them.

    On a page of an earlier moment nobody asks or answers.
    """
    parties = registry.parties()
    access = parties.access_of(user)
    if not parties.takes_part(access):
        return None
    key = (target.type_name(), target.uuid)
    rows = tuple(questions_on(user, [key], clocks).get(key, ()))
    kinds: tuple[str, ...] = ()
    can_answer: frozenset[UUID] = frozenset()
    found = registry.askable(target.type_name())
    if found is not None and not clocks.pinned_known:
        unit_id = found.unit(target).pk
        kinds = parties.kinds(access, unit_id) if found.is_open(target) else ()
        can_answer = frozenset(
            row.question.uuid
            for row in rows
            if row.is_open and parties.answers(access, row.question, unit_id)
        )
    return QuestionsPanel(target, rows, kinds, can_answer)


def open_requests(
    access: "Access", clocks: Clocks, minister: Record | None = None
) -> list[QuestionRow]:
    """Return the decisions that are asked and not given, the earliest day first.

    Of one minister, or of all that the reader may see. Two queries, and one a type of record.
    """
    rows = questions_visible(access).filter(kind=QuestionKind.REQUEST)
    if minister is not None:
        rows = rows.filter(minister_uuid=minister.uuid)
    return question_rows(known_questions(open_at(rows, clocks), clocks), clocks)


def questions_to_answer(access: "Access", clocks: Clocks) -> QuerySet[Question]:
    """Return what waits for an answer of this reader, the earliest day first."""
    rows = Question.objects.filter(registry.parties().to_answer(access))
    return known_questions(open_at(rows.filter(registry.seen_by(access)), clocks), clocks)
