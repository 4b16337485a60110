"""Shares in words, and what is wrong with one that was typed."""

from fractions import Fraction
from typing import Final

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from ibzplan.core.numbers import MINUS, NO_BREAK_SPACE, format_share
from objectives.allocation.sharing import ShareFault

_MOST_DECIMALS: Final = 7
_ROUNDED_DECIMALS: Final = 2


def fault_text(fault: ShareFault, text: str) -> str:
    """Return what is wrong with a share that was typed, and what to write instead."""
    said = {
        ShareFault.UNREADABLE: _(
            "“%(value)s” is not a share. Write a fraction such as 1/3, or a percentage such as "
            "33,33 %%."
        ),
        ShareFault.TWO_WAYS: _(
            "“%(value)s” can be a hundredth of the line or all of it. Write 1 %% or 100 %%."
        ),
        ShareFault.NOTHING: _(
            "“%(value)s” is nothing: write a share above zero, or withdraw the allocation."
        ),
        ShareFault.MORE_THAN_ALL: _(
            "“%(value)s” is more than all of the line: write at most 100 %%."
        ),
        ShareFault.TOO_FINE: _(
            "“%(value)s” has too many decimals: write at most seven after the percentage’s point, "
            "or a fraction such as 1/3."
        ),
    }
    return said[fault] % {"value": text}


def share_text(share: Fraction) -> str:
    """Return a share for reading: 25 %, or 1/3 (33,33 %) where no percentage says it exactly."""
    decimals = _exact_decimals(share)
    if decimals is None:
        rounded = format_share(share, _ROUNDED_DECIMALS)
        sign = MINUS if share < 0 else ""
        return f"{sign}{abs(share.numerator)}/{share.denominator} ({rounded})"
    return format_share(share, decimals)


def share_typed(share: Fraction) -> str:
    """Return a share so that it can be typed back, without losing anything."""
    decimals = _exact_decimals(share)
    if decimals is None:
        return f"{share.numerator}/{share.denominator}"
    text = format_share(share, decimals).replace(NO_BREAK_SPACE, " ")
    return text.replace(str(get_format("DECIMAL_SEPARATOR")), ",")


def _exact_decimals(share: Fraction) -> int | None:
    """Return with how many decimals a percentage says the share exactly; None if it cannot."""
    percent = share * 100
    return next((n for n in range(_MOST_DECIMALS + 1) if (percent * 10**n).denominator == 1), None)
