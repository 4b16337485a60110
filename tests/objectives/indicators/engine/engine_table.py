"""How a row of the table is written down, and how it becomes an indicator.

The year is 2026 in four quarters, T1 to T4, which end 90, 181, 273 and 365 days after the eve,
31 December 2025. A figure is due 15 days after its quarter ends: 15 April, 15 July, 15 October.

- baseline: "80" is 80 on the eve, "80@T1" is 80 at the end of T1;
- targets: "T2=90 T4=100", the last of them is the final target; a day may be written out, and a
  milestone or a range has only the day;
- figures: one word a quarter: "85", "85p" not validated yet, "48:100" a ratio, "-" missing, "n/a"
  not applicable, "done@2026-09-10", "for@2026-09-10" (a forecast), "said" (reported, no date).
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final

from objectives.indicators.engine import (
    Accumulation,
    IndicatorInput,
    Point,
    Remark,
    Slot,
    Status,
    TargetKind,
)
from tests.objectives.indicators.engine.engine_builders import (
    EVE,
    NA,
    T1,
    T2,
    T3,
    T4,
    indicator,
    quarters,
)

DAYS: Final = {"T1": T1, "T2": T2, "T3": T3, "T4": T4}
DATED: Final = {"done": "done_on", "for": "forecast_on"}


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what is given, the answer worked out by hand, and the arithmetic in words.

    The answer's numbers are text, read as exact fractions or decimals; None says that there is
    no such number.
    """

    name: str
    story: str
    kind: TargetKind
    accumulation: Accumulation
    baseline: str | None
    targets: str
    figures: str
    at: date
    status: Status
    working: str
    expected: str | None = None
    actual: str | None = None
    a: str | None = None
    remarks: tuple[Remark, ...] = ()
    stale: bool = False
    provisional: bool = False
    late: bool = False
    rule: dict[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> IndicatorInput:
        """The input of the engine that this row describes."""
        *interim, final = [_target(word) for word in self.targets.split()] or [(T4, None)]
        return indicator(
            self.kind,
            _slots(self.figures, ordinal=self.kind is TargetKind.ORDINAL),
            self.at,
            accumulation=self.accumulation,
            baseline=None if self.baseline is None else _baseline(self.baseline),
            interim=tuple(Point(day, value) for day, value in interim if value is not None),
            due_on=final[0],
            target=final[1],
            **self.rule,
        )


def exactly(number: str | None) -> Fraction | None:
    """The number of an answer."""
    return None if number is None else Fraction(number)


def _day(name: str) -> date:
    return DAYS.get(name) or date.fromisoformat(name)


def _target(word: str) -> tuple[date, Fraction | None]:
    day, _, value = word.partition("=")
    return _day(day), Fraction(value) if value else None


def _baseline(text: str) -> Point:
    value, _, day = text.partition("@")
    return Point(_day(day) if day else EVE, Fraction(value))


def _slots(figures: str, *, ordinal: bool) -> tuple[Slot, ...]:
    words = figures.split()
    return quarters(*[{"level": int(word)} if ordinal else _entry(word) for word in words])


def _entry(word: str) -> Any:
    if word == "-":
        return None
    if word == NA:
        return NA
    if word == "said":
        return {}
    name, _, day = word.partition("@")
    if name in DATED:
        return {DATED[name]: _day(day)}
    numerator, _, denominator = word.partition(":")
    if denominator:
        return {"numerator": Fraction(numerator), "denominator": Fraction(denominator)}
    return {"value": Fraction(word.rstrip("p")), "provisional": word.endswith("p")}
