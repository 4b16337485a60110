"""Localised texts, their translation state, sources and exact numbers on pages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from django import template
from django.utils.dateparse import parse_date
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ibzplan.core import sources
from ibzplan.core.exports.csv_file import cell_separator
from ibzplan.core.localised import (
    STATE_APPROVED,
    STATE_MISSING,
    STATE_OUTDATED,
    STATE_UNOFFICIAL,
    LocalisedText,
)
from ibzplan.core.numbers import Exact, format_quantity, format_share
from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS

register = template.Library()


@register.simple_tag
def csv_note() -> str:
    """Return how a CSV of this page is written: see ibzplan.core.exports.csv_file."""
    if cell_separator() == ";":
        return _("Cells end in a semicolon, decimals follow a comma: for a Belgian Excel.")
    return _("Cells end in a comma, decimals follow a point.")


@register.simple_tag
def longest_text() -> str:
    """Return how many characters a remark, an answer or a reason may have, for `maxlength`."""
    return str(MAX_TEXT_CHARACTERS)


# Both plans are written in Dutch: an unofficial Dutch text is a summary, not a translation.
SOURCE_LANGUAGE: Final = "nl"
# Content is due in these; the English interface shows Dutch content without remark.
REQUIRED_LANGUAGES: Final = ("nl", "fr")

_LABELS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    STATE_UNOFFICIAL: (gettext_lazy("unofficial translation"), gettext_lazy("unofficial")),
    STATE_OUTDATED: (gettext_lazy("outdated translation"), gettext_lazy("outdated")),
    STATE_MISSING: (gettext_lazy("not translated"), gettext_lazy("not translated")),
}
_SUMMARY: Final = (gettext_lazy("summary, not the text of the plan"), gettext_lazy("summary"))


def _page_language() -> str:
    return (get_language() or SOURCE_LANGUAGE).split("-")[0]


def _localised(value: Any) -> LocalisedText:
    return LocalisedText.from_json(value if isinstance(value, Mapping) else None)


@register.filter
def localised(value: Any) -> SafeString:
    """Return a localised text (or its JSON form) escaped, in the page's language where it exists.

    A text in another language is wrapped in a span that says so. Any other value is escaped.
    """
    if value is None:
        return SafeString("")
    if not isinstance(value, Mapping):
        return conditional_escape(value)
    text, language = _localised(value).best(_page_language())
    if not text or language == _page_language():
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def plain(value: Any) -> str:
    """Return the text alone, for attributes and titles, where no markup can stand."""
    if not isinstance(value, Mapping):
        return str(value or "")
    return _localised(value).best(_page_language())[0]


@register.filter
def translation_state(value: Any) -> str:
    """Return missing, outdated, unofficial or approved for what the page shows ('' if nothing)."""
    text = _localised(value)
    shown, language = text.best(_page_language())
    if not shown:
        return ""
    page = _page_language()
    if language != page and page in REQUIRED_LANGUAGES:
        return STATE_MISSING
    return text.state(language)


@register.simple_tag
def colon() -> str:
    """Return the colon as the language sets it: in French after a no-break space."""
    return (_("%(label)s: %(value)s") % {"label": "", "value": ""}).rstrip()


@register.simple_tag
def translation_mark(value: Any, variant: str = "long") -> SafeString:
    """Return a chip when the text shown is no approved one in the page's language, else ''.

    `{% translation_mark row.title "short" %}` is for lists: one word, the rest for screen readers
    and as a tooltip.
    """
    state = translation_state(value)
    if state in ("", STATE_APPROVED):
        return SafeString("")
    language = _localised(value).best(_page_language())[1]
    is_summary = state == STATE_UNOFFICIAL and language == SOURCE_LANGUAGE
    full, short = _SUMMARY if is_summary else _LABELS[state]
    if variant != "short":
        return format_html('<span class="chip translation">{}</span>', full)
    return format_html(
        '<span class="chip translation" title="{}">{}</span>',
        full,
        short,
    )


@register.simple_tag
def source_ref(entry: Any, line: int | None = None) -> SafeString:
    """Return document and lines of a sourced row, or of `line` in its document; '' if unknown."""
    file_name = getattr(entry, "source_file", "")
    if not file_name:
        return SafeString("")
    first = entry.source_first_line if line is None else line
    last = entry.source_last_line if line is None else line
    lines = sources.lines_text(first, last)
    return format_html(
        '<span class="chip source"><span class="visually-hidden">{}</span>'
        "<cite>{}{}{}</cite></span>",
        _("Source:") + " ",
        sources.document_name(file_name),
        ", " if lines else "",
        lines,
    )


@register.filter
def strong_list(phrases: Sequence[str]) -> SafeString:
    """Return 'a, b and c' with each phrase in bold: the counts of a headline sentence."""
    bold = [format_html("<strong>{}</strong>", phrase) for phrase in phrases]
    if len(bold) < 2:
        return bold[0] if bold else SafeString("")
    first = format_html_join(", ", "{}", ((phrase,) for phrase in bold[:-1]))
    return format_html("{} {} {}", first, _("and"), bold[-1])


@register.filter
def line_ref(line: int | None) -> str:
    """Return 'line 582' for a line of the document that the page speaks of."""
    return sources.lines_text(line, None)


def _exact(value: Any) -> Exact | None:
    """Return the exact number, or None when there is none. A float is refused: it is not exact."""
    if isinstance(value, bool | float):
        raise TypeError(f"{value!r} is not an exact number")
    if isinstance(value, int | Decimal | Fraction):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def quantity(value: Any, decimals: int | None = None) -> str:
    """Return an exact number (int, Decimal, Fraction or its text) for reading; None gives ''.

    `{{ value|quantity:1 }}` rounds half up to one decimal; without an argument a number keeps the
    decimals that it is written with.
    """
    number = _exact(value) if value is not None else None
    return "" if number is None else format_quantity(number, decimals)


@register.filter
def share(value: Any, decimals: int = 0) -> str:
    """Return a share of one as '64 %'; None gives ''."""
    number = _exact(value) if value is not None else None
    return "" if number is None else format_share(number, decimals)


@register.filter
def iso_date(value: Any) -> str:
    """Return a date (or its ISO text, as JSON keeps it) as a short date of the page's language."""
    day = parse_date(value) if isinstance(value, str) else value
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


@register.filter
def period(value: Any) -> str:
    """Return a period (start and resolution) for reading: 'T3 2026', 'September 2026', '2026'."""
    start, resolution = getattr(value, "start", None), getattr(value, "resolution", "")
    if start is None or not resolution:
        return ""
    if resolution == "Y":
        return str(start.year)
    if resolution == "M":
        return f"{MONTHS[start.month]} {start.year}"
    return f"{value.short} {start.year}"
