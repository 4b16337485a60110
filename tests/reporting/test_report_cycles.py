"""Reports that the reporting cycle asks for by itself, once each."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import told
from ibzplan.core.selectors import history_of
from objectives.planning.choices import PlanState
from personnel.choices import Role
from personnel.models import SupervisingMinister, User
from personnel.services import role_assign
from reporting.choices import CycleFrequency
from reporting.cycle_ends import due_ends
from reporting.models import ProgressReport, ReportCycle
from reporting.services.report_cycles import (
    STANDSTILL_KIND,
    CycleSheet,
    report_cycle_set,
    report_cycle_stop,
    reports_make_due,
)
from reporting.tasks import make_due_reports
from tests.factories import Ministry
from tests.reporting.test_reports import ask

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("months", "starts_on", "lag_days", "today", "expected"),
    [
        (12, date(2025, 1, 1), 30, date(2026, 1, 29), []),
        (12, date(2025, 1, 1), 30, date(2026, 1, 30), [date(2025, 12, 31)]),
        (6, date(2026, 1, 1), 0, date(2026, 6, 30), [date(2026, 6, 30)]),
        (4, date(2026, 1, 1), 0, TODAY, [date(2026, 4, 30), date(2026, 8, 31)]),
        (3, date(2026, 4, 1), 30, date(2026, 10, 30), [date(2026, 6, 30), date(2026, 9, 30)]),
        # One that ends on the day the cycle begins counts; February has its own length.
        (2, date(2028, 2, 29), 0, date(2028, 3, 1), [date(2028, 2, 29)]),
        (3, date(2027, 1, 1), 30, TODAY, []),
    ],
)
def test_the_ends_whose_report_is_due(
    months: int, starts_on: date, lag_days: int, today: date, expected: list[date]
) -> None:
    assert due_ends(months, starts_on=starts_on, lag_days=lag_days, today=today) == expected


def sheet(**changed: Any) -> CycleSheet:
    values: dict[str, Any] = {
        "frequency": CycleFrequency.QUARTERLY,
        "starts_on": date(2026, 4, 1),
        "lag_days": 30,
        "languages": ["fr", "nl"],
        **changed,
    }
    return CycleSheet(**values)


def cycle_of(
    ministry: Ministry,
    minister: SupervisingMinister | None = None,
    *,
    by: str = "corporate",
    expected_version: int | None = None,
    **changed: Any,
) -> ReportCycle:
    return report_cycle_set(
        actor=ministry.users[by],
        strategic_plan=ministry.plan,
        minister=minister,
        sheet=sheet(**changed),
        expected_version=expected_version,
    )


def asked() -> list[tuple[str, str, str]]:
    """Return (minister, day, language) of every report."""
    rows = ProgressReport.objects.order_by("reference_date", "minister__code", "language")
    return [(row.minister.code, row.reference_date.isoformat(), row.language) for row in rows]


def test_the_cycle_asks_for_each_due_report_once(ministry: Ministry) -> None:
    cycle = cycle_of(ministry, ministry.vbz)
    assert reports_make_due(today=date(2026, 10, 30)) == 4
    assert asked() == [
        ("VBZ", "2026-06-30", "fr"),
        ("VBZ", "2026-06-30", "nl"),
        ("VBZ", "2026-09-30", "fr"),
        ("VBZ", "2026-09-30", "nl"),
    ]
    rows = list(ProgressReport.objects.all())
    assert {row.cycle for row in rows} == {cycle}
    assert {row.requested_by for row in rows} == {ministry.users["corporate"]}
    assert len({row.known_at for row in rows if row.reference_date.month == 9}) == 1
    assert reports_make_due(today=date(2026, 10, 30)) == 0
    assert make_due_reports() == 0


def test_a_report_asked_by_hand_counts(ministry: Ministry) -> None:
    cycle_of(ministry, ministry.vbz, starts_on=date(2026, 7, 1))
    by_hand, _job = ask(ministry)
    assert reports_make_due(today=TODAY) == 1
    assert asked() == [("VBZ", "2026-09-30", "fr"), ("VBZ", "2026-09-30", "nl")]
    by_hand.refresh_from_db()
    assert by_hand.cycle is None
    assert {row.known_at for row in ProgressReport.objects.all()} == {by_hand.known_at}


def test_all_ministers_and_languages_of_a_turn_are_told_at_one_moment(ministry: Ministry) -> None:
    cycle = cycle_of(ministry, starts_on=date(2026, 7, 1), languages=["nl"])
    assert reports_make_due(today=TODAY) == 2
    cycle_of(ministry, starts_on=date(2026, 7, 1), expected_version=cycle.version)  # French too
    assert reports_make_due(today=TODAY) == 2
    rows = ProgressReport.objects.all()
    assert {(row.minister.code, row.language) for row in rows} == {
        ("VBZ", "nl"),
        ("VBZ", "fr"),
        ("AM", "nl"),
        ("AM", "fr"),
    }
    assert len({row.known_at for row in rows}) == 1


def test_without_a_minister_all_recipients_get_one_unless_they_have_their_own(
    ministry: Ministry,
) -> None:
    cycle_of(ministry, starts_on=date(2026, 7, 1), languages=["nl"])
    own = cycle_of(ministry, ministry.am, starts_on=date(2026, 7, 1), lag_days=60, languages=["fr"])
    assert reports_make_due(today=date(2026, 10, 30)) == 1
    assert asked() == [("VBZ", "2026-09-30", "nl")]
    assert reports_make_due(today=date(2026, 11, 29)) == 1
    report_cycle_stop(actor=ministry.users["corporate"], cycle=own)
    assert reports_make_due(today=date(2026, 11, 29)) == 1  # again as all others
    assert asked()[:2] == [("AM", "2026-09-30", "fr"), ("AM", "2026-09-30", "nl")]


def test_a_plan_year_that_is_not_approved_waits(
    ministry: Ministry, caplog: pytest.LogCaptureFixture
) -> None:
    cycle_of(ministry, ministry.vbz, starts_on=date(2026, 7, 1), languages=["nl"])
    ministry.year.state = PlanState.SUBMITTED
    ministry.year.save(update_fields=["state"])
    assert reports_make_due(today=TODAY) == 0
    assert "VBZ on 2026-09-30" in caplog.text
    ministry.year.state = PlanState.APPROVED
    ministry.year.save(update_fields=["state"])
    assert reports_make_due(today=TODAY) == 1


def test_a_cycle_whose_setter_has_no_right_any_more_is_logged_and_the_others_go_on(
    ministry: Ministry, caplog: pytest.LogCaptureFixture
) -> None:
    lost = cycle_of(ministry, ministry.am, starts_on=date(2026, 7, 1), languages=["nl"])
    ReportCycle.objects.filter(pk=lost.pk).update(set_by=ministry.users["outsider"])
    cycle_of(ministry, ministry.vbz, starts_on=date(2026, 7, 1), languages=["nl"])
    assert reports_make_due(today=TODAY) == 1
    assert asked() == [("VBZ", "2026-09-30", "nl")]
    assert "AM on 2026-09-30" in caplog.text

    # Everyone of the corporate cell is told, once; the page says so, and one of them takes it over.
    another = User.objects.create(username="corporate_too")
    role_assign(actor=None, user=another, role=Role.CORPORATE)
    for _run in range(2):
        assert reports_make_due(today=TODAY) == 0
    messages = Notification.objects.filter(kind=STANDSTILL_KIND)
    assert sorted(row.user.username for row in messages) == ["corporate", "corporate_too"]
    with translation.override("en"):
        one = told(messages[0])
        client = Client()
        client.force_login(another)
        client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
        page = client.get(one.url.partition("#")[0]).content.decode()
        assert "the cycle asks for nothing until someone takes it over" in page
    assert ("outsider" in one.detail, str(lost.uuid) in one.url) == (True, True)
    report_cycle_set(
        actor=another,
        strategic_plan=ministry.plan,
        minister=ministry.am,
        sheet=sheet(starts_on=date(2026, 7, 1), languages=["nl"]),
        expected_version=lost.version,
    )
    assert reports_make_due(today=TODAY) == 1


def test_a_stopped_cycle_asks_nothing_and_goes_on_when_it_is_set_again(ministry: Ministry) -> None:
    cycle = cycle_of(ministry, ministry.vbz, starts_on=date(2026, 7, 1))
    corporate = ministry.users["corporate"]
    assert report_cycle_stop(actor=corporate, cycle=cycle)
    assert not report_cycle_stop(actor=corporate, cycle=cycle)
    assert reports_make_due(today=TODAY) == 0
    again = cycle_of(ministry, ministry.vbz, starts_on=date(2026, 7, 1), lag_days=10)
    assert (again, again.is_active, again.lag_days) == (cycle, True, 10)
    assert again.languages == ["nl", "fr"]
    assert reports_make_due(today=TODAY) == 2
    assert [entry.action for entry in history_of(cycle)] == ["set", "stopped", "set"]


def test_who_saw_an_earlier_version_sees_both(ministry: Ministry) -> None:
    cycle = cycle_of(ministry, ministry.vbz)
    seen = cycle.version
    cycle_of(ministry, ministry.vbz, lag_days=10, expected_version=seen)
    with pytest.raises(EditConflict):
        cycle_of(ministry, ministry.vbz, lag_days=20, expected_version=seen)
    assert ReportCycle.objects.get().lag_days == 10


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"frequency": "5"}, "frequency"),
        ({"lag_days": 400}, "lag_days"),
        ({"languages": []}, "languages"),
        ({"languages": ["nl", "de"]}, "languages"),
        ({"starts_on": date(2024, 1, 1)}, "starts_on"),
    ],
)
def test_what_cannot_be_names_its_field(
    ministry: Ministry, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        cycle_of(ministry, ministry.vbz, **changed)
    assert refused.value.field == field
    assert not ReportCycle.objects.exists()


def test_only_the_corporate_cell_sets_and_stops_it(ministry: Ministry) -> None:
    cycle = cycle_of(ministry)
    for by in ("committee", "head_adcv", "cabinet_vbz", "auditor"):
        with pytest.raises(NotAllowed):
            cycle_of(ministry, by=by)
        with pytest.raises(NotAllowed):
            report_cycle_stop(actor=ministry.users[by], cycle=cycle)


def test_the_scheduler_asks_and_sweeps_every_day() -> None:
    tasks = {entry["task"]: entry for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for task in ("reporting.make_due_reports", "reporting.sweep_report_files"):
        assert tasks[task]["options"]["expires"]
