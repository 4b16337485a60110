"""Telling users: messages made once, read on a page, sent in at most one mail a day."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ibzplan.core.errors import DomainError
from ibzplan.core.models import Notification, NotificationPreference
from ibzplan.core.notifications.registry import told
from ibzplan.core.notifications.selectors import language_of

if TYPE_CHECKING:
    from personnel.models import User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be told to a user; of one `key` only the first is kept."""

    user: "User"
    kind: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    target_type: str = ""
    target_uuid: UUID | None = None
    is_escalation: bool = False


def notification_make(*, message: Message) -> bool:
    """Tell one user something; return whether it is new to them."""
    return notifications_make(messages=[message]) == 1


@transaction.atomic
def notifications_make(*, messages: Sequence[Message]) -> int:
    """Tell users what they were not told yet, under its key; return how many messages are new.

    Of two callers at once the database keeps one row. A user without an address, or who muted,
    reads it on the page alone; an escalation is mailed all the same. Three queries.
    """
    users = {message.user.pk for message in messages}
    known = set(
        Notification.objects.filter(
            user__in=users, key__in={message.key for message in messages}
        ).values_list("user", "key")
    )
    fresh = {
        (message.user.pk, message.key): message
        for message in reversed(messages)  # of two with one key the first is kept
        if (message.user.pk, message.key) not in known
    }
    if not fresh:
        return 0
    muted = set(
        NotificationPreference.objects.filter(user__in=users, is_muted=True).values_list(
            "user", flat=True
        )
    )
    now = timezone.now()
    rows = [
        Notification(
            user=message.user,
            kind=message.kind,
            key=message.key,
            target_type=message.target_type,
            target_uuid=message.target_uuid,
            values=dict(message.values),
            is_escalation=message.is_escalation,
            by_mail=bool(message.user.email)
            and (message.is_escalation or message.user.pk not in muted),
            created_at=now,
        )
        for message in reversed(list(fresh.values()))
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def notification_read(*, actor: "User", uuid: UUID) -> bool:
    """Note that the user read one of their messages; return whether it was unread."""
    rows = Notification.objects.filter(user=actor, uuid=uuid, read_at=None)
    return rows.update(read_at=timezone.now()) == 1


def notifications_read_all(*, actor: "User") -> int:
    """Note that the user read all their messages; return how many were unread."""
    rows = Notification.objects.filter(user=actor, read_at=None)
    return rows.update(read_at=timezone.now())


@transaction.atomic
def notification_preference_set(
    *, actor: "User", is_muted: bool, language: str
) -> NotificationPreference:
    """Keep how a user wants to be told. Muting takes what was not mailed yet out of the mail.

    `language` '' means that of the product. Raises DomainError for one that messages have not.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise DomainError(
            "unknown_language",
            translation.gettext("“%(value)s” is not a language of this product.")
            % {"value": language},
            "language",
        )
    preference, _made = NotificationPreference.objects.update_or_create(
        user=actor, defaults={"is_muted": is_muted, "language": language}
    )
    if is_muted:
        _unmailed().filter(user=actor, is_escalation=False).update(by_mail=False)
    return preference


def digests_send(*, today: date) -> int:
    """Mail each user what they were not mailed yet, in one message; return how many were sent.

    At most one a user a day: whoever sends first moves `last_digest_on` to today, and only the
    one whose update changed the row goes on. A mail that fails gives the day back, so that the
    next run tries again. A process that dies between the two sends nothing that day; the rows say
    that they were not mailed, and the digest of the next day takes them along.
    """
    users = _unmailed().order_by("user").values_list("user", flat=True).distinct()
    return sum(_digest_send(user_id, today) for user_id in list(users))


def _unmailed() -> Any:
    """Return what waits for a digest of someone who can still sign in."""
    return Notification.objects.filter(by_mail=True, mailed_at=None, user__is_active=True).exclude(
        user__email=""
    )


def _digest_send(user_id: int, today: date) -> bool:
    preference, _made = NotificationPreference.objects.get_or_create(user_id=user_id)
    before = preference.last_digest_on
    if not _claim(preference, today):
        return False
    rows = list(
        _unmailed().filter(user=user_id).select_related("user").order_by("created_at", "pk")
    )
    sent = False
    try:
        sent = bool(rows) and _mail(rows, language_of(preference), today)
    except Exception:  # whatever it is, the others get theirs
        logger.exception("the digest of user %s could not be sent", rows[0].user.uuid)
    if not sent:
        _give_back(preference, today, before)
        return False
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    return True


def _claim(preference: NotificationPreference, today: date) -> bool:
    """Take the user's digest of today; False when it was sent, or someone else is sending it."""
    earlier = Q(last_digest_on=None) | Q(last_digest_on__lt=today)
    rows = NotificationPreference.objects.filter(earlier, pk=preference.pk)
    return rows.update(last_digest_on=today) == 1


def _give_back(preference: NotificationPreference, today: date, before: date | None) -> None:
    rows = NotificationPreference.objects.filter(pk=preference.pk, last_digest_on=today)
    rows.update(last_digest_on=before)


def _mail(rows: Iterable[Notification], language: str, today: date) -> bool:
    """Send one mail with all rows, in plain text and as a page, with absolute links."""
    listed = list(rows)
    with translation.override(language):
        items = [(row, told(row)) for row in listed]
        context = {
            "user": listed[0].user,
            "today": today,
            "urgent": [one for row, one in items if row.is_escalation],
            "items": [one for row, one in items if not (row.is_escalation or one.is_news)],
            "news": [one for row, one in items if one.is_news and not row.is_escalation],
            "total": len(items),
            "site": settings.SITE_URL.rstrip("/"),
            "language": language,
        }
        subject = render_to_string("core/mail/digest_subject.txt", context)
        mail = EmailMultiAlternatives(
            " ".join(subject.split()),
            render_to_string("core/mail/digest.txt", context),
            to=[listed[0].user.email],
        )
        mail.attach_alternative(render_to_string("core/mail/digest.html", context), "text/html")
        return mail.send() == 1
