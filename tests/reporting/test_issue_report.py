"""Issuing a report: once, by the corporate cell, and the figures that it shows are locked."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.selectors import history_of
from ibzplan.core.subjects import subjects_of
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Correction, Indicator, Measurement, MeasurementEvent
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors.locks import is_locked
from objectives.indicators.services import (
    Figure,
    FigurePart,
    measurement_record,
    measurement_return,
    measurement_validate,
)
from objectives.planning.services import figure_record
from reporting.demo.removal import demo_remove
from reporting.models import ProgressReport
from reporting.services import report_check, report_issue, report_make
from reporting.snapshot.facts import measurements_shown
from tests.factories import Ministry, text
from tests.objectives.indicators.test_corrections import REGIONS
from tests.reporting.test_reports import ask, made, record

T1, T2, T3, T4 = (parse_period(f"2026-T{n}") for n in (1, 2, 3, 4))


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def measured(ministry: Ministry) -> Indicator:
    """An approved objective of ADCV with three figures, the second one corrected."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    record(ministry, indicator, "2026-T1", "89.5")
    record(ministry, indicator, "2026-T2", "19.2")
    record(ministry, indicator, "2026-T2", "91.2", reason="Cijfers omgewisseld")
    record(ministry, indicator, "2026-T3", "92.7")
    return indicator


def client_of(ministry: Ministry, name: str, language: str = "nl") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[name])
    return client


def issue(ministry: Ministry, report: ProgressReport, by: str = "corporate") -> int:
    """Issue after a look at what is provisional or changed."""
    check = report_check(report, Clocks.now().known_at)
    return report_issue(actor=ministry.users[by], report=report, confirmed=check.to_confirm)


def test_issuing_locks_what_the_report_shows(ministry: Ministry, measured: Indicator) -> None:
    report = made(ministry)
    later = measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=measured,
        period=T4,
        figure=Figure(value=Decimal(93)),
        confirmed=["period_running"],
    )
    assert issue(ministry, report) == 3
    assert [is_locked(measured, period) for period in (T1, T2, T3, T4)] == [True] * 3 + [False]
    locked = Measurement.objects.filter(events__kind=MeasurementEventKind.LOCKED)
    assert {row.value for row in locked} == {Decimal("89.5"), Decimal("91.2"), Decimal("92.7")}
    assert not later.events.exists()
    report.refresh_from_db()
    assert report.issued_by == ministry.users["corporate"]
    assert {event.cause_uuid for event in MeasurementEvent.objects.all()} == {report.uuid}
    assert {event.recorded_at for event in MeasurementEvent.objects.all()} == {report.issued_at}
    assert next(entry.action for entry in history_of(report)) == "issued"


def test_a_figure_corrected_since_the_snapshot_is_locked_all_the_same(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    record(ministry, measured, "2026-T3", "90", reason="Telfout")
    issue(ministry, report)
    asked = figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=measured,
        period=T3,
        figure=Figure(value=Decimal("91")),
        reason="Toch niet",
    )
    assert isinstance(asked, Correction)


def test_only_facts_that_are_measurements_are_locked(
    ministry: Ministry, measured: Indicator
) -> None:
    row = Measurement.objects.latest("pk")
    snapshot: dict[str, Any] = {
        "facts": {f"f:{row.uuid}": {}, f"f:target:{row.uuid}": {}, "f:indicators": {}}
    }
    assert measurements_shown(snapshot) == {row.uuid}
    assert measurements_shown({}) == frozenset()


def test_the_parts_of_a_figure_are_not_counted_beside_it(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective, disaggregations=REGIONS)
    ministry.approve(objective)
    parts = {
        f"region={code}": FigurePart(value=Decimal(n)) for code, n in (("bru", 40), ("vla", 50))
    }
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T1,
        figure=Figure(value=Decimal(90), breakdown=parts),
    )
    assert issue(ministry, made(ministry)) == 1
    assert is_locked(indicator, T1)


@pytest.mark.parametrize(
    "by", ["planner_adcv", "head_adcv", "committee", "cabinet_vbz", "auditor", "outsider"]
)
def test_only_the_corporate_cell_issues(ministry: Ministry, measured: Indicator, by: str) -> None:
    report = made(ministry)
    with pytest.raises(NotAllowed):
        issue(ministry, report, by)
    address = reverse("reporting:report_issue", args=[report.uuid])
    assert client_of(ministry, by).post(address).status_code == 403
    assert not is_locked(measured, T1)


def test_a_report_is_issued_once_and_when_it_is_ready(
    ministry: Ministry, measured: Indicator
) -> None:
    waiting, _job = ask(ministry)
    with pytest.raises(DomainError) as refused:
        issue(ministry, waiting)
    assert refused.value.code == "not_ready"
    report = made(ministry)
    stale = ProgressReport.objects.get(pk=report.pk)
    issue(ministry, report)
    with pytest.raises(DomainError) as refused:
        issue(ministry, stale)
    assert refused.value.code == "already_issued"
    assert MeasurementEvent.objects.count() == 3


def test_the_button_says_how_many_figures_it_locks_and_a_second_click_is_told(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    client = client_of(ministry, "corporate")
    page = reverse("reporting:report", args=[report.uuid])
    address = reverse("reporting:report_issue", args=[report.uuid])
    assert "vergrendelt u de 3 metingen" in client.get(page).content.decode()
    assert address not in client_of(ministry, "auditor").get(page).content.decode()
    confirmed = {"confirmed": report_check(report, Clocks.now().known_at).to_confirm}
    first = client.post(address, confirmed, follow=True).content.decode()
    assert "3 metingen zijn vergrendeld" in first
    assert address not in first
    assert "al uitgebracht" in client.post(address, follow=True).content.decode()
    listed = client.get(reverse("reporting:reports")).content.decode()
    assert "uitgebracht op" in listed
    french = client_of(ministry, "cabinet_vbz", "fr").get(page).content.decode()
    assert "Émis le" in french


def test_an_issued_report_stays_as_it_is(ministry: Ministry, measured: Indicator) -> None:
    report = made(ministry)
    issue(ministry, report)
    report.refresh_from_db()
    again, job = ask(ministry)
    assert again == report  # nothing that a report shows has changed by issuing it
    report_make(job=job)
    report.refresh_from_db()
    assert report.files.count() == 1
    with pytest.raises(ProtectedError):
        report.delete()
    with pytest.raises(ProtectedError):
        ProgressReport.objects.all().delete()
    assert ProgressReport.objects.filter(pk=report.pk).exists()


def test_a_report_that_was_not_issued_can_go(ministry: Ministry, measured: Indicator) -> None:
    made(ministry).delete()
    assert not ProgressReport.objects.exists()


def test_issued_reports_on_demo_plans_go_with_the_demo(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    issue(ministry, report)
    ProgressReport.objects.filter(pk=report.pk).update(is_demo=True)
    demo_remove()
    assert not ProgressReport.objects.exists()


def test_a_report_that_a_demo_account_issued_on_a_real_plan_stays(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    issue(ministry, report)
    corporate = ministry.users["corporate"]
    corporate.is_demo = True
    corporate.save(update_fields=["is_demo"])
    demo_remove()
    assert ProgressReport.objects.get() == report
    corporate.refresh_from_db()
    assert not corporate.is_active


def test_a_report_is_called_by_minister_and_date_and_linked_for_its_readers(
    ministry: Ministry, measured: Indicator
) -> None:
    ministry.vbz.short_title = text("Veiligheid", "Sécurité")
    ministry.vbz.save(update_fields=["short_title"])
    report = made(ministry)
    reference = (report.type_name(), report.uuid)
    gone = ("reporting.progressreport", measured.uuid)
    for by, opens in (("corporate", True), ("cabinet_vbz", True), ("cabinet_am", False)):
        subjects = subjects_of([reference, gone, ("x.y", report.uuid)], ministry.users[by])
        assert set(subjects) == {reference}
        assert bool(subjects[reference].url) == opens
        assert subjects[reference].title == "Voortgangsrapport Veiligheid, 30 september 2026 (nl)"
    with translation.override("fr"):
        title = subjects_of([reference], ministry.users["auditor"])[reference].title
    assert title == "Rapport d’avancement Sécurité, 30 septembre 2026 (nl)"


def test_whoever_issues_is_told_what_is_provisional_or_changed_and_confirms_it(
    ministry: Ministry, measured: Indicator
) -> None:
    first = Measurement.objects.earliest("pk")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=first)
    report = made(ministry)
    record(ministry, measured, "2026-T3", "90", reason="Telfout")
    client = client_of(ministry, "corporate")
    page = client.get(reverse("reporting:report", args=[report.uuid]))
    check = page.context["issue_check"]
    assert [len(rows) for rows in (check.returned, check.changed, check.provisional)] == [0, 1, 1]
    said = " ".join(page.content.decode().split())
    assert "Gewijzigd sinds het rapport gemaakt is: <b>1</b>" in said
    assert "Voorlopig: niet gevalideerd: <b>1</b>" in said
    address = reverse("reporting:report_issue", args=[report.uuid])
    refused = client.post(address, follow=True).content.decode()
    assert "Nog niet uitgebracht" in refused
    assert not is_locked(measured, T1)
    # What was looked at is not what is there now: another figure changed meanwhile.
    record(ministry, measured, "2026-T2", "90", reason="Telfout")
    data = {"confirmed": check.to_confirm}
    assert "Nog niet uitgebracht" in client.post(address, data, follow=True).content.decode()
    data["confirmed"] = report_check(report, Clocks.now().known_at).to_confirm
    assert "3 metingen zijn vergrendeld" in client.post(address, data, follow=True).content.decode()


def test_a_report_of_validated_figures_needs_no_confirmation(
    ministry: Ministry, measured: Indicator
) -> None:
    for row in Measurement.objects.exclude(value=Decimal("19.2")):
        measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    report = made(ministry)
    page = client_of(ministry, "corporate").get(reverse("reporting:report", args=[report.uuid]))
    assert 'name="confirmed"' not in page.content.decode()
    assert report_issue(actor=ministry.users["corporate"], report=report) == 3


def test_a_report_that_shows_a_returned_figure_is_not_issued(
    ministry: Ministry, measured: Indicator
) -> None:
    report = made(ministry)
    row = Measurement.objects.latest("pk")
    head = ministry.users["head_adcv"]
    measurement_return(actor=head, measurement=row, reason="Zonder Waver")
    client = client_of(ministry, "corporate")
    page = reverse("reporting:report", args=[report.uuid])
    address = reverse("reporting:report_issue", args=[report.uuid])
    assert address not in client.get(page).content.decode()
    answer = client.post(address, {"confirmed": "x"}, follow=True).content.decode()
    assert f"{measured.code} T3 2026" in answer
    with pytest.raises(DomainError) as refused:
        issue(ministry, report)
    assert refused.value.code == "figure_returned"
    assert not is_locked(measured, T3)
    measurement_validate(actor=head, measurement=row)
    assert issue(ministry, report) == 3


def test_the_check_takes_the_same_number_of_queries_whatever_the_number_of_figures(
    ministry: Ministry, measured: Indicator, django_assert_num_queries: Any
) -> None:
    report = made(ministry)
    known_at = Clocks.now().known_at
    # figures that count, and the figures shown with their reviews, indicators and units
    with django_assert_num_queries(2):
        check = report_check(report, known_at)
        assert {row.indicator.owner.code for row in check.provisional} == {"ADCV"}
