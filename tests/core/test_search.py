"""Search over both plans and the organisation: accents and case ignored, all words needed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.search import highlighted, matching_language
from ibzplan.core.search.registry import (
    HITS_PER_GROUP,
    LONGEST_CHARACTERS,
    Hit,
    SearchQuery,
    find_group,
    find_groups,
    registered,
)


def query(text: str) -> SearchQuery:
    """Return what someone typed."""
    return SearchQuery.read(text, AnonymousUser())


def totals(text: str) -> dict[str, int]:
    """Return how much of each kind is found."""
    return {group.key: group.total for group in find_groups(query(text))}


def hits(text: str, key: str) -> list[Hit]:
    """Return what is found of one kind."""
    return [item.hit for g in find_groups(query(text)) if g.key == key for item in g.hits]


@pytest.mark.usefixtures("loaded_plans", "db")
class TestFinding:
    """What is found."""

    def test_accents_and_case_do_not_matter(self) -> None:
        """Three spellings, one answer."""
        found = totals("geintegreerd")
        assert found["themes"] >= 1
        assert found == totals("GEÏNTEGREERD") == totals("geïntegreerd")

    def test_french_words_are_found_on_any_page(self) -> None:
        """Both languages are searched, whichever the page is in."""
        assert totals("opérationnelle") == totals("operationnelle") != {}

    def test_all_words_must_match(self) -> None:
        """More words, fewer hits."""
        assert [h.code for h in hits("illegale wapenhandel", "themes")] == ["1.4"]
        assert totals("wapenhandel stakeholders") == {}

    @pytest.mark.parametrize(
        ("text", "key", "code"),
        [
            ("ADIV", "abbreviations", "ADIV"),
            ("inlichting en veiligheid", "abbreviations", "ADIV"),
            ("ADIB", "units", "ADIB"),
            ("Crisiscentrum", "units", "NCCN"),
            ("Stafdienst P&O", "units", "PO"),
            ("1.3-F1", "security-objectives", "1.3-F1"),
            ("2.6", "werven", "2.6"),
        ],
    )
    def test_codes_units_and_printed_names(self, text: str, key: str, code: str) -> None:
        """A unit is also found by a name that only one table prints."""
        assert code in {hit.code for hit in hits(text, key)}

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("UNHCR", "strategic-plan"),
            ("Szabo", "officials"),
            ("Quintin", "ministers"),
            ("EMPACT Firearms", "frameworks"),
            ("Ecologische", "kiv"),
            ("intranet", "communication"),
            ("bodycams", "werf-elements"),
        ],
    )
    def test_texts_outside_titles(self, text: str, key: str) -> None:
        """Members, holders, mentions, messages: everything that a page shows can be found."""
        assert totals(text).get(key, 0) >= 1

    def test_every_hit_leads_to_a_place_on_its_page(self, reader: Client) -> None:
        """The address answers, and its anchor exists there."""
        pages: dict[str, str] = {}
        anchors = 0
        for source in registered():
            for row in source.rows(query(""))[:200]:
                url, _hash, anchor = source.hit(row).url.partition("#")
                if url not in pages:
                    response = reader.get(url)
                    assert response.status_code == 200, url
                    pages[url] = response.content.decode()
                if anchor:
                    anchors += 1
                    assert f'id="{anchor}"' in pages[url], (url, anchor)
        assert anchors > 400

    def test_a_kind_shows_the_first_hits_and_counts_all(self) -> None:
        """The rest is one link away, page by page."""
        group = next(g for g in find_groups(query("politie")) if g.is_partial)
        alone = find_group(query("politie"), group.key, "1")
        assert alone is not None
        assert len(group.hits) == HITS_PER_GROUP < group.total == alone.total
        assert alone.page is not None
        assert len(alone.hits) == min(alone.total, alone.page.paginator.per_page)


@pytest.mark.parametrize("text", ["", " ", "a", "é", "?" * 0, "\x00\x00"])
def test_too_short_asks_nothing(text: str) -> None:
    """Without `db`: a query that touched the database would fail."""
    assert query(text).is_too_short
    assert find_groups(query(text)) == []


def test_too_long_asks_nothing() -> None:
    """A thousand words would be a thousand conditions."""
    long = query("ab " * LONGEST_CHARACTERS)
    assert long.is_too_long
    assert find_groups(long) == []


def test_control_characters_are_spaces() -> None:
    """PostgreSQL refuses NUL in a text."""
    assert query("ab\x00cd\n").words == ("ab", "cd")


@pytest.mark.parametrize(
    ("words", "text", "html"),
    [
        (["geintegreerd"], "Geïntegreerde", "<mark>Geïntegreerd</mark>e"),
        (["ab", "bc"], "abcd", "<mark>abc</mark>d"),
        (["strasse"], "Straße 1", "<mark>Straße</mark> 1"),
        (["b"], "a<b>", "a&lt;<mark>b</mark>&gt;"),
        (["fi"], "ﬁn", "<mark>ﬁ</mark>n"),
        ([], "a&b", "a&amp;b"),
        (["x"], "abc", "abc"),
    ],
)
def test_words_are_marked_in_the_original_spelling(words: list[str], text: str, html: str) -> None:
    """Letters that fold to two stay whole, and markup stays text."""
    assert highlighted(words, text) == html


def test_the_matching_language_is_shown() -> None:
    """The page's own language first, then the one that holds every word."""
    title = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"})
    description = LocalisedText({"nl": "Regels", "fr": "Règles"})
    assert matching_language(["kader"], title, description, "", "nl") == "nl"
    assert matching_language([fold("Règles")], title, description, "", "nl") == "fr"
    assert matching_language(["1"], title, description, "1", "fr") == "fr"
    assert matching_language(["zzz"], title, description, "", "fr") == "fr"


class TestPage:
    """The page at /zoeken/."""

    def test_it_is_for_those_signed_in(self, client: Client, db: None) -> None:
        """Others are sent to the login page."""
        response = client.get(reverse("search"), {"q": "politie"})
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))

    def test_hits_come_by_kind_with_counts_and_source(self, reader: Client) -> None:
        """A French hit on a Dutch page says that it is French."""
        html = reader.get(reverse("search"), {"q": "opérationnelle"}).content.decode()
        assert 'id="group-goals"' in html
        assert '<span class="chip" lang="fr">français</span>' in html
        assert "<mark>opérationnelle</mark>" in html
        assert "chip source" in html

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"q": ""},
            {"q": "a"},
            {"q": "zzzzzz"},
            {"q": "x" * 500},
            {"q": "\x00"},
            {"q": "%_'\"\\<script>"},
            {"q": "politie", "group": "frameworks", "page": "zz"},
            {"q": "politie", "group": "security-objectives", "page": "99999"},
            {"q": "", "group": "frameworks"},
        ],
    )
    def test_odd_queries_are_answered(self, reader: Client, data: dict[str, str]) -> None:
        """Whatever is typed comes back in the form, and never as markup."""
        response = reader.get(reverse("search"), data)
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().partition("<main")[2]
        assert 'name="q"' in response.content.decode()

    def test_nothing_found_says_what_may_help(self, reader: Client) -> None:
        """An empty list alone helps nobody."""
        html = reader.get(reverse("search"), {"q": "zzzzzz"}).content.decode()
        assert "zzzzzz" in html
        assert "<li>" in html.partition('class="panel')[2]

    def test_a_percent_sign_is_a_letter(self, reader: Client) -> None:
        """It is no wildcard."""
        context = reader.get(reverse("search"), {"q": "100%zz"}).context
        assert context["total"] == 0

    def test_more_of_one_kind(self, reader: Client) -> None:
        """The link keeps the query."""
        group = next(g for g in find_groups(query("politie")) if g.is_partial)
        html = reader.get(reverse("search"), {"q": "politie"}).content.decode()
        link = f"{reverse('search')}?q=politie&amp;group={group.key}"
        assert link in html
        response = reader.get(reverse("search"), {"q": "politie", "group": group.key})
        assert response.context["total"] == group.total

    def test_an_unknown_kind_is_not_found(self, reader: Client) -> None:
        """Its key is part of the address."""
        response = reader.get(reverse("search"), {"q": "politie", "group": "nonsense"})
        assert response.status_code == 404

    def test_the_queries_do_not_grow_with_the_hits(
        self, page_queries: Callable[[str], int]
    ) -> None:
        """One a kind, and one more for a kind with more hits than fit."""
        few, many = f"{reverse('search')}?q=crisiscentrum", f"{reverse('search')}?q=politie"
        counts_of_full_kinds = sum(group.is_partial for group in find_groups(query("politie")))
        assert counts_of_full_kinds >= 1
        assert page_queries(many) <= page_queries(few) + counts_of_full_kinds + HOLDERS


HOLDERS = 1  # ministers that are found bring their holders


def test_sources_have_keys_of_their_own() -> None:
    """A second registration under a key would hide the first."""
    sources: list[Any] = list(registered())
    assert len({source.order for source in sources}) == len(sources)
    assert {"objectives", "indicators", "werven", "themes", "units"} <= {s.key for s in sources}
