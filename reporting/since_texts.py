"""The moment that a page compares with, in words of the active language."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reporting.selectors.since import Since


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def compared_text(since: Since | None) -> str:
    """Return what the page is compared with, as one line."""
    if since is None:
        return _("No earlier report or closed period to compare with")
    day = _day(since.clocks.reference_date)
    if since.report is not None:
        return _("Compared with the progress report of %(day)s") % {"day": day}
    parts = {"day": day, "known": _day(timezone.localdate(since.clocks.known_at))}
    if since.is_unreported:
        return _("Compared with %(day)s as known on %(known)s; no report was issued yet") % parts
    return _("Compared with %(day)s as known on %(known)s") % parts


def changed_text(since: Since | None) -> str:
    """Return the heading of what changed."""
    if since is None or since.report is not None:
        return _("Changed since the last report")
    return _("Changed since %(day)s") % {"day": date_format(since.clocks.reference_date, "j F")}


def since_text(since: Since) -> str:
    """Return what follows a count of changes."""
    if since.report is not None:
        return _("since the report")
    return _("since %(day)s") % {"day": date_format(since.clocks.reference_date, "j F")}


def unreported_text(since: Since | None) -> str:
    """Return why the end of a period stands where a report could; '' where one stands."""
    if since is None or not since.is_unreported:
        return ""
    return _("no report was issued yet")
