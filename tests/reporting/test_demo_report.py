"""The demo's issued reports, what they compare with, and the gaps that it shows."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Comment, Job
from ibzplan.core.models.job import JobState
from objectives.indicators.choices import CorrectionState, MeasurementEventKind
from objectives.indicators.models import Correction, MeasurementEvent
from objectives.planning.choices import PlanState
from objectives.planning.models import Narrative, OperationalObjective, OperationalPlan
from objectives.planning.selectors.readings import objective_readings
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access, access_of
from personnel.models import SupervisingMinister, User
from reporting.choices import ReportFormat, ReportStage, ReviewVerdict
from reporting.gates import FindingKind
from reporting.models import ProgressReport, ReportCycle
from reporting.report_document import anchor_labels, report_document
from reporting.report_figures import figures_placed
from reporting.selectors import report_gates
from reporting.selectors.alignment import alignment
from reporting.selectors.alignment_matrix import AlignmentFilter
from reporting.selectors.issuing import issue_check
from reporting.selectors.movements import clocks_of_report
from reporting.selectors.report_gates import numbers_of, parity_of, waiver_of
from reporting.selectors.reports import reports_visible_to
from reporting.selectors.restated import restated_figures
from reporting.selectors.reviewing import units_reported
from reporting.selectors.since import since_last
from reporting.services.report_cycles import reports_make_due
from reporting.snapshot import (
    canonical_json,
    measurements_shown,
    question_of,
    sha256_of,
    snapshot_build,
)
from reporting.verifying import report_verify
from tests.factories import kept_for_many
from tests.reporting.report_jobs import work_off
from tests.reporting.report_reading import pdf_text
from tests.reporting.told_by_api import Told

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 14)
AUDITOR = Access(is_superuser=True)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Load the real plans and make the demo of seed 1, once for the module."""
    folder = tmp_path_factory.mktemp("demo")
    with kept_for_many(django_db_blocker), override_settings(DATA_DIR=folder):
        call_command("load_plans", stdout=StringIO(), skip_checks=True)
        day = TODAY.isoformat()
        call_command("demo_data", "--seed", "1", "--today", day, stdout=StringIO())
        yield


@pytest.mark.usefixtures("demo")
def test_the_demo_shows_what_a_year_with_a_report_shows() -> None:
    """What was issued, what changed since, gaps, the end."""
    _a_report_a_minister_and_language()
    _a_figure_was_corrected_in_a_second_edition()
    _figures_were_locked_and_two_corrected_since()
    _pages_compare_with_the_report()
    _gaps_of_several_kinds()
    _nobody_tells_of_what_is_gone()


@pytest.mark.usefixtures("demo")
def test_directorates_are_reading_a_draft() -> None:
    """Some answered and some did not; remarks stand at a paragraph, a table and a figure."""
    drafts = ProgressReport.objects.filter(issued_at=None)
    assert [one.language for one in drafts.order_by("language")] == ["fr", "nl"]
    assert {one.stage for one in drafts} == {ReportStage.REVIEW}
    assert {one.reference_date for one in drafts} == {date(2026, 9, 30)}
    report = drafts.get(language="nl")
    verdicts = dict(report.reviews.values_list("unit__code", "verdict"))
    assert {unit.code for unit in units_reported(report)} == verdicts.keys()
    assert set(verdicts.values()) == {"", *ReviewVerdict.values}
    content = json.loads(report.snapshot)
    assert content["since"]["referenceDate"] == "2026-06-30"
    assert content["changes"]
    assert content["restated"]
    labels = anchor_labels(report_document(report))
    remarks = Comment.objects.filter(target_uuid=report.uuid)
    places = {one.field for one in remarks}
    figures = places - labels.keys()
    assert figures <= figures_placed(report).keys()
    assert {content["facts"][one]["kind"] for one in figures} == {"quantity"}
    assert any(".narrative." in one for one in places)
    assert any(one.endswith(".indicators") for one in places)
    assert remarks.filter(parent__isnull=False, author__username="cel-corporate").exists()
    assert remarks.filter(parent=None, asks_change=True, settled_at=None).exists()
    assert _is_as_known(report)
    # Its texts in Dutch alone are still to be translated or waived.
    assert parity_of(drafts.get(language="fr"))
    (cycle,) = ReportCycle.objects.all()
    assert (cycle.frequency, cycle.lag_days, cycle.languages) == ("3", 30, ["nl", "fr"])
    assert reports_make_due(today=TODAY) == 0


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("minister", ["AM", pytest.param("VBZ", marks=pytest.mark.slow)])
def test_workers_make_every_format_in_both_languages(minister: str) -> None:
    """All files of the last edition appear, say the same figures as the API, and verify."""
    edition = ProgressReport.objects.filter(
        minister__code=minister, reference_date=date(2026, 6, 30), plan__isnull=False
    ).order_by("-edition")
    reports = {one: edition.filter(language=one)[0] for one in ("nl", "fr")}
    for report in reports.values():
        assert not report.files.exists()
        job = work_off(Job.objects.get(target_uuid=report.uuid))
        assert job.state == JobState.DONE
        files = report.files.filter(is_final=True, published_at__isnull=False)
        assert {one.format for one in files} == set(ReportFormat.values)
        if minister == "AM":
            assert report_verify(report).is_right
    dutch, french = reports.values()
    if minister == "AM":
        _pdf_says_what_the_api_says(dutch)
    assert json.loads(dutch.snapshot)["facts"] == json.loads(french.snapshot)["facts"]
    assert not {FindingKind.SHOWN, FindingKind.SIBLING} & {
        row.kind for one in reports.values() for row in parity_of(one).rows
    }
    assert _numbers_of(dutch) == _numbers_of(french)
    cabinet = access_of(User.objects.get(username=f"kabinet-{minister.lower()}"))
    assert {*reports.values()} <= {*reports_visible_to(cabinet)}


def _pdf_says_what_the_api_says(report: ProgressReport) -> None:
    """Every row of an indicator and every head of an objective: what a cabinet asks the API for."""
    client = Client()
    client.force_login(User.objects.get(username=f"kabinet-{report.minister.code.lower()}"))
    told = Told(client, report)
    with report.files.get(format=ReportFormat.PDF).file.open("rb") as stored:
        text = pdf_text(stored.read())
    rows = [
        row
        for strategic in json.loads(report.snapshot)["strategicObjectives"]
        for werf in strategic["werven"]
        for row in werf["objectives"]
    ]
    expected = [told.objective_head(row["id"], row["title"]["nl"]) for row in rows]
    expected += [
        told.indicator_row(one["id"], one["shortCode"]) for row in rows for one in row["indicators"]
    ]
    assert len(expected) > 60
    assert [one for one in expected if not re.search(one, text)] == []


def _numbers_of(report: ProgressReport) -> Counter[float]:
    """Return how often the workbook shows each number."""
    with report.files.get(format=ReportFormat.XLSX).file.open("rb") as stored:
        book = load_workbook(BytesIO(stored.read()), read_only=True)
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return Counter(float(cell) for cell in cells if isinstance(cell, int | float))


def _a_report_a_minister_and_language() -> None:
    issued = ProgressReport.objects.filter(issued_at__isnull=False)
    order = ("strategic_plan__code", "minister__code", "language")
    first = list(issued.filter(edition=1).order_by(*order))
    assert [(one.strategic_plan.code, one.minister.code, one.language) for one in first] == [
        (plan, minister, language)
        for plan, ministers in (("NVP2026", ("JUS", "VBZ")), ("SP2025", ("AM", "VBZ")))
        for minister in ministers
        for language in ("fr", "nl")
    ]
    assert {one.known_at for one in first} == {first[0].known_at}
    assert {one.stage for one in first} == {ReportStage.SENT, ReportStage.ARCHIVED}
    for report in issued:
        assert report.issued_at is not None
        assert report.reference_date == date(2026, 6, 30)
        assert timezone.localdate(report.issued_at) < TODAY
        assert _is_as_known(report)
        shown = measurements_shown(json.loads(report.snapshot))
        assert issue_check(shown, report.issued_at).returned == ()
        assert report.sendings.count() == (report.stage != ReportStage.APPROVED)
        _gates_were_passed(report)


def _is_as_known(report: ProgressReport) -> bool:
    text = canonical_json(snapshot_build(question_of(report)))
    return text == report.snapshot and sha256_of(text) == report.snapshot_sha256


def _gates_were_passed(report: ProgressReport) -> None:
    """What was found is waived, every number decided, every silent directorate explained."""
    seal = json.loads(report.seal)
    assert sha256_of(report.seal) == report.seal_sha256
    with patch.object(report_gates, "sibling_of", return_value=None):  # there was no other yet
        findings = parity_of(report)
    assert [one["findings"] for one in seal["waivers"]] == (
        [findings.as_json()] if findings else []
    )
    assert bool(findings) == (waiver_of(report, findings) is not None)
    assert bool(findings) == (report.language == "fr")
    numbers = numbers_of(report)
    assert all(one.decision for one in numbers)
    assert len(seal["numbers"]) == len(numbers)
    assert bool(numbers) == (str(report.plan) == "OP 2026" and report.minister.code == "VBZ")
    asked = {unit.code for unit in units_reported(report)}
    assert asked == set(report.reviews.values_list("unit__code", flat=True))
    assert bool(seal["withoutReview"]) == (
        asked != {one["unit"] for one in seal["reviews"] if one["verdict"]}
    )


def _a_figure_was_corrected_in_a_second_edition() -> None:
    second = ProgressReport.objects.filter(edition=2)
    assert [one.language for one in second.order_by("language")] == ["fr", "nl"]
    for report in second:
        assert report.corrects is not None
        assert report.corrects.language == report.language
        assert report.correction_reason
        edition = json.loads(report.snapshot)["edition"]
        assert edition["corrects"]["id"] == str(report.corrects.uuid)
        assert [one["title"]["nl"] for one in edition["restated"]] == ["Openstaande Dublindossiers"]


def _figures_were_locked_and_two_corrected_since() -> None:
    corrections = list(Correction.objects.select_related("measurement", "result"))
    assert len(corrections) == 2
    locked = MeasurementEvent.objects.filter(kind=MeasurementEventKind.LOCKED)
    for row in corrections:
        assert row.state == CorrectionState.APPROVED
        assert row.decided_by != row.requested_by
        assert locked.filter(measurement=row.measurement).exists()
        assert row.result is not None
        assert row.result.approved_by == row.decided_by
        assert row.result.recorded_at == row.decided_at


def _pages_compare_with_the_report() -> None:
    plan = OperationalPlan.objects.get(year=2026)
    minister = SupervisingMinister.objects.get(code="VBZ")
    cabinet = User.objects.get(username="kabinet-vbz")
    now = Clocks(TODAY, Clocks.now().known_at)
    since = since_last(plan, minister, now, access_of(cabinet))
    assert since is not None
    assert since.report is not None
    report = since.report
    objectives = list(
        OperationalObjective.objects.filter(plan=plan).select_related("plan", "unit", "werf")
    )
    before, after = (
        objective_readings(objectives, clocks=clocks, access=AUDITOR)
        for clocks in (clocks_of_report(report), now)
    )
    restated = restated_figures(before, after)
    assert {one.indicator.title["nl"] for one in restated} >= {
        "Opgeleide noodplanningscoördinatoren",
        "Openstaande Dublindossiers",
    }
    assert all(one.reason for one in restated)
    client = Client()
    client.force_login(cabinet)
    page = client.get(reverse("reporting:dashboard"), {"reference": TODAY.isoformat()})
    assert page.context["page"].last.report == report


def _gaps_of_several_kinds() -> None:
    plan = OperationalPlan.objects.get(year=2026)
    page = alignment(filter_=AlignmentFilter(plan), clocks=Clocks.now(), access=AUDITOR)
    found = Counter(
        {
            name: len(getattr(page.gaps, name))
            for name in ("without_indicator", "without_goal", "alike", "goals", "security")
        }
    )
    assert min(found.values()) >= 1, found
    assert max(found[name] for name in found if name != "security") <= 3, found


def _nobody_tells_of_what_is_gone() -> None:
    (gone,) = OperationalObjective.objects.filter(plan__year=2026, state=PlanState.WITHDRAWN)
    told = Narrative.objects.filter(objective=gone)
    assert told.exists()
    assert not told.filter(known_from__gte=gone.withdrawn_at).exists()
    activities = Activity.objects.filter(target_uuid=gone.uuid)
    late = Milestone.objects.filter(activity__in=activities, done_on__gte=gone.withdrawn_at)
    assert not late.exists()
    assert gone.withdrawn_at is not None
    assert timezone.localdate(gone.withdrawn_at) < TODAY - timedelta(days=60)
