"""What the tests of the allocation begin with."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.factories import Ministry
from tests.objectives.allocation.small_world import World, make_world


@pytest.fixture
def world(ministry: Ministry) -> World:
    """Lines with amounts, and nothing allocated yet."""
    return make_world(ministry)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in English."""
    with translation.override("en"):
        yield
