"""Findings as marks and words on the data quality page."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core import marks
from ibzplan.core.numbers import format_quantity
from objectives.indicators.breakdowns import dimensions_of, part_names
from objectives.indicators.findings import SEVERITY_LABELS, check_label, finding_text
from objectives.indicators.quality import Check
from objectives.planning.quality_rules import rule_text
from objectives.planning.selectors.quality import ABSENT, CLEAN, FoundFinding, Tally

register = template.Library()

# The bar borrows shapes and colours of the statuses; what they stand for here is in its legend.
_MARKS: Final[Mapping[str, marks.StatusKey]] = {
    CLEAN: "on_track",
    "notice": "not_started",
    "warning": "at_risk",
    "error": "off_track",
    ABSENT: "no_data",
}
_LABELS: Final[Mapping[str, Promise]] = {
    CLEAN: gettext_lazy("Without finding"),
    **{str(severity): label for severity, label in SEVERITY_LABELS.items()},
    ABSENT: gettext_lazy("Missing"),
}


def _safe(svg: str) -> SafeString:
    """Mark a drawing as safe: ibzplan.core.marks escapes every text it is given."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def quality_mark(name: str) -> SafeString:
    """Show a class of figures, or a severity, as mark and word."""
    mark = _MARKS[name]
    return format_html(
        '<span class="st st-{}">{}{}</span>',
        mark,
        _safe(marks.status_mark(mark, "")),
        _LABELS[name],
    )


@register.simple_tag
def quality_legend() -> list[str]:
    """Return the classes of the bar in its order."""
    return list(_MARKS)


@register.simple_tag
def quality_bar(tally: Tally) -> SafeString:
    """Draw how many figures are clean, remarkable or missing; in words for who cannot see it."""
    parts = ", ".join(f"{n} {str(_LABELS[name]).lower()}" for name, n in tally.classes.items() if n)
    return _safe(
        marks.stacked_bar(
            {_MARKS[name]: n for name, n in tally.classes.items()},
            parts or _("No figure was due."),
            width=140,
            height=20,
            fluid=False,
        )
    )


@register.filter
def days(value: Fraction) -> str:
    """Return '8' or '6,4': a number of days, rounded half up to one decimal at most."""
    return format_quantity(Fraction(floor(value * 10 + Fraction(1, 2)), 10))


@register.filter
def check_name(check: Check) -> str:
    """Return the short name of a check."""
    return check_label(check)


@register.filter
def check_rule(check: Check) -> str:
    """Return the rule of a check with its constants."""
    return rule_text(check)


@register.filter
def finding_sentence(row: FoundFinding) -> str:
    """Return a finding in the words, unit and decimals of its definition."""
    return finding_text(
        row.finding,
        decimals=row.indicator.decimals,
        unit=str(row.indicator.unit_of_measure),
        names=part_names(dimensions_of(row.indicator.disaggregations)),
    )
