"""The library as known then: which series there were, what they said, and whose figures show."""

from datetime import date
from decimal import Decimal

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from tests.factories import Ministry, text
from tests.objectives.planning.test_library import found, record, series

__all__ = ["series"]
TITLE = "Bezettingsgraad noodcentrales"


def now() -> str:
    return f"{Clocks.now().known_at:%Y-%m-%dT%H:%M:%S.%fZ}"


def test_what_came_later_is_not_in_the_library_of_then(
    ministry: Ministry, series: Indicator
) -> None:
    then = now()
    ministry.indicator(ministry.objective(), title=text("Nieuwe reeks"))
    assert list(found(ministry, "planner_adcv", known=then)) == [TITLE]
    assert "Nieuwe reeks" in found(ministry, "planner_adcv")


def test_a_plan_is_a_draft_until_the_moment_of_its_approval(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    then = now()
    ministry.approve(objective)
    this_year = {"reference": "2026-09-30"}
    assert list(found(ministry, "planner_adcv", use="draft", known=then, **this_year)) == [TITLE]
    assert found(ministry, "planner_adcv", use="inForce", known=then, **this_year) == {}
    assert list(found(ministry, "planner_adcv", use="inForce", **this_year)) == [TITLE]
    assert found(ministry, "cabinet_vbz", known=then) == {}
    assert found(ministry, "planner_adcv", use="draft", **this_year) == {}


def test_other_ministers_keep_the_last_validated_figure(
    ministry: Ministry, series: Indicator
) -> None:
    day = "2026-09-30"
    first = Measurement.objects.get(period_start=date(2026, 1, 1))
    measurement_validate(actor=ministry.users["head_adcv"], measurement=first)
    assert found(ministry, "cabinet_vbz", reference=day)[TITLE]["period"] == "T2 2026"
    assert found(ministry, "cabinet_am", reference=day)[TITLE]["period"] == "T1 2026"
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=series,
        period=first.period,
        figure=Figure(value=Decimal("89.5")),
        reason="Hertelling",
    )
    assert found(ministry, "cabinet_am", reference=day)[TITLE]["figure"].startswith("90,0")
    record(ministry, series, "2026-T3", "93")
    assert found(ministry, "cabinet_am", reference=day)[TITLE]["figure"].startswith("90,0")
