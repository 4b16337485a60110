"""The moment that a page compares with: the last report, or else a period that was closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Min
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective, OperationalPlan
from personnel.access import Access
from personnel.choices import Role
from personnel.models import SupervisingMinister
from reporting.choices import DeadlineKind
from reporting.models import Deadline, ProgressReport
from reporting.selectors.movements import issued_reports, last_among
from reporting.selectors.reports import QUARTER_ENDS, READERS_OF_ALL

# Without a report in the calendar a period is closed once its figures are in, as indicators ask
# by default: so many days after its end, and the days of grace.
_DEFAULTS: Final = Indicator()
_USUAL_CLOSE: Final = timedelta(days=_DEFAULTS.days_until_due + _DEFAULTS.grace_days)


@dataclass(frozen=True, slots=True)
class Since:
    """What a page compares with.

    `report` is None where no report can be: the moment is then the end of a period as it was known
    when that was closed. `is_unreported` tells that no report was issued, not only that this
    reader sees none.
    """

    clocks: Clocks
    report: ProgressReport | None = None
    is_unreported: bool = False


def since_last(
    plan: OperationalPlan, minister: SupervisingMinister | None, clocks: Clocks, access: Access
) -> Since | None:
    """Return the last report before the clocks, else the last period of the plan year closed then.

    None where neither is: in the first period, or when nothing was in force yet at its close. No
    query when it is known (see steady).
    """
    found = last_among(issued_reports(access), plan, minister, clocks)
    if found is not None:
        return Since(found.clocks, found.report)
    closed = _last_closed(plan, clocks)
    return Since(closed, None, _reads_its_reports(access, minister)) if closed else None


def _reads_its_reports(access: Access, minister: SupervisingMinister | None) -> bool:
    if access.has(*READERS_OF_ALL):
        return True
    is_own = minister is not None and minister.pk in access.minister_ids
    return is_own and access.has(Role.CABINET)


def _last_closed(plan: OperationalPlan, clocks: Clocks) -> Clocks | None:
    """Return the end of the last period that ended before the reference date and was closed."""
    began = _in_force_since(plan.pk)
    days = _report_days(plan.pk, clocks.moment_asked)
    for month, day in reversed(QUARTER_ENDS):
        end = date(plan.year, month, day)
        close = _end_of(_closed_on(days, end))
        if end < clocks.reference_date and close <= clocks.known_at:
            has_begun = began is not None and began <= close
            return (
                Clocks(end, close, pinned_reference=True, pinned_known=True) if has_begun else None
            )
    return None


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max)).astimezone(UTC)


def _closed_on(report_days: Iterable[date], end: date) -> date:
    """Return the day of the report on the period in the calendar, else when its figures are in."""
    following = end + timedelta(days=92)  # the next quarter's end at the latest
    reports = (day for day in report_days if end < day <= following)
    return min(reports, default=end + _USUAL_CLOSE)


@steady
def _report_days(plan_id: int, known_at: datetime | None) -> tuple[date, ...]:
    """Return the days on which the whole department reports on the plan year.

    As they were known at a moment; None is now.
    """
    rows = Deadline.objects.filter(plan=plan_id)
    known = (
        list(rows.current())
        if known_at is None
        else as_known(list(rows.standing_at(known_at).select_related("unit")), known_at)
    )
    of_all = (row for row in known if row.kind == DeadlineKind.REPORT and row.unit_id is None)
    return tuple(sorted(row.due_on for row in of_all))


@steady
def _in_force_since(plan_id: int) -> datetime | None:
    """Return when the first objective of the plan year came into force."""
    rows = OperationalObjective.objects.filter(plan=plan_id)
    found: datetime | None = rows.aggregate(first=Min("approved_at"))["first"]
    return found
