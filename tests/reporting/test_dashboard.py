"""What the dashboard shows beside its counts: order, filters, days, files, and its queries."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import forget
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.planning.services import status_override
from personnel.access import access_of
from reporting.choices import DeadlineKind, MovementKind
from reporting.models import ProgressReport
from reporting.selectors.board_dates import coming_items
from reporting.services.calendar import (
    DeadlineSheet,
    deadline_create,
    deadline_remove,
    deadline_update,
)
from tests.factories import Ministry, text
from tests.markup import assert_sound_markup
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reports import made, record

pytestmark = pytest.mark.django_db

ADDRESS = "reporting:dashboard"
# session, user, record clock; objectives, links, targets, obligations, figures, history since the
# report; unread messages
QUERIES = 10


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def html_of(ministry: Ministry, name: str = "corporate", **query: str) -> str:
    page = client_of(ministry, name).get(reverse(ADDRESS), query)
    assert page.status_code == 200
    return page.content.decode()


def measured(ministry: Ministry, title: str, *figures: str) -> Indicator:
    """Make an approved objective with a figure for each of the first quarters."""
    objective = ministry.objective(title=title)
    indicator = ministry.indicator(objective, baseline=Decimal(88))
    ministry.approve(objective)
    for number, value in enumerate(figures, 1):
        record(ministry, indicator, f"2026-T{number}", value)
    return indicator


def issued(ministry: Ministry, report: ProgressReport) -> ProgressReport:
    issue(ministry, report)
    return report


def test_decisions_changes_and_deadlines_come_before_the_table(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "90")
    html = html_of(ministry)
    assert_sound_markup(html)
    places = [html.index(f'id="{part}-h"') for part in ("asked", "moved", "due", "werven")]
    assert places == sorted(places)
    assert html.index('class="headline"') < html.index("<svg", html.index("<main"))


def test_provisional_share_clocks_and_report_are_in_sight(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "90", "92")
    html = html_of(ministry, reference="2026-09-30")
    meta = html[html.index('class="meta"') : html.index("quick-days")]
    for said in ("Provisional", "Reference date 30", "As known on", "Last figure of"):
        assert said in meta
    assert "No earlier report or closed period to compare with" in meta
    assert "% of the figures submitted" in meta


def test_a_count_leads_to_what_it_counts_and_back(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "93", "94")
    measured(ministry, "Wachttijden korter maken", "80", "80")
    client = client_of(ministry, "corporate")
    first = client.get(reverse(ADDRESS), {"reference": "2026-06-30"}).content.decode()
    found = re.search(
        r'<a href="([^"#]+)#[^"]*" data-count="objectives" data-status="off_track"', first
    )
    assert found
    there = found[1].replace("&amp;", "&")
    assert "reference=2026-06-30" in there
    narrowed = client.get(reverse(ADDRESS) + there).content.decode()
    table = narrowed[narrowed.index('<table class="plan-table"') :]
    assert "Wachttijden korter maken" in table
    assert "Noodcentrales bemannen" not in table
    assert "1 objective with another status is left out." in re.sub(r"</?span[^>]*>", "", table)
    active = re.findall(r'<a href="([^"#]+)#[^>]*aria-current="true"', narrowed)
    assert active
    assert all("status=" not in address for address in active)


def test_the_address_says_everything_that_is_filtered(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "90")
    html = html_of(ministry, "cabinet_vbz", unit="ADCV", status="good")
    canonical = re.search(r'rel="canonical" href="([^"]+)"', html)
    assert canonical
    for part in ("year=2026", "minister=VBZ", "unit=ADCV", "status=good"):
        assert part in canonical[1]
    assert "known=" not in canonical[1]
    share = re.search(r'href="([^"]+)" title="Stays at these days', html)
    assert share
    assert "known=" in share[1]
    assert "reference=" in share[1]


def test_a_shared_address_shows_what_its_reader_may_see(ministry: Ministry) -> None:
    """The other minister's cabinet opens it: provisional figures of ADCV are not theirs."""
    measured(ministry, "Noodcentrales bemannen", "93", "94")
    query = {"minister": "VBZ", "reference": "2026-06-30"}
    own = client_of(ministry, "cabinet_vbz").get(reverse(ADDRESS), query).context["board"]
    other = client_of(ministry, "cabinet_am").get(reverse(ADDRESS), query).context["board"]
    assert (own.total, other.total) == (1, 1)
    assert own.submitted > other.submitted


def test_what_the_filters_leave_out_is_said(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "93", "94")
    html = html_of(ministry, unit="DVZ")
    assert "Directorate: DVZ" in html
    assert "No approved objectives match these filters." in html
    assert "No werf has an objective that matches these filters." in html
    assert re.search(r'data-count="hidden-werven">1<', html)


def test_an_empty_plan_says_so(ministry: Ministry) -> None:
    html = html_of(ministry)
    assert "At this moment no objective of this plan was approved." in html
    assert "No decision is asked." in html
    assert_sound_markup(html)


def test_nothing_is_called_validated_where_there_is_no_figure(ministry: Ministry) -> None:
    badge = '<span class="badge">%s</span>'
    empty = html_of(ministry)
    assert badge % "No figure yet" in empty
    assert badge % "Validated" not in empty


def test_a_key_indicator_without_a_figure_says_so(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    opened = html_of(ministry)
    opened = opened[opened.index('<table class="sub-table"') :]
    assert "No figure yet" in opened[: opened.index("</table>")]


def test_where_it_goes_worst_is_told_by_status(ministry: Ministry) -> None:
    """The number stands for what the headline calls by that name."""
    measured(ministry, "Noodcentrales bemannen", "89")
    lag = re.search(r'<span class="lag">(.*?)</p>', html_of(ministry, reference="2026-03-31"))
    assert lag
    told = re.sub(r"<[^>]+>", "", lag[1])
    assert told == f"The lag is greatest in 2.6 {ministry.werf.title} (1 off track)."


def test_a_day_to_come_is_marked(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "93")
    remark = "still to come: what is not handed in yet counts as missing"
    assert remark in html_of(ministry, reference="2190-12-31")
    assert remark not in html_of(ministry, reference="2026-03-31")


def test_rows_are_open_without_javascript_and_name_their_key_indicator(
    ministry: Ministry,
) -> None:
    measured(ministry, "Noodcentrales bemannen", "93.1")
    html = html_of(ministry, reference="2026-03-31")
    button = re.search(r'aria-expanded="false" aria-controls="(w-[^"]+)"', html)
    assert button
    assert f'id="{button[1]}"' in html
    opened = html[html.index(f'id="{button[1]}"') :]
    assert "93.1" in opened
    assert "95.0" in opened[: opened.index("</table>")]


def test_quick_days_lead_to_the_quarters_and_to_what_was_known_then(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "90")
    page = client_of(ministry, "corporate").get(reverse(ADDRESS), {"reference": "2026-03-31"})
    days = {day.label: day for day in page.context["quick_days"]}
    assert days["T1 2026"].is_current
    assert "reference=2026-03-31" in days["T1 2026"].address
    then = client_of(ministry, "corporate").get(
        reverse(ADDRESS) + days["As it was known then"].address
    )
    assert then.context["clocks"].pinned_known
    assert then.context["clocks"].reference_date.isoformat() == "2026-03-31"


def test_what_moved_since_the_last_report_stands_with_from_to_and_why(
    ministry: Ministry,
) -> None:
    indicator = measured(ministry, "Noodcentrales bemannen", "93", "94")
    report = issued(ministry, made(ministry, reference_date=date(2026, 6, 30)))
    record(ministry, indicator, "2026-T3", "80")
    page = client_of(ministry, "cabinet_vbz").get(reverse(ADDRESS), {"reference": "2026-09-30"})
    shown = page.context["page"]
    assert shown.last.report.pk == report.pk
    (movement,) = shown.movements
    assert (movement.kind, movement.to_status) == ("worsened", "off_track")
    html = page.content.decode()
    assert "Compared with the progress report of 30" in html
    moved = html[html.index('id="moved-h"') : html.index('id="due-h"')]
    assert movement.reasons
    assert "80.0" in moved
    compare = re.search(r'href="([^"]+)">All 1<', moved)
    assert compare
    there = client_of(ministry, "cabinet_vbz").get(compare[1].replace("&amp;", "&"))
    assert there.status_code == 200
    assert len(there.context["page"].movements) == 1


def test_what_is_on_screen_goes_into_a_file(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "93", "94")
    client = client_of(ministry, "corporate")
    query = {"export": "csv", "table": "objectives", "reference": "2026-06-30"}
    rows = client.get(reverse(ADDRESS), query).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "Noodcentrales bemannen" in rows[1]
    assert "94.0" in rows[1]
    xlsx = client.get(reverse(ADDRESS), {"export": "xlsx"})
    assert xlsx["Content-Type"].startswith("application/vnd.openxmlformats")
    none = client.get(reverse(ADDRESS), {**query, "status": "off_track"})
    assert len(none.content.decode("utf-8-sig").splitlines()) == 1


def test_a_file_names_the_page_that_shows_the_same_to_another_reader(ministry: Ministry) -> None:
    """A cabinet needs not name its minister, nor today: the address in the file does."""
    measured(ministry, "Noodcentrales bemannen", "93")
    response = client_of(ministry, "cabinet_vbz").get(reverse(ADDRESS), {"export": "xlsx"})
    about = load_workbook(BytesIO(response.content)).worksheets[0]
    told = " ".join(str(cell) for row in about.iter_rows(values_only=True) for cell in row if cell)
    address = re.search(r"http\S+", told)
    assert address
    assert "minister=VBZ" in address[0]
    assert "reference=" in address[0]
    assert "known=" in address[0]


@pytest.mark.parametrize("count", [2, 6])
@pytest.mark.parametrize("query", [{}, {"status": "good", "unit": "ADCV"}])
def test_the_second_opening_takes_few_queries(
    ministry: Ministry, count: int, query: dict[str, str]
) -> None:
    indicators = [measured(ministry, f"Doel {number}", "93", "94") for number in range(count)]
    issued(ministry, made(ministry, reference_date=date(2026, 6, 30)))
    record(ministry, indicators[0], "2026-T3", "80")
    forget()
    client = client_of(ministry, "cabinet_vbz")
    client.get(reverse(ADDRESS), query)
    with CaptureQueriesContext(connection) as found:
        client.get(reverse(ADDRESS), query)
    assert len(found) <= QUERIES, [row["sql"][:90] for row in found]


def without_report(ministry: Ministry) -> None:
    """Make two objectives in force since January: one with a figure by now, one without."""
    measured(ministry, "Noodcentrales bemannen", "93", "94", "95")
    measured(ministry, "Wachttijden korter maken")
    early = datetime(2026, 1, 5, 9, tzinfo=UTC)
    OperationalObjective.objects.update(approved_at=early)


@pytest.mark.parametrize("name", ["corporate", "cabinet_vbz"])
def test_without_a_report_the_last_closed_period_is_compared_with(
    ministry: Ministry, name: str
) -> None:
    without_report(ministry)
    client = client_of(ministry, name)
    page = client.get(reverse(ADDRESS), {"minister": "VBZ", "reference": "2026-09-30"})
    last = page.context["page"].last
    assert (last.report, last.clocks.reference_date) == (None, date(2026, 6, 30))
    html = page.content.decode()
    said = "Compared with 30 June 2026 as known on 20 July 2026; no report was issued yet"
    assert said in html[html.index('class="meta"') : html.index("quick-days")]
    assert "Changed since 30 June<" in html
    assert "since 30 June<" in html[html.index('class="cards"') : html.index('id="asked-h"')]
    assert "Last report" not in html[html.index("quick-days") : html.index('class="cards"')]
    files = client.get(
        reverse(ADDRESS),
        {"minister": "VBZ", "reference": "2026-09-30", "export": "csv", "table": "movements"},
    )
    lines = files.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(page.context["page"].movements)


@pytest.mark.parametrize("status", ["", "good", "unjudged"])
def test_the_comparison_says_the_same(ministry: Ministry, status: str) -> None:
    """Kind by kind, adjusted ones too, and under the dashboard's groups of statuses."""
    without_report(ministry)
    adjusted = OperationalObjective.objects.get(title__nl="Wachttijden korter maken")
    status_override(
        actor=ministry.users["head_adcv"],
        objective=adjusted,
        status="at_risk",
        reason="De aanbesteding loopt nog.",
        holds_from=date(2026, 8, 1),
    )
    client = client_of(ministry, "cabinet_vbz")
    page = client.get(reverse(ADDRESS), {"reference": "2026-09-30", "status": status})
    there = client.get(page.context["compare_address"])
    board, compared = page.context["page"], there.context["page"]
    assert (compared.before, compared.filter.status) == (board.last.clocks, status)
    moved = {movement.objective.pk: movement.kind for movement in board.movements}
    assert {one.objective.pk: one.kind for one in compared.movements} == moved
    assert moved or status == "unjudged"
    if not status:
        assert dict(compared.kinds) == dict(board.moved)
        assert board.moved[MovementKind.ADJUSTED] == 1
    assert "no report was issued yet" in there.content.decode()


def test_what_a_filter_changes_outside_the_content_is_swapped_too(ministry: Ministry) -> None:
    """The line of the closed bar on a phone, and the address that a browser shares."""
    measured(ministry, "Noodcentrales bemannen", "93")
    html = html_of(ministry, unit="ADCV")
    assert 'data-hx-select-oob="#filter-summary"' in html
    summary = re.search(r'<small id="filter-summary">([^<]+)<', html)
    assert summary
    assert "ADCV" in summary[1]
    canonical = re.search(r'rel="canonical" href="([^"]+)"', html)
    content = html[html.index('id="content"') :]
    assert canonical
    assert f'data-canonical="{canonical[1]}"' in content


def test_the_days_ahead_are_those_that_were_known_then(ministry: Ministry) -> None:
    measured(ministry, "Noodcentrales bemannen", "90")
    corporate = ministry.users["corporate"]
    before = Clocks.now().known_at
    sheet = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 1), title=text("Eerst"))
    row = deadline_create(actor=corporate, plan=ministry.year, sheet=sheet)
    entered = Clocks.now().known_at
    moved = replace(sheet, title=text("Verplaatst"), done_on=date(2026, 11, 2))
    deadline_update(actor=corporate, deadline=row, sheet=moved, expected_version=row.version)

    def due(known_at: datetime) -> list[str]:
        clocks = Clocks(date(2026, 11, 1), known_at, pinned_reference=True, pinned_known=True)
        access = access_of(corporate)
        return [str(one.text) for one in coming_items(ministry.year, None, clocks, access)]

    changed = Clocks.now().known_at
    row.refresh_from_db()
    deadline_remove(actor=corporate, deadline=row, expected_version=row.version)
    assert [due(moment) for moment in (before, entered, changed)] == [[], ["Eerst"], ["Verplaatst"]]
    assert due(Clocks.now().known_at) == []
    client = Client(headers={"accept-language": "en"})
    client.force_login(corporate)
    address = reverse("reporting:dashboard")
    reference = {"year": "2026", "reference": "2026-11-01"}
    assert "Verplaatst" not in client.get(address, reference).content.decode()
    then = client.get(address, {**reference, "known": changed.isoformat()})
    assert "Verplaatst" in then.content.decode()
