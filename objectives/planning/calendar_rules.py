"""Days that the law sets for an operational plan; pure rules, no Django."""

from calendar import monthrange
from datetime import date


def sending_due_on(voted_on: date) -> date:
    """Return the day by which a plan is with the ministers: a month after the vote of the budget.

    One calendar month later, on the last day of that month when it has no such day. It never
    moves: a weekend or a holiday is only shown (design.md section 6).
    """
    year, month = divmod(voted_on.year * 12 + voted_on.month, 12)
    return date(year, month + 1, min(voted_on.day, monthrange(year, month + 1)[1]))
