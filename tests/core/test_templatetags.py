"""Localised texts, their mark, sources and exact numbers as pages show them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

from ibzplan.core.localised import LocalisedText
from ibzplan.core.sources import SourcePlace
from ibzplan.core.templatetags import ibz
from objectives.indicators.periods import parse_period

STRATEGIC_PLAN = "000_c14960591bf45b9c.txt"


def rendered(source: str, **context: Any) -> str:
    """Return a template's text."""
    return Template("{% load ibz %}" + source).render(Context(context))


def test_a_text_in_the_language_of_the_page_is_escaped_and_nothing_more() -> None:
    """Nothing is wrapped, and markup in a text stays text."""
    title = LocalisedText({"nl": "P&O <b>", "fr": "P&O"})
    with override("nl"):
        assert rendered("{{ t|localised }}", t=title) == "P&amp;O &lt;b&gt;"


def test_a_text_in_another_language_says_so() -> None:
    """Screen readers switch their voice on `lang`."""
    with override("fr"):
        html = rendered("{{ t|localised }}", t=LocalisedText({"nl": "Werf <1>"}))
    assert html == '<span lang="nl">Werf &lt;1&gt;</span>'


def test_the_json_form_reads_like_the_text_itself() -> None:
    """Attributes of elements keep localised texts as JSON, with their states."""
    stored = {"nl": "regering", "fr": "gouvernement", "states": {"fr": "unofficial"}}
    with override("fr"):
        assert rendered("{{ t|localised }}", t=stored) == "gouvernement"
        assert "chip translation" in rendered("{% translation_mark t %}", t=stored)


@pytest.mark.parametrize("value", [None, "", LocalisedText()])
def test_nothing_shows_as_nothing(value: Any) -> None:
    """No empty span, no mark."""
    assert rendered("{{ t|localised }}{% translation_mark t %}", t=value) == ""


@pytest.mark.parametrize(
    ("language", "states", "state"),
    [
        ("nl", {}, "approved"),
        ("fr", {}, "approved"),
        ("fr", {"fr": "unofficial"}, "unofficial"),
        ("fr", {"fr": "outdated"}, "outdated"),
        ("nl", {"fr": "outdated"}, "approved"),
        ("en", {"nl": "unofficial"}, "unofficial"),
    ],
)
def test_the_mark_follows_the_language_shown(
    language: str, states: dict[str, str], state: str
) -> None:
    """English pages show the Dutch text, and so its state."""
    text = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"}, states)
    with override(language):
        assert ibz.translation_state(text) == state
        assert bool(ibz.translation_mark(text)) == (state != "approved")


def test_a_missing_translation_is_marked_where_one_is_due() -> None:
    """French content is due; the English interface has no content of its own."""
    text = LocalisedText({"nl": "Kaderen"})
    with override("fr"):
        assert ibz.translation_state(text) == "missing"
    with override("en"):
        assert ibz.translation_mark(text) == ""


def test_the_short_mark_keeps_the_full_words_as_tooltip() -> None:
    """In lists the chip is one word."""
    text = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"}, {"fr": "unofficial"})
    with override("fr"):
        long, short = ibz.translation_mark(text), ibz.translation_mark(text, "short")
    assert "title=" in short
    assert "title=" not in long
    full = long.partition(">")[2].partition("<")[0]
    assert f'title="{full}"' in short


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [(582, 584, "582-584"), (8, 8, "8"), (8, None, "8"), (None, None, "")],
)
def test_a_source_names_document_and_lines(first: int | None, last: int | None, lines: str) -> None:
    """The document has its short name, and one line is not a range."""
    with override("en"):
        html = ibz.source_ref(SourcePlace(STRATEGIC_PLAN, first, last))
    words = "lines" if "-" in lines else "line"
    wanted = f"Strategic plan, {words} {lines}" if lines else "Strategic plan"
    assert f"<cite>{wanted}</cite>" in html


def test_a_source_at_one_line_of_an_entry() -> None:
    """A mention has a line in the document of its theme."""
    place = SourcePlace(STRATEGIC_PLAN, 100, 200)
    with override("en"):
        assert "line 150</cite>" in rendered("{% source_ref p 150 %}", p=place)


def test_without_a_source_there_is_no_chip() -> None:
    """What a user added comes from no document."""
    assert ibz.source_ref(SourcePlace("", None)) == ""
    assert ibz.source_ref(object()) == ""


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, None, "0"),
        (13879, None, "13\N{NO-BREAK SPACE}879"),
        (1234567, None, "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"),
        (Decimal("2.84"), None, "2,84"),
        (Decimal("2.845"), 2, "2,85"),
        (Decimal("-2.845"), 2, "\N{MINUS SIGN}2,85"),
        (Decimal("-0.001"), 2, "0,00"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("1.50"), None, "1,50"),
        (Decimal("1E+3"), None, "1\N{NO-BREAK SPACE}000"),
        (Fraction(1, 3), None, "0,33"),
        (Fraction(1, 2), None, "0,5"),
        (Fraction(6, 3), None, "2"),
        (Fraction(999_995, 1000), 2, "1\N{NO-BREAK SPACE}000,00"),
        ("47.97", 1, "48,0"),
    ],
)
def test_quantities_are_exact_in_every_language(
    value: Any, decimals: int | None, text: str, language: str
) -> None:
    """Half goes up (away from zero), thousands part with a no-break space everywhere."""
    wanted = text.replace(",", ".") if language == "en" else text
    with override(language):
        assert ibz.quantity(value, decimals) == wanted


def test_zero_shows_and_nothing_does_not() -> None:
    """Zero is a value."""
    with override("nl"):
        assert rendered("{{ a|quantity:1 }}|{{ b|quantity:1 }}", a=0, b=None) == "0,0|"
        assert rendered("{{ a|share }}|{{ b|share }}", a=Fraction(0), b=None).endswith("%|")


def test_a_float_is_refused() -> None:
    """It is not the number that it prints."""
    with pytest.raises(TypeError):
        ibz.quantity(0.1, 1)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(Fraction(16, 25), 0, "64"), (Fraction(1, 8), 0, "13"), (Fraction(1, 3), 1, "33,3")],
)
def test_shares_are_percentages(value: Fraction, decimals: int, text: str) -> None:
    """The sign stands apart, by a space that does not break."""
    with override("nl"):
        assert ibz.share(value, decimals) == f"{text}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2026-T3", "T3 2026"), ("2026-S1", "S1 2026"), ("2026", "2026")],
)
def test_periods_read_short_and_year(written: str, shown: str) -> None:
    """Quarters, half-years and years."""
    assert ibz.period(parse_period(written)) == shown


def test_a_month_has_its_name_and_none_shows_nothing() -> None:
    """Months are written out in the page's language."""
    with override("nl"):
        assert ibz.period(parse_period("2026-M09")) == "september 2026"
    assert ibz.period(None) == ""


def test_dates_from_json_read_like_dates() -> None:
    """JSON keeps a date as text."""
    with override("nl"):
        assert ibz.iso_date("2025-01-31") == ibz.iso_date(date(2025, 1, 31)) == "31/01/2025"
    assert ibz.iso_date(None) == ibz.iso_date("") == ""


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        ([], ""),
        (["8 <b>"], "<strong>8 &lt;b&gt;</strong>"),
        (["1", "2"], "<strong>1</strong> and <strong>2</strong>"),
        (["1", "2", "3"], "<strong>1</strong>, <strong>2</strong> and <strong>3</strong>"),
    ],
)
def test_counts_join_into_a_sentence(phrases: list[str], text: str) -> None:
    """A single phrase is as safe as several."""
    with override("en"):
        assert rendered("{{ p|strong_list }}", p=phrases) == text
