"""Shares as people write them, and dividing without losing a cent."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from objectives.allocation.share_texts import fault_text, share_text, share_typed
from objectives.allocation.sharing import (
    MOST_DENOMINATOR,
    ShareError,
    ShareFault,
    divide,
    share_in,
)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", Fraction(1, 3)),
        (" 2 / 6 ", Fraction(1, 3)),
        ("33,33 %", Fraction(3333, 10_000)),
        ("33.33%", Fraction(3333, 10_000)),
        ("0,25", Fraction(1, 4)),
        ("25", Fraction(1, 4)),
        ("100\u202f%", Fraction(1)),
        ("1 %", Fraction(1, 100)),
        ("0,5 %", Fraction(1, 200)),
        ("1/1", Fraction(1)),
    ],
)
def test_a_share_is_read_exactly(text: str, share: Fraction) -> None:
    assert share_in(text) == share


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ShareFault.UNREADABLE),
        ("een derde", ShareFault.UNREADABLE),
        ("1/0", ShareFault.UNREADABLE),
        ("-5 %", ShareFault.UNREADABLE),
        ("1,000,5", ShareFault.UNREADABLE),
        ("١/٣", ShareFault.UNREADABLE),
        ("1", ShareFault.TWO_WAYS),
        ("1,0", ShareFault.TWO_WAYS),
        ("0 %", ShareFault.NOTHING),
        ("0", ShareFault.NOTHING),
        ("4/3", ShareFault.MORE_THAN_ALL),
        ("120", ShareFault.MORE_THAN_ALL),
        ("33,33333333333 %", ShareFault.TOO_FINE),
    ],
)
def test_what_is_no_share_is_refused_with_its_value_and_a_remedy(
    text: str, fault: ShareFault
) -> None:
    with pytest.raises(ShareError) as refused:
        share_in(text)
    assert refused.value.fault == fault
    said = fault_text(fault, text)
    assert f"“{text}”" in said
    assert len(said) > len(text) + 20


shares = st.fractions(min_value=0, max_value=1, max_denominator=MOST_DENOMINATOR)
amounts = st.integers(min_value=0, max_value=10**15)


@settings(max_examples=60, deadline=None)
@given(shares.filter(bool))
def test_what_is_shown_can_be_typed_back(share: Fraction) -> None:
    assert share_in(share_typed(share)) == share
    assert share_text(share)


@settings(max_examples=60, deadline=None)
@given(amounts, st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=12))
def test_shares_that_make_up_the_whole_leave_nothing_over(amount: int, keys: list[int]) -> None:
    parts = divide(amount, [Fraction(key, sum(keys)) for key in keys])
    assert sum(parts) == amount


@settings(max_examples=60, deadline=None)
@given(amounts, st.lists(shares, max_size=8))
def test_each_part_is_within_a_unit_and_together_they_take_no_more(
    amount: int, given_shares: list[Fraction]
) -> None:
    parts = divide(amount, given_shares)
    exact = [amount * share for share in given_shares]
    assert all(abs(part - one) < 1 for part, one in zip(parts, exact, strict=True))
    assert 0 <= sum(exact, Fraction(0)) - sum(parts) < 1
    assert parts == divide(amount, given_shares)


def test_what_is_over_goes_to_the_largest_remainder_then_to_the_first() -> None:
    third = Fraction(1, 3)
    assert divide(100, [third] * 3) == [34, 33, 33]
    assert divide(101, [third] * 3) == [34, 34, 33]
    assert divide(10, [Fraction(1, 4), Fraction(3, 4)]) == [3, 7]  # 2.5 and 7.5: the first
    assert divide(10, [Fraction(24, 100), Fraction(76, 100)]) == [2, 8]  # 2.4 and 7.6
    assert divide(5, []) == []
