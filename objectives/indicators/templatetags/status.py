"""Marks of status and progress for pages: shape, colour and word together."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Protocol, TypeVar

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core import marks
from objectives.indicators import engine
from objectives.indicators.charts import trajectory_chart
from objectives.indicators.choices import Status
from objectives.indicators.selectors import IndicatorReading

register = template.Library()

# A status of the engine, or its code alone as a snapshot keeps it.
_Status = TypeVar("_Status", bound=str)


def _safe(svg: str) -> SafeString:
    """Mark a drawing as safe: ibzplan.core.marks escapes every text it is given."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def status(value: str, extra: str = "") -> SafeString:
    """Show a status as mark and word; `extra` adds classes such as 'pill'."""
    label = str(Status(value).label)
    return format_html(
        '<span class="st st-{} {}">{}{}</span>',
        value,
        extra,
        _safe(marks.status_mark(value, "")),
        label,
    )


@register.simple_tag
def judgement(override: engine.Override | None) -> SafeString:
    """Show a head's judgement beside a computed status: mark and words, small, in a dashed frame.

    '' without one. The reason is the tooltip.
    """
    if override is None:
        return mark_safe("")
    word = str(Status(override.status).label).lower()
    return format_html(
        ' <span class="st st-{} st-override pill" title="{}">{}{}</span>',
        override.status.value,
        override.reason,
        _safe(marks.status_mark(override.status.value, "")),
        labelled(_("Head"), word),
    )


class _Judged(Protocol):
    """Whatever has a status that a head may judge otherwise."""

    @property
    def status(self) -> engine.RollupStatus:
        """Return the status."""


@register.filter
def any_judged(readings: Iterable[_Judged]) -> bool:
    """Tell whether a judgement stands beside one of the statuses."""
    return any(reading.status.override for reading in readings)


@register.simple_tag
def status_count(value: str, count: int) -> SafeString:
    """Show a status mark with a count beside it; the word is there for screen readers."""
    return format_html(
        '<span class="st st-{}">{}<span class="visually-hidden">{}</span>'
        '<span aria-hidden="true">{}</span></span>',
        value,
        _safe(marks.status_mark(value, "")),
        labelled(Status(value).label, count),
        count,
    )


@register.filter
def labelled(label: object, value: object) -> str:
    """Return 'label: value'; French has a no-break space before the colon."""
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def counts_sentence(counts: Mapping[_Status, int]) -> str:
    """Return '17 objectives: 1 achieved, 10 on track, ...', for whoever cannot see the bar."""
    total = sum(counts.values())
    parts = ", ".join(f"{n} {str(Status(s).label).lower()}" for s, n in counts.items() if n)
    head = ngettext("%(total)s objective", "%(total)s objectives", total) % {"total": total}
    return labelled(head, parts) if parts else head


@register.simple_tag
def distribution(counts: Mapping[engine.Status, int]) -> SafeString:
    """Draw how many objectives have which status."""
    return _safe(marks.stacked_bar({str(s): n for s, n in counts.items()}, counts_sentence(counts)))


@register.simple_tag
def distribution_small(counts: Mapping[engine.Status, int]) -> SafeString:
    """Draw the same for a table cell: lower, and numbers only where they fit."""
    return _safe(
        marks.stacked_bar(
            {str(s): n for s, n in counts.items()}, counts_sentence(counts), width=110, height=20
        )
    )


def percent(share: Fraction) -> str:
    """Return a share as a whole percentage, rounded half up away from binary fractions."""
    return engine.render_decimal(share * 100, 0)


@register.simple_tag
def progress_bullet(progress: engine.Progress | None) -> SafeString | str:
    """Draw realised against expected progress, with both numbers above."""
    if progress is None:
        return format_html('<span class="muted">{}</span>', _("No figure yet"))
    actual, expected = percent(progress.actual), percent(progress.expected)
    label = _("%(actual)s %% realised, %(expected)s %% expected") % {
        "actual": actual,
        "expected": expected,
    }
    return format_html(
        '<div class="bullet-values"><b>{} %</b><span class="muted">{}</span></div>{}',
        actual,
        _("expected %(share)s %%") % {"share": expected},
        _safe(marks.bullet(progress.actual, progress.expected, label)),
    )


@register.filter
def percentage_points(share: Fraction | None) -> str:
    """Return +6 or −5 for a difference of shares; '' when there is none."""
    if share is None:
        return ""
    rounded = percent(abs(share))
    if rounded == "0":
        return "0"
    return f"+{rounded}" if share > 0 else f"\N{MINUS SIGN}{rounded}"


@register.simple_tag
def trajectory(reading: IndicatorReading) -> SafeString:
    """Draw an indicator's figures against its trajectory, once for a wide screen and for paper.

    And once for a phone: the page shows one of the two. '' for a milestone.
    """
    wide, narrow = trajectory_chart(reading), trajectory_chart(reading, width=360, height=240)
    if not wide:
        return _safe("")
    return format_html(
        '<div class="wide-only">{}</div><div class="phone-only">{}</div>',
        _safe(wide),
        _safe(narrow),
    )
