"""Series breaks and the forecast in the marks: what is not joined, what stays readable."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.marks import Point, Tick, sparkline, trajectory
from ibzplan.core.marks.breaks import flags_of
from ibzplan.core.marks.lettering import Box, width_of

LABELS: Final = {"value-label", "forecast-label", "break-label", "tick-label"}
HUGE = 10**400

numbers = st.one_of(st.integers(-HUGE, HUGE), st.floats(), st.fractions())
moments = st.integers(0, 400)
labels = st.text(st.characters(codec="utf-8"), max_size=40)


def by_class(root: Element, name: str) -> list[Element]:
    return [part for part in root.iter() if name in part.get("class", "").split()]


def number_of(part: Element, attribute: str) -> float:
    return float(part.attrib[attribute])


def places(part: Element) -> list[tuple[float, float]]:
    """The corners of a path."""
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", part.attrib["d"])
    return [(float(x), float(y)) for x, y in pairs]


def middle(part: Element) -> tuple[float, float]:
    corners = places(part)
    return (
        sum(x for x, _ in corners) / len(corners),
        sum(y for _, y in corners) / len(corners),
    )


def box_of(text: Element) -> Box:
    """The room that a text takes, as the marks reckon it."""
    width = width_of(text.text or "")
    share = {"start": Fraction(0), "middle": Fraction(1, 2), "end": Fraction(1)}
    left = Fraction(text.attrib["x"]) - width * share[text.attrib["text-anchor"]]
    return Box(left, left + width, Fraction(text.attrib["y"]))


def written(root: Element) -> list[Element]:
    return [part for part in root.iter() if LABELS & set(part.get("class", "").split())]


def joined(root: Element, name: str) -> Iterator[tuple[float, float]]:
    """The x of both ends of every straight piece of a line."""
    for line in by_class(root, name):
        xs = [x for x, _ in places(line)]
        yield from pairwise(xs)


def drawn(svg: str) -> Element:
    assert "style=" not in svg
    return fromstring(svg)  # noqa: S314 - our own output


QUARTERS = [Point(quarter, 80 + quarter, str(80 + quarter)) for quarter in range(1, 7)]


# Breaks in the trajectory


def test_line_stops_at_a_break_and_starts_again_after_it() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(3.5, "reeksbreuk 1/10/2026")]))
    before, after = by_class(root, "line-measured")
    hairline = by_class(root, "break")[0]
    assert len(places(before)) == len(places(after)) == 3
    assert places(before)[-1][0] < number_of(hairline, "x1") < places(after)[0][0]
    assert len(by_class(root, "dot-measured")) == 6


def test_point_on_a_break_belongs_to_the_part_before_it() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(3)]))
    assert [len(places(line)) for line in by_class(root, "line-measured")] == [3, 3]
    later = drawn(trajectory(QUARTERS, "x", breaks=[Tick(Fraction(299, 100))]))
    assert [len(places(line)) for line in by_class(later, "line-measured")] == [2, 4]


@pytest.mark.parametrize("at", [-2, 0, 6, 9])
def test_break_outside_the_points_is_shown_and_parts_nothing(at: int) -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(at, "reeksbreuk")]))
    hairline = by_class(root, "break")[0]
    xs = [number_of(dot, "cx") for dot in by_class(root, "dot-measured")]
    assert len(by_class(root, "line-measured")) == 1
    assert 0 < number_of(hairline, "x1") < 300
    x = number_of(hairline, "x1")
    assert x < xs[0] if at < 1 else x >= xs[-1]
    assert [part.text for part in by_class(root, "break-label")] == ["reeksbreuk"]


def test_break_without_any_figure_is_shown() -> None:
    root = drawn(trajectory([], "x", breaks=[Tick(7, "reeksbreuk")]))
    assert len(by_class(root, "break")) == 1
    assert by_class(root, "break-label")[0].text == "reeksbreuk"
    assert not by_class(root, "line-measured")


def test_break_runs_over_the_whole_plot_with_a_sign_at_the_axis() -> None:
    root = drawn(
        trajectory(
            QUARTERS,
            "x",
            breaks=[Tick(3.5, "reeksbreuk")],
            y_ticks=[Tick(80, "80"), Tick(90, "90")],
        )
    )
    hairline, sign = by_class(root, "break")[0], by_class(root, "break-mark")[0]
    axes = [number_of(axis, "y1") for axis in by_class(root, "axis")]
    assert number_of(hairline, "y1") < min(axes)
    assert number_of(hairline, "y2") == max(axes)
    assert middle(sign) == (number_of(hairline, "x1"), max(axes))


def test_label_of_a_break_stands_above_every_value() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(5.5, "reeksbreuk")]))
    dots = [number_of(dot, "cy") for dot in by_class(root, "dot-measured")]
    values = [number_of(part, "y") for part in by_class(root, "value-label")]
    assert values
    assert number_of(by_class(root, "break-label")[0], "y") < min([*dots, *values]) - 9


@pytest.mark.parametrize("width", [300, 360, 880])
@pytest.mark.parametrize("apart", [0.01, 5, 60, 90])
@pytest.mark.parametrize("first", [0, 30, 60, 200, 270])
def test_two_breaks_close_together_are_both_named(width: int, apart: float, first: int) -> None:
    series = [Point(at, at) for at in (0, 150, 300)]
    second = min(first + apart, 300)
    breaks = [Tick(first, "reeksbreuk 1/7/2026"), Tick(second, "reeksbreuk 1/9/2026")]
    root = drawn(trajectory(series, "x", breaks=breaks, width=width))
    names = by_class(root, "break-label")
    assert {name.text for name in names} == {tick.label for tick in breaks}
    boxes = [box_of(name) for name in names]
    assert not boxes[0].overlaps(boxes[1])
    assert all(box.left >= 0 and box.right <= width for box in boxes)


def test_breaks_at_one_moment_are_one() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(3), Tick(3, "reeksbreuk"), Tick(3.0)]))
    assert len(by_class(root, "break")) == len(by_class(root, "break-label")) == 1


def test_a_name_wider_than_the_picture_is_shortened() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(3, "reeksbreuk " * 9)]))
    name = by_class(root, "break-label")[0]
    assert (name.text or "").endswith("…")
    assert box_of(name).right <= 300


def test_low_picture_keeps_its_plot_and_leaves_names_out() -> None:
    root = drawn(trajectory(QUARTERS, "x", breaks=[Tick(3, "reeksbreuk")], height=46))
    assert by_class(root, "break")
    assert not by_class(root, "break-label")


@given(
    st.lists(st.tuples(moments, st.integers(-9, 9)), max_size=9, unique_by=lambda pair: pair[0]),
    st.lists(moments, max_size=5, unique=True),
    st.one_of(st.none(), moments),
)
def test_nothing_measured_or_forecast_is_drawn_across_a_break(
    series: list[tuple[int, int]], cuts: list[int], ahead: int | None
) -> None:
    measured = [Point(at, value) for at, value in sorted(series)]
    forecast = Point(ahead, 0) if ahead is not None else None
    root = drawn(trajectory(measured, "x", breaks=[Tick(cut) for cut in cuts], forecast=forecast))
    lines = [number_of(line, "x1") for line in by_class(root, "break")]
    assert len(lines) == len(cuts)
    assert len(by_class(root, "dot-measured")) == len(series)
    for left, right in [*joined(root, "line-measured"), *joined(root, "line-forecast")]:
        assert left < right
        assert not any(left <= x < right for x in lines)


@given(
    st.dictionaries(
        st.fractions(0, 300, max_denominator=7), st.text("reksbu 1/", max_size=60), max_size=6
    ),
    st.sampled_from([300, 360, 880]),
)
def test_names_of_breaks_never_meet_a_name_or_the_line_of_another(
    names: dict[Fraction, str], width: int
) -> None:
    flags = flags_of(names, width=width, height=172)
    assert all(flag.left >= 0 and flag.right <= width for flag in flags)
    assert not any(one.meets(other) for one, other in combinations(flags, 2))
    assert bool(flags) == any(name.strip() for name in names.values())


# The forecast


def test_forecast_stands_at_its_moment_and_value_and_is_joined_by_dots() -> None:
    root = drawn(
        trajectory(QUARTERS[:4], "x", target=Point(8, 90), forecast=Point(8, 90, "prognose 90"))
    )
    ring, diamond = by_class(root, "dot-target")[0], by_class(root, "dot-forecast")[0]
    assert middle(diamond) == (number_of(ring, "cx"), number_of(ring, "cy"))
    last = by_class(root, "dot-measured")[-1]
    line = by_class(root, "line-forecast")[0]
    assert places(line) == [(number_of(last, "cx"), number_of(last, "cy")), middle(diamond)]
    assert by_class(root, "forecast-label")[0].text == "prognose 90"


def test_forecast_does_not_look_like_the_expected_path_in_one_colour() -> None:
    root = drawn(
        trajectory(QUARTERS[:4], "x", expected=[Point(1, 80), Point(8, 95)], forecast=Point(8, 90))
    )
    dots, dashes = by_class(root, "line-forecast")[0], by_class(root, "line-expected")[0]
    assert dots.get("stroke-dasharray") != dashes.get("stroke-dasharray")
    assert dots.get("stroke-linecap") == "round"
    assert by_class(root, "dot-forecast")[0].tag.endswith("}path")


def test_axes_reach_as_far_as_the_forecast() -> None:
    root = drawn(trajectory(QUARTERS, "x", forecast=Point(20, 500, "500")))
    x, y = middle(by_class(root, "dot-forecast")[0])
    assert x == max(x, *(number_of(dot, "cx") for dot in by_class(root, "dot-measured")))
    assert y == 16
    assert box_of(by_class(root, "forecast-label")[0]).right <= 300


def test_forecast_after_a_break_or_without_figures_stands_alone() -> None:
    parted = drawn(trajectory(QUARTERS, "x", breaks=[Tick(7)], forecast=Point(8, 90)))
    lonely = drawn(trajectory([], "x", forecast=Point(8, 90)))
    for root in (parted, lonely):
        assert len(by_class(root, "dot-forecast")) == 1
        assert not by_class(root, "line-forecast")


def test_no_forecast_without_a_value() -> None:
    root = drawn(trajectory(QUARTERS, "x", forecast=Point(8, None, "onbekend")))
    assert not by_class(root, "dot-forecast")
    assert not by_class(root, "forecast-label")


@given(
    st.lists(st.integers(0, 100), min_size=1, max_size=6),
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from([300, 360, 880]),
)
def test_labels_do_not_cover_each_other(
    values: list[int], target: int, forecast: int, width: int
) -> None:
    root = drawn(
        trajectory(
            [Point(at, value, str(value)) for at, value in enumerate(values)],
            "x",
            target=Point(8, target, f"doel {target}"),
            baseline=Point(-1, 50, "50"),
            forecast=Point(8, forecast, f"prognose {forecast}"),
            breaks=[Tick(1.5, "reeksbreuk 1/7/2025"), Tick(2.5, "reeksbreuk 1/9/2025")],
            x_ticks=[Tick(0, "T1"), Tick(8, "T4")],
            y_ticks=[Tick(0, "0"), Tick(100, "100")],
            width=width,
        )
    )
    boxes = [box_of(part) for part in written(root)]
    assert len(by_class(root, "break-label")) == 2
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(box.left >= 0 and box.right <= width and 8 <= box.baseline <= 172 for box in boxes)


any_point = st.builds(Point, at=numbers, value=st.one_of(st.none(), numbers), label=labels)


@given(
    st.lists(any_point, max_size=5),
    st.one_of(st.none(), any_point),
    st.lists(st.builds(Tick, at=numbers, label=labels), max_size=5),
)
def test_anything_is_drawn_inside_the_frame(
    measured: list[Point], forecast: Point | None, breaks: list[Tick]
) -> None:
    svg = trajectory(measured, "x", forecast=forecast, breaks=breaks)
    assert svg == trajectory(measured, "x", forecast=forecast, breaks=breaks)
    root = drawn(svg)
    for line in by_class(root, "break"):
        assert 0 <= number_of(line, "x1") <= 300
        assert 0 <= number_of(line, "y1") <= number_of(line, "y2") <= 172
    for part in [*by_class(root, "dot-forecast"), *by_class(root, "break-mark")]:
        assert "nan" not in part.attrib["d"]
        assert all(0 <= x <= 300 and 0 <= y <= 172 for x, y in places(part))
    for name in by_class(root, "break-label"):
        assert box_of(name).left >= 0
        assert box_of(name).right <= 300


# Breaks in the sparkline


def test_sparkline_is_interrupted_at_a_break() -> None:
    root = drawn(sparkline([1, 2, 8, 9], "x", breaks=[1.5]))
    assert [len(places(line)) for line in by_class(root, "spark-line")] == [2, 2]
    assert number_of(by_class(root, "spark-break")[0], "x1") == 32


def test_sparkline_point_on_a_break_belongs_to_the_part_before_it() -> None:
    root = drawn(sparkline([1, 2, 8, 9, 7], "x", breaks=[1]))
    assert [len(places(line)) for line in by_class(root, "spark-line")] == [2, 3]


@pytest.mark.parametrize(("cut", "x"), [(-0.5, 1), (3, 63), (7, 63)])
def test_sparkline_break_beyond_the_points_stands_at_the_edge(cut: float, x: int) -> None:
    root = drawn(sparkline([1, 2, 8, 9], "x", breaks=[cut]))
    assert len(by_class(root, "spark-line")) == 1
    assert number_of(by_class(root, "spark-break")[0], "x1") == x


def test_sparkline_without_points_has_no_break() -> None:
    assert not by_class(drawn(sparkline([], "x", reference=0, breaks=[1])), "spark-break")


@given(st.lists(st.one_of(st.none(), numbers), max_size=6), st.lists(numbers, max_size=4))
def test_sparkline_draws_any_break_inside_its_frame(
    values: list[int | float | Fraction | None], breaks: list[int | float | Fraction]
) -> None:
    root = drawn(sparkline(values, "x", breaks=breaks))
    lines = [number_of(line, "x1") for line in by_class(root, "spark-break")]
    assert all(0 <= x <= 64 for x in lines)
    for left, right in joined(root, "spark-line"):
        # Coordinates are written with two decimals.
        assert not any(left < x < right - 0.01 for x in lines)
