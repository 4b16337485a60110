"""Reads about messages: those of one user, and how many are unread."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet

from ibzplan.core.models import Notification, NotificationPreference

if TYPE_CHECKING:
    from personnel.models import User


def notifications_of(user: "User") -> QuerySet[Notification]:
    """Return everything a user was told, newest first."""
    return Notification.objects.filter(user=user)


def unread_count(user: "User") -> int:
    """Return how many messages the user has not read yet: one query."""
    return Notification.objects.filter(user=user, read_at=None).count()


def preference_of(user: "User") -> NotificationPreference:
    """Return how a user wants to be told; what goes without saying when they never said."""
    found = NotificationPreference.objects.filter(user=user).first()
    return found or NotificationPreference(user=user)


def language_of(preference: NotificationPreference | None) -> str:
    """Return the language of what is sent to a user."""
    return (preference.language if preference else "") or settings.LANGUAGE_CODE
