"""The vocabulary of indicators (design.md section 5; statistical terms as in SDMX)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What it means to reach the target."""

    INCREASE = "increase", _("Higher is better")
    DECREASE = "decrease", _("Lower is better")
    RANGE = "range", _("Within a range")
    MILESTONE = "milestone", _("Milestone")
    ORDINAL = "ordinal", _("Level")


class IndicatorType(models.TextChoices):
    """What an indicator looks at: the means, what was delivered, or what it changed."""

    INPUT = "input", _("Input: the means put in")
    OUTPUT = "output", _("Output: what was delivered")
    OUTCOME = "outcome", _("Outcome: what changed because of it")


class Accumulation(models.TextChoices):
    """How periods add up."""

    LEVEL = "level", _("State at the end of the period")
    FLOW = "flow", _("Amount of each period, added up")
    TO_DATE = "to_date", _("Running total since the start")


class Aggregation(models.TextChoices):
    """How several figures become one."""

    SUM = "sum", _("Sum")
    LATEST = "latest", _("Latest figure")
    POOLED = "pooled", _("Sum of numerators over sum of denominators")
    MAXIMUM = "maximum", _("Highest figure")
    MINIMUM = "minimum", _("Lowest figure")
    NONE = "none", _("Cannot be brought together")


class Trajectory(models.TextChoices):
    """How the expected value runs between two dated points."""

    LINEAR = "linear", _("Gradual")
    STEP = "step", _("Stepwise")


class Frequency(models.TextChoices):
    """How often a figure is due; the value is the number of months of its periods."""

    MONTHLY = "M", _("Monthly")
    TERM = "T", _("Quarterly")
    SEMESTER = "S", _("Half-yearly")
    YEARLY = "Y", _("Yearly")


class MeasurementEventKind(models.TextChoices):
    """What happens to a figure after it was recorded."""

    VALIDATED = "validated", _("Validated")
    RETURNED = "returned", _("Returned")
    LOCKED = "locked", _("Locked")


class CorrectionState(models.TextChoices):
    """What became of a correction in a locked period."""

    PENDING = "pending", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SlotState(models.TextChoices):
    """The four states of indicator x period; 0 is a value and none of them."""

    MEASURED = "measured", _("Measured")
    MISSING = "missing", _("Missing")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_YET_DUE = "not_yet_due", _("Not yet due")


class Status(models.TextChoices):
    """The status engine's answers, in the order of the stacked bar."""

    ACHIEVED = "achieved", _("Achieved")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    OFF_TRACK = "off_track", _("Off track")
    NOT_STARTED = "not_started", _("Not started")
    NO_DATA = "no_data", _("No data")
