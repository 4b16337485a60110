"""What may change in the list of questions: its change feed."""

from typing import Any

from django.db.models import Q, QuerySet

from ibzplan.core.api.feed_window import Feed, Tells, Trail, Window, recorded, touching
from ibzplan.core.models import Answer, HistoryEntry, Question
from ibzplan.core.questions import registry

# What changes in a record when others see it, or no longer.
_OPENS = ("state", "unit", "owner", "is_confidential", "indicator", "security_objectives")


def _answered(window: Window) -> Q:
    answers = Answer.objects.filter(window.instants("answered_at"))
    return Q(pk__in=answers.order_by().values("question"))


def _withdrawn(window: Window) -> Q:
    return window.instants("withdrawn_at")


def _late(window: Window) -> Q:
    """Return the condition on questions that are late since a day that came."""
    return window.ended_days("due_on")


def _named(window: Window) -> Q:
    """Return the condition on questions about a record, a unit or an office that changed."""
    uuids = HistoryEntry.objects.filter(window.instants("at")).order_by().values("target_uuid")
    return Q(target_uuid__in=uuids) | Q(unit_uuid__in=uuids) | Q(minister_uuid__in=uuids)


def _opened(window: Window) -> QuerySet[Any]:
    """Return what the reader takes part in when anything that is asked about was shown or hidden.

    Who sees an indicator follows from objectives, which core knows nothing of.
    """
    stepped = HistoryEntry.objects.filter(
        window.instants("at"),
        target_type__in=list(registry.askable_types()),
        changes__has_any_keys=list(_OPENS),
    )
    parties = registry.parties()
    access = parties.access_of(window.then.user)
    if not stepped.exists() or not parties.takes_part(access):
        return Question.objects.none()
    return Question.objects.filter(parties.reads(access), asked_at__lte=window.after)


QUESTIONS = Feed(
    (
        recorded(Question, "asked_at", is_fixed=False),
        touching(Question, _answered, _withdrawn, _late, _named),
        Trail(_opened, Tells.ALWAYS),
    )
)
