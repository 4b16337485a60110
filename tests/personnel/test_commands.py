"""`create_user` and `create_token`: the first accounts of a product in use."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import token_find
from personnel.models import RoleAssignment, User
from personnel.services import user_create
from tests.factories import Ministry

PASSWORD = "een lang wachtwoord"


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def planner(*more: str) -> str:
    return run("create_user", "piet", "--name", "Planner ADCV", "--role", "planner", *more)


def test_the_printed_password_signs_in_with_the_role_asked(ministry: Ministry) -> None:
    printed = planner("--unit", "ADCV", "--email", "piet@example.org")

    found = re.search(r"Password, shown this once: (\S+)", printed)
    assert found
    user = authenticate(username="piet", password=found[1])
    assert user == User.objects.get(display_name="Planner ADCV", email="piet@example.org")
    role = RoleAssignment.objects.get(user__username="piet")
    assert (role.role, role.unit) == ("planner", ministry.adcv)
    actions = HistoryEntry.objects.filter(changes__username__isnull=False)
    assert [entry.action for entry in actions] == ["created"]


def test_a_password_given_is_not_printed(ministry: Ministry) -> None:
    printed = planner("--unit", "ADCV", "--password", PASSWORD)

    assert PASSWORD not in printed
    assert authenticate(username="piet", password=PASSWORD)


@pytest.mark.parametrize("again", [PASSWORD, "anders"])
def test_a_password_is_asked_for_twice(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    answers = iter([PASSWORD, again])
    monkeypatch.setattr(
        "personnel.management.commands.create_user.getpass", lambda _prompt: next(answers)
    )

    if again == PASSWORD:
        planner("--unit", "ADCV", "--password")
        assert authenticate(username="piet", password=PASSWORD)
    else:
        with pytest.raises(CommandError, match="two different"):
            planner("--unit", "ADCV", "--password")
        assert not User.objects.filter(username="piet").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unit", "XX"], "No unit XX. There are: ADCV, DVZ"),
        (["--minister", "XX"], "No minister XX. There are: VBZ, AM"),
        ([], "eenheid|unit"),
        (["--unit", "ADCV", "--password", "kort"], "12"),
        (["--unit", "ADCV", "--email", "geen adres"], "mail"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_made(
    ministry: Ministry, arguments: list[str], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        planner(*arguments)

    assert not User.objects.filter(username="piet").exists()


@pytest.mark.parametrize("username", ["corporate", "met spatie", ""])
def test_a_username_that_is_taken_or_cannot_be(ministry: Ministry, username: str) -> None:
    before = User.objects.count()

    with pytest.raises(CommandError):
        run("create_user", username, "--name", "X", "--role", "corporate")

    assert User.objects.count() == before


def test_the_service_names_who_made_the_account(ministry: Ministry) -> None:
    boss = ministry.users["corporate"]

    user, _password = user_create(actor=boss, username="an", display_name="An", role="auditor")

    entry = HistoryEntry.objects.get(target_uuid=user.uuid)
    assert (entry.actor, entry.action) == (boss, "created")


def test_a_token_is_printed_once_and_works(ministry: Ministry) -> None:
    key = run("create_token", "Warehouse", "--role", "api_client", "--unit", "ADCV").strip()

    token = token_find(key=key)
    assert token
    assert token.user.display_name == "Warehouse"
    assert (token.scopes, len(token.unit_uuids)) == (["read"], 1)
    assert token.expires_at is not None
    assert round((token.expires_at - token.created_at) / timedelta(days=1)) == 365
    with pytest.raises(CommandError, match="There are: ADCV, DVZ"):
        run("create_token", "Other", "--role", "api_client", "--unit", "XX")
    with pytest.raises(CommandError):
        run("create_token", "Warehouse", "--role", "api_client")


def test_a_client_writes_for_one_directorate(ministry: Ministry) -> None:
    with translation.override("en"):
        with pytest.raises(CommandError, match="writes for one directorate"):
            run("create_token", "Loader", "--role", "api_client", "--write")
        with pytest.raises(CommandError, match="the key would open nothing"):
            run(
                *("create_token", "Loader", "--role", "api_client"),
                *("--unit", "ADCV", "--minister", "AM"),
            )
    assert not User.objects.filter(is_client=True).exists()

    key = run("create_token", "Loader", "--role", "api_client", "--unit", "ADCV", "--write")
    token = token_find(key=key.strip())

    assert token is not None
    assert (token.scopes, token.unit_uuids) == (["read", "write"], [str(ministry.adcv.uuid)])


def test_a_token_may_write_and_end_sooner_when_the_command_says_so(ministry: Ministry) -> None:
    asked = ("--role", "planner", "--unit", "ADCV", "--write", "--days", "30")
    token = token_find(key=run("create_token", "Loader", *asked).strip())

    assert token is not None and token.expires_at is not None
    # What its role is bound to narrows a planner already.
    assert (token.scopes, token.unit_uuids) == (["read", "write"], [])
    assert (token.expires_at - timezone.now()).days == 29
    with pytest.raises(CommandError, match="days"):
        run("create_token", "Forever", "--role", "auditor", "--days", "9999")
