"""The pages of staffing: the tree, a line, and what an officer enters on them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core import steady
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine, User
from tests.factories import Ministry, text
from tests.markup import assert_sound_markup
from tests.staffing_lines import DAY, enter, lines_of, make_officer

# The versions of the entered figures by statute: there are none yet.
NONE_ENTERED = ".".join("0000")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def officer(db: None) -> User:
    return make_officer()


@pytest.fixture
def lines(ministry: Ministry) -> dict[str, StaffingLine]:
    return lines_of(ministry)


@pytest.fixture
def page(officer: User, lines: dict[str, StaffingLine]) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def read(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(f"personnel:{name}", args=arguments), query)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_tree_says_who_is_present_and_planned_with_the_printed_figures(page: Client) -> None:
    html = read(page, "staffing_lines")
    assert_sound_markup(html)
    assert "<strong>3 419.4</strong> present on" in html
    assert "<strong>3 379.3</strong> planned for 2025 (−40.1)" in html
    assert "below it: 3 100.0" in html  # the printed 3 100.1 is no sum of its lines
    assert "35.1 %" in html
    assert "64.9 %" in html
    heads = read(page, "staffing_lines", measure="headcount")
    assert "There is no figure of this day." in heads
    assert "is not a date" in read(page, "staffing_lines", day="31-31")


def test_an_officer_enters_over_a_printed_figure_and_reads_both(
    page: Client, lines: dict[str, StaffingLine]
) -> None:
    address = reverse("personnel:staffing_figures", args=["DVZ"])
    form = page.get(address, {"measure": "fte", "on": "2024-12-31"}).content.decode()
    assert 'value="1951.7"' in form
    typed = {
        "measure": "fte",
        "kind": "actual",
        "on": "2024-12-31",
        "mandate": "1",
        "statutory": "1950",
        "contractual": "265,2",
        "version": NONE_ENTERED,
    }
    refused = page.post(address, typed)
    assert refused.status_code == 422
    assert "Say why this figure changes" in refused.content.decode()
    assert 'value="1950"' in refused.content.decode()
    saved = page.post(address, {**typed, "reason": "Late contracten"}, follow=True)
    html = saved.content.decode()
    assert_sound_markup(html)
    assert "printed 1951,7" in html
    assert "Late contracten" in html
    # Only the number that differs was entered.
    assert [row.statute for row in StaffingFigure.objects.filter(origin="entered")] == ["statutory"]
    again = page.post(address, {**typed, "version": "0.1.0.0"}, follow=True)
    assert "nothing changed" in again.content.decode()


def test_two_officers_see_both_versions(page: Client, lines: dict[str, StaffingLine]) -> None:
    officer = User.objects.get(username="officer")
    enter(officer, lines["DVZ"], DAY, "Eerste", statutory="1950")
    address = reverse("personnel:staffing_figures", args=["DVZ"])
    typed = {"measure": "fte", "kind": "actual", "on": "2024-12-31", "statutory": "1940"}
    late = page.post(address, {**typed, "reason": "Tweede", "version": NONE_ENTERED})
    html = late.content.decode()
    assert late.status_code == 422
    assert "Two versions" in html
    assert 'value="0.1.0.0"' in html
    assert StaffingFigure.objects.get(origin="entered").amount == 1_950_000
    page.post(address, {**typed, "reason": "Tweede", "version": "0.1.0.0"})
    assert StaffingFigure.objects.get(origin="entered").amount == 1_940_000


def test_a_figure_and_a_flow_are_withdrawn_with_a_reason(
    page: Client, lines: dict[str, StaffingLine]
) -> None:
    officer = User.objects.get(username="officer")
    enter(officer, lines["DVZ"], DAY, "Telfout", statutory="1950")
    figure = StaffingFigure.objects.get(origin="entered")
    address = reverse("personnel:staffing_withdraw", args=["DVZ", figure.uuid])
    assert page.post(address, {"reason": ""}).status_code == 422
    enter(officer, lines["DVZ"], DAY, "Telfout", statutory="1945")
    late = page.post(address, {"reason": "Toch juist", "version": "1"})
    assert late.status_code == 422
    assert 'name="version" value="2"' in late.content.decode()  # having seen it, again
    page.post(address, {"reason": "Toch juist", "version": "2"})
    html = read(page, "staffing_line", "DVZ")
    assert "1 951.7" in html
    assert "Toch juist" in html
    flow = {"measure": "fte", "statute": "all", "kind": "actual", "year": "2025", "part": "T1"}
    made = page.post(
        reverse("personnel:staffing_flow", args=["DVZ"]),
        {**flow, "inflow": "10", "outflow": "12.5", "version": "0"},
        follow=True,
    )
    assert "3 of 12 months" not in made.content.decode()  # no figure of the two days comes first
    assert "one of the two days has no figure" in made.content.decode()
    row = StaffingFlow.objects.get()
    assert (row.inflow, row.outflow, row.starts_on) == (10_000, 12_500, date(2025, 1, 1))
    assert "T1 2025" in read(page, "staffing_line", "DVZ")
    end = reverse("personnel:staffing_flow_withdraw", args=["DVZ", row.uuid])
    page.post(end, {"reason": "Dubbel", "version": "1"})
    assert "No in- or outflow was entered yet." in read(page, "staffing_line", "DVZ")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"year": "1850"}, "greater than or equal to 1901"),
        ({"inflow": "veel"}, "is not a number"),
        ({"outflow": ""}, "required"),
        ({"part": "Q9"}, "not one of the available choices"),
        ({"year": str(timezone.localdate().year)}, "is known after it"),
    ],
)
def test_a_wrong_flow_comes_back_with_what_was_typed(
    page: Client, typed: dict[str, str], said: str
) -> None:
    flow = {"measure": "fte", "statute": "all", "kind": "actual", "year": "2025", "part": "Y"}
    sent = {**flow, "inflow": "77", "outflow": "66", "reason": "Een reden", **typed}
    answer = page.post(reverse("personnel:staffing_flow", args=["DVZ"]), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Een reden" in answer.content.decode()
    assert not StaffingFlow.objects.exists()


def test_a_page_of_an_earlier_moment_shows_what_was_known_and_offers_no_entry(
    page: Client, lines: dict[str, StaffingLine]
) -> None:
    moment = timezone.now()
    enter(User.objects.get(username="officer"), lines["DVZ"], DAY, "Late", statutory="1950")
    assert "printed 1951,7" in read(page, "staffing_line", "DVZ")
    then = read(page, "staffing_line", "DVZ", known=moment.isoformat())
    assert "printed 1951,7" not in then
    assert "1 951.7" in then
    assert "Enter staffing" not in then
    early = (moment - timedelta(days=400)).isoformat()
    gone = page.get(reverse("personnel:staffing_line", args=["DVZ"]), {"known": early})
    assert gone.status_code == 404


def test_more_lines_take_no_more_queries(page: Client, lines: dict[str, StaffingLine]) -> None:
    def queries() -> int:
        steady.forget()
        with CaptureQueriesContext(connection) as caught:
            read(page, "staffing_lines")
            read(page, "staffing_line", "TOT")
        return len(caught)

    queries()  # what every session asks once
    before = queries()
    more = StaffingLine.objects.bulk_create(
        StaffingLine(code=f"X{n}", title=text(f"Lijn {n}"), parent=lines["ENV1"], order=n)
        for n in range(10)
    )
    StaffingFigure.objects.bulk_create(
        StaffingFigure(line=line, measure="fte", statute="all", kind="actual", on=DAY, amount=1_000)
        for line in more
    )
    assert queries() == before
