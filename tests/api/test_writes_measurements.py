"""Figures through the API, one by one: recorded, corrected, confirmed, not applicable."""

from datetime import date
from typing import Any

import pytest

from objectives.indicators.models import Correction, Indicator, Measurement, Obligation
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, FigurePart, figures_lock
from objectives.planning.services import figure_record
from tests.api.writers import Writer, decimal_of, issues, measured
from tests.factories import Ministry, text
from tests.objectives.operations import REGIONS

pytestmark = pytest.mark.urls("tests.api.urlconf")

COLUMNS = (
    *("value", "numerator", "denominator", "level", "done_on", "breakdown_key", "reason"),
    *("recorded_by_id", "period_start", "period_end", "resolution", "narrative"),
    *("confirmed_checks", "is_demo"),
)


def rows(indicator: Indicator) -> list[tuple[Any, ...]]:
    found = Measurement.objects.filter(indicator=indicator).order_by("recorded_at", "breakdown_key")
    return [tuple(getattr(row, name) for name in COLUMNS) for row in found]


def figure(indicator: Indicator, period: str = "2026-T1", **more: Any) -> dict[str, Any]:
    return {"indicator": indicator.code, "period": period, **more}


def test_a_figure_is_recorded_as_by_the_page(writer: Writer, ministry: Ministry) -> None:
    by_page = measured(ministry, disaggregations=[REGIONS])
    by_api = ministry.indicator(by_page.objective_links.get().objective, disaggregations=[REGIONS])
    parts = {"region=bru": "30.5", "region=vl": "50", "region=wal": "9"}
    figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=by_page,
        period=parse_period("2026-T1"),
        figure=Figure(
            value=decimal_of("89.5"),
            narrative=text("Goed", "Bien"),
            breakdown={key: FigurePart(value=decimal_of(one)) for key, one in parts.items()},
        ),
    )

    response = writer.post(
        "measurements",
        figure(
            by_api,
            value=89.5,
            narrative={"nl": "Goed", "fr": "Bien"},
            parts=[{"breakdown": key, "value": float(one)} for key, one in parts.items()],
        ),
    )

    item = response.json()
    assert response.status_code == 201, response.content
    assert response.headers["Location"] == item["href"]
    assert (item["value"], item["valueState"], item["provisional"]) == (89.5, "measured", True)
    assert rows(by_api) == rows(by_page)
    assert len({row.recorded_at for row in by_api.measurements.all()}) == 1


def test_a_number_is_kept_exactly(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry, decimals=4, unit_of_measure=text("stuks"))

    body = f'{{"indicator":"{indicator.code}","period":"2026-T1","value":12345678901.2345}}'
    response = writer.post("measurements", body.encode())

    assert response.status_code == 201, response.content
    assert b'"value":12345678901.2345' in response.content
    assert Measurement.objects.get().value == decimal_of("12345678901.2345")


def test_zero_is_a_figure(writer: Writer, ministry: Ministry) -> None:
    response = writer.post("measurements", figure(measured(ministry), value=0))

    assert (response.status_code, response.json()["value"]) == (201, 0)


def test_a_correction_names_what_it_replaces_and_says_why(
    writer: Writer, ministry: Ministry
) -> None:
    indicator = measured(ministry)
    first = writer.post("measurements", figure(indicator, value=90)).json()

    unseen = writer.post("measurements", figure(indicator, value=91, reason="Nageteld"))
    no_reason = writer.post("measurements", figure(indicator, value=91, replaces=first["id"]))
    done = writer.post(
        "measurements", figure(indicator, value=91, replaces=first["id"], reason="Nageteld")
    )
    late = writer.post(
        "measurements", figure(indicator, value=92, replaces=first["id"], reason="Ook nageteld")
    )

    assert unseen.status_code == 409
    assert unseen.json()["type"].endswith(":figure_changed")
    assert unseen.json()["current"] == {"id": first["id"], "href": first["href"]}
    assert (no_reason.status_code, issues(no_reason)) == (400, [("reason", None)])
    assert (done.status_code, done.json()["reason"]) == (201, "Nageteld")
    assert late.status_code == 409
    assert [row.value for row in Measurement.objects.order_by("recorded_at")] == [90, 91]


def test_the_same_figure_again_is_the_one_that_is_there(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    first = writer.post("measurements", figure(indicator, value=90)).json()

    again = writer.post("measurements", figure(indicator, value=90.0))

    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert Measurement.objects.count() == 1


def test_a_remarkable_figure_asks_to_be_confirmed(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    for period, value in (("2026-T1", 20), ("2026-T2", 21)):
        writer.post("measurements", figure(indicator, period, value=value))

    refused = writer.post("measurements", figure(indicator, "2026-T3", value=90))
    agreed = writer.post(
        "measurements", figure(indicator, "2026-T3", value=90, confirmedChecks=["outlier"])
    )

    assert (refused.status_code, issues(refused)) == (400, [("confirmedChecks", "outlier")])
    assert (agreed.status_code, agreed.json()["confirmedChecks"]) == (201, ["outlier"])


def test_in_a_locked_period_a_correction_waits(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    first = writer.post("measurements", figure(indicator, value=90)).json()
    figures_lock(
        actor=ministry.users["corporate"],
        measurements=[Measurement.objects.get().uuid],
        cause=ministry.year,
    )

    response = writer.post(
        "measurements", figure(indicator, value=91, replaces=first["id"], reason="Nageteld")
    )

    told = response.json()
    assert (response.status_code, told["state"], told["replaces"]) == (202, "pending", first["id"])
    assert Correction.objects.get().value == 91
    assert Measurement.objects.count() == 1


def test_a_period_does_not_apply_and_then_applies_again(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    wanted = figure(indicator, "2026-T2", valueState="notApplicable", reason="Centrale dicht")

    told = writer.post("measurements", wanted)
    refused = writer.post("measurements", figure(indicator, "2026-T2", value=90))
    again = writer.post("measurements", figure(indicator, "2026-T2", valueState="missing"))

    assert (told.status_code, told.json()["valueState"]) == (200, "notApplicable")
    assert told.json()["reason"] == "Centrale dicht"
    assert refused.status_code == 409
    assert (again.status_code, again.json()["valueState"]) == (200, "missing")
    current = Obligation.objects.current().get(period_start="2026-04-01")
    assert current.not_applicable_reason == ""


CANNOT_BE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"value": "90"}, {"value": "90"}),
    ({"value": True}, {"value": True}),
    ({"value": [90]}, {"value": None}),
    ({"value": 1.23456}, {"value": 1.23456}),
    ({"value": 123456789012}, {"value": 123456789012}),
    ({"value": 90, "period": "2026-T5"}, {"period": "2026-T5"}),
    ({"value": 90, "period": 2026}, {"period": 2026}),
    ({"value": 90, "period": "0000-T1"}, {"period": "0000-T1"}),
    ({"value": 90, "indicator": "NONE"}, {"indicator": "NONE"}),
    ({"value": 90, "replaces": "x"}, {"replaces": "x"}),
    ({"value": 90, "confirmedChecks": ["luck"]}, {"confirmedChecks[0]": "luck"}),
    ({"value": 90, "doneOn": "20260101"}, {"doneOn": "20260101"}),
    ({"value": 90, "valeu": 1}, {"valeu": 1}),
    ({"value": 90, "reason": "a\x00"}, {"reason": "a\x00"}),
    ({"value": 90, "parts": [{"value": 1}]}, {"parts[0].breakdown": None}),
    (
        {"value": 90, "parts": [{"breakdown": "a=b"}, {"breakdown": "a=b"}]},
        {"parts[1].breakdown": "a=b"},
    ),
    ({"valueState": "notApplicable"}, {"reason": None}),
    ({"valueState": "missing", "value": 90}, {"value": 90}),
]


def test_what_cannot_be_is_refused_by_name(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)

    told = [writer.post("measurements", {**figure(indicator), **more}) for more, _ in CANNOT_BE]

    assert {response.status_code for response in told} == {400}
    assert [dict(issues(response)) for response in told] == [named for _, named in CANNOT_BE]
    assert not Measurement.objects.exists()


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({}, "value"),
    ({"value": 1.25}, "value"),
    ({"value": 1, "level": 1}, "level"),
    ({"value": 1, "numerator": 1}, "numerator"),
    ({"value": 1, "period": "2025-T1"}, "period"),
    ({"value": 1, "period": "2026-M01"}, "period"),
    ({"value": 1, "parts": [{"breakdown": "region=bru", "value": 1}]}, "parts[0]"),
]


def test_a_broken_rule_is_told_at_its_member(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)

    told = [writer.post("measurements", {**figure(indicator), **more}) for more, _ in BROKEN]

    assert {response.status_code for response in told} == {400}
    assert [[name for name, _ in issues(one)] for one in told] == [[name] for _, name in BROKEN]


def test_a_ratio_has_numerator_and_denominator(writer: Writer, ministry: Ministry) -> None:
    ratio = measured(ministry, is_ratio=True)

    told = writer.post("measurements", figure(ratio, numerator=45, denominator=60)).json()
    refused = writer.post("measurements", figure(ratio, "2026-T2", numerator=1, denominator=0))

    assert (told["numerator"], told["denominator"]) == (45, 60)
    assert "value" not in told
    assert [name for name, _value in issues(refused)] == ["denominator"]


def test_a_milestone_has_a_day(writer: Writer, ministry: Ministry) -> None:
    milestone = ministry.milestone(ministry.objective(), date(2026, 12, 31))

    told = writer.post("measurements", figure(milestone, doneOn="2026-03-01"))
    refused = writer.post("measurements", figure(milestone, "2026-T2", value=1))

    assert (told.status_code, told.json()["doneOn"]) == (201, "2026-03-01")
    assert [name for name, _value in issues(refused)] == ["value"]
