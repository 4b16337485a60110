"""The means on pages: bars, columns and the words beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.db.models import Choices
from django.utils.safestring import SafeString, mark_safe

from budget.choices import BudgetVersion
from budget.means_texts import PHONE_WIDTH, versions_text, without_text, year_text, years_chart
from budget.selectors import Figure, YearMeans
from ibzplan.core import marks

register = template.Library()

register.filter("year_text", year_text)
register.filter("without_text", without_text)


@register.filter
def labels(choices: Iterable[Choices]) -> str:
    """Return the words of choices, in lower case, for within a sentence."""
    return ", ".join(str(one.label).lower() for one in choices)


@register.filter
def versions(budgets: Iterable[BudgetVersion]) -> str:
    """Return the names of versions of a budget."""
    return versions_text(budgets)


@register.simple_tag
def pair_bar(figure: Figure | None, most_cents: int) -> SafeString:
    """Draw VL and VE on one scale, beside the numbers that say the same; '' without a figure."""
    if figure is None:
        return SafeString("")
    return _safe(marks.pair_bar(figure.commitment_cents, figure.payment_cents, most_cents, ""))


@register.simple_tag
def pair_swatch(which: str) -> SafeString:
    """Draw what stands for the VL ("first"), or for the VE."""
    return _safe(marks.pair_swatch(is_first=which == "first"))


@register.inclusion_tag("budget/includes/years.html")
def means_by_year(title: Any, years: Sequence[YearMeans]) -> dict[str, Any]:
    """Show a line, or the whole, over the years: drawn, and as a table."""
    words = str(title)
    return {
        "years": list(reversed(years)),
        "wide": _safe(years_chart(words, years)),
        "narrow": _safe(years_chart(words, years, width=PHONE_WIDTH)),
    }


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (core.marks escapes its texts)
