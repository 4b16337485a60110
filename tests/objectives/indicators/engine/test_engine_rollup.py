"""Objectives, werven, distribution and progress: cases worked out by hand."""

from fractions import Fraction
from typing import NamedTuple

import pytest

from objectives.indicators.engine import (
    IndicatorStatus,
    Override,
    Progress,
    Remark,
    RollupStatus,
    Status,
    WeightedIndicator,
    WeightedObjective,
    distribution,
    evaluate_objective,
    evaluate_werf,
    weighted_progress,
)
from tests.objectives.indicators.engine.engine_builders import judged

ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK, NOT_STARTED, NO_DATA = Status


def child(
    status: Status, attainment: str | None = None, weight: int = 1, *, key: bool = False
) -> WeightedIndicator:
    return WeightedIndicator(judged(status, attainment), Fraction(weight), key)


class Case(NamedTuple):
    name: str
    children: list[WeightedIndicator]
    status: Status
    mean: str | None
    remarks: tuple[Remark, ...] = ()


OBJECTIVES = [
    Case("one on track", [child(ON_TRACK, "0.95")], ON_TRACK, "0.95"),
    Case("a surplus is clipped", [child(ON_TRACK, "3"), child(OFF_TRACK, "0.5")], AT_RISK, "0.75"),
    Case("a deficit is clipped", [child(OFF_TRACK, "-9"), child(ON_TRACK, "1")], OFF_TRACK, "0.5"),
    Case("at risk ends at 0.89", [child(AT_RISK, "0.899")], AT_RISK, "0.89"),
    Case("off track ends at 0.69", [child(OFF_TRACK, "0.699")], OFF_TRACK, "0.69"),
    Case("lifted by tolerance to 0.90", [child(ON_TRACK, "0.4")], ON_TRACK, "0.90"),
    Case("capped as stale to 0.89", [child(AT_RISK, "1.2")], AT_RISK, "0.89"),
    Case("at risk by own thresholds, from 0.70", [child(AT_RISK, "0.5")], AT_RISK, "0.70"),
    Case("achieved with little attainment", [child(ACHIEVED, "0.2")], ACHIEVED, "0.90"),
    Case("between the bands", [child(ON_TRACK, "0.9"), child(AT_RISK, "0.89")], AT_RISK, "0.895"),
    Case("graded without attainment", [child(ON_TRACK), child(AT_RISK)], ON_TRACK, "0.90"),
    Case("graded off track", [child(ACHIEVED), child(OFF_TRACK)], AT_RISK, "0.75"),
    Case("weights", [child(ON_TRACK, "1", 3), child(OFF_TRACK, "0", 1)], AT_RISK, "0.75"),
    Case("all achieved", [child(ACHIEVED, "1"), child(ACHIEVED)], ACHIEVED, "1"),
    Case("nearly all achieved", [child(ACHIEVED, "1"), child(ON_TRACK, "1")], ON_TRACK, "1"),
    Case(
        "achieved, but one has to start",
        [child(ACHIEVED, "1"), child(NOT_STARTED)],
        ON_TRACK, "1",
    ),
    Case(
        "not yet due leaves the denominator",
        [child(AT_RISK, "0.8"), child(NOT_STARTED, None, 9)],
        AT_RISK, "0.8",
    ),
    Case("half without a figure", [child(ON_TRACK, "1"), child(NO_DATA)], ON_TRACK, "1"),
    Case(
        "more than half without",
        [child(ON_TRACK, "1", 49), child(NO_DATA, None, 51)],
        NO_DATA, None, (Remark.MOSTLY_WITHOUT_FIGURE,),
    ),
    Case(
        "not yet due is no excuse",
        [child(ON_TRACK, "1", 1), child(NO_DATA, None, 2), child(NOT_STARTED, None, 9)],
        NO_DATA, None, (Remark.MOSTLY_WITHOUT_FIGURE,),
    ),
    Case("no indicators", [], NO_DATA, None, (Remark.NOTHING_TO_ROLL_UP,)),
    Case(
        "none due",
        [child(NOT_STARTED), child(NOT_STARTED)],
        NOT_STARTED, None, (Remark.NONE_DUE,),
    ),
    Case(
        "key indicator off track",
        [child(ON_TRACK, "1", 99), child(OFF_TRACK, "0", 1, key=True)],
        AT_RISK, "0.99", (Remark.CAPPED_KEY_INDICATOR,),
    ),
    Case(
        "key indicator at risk caps nothing",
        [child(ON_TRACK, "1", 99), child(AT_RISK, "0.8", 1, key=True)],
        ON_TRACK, "0.998",
    ),
    Case(
        "another indicator off track caps nothing",
        [child(ON_TRACK, "1", 99), child(OFF_TRACK, "0", 1)],
        ON_TRACK, "0.99",
    ),
    Case(
        "the key does not lift",
        [child(OFF_TRACK, "0", 9, key=True), child(ON_TRACK, "1")],
        OFF_TRACK, "0.1",
    ),
    Case(
        "weight zero stays out of the mean",
        [child(OFF_TRACK, "0", 0), child(ON_TRACK, "1")],
        ON_TRACK, "1",
    ),
    Case("weight zero alone", [child(OFF_TRACK, "0", 0)], NOT_STARTED, None, (Remark.NONE_DUE,)),
]  # fmt: skip


@pytest.mark.parametrize("case", OBJECTIVES, ids=lambda case: case.name)
def test_objective(case: Case) -> None:
    result = evaluate_objective(case.children)
    assert result.status is case.status
    assert result.attainment == (None if case.mean is None else Fraction(case.mean))
    assert result.remarks == case.remarks


def objective(
    status: Status, attainment: str | None, override: Override | None = None
) -> RollupStatus:
    return RollupStatus(
        status=status,
        rule_version=1,
        attainment=None if attainment is None else Fraction(attainment),
        override=override,
    )


def werf(*objectives: RollupStatus) -> RollupStatus:
    return evaluate_werf([WeightedObjective(one) for one in objectives])


def test_any_objective_off_track_caps_a_werf() -> None:
    good = [objective(ON_TRACK, "1")] * 9
    result = werf(*good, objective(OFF_TRACK, "0.6"))
    assert result.attainment == Fraction(96, 100)
    assert result.status is AT_RISK
    assert result.remarks == (Remark.CAPPED_OFF_TRACK_OBJECTIVE,)


def test_a_capped_objective_counts_in_its_band() -> None:
    """An objective of 0.99 that a key indicator capped counts as 0.89 in its werf."""
    capped = evaluate_objective([child(ON_TRACK, "1", 99), child(OFF_TRACK, "0", 1, key=True)])
    assert werf(capped).attainment == Fraction(89, 100)
    assert werf(capped).status is AT_RISK


def test_werf_without_figures() -> None:
    assert werf().status is NO_DATA
    assert werf(objective(NOT_STARTED, None)).status is NOT_STARTED
    assert werf(objective(NO_DATA, None), objective(NOT_STARTED, None)).status is NO_DATA
    assert werf(objective(NO_DATA, None), objective(AT_RISK, "0.8")).status is AT_RISK


def test_werf_is_achieved_only_when_every_objective_is() -> None:
    assert werf(objective(ACHIEVED, "1"), objective(ACHIEVED, "0.9")).status is ACHIEVED
    assert werf(objective(ACHIEVED, "1"), objective(ON_TRACK, "1")).status is ON_TRACK


def test_an_override_is_shown_and_never_rolled_up() -> None:
    override = Override(ON_TRACK, "Recruitment caught up after the reference date.")
    bad = evaluate_objective([child(OFF_TRACK, "0.2")], override=override)
    assert bad.status is OFF_TRACK
    assert bad.override == override
    assert werf(bad).status is OFF_TRACK
    assert werf(bad) == werf(evaluate_objective([child(OFF_TRACK, "0.2")]))


def test_a_parent_says_when_something_below_is_provisional_or_stale() -> None:
    doubtful = WeightedIndicator(judged(ON_TRACK, 1, provisional=True, stale=True))
    parent = evaluate_objective([child(ON_TRACK, "1"), doubtful])
    assert parent.provisional
    assert parent.stale
    assert werf(parent).provisional


def test_distribution_names_all_six() -> None:
    counts = distribution([ON_TRACK, OFF_TRACK, ON_TRACK])
    assert list(counts.items()) == [
        (ACHIEVED, 0),
        (ON_TRACK, 2),
        (AT_RISK, 0),
        (OFF_TRACK, 1),
        (NOT_STARTED, 0),
        (NO_DATA, 0),
    ]


def with_progress(actual: str, expected: str, status: Status = ON_TRACK) -> IndicatorStatus:
    return judged(status, 1, progress=Progress(Fraction(actual), Fraction(expected)))


def test_progress_of_a_werf_is_the_weighted_mean_of_what_is_numeric() -> None:
    mean = weighted_progress(
        [
            WeightedIndicator(with_progress("0.2", "0.5"), Fraction(3)),
            WeightedIndicator(with_progress("1", "0.9"), Fraction(1)),
            WeightedIndicator(judged(ON_TRACK)),
            WeightedIndicator(judged(NO_DATA)),
        ]
    )
    assert mean == Progress(Fraction(4, 10), Fraction(6, 10))


def test_no_progress_without_numeric_indicators() -> None:
    assert weighted_progress([]) is None
    assert weighted_progress([WeightedIndicator(judged(ON_TRACK))]) is None
    assert weighted_progress([WeightedIndicator(with_progress("1", "1"), Fraction(0))]) is None
