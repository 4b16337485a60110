"""The timeline: what stands where, what is read out, and that no input breaks a page."""

from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ibzplan.core.marks import STATUSES, Number, Stop, Stretch, Tick, timeline

HUGE = 10**400
numbers = st.one_of(st.integers(-HUGE, HUGE), st.floats(), st.fractions())
some_numbers = st.one_of(st.none(), numbers)
labels = st.text(max_size=40)
stops = st.builds(
    Stop,
    at=numbers,
    status=st.sampled_from(list(STATUSES)),
    label=labels,
    due=some_numbers,
    forecast=some_numbers,
)
stretches = st.builds(
    Stretch,
    start=some_numbers,
    end=some_numbers,
    label=labels,
    detail=labels,
    stops=st.lists(stops, max_size=3).map(tuple),
)
ticks = st.builds(Tick, at=numbers, label=labels)


def parsed(svg: str) -> Element:
    assert "style=" not in svg
    root = fromstring(svg)  # noqa: S314 - our own output
    assert root.tag.endswith("}svg")
    return root


def by_class(root: Element, name: str) -> list[Element]:
    return [part for part in root.iter() if name in part.get("class", "").split()]


def drawn(*rows: Stretch, reference: Number = 50, width: int = 220) -> Element:
    """One unit of time is two pixels, from 10 on."""
    svg = timeline(
        rows, "Verloop", first=0, last=100, reference=Tick(reference, "22 nov"), width=width
    )
    return parsed(svg)


def number(part: Element, name: str) -> float:
    return float(part.get(name, "nan"))


def test_an_activity_runs_from_its_first_to_its_last_day() -> None:
    (bar,) = by_class(drawn(Stretch(10, 60, "Opleiding")), "stretch")
    assert (number(bar, "x"), number(bar, "width")) == (30, 100)


def test_an_open_end_and_a_day_outside_stand_at_the_edge() -> None:
    first, last = by_class(drawn(Stretch(None, 40, "A"), Stretch(-900, 900, "B")), "stretch")
    assert (number(first, "x"), number(first, "width")) == (10, 80)
    assert (number(last, "x"), number(last, "width")) == (10, 200)


def test_the_reference_date_is_a_line_with_its_day() -> None:
    root = drawn(Stretch(0, 100, "A"))
    (line,) = by_class(root, "reference-line")
    assert number(line, "x1") == 110
    assert [part.text for part in by_class(root, "reference-label")] == ["22 nov"]


def test_a_reference_date_of_another_year_is_not_drawn() -> None:
    assert not by_class(drawn(Stretch(0, 100, "A"), reference=400), "reference-line")


def test_a_milestone_has_the_shape_of_its_status_and_says_what_it_is() -> None:
    stop = Stop(50, "off_track", "Gunning; te laat")
    root = drawn(Stretch(0, 100, "A", stops=(stop,)))
    (mark,) = by_class(root, "stop")
    assert by_class(mark, "fill-off_track")
    assert [part.text for part in mark if part.tag.endswith("title")] == ["Gunning; te laat"]


def test_a_forecast_is_a_hollow_diamond_joined_by_dots() -> None:
    root = drawn(Stretch(0, 100, "A", stops=(Stop(50, "at_risk", "x", forecast=80),)))
    assert len(by_class(root, "dot-forecast")) == 1
    (way,) = by_class(root, "line-forecast")
    assert (number(way, "x1"), number(way, "x2")) == (110, 170)


def test_what_was_done_later_leads_back_to_the_day_agreed() -> None:
    root = drawn(Stretch(0, 100, "A", stops=(Stop(60, "achieved", "x", due=50),)))
    (edge,) = by_class(root, "due-edge")
    assert number(edge, "x1") == 110
    assert not by_class(root, "dot-forecast")


def test_a_long_name_stays_within_the_picture() -> None:
    root = drawn(Stretch(90, 100, "Een heel lange naam van een activiteit die niet past"))
    (name,) = by_class(root, "stretch-label")
    assert (name.text or "").endswith("…")
    assert number(name, "x") >= 10


def test_months_that_would_run_into_each_other_go_without_a_word() -> None:
    months = [Tick(n * 8, "september") for n in range(12)]
    svg = timeline([Stretch(0, 96, "A")], "Verloop", first=0, last=100, ticks=months, width=340)
    root = parsed(svg)
    assert len(by_class(root, "axis")) == 12
    assert 1 < len(by_class(root, "tick-label")) < 12


@pytest.mark.parametrize("label", ["Verloop < & \"'", " "])
def test_the_label_is_read_out_or_the_picture_hidden(label: str) -> None:
    root = parsed(timeline([], label, first=0, last=1))
    if label.strip():
        assert (root.get("role"), root.get("aria-label")) == ("img", label)
    else:
        assert root.get("aria-hidden") == "true"


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown status"):
        drawn(Stretch(0, 1, "A", stops=(Stop(1, "purple", "x"),)))


@given(
    rows=st.lists(stretches, max_size=3),
    label=labels,
    first=numbers,
    last=numbers,
    reference=st.one_of(st.none(), ticks),
    months=st.lists(ticks, max_size=3),
)
def test_whatever_is_given_every_activity_stands_in_the_picture(
    rows: list[Stretch],
    label: str,
    first: Number,
    last: Number,
    reference: Tick | None,
    months: list[Tick],
) -> None:
    svg = timeline(rows, label, first=first, last=last, reference=reference, ticks=months)
    root = parsed(svg)
    assert len(by_class(root, "stretch")) == len(rows)
    for part in root.iter():
        for name in {"x", "x1", "x2", "width"}.intersection(part.attrib):
            assert 0 <= number(part, name) <= 720, (part.tag, name)
