"""Resources within the answer of another: whole, once, and only what the caller may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.registry import collection_named
from tests.api.conftest import Get, World
from tests.api.test_lists import fill

pytestmark = pytest.mark.urls("tests.api.urlconf")

EMBEDS = [(c.name, member) for c in COLLECTIONS for member in c.embeds]


def test_what_is_embedded_is_a_member_that_refers_to_that_collection() -> None:
    for collection in COLLECTIONS:
        for member, target in collection.embeds.items():
            assert member in collection.members
            assert collection_named(target).name == target


def test_an_indicator_stands_once_under_its_address(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    world.figure(indicator, "2026-T1", "1", day="2026-04-02")
    row = world.figure(indicator, "2026-T2", "2", day="2026-07-02")

    page = get("auditor", "measurements", embed="indicator").json()
    one = get("auditor", f"measurements/{row.uuid}", embed="indicator").json()

    address = page["items"][0]["indicator"]["href"]
    whole = get("auditor", f"indicators/{indicator.uuid}").json()
    assert page["embedded"] == {address: whole}
    assert one["embedded"] == {address: whole}
    assert one["id"] == str(row.uuid)


def test_several_are_embedded_beside_each_other(world: World, get: Get) -> None:
    world.link(world.objective("O1", "ADVP"), world.indicator("I1", "ADVP"))

    page = get("auditor", "operationalObjectives", embed="unit,indicators,werf,goals").json()

    shown = {address.split("/")[-2] for address in page["embedded"]}
    assert shown == {"organisationUnits", "indicators", "werven", "goals"}


def test_what_the_caller_may_not_see_stays_out(world: World, get: Get) -> None:
    draft = world.objective("O1", "ADVP", state="draft")
    world.amendment(draft)
    world.amendment(world.objective("O2", "ADVP"))

    items = get("cabinet", "amendments").json()["items"]

    assert [[one["code"] for one in item["changes"][0]["objectives"]] for item in items] == [
        ["O2"],
        [],
    ]


@pytest.mark.parametrize("embed", ["unit,", "nothing", "indicator,nothing", "indicator(unit)"])
def test_what_cannot_be_embedded_is_refused(world: World, get: Get, embed: str) -> None:
    response = get("auditor", "measurements", embed=embed)

    assert response.status_code == 400
    assert response.json()["issues"][0]["name"] == "embed"
    assert "indicator" in response.json()["issues"][0]["detail"]


def test_a_collection_that_refers_to_nothing_knows_no_embed(world: World, get: Get) -> None:
    assert get("auditor", "missions", embed="plan").status_code == 400


def test_without_embed_nothing_stands_beside(world: World, get: Get) -> None:
    world.indicator("I1", "ADVP")

    assert "embedded" not in get("auditor", "indicators").json()
    assert get("auditor", "targets", embed="indicator").json()["embedded"] == {}


def test_embedding_takes_the_same_number_of_queries_with_more_rows(world: World, get: Get) -> None:
    fill(world, "A", 1)
    names = {name for name, _member in EMBEDS}

    def counted() -> dict[str, int]:
        found = {}
        for name in sorted(names):
            every = ",".join(member for one, member in EMBEDS if one == name)
            with CaptureQueriesContext(connection) as queries:
                assert get("auditor", name, embed=every).status_code == 200
            found[name] = len(queries)
        return found

    counted()  # what a process keeps, it keeps
    fill(world, "B", 1)
    before = counted()
    fill(world, "C", 3)

    assert counted() == before
