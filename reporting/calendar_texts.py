"""The dated things of the calendar in words, in the active language."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ibzplan.core.localised import joined
from objectives.indicators.formatting import period_text
from objectives.indicators.periods import Period
from objectives.planning.selectors.plan_page import sees_plan
from personnel.access import Access
from personnel.choices import Role
from reporting.choices import CalendarKind
from reporting.selectors.calendar_item import CalendarItem
from reporting.selectors.reports import reads_reports

_STEPS: Final[Mapping[str, Promise]] = {
    "submitted": gettext_lazy("Plan %(year)s handed to the direction committee"),
    "approved": gettext_lazy("Plan %(year)s approved"),
    "sent": gettext_lazy("Plan %(year)s sent to the ministers"),
    "closed": gettext_lazy("Plan %(year)s closed"),
}
_KINDS: Final[Mapping[str, Promise]] = {
    CalendarKind.SUBMISSION: gettext_lazy("Objectives of %(year)s handed in"),
    CalendarKind.REVIEW: gettext_lazy("Objectives of %(year)s reviewed by the corporate cell"),
    CalendarKind.COMMITTEE: gettext_lazy("Plan %(year)s decided by the direction committee"),
    CalendarKind.REPORT: gettext_lazy("Progress report %(year)s"),
    CalendarKind.EVALUATION: gettext_lazy("Final evaluation of %(year)s"),
    CalendarKind.OTHER: gettext_lazy("Date of the plan %(year)s"),
    CalendarKind.SENDING: gettext_lazy("Plan %(year)s sent to the ministers, for information"),
    CalendarKind.YEAR_END: gettext_lazy("Last day for amendments of plan %(year)s"),
}


def figures_title(period: Period) -> str:
    """Return 'Figures of T4 2026'."""
    return _("Figures of %(period)s") % {"period": period_text(period)}


def kind_title(kind: str, year: int) -> str:
    """Return what is due of a kind that needs no title of its own."""
    return str(_KINDS[CalendarKind(kind)]) % {"year": year}


def title_of(item: CalendarItem) -> str:
    """Return what is due or was done, in a few words."""
    if item.text:
        return str(item.text)
    if item.period is not None:
        return figures_title(item.period)
    if item.step:
        return str(_STEPS[item.step]) % {"year": item.plan.year}
    return kind_title(item.kind, item.plan.year)


def given_text(given: int, expected: int) -> str:
    """Return '12 of 96 given'."""
    return ngettext(
        "%(given)s of %(n)s figure given", "%(given)s of %(n)s figures given", expected
    ) % {"given": given, "n": expected}


def law_of(item: CalendarItem) -> str:
    """Return the article that sets the day: as printed in the plan, and what replaced its text."""
    if item.kind != CalendarKind.SENDING:
        return str(item.article)
    printed = str(item.article) or _("article 11bis of the Royal Decree of 29 October 2001")
    return _("%(article)s, text replaced by the Royal Decree of 21 December 2021") % {
        "article": printed
    }


def detail_of(item: CalendarItem) -> str:
    """Return the rest in one line: the figures given, the open units, the article; may be ''."""
    parts = []
    if item.expected:
        parts.append(given_text(item.given, item.expected))
    if item.unit is None and len(item.open_unit_ids) > 0 and Role.PLANNER in item.roles:
        parts.append(
            ngettext(
                "%(n)s directorate still to do it",
                "%(n)s directorates still to do it",
                len(item.open_unit_ids),
            )
            % {"n": len(item.open_unit_ids)}
        )
    if law := law_of(item):
        parts.append(law)
    return joined(parts)


def who_of(item: CalendarItem) -> str:
    """Return who has to act: 'Planner, Head of directorate'; '' when nobody."""
    return ", ".join(str(role.label) for role in item.roles)


def state_of(item: CalendarItem, today: date) -> str:
    """Return where it stands on a day, in words."""
    if item.is_done:
        if item.done_on is None:
            return _("Done")
        return _("Done on %(day)s") % {"day": date_format(item.done_on, "SHORT_DATE_FORMAT")}
    if item.is_late(today):
        days = -item.days_until(today)
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}
    return until_text(item.days_until(today)) if item.days_until(today) >= 0 else ""


def until_text(days: int) -> str:
    """Return 'today' or 'in 54 days'."""
    if days == 0:
        return _("today")
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


def link_of(item: CalendarItem, access: Access | None = None) -> str:
    """Return the path of the page where it is done, or where it can be read.

    It leads whoever may not open that page to the day in the calendar; without `access` it is for
    those who act.
    """
    if item.kind == CalendarKind.MILESTONE:
        return reverse("planning:objective", args=[item.objective_uuid])
    if item.unit is not None:
        page = reverse("planning:unit", args=[item.unit.code])
        return f"{page}?year={item.plan.year}"
    if item.kind == CalendarKind.REPORT:
        page = reverse("reporting:reports")
        is_open = access is None or reads_reports(access)
    else:
        page = reverse("planning:plan", args=[item.plan.year])
        is_open = access is None or sees_plan(access, item.plan)
    return page if is_open else day_link(item)


def day_link(item: CalendarItem) -> str:
    """Return the path of a day in the list of all dates."""
    return f"{reverse('reporting:calendar')}?day={item.day.isoformat()}#list"


def next_sentence(items: list[CalendarItem], today: date) -> str:
    """Return what is due next in one sentence, of items that share a day; '' for none.

    'Next: figures of T4 2026 due on 15 January 2027, in 54 days; 12 of 96 figures given.'
    """
    if not items:
        return ""
    titles = list(dict.fromkeys(title_of(item) for item in items))
    first = titles[0][:1].lower() + titles[0][1:] if items[0].period else titles[0]
    expected = sum(item.expected for item in items)
    given = sum(item.given for item in items)
    more = len(titles) - 1
    what = first
    if more:
        what = ngettext("%(title)s and %(n)s more", "%(title)s and %(n)s more", more) % {
            "title": first,
            "n": more,
        }
    sentence = _("Next: %(what)s due on %(day)s, %(until)s") % {
        "what": what,
        "day": date_format(items[0].day, "DATE_FORMAT"),
        "until": until_text(items[0].days_until(today)),
    }
    return f"{sentence}; {given_text(given, expected)}." if expected else f"{sentence}."
