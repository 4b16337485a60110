"""What combines the others: reports, the calendar, reorganisations."""

from reporting.models.calendar import CalendarFeed, Deadline
from reporting.models.reorganisation import Reorganisation, ReorganisedUnit
from reporting.models.reports import ProgressReport, ReportFile

__all__ = [
    "CalendarFeed",
    "Deadline",
    "ProgressReport",
    "Reorganisation",
    "ReorganisedUnit",
    "ReportFile",
]
