"""Numbers as people type them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

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
        ("+5", "5"),
        ("- 3,5", "-3.5"),
        ("1234567,8", "1234567.8"),
        ("12 345 678.25", "12345678.25"),
        ("1\N{NARROW NO-BREAK SPACE}234,5", "1234.5"),
        ("1,500", "1.5"),  # the comma is the decimal mark, whatever the number of decimals
        ("1234.500", "1234.5"),  # points that group would stand further left
        ("1 234.500", "1234.5"),  # the space groups already
        ("0.125", "0.125"),  # nobody groups from a zero
        ("93.1250", "93.125"),
    ],
)
def test_comma_point_and_spaces_are_understood(typed: str, meant: str) -> None:
    assert QuantityField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "1.234,5",
        "1.500.000",
        "elf",
        "NaN",
        "Infinity",
        "1e400",
        "1e10",
        "1_000",
        "12 34",
        "1234 567",
        "1  234",
        "--3",
        "5,",
        ",5",
        "12 %",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "123456789012",
        "1,12345",
    ],
)
def test_what_is_no_exact_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        QuantityField().clean(typed)
    assert typed in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "thousands", "decimal"),
    [
        ("1.500", "1500", "1,5"),
        ("93.125", "93125", "93,125"),
        ("-2.000", "-2000", "-2"),
        ("\N{MINUS SIGN}120.050", "-120050", "-120,05"),
    ],
)
def test_a_point_before_three_digits_is_refused_with_both_readings(
    typed: str, thousands: str, decimal: str
) -> None:
    with override("nl"), pytest.raises(ValidationError) as refused:
        QuantityField().clean(typed)
    (message,) = refused.value.messages
    assert f"“{typed}”" in message
    assert f"Schrijf {thousands} of {decimal}." in message
    assert QuantityField().clean(thousands) == Decimal(thousands)
    assert QuantityField().clean(decimal) == Decimal(decimal.replace(",", "."))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("stored", ["1.5", "93.1250", "-1.125", "0.125", "1200", "0.0000"])
def test_what_the_field_shows_can_be_typed_back(language: str, stored: str) -> None:
    with override(language):
        shown = QuantityField().prepare_value(Decimal(stored))
        assert QuantityField().clean(shown) == Decimal(stored)


def test_a_stored_number_is_shown_with_the_decimal_mark_of_the_language() -> None:
    with override("nl"):
        assert QuantityField().prepare_value(Decimal("93.1000")) == "93,1"


@given(st.decimals(-(10**11) + 1, 10**11 - 1, places=4))
def test_every_number_that_fits_is_understood(number: Decimal) -> None:
    whole, _point, decimals = f"{number:f}".partition(".")
    sign = "-" if whole.startswith("-") else ""
    grouped = f"{int(whole.lstrip('-')):,}".replace(",", "\N{NO-BREAK SPACE}")
    assert QuantityField().clean(f"{sign}{grouped},{decimals}") == number


def test_nothing_is_none_and_never_zero() -> None:
    assert QuantityField(required=False).clean("") is None
