"""The page of a report: what comes next on its way, and what each step answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from ibzplan.core.services.comments import comment_add
from objectives.indicators.models import Indicator
from reporting.choices import ReportFormat, ReportStage, ReportState, ReviewVerdict
from reporting.labels import file_name
from reporting.models import ProgressReport, ReportSending
from reporting.selectors.sending import UNCONFIRMED
from reporting.services import report_request
from reporting.services.report_steps import FORMAT_TASK, MAKE_TASK, RENDER_FAILED
from tests.factories import Ministry
from tests.reporting.drafted import REFERENCE, drafted, publish
from tests.reporting.test_report_readers import issued, reader, reviewed
from tests.reporting.test_reports import ask, measured

__all__ = ["measured"]


def address(report: ProgressReport, name: str = "report", *extra: str) -> str:
    return reverse(f"reporting:{name}", args=[report.uuid, *extra])


def said(answer: Any) -> str:
    """Return what a page says, white space made single."""
    return " ".join(answer.content.decode().split())


def messages_of(answer: Any) -> str:
    return " ".join(str(one) for one in answer.context["messages"])


def present(client: Client, report: ProgressReport) -> str:
    """Return the stage at which the path stands."""
    path = client.get(address(report)).context["path"]
    (stage,) = [str(step.label) for step in path if step.is_present]
    return stage


# Being made ---------------------------------------------------------------------------------------


def test_what_is_being_made_can_be_stopped_and_begun_again(ministry: Ministry) -> None:
    report, _job = ask(ministry)
    client = reader(ministry, "corporate")
    assert address(report, "report_stop") in said(client.get(address(report)))
    stopped = client.post(address(report, "report_stop"), follow=True)
    assert "The report was stopped" in said(stopped)
    assert address(report, "report_again") in said(stopped)
    again = client.post(address(report, "report_stop"), follow=True)
    assert "not being made any more" in messages_of(again)
    client.post(address(report, "report_again"))
    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED
    assert reader(ministry, "auditor").post(address(report, "report_stop")).status_code == 403


def test_a_format_that_failed_says_why_and_has_its_own_button(ministry: Ministry) -> None:
    report = drafted(ministry)
    values: dict[str, Any] = {
        "target_type": report.type_name(),
        "target_uuid": report.uuid,
        "queued_at": timezone.now(),
        "requested_by": ministry.users["corporate"],
    }
    parent = Job.objects.create(task_name=MAKE_TASK, state=JobState.DONE, **values)
    part = {"parent": parent, "part": ReportFormat.DOCX, "task_name": FORMAT_TASK}
    Job.objects.create(state=JobState.FAILED, error=RENDER_FAILED, **part, **values)
    client = reader(ministry, "corporate")
    page = said(client.get(address(report)))
    again = address(report, "report_format_again", "docx")
    assert "Word document: not there. The file could not be made." in page
    assert again in page
    assert again not in said(reader(ministry, "auditor").get(address(report)))
    client.post(again)
    assert Job.objects.get(part=ReportFormat.DOCX).is_open
    assert "hx-trigger" in said(client.get(address(report)))
    unknown = client.post(address(report, "report_format_again", "odt"), follow=True)
    assert "odt" in messages_of(unknown)


def test_final_files_that_failed_are_spoken_of_when_there_are_none(ministry: Ministry) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    Job.objects.create(
        target_type=report.type_name(),
        target_uuid=report.uuid,
        queued_at=timezone.now(),
        requested_by=ministry.users["corporate"],
        task_name=MAKE_TASK,
        state=JobState.FAILED,
        error=RENDER_FAILED,
    )
    told = "The final files could not be made"
    assert told not in said(client.get(address(report)))  # of a draft there are none to make
    issued(ministry, report)
    assert told in said(client.get(address(report)))
    publish(report, is_final=True)
    assert told not in said(client.get(address(report)))


# Review -------------------------------------------------------------------------------------------


def test_review_is_asked_with_a_day_from_today_on(ministry: Ministry, measured: Indicator) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    assert present(client, report) == "Draft"
    for day, word in (("soon", "soon"), ("2020-01-31", "is past"), ("", "required")):
        refused = client.post(address(report, "report_review"), {"due_on": day})
        assert refused.status_code == 422
        assert word in str(refused.context["review_form"].errors["due_on"])
    near = (timezone.localdate() + timedelta(days=3)).isoformat()
    told = client.post(address(report, "report_review"), {"due_on": near}, follow=True)
    assert "ADCV is asked to read the report." in messages_of(told)
    assert present(client, report) == "Review by the directorates"


def test_the_head_answers_on_the_page(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    reviewed(ministry, report)
    head, answer = reader(ministry, "head_adcv"), address(report, "report_answer", "ADCV")
    assert answer in said(head.get(address(report)))
    assert answer not in said(reader(ministry, "planner_adcv").get(address(report)))
    seen = report.reviews.get().version
    for verdict, word in (("maybe", "maybe"), ("", "Choose an answer")):
        refused = head.post(answer, {"verdict": verdict, "version": seen})
        assert refused.status_code == 422
        assert word in said(refused)
    assert reader(ministry, "planner_adcv").post(answer, {"verdict": "agreed"}).status_code == 403
    assert head.post(address(report, "report_answer", "DVZ")).status_code == 404
    head.post(answer, {"verdict": ReviewVerdict.REMARKS, "version": seen})
    # Who saw the page before that sees both answers, and decides.
    second = head.post(answer, {"verdict": ReviewVerdict.AGREED, "version": seen})
    assert (second.status_code, "Two versions" in said(second)) == (409, True)
    (row,) = second.context["conflict"]
    assert row["theirs"] == "Agreed once the remarks are dealt with (head_adcv)"
    assert row["mine"] == "Agreed"
    ((form,),) = [[one["form"] for one in second.context["answers"]]]
    assert (form["verdict"].value(), form["version"].value()) == ("agreed", str(seen + 1))
    page = said(reader(ministry, "corporate").get(address(report)))
    assert "Agreed once the remarks are dealt with" in page
    assert "Corporate cell: approve it" in page
    issued(ministry, report)
    late = head.post(answer, {"verdict": ReviewVerdict.AGREED, "version": seen + 1})
    assert (late.status_code, "not under review" in said(late)) == (422, True)


def test_open_requests_for_a_change_are_counted(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    reviewed(ministry, report)
    head = ministry.users["head_adcv"]
    comment_add(actor=head, target=report, text="Verkeerd cijfer", asks_change=True)
    page = said(reader(ministry, "corporate").get(address(report)))
    assert "1 change asked for" in page


# Issued -------------------------------------------------------------------------------------------


def test_sending_names_who_gets_it_and_what_failed(ministry: Ministry) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    issued(ministry, report)
    publish(report, is_final=True)
    assert "Nobody of this minister" in said(client.get(address(report)))
    cabinet, stranger = ministry.users["cabinet_vbz"], ministry.users["cabinet_am"]
    for user in (cabinet, stranger):
        user.email = f"{user.username}@example.org"
        user.save()
    send = address(report, "report_send")
    for uuids in ([], [str(stranger.uuid)], ["x"]):
        refused = client.post(send, {"recipients": uuids})
        assert refused.status_code == 422
        assert refused.context["send_form"].errors["recipients"]
    sent = client.post(send, {"recipients": [str(cabinet.uuid)]}, follow=True)
    assert "1 mail goes out now." in messages_of(sent)
    assert "cabinet_vbz@example.org" in said(sent)
    twice = client.post(send, {"recipients": [str(cabinet.uuid)]})
    assert "did not get it yet" in str(twice.context["send_form"].errors)
    ReportSending.objects.update(error=UNCONFIRMED)  # a worker is at it
    underway = said(client.get(address(report)))
    assert "The mail goes out now." in underway
    assert "It is not certain" not in underway
    taken = client.post(send, {"recipients": [str(cabinet.uuid)]})
    assert "did not get it yet" in str(taken.context["send_form"].errors)
    Job.objects.update(state=JobState.FAILED)  # and did not come back
    assert "It is not certain that it went out" in said(client.get(address(report)))
    ReportSending.objects.update(error="SMTPException: full")
    failed = client.get(address(report))
    assert "It did not go out: SMTPException: full" in said(failed)
    assert str(cabinet.uuid) in said(failed)  # it can be sent again
    assert reader(ministry, "auditor").post(send).status_code == 403


def test_archiving_comes_after_sending(ministry: Ministry) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    issued(ministry, report)
    publish(report, is_final=True)
    early = client.post(address(report, "report_archive"), follow=True)
    assert "once it was sent" in messages_of(early)
    ProgressReport.objects.update(stage=ReportStage.SENT, sent_at=timezone.now())
    assert address(report, "report_archive") in said(client.get(address(report)))
    client.post(address(report, "report_archive"))
    assert present(client, report) == "Archived"
    assert address(report, "report_archive") not in said(client.get(address(report)))


def test_a_correction_is_a_new_edition_and_the_old_one_points_at_it(ministry: Ministry) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    issued(ministry, report)
    publish(report, is_final=True)
    correct = address(report, "report_correct")
    refused = client.post(correct, {"reason": " "})
    assert refused.status_code == 422
    assert "puts right" in str(refused.context["correction_form"].errors["reason"])
    assert reader(ministry, "cabinet_vbz").post(correct, {"reason": "x"}).status_code == 403
    answer = client.post(correct, {"reason": "Cijfer T3 was fout"})
    edition = ProgressReport.objects.get(edition=2)
    assert answer["Location"] == address(edition)
    page = said(client.get(address(report)))
    assert "Edition 2 is on its way" in page
    assert correct not in page
    assert "takes the place" not in page
    client.post(address(edition, "report_stop"))
    assert correct in said(client.get(address(report)))  # of one that was stopped comes no edition
    ProgressReport.objects.filter(pk=edition.pk).update(state=ReportState.READY)
    edition.refresh_from_db()
    issued(ministry, edition)
    publish(edition, is_final=True)
    for name in ("corporate", "cabinet_vbz"):
        page = said(reader(ministry, name).get(address(report)))
        assert "takes the place of this report: Cijfer T3 was fout" in page
        assert address(edition) in page
        listed = reader(ministry, name).get(reverse("reporting:reports"))
        rows = [row["report"] for line in listed.context["lines"] for row in line["rows"]]
        assert {row.edition: row.is_corrected for row in rows} == {1: True, 2: False}
        assert said(listed).count("a later edition corrects it") == 1
    kept = (file_name(report, "pdf"), file_name(edition, "pdf"))
    assert kept[1] == kept[0].replace(".pdf", "-uitgave-2.pdf")


def test_a_report_that_was_issued_is_asked_again_as_a_correction(ministry: Ministry) -> None:
    report = drafted(ministry)
    issued(ministry, report)
    data = {"plan": "SP2025", "minister": "VBZ", "language": "nl", "reference_date": REFERENCE}
    answer = reader(ministry, "corporate").post(reverse("reporting:reports"), data)
    assert answer.status_code == 422
    assert "edition 1" in said(answer)


def test_a_cabinet_is_told_nothing_of_the_way_to_the_issue(
    ministry: Ministry, measured: Indicator
) -> None:
    report = drafted(ministry)
    reviewed(ministry, report)
    issued(ministry, report)
    publish(report, is_final=True)
    page = reader(ministry, "cabinet_vbz").get(address(report))
    assert "reviews" not in page.context
    assert page.context["history"] == []
    assert "What comes next" not in said(page)


@pytest.mark.parametrize("stage", ["review", "issued"])
def test_the_page_takes_few_queries(
    ministry: Ministry, measured: Indicator, django_assert_max_num_queries: Any, stage: str
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    report_request(
        actor=ministry.users["corporate"],
        strategic_plan=ministry.plan,
        minister=ministry.vbz,
        reference_date=REFERENCE,
        language="fr",
        known_at=report.known_at,
    )
    reviewed(ministry, report)
    if stage == "issued":
        issued(ministry, report)
        publish(report, is_final=True)
    client.get(address(report))
    # session, user, tables, messages, report, jobs, reviews, files, relatives, history; remarks
    # that ask for a change, or sendings and recipients
    with django_assert_max_num_queries(12):
        client.get(address(report))
