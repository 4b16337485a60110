"""Numbers as people type them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from ibzplan.core.forms import QuantityField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("93,1", "93.1"),
        ("93.1", "93.1"),
        ("1 234,5", "1234.5"),
        ("1\N{NO-BREAK SPACE}234", "1234"),
        ("\N{MINUS SIGN}3", "-3"),
        ("0", "0"),
    ],
)
def test_comma_point_and_spaces_are_understood(typed: str, meant: str) -> None:
    assert QuantityField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["1.234,5", "elf", "NaN", "Infinity", "1e400", "123456789012", "1,12345"]
)
def test_what_is_no_exact_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        QuantityField().clean(typed)
    assert typed in str(refused.value)


def test_nothing_is_none_and_never_zero() -> None:
    assert QuantityField(required=False).clean("") is None
