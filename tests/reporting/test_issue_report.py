"""Issuing a report: once, by the corporate cell, and the figures that it shows are locked."""

import json
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
from reporting.choices import GateKind, NumberDecision
from reporting.demo.removal import demo_remove
from reporting.models import ProgressReport
from reporting.selectors.report_gates import numbers_of, parity_of, waiver_of
from reporting.services import report_check, report_issue
from reporting.services.report_gating import gate_waive, number_decide
from reporting.snapshot.facts import measurements_shown
from tests.factories import Ministry, text
from tests.objectives.indicators.test_corrections import REGIONS
from tests.reporting.drafted import drafted
from tests.reporting.report_jobs import work
from tests.reporting.test_reports import ask, made, record

UNREAD = "De directies lazen de cijfers al na."
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


def pass_gates(ministry: Ministry, report: ProgressReport) -> None:
    """Waive what differs between Dutch and French, and accept the numbers in typed text."""
    corporate = ministry.users["corporate"]
    findings = parity_of(report)
    if findings and waiver_of(report, findings) is None:
        gate_waive(
            actor=corporate,
            report=report,
            gate=GateKind.PARITY,
            findings_sha256=findings.sha256,
            reason="Vertaling volgt",
        )
    for row in numbers_of(report):
        number_decide(
            actor=corporate,
            report=report,
            anchor=row.number.anchor,
            occurrence=row.number.occurrence,
            decision=NumberDecision.ACCEPTED,
        )


def issue(ministry: Ministry, report: ProgressReport, by: str = "corporate") -> int:
    """Issue after a look at what is provisional or changed, and at the gates."""
    waive(ministry, report)
    check = report_check(report, Clocks.now().known_at)
    return report_issue(
        actor=ministry.users[by],
        report=report,
        confirmed=check.to_confirm,
        without_review=UNREAD,
    )


def waive(ministry: Ministry, report: ProgressReport) -> None:
    """Let a draft through the gate between Dutch and French."""
    report.refresh_from_db()
    if report.snapshot and report.issued_at is None:
        pass_gates(ministry, report)


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
    entry = history_of(report)[0]
    assert entry.action == "issued"
    # The seal says who did not answer; its history names it by its hash alone.
    assert json.loads(report.seal)["reviews"] == [{"unit": "ADCV", "verdict": "", "on": None}]
    assert "seal" not in entry.changes
    assert entry.changes["seal_sha256"][1] == report.seal_sha256


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
    report = drafted(ministry)
    client = client_of(ministry, "corporate", "en")
    page = reverse("reporting:report", args=[report.uuid])
    address = reverse("reporting:report_issue", args=[report.uuid])
    assert address in client.get(page).content.decode()
    assert address not in client_of(ministry, "auditor").get(page).content.decode()
    assert "locks the 3 figures that it shows" in client.get(address).content.decode()
    waive(ministry, report)
    confirmed = {
        "confirmed": report_check(report, Clocks.now().known_at).to_confirm,
        "without_review": UNREAD,
    }
    first = client.post(address, confirmed, follow=True).content.decode()
    assert "3 figures are locked" in first
    assert address not in first
    second = client.post(address, confirmed, follow=True).content.decode()
    assert "This report was issued on" in second
    listed = client.get(reverse("reporting:reports")).content.decode()
    assert "approved on" in listed
    cabinet = client_of(ministry, "cabinet_vbz", "en").get(page).content.decode()
    assert "Approved on" in cabinet


def test_an_issued_report_stays_as_it_is(ministry: Ministry, measured: Indicator) -> None:
    report = made(ministry)
    issue(ministry, report)
    report.refresh_from_db()
    files = list(report.files.all())
    with pytest.raises(DomainError) as refused:
        ask(ministry)
    assert refused.value.code == "already_issued"
    again, job = ask(ministry, known_at=report.known_at)
    assert again == report
    work(job)  # an old message
    assert list(report.files.all()) == files
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
    assert not subjects_of([reference], ministry.users["cabinet_vbz"])[reference].url  # a draft
    issue(ministry, report)
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
    report = drafted(ministry)
    waive(ministry, report)
    record(ministry, measured, "2026-T3", "90", reason="Telfout")
    client = client_of(ministry, "corporate", "en")
    address = reverse("reporting:report_issue", args=[report.uuid])
    page = client.get(address)
    check = page.context["issue_check"]
    assert [len(rows) for rows in (check.returned, check.changed, check.provisional)] == [0, 1, 1]
    said = " ".join(page.content.decode().split())
    assert "Changed since the report was made: <b>1</b>" in said
    assert "Provisional: not validated: <b>1</b>" in said
    refused = client.post(address, {"without_review": UNREAD}).content.decode()
    assert "Not issued yet" in refused
    assert not is_locked(measured, T1)
    # What was looked at is not what is there now: another figure changed meanwhile.
    record(ministry, measured, "2026-T2", "90", reason="Telfout")
    data = {"confirmed": check.to_confirm, "without_review": UNREAD}
    assert "Not issued yet" in client.post(address, data, follow=True).content.decode()
    data["confirmed"] = report_check(report, Clocks.now().known_at).to_confirm
    assert "3 figures are locked" in client.post(address, data, follow=True).content.decode()


def test_a_report_of_validated_figures_needs_no_confirmation(
    ministry: Ministry, measured: Indicator
) -> None:
    for row in Measurement.objects.exclude(value=Decimal("19.2")):
        measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    report = drafted(ministry)
    waive(ministry, report)
    address = reverse("reporting:report_issue", args=[report.uuid])
    page = client_of(ministry, "corporate").get(address).content.decode()
    assert 'name="without_review"' in page
    assert 'name="confirmed"' not in page
    assert report_check(report, Clocks.now().known_at).to_confirm == ""
    assert issue(ministry, report) == 3


def test_a_report_that_shows_a_returned_figure_is_not_issued(
    ministry: Ministry, measured: Indicator
) -> None:
    report = drafted(ministry)
    waive(ministry, report)
    row = Measurement.objects.latest("pk")
    head = ministry.users["head_adcv"]
    measurement_return(actor=head, measurement=row, reason="Zonder Waver")
    client = client_of(ministry, "corporate")
    address = reverse("reporting:report_issue", args=[report.uuid])
    assert f'action="{address}"' not in client.get(address).content.decode()
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
