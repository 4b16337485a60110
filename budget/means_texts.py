"""The means in words, and drawn: for the pages and for whoever cannot see the drawing."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budget.choices import BudgetVersion
from budget.money import keur, keur_text
from budget.selectors import CreditMeans, YearMeans
from ibzplan.core import marks
from ibzplan.core.numbers import format_quantity

# On a phone the drawing is as wide as the page: fewer, larger words.
CHART_WIDTH = 880
PHONE_WIDTH = 340
CHART_HEIGHT = 210


def versions_text(budgets: Iterable[BudgetVersion]) -> str:
    """Return the names of versions of a budget, the initial one first; '' without any."""
    found = set(budgets)
    return ", ".join(str(one.label) for one in BudgetVersion if one in found)


def without_text(without: int) -> str:
    """Return how many lines have no figure, '' for none."""
    if not without:
        return ""
    return ngettext(
        "not complete: %(n)s line has no figure",
        "not complete: %(n)s lines have no figure",
        without,
    ) % {"n": without}


def year_text(one: YearMeans) -> str:
    """Return where the figures of a year come from, or that there are none."""
    if one.figure is None:
        return _("not entered")
    parts = [versions_text(one.budgets), without_text(one.without)]
    return "; ".join(part for part in parts if part)


def years_sentence(title: str, years: Sequence[YearMeans]) -> str:
    """Return in words what the drawing of the years shows."""
    said = []
    for one in years:
        if one.figure is None:
            said.append(_("%(year)s: not entered") % {"year": one.year})
            continue
        said.append(
            _("%(year)s: VL %(commitment)s, VE %(payment)s (%(origin)s)")
            % {
                "year": one.year,
                "commitment": keur_text(one.figure.commitment_cents),
                "payment": keur_text(one.figure.payment_cents),
                "origin": year_text(one),
            }
        )
    return _("%(title)s by year, in kEUR. %(figures)s.") % {
        "title": title,
        "figures": "; ".join(said),
    }


def years_chart(title: str, years: Sequence[YearMeans], *, width: int = CHART_WIDTH) -> str:
    """Return the SVG of the years: a gap where nothing was entered; '' without any figure."""
    figures = [one.figure for one in years if one.figure is not None]
    if not figures:
        return ""
    amounts = [
        keur(cents) for one in figures for cents in (one.commitment_cents, one.payment_cents)
    ]
    steps = marks.axis_steps([0, *map(int, amounts)], steps=4)
    return marks.pair_columns(
        [
            marks.Pair(
                str(one.year),
                one.figure.commitment_cents if one.figure else None,
                one.figure.payment_cents if one.figure else None,
                is_partial=bool(one.without),
            )
            for one in years
        ],
        years_sentence(title, years),
        y_ticks=[marks.Tick(step * 100_000, format_quantity(step)) for step in steps],
        width=width,
        height=CHART_HEIGHT,
    )


def categories_sentence(means: CreditMeans) -> str:
    """Return in words what the bars of the categories show."""
    said = [
        _("%(category)s: VL %(commitment)s, VE %(payment)s")
        % {
            "category": one.category.label,
            "commitment": keur_text(one.figure.commitment_cents),
            "payment": keur_text(one.figure.payment_cents),
        }
        if one.figure
        else _("%(category)s: not entered") % {"category": one.category.label}
        for one in means.categories
    ]
    return _("Credits by category, in kEUR. %(figures)s.") % {"figures": "; ".join(said)}
