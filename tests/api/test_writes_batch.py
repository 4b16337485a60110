"""A batch of figures: all of them or none, every bad row by its index."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ibzplan.core.models import RecordClock
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.services import figures_lock
from objectives.planning.writes.measurements import BATCH_MOST_ROWS
from tests.api.writers import Writer, issues, measured
from tests.factories import Ministry
from tests.objectives.operations import REGIONS

pytestmark = pytest.mark.urls("tests.api.urlconf")

BATCH = "measurements/batch"
INCOMPLETE = ["breakdownIncomplete"]


def row(indicator: Indicator, period: str = "2026-T1", /, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator.code, "period": period, "value": 90, **more}


def test_every_row_is_recorded_at_one_instant(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    one = ministry.indicator(objective, disaggregations=[REGIONS])
    two = ministry.indicator(objective)
    parts = [{"breakdown": f"region={code}", "value": 30} for code in ("bru", "vl", "wal")]

    response = writer.post(
        BATCH,
        {
            "items": [
                row(one, parts=parts),
                row(
                    one, "2026-T2", value=91, narrative={"nl": "Beter"}, confirmedChecks=INCOMPLETE
                ),
                row(two, indicator=str(two.uuid), value=0),
            ]
        },
    )

    body = response.json()
    assert (response.status_code, body["total"]) == (201, 3), response.content
    wholes = [Measurement.objects.get(uuid=item["id"]) for item in body["items"]]
    assert [(m.indicator, str(m.period)) for m in wholes] == [
        (one, "2026-T1"),
        (one, "2026-T2"),
        (two, "2026-T1"),
    ]
    assert [m.value for m in wholes] == [90, 91, 0]
    assert body["items"][0]["href"].endswith(f"/measurements/{wholes[0].uuid}")
    assert {m.recorded_at for m in Measurement.objects.all()} == {
        RecordClock.objects.get().last_instant
    }
    assert Measurement.objects.exclude(breakdown_key="").count() == 3


def test_an_id_names_the_same_indicator_however_it_is_written(
    writer: Writer, ministry: Ministry
) -> None:
    indicator = measured(ministry)
    lower, upper = str(indicator.uuid), str(indicator.uuid).upper()

    def send(*places: tuple[str, str]) -> Any:
        rows = [
            row(indicator, period, indicator=name, value=90 + place)
            for place, (name, period) in enumerate(places)
        ]
        return writer.post(BATCH, {"items": rows})

    twice = send((lower, "2026-T1"), (upper, "2026-T1"))
    made = send((lower, "2026-T1"), (upper, "2026-T2"), (indicator.code, "2026-T3"))

    # The second row speaks of what the first one says already.
    assert (twice.status_code, issues(twice)) == (400, [("items[1].period", "2026-T1")])
    assert (made.status_code, made.json().get("total")) == (201, 3), made.content


def test_one_bad_row_stops_all_and_every_bad_row_is_named(
    writer: Writer, ministry: Ministry
) -> None:
    indicator = measured(ministry)
    foreign = ministry.indicator(ministry.objective(by="planner_dvz"), by="planner_dvz")
    current = writer.post("measurements", row(indicator, "2026-T3")).json()

    response = writer.post(
        BATCH,
        {
            "items": [
                row(indicator),
                row(indicator, "2026-T9"),
                row(indicator, "2026-T2", value="ninety", colour="red"),
                row(indicator, indicator="NONE"),
                row(indicator),
                row(indicator, "2026-T2", value=1.25),
                row(indicator, "2027-T1"),
                row(indicator, "2026-T3", value=91),
                row(indicator, "2026-T3", value=91, replaces=current["id"]),
                row(foreign),
                "row",
                row(indicator, "2026-T2", valueState="notApplicable", reason="x"),
            ]
        },
    )

    assert response.status_code == 400
    found = issues(response)
    assert found == [
        ("items[1].period", "2026-T9"),
        ("items[2].colour", "red"),
        ("items[2].value", "ninety"),
        ("items[3].indicator", "NONE"),
        ("items[4].period", "2026-T1"),
        ("items[5].value", 1.25),
        ("items[6].period", "2027-T1"),
        ("items[7].value", 91),
        ("items[8].period", "2026-T3"),
        ("items[9].indicator", foreign.code),
        ("items[10]", "row"),
        ("items[11].valueState", "notApplicable"),
    ]
    assert Measurement.objects.count() == 1


def test_a_row_is_judged_by_those_before_it(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    rows = [row(indicator, "2026-T1", value=20), row(indicator, "2026-T2", value=21)]

    refused = writer.post(BATCH, {"items": [*rows, row(indicator, "2026-T3", value=90)]})
    agreed = writer.post(
        BATCH,
        {"items": [*rows, row(indicator, "2026-T3", value=90, confirmedChecks=["outlier"])]},
    )

    assert issues(refused) == [("items[2].confirmedChecks", "outlier")]
    assert agreed.status_code == 201


CASES: dict[str, dict[str, Any]] = {
    "right": {},
    "with parts": {"parts": [{"breakdown": "region=bru", "value": 90}]},
    "all parts": {
        "parts": [
            {"breakdown": f"region={code}", "value": value}
            for code, value in (("bru", 40), ("vl", 50), ("wal", 0))
        ]
    },
    "sum of parts": {"parts": [{"breakdown": "region=bru", "value": 91}]},
    "unknown part": {"parts": [{"breakdown": "region=x", "value": 1}]},
    "decimals": {"value": 90.25},
    "decimals of a part": {"parts": [{"breakdown": "region=bru", "value": 1.25}]},
    "no value": {"value": None},
    "other kind": {"level": 1},
    "other period": {"period": "2026-M01"},
    "to come": {"period": "2026-T4", "confirmedChecks": []},
    "taken": {"period": "2026-T2"},
    "same": {"period": "2026-T2", "value": 80},
    "correction": {"period": "2026-T2", "replaces": True, "reason": "Nageteld"},
    "no reason": {"period": "2026-T2", "replaces": True},
    "nothing new": {"period": "2026-T2", "value": 80, "replaces": True, "reason": "Nageteld"},
    "parts stay": {"period": "2026-T2", "value": 81, "replaces": True, "reason": "Nageteld"},
}


CLEAN = {"right", "with parts", "all parts", "same", "correction", "parts stay"}


class _TakeBack(Exception):
    """Takes back what a request wrote."""


def _told(
    writer: Writer, path: str, indicator: Indicator, current: str, case: dict[str, Any]
) -> tuple[list[Any], list[Any]]:
    """Return the issues of a request, and the rows that there were after it."""
    body = {"indicator": indicator.code, "period": "2026-T1", "value": 90, **case}
    body.setdefault("confirmedChecks", INCOMPLETE)
    if body.get("replaces"):
        body["replaces"] = current
    try:
        with transaction.atomic():
            response = writer.post(path, body if path != BATCH else {"items": [body]})
            rows = indicator.measurements.order_by("recorded_at", "breakdown_key")
            written = rows.values_list("period_start", "breakdown_key", "value", "reason")
            raise _TakeBack(list(written))
    except _TakeBack as taken:
        issues = [
            (
                one["type"],
                one["name"].removeprefix("items[0]."),
                one["detail"].replace(indicator.code, ""),
            )
            for one in response.json().get("issues", [])
        ]
        return issues, taken.args[0]


def test_a_batch_judges_and_writes_as_one_figure_does(writer: Writer, ministry: Ministry) -> None:
    objective = ministry.objective()
    series = {}
    for path in ("measurements", BATCH):
        indicator = ministry.indicator(objective, disaggregations=[REGIONS])
        parts = [{"breakdown": "region=bru", "value": 80}]
        there = row(indicator, "2026-T2", value=80, parts=parts, confirmedChecks=INCOMPLETE)
        series[path] = indicator, writer.post("measurements", there).json()["id"]

    for name, case in CASES.items():
        one, many = (_told(writer, path, *series[path], case) for path in series)
        assert one == many, name
        assert (one[0] == []) == (name in CLEAN), name


def test_a_locked_period_is_corrected_on_its_own(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    first = writer.post("measurements", row(indicator)).json()
    figures_lock(
        actor=ministry.users["corporate"],
        measurements=[Measurement.objects.get().uuid],
        cause=ministry.year,
    )

    response = writer.post(
        BATCH, {"items": [row(indicator, value=91, replaces=first["id"], reason="Nageteld")]}
    )

    assert [name for name, _value in issues(response)] == ["items[0].period"]


def test_whoever_does_not_plan_there_is_refused(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)

    response = writer.post(BATCH, {"items": [row(indicator)]}, user="auditor")

    assert response.status_code == 403
    assert [name for name, _value in issues(response)] == ["items[0].indicator"]
    assert not Measurement.objects.exists()


def test_a_batch_has_one_to_ten_thousand_rows(writer: Writer) -> None:
    wrong: tuple[Any, ...] = (None, {}, [], [{}] * (BATCH_MOST_ROWS + 1))
    for items in wrong:
        response = writer.post(BATCH, {"items": items})

        assert response.status_code == 400
        assert [name for name, _value in issues(response)] == ["items"]


def test_only_post_leads_to_a_batch(writer: Writer) -> None:
    response = writer.get(BATCH)

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_the_number_of_queries_does_not_grow_with_the_rows(
    writer: Writer, ministry: Ministry
) -> None:
    objective = ministry.objective()
    indicators = [ministry.indicator(objective) for _n in range(4)]
    writer.headers("planner_adcv")

    def queries(rows: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = writer.post(BATCH, {"items": rows})
        assert response.status_code == 201, response.content
        return len(captured)

    few = queries([row(indicators[0])])
    many = queries([row(one, "2026-T2", value=91) for one in indicators])

    assert many == few
