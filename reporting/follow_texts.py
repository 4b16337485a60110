"""What changed in what someone follows, in words, from the values that a message keeps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText, joined
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import Told
from objectives.indicators.choices import Status
from reporting.selectors.follow_change import ChangeKind

# Of one record a message says so many things; its page has the rest.
MOST_TOLD: Final = 5

_Values = Mapping[str, Any]


def tell_followed(notification: Notification) -> Told:
    """Return a message as a person reads it: the record with the first change, then the others."""
    values = notification.values
    first, detail = sentences_of(values["changes"])
    name = f"{values['code']} {LocalisedText.from_json(values['title'])}"
    title = _("%(name)s: %(what)s") % {"name": name, "what": first}
    return Told(title, detail, values["url"], is_news=True)


def sentences_of(changes: Sequence[_Values]) -> tuple[str, str]:
    """Return the first change in a few words, and the rest in a line; '' twice for none."""
    if not changes:
        return "", ""
    shown, more = changes[:MOST_TOLD], len(changes) - MOST_TOLD
    parts = [*reasons_of(shown[0])]
    for change in shown[1:]:
        parts += [change_text(change), *reasons_of(change)]
    if more > 0:
        parts.append(
            ngettext("and %(n)s change more", "and %(n)s changes more", more) % {"n": more}
        )
    return change_text(shown[0]), joined(part.rstrip(".") for part in parts)


def change_text(values: _Values) -> str:
    """Return a change in a few words, with the objective that it happened to."""
    text = _WORDS[ChangeKind(values["kind"])](values)
    if not values["code"] or values.get("indicator"):  # its place begins with the same code
        return text
    return _("%(name)s: %(what)s") % {"name": values["code"], "what": text}


def reasons_of(values: _Values) -> Sequence[str]:
    """Return why, as sentences in the active language."""
    found: Sequence[str] = _said(values.get("reasons", {})) or ()
    return found


def _said(by_language: Mapping[str, Any]) -> Any:
    """Return what is kept in the active language, else in the first one there is."""
    language = (get_language() or "")[:2]
    return by_language.get(language) or next(iter(by_language.values()), None)


def _status(values: _Values) -> str:
    return _("from %(old)s to %(new)s") % {
        "old": str(Status(values["from"]).label).lower(),
        "new": str(Status(values["to"]).label).lower(),
    }


def _adjusted(values: _Values) -> str:
    return _("adjusted")


def _withdrawn(values: _Values) -> str:
    return _("taken out of the plan")


def _closed(values: _Values) -> str:
    return _("closed")


def _added(values: _Values) -> str:
    return _("in force, part of the plan")


def _answer(values: _Values) -> str:
    return _("an answer to “%(question)s”") % values


def _amendment(values: _Values) -> str:
    return _("amendment W%(number)s of %(year)s approved, “%(title)s”") % {
        **values,
        "title": LocalisedText.from_json(values["title"]),
    }


def _figure(values: _Values) -> str:
    words = {
        "name": _indicator(values),
        "period": _said(values["period"]),
        "text": _said(values["text"]),
    }
    if values["provisional"]:
        return _("%(name)s, %(period)s: %(text)s, provisional") % words
    return _("%(name)s, %(period)s: %(text)s") % words


def _corrected(values: _Values) -> str:
    return _("%(name)s, %(period)s: %(text)s instead of %(before)s") % {
        "name": _indicator(values),
        "period": _said(values["period"]),
        "text": _said(values["text"]),
        "before": _said(values["before"]),
    }


def _indicator(values: _Values) -> str:
    """Return place and name of the indicator; of a followed one it stands before already."""
    if not values["indicator"]:
        return _("figure")
    return f"{values['indicator']} {LocalisedText.from_json(values['title'])}"


def _milestone_done(values: _Values) -> str:
    return _("milestone “%(title)s” done on %(day)s") % _milestone(values)


def _milestone_moved(values: _Values) -> str:
    return _("milestone “%(title)s” expected on %(day)s") % _milestone(values)


def _milestone_added(values: _Values) -> str:
    return _("milestone “%(title)s” added, due on %(day)s") % _milestone(values)


def _milestone_withdrawn(values: _Values) -> str:
    return _("milestone “%(title)s” withdrawn") % {
        "title": LocalisedText.from_json(values["title"])
    }


def _milestone(values: _Values) -> dict[str, Any]:
    return {
        "title": LocalisedText.from_json(values["title"]),
        "day": date_format(date.fromisoformat(values["day"]), "SHORT_DATE_FORMAT"),
    }


def _narrative(values: _Values) -> str:
    return _("narrative of %(period)s written") % {"period": _said(values["period"])}


_WORDS: Final = {
    ChangeKind.STATUS: _status,
    ChangeKind.ADJUSTED: _adjusted,
    ChangeKind.WITHDRAWN: _withdrawn,
    ChangeKind.CLOSED: _closed,
    ChangeKind.ADDED: _added,
    ChangeKind.ANSWER: _answer,
    ChangeKind.AMENDMENT: _amendment,
    ChangeKind.FIGURE: _figure,
    ChangeKind.CORRECTED: _corrected,
    ChangeKind.MILESTONE_DONE: _milestone_done,
    ChangeKind.MILESTONE_MOVED: _milestone_moved,
    ChangeKind.MILESTONE_ADDED: _milestone_added,
    ChangeKind.MILESTONE_WITHDRAWN: _milestone_withdrawn,
    ChangeKind.NARRATIVE: _narrative,
}
