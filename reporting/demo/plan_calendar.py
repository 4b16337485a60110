"""The days on which the plans of the demo were made, approved and closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from objectives.planning.choices import PlanState

# Quarter, and the (month, day) of its progress report; the last one falls in the next year.
_REPORTS: Final = ((1, (5, 15)), (2, (8, 31)), (3, (11, 30)), (4, (2, 15)))
_QUARTER_ENDS: Final = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class Reported:
    """A quarter with the day on which its report was issued."""

    quarter_end: date
    issued_on: date


def report_days(year: int) -> list[tuple[int, date]]:
    """Return each quarter with the day by which the ministers have its report."""
    return [(q, date(year + (month < 3 * q), month, day)) for q, (month, day) in _REPORTS]


def last_reported(today: date) -> Reported | None:
    """Return the last quarter of this year whose report is out: the day before it was due."""
    due = [(quarter, day) for quarter, day in report_days(today.year) if day < today]
    if not due:
        return None
    quarter, day = due[-1]
    return Reported(date(today.year, *_QUARTER_ENDS[quarter - 1]), day - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDays:
    """The life of one operational plan, as far as it has come by today."""

    year: int
    state: str
    opened_on: date
    written_until: date
    submitted_on: date | None = None
    approved_on: date | None = None
    budget_voted_on: date | None = None
    sent_on: date | None = None
    closed_on: date | None = None


def plan_days(today: date) -> list[PlanDays]:
    """Return last year's plan, this year's and next year's draft.

    The first of them starts with the strategic plan itself, so it was made in its own year;
    it is closed on 10 March, once every figure of the year is in and validated.
    """
    year = today.year
    closes = date(year, 3, 10)
    is_closed = closes < today
    draft_from = min(date(year, 8, 24), today - timedelta(days=50))
    return [
        PlanDays(
            year=year - 1,
            state=PlanState.CLOSED if is_closed else PlanState.APPROVED,
            opened_on=date(year - 1, 1, 7),
            written_until=date(year - 1, 1, 31),
            submitted_on=date(year - 1, 2, 18),
            approved_on=date(year - 1, 3, 13),
            budget_voted_on=date(year - 1, 6, 26),  # in 2025 it passed on that day
            sent_on=date(year - 1, 7, 25),
            closed_on=closes if is_closed else None,
        ),
        PlanDays(
            year=year,
            state=PlanState.APPROVED,
            opened_on=date(year - 1, 10, 6),
            written_until=date(year - 1, 11, 14),
            submitted_on=date(year - 1, 11, 26),
            approved_on=date(year - 1, 12, 15),
            budget_voted_on=date(year - 1, 12, 24) if date(year - 1, 12, 24) < today else None,
            sent_on=date(year, 1, 23) if date(year, 1, 23) < today else None,
        ),
        PlanDays(
            year=year + 1,
            state=PlanState.DRAFT,
            opened_on=draft_from,
            written_until=today - timedelta(days=8),
        ),
    ]
