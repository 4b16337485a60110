"""The life of a report in words: its stages, and for whom it waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.choices import ReportStage
from reporting.models import ProgressReport
from reporting.selectors.report_waiting import Next, Waiting

_ORDER: Final = tuple(ReportStage)
# For whom a report waits, where no directorate has to be named.
_WAITS: Final[Mapping[Next, Promise | str]] = {
    Next.MAKE: gettext_lazy("It is being made"),
    Next.MAKE_AGAIN: gettext_lazy("Corporate cell: try again"),
    Next.MAKE_AFTER_STOP: gettext_lazy("Stopped; the corporate cell can have it made again"),
    Next.REVIEW_OR_APPROVE: gettext_lazy("Corporate cell: have it reviewed, or approve it"),
    Next.APPROVE: gettext_lazy("Corporate cell: approve it"),
    Next.MAKE_FINAL: gettext_lazy("The final files are being made"),
    Next.MAKE_FINAL_AGAIN: gettext_lazy("Corporate cell: have the final files made again"),
    Next.SEND: gettext_lazy("Corporate cell: send it"),
    Next.ARCHIVE: gettext_lazy("Corporate cell: archive it"),
    Next.NOTHING: "",
}


@dataclass(frozen=True, slots=True)
class StageStep:
    """A stage on the path of a report; `said` is when it was reached, or when it ends."""

    label: str
    said: str
    is_passed: bool
    is_present: bool


def stage_path(report: ProgressReport) -> list[StageStep]:
    """Return the stages of a report in their order."""
    present = _ORDER.index(ReportStage(report.stage))
    return [
        StageStep(
            label=_long_names()[stage],
            said=_said(report, stage) if place <= present else "",
            is_passed=place < present,
            is_present=place == present,
        )
        for place, stage in enumerate(_ORDER)
    ]


def _long_names() -> dict[ReportStage, str]:
    return {
        ReportStage.DRAFT: _("Draft"),
        ReportStage.REVIEW: _("Review by the directorates"),
        ReportStage.APPROVED: _("Approved"),
        ReportStage.SENT: _("Sent"),
        ReportStage.ARCHIVED: _("Archived"),
    }


def _said(report: ProgressReport, stage: ReportStage) -> str:
    match stage:
        case ReportStage.DRAFT:
            return _day(report.created_at)
        case ReportStage.REVIEW if report.review_due_on is None:
            return _("Without review")
        case ReportStage.REVIEW:
            return _("Until %(day)s") % {"day": _day(report.review_due_on)}
        case ReportStage.APPROVED:
            return _day(report.issued_at)
        case ReportStage.SENT:
            return _day(report.sent_at)
        case _:
            return _day(report.archived_at)


def _day(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "SHORT_DATE_FORMAT")


def replaced_text(place: ProgressReport | None) -> str:
    """Return that another report came in the place of a draft; None for one not to be seen."""
    if place is None:
        return _("Replaced by a newer draft")
    if place.issued_at is not None:
        return _("Replaced by edition %(n)s, approved on %(day)s") % {
            "n": place.edition,
            "day": _day(place.issued_at),
        }
    moment = date_format(timezone.localtime(place.known_at), "SHORT_DATETIME_FORMAT")
    return _("Replaced by the draft as known on %(moment)s") % {"moment": moment}


def waiting_text(report: ProgressReport, waiting: Waiting) -> str:
    """Return for whom a report waits and for what; '' when for nobody."""
    if waiting.next == Next.REPLACED:
        return replaced_text(report.replaced_by)
    if waiting.next != Next.REVIEW:
        return str(_WAITS[waiting.next])
    return _("%(units)s: answer before %(day)s") % {
        "units": ", ".join(waiting.units),
        "day": _day(report.review_due_on),
    }
