"""What must hold for every objective and werf, found by generating them."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from objectives.indicators.engine import (
    FIGURE_STATUSES,
    IndicatorStatus,
    Override,
    Progress,
    RollupStatus,
    Status,
    WeightedIndicator,
    WeightedObjective,
    evaluate_objective,
    evaluate_werf,
    weighted_progress,
)
from tests.objectives.indicators.engine.engine_builders import (
    judged,
)
from tests.objectives.indicators.engine.engine_strategies import POSITIVE, VALUES, Draw, rank


@st.composite
def judgements(draw: Draw) -> IndicatorStatus:
    """A result whose attainment need not fit its status, as caps and tolerances make them."""
    status = draw(st.sampled_from(Status))
    figure = status in FIGURE_STATUSES
    numeric = figure and draw(st.booleans())
    return judged(
        status,
        draw(VALUES) / 100 if numeric else None,
        progress=Progress(draw(VALUES), draw(VALUES)) if numeric else None,
    )


WEIGHTS = st.fractions(min_value=0, max_value=10, max_denominator=10)
CHILD = st.builds(WeightedIndicator, judgements(), WEIGHTS, st.booleans())
CHILDREN = st.lists(CHILD, max_size=8)


def assert_between(parent: RollupStatus, statuses: list[Status]) -> None:
    """No better than the best, no worse than the worst child that has a figure.

    Below, achieved counts as on track: a parent is achieved only when every child is, so one that
    has yet to start keeps it on track although the worst child with a figure is achieved.
    """
    ranks = [rank(status) for status in statuses if status in FIGURE_STATUSES]
    if parent.has_figure:
        worst = min(min(ranks), rank(Status.ON_TRACK))
        assert worst <= rank(parent.status) <= max(ranks)


@settings(max_examples=400)
@given(CHILDREN)
def test_a_parent_lies_between_its_children(children: list[WeightedIndicator]) -> None:
    parent = evaluate_objective(children)
    assert_between(parent, [one.status.status for one in children])
    achieved = [one.status.status is Status.ACHIEVED for one in children]
    if parent.has_figure:
        assert (parent.status is Status.ACHIEVED) is all(achieved)
    assert sum(parent.counts.values()) == len(children)
    assert (parent.attainment is not None) is parent.has_figure
    progress = weighted_progress(children)
    assert progress is None or type(progress.actual) is Fraction


@given(st.lists(st.tuples(CHILDREN, WEIGHTS), max_size=5))
def test_so_does_a_werf(families: list[tuple[list[WeightedIndicator], Fraction]]) -> None:
    parents = [
        WeightedObjective(evaluate_objective(children), weight) for children, weight in families
    ]
    werf = evaluate_werf(parents)
    assert_between(werf, [one.status.status for one in parents])
    if any(one.status.status is Status.OFF_TRACK for one in parents) and werf.has_figure:
        assert rank(werf.status) <= rank(Status.AT_RISK)
    everything = bool(parents) and all(one.status.status is Status.ACHIEVED for one in parents)
    if werf.has_figure:
        assert (werf.status is Status.ACHIEVED) is everything


@given(CHILDREN, POSITIVE)
def test_only_the_proportion_of_weights_matters(
    children: list[WeightedIndicator], factor: Fraction
) -> None:
    heavier = [replace(one, weight=one.weight * factor) for one in children]
    one, other = evaluate_objective(children), evaluate_objective(heavier)
    assert other.status is one.status
    assert other.attainment == one.attainment


@given(CHILDREN, st.randoms(use_true_random=False))
def test_the_order_of_children_does_not_matter(
    children: list[WeightedIndicator], random: Random
) -> None:
    shuffled = random.sample(children, len(children))
    one, other = evaluate_objective(children), evaluate_objective(shuffled)
    assert (other.status, other.attainment, other.counts) == (
        one.status,
        one.attainment,
        one.counts,
    )


@given(CHILDREN, WEIGHTS)
def test_what_is_not_yet_due_moves_neither_mean_nor_denominator(
    children: list[WeightedIndicator], weight: Fraction
) -> None:
    """It only keeps a parent from being achieved, and an empty one from having no data."""
    waiting = WeightedIndicator(judged(Status.NOT_STARTED), weight, key=True)
    one, other = evaluate_objective(children), evaluate_objective([*children, waiting])
    assert other.attainment == one.attainment
    assert other.due_weight == one.due_weight
    if not children:
        assert other.status is Status.NOT_STARTED
    elif one.status is Status.ACHIEVED:
        assert other.status is Status.ON_TRACK
    else:
        assert other.status is one.status


@given(CHILDREN, CHILD, VALUES, st.sampled_from(FIGURE_STATUSES))
def test_a_better_child_never_makes_a_worse_parent(
    children: list[WeightedIndicator], child: WeightedIndicator, gain: Fraction, status: Status
) -> None:
    before = child.status
    assume(before.has_figure and rank(status) >= rank(before.status))
    higher = None if before.attainment is None else before.attainment + abs(gain)
    better = replace(child, status=replace(before, status=status, attainment=higher))
    first = evaluate_objective([*children, child])
    second = evaluate_objective([*children, better])
    assert second.has_figure is first.has_figure
    if first.has_figure:
        assert rank(second.status) >= rank(first.status)


@given(CHILDREN, st.sampled_from(Status))
def test_an_override_stands_beside_and_changes_nothing(
    children: list[WeightedIndicator], status: Status
) -> None:
    override = Override(status, "The figure of one unit was recorded twice.")
    plain, overridden = (
        evaluate_objective(children),
        evaluate_objective(children, override=override),
    )
    assert replace(overridden, override=None) == plain
    werf = evaluate_werf([WeightedObjective(plain)])
    assert evaluate_werf([WeightedObjective(overridden)]) == werf
