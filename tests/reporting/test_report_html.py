"""A report as one HTML page, and its blocks inside the product's pages."""

import re
from html.parser import HTMLParser
from pathlib import Path

from reporting.render.blocks import Figure, Heading, NewPage, Paragraph, Typed, Words, runs_of
from reporting.render.html import html_blocks, render_html
from tests.markup import assert_sound_markup
from tests.reporting.synthetic_report import document

TOKENS = Path("ibzplan/frontend/scss/_tokens.scss")
STYLE = Path("reporting/render/templates/report.css")


class Parsed(HTMLParser):
    """Elements, ids, figures and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.figures: dict[str, str] = {}
        self._fact: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._fact = dict(attrs).get("data-fact", self._fact)

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._fact:
            self.figures[self._fact] = data
            self._fact = None

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_is_whole_and_asks_for_nothing() -> None:
    html = render_html(document())
    page = Parsed(html)
    assert page.all("script") == page.all("link") == page.all("img") == page.all("iframe") == []
    assert all(not name.startswith("on") for _tag, attrs in page.elements for name in attrs)
    assert set(re.findall(r"\w+://[\w.]+", html)) == {"http://www.w3.org"}
    assert set(re.findall(r"url\(\"?(\w+:)", html)) == {"data:"}
    assert html == render_html(document())


def test_the_page_is_sound_and_says_its_language() -> None:
    html = render_html(document())
    assert_sound_markup(html)
    page = Parsed(html)
    assert page.all("html") == [{"lang": "nl-BE"}]
    assert {attrs["lang"] for _tag, attrs in page.elements if "lang" in attrs} == {"nl-BE", "fr-BE"}
    assert page.all("a")[0]["href"] == "#report"
    assert "Aller au contenu" in render_html(document(language="fr"))
    assert page.text.count("Ontwerp") == 1


def test_every_figure_stands_in_the_page_bound_to_its_fact() -> None:
    report = document()
    expected = {
        part.fact: part.text
        for placed in runs_of(report)
        for part in placed.run
        if isinstance(part, Figure)
    }
    assert Parsed(render_html(report)).figures == expected
    assert expected["f:actual:2"] == "2 234,5 dagen"


def test_the_contents_lead_to_every_chapter() -> None:
    page = Parsed(render_html(document()))
    ids = {attrs["id"] for _tag, attrs in page.elements if "id" in attrs}
    links = [attrs["href"] or "" for attrs in page.all("a")][1:]
    assert links == ["#summary", "#attention", "#so%3A1", "#werf%3A1"]
    assert {link[1:].replace("%3A", ":") for link in links} <= ids


def test_pictures_say_what_they_show_and_tables_can_be_scrolled_with_the_keyboard() -> None:
    page = Parsed(render_html(document()))
    drawings = [attrs for attrs in page.all("div") if attrs.get("role") == "img"]
    assert len(drawings) == 6
    assert all(attrs["aria-label"] for attrs in drawings)
    frames = [attrs for attrs in page.all("div") if attrs.get("class") == "scroll-x"]
    assert [(attrs["tabindex"], attrs["aria-label"]) for attrs in frames] == [
        ("0", "Indicatoren van doelstelling 1.1.1"),
        ("0", "Laattijdige cijfers"),
    ]


def test_each_block_stands_under_its_anchor_and_passes_the_policy_of_the_pages() -> None:
    report = document()
    blocks = html_blocks(report)
    anchors = [block.anchor for block in report.blocks if not isinstance(block, NewPage)]
    assert [block.anchor for block in blocks] == ["cover.facts", *anchors]
    for block in blocks:
        first = Parsed(block.html).elements[0][1]
        assert first["id"] == block.anchor
        assert "style=" not in block.html
    assert [block.anchor for block in blocks if block.begins_page] == ["summary", "so:1", "late"]
    levels = re.findall(r"<h([1-6])", "".join(block.html for block in blocks))
    assert levels == ["2", "3", "2", "3", "4", "5"]


def test_what_was_typed_is_text_and_nothing_else() -> None:
    typed = '<img src=x onerror=alert(1)>"&\nregel'
    report = document(
        Heading(1, (Typed(typed),), 'a"b'),
        Paragraph((Typed(typed, lang="fr"), Words("<i>"), Figure('"f', "<1>")), "p"),
    )
    page = Parsed(render_html(report))
    assert page.all("img") == page.all("i") == []
    assert page.figures == {'"f': "<1>"}
    assert [attrs["id"] for attrs in page.all("h2")] == ['a"b']
    assert "".join(page.text).count('<img src=x onerror=alert(1)>"&') == 3


def test_marks_of_a_printed_page_cannot_leave_the_stylesheet() -> None:
    html = render_html(document(marks_shown=('"}</style><b>x',)))
    (printed,) = re.findall(r'@top-right {[^\n]*content: "([^"]*)"; }', html)
    assert "<" not in printed
    assert Parsed(html).all("b") == []


def test_colours_are_those_of_the_product() -> None:
    """The light and the dark ones, of statuses and of the rest, as _tokens.scss has them."""
    tokens, style = TOKENS.read_text(), STYLE.read_text()
    statuses = {
        (mode, f"{status}-{role}"): colour
        for mode, rows in re.findall(r"\$statuses-(light|dark): \((.*?)\n\);", tokens, re.DOTALL)
        for status, roles in re.findall(r'"(\w+)": \((.*?)\)', rows)
        for role, colour in re.findall(r"(\w+): (#\w+)", roles)
    }
    light, dark = tokens.split('[data-bs-theme="light"] {')[1].split("@media screen")
    rest = {
        (mode, name): colour
        for mode, text in (("light", light), ("dark", dark))
        for name, colour in re.findall(r"--([\w-]+): (#\w+)", text)
    }
    known = {**rest, **statuses, ("light", "gold"): "#f2c230", ("light", "gold-ink"): "#1f1500"}
    light_style, dark_style = style.split("@media screen and (prefers-color-scheme: dark)")
    ours = {
        (mode, name): colour
        for mode, text in (("light", light_style), ("dark", dark_style))
        for name, colour in re.findall(r"--([\w-]+): (#\w+)", text)
    }
    assert ours == {key: known[key] for key in ours}
    assert len(ours) > 60
