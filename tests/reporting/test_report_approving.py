"""Approving a report: what stops it, what a reviewer decides, and two who do it at once."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from objectives.indicators.models import Indicator
from reporting.choices import NumberDecision, ReportStage
from reporting.models import GateWaiver, NumberReview, ProgressReport
from reporting.selectors.report_gates import numbers_of, parity_of
from tests.factories import Ministry
from tests.reporting.drafted import drafted
from tests.reporting.test_report_life import address, messages_of, said
from tests.reporting.test_report_readers import issued, reader
from tests.reporting.test_reports import measured, record

__all__ = ["measured"]


def confirmed(ministry: Ministry, report: ProgressReport) -> dict[str, str]:
    """Return what the page asks to confirm, with a reason for the silent directorates."""
    page = reader(ministry, "corporate").get(address(report, "report_issue"))
    return {
        "confirmed": page.context["issue_check"].to_confirm,
        "without_review": "Al nagelezen.",
    }


def let_through(ministry: Ministry, report: ProgressReport, reason: str = "Vertaling volgt") -> Any:
    client = reader(ministry, "corporate")
    page = client.get(address(report, "report_issue"))
    data = {"reason": reason, "findings": page.context["waiver_findings"]}
    return client.post(address(report, "report_waive"), data, follow=True)


def test_differences_between_the_languages_are_waived_with_a_reason(
    ministry: Ministry, measured: Indicator
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    assert parity_of(report).rows
    page = client.get(address(report, "report_issue"))
    assert page.context["is_stopped"]
    assert "Not in the language of the report" in said(page) or "Other" in said(page)
    # What was typed in Dutch alone is told by its sort, with its language.
    record(ministry, measured, "2026-T3", "92.7", reason="De cijfers waren omgewisseld")
    french = client.get(address(drafted(ministry, language="fr"), "report_issue"))
    assert "Typed in another language only" in said(french)
    assert "Reasons of corrected and missing figures" in said(french)
    assert re.search(
        r'<td role="cell" lang="nl"[^>]*>[^<]*“De cijfers waren omgewisseld”',
        french.content.decode(),
    )
    assert let_through(ministry, report, " ").status_code == 422
    stale = {"reason": "Volgt", "findings": "0" * 64}
    refused = client.post(address(report, "report_waive"), stale)
    assert "look at it again" in said(refused)
    assert "Volgt" in said(refused)  # what was typed comes back
    assert not GateWaiver.objects.exists()
    assert "Vertaling volgt" in said(let_through(ministry, report))
    assert not client.get(address(report, "report_issue")).context["is_stopped"]
    again = let_through(ministry, report)
    assert again.status_code == 200
    auditor = reader(ministry, "auditor")
    assert auditor.post(address(report, "report_waive"), stale).status_code == 403


def test_numbers_that_nobody_bound_are_decided_on_the_page(
    ministry: Ministry, measured: Indicator
) -> None:
    record(
        ministry,
        measured,
        "2026-T3",
        "92.7",
        reason="Toelichting",
        narrative="Er zijn 417 mensen te weinig.",
    )
    report, client = drafted(ministry), reader(ministry, "corporate")
    let_through(ministry, report)
    (found,) = [row for row in numbers_of(report) if row.number.number == "417"]
    key = f"{found.number.anchor}|{found.number.occurrence}"
    page = client.get(address(report, "report_issue"))
    assert page.context["undecided"] == 1
    assert "417 mensen" in said(page)
    numbers = address(report, "report_numbers")
    assert "Nothing was decided" in messages_of(client.post(numbers, {key: ""}, follow=True))
    for wrong in ("maybe", f"{NumberDecision.BOUND}:f:other"):
        assert "choose one" in messages_of(client.post(numbers, {key: wrong}, follow=True))
    assert not NumberReview.objects.exists()
    kept = client.post(numbers, {key: NumberDecision.ACCEPTED}, follow=True)
    assert "1 decision is kept." in messages_of(kept)
    assert kept.context["undecided"] == 0
    assert reader(ministry, "head_adcv").post(numbers, {}).status_code == 403


def test_approving_asks_what_was_looked_at_and_why_it_does_not_wait(
    ministry: Ministry, measured: Indicator
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    let_through(ministry, report)
    issue, data = address(report, "report_issue"), confirmed(ministry, report)
    assert "ADCV did not answer" in said(client.get(issue))
    silent = client.post(issue, {"confirmed": data["confirmed"]})
    assert silent.status_code == 422
    assert "ADCV" in str(silent.context["form"].errors["without_review"])
    unconfirmed = client.post(issue, {"without_review": "Al nagelezen."})
    assert unconfirmed.status_code == 422
    assert "confirm them" in said(unconfirmed)
    assert "Al nagelezen." in said(unconfirmed)
    done = client.post(issue, data, follow=True)
    assert "3 figures are locked" in messages_of(done)
    report.refresh_from_db()
    assert report.stage == ReportStage.APPROVED
    assert "Al nagelezen." in report.seal
    assert "Files are being made" in said(done)


def test_numbers_in_the_reason_are_printed_when_someone_says_so(
    ministry: Ministry, measured: Indicator
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    let_through(ministry, report)
    issue = address(report, "report_issue")
    data = {**confirmed(ministry, report), "without_review": "ADCV vraagt nog 12 dagen, in 2026."}
    refused = client.post(issue, data)
    assert refused.status_code == 422
    assert "No figure of the report stands behind 12:" in said(refused)
    (hash_,) = re.findall(
        r'id="id_accepted" name="accepted" value="(\w+)"', refused.content.decode()
    )
    other = {**data, "accepted": hash_, "without_review": "ADCV vraagt nog 13 dagen."}
    assert "behind 13:" in said(client.post(issue, other))
    assert not NumberReview.objects.exists()
    done = client.post(issue, {**data, "accepted": hash_}, follow=True)
    assert "3 figures are locked" in messages_of(done)
    (row,) = NumberReview.objects.all()
    assert (row.number, row.decision) == ("12", NumberDecision.ACCEPTED)
    report.refresh_from_db()
    (number,) = json.loads(report.seal)["numbers"]
    assert (number["anchor"], number["number"]) == ("method.seal.withoutReview", "12")


def test_whoever_approves_second_is_told(ministry: Ministry, measured: Indicator) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    let_through(ministry, report)
    issue, data = address(report, "report_issue"), confirmed(ministry, report)
    client.post(issue, data)
    second = client.post(issue, data, follow=True)
    assert second.redirect_chain == [(address(report), 302)]
    assert "already" in messages_of(second)
    assert "approved already" in messages_of(client.get(issue, follow=True))
    waived = client.post(address(report, "report_waive"), {"reason": "x", "findings": "y"})
    assert waived.status_code == 302
    assert GateWaiver.objects.count() == 1


def test_what_is_not_ready_is_not_approved(ministry: Ministry) -> None:
    report = ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date="2026-06-30",
        known_at=timezone.now(),
        language="nl",
        requested_by=ministry.users["corporate"],
    )
    client = reader(ministry, "corporate")
    answer = client.get(address(report, "report_issue"), follow=True)
    assert "once it is ready" in messages_of(answer)
    assert client.post(address(report, "report_issue"), follow=True).status_code == 200
    numbers = client.post(address(report, "report_numbers"), follow=True)
    assert numbers.redirect_chain[-1] == (address(report), 302)
    assert "once it is ready" in messages_of(numbers)
    read = client.get(address(report, "report_read"), follow=True)
    assert "not made" in messages_of(read)


def test_a_correction_is_made_again_as_a_correction(
    ministry: Ministry, measured: Indicator
) -> None:
    first, client = drafted(ministry), reader(ministry, "corporate")
    issued(ministry, first)
    reason = "Cijfer “T3” was fout\r\n& nu juist"
    draft = drafted(ministry, edition=2, corrects=first, correction_reason=reason)
    record(ministry, measured, "2026-T3", "88.1", reason="Nagekeken")
    page = client.get(address(draft, "report_issue")).content.decode()
    correct = address(first, "report_correct")
    assert f'action="{reverse("reporting:reports")}"' not in page
    (form,) = re.findall(rf'action="{correct}">(.*?)</form>', page, re.DOTALL)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    client.post(correct, {name: unescape(value) for name, value in fields})
    made = ProgressReport.objects.latest("known_at")
    assert (made.edition, made.corrects, made.correction_reason) == (2, first, reason)
    assert made.known_at > draft.known_at


@pytest.mark.parametrize("name", ["head_adcv", "auditor", "cabinet_vbz"])
def test_only_the_corporate_cell_opens_it(ministry: Ministry, name: str) -> None:
    report = drafted(ministry)
    client = reader(ministry, name)
    for page in ("report_issue", "report_waive", "report_numbers"):
        assert client.post(address(report, page)).status_code == 403
    assert client.get(reverse("reporting:report_issue", args=[report.uuid])).status_code == 403


def test_the_page_takes_few_queries(
    ministry: Ministry, measured: Indicator, django_assert_max_num_queries: Any
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    let_through(ministry, report)
    client.get(address(report, "report_issue"))
    # session, user, tables, messages, report, sibling, waiver, numbers, reviews, remarks, two for
    # the figures
    with django_assert_max_num_queries(12):
        client.get(address(report, "report_issue"))
