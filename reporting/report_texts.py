"""Messages about reports in words, from the values that they keep."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import Told
from reporting.choices import ReviewVerdict


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


def _report(notification: Notification) -> str:
    values = notification.values
    return _("progress report %(minister)s, %(day)s (%(language)s)") % {
        "minister": LocalisedText.from_json(values["minister"]),
        "day": date_format(date.fromisoformat(values["reference_date"])),
        "language": str(values["language"]).upper(),
    }


def _url(notification: Notification) -> str:
    return reverse("reporting:report", args=[notification.target_uuid])
