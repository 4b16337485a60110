"""Texts per language: all of them, or the best of those that the caller reads."""

import pytest

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.languages import accepted, narrowed
from ibzplan.core.localised import LocalisedText
from objectives.indicators.serializers import IndicatorItem
from tests.api.conftest import Get, World, text

pytestmark = pytest.mark.urls("tests.api.urlconf")


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ()),
        ("*", ()),
        ("es", ()),
        ("nl", ("nl",)),
        ("nl-BE", ("nl",)),
        ("NL-be, fr;q=0.5", ("nl", "fr")),
        ("fr;q=0.5, nl;q=0.9", ("nl", "fr")),
        ("fr, nl;q=0", ("fr",)),
        ("es, de", ("de",)),
        ("fr, *;q=0.1", ("fr", "nl", "en", "de")),
        ("*, fr;q=0.5", ()),
        ("nonsense;;q=,x", ()),
    ],
)
def test_the_header_is_read_by_weight(header: str, languages: tuple[str, ...]) -> None:
    assert accepted(header) == languages


def test_without_the_header_every_language_comes(world: World, get: Get) -> None:
    world.indicator("I1", "ADVP", title="Boetes")

    response = get("auditor", "indicators")

    assert response.json()["items"][0]["title"] == {"nl": "Boetes", "fr": "indicateur"}
    assert response.headers["Content-Language"] == "nl, fr, en, de"
    assert "Accept-Language" in response.headers["Vary"]


def test_with_the_header_each_text_keeps_the_best_there_is(world: World, get: Get) -> None:
    world.indicator("I1", "ADVP", title="Boetes")  # its unit of measure is in Dutch only

    response = get("auditor", "indicators", headers={"Accept-Language": "fr-BE, fr;q=0.9"})

    item = response.json()["items"][0]
    assert item["title"] == {"fr": "indicateur"}
    assert item["unitOfMeasure"] == {"nl": "stuks"}
    assert response.headers["Content-Language"] == "nl, fr"


def test_texts_in_lists_and_in_what_is_embedded_follow(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP", levels=[{"nl": "Laag", "fr": "Bas"}])
    world.figure(indicator, "2026-T1", "1", day="2026-04-02", narrative={"nl": "A", "fr": "B"})

    page = get(
        "auditor", "measurements", embed="indicator", headers={"Accept-Language": "fr"}
    ).json()

    (whole,) = page["embedded"].values()
    assert page["items"][0]["narrative"] == {"fr": "B"}
    assert whole["title"] == {"fr": "indicateur"}
    assert whole["levels"] == [{"fr": "Bas"}]


def test_every_collection_narrows_its_texts(world: World, get: Get) -> None:
    world.plan_entries(1)

    for collection in COLLECTIONS:
        response = get("auditor", collection.name, headers={"Accept-Language": "fr"})
        assert response.status_code == 200
        assert response.headers["Content-Language"] in ("fr", "nl", "nl, fr")


def test_a_shape_tells_where_its_texts_are() -> None:
    item = {"title": dict(LocalisedText({"nl": "a", "de": "b"})), "levels": None}

    assert narrowed([item], IndicatorItem, ("de", "nl")) == {"de"}
    assert item["title"] == {"de": "b"}


def test_a_problem_is_told_in_the_callers_language(world: World, get: Get) -> None:
    told = {
        language: get("auditor", "indicators", page="0", headers={"Accept-Language": language})
        for language in ("nl", "fr", "en")
    }

    assert len({response.json()["detail"] for response in told.values()}) == 3
    assert {k: v.headers["Content-Language"] for k, v in told.items()} == {
        language: language for language in told
    }


def test_the_etag_says_which_state_and_which_answer(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    path = f"indicators/{indicator.uuid}"

    whole = get("auditor", path).headers["ETag"]
    dutch = get("auditor", path, headers={"Accept-Language": "nl"}).headers["ETag"]
    chosen = get("auditor", path, select="code").headers["ETag"]
    within = get("auditor", path, embed="unit").headers["ETag"]

    assert whole.startswith('"')
    assert len({whole, dutch, chosen, within}) == 4
    assert {tag.strip('"').partition(".")[0] for tag in (dutch, chosen, within)} == {
        whole.strip('"')
    }
    for tag, query in ((whole, {}), (chosen, {"select": "code"}), (within, {"embed": "unit"})):
        again = get("auditor", path, headers={"If-None-Match": tag}, **query)
        assert (again.status_code, again.content) == (304, b"")
    world.units["ADVP"].title = text("Anders")
    world.units["ADVP"].save()
    changed = get("auditor", path, embed="unit", headers={"If-None-Match": within})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("select", "members"),
    [
        ("code,unit(code)", {"code", "unit", "href"}),
        ("(code,unit(code),title(nl))", {"code", "unit", "title", "href"}),
        ("disaggregations(code,members(code)),id", {"id", "disaggregations", "href"}),
    ],
)
def test_members_below_members_can_be_chosen(
    world: World, get: Get, select: str, members: set[str]
) -> None:
    world.indicator("I1", "ADVP")

    item = get("auditor", "indicators", select=select).json()["items"][0]

    assert set(item) == members
    assert item.get("unit", {"code": "ADVP"}) == {"code": "ADVP"}
    assert set(item.get("title", {"nl": ""})) == {"nl"}


@pytest.mark.parametrize(
    "select", ["code(", "code(nl)", "unit(pk)", "unit()", "unit(code", "code,,id", "(", "code)"]
)
def test_what_cannot_be_chosen_is_refused(world: World, get: Get, select: str) -> None:
    response = get("auditor", "indicators", select=select)

    assert response.status_code == 400
    assert response.json()["issues"][0]["name"] == "select"
