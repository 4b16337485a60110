"""The recorded value of one period, read as of three dates: three answers, by every selector."""

from datetime import date, timedelta

import pytest

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from personnel.access import Access, access_of
from tests.factories import Ministry
from tests.objectives.corrected_series import (
    ANSWERS,
    FOURTH_PERIOD,
    Answer,
    CorrectedSeries,
    corrected_series,
)

BEFORE_THE_FIGURE = Answer(date(2026, 1, 5), None, "–", "on_track")
MOMENTS = (BEFORE_THE_FIGURE, *ANSWERS)


@pytest.fixture
def series(ministry: Ministry) -> CorrectedSeries:
    """The series of 2025, corrected on 2 March and on 15 June 2026."""
    return corrected_series(ministry)


@pytest.fixture
def access(ministry: Ministry) -> Access:
    return access_of(ministry.users["planner_adcv"])


def reading_of(series: CorrectedSeries, access: Access, clocks: Clocks) -> IndicatorReading:
    found = indicator_readings([series.indicator], year=2025, clocks=clocks, access=access)
    return found[series.indicator.pk]


@pytest.mark.parametrize("answer", MOMENTS, ids=lambda one: str(one.day))
def test_a_reading_says_what_was_known_then(
    series: CorrectedSeries, access: Access, answer: Answer
) -> None:
    reading = reading_of(series, access, Clocks(answer.day, answer.moment))
    slot = reading.slots[-1]
    assert str(slot.period) == FOURTH_PERIOD
    assert (slot.measurement.value if slot.measurement else None) == answer.value
    assert reading.status.status == answer.status


@pytest.mark.parametrize("answer", MOMENTS, ids=lambda one: str(one.day))
def test_the_figures_that_count_are_those_of_then(
    series: CorrectedSeries, access: Access, answer: Answer
) -> None:
    of_period = Measurement.objects.filter(
        indicator=series.indicator, period_start=series.period.start
    )
    expected = [] if answer.value is None else [answer.value]
    for rows in (
        of_period.latest_of_slot(answer.moment),
        of_period.current_for(access, answer.moment),
    ):
        assert list(rows.values_list("value", flat=True)) == expected


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: str(one.day))
def test_the_latest_figure_of_the_library_is_that_of_then(
    series: CorrectedSeries, answer: Answer
) -> None:
    row = Indicator.objects.with_latest_figure(
        reference_date=answer.day, known_at=answer.moment
    ).get(pk=series.indicator.pk)
    assert Measurement.objects.get(pk=row.latest_figure).value == answer.value


def test_a_correction_counts_from_its_own_instant_on(
    series: CorrectedSeries, access: Access
) -> None:
    """Not a tick earlier: that is what the answer of the day before rests on."""
    tick = timedelta(microseconds=1)
    for row, before in zip(series.figures[4:], series.figures[3:], strict=False):
        day = date(2025, 12, 31)
        at, just_before = (
            reading_of(series, access, Clocks(day, moment)).slots[-1].measurement
            for moment in (row.recorded_at, row.recorded_at - tick)
        )
        assert (at, just_before) == (row, before)


def test_the_two_clocks_are_independent(series: CorrectedSeries, access: Access) -> None:
    """Known today, but judged on 31 October 2025: the fourth period had not ended."""
    today = ANSWERS[-1].moment
    reading = reading_of(series, access, Clocks(date(2025, 10, 31), today))
    assert [slot.state for slot in reading.slots] == [
        SlotState.MEASURED,
        SlotState.MEASURED,
        SlotState.MEASURED,
        SlotState.NOT_YET_DUE,
    ]
    assert reading.latest is not None
    assert reading.latest.measurement == series.figures[2]
