"""What a page compares with: the last report, or without one the last period that was closed."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from objectives.planning.models import OperationalObjective
from personnel.access import access_of
from reporting.choices import DeadlineKind
from reporting.models import Deadline
from reporting.selectors.since import Since, since_last
from reporting.services.calendar import DeadlineSheet, deadline_create, deadline_remove
from tests.factories import Ministry
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reports import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force(ministry: Ministry) -> OperationalObjective:
    """An objective in force since the first days of the plan year."""
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    early = datetime(2026, 1, 5, 9, tzinfo=UTC)
    OperationalObjective.objects.filter(pk=objective.pk).update(approved_at=early)
    return objective


def on(day: date) -> Clocks:
    return Clocks(day, timezone.make_aware(datetime.combine(day, time(12))))


def since(ministry: Ministry, day: date, by: str = "corporate") -> Since | None:
    access = access_of(ministry.users[by])
    minister = ministry.vbz if by.startswith("cabinet") else None
    return since_last(ministry.year, minister, on(day), access)


def closed(ministry: Ministry, day: date) -> tuple[date, date] | None:
    """Return the end of the period, and the day on which it was closed."""
    found = since(ministry, day)
    if found is None:
        return None
    assert found.report is None
    known = timezone.localtime(found.clocks.known_at)
    assert known.time() == time.max
    return found.clocks.reference_date, known.date()


@pytest.mark.parametrize(
    ("day", "end", "close"),
    [
        (date(2026, 4, 21), date(2026, 3, 31), date(2026, 4, 20)),
        (date(2026, 10, 10), date(2026, 6, 30), date(2026, 7, 20)),
        (date(2026, 10, 20), date(2026, 6, 30), date(2026, 7, 20)),  # closes at the end of the day
        (date(2026, 10, 21), date(2026, 9, 30), date(2026, 10, 20)),
        (date(2027, 3, 1), date(2026, 12, 31), date(2027, 1, 20)),
    ],
)
def test_a_period_is_closed_once_its_figures_should_be_in(
    ministry: Ministry, in_force: OperationalObjective, day: date, end: date, close: date
) -> None:
    assert closed(ministry, day) == (end, close)


def test_the_report_in_the_calendar_says_when_a_period_is_closed(
    ministry: Ministry, in_force: OperationalObjective
) -> None:
    for due_on, unit in ((date(2026, 11, 30), None), (date(2026, 10, 5), ministry.adcv)):
        Deadline.objects.create(
            plan=ministry.year,
            kind=DeadlineKind.REPORT,
            title=LocalisedText({"nl": "Rapport T3"}),
            due_on=due_on,
            unit=unit,
        )
    assert closed(ministry, date(2026, 11, 22)) == (date(2026, 6, 30), date(2026, 7, 20))
    assert closed(ministry, date(2026, 12, 1)) == (date(2026, 9, 30), date(2026, 11, 30))


def test_a_report_day_taken_out_since_still_says_when_it_was_closed_then(
    ministry: Ministry, in_force: OperationalObjective
) -> None:
    sheet = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 7, 10))
    actor = ministry.users["corporate"]
    row = deadline_create(actor=actor, plan=ministry.year, sheet=sheet)
    moment = Clocks.now().known_at
    deadline_remove(actor=actor, deadline=row, expected_version=row.version)

    def close(known_at: datetime | None) -> date:
        clocks = Clocks(
            date(2026, 7, 25), known_at or Clocks.now().known_at, pinned_known=known_at is not None
        )
        found = since_last(ministry.year, None, clocks, access_of(actor))
        assert found is not None
        return found.clocks.known_at.date()

    # In the summer, the end of a day in Brussels is the same day in UTC.
    assert close(moment) == date(2026, 7, 10)
    assert close(None) == date(2026, 7, 20)


def test_there_is_nothing_before_the_first_close(
    ministry: Ministry, in_force: OperationalObjective
) -> None:
    assert closed(ministry, date(2026, 4, 15)) is None
    later = datetime(2026, 5, 4, 9, tzinfo=UTC)
    OperationalObjective.objects.update(approved_at=later)
    assert closed(ministry, date(2026, 6, 1)) is None  # nothing was in force at that close


@pytest.mark.parametrize(
    ("name", "is_unreported"),
    [("corporate", True), ("cabinet_vbz", True), ("cabinet_am", False), ("planner_adcv", False)],
)
def test_that_no_report_was_issued_is_told_to_who_would_read_it(
    ministry: Ministry, in_force: OperationalObjective, name: str, *, is_unreported: bool
) -> None:
    found = since(ministry, date(2026, 10, 25), name)
    assert found is not None
    assert found.is_unreported is is_unreported


def test_a_report_goes_before_a_period_closed_later(
    ministry: Ministry, in_force: OperationalObjective
) -> None:
    report = made(ministry, reference_date=date(2026, 3, 31))
    issue(ministry, report)
    report.refresh_from_db()
    now = Clocks.now()
    clocks = Clocks(date(2026, 12, 31), now.known_at)
    access = access_of(ministry.users["cabinet_vbz"])
    found = since_last(ministry.year, ministry.vbz, clocks, access)
    assert found == Since(found.clocks if found else now, report)
    other = access_of(ministry.users["planner_adcv"])  # reads no reports
    without = since_last(ministry.year, None, clocks, other)
    assert without is None or without.report is None
