"""The one lock order in asking for reports once more and by the cycle; see test_lock_order."""

from datetime import date
from typing import Final

import pytest

from reporting.choices import CycleFrequency
from reporting.models import ProgressReport, ReportCycle
from reporting.services import report_cancel, report_fail, report_format_retry, report_retry
from reporting.services.report_cycles import (
    CycleSheet,
    report_cycle_set,
    report_cycle_stop,
    reports_make_due,
)
from tests.core.lock_order import Call, Prepared, assert_clock_first
from tests.core.test_lock_order import _ask
from tests.core.test_lock_order_hand_over import _claimed
from tests.factories import Ministry

SHEET: Final = CycleSheet(CycleFrequency.QUARTERLY, date(2026, 7, 1), 30, ["nl", "fr"])


def _report_cancel(ministry: Ministry) -> Call:
    report, _job = _ask(ministry)
    return lambda: report_cancel(actor=ministry.users["corporate"], report=report)


def _report_retry(ministry: Ministry) -> Call:
    report, job = _ask(ministry)
    report_fail(job=_claimed(job), error="unexpected")
    return lambda: report_retry(actor=ministry.users["corporate"], report=report)


def _report_format_retry(ministry: Ministry) -> Call:
    report, job = _ask(ministry)
    job.delete()
    ProgressReport.objects.filter(pk=report.pk).update(state="ready")
    corporate = ministry.users["corporate"]
    return lambda: report_format_retry(actor=corporate, report=report, format_="pdf")


def _cycle(ministry: Ministry) -> ReportCycle:
    corporate = ministry.users["corporate"]
    return report_cycle_set(
        actor=corporate, strategic_plan=ministry.plan, minister=None, sheet=SHEET
    )


def _report_cycle_set(ministry: Ministry) -> Call:
    return lambda: _cycle(ministry)


def _report_cycle_stop(ministry: Ministry) -> Call:
    cycle = _cycle(ministry)
    return lambda: report_cycle_stop(actor=ministry.users["corporate"], cycle=cycle)


def _reports_make_due(ministry: Ministry) -> Call:
    _cycle(ministry)
    return lambda: reports_make_due(today=date(2026, 11, 22))


SERVICES: Final[list[Prepared]] = [
    _report_cancel,
    _report_retry,
    _report_format_retry,
    _report_cycle_set,
    _report_cycle_stop,
    _reports_make_due,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
