"""Short ways to write down a series in a test: quarters from the first of 2023 on.

The figure under test is that of the quarter after the earlier ones; figures are due 15 days after
their quarter.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from objectives.indicators.engine import Accumulation, TargetKind
from objectives.indicators.periods import Period
from objectives.indicators.quality import (
    Check,
    Dimension,
    Figure,
    Finding,
    Part,
    SeriesRule,
    Slot,
    check_figure,
)

Entry = int | str | Fraction | tuple[int, int] | dict[str, Any]

REGION = Dimension("region", ("bru", "vla", "wal"), adds_up=True)
SEX = Dimension("sex", ("f", "m"), adds_up=True)
THEME = Dimension("theme", ("fire", "flood"), adds_up=False)


def quarter(index: int) -> Period:
    """The quarter with an index; 0 is the first of 2023."""
    return Period(date(2023 + index // 4, index % 4 * 3 + 1, 1), "T")


def numbers(entry: Entry) -> dict[str, Any]:
    """A number is a value, a pair is numerator and denominator, a dict gives the fields."""
    if isinstance(entry, dict):
        return entry
    if isinstance(entry, tuple):
        return {"numerator": Fraction(entry[0]), "denominator": Fraction(entry[1])}
    return {"value": Fraction(entry)}


def figure(index: int, entry: Entry, **fields: Any) -> Figure:
    """The figure of a quarter."""
    period = quarter(index)
    return Figure(
        period_start=period.start,
        period_end=period.end,
        due_on=period.due_on(15),
        **{**numbers(entry), **fields},
    )


def series(*entries: Entry | None) -> list[Figure]:
    """The figures of successive quarters; None is a quarter without a figure."""
    return [figure(index, entry) for index, entry in enumerate(entries) if entry is not None]


def whole(entry: Entry, **parts: Entry) -> Figure:
    """A figure with its breakdown; `region_bru` is the part "region=bru"."""
    return figure(
        0,
        entry,
        parts={
            ";".join("=".join(pair.split("_")) for pair in name.split("__")): Part(**numbers(part))
            for name, part in parts.items()
        },
    )


def rule(accumulation: Accumulation = Accumulation.FLOW, **fields: Any) -> SeriesRule:
    """The rule of a rising indicator, unless the fields say otherwise."""
    return SeriesRule(accumulation=accumulation, **{"kind": TargetKind.INCREASE, **fields})


def found_after(
    given: SeriesRule, earlier: Sequence[Entry | None], entry: Entry
) -> tuple[Finding, ...]:
    """Findings about a figure that follows on earlier ones."""
    return check_figure(given, series(*earlier), figure(len(earlier), entry))


def checks(findings: Sequence[Finding]) -> list[Check]:
    """Which checks found something."""
    return [finding.check for finding in findings]


def slot(index: int, *, measured: bool = False) -> Slot:
    """The slot of a quarter."""
    period = quarter(index)
    return Slot(
        period_start=period.start,
        period_end=period.end,
        due_on=period.end + timedelta(days=15),
        measured=measured,
    )
