"""The pages of the allocation: lines, one line with its forms, the objectives and their panel."""

import re
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ibzplan.core import steady
from objectives.allocation.models import CreditAllocation
from objectives.allocation.services import allocation_withdraw
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry
from tests.markup import assert_sound_markup
from tests.objectives.allocation.small_world import World

LINE = ["kredieten", "ADCV"]


def client_of(ministry: Ministry, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[who])
    return client


def words(html: str) -> str:
    """Return what a page says, without its markup."""
    plain = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


def read(client: Client, name: str, *arguments: object, **query: str) -> str:
    """Return a page; its markup is sound."""
    answer = client.get(reverse(f"allocation:{name}", args=arguments), query)
    assert answer.status_code == 200
    assert_sound_markup(answer.content.decode())
    return words(answer.content.decode())


@pytest.fixture
def page(world: World) -> Client:
    return client_of(world.ministry, "planner_adcv")


def test_three_thirds_are_typed_and_the_line_has_nothing_left(world: World, page: Client) -> None:
    address = reverse("allocation:new", args=LINE)
    for title in ("Een", "Twee", "Drie"):
        objective = world.objective(title)
        typed = {"objective": str(objective.uuid), "share": "1/3", "version": "0", "reason": ""}
        assert page.post(address, typed).status_code == 302
    shown = read(page, "line", *LINE)
    assert "Not allocated 0 % 0 0" in shown
    assert shown.count("1/3 (33.33 %) 33.33333 30 ") == 2
    assert "1/3 (33.33 %) 33.33334 30 " in shown
    listed = read(page, "lines")
    assert "3 of 3 operational objectives have means" in listed
    assert "ADCV 100 90 100.0 % 0 0 Initial budget; to 3 objectives" in listed
    assert "100.0 % 0 0" not in read(page, "lines", unit="DVZ")
    assert "Krediet DVZ" not in read(page, "lines", minister="VBZ")


def test_a_typing_error_comes_back_with_its_value_and_a_remedy(world: World, page: Client) -> None:
    objective = world.objective()
    world.give(world.credits["ADCV"], world.objective("Ander"), "3/4")
    address = reverse("allocation:new", args=LINE)
    for share, said in (("een derde", "is not a share"), ("1", "100 %"), ("1/2", "at most 25 %")):
        typed = {"objective": str(objective.uuid), "share": share, "version": "0"}
        answer = page.post(address, typed)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert said in words(html)
        assert f'value="{share}"' in html
    assert not CreditAllocation.objects.filter(objective=objective).exists()


def test_a_share_is_changed_beside_what_someone_else_saved_and_withdrawn(
    world: World, page: Client
) -> None:
    objective = world.objective()
    row = world.give(world.credits["ADCV"], objective, "1/3")
    address = reverse("allocation:edit", args=[*LINE, row.uuid])
    assert 'value="1/3"' in page.get(address).content.decode()
    world.give(world.credits["ADCV"], objective, "1/2", expected_version=1)
    answer = page.post(address, {"share": "25 %", "version": "1"})
    assert answer.status_code == 422
    shown = words(answer.content.decode())
    assert "Share of the line 50 % 25 %" in shown
    assert page.post(address, {"share": "25 %", "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert row.share == Fraction(1, 4)
    leaving = reverse("allocation:withdrawal", args=[*LINE, row.uuid])
    assert page.post(leaving, {"version": "3", "reason": "Vergist"}).status_code == 302
    shown = read(page, "line", *LINE)
    assert "25 % → withdrawn Vergist" in shown
    assert "1/3 (33.33 %) → 50 %" in shown


def test_what_was_typed_for_a_share_that_is_gone_goes_into_an_empty_form(
    world: World, page: Client
) -> None:
    objective = world.objective()
    row = world.give(world.credits["ADCV"], objective, "1/3")
    allocation_withdraw(actor=world.officer, allocation=row, expected_version=1)
    address = reverse("allocation:edit", args=[*LINE, row.uuid])
    answer = page.post(address, {"share": "1/7", "version": "1"}, follow=True)
    html = answer.content.decode()
    assert "Someone withdrew this share meanwhile." in words(html)
    assert 'value="1/7"' in html
    assert f'value="{objective.uuid}" selected' in html


def test_who_may_not_see_an_objective_reads_its_share_and_not_its_name(world: World) -> None:
    objective = world.objective("Geheim plan")
    row = world.give(world.credits["ADCV"], objective, "1/4")
    other = client_of(world.ministry, "planner_dvz")
    shown = read(other, "line", *LINE)
    assert "Geheim" not in shown
    assert "1 objective that you do not see yet 25 % 25 22.5" in shown
    assert "Not allocated 75 % 75 67.5" in shown
    assert "Geheim" not in read(other, "objectives")
    assert "Geheim" not in read(client_of(world.ministry, "cabinet_vbz"), "lines")
    for name in ("edit", "withdrawal"):
        assert other.get(reverse(f"allocation:{name}", args=[*LINE, row.uuid])).status_code == 403
    assert other.get(reverse("allocation:line", args=["geld", "ADCV"])).status_code == 404
    assert other.get(reverse("allocation:line", args=["personeel", "XX"])).status_code == 404


def test_planners_are_told_who_changes_the_means_of_what_is_in_force(
    world: World, page: Client
) -> None:
    objective = world.objective()
    row = world.give(world.credits["ADCV"], objective, "1/4")
    OperationalObjective.objects.filter(pk=objective.pk).update(state="approved", waits_for="")
    address = reverse("allocation:edit", args=[*LINE, row.uuid])
    answer = page.post(address, {"share": "1/2", "version": "1"}, follow=True)
    shown = words(answer.content.decode())
    assert "Ask the B&B or P&O officers or the corporate cell." in shown
    office = client_of(world.ministry, "corporate")
    assert office.post(address, {"share": "1/2", "version": "1"}).status_code == 302
    assert "Change" not in shown.split("Objectives that count on it")[1].split("History")[0]
    assert "There is no objective of this year whose means you may change" in shown


def test_a_warning_stays_on_screen(world: World, page: Client, settings: object) -> None:
    settings.ALLOCATION_OVER = "warn"  # type: ignore[attr-defined]
    for title in ("Een", "Twee"):
        world.give(world.credits["ADCV"], world.objective(title), "2/3")
    for name, arguments in (("lines", []), ("line", LINE)):
        shown = read(page, name, *arguments)
        assert "Of line ADCV (unit: ADCV) 133.33 % is allocated" in shown
    assert "Allocated above all of it −1/3 (−33.33 %)" in shown


def test_the_objective_has_its_means_beside_the_words(world: World, page: Client) -> None:
    objective = world.objective()
    address = reverse("planning:objective", args=[objective.uuid])
    assert "No credits or FTE are allocated to it yet. Allocate of the lines of ADCV" in words(
        page.get(address).content.decode()
    )
    world.give(world.credits["ADCV"], objective, "1/4")
    world.give(world.people["ADCV"], objective, "1/10")
    shown = words(page.get(address).content.decode())
    assert "VL 25 , VE 22.5 kEUR Line ADCV (unit: ADCV); Initial budget 2026; 25.0 % of" in shown
    assert "120.14 FTE Line ADCV (unit: ADCV); Actual staffing, 31/12/2024; 10.0 % of" in shown
    assert "The money is of 2026 and the people are those of 31/12/2024: another year." in shown
    werf = words(page.get(reverse("planning:werf", args=["2.6"])).content.decode())
    assert "120.14 FTE Line ADCV" in werf
    assert "Of 1 objective." in werf
    listed = read(page, "objectives")
    assert "By werf 1 " in listed
    file = page.get(reverse("allocation:objectives"), {"export": "csv", "table": "werven"})
    assert b"2.6" in file.content
    assert b"120.14" in file.content
    assert b",75,67.5,1" in page.get(reverse("allocation:lines"), {"export": "csv"}).content


def test_the_pages_take_as_many_queries_for_many_shares(world: World, page: Client) -> None:
    def count(name: str, *arguments: object) -> int:
        steady.forget()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(page, name, *arguments)
        return len(queries)

    def give(number: int) -> None:
        objective = world.objective(f"Plan {number}")
        world.give(world.credits["ADCV"], objective, "1/9")
        world.give(world.people["ADCV"], objective, "1/9")

    give(1)
    pages = [("lines",), ("objectives",), ("line", *LINE)]
    before = [count(*one) for one in pages]
    for number in (2, 3):
        give(number)
    assert [count(*one) for one in pages] == before
