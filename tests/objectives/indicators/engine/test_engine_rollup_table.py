"""The status of an objective and of a werf: a second table to check with pencil and paper.

A child is written as its status, its attainment a and its weight: "at_risk 0.8 x3" weighs three
and "key" makes it a key indicator. Without a number it is a range, a milestone or an ordinal, or
has no figure. Its value is a clipped into the band of its status: achieved and on_track
[0.90, 1], at_risk [0.70, 0.89], off_track [0, 0.69]; without a: 1, 0.80, 0.50.
"""

from dataclasses import dataclass
from fractions import Fraction

import pytest

from objectives.indicators.engine import (
    Remark,
    RollupStatus,
    Status,
    WeightedIndicator,
    WeightedObjective,
    evaluate_objective,
    evaluate_werf,
)
from tests.objectives.indicators.engine.engine_builders import judged
from tests.objectives.indicators.engine.engine_table import exactly

ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK, NOT_STARTED, NO_DATA = Status
MOSTLY, NONE_DUE = Remark.MOSTLY_WITHOUT_FIGURE, Remark.NONE_DUE
NOTHING = Remark.NOTHING_TO_ROLL_UP
KEY, CAPPED = Remark.CAPPED_KEY_INDICATOR, Remark.CAPPED_OFF_TRACK_OBJECTIVE


@dataclass(frozen=True, slots=True)
class Row:
    """One case; children are separated by commas, `mean` is an exact number as text."""

    name: str
    story: str
    children: str
    status: Status
    mean: str | None
    working: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """A child as it is written in a row."""

    status: Status
    a: str | None
    weight: Fraction
    key: bool


def children(text: str) -> list[Child]:
    return [_child(part.split()) for part in text.split(",") if part.strip()]


def _child(words: list[str]) -> Child:
    numbers = [word for word in words[1:] if word != "key" and not word.startswith("x")]
    weights = [word[1:] for word in words[1:] if word.startswith("x")]
    return Child(
        status=Status(words[0]),
        a=numbers[0] if numbers else None,
        weight=Fraction(weights[0] if weights else 1),
        key="key" in words,
    )


OBJECTIVES = [
    # --- The value of an indicator
    Row("U01", "a within its band", "on_track 0.95", ON_TRACK, "0.95", "0.95 lies in [0.90, 1]"),
    Row("U02", "a surplus does not make up for a neighbour", "on_track 3, off_track 0.4",
        AT_RISK, "0.7", "3 becomes 1; (1 + 0.4) / 2 = 0.70"),
    Row("U03", "a deep deficit ends at zero", "off_track -9, on_track 1", OFF_TRACK, "0.5",
        "-9 becomes 0; (0 + 1) / 2"),
    Row("U04", "stale: on track by a, at risk in the end", "at_risk 1.2", AT_RISK, "0.89",
        "1.2 becomes 0.89"),
    Row("U05", "lifted by a tolerance", "on_track 0.4", ON_TRACK, "0.9", "0.4 becomes 0.90"),
    Row("U06", "at risk by thresholds of its own", "at_risk 0.5", AT_RISK, "0.7",
        "0.5 becomes 0.70"),
    Row("U07", "off track by thresholds of its own", "off_track 0.94", OFF_TRACK, "0.69",
        "0.94 becomes 0.69"),
    Row("U08", "without an attainment", "on_track, at_risk, off_track", AT_RISK, "23/30",
        "(1 + 0.80 + 0.50) / 3 = 2.30/3 = 0.767"),
    # --- Weights and thresholds
    Row("U09", "weights", "on_track 1 x3, at_risk 0.8 x2, off_track 0.2", AT_RISK, "0.8",
        "(3 x 1 + 2 x 0.8 + 1 x 0.2) / 6 = 4.8/6"),
    Row("U10", "just on track", "on_track 1, at_risk 0.8", ON_TRACK, "0.9", "1.8/2 = 0.90"),
    Row("U11", "just at risk", "at_risk 0.8, off_track 0.6", AT_RISK, "0.7", "1.4/2 = 0.70"),
    Row("U12", "between two bands", "at_risk 0.7, off_track 0.69", OFF_TRACK, "0.695",
        "1.39/2 = 0.695 < 0.70"),
    Row("U13", "a weight of zero stays out of the mean", "off_track 0 x0, on_track 0.95",
        ON_TRACK, "0.95", "0.95/1"),
    # --- Achieved
    Row("U14", "every indicator is achieved", "achieved 1, achieved", ACHIEVED, "1", "(1 + 1) / 2"),
    Row("U15", "achieved below par is achieved", "achieved 0.4", ACHIEVED, "0.9",
        "0.4 becomes 0.90"),
    Row("U16", "all but one achieved", "achieved 1 x9, on_track 1", ON_TRACK, "1", "10/10"),
    Row("U17", "one achieved, one has yet to start", "achieved 1, not_started", ON_TRACK, "1",
        "1/1, but not every indicator is achieved"),
    # --- Not yet due, and without a figure
    Row("U18", "not yet due leaves the denominator", "at_risk 0.8, not_started x9", AT_RISK,
        "0.8", "0.8/1, not 0.8/10"),
    Row("U19", "none is due", "not_started, not_started x5", NOT_STARTED, None, "due weight 0",
        (NONE_DUE,)),
    Row("U20", "no indicators", "", NO_DATA, None, "nothing below", (NOTHING,)),
    Row("U21", "exactly half without a figure", "on_track 0.95 x5, no_data x5", ON_TRACK, "0.95",
        "5 of 10 is not more than half"),
    Row("U22", "more than half without a figure", "on_track 0.95 x49, no_data x51", NO_DATA, None,
        "51 of 100 is more than half", (MOSTLY,)),
    Row("U23", "what is not due does not dilute it", "on_track 1, no_data x2, not_started x9",
        NO_DATA, None, "2 of 3 due, not 2 of 12", (MOSTLY,)),
    # --- Key indicators
    Row("U24", "a key indicator off track", "on_track 1 x19, off_track 0 key", AT_RISK, "0.95",
        "19/20 = 0.95, on track; capped", (KEY,)),
    Row("U25", "the same, not a key indicator", "on_track 1 x19, off_track 0", ON_TRACK, "0.95",
        "19/20 = 0.95"),
    Row("U26", "a key indicator at risk", "on_track 1 x19, at_risk 0.8 key", ON_TRACK, "0.99",
        "19.8/20 = 0.99"),
    Row("U27", "the cap does not lift", "on_track 1, off_track 0 x3 key", OFF_TRACK, "0.25",
        "1/4 = 0.25"),
    Row("U28", "a key indicator without a figure", "on_track 1, no_data key", ON_TRACK, "1",
        "1 of 2 is not more than half; 1/1"),
]  # fmt: skip
WERVEN = [
    Row("V01", "as an objective", "on_track 0.96, at_risk 0.8", AT_RISK, "0.88", "1.76/2"),
    Row("V02", "one objective off track among ten", "on_track 1 x9, off_track 0.6", AT_RISK,
        "0.96", "9.6/10 = 0.96, on track; capped", (CAPPED,)),
    Row("V03", "the cap does not lift", "off_track 0.6, off_track 0.2", OFF_TRACK, "0.4", "0.8/2"),
    Row("V04", "an objective capped by its key indicator", "at_risk 0.95", AT_RISK, "0.89",
        "0.95 becomes 0.89"),
    Row("V05", "every objective achieved", "achieved 1, achieved 0.9", ACHIEVED, "0.95", "1.9/2"),
    Row("V06", "not every objective achieved", "achieved 1, on_track 1", ON_TRACK, "1", "2/2"),
    Row("V07", "an objective not yet due", "at_risk 0.75, not_started x4", AT_RISK, "0.75",
        "0.75/1"),
    Row("V08", "no objective due", "not_started", NOT_STARTED, None, "due weight 0", (NONE_DUE,)),
    Row("V09", "more than half without a figure", "on_track 1, no_data x2", NO_DATA, None,
        "2 of 3", (MOSTLY,)),
    Row("V10", "no objectives", "", NO_DATA, None, "nothing below", (NOTHING,)),
    Row("V11", "off track, but mostly without a figure", "off_track 0, no_data x2", NO_DATA, None,
        "2 of 3: a cap is no figure", (MOSTLY,)),
]  # fmt: skip


def assert_row(result: RollupStatus, row: Row) -> None:
    assert result.status is row.status, row.working
    assert result.attainment == exactly(row.mean), row.working
    assert result.remarks == row.remarks


def title(row: Row) -> str:
    return f"{row.name} {row.story}"


@pytest.mark.parametrize("row", OBJECTIVES, ids=title)
def test_objective_worked_by_hand(row: Row) -> None:
    indicators = [
        WeightedIndicator(judged(child.status, child.a), child.weight, child.key)
        for child in children(row.children)
    ]
    assert_row(evaluate_objective(indicators), row)


@pytest.mark.parametrize("row", WERVEN, ids=title)
def test_werf_worked_by_hand(row: Row) -> None:
    objectives = [
        WeightedObjective(
            RollupStatus(status=child.status, rule_version=1, attainment=exactly(child.a)),
            child.weight,
        )
        for child in children(row.children)
    ]
    assert_row(evaluate_werf(objectives), row)
