"""Words of the data quality checks, and how much each of them weighs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

QUALITY_VERSION: Final = 1


class Severity(StrEnum):
    """What a finding does: it blocks, asks for a confirmation, or is only listed."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Check(StrEnum):
    """One question put to a figure; the comment names the keys of `Finding.values`.

    `[key]` is the breakdown key of the part concerned; without it the whole is meant.
    """

    ZERO_DENOMINATOR = "zero_denominator"  # [key], [numerator]
    NEGATIVE_DENOMINATOR = "negative_denominator"  # [key], denominator, [numerator]
    OUT_OF_RANGE = "out_of_range"  # [key], value, [low], [high]
    BREAKDOWN_UNKNOWN = "breakdown_unknown"  # key
    BREAKDOWN_MISMATCH = "breakdown_mismatch"  # dimensions, of, sum, whole, difference, complete
    BREAKDOWN_INCOMPLETE = "breakdown_incomplete"  # dimensions, given, expected, missing (some)
    FALL_OF_TO_DATE = "fall_of_to_date"  # value, previous, previous_end
    # compared "figure" or "change": value, median, low, high, count, [previous, previous_end];
    # compared "few" (the rough rule): value, smallest, largest, low, high, count
    OUTLIER = "outlier"
    UNCHANGED = "unchanged"  # value, periods, since
    FORECAST_PASSED = "forecast_passed"  # forecast_on, period_end
    PERIOD_RUNNING = "period_running"  # entered_on, period_end
    LATE = "late"  # recorded_on, due_on, days
    MISSING = "missing"  # period_end, due_on, days


SEVERITIES: Final[Mapping[Check, Severity]] = {
    Check.ZERO_DENOMINATOR: Severity.ERROR,
    Check.NEGATIVE_DENOMINATOR: Severity.ERROR,
    Check.OUT_OF_RANGE: Severity.ERROR,
    Check.BREAKDOWN_UNKNOWN: Severity.ERROR,
    Check.BREAKDOWN_MISMATCH: Severity.ERROR,
    Check.BREAKDOWN_INCOMPLETE: Severity.WARNING,
    Check.FALL_OF_TO_DATE: Severity.WARNING,
    Check.OUTLIER: Severity.WARNING,
    Check.UNCHANGED: Severity.WARNING,
    Check.FORECAST_PASSED: Severity.WARNING,
    Check.PERIOD_RUNNING: Severity.WARNING,
    Check.LATE: Severity.NOTICE,
    Check.MISSING: Severity.NOTICE,
}
