"""Messages about questions in words, from the values that a message keeps."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Notification, Question
from ibzplan.core.notifications.registry import Told
from ibzplan.core.questions import registry

_EXCERPT_CHARACTERS: Final = 160


class Event(StrEnum):
    """What happened to a question, or is about to."""

    ASKED = "asked"
    ANSWERED = "answered"
    SUPPLEMENTED = "supplemented"
    WITHDRAWN = "withdrawn"
    DUE = "due"
    LATE = "late"
    ESCALATED = "escalated"


def values_of(question: Question, event: Event, about: registry.About | None) -> dict[str, Any]:
    """Return what a message about a question keeps; None where its record is gone."""
    minister = registry.parties().ministers().get(question.minister_uuid)
    return {
        "event": event.value,
        "kind": question.kind,
        "code": about.code if about else "",
        "title": about.title.as_json() if about else {},
        "unit": about.unit if about else "",
        "minister": minister[1].as_json() if minister else {},
        "day": question.due_on.isoformat(),
        "text": Truncator(question.text).chars(_EXCERPT_CHARACTERS),
        "url": reverse("questions:detail", args=[question.uuid]),
    }


def tell_question(notification: Notification) -> Told:
    """Return a message about a question as a person reads it."""
    values = notification.values
    about = " ".join(filter(None, [values["code"], str(LocalisedText.from_json(values["title"]))]))
    minister = str(LocalisedText.from_json(values["minister"]))
    return Told(
        _title(values, about), f"{minister}, {values['unit']}. {values['text']}", values["url"]
    )


def _title(values: Mapping[str, Any], about: str) -> str:
    words = {
        "kind": str(QuestionKind(values["kind"]).label),
        "about": about,
        "day": date_format(date.fromisoformat(values["day"])),
    }
    return _sentence(values["event"]) % words


def _sentence(event: str) -> str:
    return {
        Event.ASKED: _("%(kind)s about %(about)s, to be answered by %(day)s"),
        Event.ANSWERED: _("%(kind)s about %(about)s: answered"),
        Event.SUPPLEMENTED: _("%(kind)s about %(about)s: the answer was added to"),
        Event.WITHDRAWN: _("%(kind)s about %(about)s: withdrawn"),
        Event.DUE: _("%(kind)s about %(about)s: an answer is due on %(day)s"),
        Event.LATE: _("%(kind)s about %(about)s: an answer was due on %(day)s"),
        Event.ESCALATED: _(
            "%(kind)s about %(about)s: more than a week without an answer that was due on %(day)s"
        ),
    }[Event(event)]
