"""The report on a page with remarks at its paragraphs, two reports beside each other, the cycle."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from ibzplan.core.models import Comment
from objectives.indicators.models import Indicator
from reporting.models import ProgressReport, ReportCycle
from reporting.report_document import anchor_labels, report_document
from tests.factories import Ministry
from tests.reporting.drafted import drafted, publish
from tests.reporting.test_report_life import address, messages_of, said
from tests.reporting.test_report_readers import issued, reader, reviewed
from tests.reporting.test_reports import measured, record

__all__ = ["measured"]

HEADLINE = "summary.headline"


def remark(client: Any, report: Any, **data: str) -> Any:
    new = reverse("comments:new", args=[report.type_name(), report.uuid])
    return client.post(new, {"field": HEADLINE, "text": "Klopt dit?", **data})


def test_the_page_shows_what_the_report_says(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    page = reader(ministry, "auditor").get(address(report, "report_read"))
    text = said(page)
    assert f'id="{HEADLINE}"' in text
    assert "92,7" in text  # in the language of the report
    assert 'lang="nl"' in text
    assert " style=" not in text
    for anchor, _text, _level in page.context["contents"]:
        assert f'href="#{quote(anchor)}"' in text
        assert f'id="{anchor}"' in text


def test_every_block_has_a_name_of_its_own(ministry: Ministry, measured: Indicator) -> None:
    made = report_document(drafted(ministry))
    labels = anchor_labels(made)
    assert all(labels.values())
    assert max(map(len, labels)) <= 120


def test_readers_at_once_get_their_report_however_many_there_are(
    ministry: Ministry, measured: Indicator
) -> None:
    report = drafted(ministry)
    numbers = range(10)  # more of them than stay at hand
    reports = [
        ProgressReport(snapshot=report.snapshot + " " * n, language="nl") for n in numbers
    ] * 2
    with ThreadPoolExecutor(4) as readers:
        made = list(readers.map(report_document, reports))
    assert all(one == made[0] for one in made)
    french = ProgressReport(snapshot=report.snapshot, language="fr")
    assert report_document(french) != report_document(report)
    assert report_document(report) is report_document(report)


def test_a_remark_stands_at_its_paragraph(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    reviewed(ministry, report)
    planner = reader(ministry, "planner_adcv")
    page = planner.get(address(report, "report_read"), {"bij": HEADLINE})
    assert page.context["asked"] == HEADLINE
    assert f'name="field" value="{HEADLINE}"' in said(page)
    kept = remark(planner, report)
    comment = Comment.objects.get()
    assert kept["Location"] == f"{address(report, 'report_read')}#comment-{comment.uuid}"
    read = reader(ministry, "corporate").get(address(report, "report_read"))
    (piece,) = [one for one in read.context["pieces"] if one.threads]
    assert (piece.block.anchor, "Klopt dit?" in said(read)) == (HEADLINE, True)
    wrong = planner.get(address(report, "report_read"), {"bij": "gone"})
    assert "gone" in messages_of(wrong)
    assert remark(planner, report, field="gone").status_code == 422


def test_who_remarks_when(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)

    def answers() -> dict[str, int]:
        names = ("planner_adcv", "head_adcv", "planner_dvz", "committee", "auditor", "corporate")
        return {
            name: remark(reader(ministry, name), report).status_code
            for name in (*names, "cabinet_vbz")
        }

    others = {"planner_dvz": 404, "cabinet_vbz": 404, "committee": 403, "auditor": 403}
    assert answers() == {**others, "planner_adcv": 404, "head_adcv": 404, "corporate": 302}
    reviewed(ministry, report)
    assert answers() == {**others, "planner_adcv": 302, "head_adcv": 302, "corporate": 302}
    issued(ministry, report)
    publish(report, is_final=True)
    assert set(answers().values()) == {403, 404}


def test_a_cabinet_reads_the_report_without_remarks(
    ministry: Ministry, measured: Indicator
) -> None:
    report = drafted(ministry)
    remark(reader(ministry, "corporate"), report)
    issued(ministry, report)
    publish(report, is_final=True)
    page = reader(ministry, "cabinet_vbz").get(address(report, "report_read"))
    assert page.status_code == 200
    assert "Klopt dit?" not in said(page)
    assert page.context["comments"] is None
    assert "Klopt dit?" in said(reader(ministry, "committee").get(address(report, "report_read")))


def test_reading_takes_few_queries(
    ministry: Ministry, measured: Indicator, django_assert_max_num_queries: Any
) -> None:
    report, client = drafted(ministry), reader(ministry, "corporate")
    for _time in range(3):
        remark(client, report)
    client.get(address(report, "report_read"))
    # session, user, tables, messages, report, reviews, remarks
    with django_assert_max_num_queries(8):
        client.get(address(report, "report_read"))


# Side by side -------------------------------------------------------------------------------------


def beside(ministry: Ministry, name: str, a: Any, b: Any) -> Any:
    query = {"a": str(getattr(a, "uuid", a)), "b": str(getattr(b, "uuid", b))}
    return reader(ministry, name).get(reverse("reporting:reports_beside"), query)


def test_two_reports_side_by_side_say_what_differs(ministry: Ministry, measured: Indicator) -> None:
    before = drafted(ministry)
    same = drafted(ministry, language="fr")
    assert "The two say the same" in said(beside(ministry, "auditor", before, same))
    record(ministry, measured, "2026-T3", "41.3", reason="Telfout")
    after = drafted(ministry)
    page = beside(ministry, "auditor", before, after)
    assert page.context["restated"] == 1
    for word in ("92.7", "41.3", "Telfout"):
        assert word in said(page)
    assert "Swap the two" in said(beside(ministry, "auditor", after, before))


def test_what_cannot_be_compared_is_said(ministry: Ministry) -> None:
    report, other = drafted(ministry), drafted(ministry, minister=ministry.am)
    assert "Twice the same" in said(beside(ministry, "auditor", report, report))
    assert "the same minister" in said(beside(ministry, "auditor", report, other))
    assert "gone" in messages_of(beside(ministry, "auditor", report, "gone"))
    hidden = beside(ministry, "cabinet_vbz", report, other)
    assert str(report.uuid) in messages_of(hidden)  # not issued, not for a cabinet
    assert "are needed to compare" in said(hidden)


# The cycle ----------------------------------------------------------------------------------------

CYCLE: dict[str, Any] = {
    "plan": "SP2025",
    "minister": "",
    "frequency": "3",
    "starts_on": "2026-01-01",
    "lag_days": "30",
    "languages": ["nl", "fr"],
}


def test_a_cycle_is_set_changed_and_stopped(ministry: Ministry) -> None:
    client, page = reader(ministry, "corporate"), reverse("reporting:report_cycles")
    assert "No cycle is set" in said(client.get(page))
    assert client.post(page, CYCLE).status_code == 302
    cycle = ReportCycle.objects.get()
    assert "30 days after the period" in said(client.get(page))
    form = client.get(page, {"wijzigen": str(cycle.uuid)}).context["form"]
    assert form["frequency"].value() == "3"
    changed = {**CYCLE, "frequency": "6", "version": cycle.version}
    assert client.post(page, changed).status_code == 302
    cycle.refresh_from_db()
    assert cycle.frequency == "6"
    stop = reverse("reporting:report_cycle_stop", args=[cycle.uuid])
    stale = client.post(stop, {"version": "1"}, follow=True)
    assert "changed this cycle" in messages_of(stale)
    client.post(stop, {"version": str(cycle.version)})
    cycle.refresh_from_db()
    assert not cycle.is_active
    auditor = reader(ministry, "auditor")
    assert auditor.get(page).context["form"] is None
    assert (auditor.post(page, CYCLE).status_code, auditor.post(stop).status_code) == (403, 403)


def test_whoever_sets_a_cycle_second_sees_both(ministry: Ministry) -> None:
    client, page = reader(ministry, "corporate"), reverse("reporting:report_cycles")
    client.post(page, CYCLE)
    second = client.post(page, {**CYCLE, "frequency": "12"})
    assert second.status_code == 409
    assert "Two versions" in said(second)
    assert ("Every quarter" in said(second), "Yearly" in said(second)) == (True, True)
    version = second.context["form"]["version"].value()
    assert client.post(page, {**CYCLE, "frequency": "12", "version": version}).status_code == 302
    assert ReportCycle.objects.get().frequency == "12"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plan", "SP1999"),
        ("minister", "XX"),
        ("frequency", "5"),
        ("starts_on", "1999-01-01"),
        ("starts_on", "x"),
        ("lag_days", "999"),
        ("lag_days", "-1"),
        ("languages", []),
    ],
)
def test_what_no_cycle_can_be_is_said_at_its_field(
    ministry: Ministry, field: str, value: Any
) -> None:
    page = reverse("reporting:report_cycles")
    answer = reader(ministry, "corporate").post(page, {**CYCLE, field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not ReportCycle.objects.exists()
