"""Money on the pages of credits."""

from django import template

from budget.money import keur_text

register = template.Library()


@register.filter
def keur(cents: object) -> str:
    """Return cents in kEUR, as the plan prints them: with decimals only if there are any.

    Nothing gives '', so that `default` can say what stands there instead.
    """
    return keur_text(cents) if isinstance(cents, int) else ""
