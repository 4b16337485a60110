"""The last use of a token is noted, and no reader waits for that."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from ibzplan.core.append_only import maintenance_pass
from ibzplan.core.models import ApiToken, HistoryEntry
from ibzplan.core.services import clock_hold, token_create, token_find
from personnel.models import User
from tests.core.connections import copy_to_file, own_connection

# Far less than SQLite's patience with whoever writes.
SOON_SECONDS = 5


@pytest.fixture
def key(transactional_db: None) -> Iterator[str]:
    """A key. Its history goes first: a database being emptied may refuse that."""
    user = User.objects.create(username="reader")
    yield token_create(user=user, name="proef")[1]
    with transaction.atomic(), maintenance_pass():
        HistoryEntry.objects.all().delete()


def test_a_key_is_found_while_someone_writes_and_its_use_noted_after(
    key: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy.sqlite3"
    copy_to_file(file)

    def find() -> ApiToken | None:
        with own_connection(file):
            return token_find(key=key)

    def last_use() -> object:
        return ApiToken.objects.values_list("last_used_at", flat=True).get()

    with own_connection(file), ThreadPoolExecutor(1) as another:
        with transaction.atomic():
            clock_hold()
            assert another.submit(find).result(SOON_SECONDS) is not None
            noted = last_use()
        assert noted is None or connection.vendor == "postgresql"
        assert another.submit(find).result(SOON_SECONDS) is not None
        assert last_use() is not None
