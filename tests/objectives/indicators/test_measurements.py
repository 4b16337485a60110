"""Recording, correcting and validating figures, and reading them back by both clocks."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from personnel.access import access_of
from tests.factories import Ministry, text

T1, T2, T3 = (parse_period(f"2026-T{n}") for n in (1, 2, 3))


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    return ministry.indicator(ministry.objective())


def record(
    ministry: Ministry,
    indicator: Indicator,
    value: str,
    *,
    reason: str = "",
    by: str = "planner_adcv",
) -> Measurement:
    return measurement_record(
        actor=ministry.users[by],
        indicator=indicator,
        period=T3,
        figure=Figure(value=Decimal(value)),
        reason=reason,
    )


def read(
    ministry: Ministry, indicator: Indicator, clocks: Clocks, by: str = "auditor"
) -> IndicatorReading:
    access = access_of(ministry.users[by])
    return indicator_readings([indicator], year=2026, clocks=clocks, access=access)[indicator.pk]


def test_a_recorded_figure_is_read_back_exactly(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "93.1")
    reading = read(ministry, indicator, Clocks.now())
    assert reading.status.actual == Fraction("93.1")
    assert reading.status.provisional


def test_zero_is_a_value(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "0")
    slot = read(ministry, indicator, Clocks.now()).slots[2]
    assert slot.state == SlotState.MEASURED
    assert slot.value == 0


def test_a_correction_needs_a_reason_and_keeps_the_old_figure(
    ministry: Ministry, indicator: Indicator
) -> None:
    first = record(ministry, indicator, "8.4")
    with pytest.raises(DomainError) as refused:
        record(ministry, indicator, "84.1")
    assert refused.value.field == "reason"
    record(ministry, indicator, "84.1", reason="Komma vergeten")
    then = Clocks(date(2026, 12, 31), first.recorded_at)
    assert read(ministry, indicator, then).status.actual == Fraction("8.4")
    assert read(ministry, indicator, Clocks.now()).status.actual == Fraction("84.1")


def test_another_directorate_cannot_record(ministry: Ministry, indicator: Indicator) -> None:
    with pytest.raises(NotAllowed):
        record(ministry, indicator, "93", by="planner_dvz")


def test_a_second_writer_is_told(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "90")
    with pytest.raises(DomainError) as refused:
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=T3,
            figure=Figure(value=Decimal(91)),
            reason="dubbel",
            expected_current="",
        )
    assert refused.value.code == "figure_changed"
    said = " ".join(refused.value.message.split())
    for part in ("planner_adcv", "90", "T3 2026"):
        assert part in said


def test_the_same_figure_sent_twice_is_recorded_once(
    ministry: Ministry, indicator: Indicator
) -> None:
    def send(**figure: Any) -> Measurement:
        return measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=T3,
            figure=Figure(value=Decimal("90.0"), **figure),
            expected_current="",
        )

    assert send(narrative=text("Reserve ingezet")) == send(narrative=text("Reserve ingezet"))
    assert Measurement.objects.count() == 1
    with pytest.raises(DomainError) as refused:
        send(narrative=text("Iets anders"))
    assert refused.value.code == "figure_changed"


def test_a_correction_has_to_change_something(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "90")
    with pytest.raises(DomainError) as refused:
        record(ministry, indicator, "90.0", reason="Nagekeken")
    assert refused.value.code == "nothing_changed"
    assert "T3 2026" in refused.value.message
    explained = measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T3,
        figure=Figure(value=Decimal(90), narrative=text("Reserve ingezet")),
        reason="Toelichting",
    )
    assert explained.narrative["nl"] == "Reserve ingezet"
    with pytest.raises(DomainError):  # an explanation left empty is not one taken away
        record(ministry, indicator, "90", reason="Nagekeken")


def test_the_numbers_of_a_ratio_count_not_its_quotient(ministry: Ministry) -> None:
    indicator = ministry.indicator(
        ministry.objective(),
        is_ratio=True,
        numerator_definition=text("Op tijd"),
        denominator_definition=text("Alle"),
    )

    def send(numerator: int, denominator: int, reason: str = "") -> Measurement:
        figure = Figure(numerator=Decimal(numerator), denominator=Decimal(denominator))
        return measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=T3,
            figure=figure,
            reason=reason,
        )

    send(1, 2)
    assert send(2, 4, reason="Dubbel zo veel dossiers").denominator == 4
    with pytest.raises(DomainError) as refused:
        send(2, 4, reason="Nog eens")
    assert refused.value.code == "nothing_changed"


@pytest.mark.parametrize(
    ("figure", "field"),
    [
        (Figure(), "value"),
        (Figure(value=Decimal("93.12")), "value"),
    ],
)
def test_a_figure_that_does_not_fit_is_refused_at_its_field(
    ministry: Ministry, indicator: Indicator, figure: Figure, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        measurement_record(
            actor=ministry.users["planner_adcv"], indicator=indicator, period=T3, figure=figure
        )
    assert refused.value.field == field


def test_a_ratio_refuses_a_zero_denominator_and_pools_exactly(ministry: Ministry) -> None:
    ratio = ministry.indicator(ministry.objective(), is_ratio=True)
    planner = ministry.users["planner_adcv"]
    with pytest.raises(DomainError) as refused:
        measurement_record(
            actor=planner,
            indicator=ratio,
            period=T1,
            figure=Figure(numerator=Decimal(1), denominator=Decimal(0)),
        )
    assert refused.value.field == "denominator"
    measurement_record(
        actor=planner,
        indicator=ratio,
        period=T1,
        figure=Figure(numerator=Decimal(1), denominator=Decimal(3)),
    )
    reading = read(ministry, ratio, Clocks.now())
    assert reading.slots[0].value == Fraction(100, 3)  # in %, as the indicator's unit says
    assert reading.status.actual == Fraction(100, 3)


def test_a_milestone_that_is_done_has_nothing_more_to_report(ministry: Ministry) -> None:
    milestone = ministry.indicator(
        ministry.objective(),
        target_kind="milestone",
        unit_of_measure=LocalisedText(),
        baseline=None,
        target=None,
    )
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=milestone,
        period=T1,
        figure=Figure(done_on=date(2026, 3, 20)),
    )
    reading = read(ministry, milestone, Clocks(date(2026, 12, 31), Clocks.now().known_at))
    assert [slot.state for slot in reading.slots[1:]] == [SlotState.NOT_APPLICABLE] * 3
    assert reading.status.status == "achieved"


def test_only_the_head_validates_and_only_the_figure_that_counts(
    ministry: Ministry, indicator: Indicator
) -> None:
    old = record(ministry, indicator, "90")
    with pytest.raises(NotAllowed):
        measurement_validate(actor=ministry.users["planner_adcv"], measurement=old)
    new = record(ministry, indicator, "91", reason="telfout")
    with pytest.raises(DomainError):
        measurement_validate(actor=ministry.users["head_adcv"], measurement=old)
    measurement_validate(actor=ministry.users["head_adcv"], measurement=new)
    assert not read(ministry, indicator, Clocks.now()).status.provisional


def test_other_cabinets_see_validated_figures_only(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "93")
    assert read(ministry, indicator, Clocks.now(), by="cabinet_vbz").status.actual == 93
    assert read(ministry, indicator, Clocks.now(), by="cabinet_am").status.actual is None
    measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    assert read(ministry, indicator, Clocks.now(), by="cabinet_am").status.actual == 93
    record(ministry, indicator, "94", reason="telfout")
    assert read(ministry, indicator, Clocks.now(), by="cabinet_vbz").status.actual == 94
    assert read(ministry, indicator, Clocks.now(), by="cabinet_am").status.actual == 93


def test_recorded_at_strictly_increases(ministry: Ministry, indicator: Indicator) -> None:
    first = record(ministry, indicator, "90")
    second = record(ministry, indicator, "91", reason="telfout")
    assert second.recorded_at - first.recorded_at >= timedelta(microseconds=1)


@pytest.mark.parametrize("statement", ["UPDATE {t} SET value = 1", "DELETE FROM {t}"])
def test_the_database_itself_refuses_to_change_a_figure(
    ministry: Ministry, indicator: Indicator, statement: str
) -> None:
    record(ministry, indicator, "93")
    sql = statement.format(t=Measurement._meta.db_table)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Measurement.objects.get(indicator=indicator).value == 93


def test_readings_take_the_same_number_of_queries_whatever_the_number(
    ministry: Ministry, django_assert_num_queries: object
) -> None:
    objective = ministry.objective()
    indicators = [ministry.indicator(objective) for _ in range(9)]
    access = access_of(ministry.users["auditor"])
    clocks = Clocks.now()
    for some in (indicators[:3], indicators):
        # targets, obligations, figures with their last review; no definition has a second version
        with django_assert_num_queries(3):  # type: ignore[operator]
            indicator_readings(some, year=2026, clocks=clocks, access=access)
