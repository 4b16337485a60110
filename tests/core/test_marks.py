"""The marks: what a reader sees or hears, and that no input breaks a page."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.marks import (
    STATUSES,
    Number,
    Point,
    Tick,
    axis_steps,
    bullet,
    sparkline,
    stacked_bar,
    status_mark,
    trajectory,
)
from ibzplan.core.marks.svg import exact

TOKENS = Path(__file__).parents[2] / "ibzplan" / "frontend" / "scss" / "_tokens.scss"
HUGE = 10**400

# Everything a caller may hand in, the worst included.
numbers = st.one_of(
    st.integers(-HUGE, HUGE),
    st.floats(),
    st.fractions(),
)
some_numbers = st.one_of(st.none(), numbers)
labels = st.text(max_size=40)
points = st.builds(Point, at=numbers, value=some_numbers, label=labels)
ticks = st.builds(Tick, at=numbers, label=labels)


def parsed(svg: str) -> Element:
    """The picture as a tree, checked for what must hold for every picture."""
    assert "style=" not in svg
    assert "nan" not in re.sub(r'aria-label="[^"]*"|>[^<]*<', "", svg)
    root = fromstring(svg)  # noqa: S314 - our own output
    assert root.tag.endswith("}svg")
    return root


def by_class(root: Element, name: str) -> list[Element]:
    return [part for part in root.iter() if name in part.get("class", "").split()]


def texts(root: Element) -> list[str]:
    return [part.text or "" for part in root.iter() if part.tag.endswith("}text")]


EVERY_MARK: list[Callable[[str], str]] = [
    lambda label: status_mark("at_risk", label),
    lambda label: stacked_bar({"achieved": 1}, label),
    lambda label: bullet(Fraction(1, 2), Fraction(2, 3), label),
    lambda label: sparkline([1, 2], label),
    lambda label: trajectory([Point(1, 2)], label),
]


@pytest.mark.parametrize("mark", EVERY_MARK)
def test_label_is_read_out_as_it_is(mark: Callable[[str], str]) -> None:
    label = "Bezetting < 95 % & \"laag\" 'nu'"
    root = parsed(mark(label))
    assert root.get("role") == "img"
    assert root.get("aria-label") == label


@pytest.mark.parametrize("mark", EVERY_MARK)
def test_mark_without_label_is_hidden_from_screen_readers(mark: Callable[[str], str]) -> None:
    root = parsed(mark(" "))
    assert root.get("aria-hidden") == "true"
    assert root.get("role") is None


@pytest.mark.parametrize("mark", EVERY_MARK)
def test_control_characters_do_not_break_the_picture(mark: Callable[[str], str]) -> None:
    assert parsed(mark("a\x00b\x1bc")).get("aria-label") == "abc"


# Status


def test_every_status_has_its_own_shape_and_colour() -> None:
    outlines, colours = set(), set()
    for status in STATUSES:
        root = parsed(status_mark(status, "x"))
        outlines.add(tuple((p.tag, p.get("d"), p.get("stroke-dasharray")) for p in root.iter()))
        first = root[0]
        colours.add((first.get("fill"), first.get("stroke")))
    assert len(outlines) == len(colours) == 6


def test_status_mark_scales() -> None:
    root = parsed(status_mark("achieved", "x", size=32))
    assert (root.get("width"), root.get("viewBox")) == ("32", "0 0 32 32")
    assert root[0].get("transform") == "scale(2)"


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status 'amber'"):
        status_mark("amber", "x")
    with pytest.raises(ValueError, match="unknown status 'amber'"):
        stacked_bar({"amber": 1}, "x")


def test_stylesheet_has_the_colours_of_print() -> None:
    source = TOKENS.read_text()
    for status, colours in STATUSES.items():
        edge = colours.edge or colours.fill
        expected = f'"{status}": (fill: {colours.fill}, ink: {colours.ink}, edge: {edge},'
        assert expected in source


# Stacked bar


def test_stacked_bar_shows_counts_from_best_to_worst() -> None:
    root = parsed(stacked_bar({"off_track": 1, "on_track": 2, "at_risk": 1}, "4"))
    segments = by_class(root, "segment")
    assert [segment.get("width") for segment in segments] == ["50%", "25%", "25%"]
    assert [segment.get("x") for segment in segments] == ["0%", "50%", "75%"]
    assert texts(root) == ["2", "1", "1"]
    assert by_class(root, "fill-on_track") == segments[:1]


def test_zero_draws_no_segment_and_none_at_all_an_outline() -> None:
    assert len(by_class(parsed(stacked_bar({"achieved": 3, "off_track": 0}, "x")), "segment")) == 1
    for nothing in ({}, {"achieved": 0}):
        root = parsed(stacked_bar(nothing, "geen doelstellingen"))
        assert by_class(root, "track-empty")
        assert not by_class(root, "segment")


def test_a_rare_status_stays_visible_and_its_number_is_left_out_where_it_does_not_fit() -> None:
    root = parsed(stacked_bar({"on_track": 999, "off_track": 1}, "x", width=100))
    rare = by_class(root, "fill-off_track")[0]
    assert rare.get("width") == "8%"
    assert texts(root) == ["999"]


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="off_track is negative: -1"):
        stacked_bar({"off_track": -1}, "x")


def test_a_bar_for_print_has_a_size_of_its_own() -> None:
    fluid, fixed = (parsed(stacked_bar({"achieved": 1}, "x", fluid=f)) for f in (True, False))
    assert (fluid.get("width"), fluid.get("viewBox")) == ("100%", None)
    assert (fixed.get("width"), fixed.get("viewBox")) == ("280", "0 0 280 24")


@given(st.dictionaries(st.sampled_from(list(STATUSES)), st.integers(0, HUGE)), st.integers(1, 400))
def test_segments_fill_the_bar(counts: dict[str, int], width: int) -> None:
    root = parsed(stacked_bar(counts, "x", width=width))
    widths = [float((s.get("width") or "").rstrip("%")) for s in by_class(root, "segment")]
    assert len(widths) == sum(1 for count in counts.values() if count)
    assert sum(widths) == pytest.approx(100 if widths else 0, abs=0.05)


# Bullet


def test_bullet_places_bar_tick_and_bands() -> None:
    root = parsed(bullet(Fraction(1, 2), 0.8, "x"))
    assert by_class(root, "bullet-bar")[0].get("width") == "50%"
    assert by_class(root, "bullet-expected")[0].get("x1") == "80%"
    assert by_class(root, "bullet-band-middle")[0].get("width") == "72%"
    assert by_class(root, "bullet-band-low")[0].get("width") == "56%"
    assert not by_class(root, "bullet-beyond")


def test_zero_is_a_value_and_a_missing_figure_is_none() -> None:
    assert by_class(parsed(bullet(0, 1, "x")), "bullet-bar")
    assert not by_class(parsed(bullet(None, 1, "x")), "bullet-bar")
    assert not by_class(parsed(bullet(1, None, "x")), "bullet-expected")


@pytest.mark.parametrize(("actual", "at", "width"), [(HUGE, "100%", "100%"), (-3, "0", "2")])
def test_bullet_points_beyond_its_scale(actual: Number, at: str, width: str) -> None:
    root = parsed(bullet(actual, 1, "x"))
    assert by_class(root, "bullet-bar")[0].get("width") == width
    holder = next(part for part in root if part.tag.endswith("}svg"))
    assert holder.get("x") == at
    assert by_class(holder, "bullet-beyond")


@given(some_numbers, some_numbers)
def test_bullet_draws_anything(actual: Number | None, expected: Number | None) -> None:
    root = parsed(bullet(actual, expected, "x"))
    assert by_class(root, "bullet-band-high")
    assert len(by_class(root, "bullet-bar")) == (exact(actual) is not None)
    assert len(by_class(root, "bullet-expected")) == (exact(expected) is not None)


# Sparkline


def test_sparkline_rises_with_its_values_and_ends_in_the_status() -> None:
    root = parsed(sparkline([0, 5, 10], "x", end_status="off_track"))
    assert by_class(root, "spark-line")[0].get("d") == "M4 20L32 12L60 4"
    end = by_class(root, "spark-end")[0]
    assert (end.get("cx"), end.get("cy"), end.get("fill")) == ("60", "4", "#b3261e")


def test_sparklines_with_one_span_compare() -> None:
    flat = parsed(sparkline([0, 1], "x", span=(0, 100)))
    assert by_class(flat, "spark-line")[0].get("d") == "M4 20L60 19.84"


def test_sparkline_is_interrupted_at_a_missing_value() -> None:
    root = parsed(sparkline([1, 2, None, 3, None, 4], "x"))
    assert len(by_class(root, "spark-line")) == 1
    assert len(by_class(root, "spark-dot")) == 2


def test_sparkline_of_one_and_of_no_point() -> None:
    one = parsed(sparkline([7], "x"))
    assert [(end.get("cx"), end.get("cy")) for end in by_class(one, "spark-end")] == [("32", "12")]
    none = parsed(sparkline([], "x", reference=0))
    assert by_class(none, "spark-reference")
    assert not by_class(none, "spark-end")


@given(st.lists(some_numbers, max_size=8), some_numbers)
def test_sparkline_draws_anything(values: list[Number | None], reference: Number | None) -> None:
    root = parsed(sparkline(values, "x", reference=reference))
    assert root.get("aria-label") == "x"


# Trajectory


def test_trajectory_tells_the_whole_story() -> None:
    root = parsed(
        trajectory(
            [Point(1, 88, "88 %"), Point(2, 89), Point(3, 93, "93 %")],
            "Bezetting stijgt naar 93 %",
            expected=[Point(1, 88), Point(4, 95)],
            target=Point(4, 95, "doel 95 %"),
            baseline=Point(0, 86, "86 %"),
            forecast=Point(4, 94),
            x_ticks=[Tick(0, "T4"), Tick(1, "T1"), Tick(4, "T4")],
            y_ticks=[Tick(86, "86"), Tick(96, "96")],
        )
    )
    for name in ("line-measured", "line-expected", "line-forecast", "dot-target", "dot-baseline"):
        assert len(by_class(root, name)) == 1, name
    assert len(by_class(root, "dot-measured")) == 3
    assert {"93 %", "doel 95 %", "86 %", "T1", "96"} <= set(texts(root))


def test_line_is_not_drawn_across_a_break_or_a_missing_figure() -> None:
    series = [Point(1, 5), Point(2, 6), Point(3, 9), Point(4, 9), Point(5, None), Point(6, 8)]
    with_break = parsed(trajectory(series, "x", breaks=[Tick(2.5, "nieuwe definitie")]))
    assert len(by_class(with_break, "line-measured")) == 2
    assert len(by_class(with_break, "break")) == 1
    assert "nieuwe definitie" in texts(with_break)
    assert len(by_class(parsed(trajectory(series, "x")), "line-measured")) == 1


def test_range_target_is_a_band_in_any_order() -> None:
    bands = [
        by_class(parsed(trajectory([Point(1, 0), Point(2, 10)], "x", band=ends)), "band")[0]
        for ends in [(4, 6), (6, 4)]
    ]
    assert bands[0].attrib == bands[1].attrib
    assert float(bands[0].get("height", "0")) > 1


def test_tick_labels_do_not_run_into_each_other() -> None:
    months = [Tick(month, f"2026-{month:02}") for month in range(1, 13)]
    root = parsed(trajectory([Point(1, 1), Point(12, 2)], "x", x_ticks=months))
    assert 2 <= len(texts(root)) < 12


def test_value_labels_do_not_cover_each_other() -> None:
    root = parsed(
        trajectory(
            [Point(1, 0), Point(3, 95, "95 %")],
            "x",
            target=Point(3, 95, "doel 95 %"),
            forecast=Point(3, 95, "95 %"),
        )
    )
    baselines = [part.get("y") for part in by_class(root, "value-label")]
    assert len(baselines) == len(set(baselines)) == 2


def test_value_label_stays_off_a_falling_line_and_off_the_axis() -> None:
    root = parsed(
        trajectory(
            [Point(1, 9), Point(2, 5, "5"), Point(3, 0)],
            "x",
            baseline=Point(0, 7, "zeven"),
            y_ticks=[Tick(0, "0"), Tick(9, "9")],
        )
    )
    assert [(p.text, p.get("text-anchor")) for p in by_class(root, "value-label")] == [
        ("zeven", "start")
    ]
    falling = parsed(trajectory([Point(1, 9), Point(2, 5, "5"), Point(3, None)], "x", band=(0, 9)))
    label, dot = by_class(falling, "value-label")[0], by_class(falling, "dot-measured")[-1]
    assert float(label.get("y", "0")) > float(dot.get("cy", "0"))


def test_trajectory_without_figures_is_an_empty_frame() -> None:
    root = parsed(trajectory([], "Nog geen metingen"))
    assert root.get("aria-label") == "Nog geen metingen"
    assert not list(root)


def test_single_point_sits_in_the_middle() -> None:
    dot = by_class(parsed(trajectory([Point(5, HUGE)], "x")), "dot-measured")[0]
    assert (dot.get("cx"), dot.get("cy")) == ("147", "83")


@given(
    st.lists(points, max_size=6),
    st.lists(points, max_size=3),
    st.one_of(st.none(), points),
    st.lists(ticks, max_size=4),
    st.lists(ticks, max_size=4),
)
def test_trajectory_draws_anything_inside_its_frame(
    measured: list[Point],
    expected: list[Point],
    target: Point | None,
    x_ticks: list[Tick],
    breaks: list[Tick],
) -> None:
    root = parsed(
        trajectory(
            measured,
            "x",
            expected=expected,
            target=target,
            breaks=breaks,
            forecast=target,
            x_ticks=x_ticks,
            y_ticks=x_ticks,
        )
    )
    for dot in by_class(root, "dot-measured"):
        assert 0 <= float(dot.get("cx", "-1")) <= 300
        assert 0 <= float(dot.get("cy", "-1")) <= 172


# Axis


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([87.9, 95], [86, 88, 90, 92, 94, 96]),
        ([0, 10], [0, 2, 4, 6, 8, 10]),
        ([-3, 4], [-4, -2, 0, 2, 4]),
        ([5, 5], [Fraction(9, 2), 5, Fraction(11, 2)]),
        ([0], [-1, 0, 1]),
        ([], [0, 1]),
        ([None, float("nan")], [0, 1]),
    ],
)
def test_axis_steps_are_round(values: list[Number | None], expected: list[Number]) -> None:
    assert list(axis_steps(values)) == expected


@given(st.lists(numbers, min_size=1, max_size=5))
def test_axis_steps_hold_all_values_in_few_steps(values: list[Number]) -> None:
    steps = axis_steps(values)
    finite = [Fraction(v) for v in values if not isinstance(v, float) or abs(v) < float("inf")]
    assert all(steps[0] <= value <= steps[-1] for value in finite)
    assert 2 <= len(steps) <= 8
