"""The differences in words: for the page, its file and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budget.choices import BudgetVersion
from budget.reconciliation import PARTS, Check, Finding, Table, Unit, Verdict
from budget.selectors.reconciliation import Reconciliation
from ibzplan.core.numbers import format_quantity
from personnel.choices import StaffKind, Statute

VERDICT_LABELS: Final[Mapping[Verdict, Promise]] = {
    Verdict.MISMATCH: gettext_lazy("Mismatch"),
    Verdict.ROUNDING: gettext_lazy("Rounding"),
    Verdict.ONLY_IN_ONE: gettext_lazy("In one place only"),
}
TABLE_LABELS: Final[Mapping[Table, Promise]] = {
    Table.GLOBAL: gettext_lazy("Global budget of the department"),
    Table.MISSIONS: gettext_lazy("Budget for the missions of the department"),
    Table.FTE: gettext_lazy("FTE table"),
    Table.HEADCOUNT: gettext_lazy("Headcount table"),
    Table.TEXT: gettext_lazy("Running text"),
}
UNIT_LABELS: Final[Mapping[Unit, Promise | str]] = {
    Unit.KEUR: "kEUR",
    Unit.FTE: gettext_lazy("FTE"),
    Unit.PERSONS: gettext_lazy("persons"),
    Unit.PERCENT: "%",
}
_COLUMN_LABELS: Final[Mapping[str, Promise | str]] = {
    "commitment": gettext_lazy("Commitment (VL)"),
    "payment": gettext_lazy("Payment (VE)"),
    **{statute.value: statute.label for statute in Statute},
}
# FTE are printed with one decimal; shares are recomputed exactly and told to two.
_LEAST_DECIMALS: Final[Mapping[Unit, int]] = {Unit.FTE: 1}
_MOST_DECIMALS: Final = 5
_SHARE_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Words:
    """One difference in the words and numbers of the page's language."""

    verdict: str
    table: str
    sheet: str
    column: str
    unit: str
    printed: str
    recomputed: str
    difference: str
    why: str


def words_of(finding: Finding) -> Words:
    """Return a difference in words. A line that stands alone tells its whole row as printed."""
    other = finding.recomputed
    return Words(
        verdict=str(VERDICT_LABELS[finding.verdict]),
        table=str(TABLE_LABELS[finding.table]),
        sheet=sheet_text(finding.sheet),
        column=column_text(finding.column),
        unit=str(UNIT_LABELS[finding.unit]),
        printed=_printed(finding),
        recomputed="" if other is None else _number(finding.recomputed_unit, other),
        difference=_signed(finding),
        why=why_text(finding.check),
    )


def _printed(finding: Finding) -> str:
    return finding.printed if finding.value is None else _number(finding.unit, finding.value)


def exact(finding: Finding, value: int | None) -> Fraction | None:
    """Return a value in the unit of the finding."""
    return None if value is None else Fraction(value, PARTS[finding.unit])


def sheet_text(name: str) -> str:
    """Return which budget or day a table is of: "2025/initial" gives '2025, initial budget'."""
    first, _slash, second = name.partition("/")
    if not second:
        return first
    if second in BudgetVersion.values:
        return _("%(year)s, %(version)s") % {
            "year": first,
            "version": BudgetVersion(second).label.lower(),
        }
    day = date_format(date.fromisoformat(first), "SHORT_DATE_FORMAT")
    return _("%(date)s, %(kind)s") % {"date": day, "kind": StaffKind(second).label.lower()}


def counted(found: Reconciliation) -> list[str]:
    """Return how many differences there are of each class, in words, those that there are."""
    counts = {verdict: found.count(verdict) for verdict in VERDICT_LABELS}
    texts = {
        Verdict.MISMATCH: ngettext(
            "%(count)s mismatch", "%(count)s mismatches", counts[Verdict.MISMATCH]
        ),
        Verdict.ROUNDING: ngettext(
            "%(count)s difference by rounding",
            "%(count)s differences by rounding",
            counts[Verdict.ROUNDING],
        ),
        Verdict.ONLY_IN_ONE: ngettext(
            "%(count)s line or figure that stands in one place only",
            "%(count)s lines and figures that stand in one place only",
            counts[Verdict.ONLY_IN_ONE],
        ),
    }
    return [
        texts[verdict] % {"count": format_quantity(count)}
        for verdict, count in counts.items()
        if count
    ]


def decimals_of(unit: Unit, value: int) -> int:
    """Return how many decimals tell a value exactly; a share that has no end gets two."""
    if unit == Unit.PERCENT and value % PARTS[unit]:
        return _SHARE_DECIMALS
    exactly = next(
        places
        for places in range(_MOST_DECIMALS + 1)
        if places == _MOST_DECIMALS or value * 10**places % PARTS[unit] == 0
    )
    return max(exactly, _LEAST_DECIMALS.get(unit, 0))


def column_text(column: str) -> str:
    """Return the name of a column; "" for a line that is told as a whole."""
    return str(_COLUMN_LABELS.get(column, ""))


def why_text(check: Check) -> str:
    """Return what was compared with what, in a sentence without figures."""
    return {
        Check.BELOW: _("The lines below it add up to the recomputed figure."),
        Check.STATUTES: _("The three statutes add up to the recomputed figure."),
        Check.TWICE: _("The other credit table gives the recomputed figure."),
        Check.FTE_ABOVE: _("More FTE than the headcount table counts persons."),
        Check.NO_FTE: _("The headcount table counts persons, the FTE table no FTE."),
        Check.OPPOSITE: _(
            "Opposite statutes: most of its persons have this one, most of its FTE another. "
            "Recomputed: its FTE under this statute."
        ),
        Check.STATED: _("The table gives the recomputed figure."),
        Check.ALONE: _("The table beside it has no line for it."),
        Check.UNBACKED: _("The text names it; no printed table gives it."),
    }[check]


def rule_text() -> str:
    """Return when a difference is rounding, as the page, its file and the report say it."""
    return _(
        "Rounding explains a difference of at most half a rounding step for each row that was "
        "added, and half a step for the total itself: steps of 1 kEUR for credits, 0.1 for FTE. "
        "Persons are counted one by one, and the same amount printed twice is rounded once: there "
        "every difference is a mismatch. What is printed stays as printed."
    )


def _number(unit: Unit, value: int) -> str:
    return format_quantity(Fraction(value, PARTS[unit]), decimals_of(unit, value))


def _signed(finding: Finding) -> str:
    if finding.difference is None:
        return ""
    text = _number(finding.unit, finding.difference)
    return f"+{text}" if finding.difference > 0 else text
