"""A series of 2025 whose last figure was corrected twice, each step on a day of its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period, parse_period
from objectives.indicators.services import Figure, IndicatorSheet, measurement_record
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import (
    ObjectiveSheet,
    indicator_add,
    objective_create,
    objective_move,
    operational_plan_create,
)
from tests.factories import Ministry, function_of, text

PLANNED: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
FOURTH_PERIOD: Final = "2025-T4"


@dataclass(frozen=True, slots=True)
class Answer:
    """A day, and what was known then of the fourth period of 2025."""

    day: date
    value: Decimal | None
    shown: str
    status: str

    @property
    def moment(self) -> datetime:
        """Return noon of that day."""
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


# From 80 % on 31 December 2024 to 90 % a year later. D = |90 - 80| = 10 at the year's end, so that
# a = 1 + (actual - 90) / 10: 90.5 meets the target, 88.4 gives 0.84, 85.9 gives 0.59.
ANSWERS: Final = (
    Answer(date(2026, 2, 1), Decimal("90.5"), "90,5", "achieved"),
    Answer(date(2026, 4, 1), Decimal("88.4"), "88,4", "at_risk"),
    Answer(date(2026, 7, 1), Decimal("85.9"), "85,9", "off_track"),
)
RECORDED: Final = (
    ("2025-T1", "82.6", datetime(2025, 4, 10, 9, tzinfo=UTC), ""),
    ("2025-T2", "85.2", datetime(2025, 7, 10, 9, tzinfo=UTC), ""),
    ("2025-T3", "87.7", datetime(2025, 10, 10, 9, tzinfo=UTC), ""),
    (FOURTH_PERIOD, "90.5", datetime(2026, 1, 12, 9, tzinfo=UTC), ""),
    (FOURTH_PERIOD, "88.4", datetime(2026, 3, 2, 9, tzinfo=UTC), "Dubbele tellingen verwijderd"),
    (FOURTH_PERIOD, "85.9", datetime(2026, 6, 15, 9, tzinfo=UTC), "Een zone ontbrak"),
)


@dataclass(frozen=True, slots=True)
class CorrectedSeries:
    """The records, made through the services, each as of its own day."""

    ministry: Ministry
    plan: OperationalPlan
    objective: OperationalObjective
    indicator: Indicator
    figures: tuple[Measurement, ...]

    @property
    def period(self) -> Period:
        """Return the fourth period."""
        return parse_period(FOURTH_PERIOD)


def corrected_series(ministry: Ministry) -> CorrectedSeries:
    """Make the plan of 2025 with one approved objective and its corrected series."""
    users = ministry.users
    plan = operational_plan_create(
        actor=None, plan=ministry.plan, year=2025, state=PlanState.APPROVED, at=PLANNED
    )
    objective = objective_create(
        actor=users["planner_adcv"],
        plan=plan,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Noodcentrales dag en nacht bezetten", "Occuper les centrales jour et nuit"),
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31),
            holder=function_of("ADCV"),
        ),
        at=PLANNED,
    )
    indicator = indicator_add(
        actor=users["planner_adcv"],
        objective=objective,
        sheet=IndicatorSheet(
            title=text("Bezettingsgraad noodcentrales"),
            unit_of_measure=text("%", "%"),
            source=text("Dispatchinglogboek", "Journal du dispatching"),
            target_kind="increase",
            decimals=1,
            baseline=Decimal(80),
            baseline_date=date(2024, 12, 31),
        ),
        target=Decimal(90),
        at=PLANNED,
    )
    for who, step in (
        ("head_adcv", Step.SUBMIT),
        ("corporate", Step.PASS_ON),
        ("committee", Step.APPROVE),
    ):
        objective_move(actor=users[who], objective=objective, step=step, at=PLANNED)
        objective.refresh_from_db()
    figures = tuple(
        measurement_record(
            actor=users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
            reason=reason,
            at=at,
        )
        for period, value, at, reason in RECORDED
    )
    return CorrectedSeries(ministry, plan, objective, indicator, figures)
