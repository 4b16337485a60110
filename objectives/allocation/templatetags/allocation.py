"""Shares, amounts and perimeters on pages."""

from fractions import Fraction

from django import template

from objectives.allocation.means_texts import (
    amount_text,
    basis_text,
    finding_text,
    per_fte_text,
    perimeter_text,
)
from objectives.allocation.selectors import CostPerFte, Means, cost_per_fte
from objectives.allocation.share_texts import share_text

register = template.Library()

register.filter("basis", basis_text)
register.filter("finding", finding_text)
register.filter("perimeter", perimeter_text)


@register.filter
def exact_share(share: Fraction | None) -> str:
    """Return a share for reading, exactly; '' where it is not known."""
    return "" if share is None else share_text(share)


@register.filter
def means_amount(amount: int | None, kind: str) -> str:
    """Return an amount in kEUR or FTE; '' where there is none."""
    return amount_text(kind, amount)


@register.filter
def per_fte(means: Means) -> str:
    """Return the cost per FTE with its perimeter, or why there is none."""
    cost = cost_per_fte(means)
    return per_fte_text(cost) if isinstance(cost, CostPerFte) else cost


@register.filter
def has_per_fte(means: Means) -> bool:
    """Tell whether money and people are of one perimeter."""
    return isinstance(cost_per_fte(means), CostPerFte)
