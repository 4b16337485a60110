"""The amounts of units, and of years."""

from collections.abc import Collection, Iterable

from budget.models import CreditAmount


def credits_of_units(units: Collection[int], year: int) -> list[CreditAmount]:
    """Return what the budgets of a year give the lines of units (by key), each table's row.

    Nothing is added up: a line can stand in two tables, and one of a unit below another of its
    own. In the order of units, then lines. One query.
    """
    rows = CreditAmount.objects.current().filter(line__unit__in=units, year=year)
    return list(
        rows.select_related("line__unit").order_by(
            "line__unit__order", "line__order", "line__code", "budget", "table", "pk"
        )
    )


def latest_year(amounts: Iterable[CreditAmount], year: int) -> int | None:
    """Return the last year, not after `year`, that has amounts; None without any."""
    return max((row.year for row in amounts if row.year <= year), default=None)
