"""Asking for a report: which plan year it tells, which edition it is, in which languages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.services import next_instant
from objectives.indicators.models import Indicator
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport
from reporting.services import report_request, reports_request
from tests.factories import Ministry, text
from tests.reporting.test_reports import REFERENCE, ask, record


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def measured(ministry: Ministry) -> Indicator:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    record(ministry, indicator, "2026-T1", "89.5")
    return indicator


@pytest.fixture
def security(ministry: Ministry) -> Plan:
    """The National Security Plan, of which the minister receives reports."""
    plan = Plan.objects.create(
        code="NVP2026",
        title=text("Nationaal Veiligheidsplan"),
        kind=PlanKind.SECURITY,
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    ministry.vbz.plan_codes = ["SP2025", "NVP2026"]
    ministry.vbz.save(update_fields=["plan_codes"])
    return plan


def refused(ministry: Ministry, **changed: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        ask(ministry, **changed)
    return error.value


def issued(report: ProgressReport) -> ProgressReport:
    """Issue a report as far as asking for another one is concerned."""
    ProgressReport.objects.filter(pk=report.pk).update(
        state=ReportState.READY,
        stage=ReportStage.APPROVED,
        issued_at=next_instant(),
        issued_by=report.requested_by,
    )
    Job.objects.filter(target_uuid=report.uuid).delete()
    report.refresh_from_db()
    return report


def ready(report: ProgressReport) -> ProgressReport:
    ProgressReport.objects.filter(pk=report.pk).update(state=ReportState.READY)
    Job.objects.filter(target_uuid=report.uuid).delete()
    return report


def both(ministry: Ministry, **changed: Any) -> list[ProgressReport]:
    """Ask for a report in Dutch and in French."""
    question: dict[str, Any] = {
        "strategic_plan": ministry.plan,
        "minister": ministry.vbz,
        "reference_date": REFERENCE,
        "languages": ["nl", "fr"],
        **changed,
    }
    asked = reports_request(actor=ministry.users["corporate"], **question)
    return [report for report, _job in asked]


def test_a_report_tells_the_plan_year_of_its_day(ministry: Ministry) -> None:
    report, _job = ask(ministry)
    assert (report.plan, report.strategic_plan) == (ministry.year, ministry.plan)
    error = refused(ministry, reference_date=date(2025, 12, 31))
    assert (error.code, error.field) == ("no_plan_in_force", "reference_date")


def test_a_plan_that_is_followed_up_as_a_whole_has_no_year(
    ministry: Ministry, security: Plan
) -> None:
    report, _job = ask(ministry, strategic_plan=security)
    assert (report.plan, report.strategic_plan) == (None, security)
    assert ask(ministry, strategic_plan=security)[0] == report
    error = refused(ministry, strategic_plan=security, reference_date=date(2025, 12, 31))
    assert (error.code, error.field) == ("outside_plan", "reference_date")
    assert "31/12/2029" in error.message
    error = refused(ministry, strategic_plan=security, minister=ministry.am)
    assert (error.code, error.field) == ("not_a_recipient", "minister")


def test_both_languages_are_known_at_one_moment(ministry: Ministry, measured: Indicator) -> None:
    dutch, french = both(ministry)
    assert [dutch.language, french.language] == ["nl", "fr"]
    assert dutch.known_at == french.known_at
    assert both(ministry) == [dutch, french]
    assert Job.objects.count() == 2


def test_the_other_language_is_asked_as_known_in_the_first_one(
    ministry: Ministry, measured: Indicator
) -> None:
    dutch = ready(ask(ministry)[0])
    assert [one.known_at for one in both(ministry)] == [dutch.known_at] * 2
    assert ProgressReport.objects.count() == 2


def test_after_a_new_figure_both_languages_are_new(ministry: Ministry, measured: Indicator) -> None:
    dutch = ready(ask(ministry)[0])
    record(ministry, measured, "2026-T2", "91")
    reports = both(ministry)
    assert dutch not in reports
    assert reports[0].known_at == reports[1].known_at > dutch.known_at


def test_no_language_is_refused(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as error:
        both(ministry, languages=[])
    assert error.value.field == "language"
    with pytest.raises(NotAllowed):
        reports_request(
            actor=ministry.users["auditor"],
            strategic_plan=ministry.plan,
            minister=ministry.vbz,
            reference_date=REFERENCE,
            languages=["nl"],
        )


def test_an_issued_report_is_corrected_with_a_reason_alone(
    ministry: Ministry, measured: Indicator
) -> None:
    first = issued(ask(ministry)[0])
    error = refused(ministry)
    assert (error.code, error.field) == ("already_issued", "correction_reason")
    assert "edition 1 in NL" in error.message
    assert "edition 2" in error.message

    second, _job = ask(ministry, correction_reason=" Verkeerd cijfer van T1 ")
    assert (second.edition, second.corrects) == (2, first)
    assert second.correction_reason == "Verkeerd cijfer van T1"
    assert ask(ministry, correction_reason="Verkeerd cijfer van T1")[0] == second
    other, _job = ask(ministry, correction_reason="Ook T2")
    assert other != second
    assert other.edition == 2  # nobody issued the other one

    issued(second)
    third, _job = ask(ministry, correction_reason="Nog een fout")
    assert (third.edition, third.corrects) == (3, second)


def test_another_language_or_day_is_no_correction(ministry: Ministry, measured: Indicator) -> None:
    issued(ask(ministry)[0])
    assert ask(ministry, language="fr")[0].edition == 1
    assert ask(ministry, reference_date=date(2026, 6, 30))[0].edition == 1


def test_a_reason_without_an_issued_report_is_refused(ministry: Ministry) -> None:
    ask(ministry)
    error = refused(ministry, correction_reason="Verkeerd cijfer")
    assert (error.code, error.field) == ("nothing_to_correct", "correction_reason")


def test_the_issued_report_itself_is_found_by_its_moment(
    ministry: Ministry, measured: Indicator
) -> None:
    first = issued(ask(ministry)[0])
    assert ask(ministry, known_at=first.known_at)[0] == first
    error = refused(ministry, known_at=first.known_at, correction_reason="Verkeerd cijfer")
    assert (error.code, error.field) == ("same_moment", "known_at")


def test_a_report_issued_before_makes_the_next_one_a_new_question(
    ministry: Ministry, measured: Indicator
) -> None:
    """It says what changed since the last issued report, and that is another one now."""
    earlier = ready(ask(ministry, reference_date=date(2026, 6, 30))[0])
    later = ready(ask(ministry)[0])
    assert ask(ministry)[0] == later
    ready(later)
    issued(earlier)
    assert ask(ministry)[0] != later


def test_what_cannot_be_known_or_asked_yet_names_its_field(ministry: Ministry) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    assert refused(ministry, known_at=tomorrow).field == "known_at"
    before = timezone.now() - timedelta(days=365)
    error = refused(ministry, known_at=before)
    assert (error.code, error.field) == ("known_before_reference", "known_at")
    assert refused(ministry, reference_date=timezone.localdate(tomorrow)).field == "reference_date"
    assert refused(ministry, language="de").field == "language"
    with pytest.raises(NotAllowed):
        report_request(
            actor=ministry.users["head_adcv"],
            strategic_plan=ministry.plan,
            minister=ministry.vbz,
            reference_date=REFERENCE,
            language="nl",
        )
    assert not ProgressReport.objects.exists()
