"""Both plans in the database, for the tests of pages that show them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personnel.models import User
from reporting.plans.loader import plans_load


@pytest.fixture(scope="module")
def loaded_plans(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load both plans once for a module; they are gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        plans_load(folder=settings.BASE_DIR / "fixtures")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reader(loaded_plans: None, db: None) -> Client:
    """Return the client of someone without any role, reading in Dutch."""
    client = Client(headers={"accept-language": "nl"})
    client.force_login(User.objects.create_user("reader", display_name="Lezer"))
    return client


@pytest.fixture
def page_queries(reader: Client) -> Callable[[str], int]:
    """Return a function that counts the queries of a page, without those that any page costs.

    It is opened twice: what every page needs and changes seldom is read by the first one.
    """

    def count(url: str) -> int:
        reader.get(url)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert reader.get(url).status_code == 200
        return len(captured)

    shell = count(reverse("accessibility"))
    return lambda url: count(url) - shell
