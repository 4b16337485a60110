"""Figures: exact, zero kept, as known at a moment."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ibzplan.core.api.renderers import exact_number, to_json
from tests.api.conftest import Get, World, codes

pytestmark = pytest.mark.urls("tests.api.urlconf")


def test_zero_is_kept_and_null_is_left_out(world: World, get: Get) -> None:
    world.figure(world.indicator("I1", "ADVP"), "2026-T1", "0", day="2026-04-02")

    item = get("auditor", "measurements").json()["items"][0]

    assert item["value"] == 0
    assert item["valueState"] == "measured"
    assert {"numerator", "level", "doneOn", "reason", "narrative", "breakdown"}.isdisjoint(item)


def test_false_empty_text_and_null_in_a_list_are_kept() -> None:
    assert to_json({"a": False, "b": "", "c": None, "d": [None, 0]}) == (
        '{"a":false,"b":"","d":[null,0]}'
    )


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("1250.500000", "1250.5"),
        ("0.100000", "0.1"),
        ("-0.000000", "0"),
        ("100.000000", "100"),
        ("1E+3", "1000"),
        ("999999999999.999999", "999999999999.999999"),
    ],
)
def test_decimals_are_written_exactly(stored: str, written: str) -> None:
    assert exact_number(Decimal(stored)) == written


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_is_no_number_is_never_written(value: object) -> None:
    with pytest.raises(ValueError, match="no JSON form"):
        to_json(value)


def test_an_exact_figure_travels_unrounded(world: World, get: Get) -> None:
    figure = "12345678901.1234"  # 15 digits, all that a quantity can have
    world.figure(world.indicator("I1", "ADVP"), "2026-T1", figure, day="2026-04-02")

    body = get("auditor", "measurements").content

    assert json.loads(body, parse_float=Decimal)["items"][0]["value"] == Decimal(figure)


def test_a_measurement_shows_all_that_was_recorded(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP", is_demo=True)
    row = world.figure(
        indicator,
        "2026-T3",
        None,
        day="2026-10-02",
        numerator=Decimal("45"),
        denominator=Decimal("60"),
        breakdown_key="region=vl",
        narrative={"nl": "Beter", "fr": "Mieux"},
        reason="typo",
        is_demo=True,
    )

    root = "http://testserver/api/v1"
    assert get("auditor", f"measurements/{row.uuid}").json() == {
        "id": str(row.uuid),
        "href": f"{root}/measurements/{row.uuid}",
        "indicator": {
            "id": str(indicator.uuid),
            "code": "I1",
            "href": f"{root}/indicators/{indicator.uuid}",
        },
        "period": "2026-T3",
        "periodStart": "2026-07-01",
        "periodEnd": "2026-09-30",
        "breakdown": "region=vl",
        "valueState": "measured",
        "numerator": 45,
        "denominator": 60,
        "provisional": True,
        "validation": "provisional",
        "locked": False,
        "approved": False,
        "confirmedChecks": [],
        "recordedAt": "2026-10-02T10:00:00Z",
        "reason": "typo",
        "narrative": {"nl": "Beter", "fr": "Mieux"},
        "fictional": True,
    }


def test_as_of_before_a_correction_gives_the_old_value(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    world.figure(indicator, "2026-T1", "10", day="2026-04-02")
    world.figure(indicator, "2026-T1", "12", day="2026-05-02", reason="recount")

    def values(**query: str) -> list[int]:
        items = get("auditor", "measurements", **query).json()["items"]
        return [item["value"] for item in items]

    assert values() == [12]
    assert values(asOf="2026-04-30") == [10]
    assert values(asOf="2026-05-02T10:00:00Z") == [12]
    assert values(asOf="2026-05-02T11:59:59+02:00") == [10]
    assert values(asOf="2026-04-01") == []
    assert values(includeHistory="true") == [10, 12]
    assert values(includeHistory="true", asOf="2026-04-30") == [10]


def test_a_validation_counts_from_when_it_was_known(world: World, get: Get) -> None:
    row = world.figure(world.indicator("I1", "ADVP"), "2026-T1", "1", day="2026-04-02")
    world.validate(row, day="2026-04-10")

    then = get("auditor", "measurements", asOf="2026-04-05").json()["items"]
    now = get("auditor", "measurements").json()["items"]

    assert [then[0]["provisional"], now[0]["provisional"]] == [True, False]


def test_a_returned_figure_says_so_to_whoever_reads_corrections(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP", is_submitted=True)
    row = world.figure(indicator, "2026-T1", "1", day="2026-04-02")
    world.event(row, "returned", day="2026-04-10", reason="Zone Zuid ontbreekt")

    def review(user: str, **query: str) -> tuple[str, bool, str | None]:
        item = get(user, "measurements", **query).json()["items"][0]
        return item["validation"], item["provisional"], item.get("returnReason")

    for user in ("planner", "auditor", "corporate"):
        assert review(user) == ("returned", True, "Zone Zuid ontbreekt"), user
    assert review("cabinet") == ("provisional", True, None)
    assert review("planner", asOf="2026-04-05") == ("provisional", True, None)
    world.validate(row, day="2026-04-20")
    assert review("planner") == ("validated", False, None)
    assert review("planner", asOf="2026-04-15")[0] == "returned"


def test_a_breakdown_is_validated_with_its_total(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    total = world.figure(indicator, "2026-T1", "10", day="2026-04-02")
    for key, value in (("region=bru", "4"), ("region=vl", "6")):
        world.figure(indicator, "2026-T1", value, day="2026-04-02", breakdown_key=key)

    def seen(user: str, **query: str) -> list[tuple[str, int, str]]:
        items = get(user, "measurements", sort="breakdown", **query).json()["items"]
        return [(i.get("breakdown", ""), i["value"], i["validation"]) for i in items]

    parts = [("", 10), ("region=bru", 4), ("region=vl", 6)]
    assert seen("cabinet") == [(*part, "provisional") for part in parts]
    assert seen("other cabinet") == []
    world.validate(total, day="2026-04-10")
    assert seen("cabinet") == seen("other cabinet") == [(*part, "validated") for part in parts]
    assert seen("other cabinet", asOf="2026-04-09") == []


def test_a_correction_of_a_breakdown_waits_for_validation_like_its_total(
    world: World, get: Get
) -> None:
    indicator = world.indicator("I1", "ADVP")
    first = world.figure(indicator, "2026-T1", "10", day="2026-04-02")
    world.figure(indicator, "2026-T1", "4", day="2026-04-02", breakdown_key="region=bru")
    world.figure(indicator, "2026-T1", "6", day="2026-04-02", breakdown_key="region=vl")
    world.validate(first, day="2026-04-10")
    second = world.figure(indicator, "2026-T1", "11", day="2026-05-02", reason="recount")
    world.figure(indicator, "2026-T1", "5", day="2026-05-02", breakdown_key="region=bru")

    def seen(user: str, **query: str) -> list[tuple[int, bool]]:
        items = get(user, "measurements", sort="breakdown", **query).json()["items"]
        return [(i["value"], i["provisional"]) for i in items]

    assert seen("cabinet") == [(11, True), (5, True), (6, False)]
    assert seen("other cabinet") == [(10, False), (4, False), (6, False)]
    history = [(10, False), (4, False), (6, False)]
    assert sorted(seen("other cabinet", includeHistory="true")) == sorted(history)
    world.validate(second, day="2026-05-10")
    assert seen("other cabinet") == [(11, False), (5, False), (6, False)]


def test_a_part_that_was_taken_away_is_missing_and_not_zero(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    for day, value in (("2026-04-02", "0"), ("2026-05-02", None)):
        world.figure(indicator, "2026-T1", "10", day=day)
        world.figure(indicator, "2026-T1", value, day=day, breakdown_key="region=bru")

    def part(**query: str) -> tuple[str, int | None]:
        item = get("auditor", "measurements", breakdown="region=bru", **query).json()["items"][0]
        return item["valueState"], item.get("value")

    assert part() == ("missing", None)
    assert part(asOf="2026-04-30") == ("measured", 0)


def test_a_period_is_locked_from_the_report_on_with_its_correction(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    first = world.figure(indicator, "2026-T1", "10", day="2026-04-02")
    world.figure(indicator, "2026-T1", "4", day="2026-04-02", breakdown_key="region=bru")
    world.figure(indicator, "2026-T2", "7", day="2026-07-02")
    world.event(first, "locked", day="2026-07-10")
    world.figure(
        indicator,
        "2026-T1",
        "12",
        day="2026-08-02",
        reason="recount",
        approved_by=world.users["corporate"],
        confirmed_checks=["fall_of_to_date"],
    )

    def seen(**query: str) -> list[tuple[int, bool, bool]]:
        items = get("auditor", "measurements", sort="periodStart,breakdown", **query)
        return [(i["value"], i["locked"], i["approved"]) for i in items.json()["items"]]

    assert seen() == [(12, True, True), (4, True, False), (7, False, False)]
    assert seen(asOf="2026-07-31") == [(10, True, False), (4, True, False), (7, False, False)]
    assert {locked for _value, locked, _approved in seen(asOf="2026-07-09")} == {False}
    item = get("auditor", "measurements", sort="-recordedAt").json()["items"][0]
    assert item["confirmedChecks"] == ["fallOfToDate"]


def test_the_reference_date_selects_ended_periods(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    world.figure(indicator, "2026-T1", "1", day="2026-04-02")
    world.figure(indicator, "2026-T2", "2", day="2026-07-02")

    items = get("auditor", "measurements", referenceDate="2026-06-29").json()["items"]

    assert [item["period"] for item in items] == ["2026-T1"]


def test_targets_have_history_too(world: World, get: Get) -> None:
    indicator = world.indicator("I1", "ADVP")
    world.target(indicator, "90", day="2026-01-10", due="2026-12-31")
    world.target(indicator, "80.5", day="2026-06-10", due="2026-12-31")

    def values(**query: str) -> list[float]:
        return [i["value"] for i in get("auditor", "targets", **query).json()["items"]]

    assert values() == [80.5]
    assert values(asOf="2026-03-01") == [90]
    assert values(includeHistory="true") == [90, 80.5]


def test_measurement_filters(world: World, get: Get) -> None:
    ours, theirs = world.indicator("I1", "ADVP"), world.indicator("I2", "DVZ")
    for period, day in (("2026-T1", "2026-04-02"), ("2026-T2", "2026-07-02")):
        world.figure(ours, period, "1", day=day)
        world.figure(theirs, period, "1", day=day)

    def count(**query: str) -> int:
        response = get("auditor", "measurements", **query)
        assert response.status_code == 200, response.content
        total: int = response.json()["total"]
        return total

    assert count(indicator="I1") == 2
    assert count(indicator=str(theirs.uuid)) == 2
    assert count(indicator="nothing") == 0
    assert count(unit="ADVP") == 2
    assert count(period="2026-T1") == 2
    assert count(period="2026") == 0
    assert count(periodFrom="2026-T2") == 2
    assert count(periodTo="2026-T1", indicator="I1") == 1
    assert count(updated="2026-04-02T10:00:00Z") == 2
    assert count(updated="2026-04-02T12:00:00+02:00") == 2
    assert count(updated="2026-04-02") == 4
    assert count(fictional="true") == 0
    assert count(fictional="false") == 4


def test_an_organisation_unit_that_ended_leaves_the_list_and_keeps_its_address(
    world: World, get: Get
) -> None:
    unit = world.units["DVZ"]
    unit.valid_to = "2026-06-30"
    unit.save()

    assert codes(get("auditor", "organisationUnits")) == ["ADVP"]
    assert codes(get("auditor", "organisationUnits", referenceDate="2026-06-30")) == ["ADVP", "DVZ"]
    assert get("auditor", f"organisationUnits/{unit.uuid}").status_code == 200


def test_a_page_says_byte_for_byte_what_its_items_say(world: World, get: Get) -> None:
    plain = world.indicator("I1", "ADVP", is_submitted=True)
    other = world.indicator('I "2"', "DVZ", is_submitted=True)
    first = world.figure(plain, "2026-T1", "-0.0001", day="2026-04-02", reason='"\\é\n')
    world.event(first, "returned", day="2026-04-03", reason='Zone "Zuid"')
    world.event(first, "locked", day="2026-04-04")
    varied: list[tuple[str, dict[str, Any]]] = [
        ("2026-M01", {"value": "12345678901.1234"}),
        ("2026-M02", {"value": None, "numerator": Decimal(0), "denominator": Decimal("4.5")}),
        ("2026-M03", {"value": None, "level": 0}),
        ("2026-M04", {"value": None, "done_on": date(2026, 4, 2)}),
        ("2026-M05", {"value": None, "forecast_on": date(2026, 9, 2), "is_demo": True}),
        ("2026-T1", {"value": "1", "breakdown_key": "region=vl"}),
        ("2026-T1", {"value": None, "breakdown_key": "region=bru"}),
        (
            "2025",
            {"value": "100", "narrative": {"nl": 'é "x"', "states": {"nl": "unofficial"}}},
        ),
        ("2025-S1", {"value": "0.1", "confirmed_checks": ["fall_of_to_date"]}),
        ("2025-S2", {"value": "-0", "approved_by": world.users["corporate"]}),
    ]
    for n, (period, values) in enumerate(varied):
        when = "2026-04-02" if period == "2026-T1" else f"2026-06-{n + 1:02}"
        row = world.figure(other if n % 3 == 1 else plain, period, day=when, **values)
        if n % 2:
            world.validate(row, day="2026-07-01")

    for user in ("auditor", "planner", "cabinet", "other cabinet", "corporate"):
        for query in ({}, {"includeHistory": "true"}, {"asOf": "2026-06-03", "sort": "-periodEnd"}):
            written = get(user, "measurements", **query)
            by_item = get(user, "measurements", embed="indicator", **query)
            assert b'"items":[{' in written.content
            assert (
                written.content.partition(b',"total"')[0]
                == (by_item.content.partition(b',"total"')[0])
            )
