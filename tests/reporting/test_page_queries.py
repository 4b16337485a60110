"""All pages, with the demo plan: at most twelve queries each; what one reads in three languages.

What counts is a second opening in one process. The first one after a recorded figure is counted
in `test_first_opening.py`, here and beside the tests of planning.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from html import unescape
from html.parser import HTMLParser
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from polib import pofile

from ibzplan.core.models import Question
from tests.reporting.demo_pages import (
    READING,
    WORKING,
    form_pages,
    objective_pages,
    rows_beside_the_demo,
    thrice_as_many,
    told_objectives,
)
from tests.reporting.test_demo_cycle import demo_on, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST: Final = 12
TODAY: Final = date(2026, 11, 22)
READERS: Final = ("kabinet-vbz", "head-adcv", "cel-corporate", "auditor", "planner-adcv")
# They follow every kind of link. An auditor opens no form, a planner's boards are those of the
# head: the first openings of both are counted in `test_first_opening.py` too.
FOLLOWING: Final = READERS[:3]
# Two who see, and write, the most: lists and boards are opened with three times as many too.
BUSIEST: Final = ("head-adcv", "cel-corporate")
# What is no page: files, the API and its description, the administration of Django.
OTHERS: Final = re.compile(
    r"^/(static|beheer|doc|api)/|/(bestand|bestanden|feed)/|^/middelen/.*/tabel/|[?&]export="
)
# The same for everyone: the first reader opens them.
FOR_ALL: Final = re.compile(r"^(strategy|security|accessibility|status_rules)\b")
LANGUAGES: Final = ("nl", "fr", "en")
# Words that neither Dutch nor French has.
ENGLISH: Final = re.compile(r"\b(the|and|with|from|which|this|your|has|have|not)\b", re.IGNORECASE)
NAMED: Final = ("aria-label", "title", "placeholder", "alt", "data-label")
LINK: Final = re.compile(r'<a [^>]*href="([^"#]+)')


def _links(html: str, page: str) -> Iterator[str]:
    """Return the pages that a page leads to."""
    for link in LINK.findall(html):
        address = urljoin(page, unescape(link))
        if address.startswith("/") and not OTHERS.search(address):
            yield address


def _kind(address: str) -> tuple[str, bool, bool]:
    """Return which page an address opens, as of another day or not, as known then or not."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    return resolve(parts.path).view_name, "reference" in asked, "known" in asked


def _indicators() -> list[str]:
    """Return the pages of indicators about which something is asked."""
    asked = Question.objects.filter(target_type="indicators.indicator").order_by("pk")
    uuids = dict.fromkeys(asked.values_list("target_uuid", flat=True))
    return [f"/indicatoren/{uuid}/" for uuid in uuids]


class _Words(HTMLParser):
    """Collect what a page says: its texts, and the names that its parts have."""

    _VOID = frozenset({"br", "input", "meta", "link", "img", "hr"})

    def __init__(self, html: str, interface: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._interface = interface
        self._languages: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = values.get("lang") or (self._languages[-1] if self._languages else "")
        if tag not in self._VOID:
            self._languages.append("none" if tag in ("script", "style") else language)
        if language == self._interface:
            self.found |= {" ".join(values[name].split()) for name in NAMED if name in values}

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._VOID:
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        if self._languages and self._languages[-1] == self._interface:
            self.found.add(" ".join(data.split()))


@cache
def _catalog(language: str) -> dict[str, str]:
    """Return what the interface says in a language by what it says in English, if that differs."""
    path = settings.BASE_DIR / "ibzplan" / "locale" / language / "LC_MESSAGES" / "django.po"
    entries = [entry for entry in pofile(str(path)) if entry.msgstr]
    same = {entry.msgid for entry in entries if entry.msgid == entry.msgstr}
    return {entry.msgid: entry.msgstr for entry in entries if entry.msgid not in same}


def _foreign(html: str, language: str) -> set[str]:
    """Return the words of the interface on a page that are of another language than the page."""
    said = _Words(html, language).found
    if language == "en":
        known = set(_catalog("nl")) | set(_catalog("fr"))
        others = set(_catalog("nl").values()) | set(_catalog("fr").values())
        return said & (others - known)
    catalog = _catalog(language)
    return said & (set(catalog) - set(catalog.values())) | {
        one for one in said if ENGLISH.search(one)
    }


class _Reader:
    """One who opens pages: how many queries each of them takes."""

    def __init__(self, name: str, asked: Collection[str]) -> None:
        self.asked = asked
        self.client: Client = signed_in(name)
        self.is_first = name == READERS[0]
        self.follows = name in FOLLOWING
        self.queries: dict[str, int] = {}

    def open(self, page: str) -> str:
        """Open a page, and again when that took too many; return what it shows."""
        for _time in range(2):
            with CaptureQueriesContext(connection) as asked:
                answer = self.client.get(page)
            # What only some may open is asked of everyone; what a page leads to is open.
            closed = (403, 404) if page in self.asked else ()
            assert answer.status_code in (200, 302, *closed), f"{page}: {answer.status_code}"
            self.queries[page] = len(asked)
            if len(asked) <= MOST:
                break
        return answer.content.decode()

    def too_many(self, name: str) -> dict[str, int]:
        """Return the pages that took more than they may."""
        return {f"{name} {page}": asked for page, asked in self.queries.items() if asked > MOST}

    def read_on(self) -> None:
        """Open these pages and one of each kind that they, and those in turn, lead to."""
        seen = set()
        todo = list(self.asked)
        while todo:
            page = todo.pop(0)
            if page in self.queries or (page not in self.asked and _kind(page) in seen):
                continue
            seen.add(_kind(page))
            of_all = page not in self.asked and FOR_ALL.match(_kind(page)[0])
            if of_all and not self.is_first:
                continue
            shown = self.open(page)
            todo += _links(shown, page) if self.follows else ()


class TestQueries(TestCase):
    """The demo plan on a day in November."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the demo once for all of these, and what it leaves out."""
        demo_on(TODAY)
        with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
            rows_beside_the_demo()

    def test_every_page_takes_few(self) -> None:
        """Everything that the navigation and the links lead to, and each form."""
        listed, forms = [*WORKING, *objective_pages()], [*form_pages()]
        asked = {"auditor": [*READING, *listed], "planner-adcv": [*listed, *forms]}
        too_many: dict[str, int] = {}
        for name in READERS:
            reader = _Reader(name, asked.get(name, [*READING, *listed, *forms]))
            reader.read_on()
            assert len(reader.queries) > (100 if reader.follows else 50)
            too_many |= reader.too_many(name)
        assert too_many == {}

    def test_three_times_as_many_objectives_take_no_more(self) -> None:
        """The boards and the lists, for those who see the most."""
        pages = [*READING, *WORKING]
        thrice_as_many()
        too_many: dict[str, int] = {}
        for name in BUSIEST:
            reader = _Reader(name, pages)
            for page in pages:
                reader.open(page)
            too_many |= reader.too_many(name)
        assert too_many == {}

    def test_every_word_of_the_interface_is_of_its_language(self) -> None:
        """Nothing is left in English on a Dutch or French page, nor the other way around."""
        foreign = {}
        about = [*told_objectives(), *_indicators()]
        read = {"kabinet-vbz": [*READING, *about], "head-adcv": ["/", *about]}
        for name, pages in read.items():
            client = signed_in(name)
            for language in LANGUAGES:
                client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
                for page in pages:
                    found = _foreign(client.get(page).content.decode(), language)
                    if found:
                        foreign[f"{name} {language} {page}"] = found
        assert foreign == {}
