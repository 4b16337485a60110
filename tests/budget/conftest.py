"""What the tests of credits begin with."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.budget.credit_lines import Budget, make_budget
from tests.factories import Ministry


@pytest.fixture
def credits(ministry: Ministry) -> Budget:
    """A small budget, with its officer."""
    return make_budget(ministry)


@pytest.fixture
def english() -> Iterator[None]:
    """Messages in English."""
    with translation.override("en"):
        yield
