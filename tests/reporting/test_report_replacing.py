"""A newer draft takes the place of the older ones, visibly, and they leave the review."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from ibzplan.core.errors import DomainError
from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import told
from ibzplan.core.selectors import history_of
from ibzplan.core.services import next_instant
from ibzplan.core.services.comments import comment_add
from objectives.indicators.models import Indicator
from reporting.choices import ReportStage, ReportState, ReviewVerdict
from reporting.models import ProgressReport
from reporting.selectors.report_gates import sibling_of
from reporting.services import report_issue, report_retry
from reporting.services.report_replacing import REPLACED_KIND, draft_place, drafts_replace
from reporting.services.report_reviewing import review_answer, review_open
from tests.factories import Ministry
from tests.reporting.drafted import drafted
from tests.reporting.test_report_life import address, messages_of, said
from tests.reporting.test_report_readers import issued, listed, reader, reviewed
from tests.reporting.test_report_reviewing import soon
from tests.reporting.test_reports import ask, measured

__all__ = ["measured"]


def placed(report: ProgressReport) -> None:
    """Publish a draft as far as its place among the others is concerned."""
    with transaction.atomic():
        draft_place(report=report, at=next_instant())


def places(*reports: ProgressReport) -> list[ProgressReport | None]:
    """Return what came in the place of each."""
    for report in reports:
        report.refresh_from_db()
    return [report.replaced_by for report in reports]


def refused(action: Any, **arguments: Any) -> str:
    with pytest.raises(DomainError) as error:
        action(**arguments)
    return error.value.code


def test_a_newer_draft_takes_the_older_one_out_of_review(
    ministry: Ministry, measured: Indicator
) -> None:
    corporate = ministry.users["corporate"]
    older = drafted(ministry)
    reviewed(ministry, older)
    head = ministry.users["head_adcv"]
    comment_add(actor=head, target=older, text="Verkeerd cijfer", asks_change=True)
    newer = drafted(ministry)
    placed(newer)
    assert places(older, newer) == [newer, None]
    assert older.stage == ReportStage.DRAFT
    assert history_of(older)[0].action == "replaced"

    # Whoever was asked is told, is not asked any more, and finds their remarks back.
    messages = Notification.objects.filter(kind=REPLACED_KIND)
    assert {row.user.username for row in messages} == {"head_adcv", "planner_adcv"}
    with translation.override("en"):
        assert "takes its place" in told(messages[0]).detail
    client = reader(ministry, "head_adcv")
    assert listed(client).context["waiting"] == []
    page = said(client.get(address(older)))
    assert "Replaced by a newer draft." in page
    assert address(newer) not in page
    assert client.get(address(older, "report_read")).status_code == 200

    # The corporate cell finds the way from one to the other, and what was asked for.
    client = reader(ministry, "corporate")
    page = said(client.get(address(newer)))
    assert "1 change asked for" in page
    assert f"{address(older, 'report_read')}#remarks" in page
    page = said(client.get(address(older)))
    assert "Replaced by the draft as known on" in page
    assert address(newer) in page
    assert "What comes next" not in page
    (first, second) = listed(client).context["lines"]
    assert first["waits"] == ["Corporate cell: have it reviewed, or approve it"]
    assert second["waits"][0].startswith("Replaced by the draft as known on")
    away = client.get(address(older, "report_issue"), follow=True)
    assert "came in the place of this one" in messages_of(away)

    answer = {"review": older.reviews.get(), "verdict": ReviewVerdict.AGREED}
    assert refused(review_answer, actor=head, **answer) == "not_under_review"
    assert refused(review_open, actor=corporate, report=older, due_on=soon()) == "replaced"
    assert refused(report_issue, actor=corporate, report=older) == "replaced"
    ProgressReport.objects.filter(pk=older.pk).update(state=ReportState.FAILED)
    assert refused(report_retry, actor=corporate, report=older) == "replaced"


def test_one_that_took_long_is_replaced_by_what_came_meanwhile(ministry: Ministry) -> None:
    slow = drafted(ministry, state=ReportState.REQUESTED)
    newer, french = drafted(ministry), drafted(ministry, language="fr")
    placed(newer)
    assert places(slow, french) == [None, None]  # the one is being made, the other no rival
    placed(slow)
    assert places(slow, newer, french) == [newer, None, None]
    assert not Notification.objects.filter(kind=REPLACED_KIND).exists()  # nobody was asked

    # What is approved takes the place of every draft of its edition, however late that is ready.
    late = drafted(ministry, state=ReportState.REQUESTED)
    issued(ministry, newer)
    placed(late)
    assert places(late) == [newer]
    page = said(reader(ministry, "corporate").get(address(late)))
    assert "Replaced by edition 1, approved on" in page
    other = drafted(ministry)
    with transaction.atomic():
        drafts_replace(actor=ministry.users["corporate"], report=newer, at=next_instant())
    assert places(other) == [newer]


def test_a_replaced_draft_counts_again_when_exactly_it_is_asked_for(ministry: Ministry) -> None:
    older, french = drafted(ministry), drafted(ministry, language="fr")
    newer = drafted(ministry)
    placed(newer)
    assert sibling_of(french) == newer
    again, _job = ask(ministry, known_at=older.known_at)
    assert again == older
    assert places(older, newer) == [None, older]
    assert history_of(older)[0].action == "taken_up"
    assert sibling_of(french) == older


def test_of_three_drafts_one_counts_whatever_comes_late(ministry: Ministry) -> None:
    older = drafted(ministry)
    newer = drafted(ministry)
    placed(newer)
    slow = drafted(ministry, state=ReportState.REQUESTED)
    ask(ministry, known_at=older.known_at)
    assert places(older, newer, slow) == [None, older, older]
    placed(slow)
    assert places(older, newer, slow) == [None, older, older]

    # Once the edition is approved, an older draft of it stays replaced.
    issued(ministry, older)
    ask(ministry, known_at=newer.known_at)
    assert places(newer) == [older]


def test_the_other_language_is_asked_for_at_the_same_moment(
    ministry: Ministry, measured: Indicator
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    language = address(report, "report_language")
    assert language in said(client.get(address(report)))
    assert language not in said(reader(ministry, "auditor").get(address(report)))
    answer = client.post(language)
    french = ProgressReport.objects.get(language="fr")
    assert answer["Location"] == address(french)
    assert french.known_at == report.known_at
    assert language not in said(client.get(address(report)))

    # Of a correction the other language is one too, where it was issued before.
    issued(ministry, report)
    edition, _job = ask(ministry, correction_reason="Cijfer T3 was fout")
    client.post(address(edition, "report_language"))
    again = ProgressReport.objects.get(language="fr", known_at=edition.known_at)
    assert (again.edition, again.correction_reason) == (1, "")
    assert reader(ministry, "auditor").post(language).status_code == 403
    assert client.get(reverse("reporting:report_language", args=[report.uuid])).status_code == 405
