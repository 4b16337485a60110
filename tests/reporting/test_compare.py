"""The page of two moments: what it compares, filters, errors, rights, file and queries."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from objectives.indicators.engine import Status
from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind
from objectives.planning.models import OperationalObjective
from personnel.access import access_of
from reporting.choices import MovementKind
from reporting.models import ProgressReport
from reporting.selectors.comparing import CompareFilter, comparison
from tests.factories import Ministry, text
from tests.objectives.planning.test_amendments import begin, carry, propose
from tests.reporting.test_issue_report import issue
from tests.reporting.test_movements import known, objective, record  # noqa: F401
from tests.reporting.test_reports import made

URL = reverse("reporting:compare")
JULY, OCTOBER = date(2026, 7, 31), date(2026, 10, 31)
MOST_QUERIES = 11
BOTH = {"mode": "dates", "since": "2026-07-31", "until": "2026-10-31"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def page(ministry: Ministry, by: str = "corporate", **query: str) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[by])
    return client.get(URL, query)


def html(response: HttpResponse) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


@pytest.fixture
def worse(ministry: Ministry, objective: OperationalObjective) -> Indicator:  # noqa: F811
    """On track in July, off track in October."""
    indicator = Indicator.objects.get()
    record(ministry, indicator, "2026-T3", "89.4")
    return indicator


def moment(clocks: Clocks) -> str:
    return clocks.known_at.isoformat()


def test_the_page_says_how_many_moved_and_why(ministry: Ministry, worse: Indicator) -> None:
    response = page(ministry, **BOTH)
    shown = html(response)
    assert response.status_code == 200
    assert "Of 1 operational objective:" in shown
    assert "<strong>1 worsened</strong>" in shown
    assert "<strong>0 improved</strong>" in shown
    assert "<strong>0 unchanged</strong>" in shown
    row = shown[shown.index('class="col-move"><span class="badge">Worsened') :]
    assert row.index("st-on_track") < row.index("st-off_track")
    assert "89.4\N{NO-BREAK SPACE}% (T3); was 92.0\N{NO-BREAK SPACE}% (T2)" in shown
    # The objective opens at the later moment, the mark of what it was at the earlier one.
    uuid = OperationalObjective.objects.get().uuid
    assert f'/doelstellingen/{uuid}/?reference=2026-10-31"' in shown
    assert f'/doelstellingen/{uuid}/?reference=2026-07-31"' in shown


def test_realised_and_deviation_stand_before_and_after(
    ministry: Ministry, worse: Indicator
) -> None:
    found = comparison(
        filter_=CompareFilter(ministry.year),
        before=known(JULY),
        after=known(OCTOBER),
        access=access_of(ministry.users["corporate"]),
    )
    (group,) = found.groups
    (werf,) = group.moved
    assert (werf.before.status.status, werf.after.status.status) == ("on_track", "off_track")
    assert (found.counts_before[Status.ON_TRACK], found.counts_after[Status.OFF_TRACK]) == (1, 1)
    shown = html(page(ministry, **BOTH))
    assert re.search(r"57.% <span aria-hidden=\"true\">→</span>.*?<b>20.%</b>", shown)
    assert "<b>\N{MINUS SIGN}55</b>" in shown


def test_what_did_not_move_is_folded(ministry: Ministry, objective: Any) -> None:  # noqa: F811
    record(ministry, Indicator.objects.get(), "2026-T3", "94")
    shown = html(page(ministry, **BOTH))
    assert "<strong>1 unchanged</strong>" in shown
    assert '<details class="fold"><summary>1 objective did not move</summary>' in shown


def test_filters_choose_what_is_listed(ministry: Ministry, worse: Indicator) -> None:
    code = OperationalObjective.objects.get().code
    for query, is_listed in (
        ({"kind": "worsened"}, True),
        ({"kind": "improved"}, False),
        ({"status": "off_track"}, True),
        ({"status": "on_track"}, False),
    ):
        shown = html(page(ministry, **BOTH, **query))
        assert (f'<span class="code">{code}</span>' in shown) is is_listed, query
        assert "<strong>1 worsened</strong>" in shown  # the counts are those of all
    for query, total in (
        ({"minister": "VBZ"}, 1),
        ({"minister": "AM"}, 0),
        ({"unit": "ADCV"}, 1),
        ({"unit": "DVZ"}, 0),
        ({"minister": "VBZ", "unit": "DVZ"}, 0),
    ):
        response = page(ministry, **BOTH, **query)
        assert response.context["page"].total == total, query
    assert "There were no approved objectives at either moment." in html(response)


def test_the_counts_are_filters_that_keep_the_address(ministry: Ministry, worse: Any) -> None:
    shown = html(page(ministry, **BOTH, unit="ADCV"))
    link = re.search(r'href="(\?[^"]*kind=worsened[^"]*)"', shown)
    assert link is not None
    for name, value in (*BOTH.items(), ("unit", "ADCV")):
        assert f"{name}={value}" in link[1]


def test_both_clocks_show_what_was_restated(ministry: Ministry, worse: Indicator) -> None:
    then = known(OCTOBER)
    record(ministry, worse, "2026-T3", "94", reason="Eén centrum telde dubbel")
    shown = html(
        page(
            ministry,
            mode="dates",
            since="2026-10-31",
            since_known=moment(then),
            until="2026-10-31",
        )
    )
    assert "<strong>1 improved</strong>" in shown
    part = shown[shown.index('id="restated-h"') :]
    assert "T3 2026" in part
    assert part.index("89.4") < part.index("94.0") < part.index("Eén centrum telde dubbel")
    # As both are known now nothing is another figure, and the page says why.
    assert "as known at the same time" in html(page(ministry, **BOTH))


def test_important_amendments_in_between_are_listed(
    ministry: Ministry,
    objective: OperationalObjective,  # noqa: F811
) -> None:
    before = known(JULY)
    for is_important, ends_on in ((True, "2026-11-30"), (False, "2026-10-31")):
        amendment = begin(ministry)
        propose(
            ministry,
            amendment,
            ChangeKind.CHANGE,
            is_important=is_important,
            objectives=[objective],
            values={"ends_on": ends_on},
        )
        carry(ministry, amendment)
    query = {"mode": "dates", "since": "2026-07-31", "since_known": moment(before)}
    response = page(ministry, **query)
    (change,) = response.context["page"].amendments
    assert change.amendment.number == 1
    assert '<span class="code">W1</span>' in html(response)
    assert page(ministry, **query, unit="DVZ").context["page"].amendments == ()


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"since": "vorige week"}, "since", "“vorige week” is not a date"),
        ({"since": "2026-02-30"}, "since", "“2026-02-30” is not a date"),
        ({"until_known": "12/2026"}, "until_known", "“12/2026” is not a date"),
        ({"since": "2026-10-31", "until": "2026-07-31"}, "until", "swap the two moments"),
        ({"since": "2026-10-31"}, "until", "Both moments are the same"),
        ({"since": ""}, "since", "Give the first reference date."),
        ({"kind": "sideways"}, "kind", "sideways"),
        ({"unit": "NIETS"}, "unit", "NIETS"),
        ({"year": "1999"}, "year", "1999"),
        ({"mode": "reports"}, "since_report", "Choose a report of the list."),
        ({"mode": "last"}, "mode", "choose two dates instead"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(
    ministry: Ministry, worse: Indicator, query: dict[str, str], field: str, message: str
) -> None:
    asked = {**BOTH, "status": "off_track", **query}
    response = page(ministry, **asked)
    assert response.status_code == 422
    form = response.context["form"]
    assert next(iter(form.errors)) == field
    shown = html(response)
    assert message in shown
    for name in ("since", "until"):
        assert f'name="{name}" value="{asked[name]}"' in shown
    assert '<option value="off_track" selected>' in shown


def test_reversed_moments_are_swapped_by_a_link(ministry: Ministry, worse: Indicator) -> None:
    response = page(ministry, mode="dates", since="2026-10-31", until="2026-07-31", unit="ADCV")
    swap = response.context["swap"]
    assert f'href="{swap.replace("&", "&amp;")}"' in html(response)
    client = Client()
    client.force_login(ministry.users["corporate"])
    again = client.get(f"{URL}{swap}")
    assert again.status_code == 200
    assert again.context["page"].before.reference_date == JULY
    assert again.context["page"].filter.unit == ministry.adcv


@pytest.fixture
def reports(ministry: Ministry, worse: Indicator) -> tuple[ProgressReport, ProgressReport]:
    """Two issued reports of one minister, before and after a correction."""
    first = made(ministry, reference_date=date(2026, 6, 30))
    issue(ministry, first)
    second = made(ministry, reference_date=date(2026, 9, 30))
    issue(ministry, second)
    return first, second


def test_two_reports_are_compared_by_their_own_clocks(
    ministry: Ministry, reports: tuple[ProgressReport, ProgressReport]
) -> None:
    first, second = reports
    query = {"since_report": str(first.uuid), "until_report": str(second.uuid)}
    response = page(ministry, "cabinet_vbz", **query)
    shown = response.context["page"]
    assert (shown.before.reference_date, shown.before.known_at) == (
        first.reference_date,
        first.known_at,
    )
    assert (shown.after.reference_date, shown.after.known_at) == (
        second.reference_date,
        second.known_at,
    )
    assert reverse("reporting:report", args=[first.uuid]) in html(response)
    swapped = page(ministry, **{"since_report": str(second.uuid), "until_report": str(first.uuid)})
    assert swapped.status_code == 422
    assert swapped.context["swap"]


def test_a_report_that_one_may_not_see_is_an_error_at_its_field(
    ministry: Ministry, reports: tuple[ProgressReport, ProgressReport]
) -> None:
    first, second = reports
    query = {"since_report": str(first.uuid), "until_report": str(second.uuid)}
    for name in ("cabinet_am", "planner_adcv"):
        response = page(ministry, name, **query)
        assert response.status_code == 422
        assert "There is no such report, or it is not for you" in html(response)
        assert reverse("reporting:report", args=[first.uuid]) not in html(response)


def test_without_a_choice_the_last_report_is_compared_with_now(
    ministry: Ministry, reports: tuple[ProgressReport, ProgressReport]
) -> None:
    response = page(ministry, "cabinet_vbz")
    shown = response.context["page"]
    assert response.context["form"]["mode"].value() == "last"
    assert shown.before.reference_date == date(2026, 9, 30)
    assert shown.after.reference_date == timezone.localdate()
    assert shown.filter.minister == ministry.vbz  # a cabinet starts with its own minister
    # Whoever reads no report starts with the last quarter that is over.
    assert page(ministry, "planner_adcv").context["form"]["mode"].value() == "dates"


def test_a_confidential_indicator_moves_nothing_for_others(
    ministry: Ministry, worse: Indicator
) -> None:
    Indicator.objects.filter(pk=worse.pk).update(is_confidential=True)
    other = page(ministry, "cabinet_am", minister="", **BOTH)
    assert "Bezettingsgraad" not in html(other)
    assert other.context["page"].kinds[MovementKind.WORSENED] == 0
    assert "Bezettingsgraad" in html(page(ministry, "cabinet_vbz", **BOTH))


def test_a_cabinet_of_another_minister_compares_validated_figures(
    ministry: Ministry, worse: Indicator
) -> None:
    shown = html(page(ministry, "cabinet_am", minister="", **BOTH))
    assert "89.4" not in shown
    assert "92.0" not in shown


def test_the_file_holds_what_is_listed(ministry: Ministry, worse: Indicator) -> None:
    lines = page(ministry, **BOTH, export="csv").content.decode("utf-8-sig").splitlines()
    assert "Worsened,On track,Off track" in lines[1]
    none = page(ministry, **BOTH, kind="improved", export="csv").content.decode("utf-8-sig")
    assert len(none.splitlines()) == 1
    counts = page(ministry, **BOTH, export="csv", table="counts").content.decode("utf-8-sig")
    assert "On track,1,0" in counts
    assert page(ministry, **BOTH, export="xlsx").content[:2] == b"PK"


def test_what_someone_typed_is_escaped(ministry: Ministry, objective: Any) -> None:  # noqa: F811
    record(
        ministry, Indicator.objects.get(), "2026-T3", "89.4", narrative="<b>Twee</b> centra & meer"
    )
    assert "&lt;b&gt;Twee&lt;/b&gt; centra &amp; meer" in html(page(ministry, **BOTH))


def test_the_same_queries_with_three_times_the_objectives(
    ministry: Ministry, worse: Indicator
) -> None:
    first = OperationalObjective.objects.get()
    client = Client()
    client.force_login(ministry.users["cabinet_vbz"])
    address = f"{URL}?{urlencode(BOTH)}"

    def queries() -> int:
        steady.forget()
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    one = queries()
    for title in ("Kazernes bouwen", "Wagens kopen"):
        row = ministry.objective(title=title)
        indicator = ministry.indicator(row, title=text(title))
        OperationalObjective.objects.filter(pk=row.pk).update(
            state="approved", waits_for="", approved_at=first.approved_at
        )
        record(ministry, indicator, "2026-T2", "92")
        record(ministry, indicator, "2026-T3", "89")
    assert queries() == one
    assert one <= MOST_QUERIES


def test_two_past_moments_of_one_minister_take_few_queries(
    ministry: Ministry, worse: Indicator
) -> None:
    client = Client()
    client.force_login(ministry.users["cabinet_vbz"])
    known_at = {"since_known": moment(known(JULY)), "until_known": moment(known(OCTOBER))}
    address = f"{URL}?{urlencode({**BOTH, **known_at, 'minister': 'VBZ'})}"
    steady.forget()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).context["page"].moved == 1
    assert len(captured) <= MOST_QUERIES


def test_the_groups_of_statuses_of_the_dashboard_filter_here_too(
    ministry: Ministry, worse: Indicator
) -> None:
    code = OperationalObjective.objects.get().code
    for status, is_listed in (("behind", True), ("good", False), ("unjudged", False)):
        response = page(ministry, **BOTH, status=status)
        assert (f'<span class="code">{code}</span>' in html(response)) is is_listed, status
    assert "At risk or off track" in html(page(ministry, **BOTH, status="behind"))


def test_a_moment_without_time_is_the_end_of_its_day(ministry: Ministry, worse: Any) -> None:
    response = page(ministry, **BOTH, until_known="2026-12-31")
    assert response.context["page"].after.known_at <= timezone.now()
    first = page(ministry, **{**BOTH, "since_known": "2026-01-01"}).context["page"]
    end = timezone.make_aware(datetime.combine(date(2026, 1, 1), time.max))
    assert first.before.known_at == end
    assert first.kinds[MovementKind.ADDED] == 1
