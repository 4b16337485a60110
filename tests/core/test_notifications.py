"""Messages: made once, read on a page, mailed once a day; a mail that fails comes again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ibzplan.core.errors import DomainError
from ibzplan.core.models import Notification, NotificationPreference
from ibzplan.core.notifications import registry
from ibzplan.core.notifications.registry import Told
from ibzplan.core.services.notifications import (
    Message,
    digests_send,
    notification_make,
    notification_preference_set,
    notification_read,
    notifications_make,
)
from ibzplan.settings import mail_settings
from personnel.models import User

MONDAY = date(2026, 11, 23)
KIND = "test"


class BrokenMail(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail today")


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SITE_URL = "https://plan.example.org"
    tell = {KIND: lambda row: Told(f"Cijfers {row.values['n']}", "12 van 96", "/kalender/")}
    monkeypatch.setattr(registry, "_tellers", tell)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(username="planner", email="planner@example.org")


def message(user: User, n: int = 1, **more: Any) -> Message:
    return Message(user=user, kind=KIND, key=f"key-{n}", values={"n": n}, **more)


def test_the_same_message_is_made_once(user: User) -> None:
    other = User.objects.create(username="other")
    assert notification_make(message=message(user))
    assert not notification_make(message=message(user))
    assert notifications_make(messages=[message(user), message(other), message(other)]) == 1
    assert Notification.objects.count() == 2


def test_one_mail_a_day_holds_everything(user: User) -> None:
    notifications_make(messages=[message(user, 1), message(user, 2)])
    with translation.override("en"):
        assert digests_send(today=MONDAY) == 1
    (sent,) = mail.outbox
    assert sent.to == ["planner@example.org"]
    assert "Cijfers 1" in sent.body
    assert "Cijfers 2" in sent.body
    assert "https://plan.example.org/kalender/" in sent.body
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert 'href="https://plan.example.org/kalender/"' in html
    notification_make(message=message(user, 3))
    assert digests_send(today=MONDAY) == 0
    assert digests_send(today=MONDAY + timedelta(days=1)) == 1
    assert "Cijfers 3" in mail.outbox[1].body
    assert "Cijfers 1" not in mail.outbox[1].body
    assert digests_send(today=MONDAY + timedelta(days=2)) == 0


def test_a_mail_that_fails_is_sent_by_the_next_run(user: User, settings: Any) -> None:
    notification_make(message=message(user))
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    assert digests_send(today=MONDAY) == 0
    settings.EMAIL_BACKEND = working
    assert digests_send(today=MONDAY) == 1
    assert Notification.objects.get().mailed_at is not None


def test_one_user_whose_mail_fails_does_not_keep_it_from_others(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = User.objects.create(username="other", email="other@example.org")
    notifications_make(messages=[message(user), message(other)])
    send = EmailBackend.send_messages

    def only_to_other(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == ["planner@example.org"]:
            raise ConnectionRefusedError
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", only_to_other)
    assert digests_send(today=MONDAY) == 1
    assert [one.to for one in mail.outbox] == [["other@example.org"]]


def test_whoever_comes_second_on_a_day_sends_nothing(user: User) -> None:
    """Another worker took the day; should it die, the next day takes the message along."""
    notification_make(message=message(user))
    NotificationPreference.objects.create(user=user, last_digest_on=MONDAY)
    assert digests_send(today=MONDAY) == 0
    assert mail.outbox == []
    assert digests_send(today=MONDAY + timedelta(days=1)) == 1


def test_a_muted_user_gets_mail_of_an_escalation_alone(user: User) -> None:
    notification_make(message=message(user, 1))
    notification_preference_set(actor=user, is_muted=True, language="")
    notification_make(message=message(user, 2))
    assert digests_send(today=MONDAY) == 0
    notification_make(message=message(user, 3, is_escalation=True))
    assert digests_send(today=MONDAY) == 1
    assert "Cijfers 3" in mail.outbox[0].body
    assert "Cijfers 1" not in mail.outbox[0].body
    assert "Cijfers 2" not in mail.outbox[0].body
    notification_preference_set(actor=user, is_muted=False, language="")
    assert digests_send(today=MONDAY + timedelta(days=1)) == 0


def test_without_an_address_or_an_active_account_nothing_is_mailed(user: User) -> None:
    nameless = User.objects.create(username="nameless")
    notifications_make(messages=[message(user), message(nameless, is_escalation=True)])
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert digests_send(today=MONDAY) == 0
    assert Notification.objects.filter(user=nameless).count() == 1


def test_the_mail_is_in_the_language_that_the_user_chose(user: User) -> None:
    notification_preference_set(actor=user, is_muted=False, language="fr")
    registry.register(KIND, lambda _row: Told(str(translation.get_language())))
    notification_make(message=message(user))
    with translation.override("nl"):
        digests_send(today=MONDAY)
    assert "- fr" in mail.outbox[0].body
    with pytest.raises(DomainError) as refused:
        notification_preference_set(actor=user, is_muted=False, language="xx")
    assert refused.value.field == "language"


def test_the_page_marks_what_is_new_and_counts_it_beside_the_menu(
    user: User, client: Client
) -> None:
    notifications_make(messages=[message(user, 1), message(user, 2)])
    client.force_login(user)
    page = client.get(reverse("notifications"), headers={"accept-language": "en"})
    assert page.context["unread"] == 2
    assert "Cijfers 1" in page.content.decode()
    assert [item.count for item in page.context["user_nav"]] == [2]
    row = Notification.objects.first()
    assert row is not None
    answer = client.post(reverse("notification_read", args=[row.uuid]), {"open": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/kalender/")
    assert client.get(reverse("notifications")).context["unread"] == 1
    client.post(reverse("notifications_read"))
    assert client.get(reverse("notifications")).context["unread"] == 0


def test_a_message_of_someone_else_does_not_exist(user: User, client: Client) -> None:
    notification_make(message=message(user))
    other = User.objects.create(username="other")
    client.force_login(other)
    uuid = Notification.objects.get().uuid
    assert client.post(reverse("notification_read", args=[uuid])).status_code == 404
    assert client.post(reverse("notification_read", args=[uuid4()])).status_code == 404
    assert not notification_read(actor=other, uuid=uuid)
    assert "Cijfers" not in client.get(reverse("notifications")).content.decode()


def test_preferences_are_kept(user: User, client: Client) -> None:
    client.force_login(user)
    address = reverse("notification_preferences")
    assert client.post(address, {"is_muted": "on", "language": "fr"}).status_code == 302
    kept = NotificationPreference.objects.get(user=user)
    assert (kept.is_muted, kept.language) == (True, "fr")
    assert client.post(address, {"language": "xx"}).status_code == 422


def test_the_page_takes_the_same_queries_with_more_messages(user: User, client: Client) -> None:
    client.force_login(user)
    client.get(reverse("notifications"))  # what every page needs is in memory from here on
    numbers = []
    for total in (3, 9):
        notifications_make(messages=[message(user, n) for n in range(total)])
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(reverse("notifications")).context["rows"]) == total
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_mail_settings_come_from_one_address() -> None:
    server = mail_settings("smtp+tls://me:secret@mail.example.org:587")
    assert server["EMAIL_HOST"] == "mail.example.org"
    assert server["EMAIL_PORT"] == 587
    assert server["EMAIL_USE_TLS"] is True
    folder = mail_settings("filemail:////var/lib/ibzplan/mail")
    assert folder["EMAIL_FILE_PATH"] == "/var/lib/ibzplan/mail"
    assert "EMAIL_HOST" not in folder  # Django's own default stays
