"""Forecast and decimal text."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from objectives.indicators.engine import (
    Accumulation,
    Point,
    TargetKind,
    evaluate_indicator,
    forecast_indicator,
    render_decimal,
    theil_sen,
)
from tests.objectives.indicators.engine.engine_builders import T1, T2, T3, T4, indicator, quarters

FIRST = date(2026, 1, 1)


def points(*pairs: tuple[int, int]) -> list[Point]:
    return [Point(FIRST + timedelta(days=day), Fraction(value)) for day, value in pairs]


def test_a_straight_line_goes_on() -> None:
    line = points((0, 5), (10, 25), (20, 45))
    assert theil_sen(line, FIRST + timedelta(days=30)) == 65


def test_one_outlier_does_not_bend_it() -> None:
    """Slopes 1, 1, 100, 1, ... : the median is 1; intercepts 0, 0, 0, 970, 0: the median is 0."""
    line = points((0, 0), (10, 10), (20, 20), (30, 1000), (40, 40))
    assert theil_sen(line, FIRST + timedelta(days=50)) == 50


def test_an_even_number_takes_the_middle() -> None:
    """Slopes 0, 1/2, 1: median 1/2. Intercepts 0, -1/2, 0: median 0."""
    assert theil_sen(points((0, 0), (1, 0), (2, 1)), FIRST + timedelta(days=4)) == 2


@pytest.mark.parametrize("pairs", [[], [(0, 1)], [(0, 1), (9, 2)], [(0, 1), (0, 2), (9, 2)]])
def test_no_forecast_under_three_days(pairs: list[tuple[int, int]]) -> None:
    assert theil_sen(points(*pairs), T4) is None


def test_forecast_of_a_flow_is_that_of_its_sum() -> None:
    """90, 181 and 273 after 90, 181 and 273 days: one a day, 365 at the end of the year."""
    given = indicator(slots=quarters(90, 91, 92), at=T3, accumulation=Accumulation.FLOW, target=100)
    assert forecast_indicator(given) == 365
    assert forecast_indicator(given, T2) == 181


def test_no_forecast_of_what_has_no_number() -> None:
    band = indicator(TargetKind.RANGE, quarters(1, 2, 3), T3, band_low=0, band_high=1, tolerance=0)
    assert forecast_indicator(band) is None
    assert forecast_indicator(indicator(slots=quarters(1, 2), at=T3, target=9)) is None


BROKEN = quarters(500, 100, 192, 284)


def test_a_series_break_starts_the_line_anew() -> None:
    """Before the break 500; after it 100, 192 and 284 on days 181, 273 and 365: one a day."""
    given = indicator(slots=BROKEN, at=T4, target=9)
    a_year_on = T4 + timedelta(days=365)
    assert forecast_indicator(given, a_year_on, since=T1) == 284 + 365
    assert forecast_indicator(given, a_year_on) != 284 + 365


def test_a_figure_on_the_day_of_the_break_is_before_it() -> None:
    given = indicator(slots=BROKEN, at=T4, target=9)
    assert forecast_indicator(given, since=T1 - timedelta(days=1)) == forecast_indicator(given)
    assert forecast_indicator(given, since=T1) == 284


def test_no_forecast_with_two_figures_after_the_break() -> None:
    given = indicator(slots=BROKEN, at=T4, target=9)
    assert forecast_indicator(given, since=T2) is None
    assert forecast_indicator(given, since=T4) is None


def test_a_flow_keeps_its_sum_over_a_break() -> None:
    """Sums 300, 391, 483 and 575: one a day after T1, so 575 at the end of the year."""
    flow = quarters(300, 91, 92, 92)
    given = indicator(slots=flow, at=T4, accumulation=Accumulation.FLOW, target=9)
    assert forecast_indicator(given, since=T1) == 575


def test_a_forecast_never_changes_a_status() -> None:
    """All three figures collapse, the forecast is negative, and the status is that of the level."""
    given = indicator(slots=quarters(300, 200, 100), at=T3, target=100)
    forecast = forecast_indicator(given)
    assert forecast is not None
    assert forecast < 10
    assert evaluate_indicator(given).status == "on_track"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"),
        ("0", 2, "0.00"),
        ("1/2", 0, "1"),
        ("-1/2", 0, "-1"),
        ("3/2", 0, "2"),
        ("5/2", 0, "3"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.124999", 2, "0.12"),
        ("2/3", 3, "0.667"),
        ("-1/1000", 2, "0.00"),
        ("0.005", 2, "0.01"),
        ("12345.678", 1, "12345.7"),
        ("999.995", 2, "1000.00"),
        ("100", 0, "100"),
    ],
)
def test_decimal_text_rounds_half_up(value: str, decimals: int, text: str) -> None:
    assert render_decimal(Fraction(value), decimals) == text


def test_negative_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="decimals"):
        render_decimal(Fraction(1), -1)
