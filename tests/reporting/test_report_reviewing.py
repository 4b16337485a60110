"""Directorates read a report before it is approved, and answer for their part."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import told
from ibzplan.core.selectors import history_of
from objectives.indicators.models import Indicator
from reporting.choices import ReportStage, ReviewVerdict
from reporting.models import ReportReview
from reporting.services.report_reviewing import (
    ANSWERED_KIND,
    REVIEW_KIND,
    review_answer,
    review_open,
)
from tests.factories import Ministry
from tests.reporting.test_reports import ask, made, measured

__all__ = ["measured"]


def soon() -> date:
    return timezone.localdate() + timedelta(days=7)


def test_the_directorates_of_the_report_are_asked_and_told(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    asked = review_open(actor=ministry.users["corporate"], report=report, due_on=soon())
    assert [row.unit for row in asked] == [ministry.adcv]
    report.refresh_from_db()
    assert (report.stage, report.review_due_on) == (ReportStage.REVIEW, soon())
    messages = Notification.objects.filter(target_uuid=report.uuid, kind=REVIEW_KIND)
    assert {row.user for row in messages} == {
        ministry.users["head_adcv"],
        ministry.users["planner_adcv"],
    }
    with translation.override("en"):
        one = told(messages[0])
    assert one.title.startswith("Read the progress report")
    assert str(report.uuid) in one.url


def test_another_day_keeps_the_answers_and_tells_again(
    ministry: Ministry, measured: Indicator
) -> None:
    report, corporate = made(ministry), ministry.users["corporate"]
    (review,) = review_open(actor=corporate, report=report, due_on=soon())
    review_answer(actor=ministry.users["head_adcv"], review=review, verdict=ReviewVerdict.AGREED)
    review_open(actor=corporate, report=report, due_on=soon() + timedelta(days=3))
    kept = ReportReview.objects.get(report=report)
    assert kept.verdict == ReviewVerdict.AGREED
    told_corporate = Notification.objects.filter(user=corporate, kind=ANSWERED_KIND)
    assert told_corporate.count() == 1
    actions = [entry.action for entry in history_of(report)]
    assert actions[:3] == ["review_opened", "review_answered", "review_opened"]


@pytest.mark.parametrize("name", ["planner_adcv", "head_dvz", "corporate"])
def test_only_the_head_answers(ministry: Ministry, measured: Indicator, name: str) -> None:
    report = made(ministry)
    (review,) = review_open(actor=ministry.users["corporate"], report=report, due_on=soon())
    with pytest.raises(NotAllowed):
        review_answer(actor=ministry.users[name], review=review, verdict=ReviewVerdict.AGREED)
    assert ReportReview.objects.get().verdict == ""


def test_what_cannot_be_asked_is_refused_with_a_reason(
    ministry: Ministry, measured: Indicator
) -> None:
    corporate = ministry.users["corporate"]
    unmade, _job = ask(ministry)
    with pytest.raises(DomainError) as not_ready:
        review_open(actor=corporate, report=unmade, due_on=soon())
    assert not_ready.value.code == "not_ready"
    report = made(ministry)
    with pytest.raises(DomainError) as past:
        review_open(actor=corporate, report=report, due_on=timezone.localdate() - timedelta(days=1))
    assert (past.value.code, past.value.field) == ("due_in_past", "due_on")
    with pytest.raises(NotAllowed):
        review_open(actor=ministry.users["head_adcv"], report=report, due_on=soon())
    (review,) = review_open(actor=corporate, report=report, due_on=soon())
    with pytest.raises(DomainError) as unknown:
        review_answer(actor=ministry.users["head_adcv"], review=review, verdict="misschien")
    assert "misschien" in str(unknown.value.message)
