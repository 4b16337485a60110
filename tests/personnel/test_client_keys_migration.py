"""Keys of clients made before keys were narrowed get what the role of their client names."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ibzplan.core.models import ApiToken, HistoryEntry, RecordClock
from ibzplan.core.services import token_create
from personnel.access import access_of
from personnel.choices import Role
from personnel.key_rows import key_history
from personnel.models import User
from personnel.services import role_assign
from tests.factories import Ministry

MIGRATION = ("personnel", "0005_client_keys_narrowed")


def narrow() -> None:
    """Do what the migration does, to the tables as they are and by the models of its time."""
    loader = MigrationExecutor(connection).loader
    (operation,) = loader.get_migration(*MIGRATION).operations
    state = loader.project_state([MIGRATION])
    editor = connection.schema_editor()
    operation.database_forwards("personnel", editor, state, state)
    operation.database_backwards("personnel", editor, state, state)  # it leaves all as it is


def client(name: str, *roles: tuple[str, dict[str, Any]]) -> ApiToken:
    """Make a client with a key as they were: narrowed by nothing."""
    user = User.objects.create(username=f"client:{name}", is_client=True)
    for role, scope in roles:
        role_assign(actor=None, user=user, role=role, **scope)
    return token_create(user=user, name=name)[0]


def test_keys_get_the_unit_or_minister_of_their_client(ministry: Ministry) -> None:
    of_unit = client("unit", (Role.API_CLIENT, {"unit": ministry.adcv}))
    of_minister = client("minister", (Role.API_CLIENT, {"minister": ministry.am}))
    of_all = client("all", (Role.API_CLIENT, {}))
    bound = {"unit": ministry.adcv}
    wider = client("wider", (Role.API_CLIENT, bound), (Role.AUDITOR, {}))
    person, _key = token_create(user=ministry.users["planner_adcv"], name="own")
    before = RecordClock.objects.get().last_instant

    narrow()

    def reach(token: ApiToken) -> tuple[list[str], list[str]]:
        token.refresh_from_db()
        return token.unit_uuids, token.minister_uuids

    assert reach(of_unit) == ([str(ministry.adcv.uuid)], [])
    assert reach(of_minister) == ([], [str(ministry.am.uuid)])
    assert reach(of_all) == reach(wider) == reach(person) == ([], [])
    user = User.objects.get(pk=of_unit.user_id)
    user.acts_with = of_unit
    assert access_of(user).only_unit_ids == frozenset({ministry.adcv.pk})
    newest, _made = key_history(of_unit)
    assert newest[0].action == "token_narrowed" and newest[0].at > before
    assert newest[1] != "token_narrowed"  # the page of the key has words for it
    assert RecordClock.objects.get().last_instant >= newest[0].at

    narrow()
    assert HistoryEntry.objects.filter(action="token_narrowed").count() == 2
