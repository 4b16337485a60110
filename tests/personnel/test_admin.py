"""The administration pages: accounts with their roles, tokens, history."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services import token_create, token_find, token_revoke
from personnel.models import RoleAssignment, User
from tests.factories import Ministry

PASSWORD = "een lang wachtwoord"


@pytest.fixture
def boss(ministry: Ministry) -> User:
    return User.objects.create_superuser("baas", password=PASSWORD)


@pytest.fixture
def admin(boss: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(boss)
    return client


def inline(*roles: dict[str, Any], kept: int = 0) -> dict[str, Any]:
    """Return the form data of the role rows."""
    data: dict[str, Any] = {
        "role_assignments-TOTAL_FORMS": len(roles),
        "role_assignments-INITIAL_FORMS": kept,
    }
    for position, role in enumerate(roles):
        data |= {f"role_assignments-{position}-{name}": value for name, value in role.items()}
    return data


def account(user: User, **changed: Any) -> dict[str, Any]:
    return {
        "username": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "is_active": "on",
        **changed,
    }


def change(user: User) -> str:
    return reverse("admin:personnel_user_change", args=[user.pk])


def latest(action: str) -> HistoryEntry:
    return HistoryEntry.objects.filter(action=action).order_by("-pk")[0]


def test_a_new_account_signs_in_and_leaves_history(admin: Client, boss: User) -> None:
    response = admin.post(
        reverse("admin:personnel_user_add"),
        {
            "username": "nieuw",
            "display_name": "Nieuw",
            "email": "",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            **inline(),
        },
    )

    assert response.status_code == 302, response.content
    user = User.objects.get(username="nieuw")
    assert user.check_password(PASSWORD)
    entry = latest("created")
    assert (entry.target_uuid, entry.actor) == (user.uuid, boss)
    assert PASSWORD not in str(entry.changes)


def test_a_role_is_given_and_withdrawn_with_history(
    admin: Client, boss: User, ministry: Ministry
) -> None:
    user = ministry.users["outsider"]
    given = {"role": "planner", "unit": ministry.adcv.pk, "minister": ""}

    assert admin.post(change(user), account(user) | inline(given)).status_code == 302
    role = RoleAssignment.objects.get(user=user)
    entry = latest("role_assigned")
    assert (entry.actor, entry.target_uuid) == (boss, role.uuid)
    assert entry.changes["unit"] == [None, "ADCV"]

    gone = {"id": role.pk, "user": user.pk, "DELETE": "on"}
    assert admin.post(change(user), account(user) | inline(gone, kept=1)).status_code == 302
    assert not RoleAssignment.objects.filter(user=user).exists()
    entry = latest("role_withdrawn")
    assert (entry.actor, entry.changes["unit"]) == (boss, ["ADCV", None])


def test_a_role_that_lacks_its_unit_is_refused_at_the_field(
    admin: Client, ministry: Ministry
) -> None:
    user = ministry.users["outsider"]

    response = admin.post(
        change(user), account(user) | inline({"role": "head", "unit": "", "minister": ""})
    )

    assert response.status_code == 200
    assert b"This role needs a unit." in response.content
    assert b"unit_role_has_unit" not in response.content
    assert not RoleAssignment.objects.filter(user=user).exists()


def test_a_changed_account_leaves_old_and_new(admin: Client, ministry: Ministry) -> None:
    user = ministry.users["outsider"]

    admin.post(change(user), account(user, display_name="Anders") | inline())

    assert latest("changed").changes == {"display_name": ["", "Anders"]}


def test_accounts_cannot_be_deleted(admin: Client, ministry: Ministry) -> None:
    user = ministry.users["outsider"]

    assert admin.post(reverse("admin:personnel_user_delete", args=[user.pk])).status_code == 403


def test_a_token_is_revoked_once_and_stops_working(
    admin: Client, boss: User, ministry: Ministry
) -> None:
    token, key = token_create(user=ministry.users["auditor"], name="Warehouse")
    address = reverse("admin:core_apitoken_changelist")

    page = admin.post(
        address, {"action": "revoke", "_selected_action": [token.pk]}, follow=True
    ).content

    assert b"1 token revoked." in page
    assert token_find(key=key) is None
    entry = latest("token_revoked")
    assert (entry.actor, entry.target_uuid) == (boss, token.uuid)
    assert token_revoke(actor=boss, token=ApiToken.objects.get()) is False
    assert HistoryEntry.objects.filter(action="token_revoked").count() == 1


@pytest.mark.parametrize("name", ["core_apitoken", "core_historyentry", "personnel_user"])
def test_lists_and_their_rows_open_for_the_superuser_alone(
    admin: Client, ministry: Ministry, name: str
) -> None:
    token_create(user=ministry.users["auditor"], name="Warehouse")
    row = {
        "core_apitoken": ApiToken.objects.first(),
        "core_historyentry": HistoryEntry.objects.first(),
        "personnel_user": ministry.users["auditor"],
    }[name]
    assert row
    listed = reverse(f"admin:{name}_changelist")

    assert admin.get(listed, {"q": "a"}).status_code == 200
    assert admin.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    other = Client()
    other.force_login(ministry.users["corporate"])
    assert other.get(listed).status_code == 302


@pytest.mark.parametrize("name", ["core_apitoken", "core_historyentry"])
def test_tokens_and_history_are_only_looked_at(
    admin: Client, ministry: Ministry, name: str
) -> None:
    token, _key = token_create(user=ministry.users["auditor"], name="Warehouse")
    row = token if name == "core_apitoken" else HistoryEntry.objects.all()[0]

    assert admin.get(reverse(f"admin:{name}_add")).status_code == 403
    for step in ("change", "delete"):
        address = reverse(f"admin:{name}_{step}", args=[row.pk])
        assert admin.post(address, {"name": "x", "action": "x"}).status_code == 403
