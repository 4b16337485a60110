"""Messages about reports in words, from the values that they keep."""

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import Told
from reporting.choices import ReportFormat, ReviewVerdict
from reporting.labels import error_text


def tell_review(notification: Notification) -> Told:
    """Return the request to read a report, as a person reads it."""
    values = notification.values
    due = date_format(date.fromisoformat(values["due_on"]))
    return Told(
        _("Read the %(report)s before %(day)s") % {"report": _report(notification), "day": due},
        _("Remark where something is wrong or missing; the head answers for the directorate."),
        _url(notification),
    )


def tell_reviewed(notification: Notification) -> Told:
    """Return what a directorate answered."""
    values = notification.values
    return Told(
        _("%(unit)s answered on the %(report)s: %(verdict)s")
        % {
            "unit": values["unit"],
            "report": _report(notification),
            "verdict": str(ReviewVerdict(values["verdict"]).label).lower(),
        },
        "",
        _url(notification),
    )


def tell_replaced(notification: Notification) -> Told:
    """Return that a report that its reader was asked to read was replaced by another draft."""
    values = notification.values
    moment = date_format(
        timezone.localtime(datetime.fromisoformat(values["known_at"])), "SHORT_DATETIME_FORMAT"
    )
    detail = (
        _("It was approved as known on %(moment)s: this draft needs no answer any more.")
        if values["is_issued"]
        else _(
            "A newer draft, as known on %(moment)s, takes its place: this one needs no answer any "
            "more. You hear of it when the new one is there to read."
        )
    )
    return Told(
        _("Replaced: %(report)s") % {"report": _report(notification)},
        detail % {"moment": moment},
        _url(notification),
        is_news=True,
    )


def tell_standstill(notification: Notification) -> Told:
    """Return that a reporting cycle asks for nothing any more, and what to do about it."""
    values = notification.values
    return Told(
        _("The reporting cycle of %(plan)s stands still") % {"plan": values["plan"]},
        _(
            "It asks for reports in the name of %(name)s, who does not work for the corporate cell "
            "any more. Open it and save it: from then on it asks in your name."
        )
        % {"name": values["name"]},
        f"{reverse('reporting:report_cycles')}?wijzigen={notification.target_uuid}#set-h",
    )


def tell_made(notification: Notification) -> Told:
    """Return that a report, or its final files, can be fetched, and what could not be made."""
    values = notification.values
    title = _("Final files ready: %(report)s") if values["is_final"] else _("Ready: %(report)s")
    return Told(
        title % {"report": _report(notification)},
        _("Not made: %(formats)s. Try again on the page of the report.")
        % {"formats": _formats(values["failed"])}
        if values["failed"]
        else _formats(values["formats"]),
        _url(notification),
        is_news=not values["failed"],
    )


def tell_failed(notification: Notification) -> Told:
    """Return that a report could not be made, and why."""
    return Told(
        _("Not made: %(report)s") % {"report": _report(notification)},
        error_text(notification.values["error"]),
        _url(notification),
    )


def _formats(codes: Sequence[str]) -> str:
    return ", ".join(str(ReportFormat(code).label) for code in codes)


def _report(notification: Notification) -> str:
    values = notification.values
    return _("progress report %(minister)s, %(day)s (%(language)s)") % {
        "minister": LocalisedText.from_json(values["minister"]),
        "day": date_format(date.fromisoformat(values["reference_date"])),
        "language": str(values["language"]).upper(),
    }


def _url(notification: Notification) -> str:
    return reverse("reporting:report", args=[notification.target_uuid])
