"""The tables that every app uses; their target is a type and a UUID, never a foreign key up."""

from ibzplan.core.models.base import KnownSpan, Record, Sourced
from ibzplan.core.models.clock import Maintenance, RecordClock
from ibzplan.core.models.comment import Comment
from ibzplan.core.models.draft import FormDraft
from ibzplan.core.models.follow import Follow
from ibzplan.core.models.history import HistoryEntry
from ibzplan.core.models.idempotency import IdempotentRequest
from ibzplan.core.models.job import Job
from ibzplan.core.models.notification import Notification, NotificationPreference
from ibzplan.core.models.question import Answer, Question
from ibzplan.core.models.table_version import TableVersion
from ibzplan.core.models.token import ApiToken

__all__ = [
    "Answer",
    "ApiToken",
    "Comment",
    "Follow",
    "FormDraft",
    "HistoryEntry",
    "IdempotentRequest",
    "Job",
    "KnownSpan",
    "Maintenance",
    "Notification",
    "NotificationPreference",
    "Question",
    "Record",
    "RecordClock",
    "Sourced",
    "TableVersion",
]
