"""What every list does: pages, sort, search, filters, ETag, constant queries."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.steady import forget
from objectives.indicators.models import Indicator
from personnel.models import MinisterUnit
from tests.api.conftest import Get, World, codes, text

pytestmark = pytest.mark.urls("tests.api.urlconf")

NAMES = [collection.name for collection in COLLECTIONS]


def fill(world: World, prefix: str, count: int) -> None:
    """Add so many rows to every collection."""
    world.plan_entries(count)
    for n in range(count):
        code = f"{prefix}{n}"
        world.minister(code)
        unit = world.unit(code, code)
        unit.parent = world.units["ADVP"]
        unit.save()
        indicator = world.indicator(code, code)
        objective = world.objective(code, "ADVP")
        world.link(objective, indicator)
        world.question(objective, minister="BZ")
        world.question(indicator, minister="BZ")
        world.target(indicator, "5", day="2026-01-02", due="2026-12-31")
        figure = world.figure(indicator, "2026-T1", "1", day="2026-04-02")
        world.figure(indicator, "2026-T1", "1", day="2026-04-02", breakdown_key="region=vl")
        world.validate(figure, day="2026-04-03")
        indicator.derived_from = Indicator.objects.order_by("pk").first()
        world.version(indicator, valid_from=date(2026, 1, 1), day="2026-01-01", reason="Ruimer")
        indicator.save()
        world.amendment(objective)
        world.deadline(code)
        world.means(code, code)
        world.report(day=str(date(2026, 1, 1) + timedelta(days=len(world.units))))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("user", ["auditor", "cabinet"])
def test_queries_do_not_grow_with_rows(world: World, get: Get, name: str, user: str) -> None:
    fill(world, "A", 2)
    get(user, name)  # notes the token's first use

    counts, totals = [], []
    for prefix in ("B", "C"):
        forget()  # a process that keeps nothing yet, both times
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = get(user, name)
        assert response.status_code == 200
        counts.append(len(queries))
        totals.append(len(response.json()["items"]))
        fill(world, prefix, 6)

    assert totals[1] > totals[0] > 0
    assert counts[0] == counts[1]


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key, below
            yield from walk(below)
    elif isinstance(value, list):
        for below in value:
            yield from walk(below)


@pytest.mark.parametrize("name", NAMES)
def test_items_follow_their_declared_shape_and_their_links_lead_somewhere(
    world: World, get: Get, name: str
) -> None:
    fill(world, "A", 2)
    collection = next(c for c in COLLECTIONS if c.name == name)

    items = get("auditor", name).json()["items"]

    for item in items:
        assert set(item) <= collection.members
        assert {"pk", "order_id", "uuid"}.isdisjoint(key for key, _value in walk(item))
        assert all(v is not None for _key, v in walk(item))
        assert all("_" not in key for key, _value in walk(item))
    for key, address in walk(items[0]):
        if key == "href":
            response = get("auditor", address.removeprefix("http://testserver/api/v1/"))
            assert response.status_code == 200, address
    assert get("auditor", f"{name}/{items[0]['id']}").json() == items[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_sort_and_search_works(world: World, get: Get, name: str) -> None:
    fill(world, "A", 2)
    collection = next(c for c in COLLECTIONS if c.name == name)
    total = get("auditor", name).json()["total"]

    for key in collection.sortable:
        for sort in (key, f"-{key}"):
            response = get("auditor", name, sort=sort)
            assert response.status_code == 200, response.content
            assert response.json()["total"] == total
    if collection.search_prefix is not None:
        assert get("auditor", name, q="zzz").json()["total"] == 0


def test_pages_link_to_each_other_and_hold_every_row_once(world: World, get: Get) -> None:
    for n in range(5):
        world.indicator(f"I{n}", "ADVP")

    path, seen, pages = "indicators?pageSize=2&q=indicator&page=1", [], []
    while path:
        page = get("auditor", path).json()
        pages.append(page)
        seen += [item["code"] for item in page["items"]]
        path = page.get("next", "").removeprefix("http://testserver/api/v1/")

    assert seen == ["I0", "I1", "I2", "I3", "I4"]
    assert [page["total"] for page in pages] == [5, 5, 5]
    assert "prev" not in pages[0]
    assert "q=indicator" in pages[1]["prev"]
    assert pages[1]["prev"].startswith("http://testserver/api/v1/indicators?")
    assert pages[2]["self"].startswith("http://testserver/api/v1/indicators?")


def test_past_the_end_there_are_no_items_and_a_way_back(world: World, get: Get) -> None:
    world.indicator("I0", "ADVP")

    page = get("auditor", "indicators", page="7").json()

    assert page["items"] == []
    assert page["total"] == 1
    assert page["prev"].endswith("page=1")
    assert "next" not in page


def test_page_size_defaults_to_100(world: World, get: Get) -> None:
    for n in range(101):
        world.indicator(f"I{n:03}", "ADVP")

    assert len(get("auditor", "indicators").json()["items"]) == 100
    assert len(get("auditor", "indicators", pageSize="1000").json()["items"]) == 101


def test_sort_by_bytes_and_downwards(world: World, get: Get) -> None:
    for code in ("b-1", "B1", "a.2", "a10"):
        world.indicator(code, "ADVP")

    assert codes(get("auditor", "indicators")) == ["B1", "a.2", "a10", "b-1"]
    assert codes(get("auditor", "indicators", sort="-code")) == ["b-1", "a10", "a.2", "B1"]


def test_ties_and_nulls_have_one_order(world: World, get: Get) -> None:
    world.plan_entries(3)

    up = codes(get("auditor", "policyFrameworks", sort="validFromYear"))
    down = codes(get("auditor", "policyFrameworks", sort="-validFromYear"))

    assert up == down == ["X00", "X01", "X02"]


@pytest.mark.parametrize("q", ["GEIND", "geïnd", "boetes geïnde", "I-7", "i-7"])
def test_search_ignores_case_and_accents(world: World, get: Get, q: str) -> None:
    world.indicator("I-7", "ADVP", title="Geïnde boetes")
    world.indicator("I-8", "ADVP", title="Oproepen")

    assert codes(get("auditor", "indicators", q=q)) == ["I-7"]


def test_search_takes_percent_and_underscore_as_they_are(world: World, get: Get) -> None:
    world.indicator("I-7", "ADVP", title="100% op tijd")
    world.indicator("I-8", "ADVP", title="1000 oproepen")

    assert codes(get("auditor", "indicators", q="100%")) == ["I-7"]
    assert codes(get("auditor", "indicators", q="_")) == []


def test_localised_text_comes_per_language(world: World, get: Get) -> None:
    world.indicator("I1", "ADVP", title="Geïnde boetes")

    response = get("auditor", "indicators")

    assert response.json()["items"][0]["title"] == {"nl": "Geïnde boetes", "fr": "indicateur"}
    assert "Geïnde".encode() in response.content


def test_select_keeps_the_wanted_members_and_the_address(world: World, get: Get) -> None:
    world.indicator("I1", "ADVP")

    for select in ("code,unit", "(code,unit)"):
        item = get("auditor", "indicators", select=select).json()["items"][0]
        assert set(item) == {"code", "unit", "href"}


def test_the_objective_names_its_indicators(world: World, get: Get) -> None:
    objective, indicator = world.objective("O1", "ADVP"), world.indicator("I1", "ADVP")
    world.link(objective, indicator)

    item = get("auditor", "operationalObjectives", indicator="I1").json()["items"][0]

    assert item["indicators"] == [
        {
            "id": str(indicator.uuid),
            "code": "I1",
            "href": f"http://testserver/api/v1/indicators/{indicator.uuid}",
            "weight": 1,
            "key": False,
        }
    ]


def test_what_was_read_before_is_not_sent_again(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    first = get("auditor", "indicators")
    etag = first.headers["ETag"]

    again = get("auditor", "indicators", headers={"If-None-Match": etag})
    assert etag.startswith('W/"')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag
    assert "Authorization" in first.headers["Vary"]
    assert "private" in first.headers["Cache-Control"]

    indicator.title = text("Anders")
    world.version(indicator, valid_from=date(2000, 1, 1), day="2026-01-01", reason="Duidelijker")
    changed = get("auditor", "indicators", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_the_same_address_for_another_user_has_another_etag(world: World, get: Get) -> None:
    world.used(world.indicator("I1", "ADVP", is_confidential=True))

    mine = get("cabinet", "indicators").headers["ETag"]

    assert get("other cabinet", "indicators", headers={"If-None-Match": mine}).status_code == 200


def test_who_answers_to_whom_is_that_of_the_reference_date(world: World, get: Get) -> None:
    link = MinisterUnit.objects.get(unit=world.units["ADVP"])
    link.valid_from = date(2026, 7, 1)
    link.save()
    MinisterUnit.objects.create(
        unit=world.units["ADVP"], minister=world.ministers["AM"], valid_to=date(2026, 6, 30)
    )

    def found(path: str, **query: str) -> list[str]:
        return codes(get("auditor", path, **query))

    assert found("organisationUnits", minister="AM", referenceDate="2026-12-31") == ["DVZ"]
    assert found("organisationUnits", minister="BZ", referenceDate="2026-12-31") == ["ADVP"]
    assert found("organisationUnits", minister="AM", referenceDate="2026-03-01") == ["ADVP", "DVZ"]
    assert found("ministers", unit="ADVP", referenceDate="2026-12-31") == ["BZ"]
