"""The list of questions: what a reader looks for, and in which words it is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, DateField, F, Q, QuerySet, When

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import fold
from ibzplan.core.models import Answer, Question
from ibzplan.core.questions import registry
from ibzplan.core.questions.registry import About, Reference
from ibzplan.core.questions.rows import ANSWERED, OPEN, WITHDRAWN
from ibzplan.core.questions.selectors import (
    is_answered,
    is_withdrawn,
    known_questions,
    open_at,
    questions_visible,
)

if TYPE_CHECKING:
    from personnel.access import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """What a reader looks for; `unit` and `minister` are codes, '' is everything."""

    state: str = ""
    kind: str = ""
    unit: str = ""
    minister: str = ""
    text: str = ""


def questions_filtered(
    access: "Access", clocks: Clocks, wanted: QuestionFilter
) -> QuerySet[Question]:
    """Return what the list shows: what waits first, the earliest day on top, then the newest.

    `wanted.text` is left to `matching_keys`: the name of what a question is about is not in its
    row.
    """
    rows = questions_visible(access)
    answered = is_answered(clocks)
    if wanted.state == OPEN:
        rows = open_at(rows, clocks)
    elif wanted.state == ANSWERED:
        rows = rows.filter(answered)
    elif wanted.state == WITHDRAWN:
        rows = rows.filter(is_withdrawn(clocks))
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
    return known_questions(rows, clocks).order_by(
        F("waits_until").asc(nulls_last=True), "-asked_at", "-pk"
    )


def _withdrawn_then(clocks: Clocks) -> Q:
    """Say it without a NULL, which a negation would turn into 'unknown'."""
    return Q(withdrawn_at__isnull=False) & is_withdrawn(clocks)


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
    abouts = registry.abouts({(row[2], row[3]) for row in asked}, clocks)
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
    found = known_questions(Question.objects.filter(pk__in=keys), clocks).in_bulk()
    return [found[key] for key in keys if key in found]
