"""Indicators in the API: the definition that holds by both clocks, and what it is measured by."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from objectives.indicators.models import Indicator
from objectives.indicators.services.definition_checks import FIRST_DAY
from tests.api.conftest import Get, World, codes, text

pytestmark = pytest.mark.urls("tests.api.urlconf")

REGIONS = [
    {
        "code": "region",
        "title": {"nl": "Gewest", "fr": "Région"},
        "adds_up": True,
        "members": [{"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}}],
    }
]


@pytest.fixture
def redefined(world: World) -> Indicator:
    """I1: an output in pieces; since 1 May an outcome, from 2026 on, and the series breaks."""
    made = world.indicator("I1", "ADVP", indicator_type="output", possible_low=Decimal(0))
    made.title, made.indicator_type = text("Ruimer", "Plus large"), "outcome"
    made.disaggregations = REGIONS
    world.version(
        made,
        valid_from=date(2026, 1, 1),
        day="2026-05-01",
        reason="Ook onlineaangiften",
        is_series_break=True,
    )
    made.save()
    return made


def read(get: Get, **query: str) -> Any:
    return get("auditor", "indicators", **query).json()["items"][0]


def test_the_whole_sheet_is_shown(world: World, get: Get) -> None:
    words: dict[str, Any] = {
        name: text(f"{name} nl", f"{name} fr")
        for name in (
            *("definition", "inclusions", "exclusions", "rationale", "misuse_risk", "limitations"),
            *("numerator_definition", "denominator_definition", "source", "method"),
        )
    }
    origin = world.indicator("ORIGIN", "DVZ")
    made = world.indicator(
        "I1",
        "ADVP",
        **words,
        derived_from=origin,
        indicator_type="input",
        accumulation="to_date",
        period_aggregation="latest",
        unit_aggregation="sum",
        disaggregations=REGIONS,
        possible_low=Decimal(0),
        possible_high=Decimal("99.5"),
        compiler="Statisticus",
        approver="Directeur-generaal",
        decimals=1,
    )

    item = get("auditor", f"indicators/{made.uuid}").json()

    for name, value in words.items():
        first, *rest = ("data_source" if name == "source" else name).split("_")
        assert item[first + "".join(map(str.capitalize, rest))] == dict(value)
    assert item["indicatorType"] == "input"
    assert (item["accumulation"], item["periodAggregation"]) == ("toDate", "latest")
    assert item["unitAggregation"] == "sum"
    assert (item["possibleLow"], item["possibleHigh"], item["decimals"]) == (0, 99.5, 1)
    assert (item["compiler"], item["approver"]) == ("Statisticus", "Directeur-generaal")
    assert item["disaggregations"] == [
        {
            "code": "region",
            "title": {"nl": "Gewest", "fr": "Région"},
            "addsUp": True,
            "members": [{"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}}],
        }
    ]
    assert item["derivedFrom"]["code"] == "ORIGIN"
    assert (item["definitionVersion"], item["seriesBreaks"]) == (1, [])
    assert {"submitted", "released", "isReleased", "definitionReason"}.isdisjoint(item)


def test_a_definition_is_read_as_it_was_known_then(get: Get, redefined: Indicator) -> None:
    now = read(get, referenceDate="2026-06-30")
    before = read(get, referenceDate="2026-06-30", asOf="2026-04-30")
    other_year = read(get, referenceDate="2025-12-31")

    assert (now["title"]["nl"], now["indicatorType"]) == ("Ruimer", "outcome")
    assert (now["definitionVersion"], now["validFrom"]) == (2, "2026-01-01")
    assert now["definedAt"] == "2026-05-01T10:00:00Z"
    assert now["definitionReason"] == "Ook onlineaangiften"
    assert now["seriesBreaks"] == [{"on": "2026-01-01", "reason": "Ook onlineaangiften"}]
    assert (before["title"]["nl"], before["indicatorType"]) == ("Indicator I1", "output")
    assert (before["definitionVersion"], before["seriesBreaks"]) == (1, [])
    assert before["disaggregations"] == []
    assert (other_year["definitionVersion"], other_year["title"]["nl"]) == (1, "Indicator I1")
    assert other_year["seriesBreaks"] == now["seriesBreaks"]


def test_an_indicator_that_nobody_had_defined_yet_is_not_listed(world: World, get: Get) -> None:
    made = world.indicator("I1", "ADVP")

    assert get("auditor", "indicators", asOf="2025-01-01T09:59:59Z").json()["total"] == 0
    assert get("auditor", "indicators", asOf="2025-01-01T10:00:00Z").json()["total"] == 1
    assert get("auditor", f"indicators/{made.uuid}", asOf="2024-12-31").status_code == 404


def test_a_day_before_every_definition_gets_the_first(get: Get, redefined: Indicator) -> None:
    assert read(get, referenceDate="1990-01-01")["definitionVersion"] == 1
    assert read(get, referenceDate="1990-01-01", indicatorType="output")["code"] == "I1"


def test_filters_go_by_the_definition_that_is_shown(get: Get, redefined: Indicator) -> None:
    def found(**query: str) -> list[str]:
        return codes(get("auditor", "indicators", **query))

    assert found(indicatorType="outcome", referenceDate="2026-06-30") == ["I1"]
    assert found(indicatorType="output", referenceDate="2026-06-30") == []
    assert found(indicatorType="output", referenceDate="2026-06-30", asOf="2026-04-30") == ["I1"]
    assert found(indicatorType="outcome", referenceDate="2025-12-31") == []
    assert found(targetKind="increase", accumulation="level", frequency="T") == ["I1"]
    assert found(targetKind="decrease") == []


def test_filters_go_by_a_version_that_took_the_place_of_a_later_one(
    world: World, get: Get, redefined: Indicator
) -> None:
    redefined.indicator_type = "input"
    world.version(redefined, valid_from=date(2025, 7, 1), day="2026-06-01", reason="Eerder al")

    def found(**query: str) -> list[str]:
        return codes(get("auditor", "indicators", referenceDate="2026-06-30", **query))

    assert read(get, referenceDate="2026-06-30")["indicatorType"] == "input"
    assert found(indicatorType="input") == ["I1"]
    assert found(indicatorType="outcome") == []


def test_where_a_definition_was_copied_from_stays_hidden_with_its_source(
    world: World, get: Get
) -> None:
    secret = world.used(world.indicator("SECRET", "DVZ", is_confidential=True))
    world.used(world.indicator("COPY", "ADVP", derived_from=secret))

    for origin in ("SECRET", str(secret.uuid)):
        assert codes(get("other cabinet", "indicators", derivedFrom=origin)) == ["COPY"]
        assert codes(get("cabinet", "indicators", derivedFrom=origin)) == []
    assert "derivedFrom" in get("other cabinet", "indicators", code="COPY").json()["items"][0]
    assert "derivedFrom" not in get("cabinet", "indicators", code="COPY").json()["items"][0]


def test_a_target_of_a_draft_of_next_year_stays_with_its_unit(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP", is_submitted=True, submitted_year=2026)
    world.used(indicator, approved_on="2026-01-20")
    world.target(indicator, "90", day="2026-01-10", due="2026-12-31")
    world.target(indicator, "95", day="2026-06-10", due="2026-12-31", plan_year=2027)
    world.target(indicator, "97", day="2026-06-11", due="2027-12-31")

    def values(user: str, **query: str) -> list[tuple[int, int]]:
        items = get(user, "targets", **query).json()["items"]
        return [(item["planYear"], item["value"]) for item in items]

    assert values("planner") == values("auditor") == [(2027, 95), (2027, 97)]
    for user in ("other planner", "cabinet", "other cabinet", "corporate"):
        assert values(user) == [(2026, 90)]
        assert values(user, includeHistory="true") == [(2026, 90)]
        assert values(user, planYear="2027") == []
    Indicator.objects.filter(pk=indicator.pk).update(submitted_year=2027)
    assert values("corporate") == [(2027, 95), (2027, 97)]
    assert values("cabinet") == [(2026, 90)]


def test_a_definition_for_next_year_stays_inside_until_its_plan_is_submitted(
    world: World, get: Get
) -> None:
    indicator = world.indicator("I1", "ADVP", is_submitted=True, submitted_year=2026)
    world.used(indicator)
    indicator.title = text("Volgend jaar anders")
    world.version(
        indicator,
        valid_from=date(2027, 1, 1),
        day="2026-06-01",
        reason="Nieuwe bron",
        is_series_break=True,
    )

    def told(user: str, **query: str) -> tuple[str, int, int]:
        item = get(user, "indicators", **query).json()["items"][0]
        return item["title"]["nl"], item["definitionVersion"], len(item["seriesBreaks"])

    inside, outside = ("Volgend jaar anders", 2, 1), ("Indicator I1", 1, 0)
    for user in ("planner", "auditor"):
        assert told(user, referenceDate="2027-02-01") == inside, user
    for user in ("other planner", "cabinet", "other cabinet", "corporate"):
        assert told(user, referenceDate="2027-02-01") == outside, user
        assert told(user) == outside, user
    Indicator.objects.filter(pk=indicator.pk).update(submitted_year=2027)
    assert told("corporate", referenceDate="2027-02-01") == inside
    assert told("cabinet", referenceDate="2027-02-01") == outside


def test_what_a_draft_said_and_aimed_at_stays_with_its_unit_at_every_moment(
    world: World, get: Get
) -> None:
    indicator = world.indicator("I1", "ADVP", is_submitted=True, submitted_year=2026)
    world.used(indicator, approved_on="2026-01-20")
    world.target(indicator, "80", day="2026-01-05", due="2026-12-31")
    world.target(indicator, "90", day="2026-01-10", due="2026-12-31")
    indicator.title = text("Na de terugkeer")
    world.version(indicator, valid_from=FIRST_DAY, day="2026-01-10", reason="Teruggestuurd")
    world.target(indicator, "95", day="2026-03-10", due="2026-12-31")

    def titles(user: str, **query: str) -> list[str]:
        return [item["title"]["nl"] for item in get(user, "indicators", **query).json()["items"]]

    def values(user: str, **query: str) -> list[int]:
        return [item["value"] for item in get(user, "targets", **query).json()["items"]]

    draft = {"asOf": "2026-01-06"}
    for user in ("planner", "auditor", "corporate"):
        assert (titles(user, **draft), values(user, **draft)) == (["Indicator I1"], [80]), user
        assert values(user, includeHistory="true") == [80, 90, 95]
    for user in ("cabinet", "other cabinet", "other planner"):
        assert (titles(user, **draft), values(user, **draft)) == ([], []), user
        assert titles(user, asOf="2026-02-01") == ["Na de terugkeer"]
        assert values(user, asOf="2026-02-01") == [90]
        assert values(user, includeHistory="true") == [90, 95]
