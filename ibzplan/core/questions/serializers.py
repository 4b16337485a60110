"""How the API shows questions and decisions between cabinets and units."""

from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from ibzplan.core.models import Answer
from ibzplan.core.questions import registry
from ibzplan.core.questions.rows import WITHDRAWN, QuestionRow


class QuestionSubject(TypedDict):
    """What a question is about: a resource of `collection`, as it was called at `asOf`."""

    id: UUID
    collection: str
    code: str
    href: str
    title: Localised | None


class AnswerItem(TypedDict):
    """An answer; `verdict` is what the cabinet decided on a request."""

    id: UUID
    text: str
    verdict: str | None
    answeredAt: datetime


class QuestionItem(TypedDict):
    """A question or decision that a cabinet puts to a unit, or a decision that a unit asks.

    `place` is the part of the subject that it speaks of: the name of a field, or narrative or
    figure with its period (`figure:2026-T3`). `unit` has the subject, `minister` is the office that
    asks or is asked. `state` is open, answered or withdrawn; `late` is an open one of which `dueOn`
    lies before the reference date. `verdict` is the last one given.
    """

    id: UUID
    href: str
    kind: str
    state: str
    about: QuestionSubject
    place: str | None
    unit: Reference | None
    minister: Reference | None
    text: str
    askedAt: datetime
    dueOn: date
    late: bool
    answers: list[AnswerItem]
    verdict: str | None
    withdrawnAt: datetime | None
    fictional: bool


def question_item(row: QuestionRow, links: Links) -> QuestionItem:
    """Return a question as it stood at the clocks of the row."""
    question = row.question
    return {
        "id": question.uuid,
        "href": links.to("questions", question.uuid),
        "kind": camel(question.kind),
        "state": row.state,
        "about": _subject(row, links),
        "place": question.anchor or None,
        "unit": _unit(row.about.unit, links),
        "minister": _minister(question.minister_uuid, links),
        "text": question.text,
        "askedAt": question.asked_at,
        "dueOn": question.due_on,
        "late": row.is_late,
        "answers": [_answer(one) for one in row.answers],
        "verdict": camel(row.verdict) or None,
        "withdrawnAt": question.withdrawn_at if row.state == WITHDRAWN else None,
        "fictional": question.is_demo,
    }


def _subject(row: QuestionRow, links: Links) -> QuestionSubject:
    question = row.question
    collection = registry.askable_types()[question.target_type].collection
    return {
        "id": question.target_uuid,
        "collection": collection,
        "code": row.code,
        "href": links.to(collection, question.target_uuid),
        "title": localised(row.title),
    }


def _answer(answer: Answer) -> AnswerItem:
    return {
        "id": answer.uuid,
        "text": answer.text,
        "verdict": camel(answer.verdict) or None,
        "answeredAt": answer.answered_at,
    }


def _unit(code: str, links: Links) -> Reference | None:
    units = registry.parties().units()
    uuid = next((uuid for uuid, (one, _title) in units.items() if one == code), None)
    return reference(links, "organisationUnits", uuid, code) if uuid else None


def _minister(uuid: UUID, links: Links) -> Reference | None:
    found = registry.parties().ministers().get(uuid)
    return reference(links, "ministers", uuid, found[0]) if found else None
