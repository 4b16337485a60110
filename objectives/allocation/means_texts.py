"""Amounts, perimeters and findings in words."""

from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budget.choices import BudgetVersion
from budget.money import keur_text
from ibzplan.core.numbers import format_quantity, format_share
from objectives.allocation.choices import LineKind
from objectives.allocation.selectors import CostPerFte, Finding, Measure
from objectives.allocation.selectors.lines import Basis
from objectives.allocation.selectors.per_fte import codes_of, unit_codes
from personnel.choices import StaffKind, StaffMeasure, Statute
from personnel.staffing.amounts import people_text

_SHARE_DECIMALS: Final = 1


def amount_text(kind: str, amount: int | None) -> str:
    """Return one stored amount for reading: kEUR, or FTE; '' for none."""
    if amount is None:
        return ""
    if kind == LineKind.CREDITS:
        return keur_text(amount)
    return people_text(StaffMeasure.FTE, amount)


def basis_text(basis: Basis) -> str:
    """Return what an amount is of: the version of the budget, or which people on which day."""
    if basis.versions:
        return ", ".join(str(one.label) for one in BudgetVersion if one in basis.versions)
    if basis.on is None:
        return _("not entered")
    day = date_format(basis.on, "SHORT_DATE_FORMAT")
    return f"{StaffKind(basis.people).label}, {day}"


def perimeter_text(measure: Measure) -> str:
    """Return of which lines, units and version an amount is, and which share of them it is."""
    units = unit_codes(measure.units) if measure.units else _("no single unit")
    if measure.units and measure.nobody:
        units = _("%(units)s and no single unit") % {"units": units}
    values = {"lines": codes_of(measure.lines), "units": units}
    text = ngettext(
        "Line %(lines)s (unit: %(units)s)",
        "Lines %(lines)s (units: %(units)s)",
        len(measure.lines),
    )
    basis = basis_text(Basis(measure.versions, measure.people, measure.on))
    if measure.kind == LineKind.CREDITS and measure.versions:
        basis = f"{basis} {measure.year}"
    parts = [text % values, basis]
    if measure.statutes:
        parts.append(", ".join(str(one.label) for one in Statute if one in measure.statutes))
    if measure.share is not None and measure.whole:
        unit = _("kEUR VL") if measure.kind == LineKind.CREDITS else _("FTE")
        parts.append(
            _("%(share)s of %(whole)s %(unit)s")
            % {
                "share": format_share(measure.share, _SHARE_DECIMALS),
                "whole": amount_text(measure.kind, measure.whole[0]),
                "unit": unit,
            }
        )
    if measure.without:
        parts.append(_("no figure of %(lines)s") % {"lines": codes_of(measure.without)})
    if measure.is_double:
        parts.append(_("a line and one above it count twice"))
    return "; ".join(parts)


def per_fte_text(cost: CostPerFte) -> str:
    """Return the cost per FTE with its perimeter."""
    return _("VL %(commitment)s and VE %(payment)s kEUR per FTE (%(units)s)") % {
        "commitment": format_quantity(cost.commitment_cents / 100_000, 1),
        "payment": format_quantity(cost.payment_cents / 100_000, 1),
        "units": unit_codes(cost.units),
    }


def finding_text(finding: Finding) -> str:
    """Return what is too much, of which line and unit, and what to do."""
    use = finding.use
    values = {
        "line": use.line.code,
        "unit": use.unit.code if use.unit else "–",
        "statute": finding.pool.label,
        "sum": format_share(finding.pool.allocated, 2),
        "other": finding.other.line.code if finding.other else "",
    }
    if finding.other is None:
        return (
            _(
                "Of line %(line)s (unit: %(unit)s) %(sum)s is allocated, which is more than all of "
                "it: lower the share of an objective."
            )
            % values
        )
    if finding.other is use:
        return (
            _(
                "Of line %(line)s all statutes are allocated and “%(statute)s” apart: the same "
                "people count twice. Withdraw one of the two."
            )
            % values
        )
    return (
        _(
            "Line %(line)s and line %(other)s above it are both allocated: the same money or "
            "people count twice. Allocate of one of the two only."
        )
        % values
    )
