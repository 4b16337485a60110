"""Pages behind a position: as cheap deep in a list as at its start, and nothing twice or missed."""

from urllib.parse import unquote

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext

from objectives.indicators.models import Indicator
from objectives.security.models import PolicyFramework
from tests.api.conftest import Get, World

pytestmark = pytest.mark.urls("tests.api.urlconf")


def following(page: dict[str, str]) -> str:
    return page.get("next", "").removeprefix("http://testserver/api/v1/")


def walk(get: Get, path: str, member: str = "code") -> list[str]:
    seen = []
    while path:
        page = get("auditor", path).json()
        seen += [item[member] for item in page["items"]]
        path = following(page)
    return seen


def test_next_begins_behind_a_position_and_prev_counts_pages(world: World, get: Get) -> None:
    for n in range(5):
        world.indicator(f"I{n}", "ADVP")

    first = get("auditor", "indicators?pageSize=2").json()
    second = get("auditor", following(first)).json()
    third = get("auditor", following(second)).json()

    assert "after=" in first["next"]
    assert "page=" not in first["next"]
    assert [item["code"] for item in second["items"]] == ["I2", "I3"]
    assert "page=1" in second["prev"]
    assert "after=" not in second["prev"]
    assert "page=2" in third["prev"]
    assert "next" not in third
    assert {page["total"] for page in (first, second, third)} == {5}


def test_rows_that_come_in_between_move_no_other(world: World, get: Get) -> None:
    for n in (2, 4, 6, 8):
        world.indicator(f"I{n}", "ADVP")
    page = get("auditor", "indicators?pageSize=2").json()

    for n in (1, 3, 7):  # before the page, within it, behind it
        world.indicator(f"I{n}", "ADVP")

    assert walk(get, following(page)) == ["I6", "I7", "I8"]


def test_a_position_outlives_a_change_of_what_it_was_sorted_by(world: World, get: Get) -> None:
    rows = [world.indicator(f"I{n}", "ADVP") for n in range(4)]
    page = get("auditor", "indicators?pageSize=2").json()

    Indicator.objects.filter(pk=rows[1].pk).update(code="Z")

    assert walk(get, following(page)) == ["I2", "I3", "Z"]


@pytest.mark.parametrize("sort", ["validFromYear", "-validFromYear", "-validToYear,-code", "order"])
def test_ties_and_nulls_are_walked_once_in_the_order_of_one_page(
    world: World, get: Get, sort: str
) -> None:
    world.plan_entries(7)
    years = (2020, None, 2020, 2021, None, 2019, 2020)
    for row, year in zip(PolicyFramework.objects.order_by("pk"), years, strict=True):
        PolicyFramework.objects.filter(pk=row.pk).update(valid_from_year=year)

    whole = walk(get, f"policyFrameworks?sort={sort}")

    assert len(whole) == 7
    for size in (1, 2, 3):
        assert walk(get, f"policyFrameworks?sort={sort}&pageSize={size}") == whole


def test_moments_and_days_are_walked_in_both_directions(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    for n, period in enumerate(("2025-T1", "2025-T2", "2025-T3", "2025-T4")):
        world.figure(indicator, period, str(n), day="2026-01-05", breakdown_key="")
        world.figure(indicator, period, str(n), day="2026-01-05", breakdown_key="region=vl")

    for sort in ("recordedAt", "-recordedAt", "-periodStart,breakdown", "indicator,-periodEnd"):
        whole = walk(get, f"measurements?sort={sort}", "id")
        assert len(whole) == 8
        assert walk(get, f"measurements?sort={sort}&pageSize=3", "id") == whole
        assert walk(get, f"measurements?sort={sort}&pageSize=3&select=id", "id") == whole


def test_a_page_behind_a_position_counts_nothing(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    for month in range(1, 8):
        world.figure(indicator, f"2026-M{month:02}", "1", day=f"2026-{month + 1:02}-02")
    first = get("auditor", "measurements?pageSize=2").json()

    with CaptureQueriesContext(connection) as queries:
        second = get("auditor", following(first)).json()

    assert second["total"] == 7
    assert not [one for one in queries if "COUNT(" in one["sql"]]
    assert not [one for one in queries if "OFFSET" in one["sql"]]


@pytest.mark.parametrize("after", ["", "x", "WzFd", "WzFd:abc", "\x00", "é", "a" * 500])
def test_a_position_that_was_never_given_is_refused(world: World, get: Get, after: str) -> None:
    response = get("auditor", "indicators", after=after)

    assert response.status_code == 400
    assert response.json()["issues"][0]["name"] == "after"


def test_a_position_belongs_to_its_list_and_to_who_was_given_it(world: World, get: Get) -> None:
    for n in range(3):
        world.indicator(f"I{n}", "ADVP")
    path = following(get("auditor", "indicators?pageSize=1").json())

    assert get("auditor", path).status_code == 200
    assert get("auditor", path + "&select=code").status_code == 200
    assert get("auditor", path + "&unit=ADVP").status_code == 400
    assert get("auditor", path.replace("indicators", "goals")).status_code == 400
    assert get("corporate", path).status_code == 400


def test_page_and_after_do_not_go_together(world: World, get: Get) -> None:
    response = get("auditor", "indicators", page="1", after="x")

    assert response.status_code == 400
    assert response.json()["issues"][0]["name"] == "page"


def test_a_position_names_its_row_by_its_public_identity(world: World, get: Get) -> None:
    first = world.figure(world.indicator("I1", "ADVP"), "2026-T1", "1", day="2026-04-02")
    world.figure(world.indicator("I2", "ADVP"), "2026-T1", "1", day="2026-04-03")

    token = following(get("auditor", "measurements?pageSize=1").json()).partition("after=")[2]
    content = Signer(sep=".", salt="ibzplan.api.after").unsign_object(unquote(token))

    page, total, moment = 2, 2, {"moment": "2026-04-02T10:00:00+00:00"}
    version, _context, *parts = content
    assert version == 1
    assert parts == [page, total, [moment], str(first.uuid)]
