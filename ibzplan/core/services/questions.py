"""Questions and decisions: put, answered, withdrawn; each side is told at once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Answer, Question, Record
from ibzplan.core.questions import registry
from ibzplan.core.questions.due import usual_due
from ibzplan.core.questions.registry import Askable, Side
from ibzplan.core.questions.telling import Event, values_of
from ibzplan.core.services.clock import next_instant
from ibzplan.core.services.history import history_record, record_change
from ibzplan.core.services.notifications import Message, notifications_make
from ibzplan.core.services.texts import text_check

if TYPE_CHECKING:
    from personnel.models import User

LEAST_OPTIONS: Final = 2
KIND: Final = "question"


@transaction.atomic
def question_ask(
    *,
    actor: "User",
    kind: str,
    target: Record,
    text: str,
    minister: UUID | None = None,
    anchor: str = "",
    due_on: date | None = None,
    options: Sequence[str] = (),
) -> Question:
    """Put a question or a decision to the unit that has a record, or ask a minister to decide.

    `minister` may be left out where there is one office only; `due_on` then is the tenth working
    day. A request names at least two `options`, which become part of its text. Asking the same
    twice before it is answered asks it once. Raises NotAllowed, or DomainError with the field's
    name.
    """
    at = next_instant()
    found, target, unit = _asked_about(actor, target)
    office = _office(actor, kind, unit, minister)
    if not found.is_open(target):
        raise DomainError(
            "not_in_force",
            _("This is not approved yet: cabinets do not know it. Ask once it is."),
        )
    if anchor and anchor not in found.anchors(target):
        raise DomainError(
            "unknown_place",
            _("“%(value)s” is no part of it to ask about. Choose one of the list.")
            % {"value": anchor},
            "anchor",
        )
    asked: dict[str, Any] = {
        "kind": kind,
        "target_type": target.type_name(),
        "target_uuid": target.uuid,
        "anchor": anchor,
        "text": _whole_text(kind, text, options),
        "minister_uuid": office,
        "unit_uuid": unit.uuid,
        "due_on": _due(due_on),
        "asked_by": actor,
    }
    before = Question.objects.filter(**asked, withdrawn_at=None, answers=None).first()
    if before is not None:
        return before  # the button was pressed twice
    row = Question.objects.create(**asked, asked_at=at, is_demo=target.is_demo)
    changes = {"text": (None, row.text), "due_on": (None, row.due_on.isoformat())}
    history_record(actor=actor, target=row, action="created", changes=changes, at=at)
    _tell(row, Event.ASKED, unit.pk, at, actor)
    return row


@transaction.atomic
def question_answer(
    *, actor: "User", question: Question, text: str, verdict: str = "", seen: int | None = None
) -> Answer:
    """Answer a question, or add to the answer; the first answer to a request gives the verdict.

    A request that was deferred may get its verdict later. `seen` is how many answers stood on the
    page of whoever answers. Raises NotAllowed, or DomainError when it was withdrawn, when someone
    else answered meanwhile, or with the field's name.
    """
    at = next_instant()
    current = Question.objects.select_for_update().get(pk=question.pk)
    target, unit_id = _target_of(current)
    access = registry.parties().access_of(actor)
    if target is None or not registry.parties().answers(access, current, unit_id):
        raise NotAllowed("answer_not_allowed", _("This question is not for you to answer."))
    if current.withdrawn_at is not None:
        raise DomainError("withdrawn", _("The question was withdrawn: it awaits no answer."))
    before = list(current.answers.all())
    if seen is not None and _says_again(actor, before[seen:], text, verdict):
        return before[-1]  # the button was pressed twice
    if seen is not None and seen != len(before):
        raise DomainError(
            "answered_meanwhile",
            _(
                "Someone else answered while you were writing. Read that answer; what you typed "
                "is still there, to add if it is needed."
            ),
        )
    _check_verdict(current, before, verdict)
    row = Answer.objects.create(
        question=current,
        text=_checked(text),
        verdict=verdict,
        answered_by=actor,
        answered_at=at,
        is_demo=current.is_demo,
    )
    history_record(
        actor=actor,
        target=current,
        action="supplemented" if before else "answered",
        changes={"answer": (None, row.text), "verdict": (None, verdict)},
        at=at,
    )
    _tell(current, Event.SUPPLEMENTED if before else Event.ANSWERED, unit_id, at, actor)
    return row


@transaction.atomic
def question_withdraw(*, actor: "User", question: Question) -> Question:
    """Take a question back while nobody answered it; it stays on record.

    Raises NotAllowed, or DomainError when it was answered or withdrawn already.
    """
    at = next_instant()
    current = Question.objects.select_for_update().get(pk=question.pk)
    _target, unit_id = _target_of(current)
    if not registry.parties().withdraws(registry.parties().access_of(actor), current, unit_id):
        raise NotAllowed("withdraw_not_allowed", _("Only the side that asks takes it back."))
    if current.withdrawn_at is not None:
        raise DomainError("withdrawn", _("It was withdrawn already."))
    if current.answers.exists():
        raise DomainError("answered", _("It was answered: it stays."))
    record_change(
        actor=actor,
        target=current,
        values={"withdrawn_at": at, "withdrawn_by": actor},
        action="withdrawn",
        at=at,
    )
    _tell(current, Event.WITHDRAWN, unit_id, at, actor)
    return current


def _says_again(actor: "User", since: Sequence[Answer], text: str, verdict: str) -> bool:
    """Tell whether all that was answered since the page was read is this same answer."""
    return len(since) == 1 and (since[0].answered_by_id, since[0].text, since[0].verdict) == (
        actor.pk,
        text.strip(),
        verdict,
    )


def may_answer(actor: "User", question: Question) -> bool:
    """Tell whether the user answers this question, or adds to its answer. Two queries."""
    return question.withdrawn_at is None and is_asked(actor, question)


def is_asked(actor: "User", question: Question) -> bool:
    """Tell whether the user is of the side that answers, withdrawn or not. Two queries."""
    target, unit_id = _target_of(question)
    access = registry.parties().access_of(actor)
    return target is not None and registry.parties().answers(access, question, unit_id)


def may_withdraw(actor: "User", question: Question) -> bool:
    """Tell whether the user is of the side that asks; the caller looks at its answers."""
    _target, unit_id = _target_of(question)
    access = registry.parties().access_of(actor)
    return question.withdrawn_at is None and registry.parties().withdraws(access, question, unit_id)


def _asked_about(actor: "User", target: Record) -> tuple[Askable, Record, Record]:
    """Return how one asks about the record, the record and the unit that has it, as of now."""
    found = registry.askable(target.type_name())
    current = found.find(registry.parties().access_of(actor), target.uuid) if found else None
    if found is None or current is None:
        raise NotAllowed("question_not_allowed", _("You do not ask about this record."))
    return found, current, found.unit(current)


def _target_of(question: Question) -> tuple[registry.Reference | None, int]:
    """Return what a question is about, with the key of the unit that has it now: one query."""
    key = (question.target_type, question.target_uuid)
    unit_id = registry.owners([key]).get(key)
    return (None, 0) if unit_id is None else (key, unit_id)


def _office(actor: "User", kind: str, unit: Record, minister: UUID | None) -> UUID:
    parties = registry.parties()
    access = parties.access_of(actor)
    if kind not in QuestionKind.values or kind not in parties.kinds(access, unit.pk):
        raise NotAllowed("question_not_allowed", _("You do not ask about this record."))
    offices = parties.offices(access, kind, unit.pk)
    if minister is None and len(offices) == 1:
        return next(iter(offices))
    if minister is None:
        raise DomainError("minister_required", _("Choose the minister."), "minister")
    if minister not in offices:
        raise DomainError(
            "unknown_minister",
            _("This minister does not supervise the directorate. Choose one of the list."),
            "minister",
        )
    return minister


def _whole_text(kind: str, text: str, options: Sequence[str]) -> str:
    """Return the text, of a request with its options below it."""
    said = _checked(text)
    named = [one.strip() for one in options if one.strip()]
    if kind != QuestionKind.REQUEST:
        return said
    if len(named) < LEAST_OPTIONS:
        raise DomainError(
            "options_required",
            _("Name at least two options to choose between, each on a line of its own."),
            "options",
        )
    listed = "\n".join(f"{number}. {one}" for number, one in enumerate(named, start=1))
    return _checked(f"{said}\n\n{listed}")


def _checked(text: str) -> str:
    text = text.strip()
    text_check(text)
    return text


def _due(due_on: date | None) -> date:
    today = timezone.localdate()
    if due_on is None:
        return usual_due(today)
    check_year(due_on, "due_on")
    if due_on < today:
        raise DomainError(
            "due_in_past",
            _("%(date)s is over. Give today or a later day.")
            % {"date": date_format(due_on, "SHORT_DATE_FORMAT")},
            "due_on",
        )
    return due_on


def _check_verdict(question: Question, before: Sequence[Answer], verdict: str) -> None:
    """A request is decided once; what was deferred can still be agreed or refused."""
    last = next((row.verdict for row in reversed(before) if row.verdict), "")
    is_request = question.kind == QuestionKind.REQUEST
    if is_request and not before and verdict not in Verdict.values:
        raise DomainError(
            "verdict_required", _("Say whether it is agreed, refused or deferred."), "verdict"
        )
    if verdict and not (is_request and (not before or last == Verdict.DEFERRED)):
        raise DomainError(
            "verdict_not_asked", _("No verdict is awaited here: leave it out."), "verdict"
        )
    if verdict and verdict not in Verdict.values:
        raise DomainError(
            "unknown_verdict",
            _("“%(value)s” is no verdict. Choose one of the list.") % {"value": verdict},
            "verdict",
        )


def _tell(question: Question, event: Event, unit_id: int, at: datetime, actor: "User") -> None:
    """Tell the other side; what someone did themselves they know."""
    parties = registry.parties()
    from_unit = question.kind == QuestionKind.REQUEST
    is_to_asker = event in (Event.ANSWERED, Event.SUPPLEMENTED)
    side = Side.UNIT if from_unit == is_to_asker else Side.CABINET
    people = {user.pk: user for user in parties.told(side, unit_id, question.minister_uuid)}
    if is_to_asker and question.asked_by.is_active:
        people.setdefault(question.asked_by_id, question.asked_by)
    people.pop(actor.pk, None)
    place = (question.target_type, question.target_uuid)
    values = values_of(question, event, registry.abouts([place]).get(place))
    key = f"{KIND}|{question.uuid}|{event.value}"
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=KIND,
                key=f"{key}|{at.isoformat()}" if event == Event.SUPPLEMENTED else key,
                target_type=question.type_name(),
                target_uuid=question.uuid,
                values=values,
            )
            for user in people.values()
        ]
    )
