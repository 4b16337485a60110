"""Money divided by people: only where both are of one perimeter, else why it cannot be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from objectives.allocation.selectors.lines import LineUse
from objectives.allocation.selectors.means import Means, Measure
from personnel.models import OrganisationUnit

_MILLI: Final = 1_000


@dataclass(frozen=True, slots=True)
class CostPerFte:
    """What an FTE costs, exactly, in cents; both measures are of the same units and year."""

    commitment_cents: Fraction
    payment_cents: Fraction
    units: Sequence[OrganisationUnit]


def cost_per_fte(means: Means) -> CostPerFte | str:
    """Return the cost per FTE, or in words why it cannot be had.

    The perimeters are the same when the money and the people are of the same units and year, every
    line is a unit's and has a figure, the money is of one version of the budget, the people are of
    all statutes, and nothing is counted twice.
    """
    money, people = means.credits, means.staff
    if money is None:
        return _("No credits are allocated: there is no money to divide.")
    if people is None:
        return _("No FTE are allocated: there is nobody to divide the money by.")
    reason = _incomplete(money, people) or _different(money, people)
    if reason:
        return reason
    assert money.amounts and people.amounts  # noqa: S101 (a measure without them is incomplete)
    milli = people.amounts[0]
    if not milli:
        return _("The FTE allocated come to zero: nothing can be divided by it.")
    commitment, payment = money.amounts
    return CostPerFte(
        Fraction(commitment * _MILLI, milli), Fraction(payment * _MILLI, milli), money.units
    )


def _incomplete(money: Measure, people: Measure) -> str:
    """Return what one of the two lacks, '' for nothing."""
    for measure in (money, people):
        if measure.without:
            return _("No figure is entered of %(lines)s: the sum is not complete.") % {
                "lines": codes_of(measure.without)
            }
        if measure.is_double:
            return _("A line and one above it are both allocated: the sum counts something twice.")
        if measure.mixed:
            return _(
                "%(lines)s is no single unit’s: whose money or people it is, is not known."
            ) % {"lines": codes_of(measure.mixed)}
    if len(money.versions) > 1:
        return _("The money is partly of the initial budget and partly of the adjusted one.")
    if people.statutes:
        return _("The FTE are of some statutes only, the money is not.")
    return ""


def _different(money: Measure, people: Measure) -> str:
    """Return how the two perimeters differ, '' when they are the same."""
    if [unit.pk for unit in money.units] != [unit.pk for unit in people.units]:
        return _(
            "The money is of %(money)s and the people are of %(people)s: other units, so that one "
            "says nothing about the other."
        ) % {"money": unit_codes(money.units), "people": unit_codes(people.units)}
    if people.on is None or people.on.year != money.year:
        return _("The money is of %(year)s and the people are those of %(day)s: another year.") % {
            "year": money.year,
            "day": date_format(people.on, "SHORT_DATE_FORMAT") if people.on else "–",
        }
    return ""


def codes_of(lines: Sequence[LineUse]) -> str:
    """Return the codes of lines for reading."""
    return ", ".join(use.line.code for use in lines)


def unit_codes(units: Sequence[OrganisationUnit]) -> str:
    """Return the codes of units for reading."""
    return ", ".join(unit.code for unit in units)
