"""Progress reports: what they say, who asks for and reads them, and that each is made once."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from pypdf import PdfReader

from ibzplan.celery import app
from ibzplan.core.consistent import consistent_read
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from ibzplan.core.selectors import history_of
from ibzplan.core.services import job_claim, jobs_requeue_lost
from ibzplan.core.services.jobs import WAKE_AGAIN_SECONDS, LeaseLost
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from objectives.indicators.templatetags.status import counts_sentence
from objectives.planning.choices import PlanState
from objectives.planning.models import ObjectiveIndicator, OperationalPlan
from reporting.choices import ReportState
from reporting.labels import error_text, file_name
from reporting.models import ProgressReport, ReportFile
from reporting.render import FORMATS, RenderFailed, render, render_pdf
from reporting.selectors.reports import last_quarter_end, report_progress
from reporting.services import report_make, report_request
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from tests.factories import Ministry, text
from tests.reporting.drafted import drafted
from tests.reporting.report_jobs import parts_of, work, work_off
from tests.reporting.report_reading import indicators_of, pdf_root, pdf_text

REFERENCE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Errors and pages speak Dutch, whatever ran before."""
    with translation.override("nl"):
        yield


def record(
    ministry: Ministry,
    indicator: Indicator,
    period: str,
    value: str,
    *,
    by: str = "planner_adcv",
    reason: str = "",
    narrative: str = "",
) -> Measurement:
    return measurement_record(
        actor=ministry.users[by],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value), narrative=text(narrative) if narrative else text("")),
        reason=reason,
    )


@pytest.fixture
def measured(ministry: Ministry) -> Indicator:
    """An approved objective of ADCV with three figures."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    record(ministry, indicator, "2026-T1", "89.5")
    record(ministry, indicator, "2026-T2", "91.2")
    record(ministry, indicator, "2026-T3", "92.7", narrative="Aanwerving loopt.")
    return indicator


def build(ministry: Ministry, language: str = "nl", **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "minister": ministry.vbz,
        "reference_date": REFERENCE,
        "known_at": timezone.now(),
        **changed,
    }
    return snapshot_build(
        ReportQuestion(
            strategic_plan=ministry.plan, plan=ministry.year, language=language, **values
        )
    )


def ask(ministry: Ministry, *, by: str = "corporate", **changed: Any) -> tuple[ProgressReport, Job]:
    question: dict[str, Any] = {
        "strategic_plan": ministry.plan,
        "minister": ministry.vbz,
        "reference_date": REFERENCE,
        "language": "nl",
    }
    return report_request(actor=ministry.users[by], **{**question, **changed})


def made(ministry: Ministry, **changed: Any) -> ProgressReport:
    report, job = ask(ministry, **changed)
    work_off(job)
    report.refresh_from_db()
    return report


# The snapshot -------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes(ministry: Ministry, measured: Indicator) -> None:
    known_at = timezone.now()
    first = canonical_json(build(ministry, known_at=known_at))
    record(ministry, measured, "2026-T3", "90.0", reason="Telfout")
    again = canonical_json(build(ministry, known_at=known_at))
    assert sha256_of(first) == sha256_of(again)
    assert canonical_json(json.loads(first)) == first
    later = canonical_json(build(ministry, known_at=timezone.now()))
    assert sha256_of(later) != sha256_of(first)
    assert '"display":"90.0"' in later


def test_validation_after_known_at_changes_nothing(ministry: Ministry, measured: Indicator) -> None:
    known_at = timezone.now()
    before = canonical_json(build(ministry, known_at=known_at))
    last = Measurement.objects.filter(indicator=measured).latest("recorded_at")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=last)
    assert canonical_json(build(ministry, known_at=known_at)) == before


def test_languages_differ_in_language_alone(ministry: Ministry, measured: Indicator) -> None:
    known_at = timezone.now()
    dutch, french = (build(ministry, language, known_at=known_at) for language in ("nl", "fr"))
    assert dutch != french
    assert {**dutch, "language": ""} == {**french, "language": ""}


@pytest.mark.parametrize("interface", ["nl", "fr", "en"])
def test_language_of_the_interface_plays_no_part(
    ministry: Ministry, measured: Indicator, interface: str
) -> None:
    known_at = timezone.now()
    expected = canonical_json(build(ministry, known_at=known_at))
    with translation.override(interface):
        assert canonical_json(build(ministry, known_at=known_at)) == expected


def test_every_figure_is_a_fact(ministry: Ministry, measured: Indicator) -> None:
    snapshot = build(ministry)
    row = Measurement.objects.filter(indicator=measured).latest("recorded_at")
    assert snapshot["facts"][f"f:{row.uuid}"] == {
        "kind": "quantity",
        "value": "927/10",
        "decimals": 1,
        "display": "92.7",
        "unit": {"nl": "%", "fr": "%"},
    }
    (indicator,) = indicators_of(snapshot)
    assert [slot["valueState"] for slot in indicator["slots"]] == [
        "measured",
        "measured",
        "measured",
        "notYetDue",
    ]
    assert indicator["slots"][2]["fact"] == f"f:{row.uuid}"
    named = _fact_ids(snapshot["strategicObjectives"]) | _fact_ids(snapshot["summary"])
    assert named <= set(snapshot["facts"])
    assert len(named) > 20


def _fact_ids(part: Any) -> set[str]:
    if isinstance(part, dict):
        return set().union(*(_fact_ids(item) for item in part.values()))
    if isinstance(part, list):
        return set().union(*(_fact_ids(item) for item in part))
    return {part} if isinstance(part, str) and part.startswith("f:") else set()


def test_zero_is_a_figure_and_missing_is_none(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    zero = record(ministry, indicator, "2026-T1", "0")
    snapshot = build(ministry)
    (part,) = indicators_of(snapshot)
    assert [slot["valueState"] for slot in part["slots"]][:2] == ["measured", "missing"]
    assert snapshot["facts"][f"f:{zero.uuid}"]["display"] == "0.0"
    assert [row["shortCode"] for row in snapshot["late"]] == [part["shortCode"]]
    assert snapshot["facts"][snapshot["summary"]["missing"]]["value"] == "1"


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError, match=r"\$\.facts\[1\]"):
        canonical_json({"facts": [1, 0.5]})


# What a minister's cabinet may see ----------------------------------------------------------------


def test_drafts_are_not_in_it(ministry: Ministry, measured: Indicator) -> None:
    ministry.indicator(ministry.objective(title="Nog in opmaak"))
    content = render_pdf(build(ministry))
    assert "Nog in opmaak" not in canonical_json(build(ministry))
    assert "Nog in opmaak" not in pdf_text(content)


def test_other_ministers_figures_only_when_validated(ministry: Ministry) -> None:
    own = ministry.objective()
    ministry.indicator(own)
    other = ministry.objective(by="planner_dvz", title="Asielprocedure versnellen")
    foreign = ministry.indicator(other, by="planner_dvz")
    ObjectiveIndicator.objects.create(
        objective=own, indicator=foreign, order=2, known_from=own.created_at
    )
    ministry.approve(own)
    ministry.approve(other, head="head_dvz")
    row = record(ministry, foreign, "2026-T1", "77.7", by="planner_dvz")
    before = build(ministry)
    assert "77.7" not in canonical_json(before)
    assert "Asielprocedure versnellen" not in canonical_json(before)
    measurement_validate(actor=ministry.users["head_dvz"], measurement=row)
    assert build(ministry)["facts"][f"f:{row.uuid}"]["display"] == "77.7"
    assert "77.7" in canonical_json(build(ministry, minister=ministry.am))


def confidential_pair(ministry: Ministry) -> tuple[Indicator, Indicator]:
    """Return an indicator with a good figure and a confidential one of the same unit, off track."""
    objective = ministry.objective()
    shown = ministry.indicator(objective)
    secret = ministry.indicator(objective, title=text("Geheime reserve"), is_confidential=True)
    ministry.approve(objective)
    for period in ("2026-T1", "2026-T2", "2026-T3"):
        record(ministry, shown, period, "95")
        record(ministry, secret, period, "71.3", narrative="Vertrouwelijke toelichting.")
    return shown, secret


def test_confidential_indicators_are_in_no_report(ministry: Ministry) -> None:
    shown, secret = confidential_pair(ministry)
    snapshot = build(ministry)
    written = canonical_json(snapshot)
    assert [part["code"] for part in indicators_of(snapshot)] == [shown.code]
    for hidden in ("Geheime reserve", "71.3", "Vertrouwelijke toelichting.", str(secret.uuid)):
        assert hidden not in written
    said = pdf_text(render_pdf(snapshot))
    assert "Geheime reserve" not in said
    assert "71,3" not in said
    assert "1 vertrouwelijke indicator staat niet in dit rapport." in said
    assert "Vertrouwelijke indicatoren staan niet in dit rapport: 1 van de 2." in said


def test_statuses_and_counts_leave_confidential_indicators_out(ministry: Ministry) -> None:
    _shown, secret = confidential_pair(ministry)
    snapshot = build(ministry)
    (werf,) = (werf for card in snapshot["strategicObjectives"] for werf in card["werven"])
    facts, summary = snapshot["facts"], snapshot["summary"]
    (strategic,) = snapshot["strategicObjectives"]
    for part in (werf, werf["objectives"][0]):
        assert part["status"] == "on_track"
    for part in (summary, strategic, werf):
        assert facts[part["counts"]["on_track"]]["value"] == "1"
    assert snapshot["attention"] == []
    assert facts[summary["due"]]["value"] == "3"
    secret.is_confidential = False
    secret.save(update_fields=["is_confidential"])
    opened = build(ministry)
    assert opened["attention"] != []
    assert opened["facts"][opened["summary"]["due"]]["value"] == "6"


def test_objective_with_confidential_indicators_only_says_so(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective, is_confidential=True)
    ministry.approve(objective)
    snapshot = build(ministry)
    assert indicators_of(snapshot) == []
    said = pdf_text(render_pdf(snapshot))
    assert "1 vertrouwelijke indicator staat niet in dit rapport." in said
    assert translation.gettext("No indicators.") not in said


def test_confidential_indicators_of_others_are_counted_too(ministry: Ministry) -> None:
    own = ministry.objective()
    ministry.indicator(own, is_confidential=True)
    other = ministry.objective(by="planner_dvz")
    secret = ministry.indicator(other, by="planner_dvz", is_confidential=True)
    ObjectiveIndicator.objects.create(
        objective=own, indicator=secret, order=2, known_from=own.created_at
    )
    ministry.approve(own)
    ministry.approve(other, head="head_dvz")
    snapshot = build(ministry)
    assert indicators_of(snapshot) == []
    assert snapshot["facts"][snapshot["summary"]["confidential"]]["value"] == "2"
    assert "2 vertrouwelijke indicatoren staan niet" in pdf_text(render_pdf(snapshot))
    with translation.override("fr"):
        said = pdf_text(render_pdf({**snapshot, "language": "fr"}))
    assert "2 indicateurs confidentiels ne figurent pas" in said


def test_report_without_confidential_indicators_does_not_mention_them(
    ministry: Ministry, measured: Indicator
) -> None:
    assert "ertrouwelijke indicator" not in pdf_text(render_pdf(build(ministry)))


# The PDF ------------------------------------------------------------------------------------------


def test_pdf_holds_the_figures_and_is_accessible(ministry: Ministry, measured: Indicator) -> None:
    content = render_pdf(build(ministry))
    said = pdf_text(content)
    for expected in ("92,7", "Bezettingsgraad noodcentrales", "T3: 92,7", "Aanwerving loopt."):
        assert expected in said
    root = pdf_root(content)
    assert root["/Lang"] == "nl-BE"
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    assert len(PdfReader(io.BytesIO(content)).outline) >= 4


def test_same_snapshot_gives_the_same_pdf(ministry: Ministry, measured: Indicator) -> None:
    snapshot = build(ministry)
    assert render_pdf(snapshot) == render_pdf(json.loads(canonical_json(snapshot)))


def test_french_report_is_french(ministry: Ministry, measured: Indicator) -> None:
    content = render_pdf(build(ministry, "fr"))
    assert "Bezettingsgraad noodcentrales (fr)" in pdf_text(content)
    assert pdf_root(content)["/Lang"] == "fr-BE"
    assert "92,7" in pdf_text(content)
    # The text extracted has its white space made single; the colon still stands apart.
    assert "T3 : 92,7" in pdf_text(content)
    with translation.override("fr"):
        assert counts_sentence({"on_track": 1}).startswith("1 objectif\N{NO-BREAK SPACE}: 1 ")


def test_only_our_own_fonts(ministry: Ministry, measured: Indicator) -> None:
    pages: list[Any] = list(PdfReader(io.BytesIO(render_pdf(build(ministry)))).pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all("SourceSans3" in name for name in fonts)


def test_demo_mark_is_on_every_page(ministry: Ministry, measured: Indicator) -> None:
    plain = build(ministry)
    assert not plain["isDemo"]
    ministry.year.is_demo = True
    ministry.year.save(update_fields=["is_demo"])
    marked = build(ministry)
    assert marked["isDemo"]
    with translation.override("nl"):
        mark = translation.gettext("Demonstration: fictional figures")
    pages = PdfReader(io.BytesIO(render_pdf(marked))).pages
    assert all(mark in page.extract_text() for page in pages)
    assert mark not in pdf_text(render_pdf(plain))


def test_report_of_a_plan_without_objectives(ministry: Ministry) -> None:
    assert "0" in pdf_text(render_pdf(build(ministry)))


# Asking and making --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["planner_adcv", "head_adcv", "committee", "cabinet_vbz", "auditor", "outsider"]
)
def test_only_the_corporate_cell_asks(ministry: Ministry, role: str) -> None:
    with pytest.raises(NotAllowed):
        ask(ministry, by=role)
    assert not ProgressReport.objects.exists()


def test_same_question_gives_the_same_report(ministry: Ministry, measured: Indicator) -> None:
    first = ask(ministry)
    assert ask(ministry) == first
    work_off(first[1])
    assert ask(ministry) == first
    assert Job.objects.filter(parent=None).count() == 1
    assert ReportFile.objects.count() == len(FORMATS)
    assert ask(ministry, language="fr")[0] != first[0]


def test_new_figures_make_it_a_new_question(ministry: Ministry, measured: Indicator) -> None:
    old = made(ministry)
    record(ministry, measured, "2026-T3", "93.4", reason="Telfout")
    new = made(ministry)
    assert new != old
    assert "93,4" in pdf_text(new.files.get(format="pdf").file.read())
    assert ask(ministry, known_at=old.known_at)[0] == old


def test_questions_that_make_no_sense(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as error:
        ask(ministry, known_at=timezone.now() + timedelta(days=1))
    assert error.value.field == "known_at"
    with pytest.raises(DomainError) as error:
        ask(ministry, reference_date=date(2025, 12, 31))
    assert (error.value.code, error.value.field) == ("no_plan_in_force", "reference_date")
    with pytest.raises(DomainError) as error:
        ask(ministry, reference_date=timezone.localdate() + timedelta(days=1))
    assert (error.value.code, error.value.field) == ("reference_in_future", "reference_date")
    with pytest.raises(DomainError) as error:
        ask(ministry, language="de")
    assert error.value.field == "language"


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUBMITTED])
def test_no_report_on_a_plan_that_is_not_approved(ministry: Ministry, state: str) -> None:
    ministry.year.state = state
    ministry.year.save(update_fields=["state"])
    with pytest.raises(DomainError) as error:
        ask(ministry)
    assert error.value.field == "reference_date"


def test_closed_plan_has_reports(ministry: Ministry) -> None:
    ministry.year.state = PlanState.CLOSED
    ministry.year.save(update_fields=["state"])
    assert ask(ministry)[0].plan == ministry.year


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), date(2026, 9, 30)),
        (date(2026, 2, 1), date(2026, 2, 1)),
        (date(2027, 2, 1), date(2026, 12, 31)),
    ],
)
def test_form_starts_with_a_date_that_can_be_asked(
    ministry: Ministry, today: date, expected: date
) -> None:
    OperationalPlan.objects.create(plan=ministry.plan, year=2027, state=PlanState.APPROVED)
    assert last_quarter_end(ministry.plan, today) == expected


def test_report_of_an_earlier_schema_is_made_anew(ministry: Ministry, measured: Indicator) -> None:
    old = made(ministry)
    ProgressReport.objects.filter(pk=old.pk).update(schema_version=1)
    assert ask(ministry)[0] != old


def test_snapshot_of_an_earlier_schema_is_not_used_again(
    ministry: Ministry, measured: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("reporting.services.report_formats.render", broken)
        report = made(ministry)
    ProgressReport.objects.filter(pk=report.pk).update(schema_version=1, snapshot="{}")
    again = made(ministry, known_at=report.known_at)
    assert again == report
    assert again.state == ReportState.READY
    assert sha256_of(again.snapshot) == again.snapshot_sha256


def test_archived_file_matches_its_hash(ministry: Ministry, measured: Indicator) -> None:
    report = made(ministry)
    assert report.state == ReportState.READY
    assert sha256_of(report.snapshot) == report.snapshot_sha256
    rows = list(report.files.all())
    assert {row.format for row in rows} == set(FORMATS)
    for row in rows:
        content = row.file.read()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert len(content) == row.size_bytes
        assert content == render(row.format, json.loads(report.snapshot), None)
    job = Job.objects.get(parent=None)
    assert job.state == JobState.DONE
    assert job.steps_done == job.steps_total == len(FORMATS) + 2  # collected, made, published


def test_task_twice_makes_one_file(ministry: Ministry, measured: Indicator) -> None:
    report, job = ask(ministry)
    work_off(job)
    rows = list(report.files.all())
    for one in (job, *parts_of(job)):
        work(one)  # the same message once more
    # As when a worker died between its work and saying so.
    Job.objects.update(state=JobState.QUEUED)
    work_off(job)
    assert list(report.files.all()) == rows
    assert {one.state for one in Job.objects.all()} == {JobState.DONE}
    assert [entry.action for entry in history_of(report)].count("made") == 1


def test_lost_lease_writes_nothing(ministry: Ministry, measured: Indicator) -> None:
    report, job = ask(ministry)
    ours = job_claim(job_uuid=job.uuid)
    assert ours is not None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    theirs = job_claim(job_uuid=job.uuid)
    assert theirs is not None
    with pytest.raises(LeaseLost):
        report_make(job=ours)
    report.refresh_from_db()
    assert report.snapshot == ""
    assert not ReportFile.objects.exists()
    report_make(job=theirs)
    work_off(job)
    assert report.files.count() == len(FORMATS)


def test_lease_lost_while_rendering_leaves_no_file(
    ministry: Ministry, measured: Indicator, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    report, job = ask(ministry)

    def slow(*_given: Any) -> bytes:
        Job.objects.filter(parent=job).update(lease_key=None)
        return b"%PDF"

    monkeypatch.setattr("reporting.services.report_formats.render", slow)
    work_off(job)
    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED
    assert not ReportFile.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_vanished_rows_are_no_error(ministry: Ministry, measured: Indicator) -> None:
    report, job = ask(ministry)
    report.delete()
    assert work_off(job).state == JobState.DONE
    job.delete()
    work(job)


def broken(*_given: Any) -> bytes:
    raise RenderFailed("unknown variable")


def full(*_args: Any, **_kwargs: Any) -> str:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("place", "failing", "code"),
    [
        ("reporting.services.report_formats.render", broken, "render_failed"),
        ("django.core.files.storage.FileSystemStorage._save", full, "storage_failed"),
        ("reporting.services.report_making.snapshot_build", lambda *_: 1 / 0, "unexpected"),
    ],
)
def test_failure_is_clear_and_can_be_tried_again(
    ministry: Ministry,
    measured: Indicator,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    failing: Any,
    code: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(place, failing)
        report = made(ministry)
    assert report.state == ReportState.FAILED
    assert Job.objects.get(parent=None).error == code
    assert not ReportFile.objects.exists()
    client.force_login(ministry.users["corporate"])
    page = client.get(reverse("reporting:report", args=[report.uuid])).content.decode()
    again = reverse("reporting:report_again", args=[report.uuid])
    assert again in page
    assert "hx-trigger" not in page
    assert client.post(again).status_code == 302
    job = Job.objects.filter(parent=None).latest("pk")
    assert Job.objects.filter(parent=None).count() == 2
    work_off(job)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert report.files.count() == len(FORMATS)


def test_worker_lost_for_good_can_be_tried_again(ministry: Ministry, client: Client) -> None:
    report, job = ask(ministry)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="worker_lost")
    assert report_progress(report).has_failed
    client.force_login(ministry.users["corporate"])
    again = reverse("reporting:report_again", args=[report.uuid])
    for name in ("report", "report_status"):
        page = client.get(reverse(f"reporting:{name}", args=[report.uuid])).content.decode()
        assert error_text("worker_lost") in page
        assert f'action="{again}"' in page
        assert "hx-trigger" not in page
    client.force_login(ministry.users["auditor"])
    assert again not in client.get(reverse("reporting:report", args=[report.uuid])).content.decode()
    client.force_login(ministry.users["corporate"])
    assert client.post(again).status_code == 302
    another = Job.objects.latest("pk")
    assert another.pk != job.pk
    assert [entry.action for entry in history_of(report)].count("requested_again") == 1
    work_off(another)
    report.refresh_from_db()
    assert report.state == ReportState.READY


def test_request_without_a_broker_waits_and_is_woken_later(
    ministry: Ministry,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    folder = tmp_path / "broker"
    options = {
        name: str(folder) for name in ("data_folder_in", "data_folder_out", "control_folder")
    }
    monkeypatch.setitem(app.conf, "broker_url", "filesystem://")
    monkeypatch.setitem(app.conf, "broker_transport_options", options)
    client.force_login(ministry.users["corporate"])
    data = {**ASKED, "reference_date": "2026-09-30"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("reporting:reports"), data).status_code == 302
    job = Job.objects.get()
    assert job.state == JobState.QUEUED
    folder.mkdir()
    waited = timezone.now() - timedelta(seconds=WAKE_AGAIN_SECONDS + 1)
    Job.objects.update(queued_at=waited)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs_requeue_lost() == 1
    (message,) = folder.glob("*.msg")
    assert str(job.uuid) in base64.b64decode(json.loads(message.read_text())["body"]).decode()


# Pages --------------------------------------------------------------------------------------------

ASKED = {"plan": "SP2025", "minister": "VBZ", "language": "nl"}
ROLES = (
    *("planner_adcv", "head_adcv", "corporate", "committee"),
    *("cabinet_vbz", "cabinet_am", "auditor", "outsider"),
)
# A draft: the others see theirs later, an outsider none.
SEES = {"corporate": 200, "committee": 200, "auditor": 200, "outsider": 403}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "extra"),
    [("report", []), ("report_status", []), ("report_file", ["pdf"]), ("report_file", ["json"])],
)
def test_who_reads_a_report(
    ministry: Ministry, client: Client, role: str, name: str, extra: list[str]
) -> None:
    report = drafted(ministry)
    client.force_login(ministry.users[role])
    answer = client.get(reverse(f"reporting:{name}", args=[report.uuid, *extra]))
    assert answer.status_code == SEES.get(role, 404)
    answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_list_and_asks(ministry: Ministry, client: Client, role: str) -> None:
    client.force_login(ministry.users[role])
    listed = client.get(reverse("reporting:reports"))
    assert listed.status_code == (403 if role == "outsider" else 200)
    data = {**ASKED, "reference_date": "2026-09-30"}
    asked = client.post(reverse("reporting:reports"), data)
    assert asked.status_code == (302 if role == "corporate" else 403)
    assert ProgressReport.objects.count() == (1 if role == "corporate" else 0)


def test_cabinet_sees_no_report_in_the_making(ministry: Ministry, client: Client) -> None:
    report, _job = ask(ministry)
    client.force_login(ministry.users["cabinet_vbz"])
    assert str(report.uuid) not in client.get(reverse("reporting:reports")).content.decode()
    assert client.get(reverse("reporting:report", args=[report.uuid])).status_code == 404


def test_page_polls_while_the_report_is_made(ministry: Ministry, client: Client) -> None:
    report, job = ask(ministry)
    client.force_login(ministry.users["corporate"])
    status = reverse("reporting:report_status", args=[report.uuid])
    running = client.get(reverse("reporting:report", args=[report.uuid])).content.decode()
    assert f'data-hx-get="{status}"' in running
    assert "<progress" in running
    assert (
        client.get(reverse("reporting:report_file", args=[report.uuid, "pdf"])).status_code == 404
    )
    work_off(job)
    ready = client.get(status).content.decode()
    assert "hx-get" not in ready
    assert reverse("reporting:report_file", args=[report.uuid, "pdf"]) in ready
    report.refresh_from_db()
    assert report.snapshot_sha256 in ready


def test_downloads(ministry: Ministry, measured: Indicator, client: Client) -> None:
    report = made(ministry)
    client.force_login(ministry.users["auditor"])
    pdf = client.get(reverse("reporting:report_file", args=[report.uuid, "pdf"]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert (
        pdf["Content-Disposition"]
        == 'attachment; filename="voortgangsrapport-OP2026-VBZ-2026-09-30-nl.pdf"'
    )
    french = ProgressReport(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=REFERENCE,
        language="fr",
    )
    assert file_name(french, "pdf") == "rapport-d-avancement-OP2026-VBZ-2026-09-30-fr.pdf"
    assert "92,7" in pdf_text(b"".join(pdf))
    data = client.get(reverse("reporting:report_file", args=[report.uuid, "json"]))
    assert data["Content-Type"] == "application/json"
    assert hashlib.sha256(data.getvalue()).hexdigest() == report.snapshot_sha256


def test_form_keeps_what_was_typed(ministry: Ministry, client: Client) -> None:
    client.force_login(ministry.users["corporate"])
    data = {**ASKED, "reference_date": "31/31/2026", "language": "fr"}
    answer = client.post(reverse("reporting:reports"), data)
    assert answer.status_code == 422
    assert "31/31/2026" in answer.content.decode()
    assert answer.context["form"]["language"].value() == ["fr"]
    future = timezone.localdate() + timedelta(days=1)
    said = {
        "nl": ("zonder goedgekeurd of afgesloten operationeel plan", "ligt in de toekomst"),
        "fr": ("sans plan opérationnel approuvé ou clôturé", "est dans le futur"),
    }
    for language, sentences in said.items():
        client.cookies["django_language"] = language
        for day, sentence in zip((date(2024, 6, 30), future), sentences, strict=True):
            data["reference_date"] = day.isoformat()
            answer = client.post(reverse("reporting:reports"), data)
            assert answer.status_code == 422
            (error,) = answer.context["form"].errors["reference_date"]
            assert sentence in error
            with translation.override(language):
                assert date_format(day, "SHORT_DATE_FORMAT") in error
    assert not ProgressReport.objects.exists()


def test_list_has_the_same_number_of_queries(
    ministry: Ministry, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(ministry.users["auditor"])
    for day in (1, 2, 3, 4, 5, 6):
        ask(ministry, reference_date=date(2026, 6, day))
    # session, user, tables, messages, roles, units, ministers, plans, reports, files, reviews, jobs
    with django_assert_max_num_queries(12):
        client.get(reverse("reporting:reports"))


@pytest.mark.django_db(transaction=True)
def test_snapshot_is_one_consistent_read() -> None:
    with consistent_read(), connection.cursor() as cursor:
        assert connection.in_atomic_block
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
        else:
            assert connection.transaction_mode == "DEFERRED"  # type: ignore[attr-defined]
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]
