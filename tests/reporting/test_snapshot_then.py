"""A snapshot says what was known at its moment, whatever is recorded after it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Record
from ibzplan.core.services import history_record, record_change
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import Goal, StrategicObjective, Werf
from personnel.models import OfficeHolder
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry, function_of, text

REFERENCE = date(2026, 9, 30)


def build(ministry: Ministry, known_at: datetime | None = None, **asked: Any) -> dict[str, Any]:
    known = known_at or Clocks.now().known_at
    return snapshot_build(
        ReportQuestion(ministry.plan, ministry.year, ministry.vbz, REFERENCE, known, "nl", **asked)
    )


def change(record: Record, **values: Any) -> None:
    record.refresh_from_db()
    assert record_change(actor=None, target=record, values=values)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An objective in force, with a figure."""
    found = ministry.objective()
    indicator = ministry.indicator(found)
    ministry.approve(found)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal("89.5")),
    )
    return found


def test_names_orders_and_offices_stay_what_they_were(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    strategic = ministry.werf.objective
    other = Werf.objects.create(objective=strategic, code="2.7", title=text("Later"), order=1)
    goal = Goal.objects.create(objective=strategic, code="G1", title=text("Doel"))
    holder = OfficeHolder.objects.create(minister=ministry.vbz, name="A", office=text("Minister"))
    president = OfficeHolder.objects.create(name="B", office=text("Voorzitter"))
    second = ministry.objective(title="Opleidingen geven")
    ministry.indicator(second, title=text("Opgeleide medewerkers"))
    ministry.approve(second)
    known_at = timezone.now()
    before = build(ministry, known_at)
    assert before["minister"]["holder"]["name"] == "A"
    assert before["president"]["name"] == "B"
    kept = canonical_json(before)

    change(ministry.plan, title=text("Ander plan"))
    change(strategic, title=text("Anders"), description=text("Nieuw"), order=9)
    change(ministry.werf, title=text("Andere werf"), order=7)
    change(other, title=text("Nog anders"))
    change(goal, title=text("Ander doel"), order=4)
    for unit in (ministry.adcv, ministry.dvz):
        change(unit, title=text("Hernoemd"), order=12)
    change(ministry.vbz, title=text("Andere minister"), short_title=text("Anders"), order=5)
    change(holder, name="C", holds_to=date(2026, 1, 31))
    change(president, office=text("Waarnemend voorzitter"))
    OfficeHolder.objects.create(
        minister=ministry.vbz, name="D", office=text("Minister"), holds_from=date(2026, 2, 1)
    )
    change(function_of("ADCV"), title=text("Hoofd"))
    change(Indicator.objects.earliest("pk"), is_confidential=True)
    change(second, title=text("Anders geheten"), means=text("Middelen"))

    assert canonical_json(build(ministry, known_at)) == kept
    after = build(ministry)
    assert after["minister"]["title"]["nl"] == "Andere minister"
    assert after["minister"]["holder"]["name"] == "D"
    assert after["strategicObjectives"][0]["title"]["nl"] == "Anders"
    assert after["units"]["ADCV"]["title"]["nl"] == "Hernoemd"
    assert "Hernoemd" not in kept


def test_what_a_later_load_of_the_plan_brought_is_not_in_it(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    known_at = history_record(actor=None, target=ministry.plan, action="loaded").at
    kept = canonical_json(build(ministry, known_at))
    load = history_record(actor=None, target=ministry.plan, action="loaded")
    StrategicObjective.objects.create(
        plan=ministry.plan, code="9", title=text("Nieuw"), loaded_values={}
    )
    OfficeHolder.objects.create(minister=ministry.vbz, name="E", loaded_values={})
    assert canonical_json(build(ministry, known_at)) == kept
    after = build(ministry, load.at)  # the rows themselves were written a moment later
    assert [row["code"] for row in after["strategicObjectives"]] == ["2", "9"]
    assert after["minister"]["holder"]["name"] == "E"


def test_what_was_confidential_when_asked_is_left_out(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    known_at = timezone.now()
    change(Indicator.objects.get(), is_confidential=True)
    (shown,) = _objectives(build(ministry, known_at))
    assert [row["title"]["nl"] for row in shown["indicators"]] == ["Bezettingsgraad noodcentrales"]
    (asked,) = _objectives(build(ministry, known_at, asked_at=timezone.now()))
    assert asked["indicators"] == []


def _objectives(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        row
        for strategic in snapshot["strategicObjectives"]
        for werf in strategic["werven"]
        for row in werf["objectives"]
    ]


def test_queries_do_not_grow_with_the_objectives(ministry: Ministry) -> None:
    def make(number: int) -> None:
        for place in range(number):
            made = ministry.objective(title=f"Doelstelling {len(rows)} {place}")
            ministry.indicator(made)
            ministry.project(made, "Project", {"Stap": date(2026, 6, 1)})
            ministry.approve(made)
            rows.append(made)

    rows: list[OperationalObjective] = []
    make(1)
    with CaptureQueriesContext(connection) as one:
        build(ministry)
    make(2)
    with CaptureQueriesContext(connection) as three:
        build(ministry)
    assert len(_objectives(build(ministry))) == 3
    assert len(three) == len(one)
