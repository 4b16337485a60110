"""States of reports and reorganisations, kinds of deadlines (design.md sections 6 and 7)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.indicators.choices import Status


class ReportState(models.TextChoices):
    """Whether a report is made; its life is its stage."""

    REQUESTED = "requested", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ReportStage(models.TextChoices):
    """The life of a report (design.md section 7); from `approved` on it is issued."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Under review")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    ARCHIVED = "archived", _("Archived")


# The languages in which a report is made; the first is the one it starts from.
REPORT_LANGUAGES: Final = ("nl", "fr")


class ReportFormat(models.TextChoices):
    """What a report is rendered to; the data itself is its snapshot."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word document")
    XLSX = "xlsx", _("Excel workbook")
    HTML = "html", _("Web page")


class ReviewVerdict(models.TextChoices):
    """What a directorate answers when it is asked to read a report."""

    AGREED = "agreed", _("Agreed")
    REMARKS = "remarks", _("Agreed once the remarks are dealt with")


class GateKind(models.TextChoices):
    """What stops the issue of a report, and can be waived with a reason that is printed."""

    PARITY = "parity", _("Dutch and French differ")


class NumberDecision(models.TextChoices):
    """What the reviewer says of a number in typed text that no fact is bound to."""

    BOUND = "bound", _("Is this figure")
    ACCEPTED = "accepted", _("Is no figure of this report")


class CycleFrequency(models.TextChoices):
    """How often reports are made by themselves, in calendar months."""

    YEARLY = "12", _("Yearly")
    HALF_YEARLY = "6", _("Every half year")
    FOUR_MONTHLY = "4", _("Every four months")
    QUARTERLY = "3", _("Every quarter")


class DeadlineKind(models.TextChoices):
    """What is due on a day of the plan cycle that someone entered."""

    SUBMISSION = "submission", _("Directorates hand in")
    REVIEW = "review", _("Review by the corporate cell")
    COMMITTEE = "committee", _("Direction committee decides")
    REPORT = "report", _("Progress report")
    EVALUATION = "evaluation", _("Final evaluation")
    OTHER = "other", _("Other")


class CalendarKind(models.TextChoices):
    """What stands on a day of the calendar: what someone entered, and what follows from facts."""

    SUBMISSION = "submission", _("Directorates hand in")
    REVIEW = "review", _("Review by the corporate cell")
    COMMITTEE = "committee", _("Direction committee decides")
    REPORT = "report", _("Progress report")
    EVALUATION = "evaluation", _("Final evaluation")
    OTHER = "other", _("Other")
    SENDING = "sending", _("Sending to the ministers")
    FIGURES = "figures", _("Figures due")
    MILESTONE = "milestone", _("Milestone")
    STEP = "step", _("Step of the plan")
    YEAR_END = "year_end", _("End of the plan year")


class ReminderStage(models.TextChoices):
    """When someone is reminded, seen from the day itself."""

    BEFORE = "before", _("Due soon")
    ON_DAY = "on_day", _("Due today")
    LATE = "late", _("Late")
    ESCALATION = "escalation", _("More than a week late")


class ReorganisationState(models.TextChoices):
    """The life of a reorganisation."""

    DRAFT = "draft", _("Prepared")
    APPLIED = "applied", _("Carried out")


class MovementKind(models.TextChoices):
    """How an objective moved between two moments, in the order in which they are read."""

    WORSENED = "worsened", _("Worsened")
    IMPROVED = "improved", _("Improved")
    OTHER = "other", _("Other status")
    ADJUSTED = "adjusted", _("Adjusted")
    ADDED = "added", _("Came into the plan")
    REMOVED = "removed", _("Left the plan")


class StatusGroup(models.TextChoices):
    """Statuses that are read together."""

    GOOD = "good", _("Achieved or on track")
    BEHIND = "behind", _("At risk or off track")
    UNJUDGED = "unjudged", _("Not started or without data")


# What an address may name as a status: a group of them, or one.
STATUS_CHOICES: Final = (*StatusGroup.choices, *Status.choices)


class CompareMode(models.TextChoices):
    """Which two moments of a plan year are compared."""

    LAST = "last", _("Last report and now")
    DATES = "dates", _("Two dates")
    REPORTS = "reports", _("Two reports")
