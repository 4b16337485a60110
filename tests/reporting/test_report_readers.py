"""Who sees which report in which stage, and the list of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from objectives.indicators.models import Indicator
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User
from personnel.services import role_assign
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport, ReportFile
from reporting.selectors.reports import reports_visible_to
from reporting.services.report_reviewing import review_answer, review_open
from tests.factories import Ministry, text
from tests.reporting.drafted import REFERENCE, drafted, publish
from tests.reporting.test_reports import measured

__all__ = ["measured"]

OF_ALL = {"corporate", "committee", "auditor"}


def reader(ministry: Ministry, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[name])
    return client


def reviewed(ministry: Ministry, report: ProgressReport) -> None:
    """Ask the directorates to read a report."""
    corporate, day = ministry.users["corporate"], timezone.localdate() + timedelta(days=7)
    review_open(actor=corporate, report=report, due_on=day)
    report.refresh_from_db()


def issued(ministry: Ministry, report: ProgressReport) -> None:
    """Issue a report without the way to it."""
    report.stage, report.issued_at = ReportStage.APPROVED, timezone.now()
    report.issued_by = ministry.users["corporate"]
    report.seal, report.seal_sha256 = "", ""
    report.save()


def seen_by(ministry: Ministry) -> set[str]:
    """Return who sees the only report."""
    found = {
        name
        for name in ministry.users
        if reports_visible_to(access_of(User.objects.get(username=name))).exists()
    }
    assert found >= OF_ALL
    return found - OF_ALL


def test_directorates_see_it_from_their_review_on_and_cabinets_once_it_is_issued(
    ministry: Ministry, measured: Indicator
) -> None:
    report = drafted(ministry)
    assert seen_by(ministry) == set()
    reviewed(ministry, report)
    assert seen_by(ministry) == {"head_adcv", "planner_adcv"}
    issued(ministry, report)
    assert seen_by(ministry) == {"head_adcv", "planner_adcv", "cabinet_vbz"}


def test_the_steering_group_reads_issued_reports_on_the_security_plan(ministry: Ministry) -> None:
    steering = User.objects.create(username="steering")
    role_assign(actor=None, user=steering, role=Role.STEERING_GROUP)
    security = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    for plan in (security, ministry.plan):
        report = ProgressReport.objects.create(
            strategic_plan=plan,
            minister=ministry.am,
            reference_date=REFERENCE,
            known_at=timezone.now(),
            language="nl",
            state=ReportState.READY,
            requested_by=ministry.users["corporate"],
        )
        if plan == security:
            publish(report, is_final=True)
            assert not reports_visible_to(access_of(steering)).exists()
        issued(ministry, report)
    assert [row.strategic_plan for row in reports_visible_to(access_of(steering))] == [security]


def test_nobody_fetches_a_draft_once_it_is_issued(ministry: Ministry) -> None:
    report = drafted(ministry)
    address = reverse("reporting:report_file", args=[report.uuid, "pdf"])
    corporate, cabinet = reader(ministry, "corporate"), reader(ministry, "cabinet_vbz")
    assert b"".join(corporate.get(address)) == b"nl pdf False"
    issued(ministry, report)
    for client in (corporate, cabinet):
        assert client.get(address).status_code == 404
        page = client.get(reverse("reporting:report", args=[report.uuid])).content.decode()
        assert address not in page
    row = publish(report, is_final=True)
    for client in (corporate, cabinet):
        assert b"".join(client.get(address)) == b"nl pdf True"
    ReportFile.objects.filter(pk=row.pk).update(published_at=None)
    assert cabinet.get(address).status_code == 404


# The list -----------------------------------------------------------------------------------------


def listed(client: Client, query: str = "") -> Any:
    return client.get(f"{reverse('reporting:reports')}{query}")


def test_both_languages_of_a_question_stand_in_one_row(ministry: Ministry) -> None:
    moment = timezone.now()
    for language in ("fr", "nl"):
        drafted(ministry, known_at=moment, language=language)
    drafted(ministry, minister=ministry.am)
    lines = listed(reader(ministry, "auditor")).context["lines"]
    languages = [[row["report"].language for row in line["rows"]] for line in lines]
    assert languages == [["nl"], ["nl", "fr"]]


def test_the_list_says_for_whom_a_report_waits(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    corporate = reader(ministry, "corporate")

    def waits() -> str:
        return " ".join(listed(corporate).context["lines"][0]["waits"])

    assert waits() == "Corporate cell: have it reviewed, or approve it"
    reviewed(ministry, report)
    assert waits().startswith("ADCV: answer before")
    asked = listed(reader(ministry, "head_adcv")).context["waiting"]
    assert [row["report"] for row in asked] == [report]
    assert listed(corporate).context["waiting"] == []
    review_answer(actor=ministry.users["head_adcv"], review=report.reviews.get(), verdict="agreed")
    assert waits() == "Corporate cell: approve it"
    assert listed(reader(ministry, "head_adcv")).context["waiting"] == []
    issued(ministry, report)
    assert waits() == "Corporate cell: have the final files made again"
    publish(report, is_final=True)
    assert waits() == "Corporate cell: send it"
    page = listed(reader(ministry, "cabinet_vbz")).content.decode()
    assert "Corporate cell" not in page
    assert 'name="stage"' not in page


def test_filters_narrow_and_what_is_not_there_is_said(ministry: Ministry) -> None:
    drafted(ministry)
    drafted(ministry, minister=ministry.am)
    client = reader(ministry, "corporate")
    (line,) = listed(client, "?minister=AM&plan=SP2025&stage=draft").context["lines"]
    assert line["report"].minister == ministry.am
    empty = listed(client, "?stage=sent")
    assert empty.context["lines"] == []
    assert "Show all reports" in empty.content.decode()
    for query, value in (("plan", "SP1999"), ("minister", "XX"), ("stage", "gone")):
        answer = listed(client, f"?{query}={value}")
        assert len(answer.context["lines"]) == 2
        assert value in " ".join(str(one) for one in answer.context["messages"])


def test_two_languages_are_asked_at_once(ministry: Ministry) -> None:
    client = reader(ministry, "corporate")
    data = {
        "plan": "SP2025",
        "minister": "VBZ",
        "reference_date": "2026-09-30",
        "language": ["nl", "fr"],
    }
    answer = client.post(reverse("reporting:reports"), data)
    assert answer.status_code == 302
    first, second = ProgressReport.objects.all()
    assert {first.language, second.language} == {"nl", "fr"}
    assert first.known_at == second.known_at
    nobody = client.post(reverse("reporting:reports"), {**data, "language": []})
    assert nobody.status_code == 422
    assert "language" in nobody.context["form"].errors
    wrong = client.post(reverse("reporting:reports"), {**data, "plan": "SP1999"})
    assert "SP1999" in str(wrong.context["form"].errors["plan"])


def test_a_report_is_asked_as_known_at_another_moment(ministry: Ministry) -> None:
    client, page = reader(ministry, "corporate"), reverse("reporting:reports")
    dutch = drafted(ministry)
    data = {
        "plan": "SP2025",
        "minister": "AM",
        "reference_date": "2026-09-30",
        "language": ["nl", "fr"],
    }
    assert str(dutch.uuid) in listed(client).content.decode()
    assert client.post(page, {**data, "same_as": str(dutch.uuid)}).status_code == 302
    asked = ProgressReport.objects.filter(minister=ministry.am)
    assert {row.known_at for row in asked} == {dutch.known_at}
    assert client.post(page, {**data, "known_at": "2026-10-05T14:30"}).status_code == 302
    moments = {timezone.localtime(row.known_at).strftime("%Y-%m-%d %H:%M") for row in asked.all()}
    assert "2026-10-05 14:30" in moments
    for field, wrong in (
        ("known_at", {"known_at": "toen"}),
        ("known_at", {"known_at": "2026-09-01T12:00"}),  # the reference date was still to come
        ("known_at", {"known_at": "2026-10-05T14:30", "same_as": str(dutch.uuid)}),
        ("same_as", {"same_as": str(ministry.am.uuid)}),
        ("same_as", {"same_as": "x"}),
    ):
        refused = client.post(page, {**data, **wrong})
        assert refused.status_code == 422
        assert field in refused.context["form"].errors


@pytest.mark.parametrize("name", ["corporate", "head_adcv", "cabinet_vbz"])
def test_the_list_takes_as_many_queries_with_three_times_as_many(
    ministry: Ministry, measured: Indicator, django_assert_max_num_queries: Any, name: str
) -> None:
    def report(day: int) -> None:
        row = drafted(ministry, reference_date=date(2026, 6, day))
        reviewed(ministry, row)
        issued(ministry, row)
        publish(row, is_final=True)

    client = reader(ministry, name)
    report(1)
    listed(client)
    # session, user, tables, messages, reports, files, reviews with their units, jobs
    with django_assert_max_num_queries(9) as once:
        assert len(listed(client).context["lines"]) == 1
        asked = len(once)
    for day in (2, 3):
        report(day)
    listed(client)
    with django_assert_max_num_queries(asked):
        assert len(listed(client).context["lines"]) == 3
