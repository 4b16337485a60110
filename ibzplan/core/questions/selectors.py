"""Questions with their answers, as known at a moment and as one reader may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.models import Answer, Question, Record
from ibzplan.core.questions import registry
from ibzplan.core.questions.registry import About, Reference

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.access import Access
    from personnel.models import User

OPEN = "open"
ANSWERED = "answered"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with its answers, the oldest first, as they stood at the clocks.

    `place` names the part of the record that it speaks of, '' for the whole; `unit` is the code of
    the unit that had the record when it was asked, `minister` the name of the office.
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
        """Return the address of what it is about."""
        return self.about.url

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
            return _("Late") if self.is_late else pgettext("question", "Open")
        return _("Answered") if self.state == ANSWERED else pgettext("question", "Withdrawn")

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
            LocalisedText({"nl": self.unit, "fr": self.unit})
            if self.is_request
            else (self.minister)
        )

    @property
    def asked_of(self) -> LocalisedText:
        """Return the side that answers: the unit that has the record now, or the minister."""
        unit = self.about.unit
        return self.minister if self.is_request else LocalisedText({"nl": unit, "fr": unit})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """What a reader looks for; `unit` and `minister` are codes, '' is everything."""

    state: str = ""
    kind: str = ""
    unit: str = ""
    minister: str = ""
    text: str = ""


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


def _known(rows: QuerySet[Question], clocks: Clocks) -> QuerySet[Question]:
    answers = Answer.objects.filter(answered_at__lte=clocks.known_at)
    return (
        rows.filter(asked_at__lte=clocks.known_at)
        .select_related("asked_by", "withdrawn_by")
        .prefetch_related(
            Prefetch("answers", answers.select_related("answered_by"), to_attr="known_answers")
        )
    )


def _is_answered(clocks: Clocks) -> Exists:
    answers = Answer.objects.filter(question=OuterRef("pk"), answered_at__lte=clocks.known_at)
    return Exists(answers)


def _is_withdrawn(clocks: Clocks) -> Q:
    return Q(withdrawn_at__lte=clocks.known_at)


def open_at(rows: QuerySet[Question], clocks: Clocks) -> QuerySet[Question]:
    """Keep what waited for an answer at the moment of the clocks."""
    return rows.filter(~_is_answered(clocks), asked_at__lte=clocks.known_at).exclude(
        _is_withdrawn(clocks)
    )


def question_rows(
    questions: Iterable[Question],
    clocks: Clocks,
    abouts: Mapping[Reference, About] | None = None,
) -> list[QuestionRow]:
    """Return rows read by `_known` with what they are about: one query a type of record.

    None with the `abouts` that were read already.
    """
    rows = list(questions)
    if not rows:
        return []
    if abouts is None:
        abouts = registry.abouts((row.target_type, row.target_uuid) for row in rows)
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


def question_row(access: "Access", uuid: UUID, clocks: Clocks) -> QuestionRow | None:
    """Return one question as it stood, or None for whoever may not see it. Three queries."""
    rows = question_rows(_known(questions_visible(access).filter(uuid=uuid), clocks), clocks)
    return rows[0] if rows else None


def questions_on(
    user: "User | AnonymousUser", targets: Sequence[Reference], clocks: Clocks
) -> dict[Reference, list[QuestionRow]]:
    """Return the questions about each of the records, those that wait first.

    Two queries, and one for each type of record that has any.
    """
    wanted = Q(pk=None)
    for type_name in {name for name, _uuid in targets}:
        uuids = [uuid for name, uuid in targets if name == type_name]
        wanted |= Q(target_type=type_name, target_uuid__in=uuids)
    access = registry.parties().access_of(user)
    if not targets or not registry.parties().takes_part(access):
        return {}
    rows = question_rows(_known(questions_visible(access).filter(wanted), clocks), clocks)
    found: dict[Reference, list[QuestionRow]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault((row.question.target_type, row.question.target_uuid), []).append(row)
    return found


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
    return question_rows(_known(open_at(rows, clocks), clocks), clocks)


def questions_to_answer(access: "Access", clocks: Clocks) -> QuerySet[Question]:
    """Return what waits for an answer of this reader, the earliest day first."""
    rows = Question.objects.filter(registry.parties().to_answer(access))
    return _known(open_at(rows.filter(registry.seen_by(access)), clocks), clocks)


def questions_filtered(
    access: "Access", clocks: Clocks, wanted: QuestionFilter
) -> QuerySet[Question]:
    """Return what the list shows: what waits first, the earliest day on top, then the newest.

    `wanted.text` is left to `matching_keys`: the name of what a question is about is not in its
    row.
    """
    rows = questions_visible(access)
    answered = _is_answered(clocks)
    if wanted.state == OPEN:
        rows = open_at(rows, clocks)
    elif wanted.state == ANSWERED:
        rows = rows.filter(answered)
    elif wanted.state == WITHDRAWN:
        rows = rows.filter(_is_withdrawn(clocks))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    parties = registry.parties()
    for code, column, named in (
        (wanted.unit, "unit_uuid", parties.units),
        (wanted.minister, "minister_uuid", parties.ministers),
    ):
        if code:
            rows = rows.filter(**{f"{column}__in": _coded(named(), code)})
    waits = When(~Q(answered) & ~_withdrawn_then(clocks), then=F("due_on"))
    rows = rows.annotate(waits_until=Case(waits, default=None, output_field=DateField()))
    return _known(rows, clocks).order_by(F("waits_until").asc(nulls_last=True), "-asked_at", "-pk")


def _withdrawn_then(clocks: Clocks) -> Q:
    """Say it without a NULL, which a negation would turn into 'unknown'."""
    return Q(withdrawn_at__isnull=False) & _is_withdrawn(clocks)


def _coded(named: Mapping[UUID, tuple[str, Any]], code: str) -> list[UUID]:
    return [uuid for uuid, (one, _title) in named.items() if one == code]


def matching_keys(
    rows: QuerySet[Question], text: str, clocks: Clocks
) -> tuple[list[int], Mapping[Reference, About]]:
    """Return the keys of the questions in which all words stand, whatever their case and accents.

    With them, what all of `rows` are about. In the order of `rows`, and without making a record of
    each: two queries, and one a type of record.
    """
    words = fold(text).split()
    asked = list(
        rows.prefetch_related(None).values_list(
            "pk", "text", "target_type", "target_uuid", "anchor", "unit_uuid"
        )
    )
    answers: dict[int, list[str]] = {}
    said = Answer.objects.filter(
        question__in=rows.order_by().values("pk"), answered_at__lte=clocks.known_at
    )
    for question_id, answer in said.order_by().values_list("question_id", "text"):
        answers.setdefault(question_id, []).append(answer)
    abouts = registry.abouts({(row[2], row[3]) for row in asked})
    named = _names({(row[2], row[3], row[4], row[5]) for row in asked}, abouts)
    keys = [
        pk
        for pk, question, *about in asked
        if (name := named.get(tuple(about))) is not None
        and all(word in name for word in _missing(words, [question, *answers.get(pk, ())]))
    ]
    return keys, abouts


def _missing(words: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return the words that do not stand in what was said."""
    said = fold(" ".join(texts))
    return [word for word in words if word not in said]


def _names(
    wanted: Iterable[tuple[str, UUID, str, UUID]], abouts: Mapping[Reference, About]
) -> dict[tuple[Any, ...], str]:
    """Return by record, place and unit the folded names by which one looks for them."""
    units = registry.parties().units()
    found: dict[tuple[Any, ...], str] = {}
    for type_name, uuid, anchor, unit_uuid in wanted:
        one = abouts.get((type_name, uuid))
        if one is not None:
            unit = units[unit_uuid][0] if unit_uuid in units else ""
            place = registry.place_label(type_name, anchor)
            names = [one.code, *one.title.values(), place, unit, one.unit]
            found[type_name, uuid, anchor, unit_uuid] = fold(" ".join(names))
    return found


def questions_keyed(keys: Sequence[int], clocks: Clocks) -> list[Question]:
    """Return these questions with their answers, in this order: two queries."""
    found = _known(Question.objects.filter(pk__in=keys), clocks).in_bulk()
    return [found[key] for key in keys if key in found]
