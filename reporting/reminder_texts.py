"""Reminders in words, from the values that a message keeps."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText, joined
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import Told
from objectives.indicators.periods import parse_period
from reporting.calendar_texts import figures_title, given_text, kind_title
from reporting.choices import ReminderStage


def tell_deadline(notification: Notification) -> Told:
    """Return a reminder as a person reads it, today or later."""
    values = notification.values
    details = [
        ", ".join(values["units"]),
        given_text(values["given"], values["expected"]) if values["expected"] else "",
        _("The directorate was reminded; it is now brought to its head.")
        if values["stage"] == ReminderStage.ESCALATION
        else "",
    ]
    return Told(_title(values), joined(details), values["url"])


def _title(values: dict[str, Any]) -> str:
    words = {"what": _what(values), "day": date_format(date.fromisoformat(values["day"]))}
    if values["stage"] == ReminderStage.ESCALATION:
        return _("More than a week late: %(what)s, due on %(day)s") % words
    if values["days_left"] < 0:
        return _("Late: %(what)s, due on %(day)s") % words
    if values["days_left"] == 0:
        return _("Due today, %(day)s: %(what)s") % words
    return _("Due on %(day)s: %(what)s") % words


def _what(values: dict[str, Any]) -> str:
    text = LocalisedText.from_json(values["text"])
    if text:
        return str(text)
    if values["period"]:
        return figures_title(parse_period(values["period"]))
    return kind_title(values["kind"], values["year"])
