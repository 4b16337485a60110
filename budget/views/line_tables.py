"""The tables of a line of the budget as they go into a file."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.money import keur
from budget.selectors import YearMeans
from budget.views.means_tables import YEARS, years_table
from ibzplan.core.exports import Column, ExportTable, Kind

AMOUNTS: Final = "amounts"
EXECUTION: Final = "execution"
LINE_TABLE_NAMES: Final = {
    AMOUNTS: gettext_lazy("Amounts by year"),
    EXECUTION: gettext_lazy("Execution"),
    YEARS: gettext_lazy("Over the years"),
}


def line_tables(
    rows: Iterable[Mapping[str, Any]], days: Iterable[Mapping[str, Any]], years: list[YearMeans]
) -> list[ExportTable]:
    """Return the tables of the page: amounts, execution, and the years as they are drawn."""
    return [_amounts(rows), _execution(days), years_table(years)]


def _amounts(rows: Iterable[Mapping[str, Any]]) -> ExportTable:
    return ExportTable(
        AMOUNTS,
        LINE_TABLE_NAMES[AMOUNTS],
        [
            Column("year", _("Year")),
            Column("budget", _("Version")),
            Column("commitment", _("VL (kEUR)"), Kind.DECIMAL),
            Column("payment", _("VE (kEUR)"), Kind.DECIMAL),
            Column("origin", _("Figure")),
        ],
        [
            [
                str(row["year"]),
                row["version"].label,
                keur(row["figure"].commitment_cents) if row["figure"] else None,
                keur(row["figure"].payment_cents) if row["figure"] else None,
                row["origin"],
            ]
            for row in rows
        ],
    )


def _execution(days: Iterable[Mapping[str, Any]]) -> ExportTable:
    return ExportTable(
        EXECUTION,
        LINE_TABLE_NAMES[EXECUTION],
        [
            Column("on", _("Up to"), Kind.DATE),
            Column("committed", _("Committed (kEUR)"), Kind.DECIMAL),
            Column("committedShare", _("of the VL"), Kind.PERCENT),
            Column("paid", _("Paid (kEUR)"), Kind.DECIMAL),
            Column("paidShare", _("of the VE"), Kind.PERCENT),
            Column("recordedOn", _("Recorded here"), Kind.DATE),
            Column("reason", _("Reason")),
        ],
        [
            [
                one["day"].row.on,
                keur(one["day"].row.committed_cents),
                one["committed"],
                keur(one["day"].row.paid_cents),
                one["paid"],
                one["day"].row.recorded_at,
                one["day"].row.reason,
            ]
            for one in days
        ],
    )
