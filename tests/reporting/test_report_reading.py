"""The report on a page with remarks at its paragraphs, two reports beside each other, the cycle."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from ibzplan.core.choices import QuestionKind
from ibzplan.core.models import Comment
from ibzplan.core.services.questions import question_ask
from objectives.indicators.models import Indicator
from reporting.models import ProgressReport, ReportCycle, ReportReview
from reporting.render.figure_links import FigureLink, linked
from reporting.render.html import HtmlBlock
from reporting.report_document import anchor_labels, report_document
from reporting.report_figures import figures_placed
from reporting.selectors import report_list
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
    assert page.context["asked"].anchor == HEADLINE
    assert f'name="field"><option value="{HEADLINE}">All of it</option>' in said(page)
    kept = remark(planner, report)
    comment = Comment.objects.get()
    assert kept["Location"] == f"{address(report, 'report_read')}#comment-{comment.uuid}"
    read = reader(ministry, "corporate").get(address(report, "report_read"))
    (piece,) = [one for one in read.context["pieces"] if one.threads]
    assert (piece.block.anchor, "Klopt dit?" in said(read)) == (HEADLINE, True)
    wrong = planner.get(address(report, "report_read"), {"bij": "gone"})
    assert "gone" in messages_of(wrong)
    assert remark(planner, report, field="gone").status_code == 422


def test_a_remark_stands_at_its_figure(ministry: Ministry, measured: Indicator) -> None:
    report = drafted(ministry)
    reviewed(ministry, report)
    planner, page = reader(ministry, "planner_adcv"), address(report, "report_read")
    shown = figures_placed(report)
    fact, table = next(
        (fact, one.anchor)
        for fact, one in shown.items()
        if one.anchor.endswith(".indicators") and "92,7" in one.label
    )
    closed = said(planner.get(page))
    assert "figure-link" not in closed  # of a closed block no figure is a link
    opened = planner.get(page, {"bij": table, "cijfer": fact})
    figures = dict(opened.context["asked"].figures)
    assert shown[fact].label == figures[fact]
    assert f'<option value="{fact}" lang="nl" selected>' in said(opened)
    assert 0 < said(opened).count("figure-link") <= 2 * len(figures)
    wrong = planner.get(page, {"bij": table, "cijfer": "f:gone"})
    assert "f:gone" in messages_of(wrong)
    assert wrong.context["asked"].anchor == table

    remark(planner, report, field=fact)
    comment = Comment.objects.get()
    assert comment.field == fact
    read = reader(ministry, "corporate").get(page)
    (piece,) = [one for one in read.context["pieces"] if one.figures]
    ((label, threads),) = piece.figures
    assert (piece.block.anchor, label) == (table, shown[fact].label)
    assert threads[0].comment == comment
    to_remark = f'<a class="figure-link figure-remarked" href="#comment-{comment.uuid}">'
    assert said(read).count(to_remark) >= 1
    # A figure that is not in the report takes none, and what was typed comes back.
    refused = remark(planner, report, field="f:gone", text="Fout cijfer")
    assert (refused.status_code, "Fout cijfer" in said(refused)) == (422, True)
    assert len(refused.context["form"].fields["field"].choices) == 1


def test_figures_become_links_whatever_they_say() -> None:
    one, other = '<span data-fact="f:&quot;x">1 &lt; 2</span>', '<em data-fact="f:y">3</em>'
    block = HtmlBlock("a", mark_safe(f"<p>{one} {other}</p>"))  # noqa: S308
    link = FigureLink("?a=1&b=2", "opmerking", "figure-remarked")
    assert linked(block, {'f:"x': link}).html == (
        '<p><a class="figure-link figure-remarked" href="?a=1&amp;b=2">'
        f'{one}<span class="visually-hidden"> (opmerking)</span></a> {other}</p>'
    )
    assert linked(block, {}) is block


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


def test_any_two_reports_are_found_by_plan_minister_and_year(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    older, later = drafted(ministry), drafted(ministry)
    for _time in range(2):
        drafted(ministry, minister=ministry.am)
    client, page = reader(ministry, "auditor"), reverse("reporting:reports_beside")
    client.get(page)
    # session, user, tables, messages, years, reports: however many there are
    with django_assert_max_num_queries(6):
        assert len(client.get(page).context["comparable"]) == 4
    monkeypatch.setattr(report_list, "MOST_REPORTS", 1)

    def offered(query: dict[str, str]) -> set[str]:
        return {row.minister.code for row in client.get(page, query).context["comparable"]}

    assert offered({}) == {"AM"}
    assert offered({"minister": "VBZ", "year": "2026", "plan": "SP2025"}) == {"VBZ"}
    # Those that the address names are there, however old they are and whatever is asked.
    both = {"a": str(older.uuid), "b": str(later.uuid), "minister": "AM"}
    answer = client.get(page, both)
    assert "The two say the same" in said(answer)
    assert answer.context["asked"].minister == ministry.am
    assert "1999" in messages_of(client.get(page, {"year": "1999"}))


def test_who_reads_for_a_directorate_sees_no_questions_to_others(
    ministry: Ministry, measured: Indicator
) -> None:
    asked = question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=measured,
        text="Waarom zo laat?",
    )
    report = drafted(ministry)
    reviewed(ministry, report)
    ReportReview.objects.create(report=report, unit=ministry.dvz, asked_at=timezone.now())
    pages = {name: reader(ministry, name) for name in ("head_adcv", "head_dvz", "auditor")}
    for name, client in pages.items():
        page = client.get(address(report, "report_read"))
        assert ("Waarom zo laat?" in said(page)) == (name != "head_dvz")
        anchors = [piece.block.anchor for piece in page.context["pieces"]]
        assert (f"question:{asked.uuid}" in anchors) == (name != "head_dvz")
        status = 404 if name == "head_dvz" else 200
        assert client.get(address(report, "report_file", "json")).status_code == status
        assert client.get(address(report, "report_file", "pdf")).status_code == status
    told = said(pages["head_dvz"].get(address(report, "report_read")))
    assert "1 question to another directorate is in this report, but not on this page." in told
    own = said(pages["head_dvz"].get(address(report)))
    assert ("The files are not for you" in own, address(report, "report_file", "pdf") in own) == (
        True,
        False,
    )


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
