"""Shares of a line: read as a planner writes them, kept exactly, divided so that no cent is lost.

Pure: no Django here, and no text in a language; `share_texts` says what a code means.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

MOST_DENOMINATOR: Final = 1_000_000_000
_SPACES: Final = dict.fromkeys(map(ord, " \u00a0\u202f\u2009\u2007"))
_FRACTION: Final = re.compile(r"([0-9]{1,10})[/\u2044]([0-9]{1,10})")
_NUMBER: Final = re.compile(r"([0-9]{1,10})(?:[.,]([0-9]{1,12}))?(%?)")


class ShareFault(StrEnum):
    """Why a share cannot be taken."""

    UNREADABLE = "unreadable"
    TWO_WAYS = "two_ways"
    NOTHING = "nothing"
    MORE_THAN_ALL = "more_than_all"
    TOO_FINE = "too_fine"


class ShareError(ValueError):
    """What was written is no share of a line."""

    def __init__(self, fault: ShareFault, text: str) -> None:
        """Keep the fault, and what was written."""
        super().__init__(f"{fault}: {text}")
        self.fault = fault
        self.text = text


def share_in(text: str) -> Fraction:
    """Return the share that a text names: "1/3", "33,33 %", "33.33%", "0,25" and "25" (percent).

    Without a sign a number below one is a part of the whole and one above it a percentage; "1" is
    refused, because it could be either. Raises ShareError, also for nothing and more than all.
    """
    plain = text.translate(_SPACES)
    share = _fraction(plain, text)
    if share is None:
        share = _number(plain, text)
    if share <= 0:
        raise ShareError(ShareFault.NOTHING, text)
    if share > 1:
        raise ShareError(ShareFault.MORE_THAN_ALL, text)
    if share.denominator > MOST_DENOMINATOR:
        raise ShareError(ShareFault.TOO_FINE, text)
    return share


def _fraction(plain: str, text: str) -> Fraction | None:
    found = _FRACTION.fullmatch(plain)
    if found is None:
        return None
    if int(found[2]) == 0:
        raise ShareError(ShareFault.UNREADABLE, text)
    return Fraction(int(found[1]), int(found[2]))


def _number(plain: str, text: str) -> Fraction:
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ShareError(ShareFault.UNREADABLE, text)
    decimals = found[2] or ""
    number = Fraction(int(found[1] + decimals), 10 ** len(decimals))
    if found[3]:
        return number / 100
    if number == 1:
        raise ShareError(ShareFault.TWO_WAYS, text)
    return number if number < 1 else number / 100


def divide(amount: int, shares: Sequence[Fraction]) -> list[int]:
    """Return the part of each share in a whole amount, in whole units (cents, thousandths).

    By largest remainder: each part is less than one unit from the exact one, what is over goes to
    the largest remainders, of equal ones to the first. Shares that make up the whole leave nothing
    over, and together no shares are given more than their exact sum.
    """
    exact = [amount * share for share in shares]
    parts = [whole.__floor__() for whole in exact]
    over = _floor_of_sum(exact) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[:over]:
        parts[place] += 1
    return parts


def _floor_of_sum(exact: Sequence[Fraction]) -> int:
    return sum(exact, Fraction(0)).__floor__()
