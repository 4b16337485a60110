"""The documentation to read says what the document for programs says, on pages like the others."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.guides import GUIDES, guide, read_blocks
from ibzplan.core.api.reading_document import Kind, kind_of

NAMES = [collection.name for collection in COLLECTIONS]


def page(name: str, *arguments: str, language: str = "en") -> str:
    response = Client(headers={"accept-language": language}).get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_overview_leads_to_every_collection_and_guide() -> None:
    html = page("api-docs")

    for name in NAMES:
        assert reverse("api-docs-collection", args=[name]) in html
    for name in GUIDES:
        assert reverse("api-docs-guide", args=[name]) in html
    assert "/doc/openapi.yaml" in html
    for status in (400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429, 500):
        assert f"<code>{status}</code>" in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_collection_shows_all_that_it_takes_and_every_link_on_the_page_leads_somewhere(
    name: str,
) -> None:
    html = page("api-docs-collection", name)

    collection = next(one for one in COLLECTIONS if one.name == name)
    for parameter in collection.list_parameters:
        assert f'<code lang="en">{parameter}</code>' in html
    for member in collection.members:
        assert f'<code lang="en">{member}</code>' in html
    anchors = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= anchors
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= anchors
    assert " style=" not in html
    assert "curl " in html


@pytest.mark.django_db
def test_the_words_around_are_the_readers_and_the_technical_text_says_it_is_english() -> None:
    html = page("api-docs-collection", "indicators", language="nl")

    assert '<html lang="nl"' in html
    assert '<h1 lang="en">indicators</h1>' in html
    with translation.override("nl"):
        assert str(translation.gettext("Parameters")) in html


@pytest.mark.django_db
def test_what_is_not_there_is_not_found() -> None:
    for address in ("/doc/collections/secrets/", "/doc/guides/secrets/"):
        assert Client().get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(GUIDES))
def test_a_guide_is_shown_whole(name: str) -> None:
    html = page("api-docs-guide", name)

    found = guide(name)
    assert len(found.chapters) >= 4
    for anchor, _words in found.chapters:
        assert f'id="{anchor}"' in html
    told = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert "```" not in html and "**" not in told and "](" not in told


def test_markdown_is_read_block_by_block_and_escaped() -> None:
    table, code = "| A | B |\n|---|---|\n| 1 | `x` |", "```sh\nls\n```"
    text = f"# T\n\na <b>\nc\n\n- one\n- two\n  more\n\n{table}\n\n{code}"

    blocks = list(read_blocks(text))

    assert [block.kind for block in blocks] == ["heading", "text", "list", "table", "code"]
    assert blocks[-1].lines == ["sh", "ls"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer, 1 to 9"),
        ({"type": "string", "enum": ["a", "b", None], "nullable": True}, "a | b"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "integer"}]}, "date or integer"),
        ({}, "anything"),
    ],
)
def test_a_kind_is_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert kind_of(schema) == Kind(words)


def test_a_kind_leads_to_its_shape() -> None:
    below = {"$ref": "#/components/schemas/Part"}

    assert kind_of({"type": "array", "items": below}) == Kind("list of", "Part")
    assert kind_of({"nullable": True, "allOf": [below]}) == Kind("", "Part")
