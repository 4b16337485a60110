"""Two amounts side by side: what a reader sees of them, and of what is missing."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.marks import Pair, Tick, pair_bar, pair_columns, pair_swatch
from tests.core.test_marks import by_class, labels, numbers, parsed, some_numbers, texts, ticks

pairs = st.builds(Pair, label=labels, first=some_numbers, second=some_numbers)


def test_bars_are_as_long_as_their_part_of_the_largest() -> None:
    root = parsed(pair_bar(50, 25, 100, "Half and a quarter"))
    assert root.get("aria-label") == "Half and a quarter"
    assert [bar.get("width") for bar in root] == ["49.5%", "24.75%"]
    assert [len(by_class(root, name)) for name in ("pair-first", "pair-second")] == [1, 1]


def test_a_year_without_figures_is_an_outlined_gap_and_zero_is_a_column() -> None:
    svg = pair_columns(
        [Pair("2025", 90, 80), Pair("2026", None, None), Pair("2027", 0, 0)],
        "Three years",
        y_ticks=[Tick(0, "0"), Tick(100, "100")],
        width=400,
        height=200,
    )
    root = parsed(svg)
    assert texts(root) == ["0", "100", "2025", "2026", "2027"]
    (gap,) = by_class(root, "pair-none")
    assert gap.get("fill") == "none"
    first, zero = by_class(root, "pair-first")
    # From zero, at the foot of the plot, up to ninety parts of a hundred.
    plot = Fraction(200 - 22 - 10)
    assert float(first.get("height", "")) == float(plot * 90 / 100)
    assert zero.get("height") == "0"
    assert float(first.get("x", "")) < float(gap.get("x", "")) < float(zero.get("x", ""))


def test_what_is_not_complete_is_an_outline() -> None:
    root = parsed(pair_columns([Pair("2026", 9, 8, is_partial=True)], "One year"))
    assert {bar.get("fill") for bar in by_class(root, "pair-partial")} == {"none"}
    assert len(by_class(root, "pair-partial")) == 2


def test_years_without_room_lose_their_label_and_keep_their_columns() -> None:
    many = [Pair(str(year), 1, 1) for year in range(1901, 2001)]
    root = parsed(pair_columns(many, "A century", width=340))
    assert len(by_class(root, "pair-first")) == 100
    assert 0 < len(by_class(root, "tick-label")) < 20


@given(numbers, numbers, numbers, labels)
def test_no_amounts_break_the_bars(
    first: int | float | Fraction,
    second: int | float | Fraction,
    most: int | float | Fraction,
    label: str,
) -> None:
    for bar in parsed(pair_bar(first, second, most, label)):
        assert 0 <= float((bar.get("width") or "").rstrip("%")) <= 100


@given(st.lists(pairs, max_size=5), st.lists(ticks, max_size=3))
def test_no_years_break_the_columns(found: list[Pair], steps: list[Tick]) -> None:
    parsed(pair_columns(found, "", y_ticks=steps))


def test_the_legend_tells_the_two_apart() -> None:
    assert parsed(pair_swatch(is_first=True))[0].get("fill") != (
        parsed(pair_swatch(is_first=False))[0].get("fill")
    )
