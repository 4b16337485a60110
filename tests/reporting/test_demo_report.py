"""The demo's issued reports, what they compare with, and the gaps that it shows."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import CorrectionState, MeasurementEventKind
from objectives.indicators.models import Correction, MeasurementEvent
from objectives.planning.choices import PlanState
from objectives.planning.models import Narrative, OperationalObjective, OperationalPlan
from objectives.planning.selectors.readings import objective_readings
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access, access_of
from personnel.models import SupervisingMinister, User
from reporting.models import ProgressReport, ReportFile
from reporting.selectors.alignment import alignment
from reporting.selectors.alignment_matrix import AlignmentFilter
from reporting.selectors.issuing import issue_check
from reporting.selectors.movements import clocks_of_report
from reporting.selectors.restated import restated_figures
from reporting.selectors.since import since_last
from reporting.snapshot import (
    canonical_json,
    measurements_shown,
    question_of,
    sha256_of,
    snapshot_build,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 14)
AUDITOR = Access(is_superuser=True)


@pytest.fixture(scope="module")
def demo_folder() -> Iterator[str]:
    """Hold the demo's files."""
    with TemporaryDirectory() as folder:
        yield folder


@pytest.fixture
def demo(demo_folder: str) -> Iterator[None]:
    """Load the real plans and make the demo of seed 1."""
    with override_settings(DATA_DIR=demo_folder, MEDIA_ROOT=demo_folder):
        call_command("load_plans", stdout=StringIO(), skip_checks=True)
        day = TODAY.isoformat()
        call_command("demo_data", "--seed", "1", "--today", day, stdout=StringIO())
        yield


@pytest.mark.usefixtures("demo")
def test_the_demo_shows_what_a_year_with_a_report_shows() -> None:
    """One demo for all, because it takes seconds: reports, what changed since, gaps, the end."""
    _one_report_a_minister()
    _figures_were_locked_and_two_corrected_since()
    _pages_compare_with_the_report()
    _gaps_of_several_kinds()
    _nobody_tells_of_what_is_gone()


def _one_report_a_minister() -> None:
    reports = list(ProgressReport.objects.order_by("minister__code"))
    assert [one.minister.code for one in reports] == ["AM", "VBZ"]
    for report in reports:
        assert report.issued_at is not None
        assert report.reference_date == date(2026, 6, 30)
        assert timezone.localdate(report.issued_at) < TODAY
        content = snapshot_build(question_of(report))
        assert sha256_of(canonical_json(content)) == report.snapshot_sha256
        file = ReportFile.objects.get(report=report)
        assert file.file.read()[:5] == b"%PDF-"
        shown = measurements_shown(json.loads(report.snapshot))
        assert issue_check(shown, report.issued_at).returned == ()


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
