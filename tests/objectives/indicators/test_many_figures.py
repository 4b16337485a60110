"""Where there are more figures than a process may keep, a page reads those that it shows."""

from datetime import date
from decimal import Decimal

import pytest

from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import recorded
from objectives.indicators.services import Figure, measurement_record
from tests.factories import Ministry


@pytest.fixture
def measured(ministry: Ministry) -> Indicator:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    objective.refresh_from_db()
    ministry.approve(objective)
    for period in ("2026-T1", "2026-T2"):
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(90)),
        )
    return indicator


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_page_shows_the_same_however_many_are_kept(
    measured: Indicator, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(recorded, "MOST_KEPT", most)
    now = Clocks.now().known_at

    with steady.reading():
        series = recorded.recorded_series([measured], year=2026, until=now, among_many=True)
        given = recorded.last_given([measured.pk])

    assert [figure.row.period_start for figure in series.figures[measured.pk]] == [
        date(2026, 1, 1),
        date(2026, 4, 1),
    ]
    assert sorted(start for _pk, start, _length in given) == [date(2026, 1, 1), date(2026, 4, 1)]
