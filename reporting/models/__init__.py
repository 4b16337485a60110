"""What combines the others: reports, the calendar, reorganisations."""

from reporting.models.calendar import CalendarFeed, Deadline
from reporting.models.cycles import ReportCycle
from reporting.models.reorganisation import Reorganisation, ReorganisedUnit
from reporting.models.reports import ProgressReport, ReportFile
from reporting.models.review import GateWaiver, NumberReview, ReportReview, ReportSending

__all__ = [
    "CalendarFeed",
    "Deadline",
    "GateWaiver",
    "NumberReview",
    "ProgressReport",
    "Reorganisation",
    "ReorganisedUnit",
    "ReportCycle",
    "ReportFile",
    "ReportReview",
    "ReportSending",
]
