"""What planners cannot enter: each refusal names its field, the value and the remedy."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.charts import chart_sentence, trajectory_chart
from objectives.indicators.formatting import exact_number, value_text
from objectives.indicators.models import Indicator, Target
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import (
    Figure,
    IndicatorSheet,
    measurement_record,
    target_set,
)
from objectives.planning.models import OperationalObjective
from objectives.planning.services import indicator_add
from objectives.planning.templatetags.planning import baseline_text, latest_text
from personnel.access import access_of
from tests.factories import Ministry, text

LEVELS = [
    {"nl": "Aanvang", "fr": "Départ"},
    {"nl": "In uitvoering", "fr": "En cours"},
    {"nl": "Afgewerkt", "fr": "Terminé"},
]
INCREASE: dict[str, Any] = {
    "target_kind": "increase",
    "baseline": Decimal(88),
    "baseline_date": date(2025, 12, 31),
    "target": Decimal(95),
}
DECREASE = {**INCREASE, "target_kind": "decrease", "target": Decimal(80)}
RANGE: dict[str, Any] = {
    "target_kind": "range",
    "range_low": Decimal(90),
    "range_high": Decimal(105),
    "tolerance": Decimal(5),
}
ORDINAL: dict[str, Any] = {"target_kind": "ordinal", "levels": LEVELS, "target_level": 2}
MILESTONE: dict[str, Any] = {"target_kind": "milestone"}


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


@pytest.fixture
def dutch() -> Iterator[None]:
    with override("nl"):
        yield


def add(ministry: Ministry, objective: OperationalObjective, **values: Any) -> Indicator:
    """Make an indicator by the service behind the form."""
    target = {
        name: values.pop(name)
        for name in ("target", "target_level", "target_due_on")
        if name in values
    }
    sheet: dict[str, Any] = {"title": text("Indicator"), "unit_of_measure": LocalisedText()}
    return indicator_add(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=IndicatorSheet(**{**sheet, "decimals": 1, **values}),
        **target,
    )


@pytest.mark.parametrize(
    "values",
    [
        INCREASE,
        DECREASE,
        RANGE,
        {**RANGE, "tolerance": Decimal(0)},
        {**RANGE, "accumulation": "flow"},
        {**INCREASE, "is_ratio": True, "accumulation": "flow"},
        ORDINAL,
        {**ORDINAL, "baseline": Decimal(2), "baseline_date": date(2025, 12, 31)},
        MILESTONE,
    ],
)
def test_what_the_engine_can_judge_is_accepted(
    ministry: Ministry, objective: OperationalObjective, values: dict[str, Any]
) -> None:
    assert add(ministry, objective, **values).targets.count() == 1


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("values", "field", "named"),
    [
        # decimals: the indicator has one
        ({**INCREASE, "baseline": Decimal("88.12")}, "baseline", "88,12"),
        ({**INCREASE, "target": Decimal("95.125")}, "target", "95,125"),
        ({**RANGE, "range_low": Decimal("89.95")}, "range_low", "89,95"),
        ({**RANGE, "range_high": Decimal("1105.05")}, "range_high", "1\N{NO-BREAK SPACE}105,05"),
        ({**RANGE, "tolerance": Decimal("0.25")}, "tolerance", "0,25"),
        # a tolerance or a range the wrong way round
        ({**INCREASE, "tolerance": Decimal(-1)}, "tolerance", "\N{MINUS SIGN}1"),
        ({**RANGE, "range_low": Decimal("105.5")}, "range_low", "105,5"),
        # dates
        ({**INCREASE, "baseline_date": date(202, 12, 31)}, "baseline_date", "31/12"),
        ({**INCREASE, "baseline_date": date(2202, 1, 1)}, "baseline_date", "2202"),
        ({**INCREASE, "target_due_on": date(2925, 12, 31)}, "target_due_on", "31/12/2925"),
        ({**INCREASE, "target_due_on": date(2025, 12, 31)}, "target_due_on", "31/12/2025"),
        ({**INCREASE, "target_due_on": date(2025, 6, 30)}, "target_due_on", "30/06/2025"),
        ({**MILESTONE, "target_due_on": date(1926, 12, 31)}, "target_due_on", "1926"),
        # the wrong direction: the message names the other one
        ({**INCREASE, "target": Decimal("80.5")}, "target", "Lager is beter"),
        ({**INCREASE, "target": Decimal(88)}, "target", "Binnen een bandbreedte"),
        ({**DECREASE, "target": Decimal("95.5")}, "target", "Hoger is beter"),
        ({**DECREASE, "target": Decimal(88)}, "target", "88"),
        # levels
        ({**ORDINAL, "levels": LEVELS[:1]}, "levels", "twee"),
        ({**ORDINAL, "levels": [LEVELS[0], {"nl": " ", "fr": "Fini"}]}, "levels", "2"),
        (
            {**ORDINAL, "baseline": Decimal(3), "baseline_date": date(2025, 12, 31)},
            "baseline",
            "3",
        ),
        (
            {**ORDINAL, "baseline": Decimal("0.5"), "baseline_date": date(2025, 12, 31)},
            "baseline",
            "0,5",
        ),
        ({**ORDINAL, "target_level": 3}, "target", ""),
        # what is no number has no ratio and no sum
        ({**ORDINAL, "is_ratio": True}, "is_ratio", "Niveau"),
        ({**MILESTONE, "is_ratio": True}, "is_ratio", "Mijlpaal"),
        ({**ORDINAL, "accumulation": "flow"}, "accumulation", "einde van de periode"),
        ({**MILESTONE, "accumulation": "flow"}, "accumulation", "Mijlpaal"),
    ],
)
def test_what_cannot_be_judged_is_refused_at_its_field(
    ministry: Ministry,
    objective: OperationalObjective,
    values: dict[str, Any],
    field: str,
    named: str,
) -> None:
    with pytest.raises(DomainError) as refused:
        add(ministry, objective, **values)
    assert refused.value.field == field
    assert named in refused.value.message
    assert not Indicator.objects.exists()


def test_what_no_check_foresaw_is_refused_all_the_same(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = add(ministry, objective, **INCREASE)
    # As a definition may stand there that was never checked: below the usual threshold of at risk.
    Indicator.objects.filter(pk=indicator.pk).update(threshold_on_track=Decimal("0.5"))
    with pytest.raises(DomainError) as refused:
        target_set(
            actor=ministry.users["planner_adcv"],
            indicator=Indicator.objects.get(pk=indicator.pk),
            due_on=date(2027, 6, 30),
            value=Decimal(96),
        )
    assert refused.value.code == "definition_contradicts"
    assert Target.objects.count() == 1


def test_a_threshold_below_the_usual_one_of_at_risk_is_refused_at_its_field(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as refused:
        add(ministry, objective, **INCREASE, threshold_on_track=Decimal("0.5"))
    assert refused.value.field == "threshold_on_track"
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("value", "is_final", "code"),
    [
        ("96", True, ""),
        ("87", True, "target_below_baseline"),
        ("88", True, "target_equals_baseline"),
        ("88", False, ""),
        ("87", False, "target_below_baseline"),
        ("90.25", False, "too_many_decimals"),
    ],
)
def test_later_targets_obey_too(
    ministry: Ministry, objective: OperationalObjective, value: str, is_final: bool, code: str
) -> None:
    indicator = add(ministry, objective, **INCREASE)
    refusal = ""
    try:
        target_set(
            actor=ministry.users["planner_adcv"],
            indicator=Indicator.objects.get(pk=indicator.pk),
            due_on=date(2027, 6, 30),
            value=Decimal(value),
            is_final=is_final,
        )
    except DomainError as error:
        refusal = error.code
    assert refusal == code
    assert indicator.targets.count() == (1 if code else 2)


def test_an_interim_target_of_a_flow_counts_from_zero(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = add(
        ministry, objective, **{**INCREASE, "accumulation": "flow", "target": Decimal(100)}
    )
    target_set(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        due_on=date(2026, 3, 31),
        value=Decimal(25),
        is_final=False,
    )
    assert indicator.targets.count() == 2


def record(ministry: Ministry, indicator: Indicator, period: str, **figure: Any) -> None:
    """Record a figure by the service."""
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(**figure),
    )


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("values", "figure", "field", "named"),
    [
        (INCREASE, {"value": Decimal("93.12")}, "value", "93,12"),
        (
            {**INCREASE, "is_ratio": True},
            {"numerator": Decimal(1), "denominator": Decimal("-2.5")},
            "denominator",
            "\N{MINUS SIGN}2,5",
        ),
        (MILESTONE, {"done_on": date(1926, 3, 20)}, "done_on", "20/03/1926"),
        (MILESTONE, {"forecast_on": date(2206, 12, 20)}, "forecast_on", "20/12/2206"),
        (MILESTONE, {"done_on": date(2099, 3, 20)}, "done_on", "20/03/2099"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_at_its_field(
    ministry: Ministry,
    objective: OperationalObjective,
    values: dict[str, Any],
    figure: dict[str, Any],
    field: str,
    named: str,
) -> None:
    indicator = add(ministry, objective, **values)
    with pytest.raises(DomainError) as refused:
        record(ministry, indicator, "2026-T1", **figure)
    assert refused.value.field == field
    assert named in refused.value.message
    assert not indicator.measurements.exists()


def test_a_message_names_the_period_as_the_pages_do(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = add(ministry, objective, **INCREASE)
    indicator.obligations.filter(period_start=date(2026, 1, 1)).update(not_applicable_reason="NCU")
    for period, shown in (("2026-T1", "T1 2026"), ("2031-T2", "T2 2031")):
        with pytest.raises(DomainError) as refused:
            record(ministry, indicator, period, value=Decimal(90))
        assert shown in refused.value.message


def reading_of(ministry: Ministry, indicator: Indicator) -> IndicatorReading:
    """Return the reading that pages show, at the end of 2026."""
    indicator = Indicator.objects.get(pk=indicator.pk)
    clocks = Clocks(date(2026, 12, 31), Clocks.now().known_at)
    access = access_of(ministry.users["auditor"])
    return indicator_readings([indicator], year=2026, clocks=clocks, access=access)[indicator.pk]


@pytest.mark.usefixtures("dutch")
def test_levels_are_shown_by_name(ministry: Ministry, objective: OperationalObjective) -> None:
    indicator = add(
        ministry,
        objective,
        **ORDINAL,
        unit_of_measure=text("niveau"),
        baseline=Decimal(0),
        baseline_date=date(2025, 12, 31),
    )
    record(ministry, indicator, "2026-T1", level=1)
    reading = reading_of(ministry, indicator)
    assert baseline_text(reading) == "Aanvang"
    assert latest_text(reading) == "In uitvoering"
    assert "In uitvoering in T1 2026" in chart_sentence(reading)
    assert "niveau" not in chart_sentence(reading)
    drawn = trajectory_chart(reading)
    assert all(f">{level['nl']}<" in drawn for level in LEVELS)


@pytest.mark.usefixtures("dutch")
def test_numbers_keep_unit_and_decimals(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    # Levels that were typed for another kind change nothing.
    indicator = add(ministry, objective, **INCREASE, unit_of_measure=text("%"), levels=LEVELS)
    assert value_text(indicator, Fraction(1)) == "1,0\N{NO-BREAK SPACE}%"
    assert value_text(indicator, None) == "\N{EN DASH}"
    record(ministry, indicator, "2026-T1", value=Decimal(0))
    assert latest_text(reading_of(ministry, indicator)).startswith("0,0")


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("value", "shown"),
    [("88.1200", "88,12"), ("1200", "1\N{NO-BREAK SPACE}200"), ("0.000", "0"), ("1E+3", "1 000")],
)
def test_a_message_names_every_decimal_that_was_typed(value: str, shown: str) -> None:
    assert exact_number(Decimal(value)) == shown.replace(" ", "\N{NO-BREAK SPACE}")
