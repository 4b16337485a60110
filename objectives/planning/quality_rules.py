"""The data quality checks in words, so that whoever audits a figure can work them out again."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.indicators.formatting import number
from objectives.indicators.quality import (
    FAR_FACTOR,
    FEWEST_COMPARABLE,
    MINIMUM_COMPARABLE,
    OUTLIER_SCORE,
    UNCHANGED_PERIODS,
    Check,
)
from objectives.indicators.quality.outliers import MEAN_DEVIATION, MEDIAN_DEVIATION

RULES: Final[Mapping[Check, Promise]] = {
    Check.ZERO_DENOMINATOR: _(
        "The denominator of a ratio is 0. A part of a breakdown may be 0 out of 0: there was "
        "nothing to count."
    ),
    Check.NEGATIVE_DENOMINATOR: _("The denominator of a ratio, or of a part of it, is below 0."),
    Check.OUT_OF_RANGE: _(
        "The figure or a part of it is below the lowest or above the highest value that the "
        "definition calls possible; these limits themselves are possible. A part of a number that "
        "adds up may go down to 0."
    ),
    Check.BREAKDOWN_UNKNOWN: _("A part of the breakdown is not in the definition."),
    Check.BREAKDOWN_MISMATCH: _(
        "The definition says that the parts add up. All are given and their sum is not exactly the "
        "whole; or only some are, none of them negative, and their sum exceeds it already. "
        "Numerators and denominators of a ratio are added up apart."
    ),
    Check.BREAKDOWN_INCOMPLETE: _(
        "The definition says that the parts add up, and not all of them are given, or none at all."
    ),
    Check.FALL_OF_TO_DATE: _(
        "A running total is less than in the period before it, since the last series break."
    ),
    Check.OUTLIER: _(
        "The figure is compared with the earlier ones of periods of the same length since the last "
        "series break, at least %(minimum)s of them; for a level and a running total it is the "
        "step since the figure before that is compared with the earlier steps. Unusual is a "
        "modified z-score (Iglewicz and Hoaglin, 1993) beyond %(score)s: %(factor)s × "
        "|x − median| / MAD > %(score)s, where MAD is the median absolute deviation from the "
        "median. When MAD is 0, |x − median| / (%(mean_factor)s × mean absolute deviation) "
        "takes its place. Neither counts for less than one unit of the last decimal. When all "
        "earlier numbers are the same, nothing is called unusual. With fewer numbers to compare, "
        "from %(fewest)s earlier figures on and when none of them is negative, a figure is unusual "
        "when it is less than a third of the smallest or more than %(far)s times the largest of "
        "them, for a level and a running total as well, and further from them than %(score)s units "
        "of the last decimal. When all of them are 0, nothing is called unusual."
    ),
    Check.UNCHANGED: _(
        "The same figure, other than 0, for %(periods)s periods of the same length in a row or "
        "more, since the last series break. Ranges and running totals are left out: there "
        "standing still is no surprise."
    ),
    Check.FORECAST_PASSED: _(
        "A milestone is not done, and its expected date is not later than the end of the period."
    ),
    Check.PERIOD_RUNNING: _(
        "The figure was recorded before the last day of its period. A milestone that is done is "
        "left out."
    ),
    Check.LATE: _(
        "The first figure of the period was recorded after its due date, days of grace not "
        "counted. A correction later on does not make a figure late."
    ),
    Check.MISSING: _(
        "The figure was due on or before the reference date and is not there. Periods that are "
        "not applicable, and those after a milestone is done, are not due."
    ),
}


def rule_text(check: Check) -> str:
    """Return the rule of a check with its constants, in the active language."""
    return str(RULES[check]) % {
        "minimum": MINIMUM_COMPARABLE,
        "fewest": FEWEST_COMPARABLE,
        "far": FAR_FACTOR,
        "score": number(OUTLIER_SCORE, 1),
        "factor": number(MEDIAN_DEVIATION, 4),
        "mean_factor": number(Fraction(MEAN_DEVIATION), 6),
        "periods": UNCHANGED_PERIODS,
    }
