"""Splits a figure into the parts of a breakdown, which add up to it exactly."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from random import Random
from typing import Final

from reporting.demo.sheets import Breakdown

# How far the share of a part strays from the usual one, in percent of it.
_STRAY_PERCENT: Final = 12


def parts_of(
    whole: Decimal, breakdown: Breakdown, *, decimals: int, rng: Random | None = None
) -> dict[str, Decimal]:
    """Return the parts by breakdown key; with `rng` their shares stray a little from the usual.

    Each part ends where its share of the whole is reached, rounded: so nothing is lost or double.
    """
    weights = [Fraction(percent) for percent in breakdown.percents.values()]
    if rng is not None:
        weights = [w * rng.randint(100 - _STRAY_PERCENT, 100 + _STRAY_PERCENT) for w in weights]
    total = sum(weights, Fraction(0))
    step = Decimal(1).scaleb(-decimals)
    ends = [_rounded(Fraction(whole) * reached / total, step) for reached in accumulate(weights)]
    parts = [end - start for start, end in pairwise([Decimal(0), *ends])]
    return dict(zip(breakdown.dimension.keys(), parts, strict=True))


def _rounded(value: Fraction, step: Decimal) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(step, rounding=ROUND_HALF_UP)
