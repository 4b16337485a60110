"""Two outlier rules: a robust one, and a rough one as long as there is too little to go by.

The robust rule is the modified z-score of Iglewicz and Hoaglin (B. Iglewicz and D.C. Hoaglin, How
to Detect and Handle Outliers, ASQC, 1993): a number is an outlier when |0.6745 (x - median) / MAD|
> 3.5, MAD being the median absolute deviation from the median. Where more than half of the numbers
are the same MAD is 0; the mean absolute deviation from the median then takes its place, as
|(x - median) / (1.253314 mean deviation)| > 3.5. Neither scale is ever less than the smallest step
in which the figure is written: rounding is no outlier.

It asks for five numbers. Before that, from two figures on and when none is negative, a figure is an
outlier when it is less than a third of the smallest or more than three times the largest: this
catches the slipped decimal and the wrong column, and leaves ordinary growth alone. Here too, what
lies within 3.5 of the smallest step is left alone: 0 after 1 and 2 incidents is no outlier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MINIMUM_COMPARABLE: Final = 5
OUTLIER_SCORE: Final = Fraction(7, 2)
# As long as the robust rule has too few numbers: from so many figures on, by this factor.
FEWEST_COMPARABLE: Final = 2
FAR_FACTOR: Final = 3
# Standard deviations of a normal distribution per median, and mean deviations per standard one.
MEDIAN_DEVIATION: Final = Fraction(6745, 10_000)
MEAN_DEVIATION: Final = Fraction(1_253_314, 1_000_000)


@dataclass(frozen=True, slots=True)
class UsualRange:
    """The closed interval that holds no outlier, around the median of `count` numbers."""

    low: Fraction
    median: Fraction
    high: Fraction
    count: int

    def __contains__(self, value: Fraction) -> bool:
        return self.low <= value <= self.high

    def moved(self, by: Fraction) -> "UsualRange":
        """The same range, seen from another zero."""
        return UsualRange(self.low + by, self.median + by, self.high + by, self.count)


@dataclass(frozen=True, slots=True)
class RoughRange:
    """The closed interval without outliers, by `count` figures from `smallest` to `largest`."""

    low: Fraction
    smallest: Fraction
    largest: Fraction
    high: Fraction
    count: int

    def __contains__(self, value: Fraction) -> bool:
        return self.low <= value <= self.high


def rough_range(
    figures: Sequence[Fraction], smallest_step: Fraction = Fraction(0)
) -> RoughRange | None:
    """A third of the smallest to three times the largest of a few figures, in any order.

    It reaches at least 3.5 steps beyond them, and never below 0. None with fewer than two figures,
    when one of them is negative, and when all are 0: nothing is then three times as much.
    """
    if len(figures) < FEWEST_COMPARABLE or min(figures) < 0 or not any(figures):
        return None
    smallest, largest = min(figures), max(figures)
    margin = OUTLIER_SCORE * smallest_step
    low = max(min(smallest / FAR_FACTOR, smallest - margin), Fraction(0))
    high = max(largest * FAR_FACTOR, largest + margin)
    return RoughRange(low, smallest, largest, high, len(figures))


def usual_range(
    numbers: Sequence[Fraction], smallest_step: Fraction = Fraction(0)
) -> UsualRange | None:
    """The usual range by numbers in any order, written in steps of `smallest_step`.

    None with fewer than five of them, and when they are all the same: nothing then says how far a
    number may stray.
    """
    if len(numbers) < MINIMUM_COMPARABLE:
        return None
    middle = _median(numbers)
    deviations = [abs(number - middle) for number in numbers]
    scale = _standard_deviation(deviations)
    if not scale:
        return None
    reach = OUTLIER_SCORE * max(scale, smallest_step)
    return UsualRange(middle - reach, middle, middle + reach, len(numbers))


def _standard_deviation(deviations: Sequence[Fraction]) -> Fraction:
    """A robust estimate; zero only when all deviations are."""
    if middle := _median(deviations):
        return middle / MEDIAN_DEVIATION
    return MEAN_DEVIATION * sum(deviations, Fraction(0)) / len(deviations)


def _median(values: Sequence[Fraction]) -> Fraction:
    """The middle value; of an even number the exact mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
