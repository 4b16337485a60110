"""Making a report: formats apart, published together; what fails says so and is tried again."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Job, Notification
from ibzplan.core.models.job import JobState
from ibzplan.core.notifications.registry import told
from ibzplan.core.selectors import history_of
from ibzplan.core.services import job_claim, next_instant
from ibzplan.core.services.jobs import LeaseLost
from personnel.models import User
from reporting.choices import ReportFormat, ReportStage, ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.render import FORMATS, RenderFailed
from reporting.selectors.report_files import files_to_read
from reporting.selectors.reports import report_progress
from reporting.services import report_cancel, report_format_retry, report_issue, report_retry
from reporting.services.report_files import WITHOUT_ROW, files_sweep, report_file_keep
from reporting.services.report_formats import report_format_make
from reporting.services.report_making import report_job_queue
from reporting.tasks import make_format, make_report
from tests.core.lock_order import touched
from tests.factories import Ministry
from tests.reporting.report_jobs import parts_of, work, work_off
from tests.reporting.test_reports import ask, made

Render = Callable[..., bytes]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the formats look like is told elsewhere."""
    rendering(monkeypatch, lambda format_, snapshot, seal: f"{format_} {bool(seal)}".encode())


def rendering(monkeypatch: pytest.MonkeyPatch, render: Render) -> None:
    monkeypatch.setattr("reporting.services.report_formats.render", render)


def failing(*formats: str) -> Render:
    """Return what renders all formats but these."""

    def render(format_: str, snapshot: Any, seal: Any) -> bytes:
        if format_ in formats:
            raise RenderFailed(format_)
        return format_.encode()

    return render


def published(report: ProgressReport) -> set[str]:
    return {row.format for row in files_to_read(report)}


def stored(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def messages_of(ministry: Ministry) -> list[str]:
    """Return what whoever asks for reports is told, as they read it."""
    rows = Notification.objects.filter(user=ministry.users["corporate"]).order_by("pk")
    return [f"{one.title} / {one.detail}" for one in map(told, rows)]


def test_formats_are_made_by_jobs_of_their_own_and_appear_together(ministry: Ministry) -> None:
    report, job = ask(ministry)
    work(job)
    parts = parts_of(job)
    assert [part.part for part in parts] == list(FORMATS)
    for part in parts:
        assert published(report) == set()
        assert not report_progress(report).is_ready
        work(part)
    assert report.files.count() == len(FORMATS)
    assert published(report) == set()
    work(job)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert published(report) == set(FORMATS)
    assert len({row.published_at for row in report.files.all()}) == 1
    assert [entry.action for entry in history_of(report)] == ["made", "requested"]


def test_the_progress_goes_up_with_each_format(ministry: Ministry) -> None:
    report, job = ask(ministry)
    work(job)
    seen = []
    for part in parts_of(job):
        seen.append(report_progress(report).job.percent)  # type: ignore[union-attr]
        work(part)
    assert seen == sorted(set(seen))
    assert 0 < seen[0] < 100


def test_a_failed_format_keeps_the_others_and_is_made_again_by_itself(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        rendering(patch, failing("pdf"))
        report = made(ministry)
    assert report.state == ReportState.READY
    assert published(report) == set(FORMATS) - {"pdf"}
    progress = report_progress(report)
    assert [(part.part, part.error) for part in progress.failed_parts] == [("pdf", "render_failed")]
    before = {row.pk for row in report.files.all()}

    corporate = ministry.users["corporate"]
    job = report_format_retry(actor=corporate, report=report, format_="pdf")
    assert report_format_retry(actor=corporate, report=report, format_="pdf") == job
    assert report_progress(report).is_ready
    assert report_progress(report).is_working
    work_off(job)
    assert published(report) == set(FORMATS)
    assert before < {row.pk for row in report.files.all()}
    assert report_progress(report).failed_parts == []
    actions = [entry.action for entry in history_of(report)]
    assert actions == ["format_made", "requested_again", "made", "requested"]
    with pytest.raises(DomainError) as refused:
        report_format_retry(actor=corporate, report=report, format_="pdf")
    assert refused.value.code == "is_ready"


def test_formats_are_tried_again_one_by_one(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        rendering(patch, failing("pdf", "docx"))
        report = made(ministry)
    corporate = ministry.users["corporate"]
    job = report_format_retry(actor=corporate, report=report, format_="pdf")
    report_format_retry(actor=corporate, report=report, format_="docx")
    work_off(job)
    assert published(report) == set(FORMATS)
    assert Job.objects.filter(parent=None).count() == 1


def test_who_asked_is_told_once_and_by_mail(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendering(monkeypatch, failing("xlsx"))
    User.objects.filter(username="corporate").update(email="corporate@example.org")
    report = made(ministry)
    (message,) = messages_of(ministry)
    assert message.startswith("Ready: progress report")
    assert "Not made: Excel workbook" in message
    row = Notification.objects.get()
    assert (row.user, row.target_uuid) == (ministry.users["corporate"], report.uuid)
    assert row.by_mail


def test_a_report_of_which_nothing_could_be_made_fails_and_says_why(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Disagree(RenderFailed):
        code = "figures_disagree"
        places = "summary.counts shows “12”"

    def render(*_given: Any) -> bytes:
        raise Disagree

    with monkeypatch.context() as patch:
        rendering(patch, render)
        report = made(ministry)
    assert report.state == ReportState.FAILED
    progress = report_progress(report)
    assert progress.has_failed
    assert progress.job is not None
    assert progress.job.error == f"figures_disagree\n{Disagree.places}"
    assert "different figures" in messages_of(ministry)[0]

    again = report_retry(actor=ministry.users["corporate"], report=report)
    assert report_retry(actor=ministry.users["corporate"], report=report) == again
    work_off(again)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert len(messages_of(ministry)) == 2
    with pytest.raises(DomainError) as refused:
        report_retry(actor=ministry.users["corporate"], report=report)
    assert refused.value.code == "is_ready"


def test_a_full_disk_fails_the_format_and_leaves_nothing_half(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def full(*_given: Any) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        report = made(ministry)
    assert report.state == ReportState.FAILED
    assert {part.error for part in report_progress(report).failed_parts} == {"storage_failed"}
    assert stored(settings) == []
    with monkeypatch.context() as patch:  # no room for what the typesetter writes meanwhile
        rendering(patch, full)
        work_off(report_retry(actor=ministry.users["corporate"], report=report))
    assert {part.error for part in report_progress(report).failed_parts} == {"storage_failed"}
    assert stored(settings) == []
    work_off(report_retry(actor=ministry.users["corporate"], report=report))
    assert published(report) == set(FORMATS)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("place", ["snapshot_build", "_publish"])
def test_a_lost_database_connection_gives_the_job_back(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, error: type[Exception], place: str
) -> None:
    def lost(*_given: Any, **_named: Any) -> None:
        raise error("server closed the connection unexpectedly")

    report, job = ask(ministry)
    with monkeypatch.context() as patch:
        patch.setattr(f"reporting.services.report_making.{place}", lost)
        make_report(str(job.uuid))
        for part in parts_of(job):
            work(part)
        if place == "_publish":
            make_report(str(job.uuid))
    job.refresh_from_db()
    assert (job.state, job.error, job.lease_key) == (JobState.QUEUED, "", None)
    assert published(report) == set()
    work_off(job)
    assert published(report) == set(FORMATS)
    assert len(messages_of(ministry)) == 1


def test_a_lost_connection_while_the_format_is_kept_makes_it_once(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def lost(*_given: Any, **_named: Any) -> None:
        raise OperationalError("connection already closed")

    report, job = ask(ministry)
    work(job)
    part = parts_of(job)[0]
    with monkeypatch.context() as patch:
        patch.setattr("reporting.services.report_formats.job_finish", lost)
        patch.setattr("reporting.tasks.job_give_back", lost)
        make_format(str(part.uuid))
    part.refresh_from_db()
    assert part.state == JobState.RUNNING  # until its lease runs out
    assert not ReportFile.objects.exists()
    Job.objects.filter(pk=part.pk).update(lease_until=timezone.now())
    work(part)
    work_off(job)
    assert published(report) == set(FORMATS)
    # The file of the first attempt has no row: it goes, but not while one may still come.
    assert len(stored(settings)) == len(FORMATS) + 1
    assert files_sweep() == 0
    old = time.time() - WITHOUT_ROW.total_seconds() - 60
    for path in stored(settings):
        os.utime(path, (old, old))
    assert files_sweep() == 1
    assert {Path(row.file.path) for row in report.files.all()} == set(stored(settings))


def test_a_report_in_the_making_is_stopped_and_can_be_asked_again(
    ministry: Ministry, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    report, job = ask(ministry)
    work(job)
    first, second, *_others = parts_of(job)
    work(first)
    taken = job_claim(job_uuid=second.uuid)
    assert taken is not None
    corporate = ministry.users["corporate"]
    with django_capture_on_commit_callbacks(execute=True):
        report_cancel(actor=corporate, report=report)
    with pytest.raises(LeaseLost):
        report_format_make(job=taken)
    report.refresh_from_db()
    assert report.state == ReportState.CANCELLED
    progress = report_progress(report)
    assert progress.is_cancelled
    assert progress.state == ReportState.CANCELLED
    assert {one.state for one in Job.objects.all()} == {JobState.DONE, JobState.CANCELLED}
    assert stored(settings) == []
    with pytest.raises(DomainError) as refused:
        report_cancel(actor=corporate, report=report)
    assert refused.value.code == "not_running"

    again, job = ask(ministry)
    assert again == report
    work_off(job)
    assert published(report) == set(FORMATS)


def test_a_cancel_while_a_file_is_kept_leaves_neither_row_nor_file(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    _report, job = ask(ministry)
    work(job)
    part = parts_of(job)[0]
    monkeypatch.setattr(
        "reporting.services.report_formats.clock_hold",
        lambda: Job.objects.update(state=JobState.CANCELLED, lease_key=None),
    )
    work(part)
    assert not ReportFile.objects.exists()
    assert stored(settings) == []


@pytest.mark.parametrize("by", ["planner_adcv", "committee", "auditor", "cabinet_vbz"])
def test_only_the_corporate_cell_tries_again_and_stops(ministry: Ministry, by: str) -> None:
    report, job = ask(ministry)
    user = ministry.users[by]
    with pytest.raises(NotAllowed):
        report_cancel(actor=user, report=report)
    with pytest.raises(NotAllowed):
        report_retry(actor=user, report=report)
    with pytest.raises(NotAllowed):
        report_format_retry(actor=user, report=report, format_="pdf")
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_an_unknown_format_and_one_of_an_unready_report_are_refused(ministry: Ministry) -> None:
    report, _job = ask(ministry)
    corporate = ministry.users["corporate"]
    for format_, code in (("odt", "unknown_format"), ("pdf", "not_ready")):
        with pytest.raises(DomainError) as refused:
            report_format_retry(actor=corporate, report=report, format_=format_)
        assert refused.value.code == code


def sealed(ministry: Ministry, report: ProgressReport) -> Job:
    """Approve a report as its service does, and queue its final files."""
    corporate = ministry.users["corporate"]
    at = next_instant()
    ProgressReport.objects.filter(pk=report.pk).update(
        stage=ReportStage.APPROVED, issued_at=at, issued_by=corporate, seal='{"edition":1}'
    )
    report.refresh_from_db()
    return report_job_queue(actor=corporate, report=report, is_final=True)


def test_the_final_files_of_an_issued_report_come_instead_of_its_drafts(ministry: Ministry) -> None:
    report = made(ministry)
    job = sealed(ministry, report)
    work(job)
    assert files_to_read(report) == []  # a draft says that it is none
    work_off(job)
    assert {row.file.read() for row in files_to_read(report)} == {
        f"{one} True".encode() for one in FORMATS
    }
    assert report.files.count() == 2 * len(FORMATS)
    assert history_of(report)[0].action == "files_final"
    assert [one.partition(":")[0] for one in messages_of(ministry)] == [
        "Ready",
        "Final files ready",
    ]


def test_final_files_that_failed_leave_the_report_issued_and_are_tried_again(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = made(ministry)
    job = sealed(ministry, report)
    with monkeypatch.context() as patch:
        rendering(patch, failing(*FORMATS))
        work_off(job)
    report.refresh_from_db()
    assert (report.state, report.stage) == (ReportState.READY, ReportStage.APPROVED)
    assert report_progress(report).has_failed_files
    again = report_retry(actor=ministry.users["corporate"], report=report)
    work_off(again)
    assert all(row.is_final for row in files_to_read(report))
    assert not report_progress(report).has_failed_files


def test_of_two_drafts_of_one_edition_one_is_issued(ministry: Ministry) -> None:
    first, second = made(ministry), made(ministry, known_at=next_instant())
    sealed(ministry, first)
    with pytest.raises(DomainError) as refused:
        report_issue(actor=ministry.users["corporate"], report=second)
    assert refused.value.code == "edition_issued"


def test_a_report_that_nobody_made_by_a_job_gets_the_formats_that_it_lacks(
    ministry: Ministry,
) -> None:
    report = made(ministry)
    Job.objects.all().delete()
    report.files.exclude(format=ReportFormat.PDF).delete()
    job = report_format_retry(actor=ministry.users["corporate"], report=report, format_="docx")
    work_off(job)
    assert published(report) == set(FORMATS)


def test_the_clock_comes_before_every_row_that_others_lock(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stops a report holds the clock, then the report, then its jobs."""
    _report, job = ask(ministry)
    work(job)
    part = parts_of(job)[0]
    locked, _written = touched(lambda: work(part), monkeypatch)
    assert locked[0] == "core_recordclock"
    work_off(job)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    ReportFile.objects.update(published_at=None)
    locked, _written = touched(lambda: work(job), monkeypatch)
    assert locked[0] == "core_recordclock"


def test_a_file_without_its_row_is_no_file(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    report = made(ministry)
    before = stored(settings)

    def refused(*_given: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(ReportFile, "save", refused)
    with pytest.raises(RuntimeError):
        report_file_keep(report, "pdf", b"%PDF", is_final=True)
    assert stored(settings) == before
