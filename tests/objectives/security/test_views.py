"""Pages of the National Security Plan: matrix, themes, frameworks and what goes with them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from objectives.security.choices import ObjectiveLevel
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.choices import ElementKind
from objectives.strategy.models import Plan, PlanElement
from personnel.models import User
from tests.markup import assert_sound_markup

PAGES = [
    ("overview", []),
    ("frameworks", []),
    ("conditions", []),
    ("resources", []),
    ("follow_up", []),
    ("regular", []),
    ("abbreviations", []),
    ("theme", ["1"]),
    ("theme", ["6"]),
    ("theme", ["7"]),
]

PLAN = 0  # kept while nothing was recorded
ELEMENTS = 1
MATRIX = 4  # counts, links, dimensions, themes
THEME = 1  # all themes: this one, its parent, children and neighbours
OBJECTIVES = 2  # with their points
ATTENTION = 1
MISSIONS = 1
MENTIONS = 1
KIV = 1

QUERIES = {
    ("overview", ""): PLAN + MATRIX,
    ("frameworks", ""): PLAN + 3,  # frameworks, mentions, their themes
    ("conditions", ""): PLAN + 2,  # conditions, their points
    ("resources", ""): PLAN + ELEMENTS + 3,  # the figures, their later values, their targets
    ("follow_up", ""): PLAN + ELEMENTS,
    ("regular", ""): PLAN + ELEMENTS,
    ("abbreviations", ""): PLAN + ELEMENTS,
    ("theme", "1"): PLAN + THEME + OBJECTIVES + ATTENTION + MISSIONS + MENTIONS + KIV,
    ("theme", "7"): PLAN + THEME + OBJECTIVES + ATTENTION + MISSIONS + MENTIONS + KIV,
}


def address(name: str, *arguments: str) -> str:
    """Return the address of a page of the plan."""
    return reverse(f"security:{name}", args=arguments)


def shown(client: Client, name: str, *arguments: str) -> str:
    """Return a page as text, which must answer."""
    response = client.get(address(name, *arguments))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_pages_are_for_those_signed_in(
    reader: Client, client: Client, name: str, arguments: list[str]
) -> None:
    """Anyone with an account, and nobody else."""
    url = address(name, *arguments)
    assert reader.get(url).status_code == 200
    assert client.get(url).status_code == 302
    assert reader.post(url).status_code == 405


@pytest.mark.parametrize(("name", "arguments"), PAGES)
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_headings_are_in_order_and_ids_are_unique(
    reader: Client, name: str, arguments: list[str], language: str
) -> None:
    """And whatever else holds for every page (tests/markup.py)."""
    reader.cookies["django_language"] = language
    assert_sound_markup(shown(reader, name, *arguments))


@pytest.mark.parametrize(("name", "argument"), QUERIES)
def test_a_page_costs_a_fixed_number_of_queries(
    page_queries: Callable[[str], int], name: str, argument: str
) -> None:
    """However long the plan is."""
    arguments = [argument] if argument else []
    assert page_queries(address(name, *arguments)) == QUERIES[name, argument]


def test_the_headline_counts_what_the_database_holds(reader: Client) -> None:
    """58 federal, 17 local, 8 integrated, in 15 themes."""
    context = reader.get(address("overview")).context
    counts = [SecurityObjective.objects.filter(level=level).count() for level in ObjectiveLevel]
    assert [int(phrase.split()[0]) for phrase in context["phrases"]] == counts == [58, 17, 8]
    page = context["page"]
    assert list(page.totals) == counts
    assert len(page.blocks) == SecurityTheme.objects.filter(is_block=True).count() == 15
    assert [d.code for d in page.unused_dimensions] == ["ECOL"]
    assert [row.theme.code for row in page.without_dimension] == ["1.2", "1.4", "1.5"]


def test_the_headline_follows_a_change(reader: Client) -> None:
    """It is computed, not written."""
    theme = SecurityTheme.objects.get(code="1.2")
    dimension = KivDimension.objects.get(code="ECOL")
    ThemeKivLink.objects.create(theme=theme, dimension=dimension, source_line=1)
    SecurityObjective.objects.filter(code="1-F1").delete()
    page = reader.get(address("overview")).context["page"]
    assert page.totals[0] == 57
    assert page.unused_dimensions == []
    assert [row.theme.code for row in page.without_dimension] == ["1.4", "1.5"]


def test_the_matrix_shows_every_theme_and_link(reader: Client) -> None:
    """A block an objective, a dot a link; a theme follows its parent."""
    response = reader.get(address("overview"))
    page, html = response.context["page"], response.content.decode()
    codes = [row.theme.code for row in page.rows]
    assert codes == sorted(codes)
    assert len(codes) == SecurityTheme.objects.count()
    assert html.count('class="bullet-bar"') == SecurityObjective.objects.count()
    links = len(re.findall(r'<a class="cell-link filled"', html))
    assert links == ThemeKivLink.objects.count()
    assert "mark-stack" not in html, "no statuses before there are indicators"


@pytest.mark.parametrize(
    ("code", "federal", "local", "integrated"),
    [("1", 6, 3, 0), ("1.6", 2, 0, 0), ("5", 5, 2, 0), ("7", 0, 0, 8), ("6", 0, 0, 0)],
)
def test_a_theme_groups_its_objectives_by_level(
    reader: Client, code: str, federal: int, local: int, integrated: int
) -> None:
    """Federal before local, each with its sub-points and source."""
    response = reader.get(address("theme", code))
    page, html = response.context["page"], response.content.decode()
    counts = {level.value: 0 for level in ObjectiveLevel}
    for group in page.groups:
        counts[group.level] += len(group.objectives)
    assert list(counts.values()) == [federal, local, integrated]
    for objective in SecurityObjective.objects.filter(theme__code=code):
        assert f'id="{objective.code}"' in html
        for point in objective.points.all():
            assert f'id="point-{point.code}"' in html


def test_theme_seven_keeps_its_two_groups_and_general_points(reader: Client) -> None:
    """It is not split between federal and local."""
    page = reader.get(address("theme", "7")).context["page"]
    assert [str(group.title) for group in page.groups] == [
        "Intrafamiliaal geweld",
        "Seksueel geweld",
    ]
    assert len(page.general_points) == 3
    general = AttentionPoint.objects.filter(is_general=True)
    assert {point.pk for point in page.general_points} == {point.pk for point in general}


def test_a_theme_shows_everything_that_belongs_to_it(reader: Client) -> None:
    """Over all themes nothing is left out."""
    points = mentions = links = missions = 0
    for theme in SecurityTheme.objects.all():
        page = reader.get(address("theme", theme.code)).context["page"]
        points += len(page.general_points) + len(page.attention_points)
        mentions += len(page.mentions)
        links += len(page.kiv_links)
        missions += len(page.missions)
    assert points == AttentionPoint.objects.count() == 37
    assert mentions == FrameworkMention.objects.count() == 93
    assert links == ThemeKivLink.objects.count()
    assert missions == PlanElement.objects.filter(kind=ElementKind.THEME_MISSION).count()


@pytest.mark.parametrize("code", ["9", "1.9", "overview", "<x>"])
def test_an_unknown_theme_is_not_found(reader: Client, code: str) -> None:
    """Neither an error nor another page."""
    assert reader.get(address("theme", code)).status_code == 404


def test_each_framework_stands_once_with_every_mention(reader: Client) -> None:
    """Validity where the name gives it, status where the plan says one."""
    response = reader.get(address("frameworks"))
    page, html = response.context["page"], response.content.decode()
    assert len(page.rows) == PolicyFramework.objects.count() == 57
    assert page.mention_count == FrameworkMention.objects.count() == 93
    for framework in PolicyFramework.objects.all():
        assert html.count(f'id="framework-{framework.code}"') == 1
    assert "2026–2029" in html
    with_status = PolicyFramework.objects.exclude(status="").count()
    assert html.count("badge-attention") == with_status == 4


def test_conditions_show_their_points(reader: Client) -> None:
    """Plan Grootsteden has six."""
    conditions = reader.get(address("conditions")).context["conditions"]
    assert len(conditions) == EnablingCondition.objects.count() == 11
    assert [len(c.points.all()) for c in conditions if c.points.all()] == [6]


def test_figures_show_exactly_and_as_printed(reader: Client) -> None:
    """The same value twice: for reading, and as in the source."""
    html = shown(reader, "resources")
    assert "<b>2,84</b>" in html
    assert "<b>13\N{NO-BREAK SPACE}879</b>" in html
    assert "13.879 medewerkers" in html
    assert "<b>85/15</b>" in html
    assert "31/01/2025" in html


def test_follow_up_names_its_actors_and_open_dates(reader: Client) -> None:
    """A milestone without a printed date is open."""
    html = shown(reader, "follow_up")
    assert "Federale Politieraad" in html
    assert "27/02/2026" in html
    assert html.count("badge-attention") == 1


def test_regular_police_work_is_an_open_list(reader: Client) -> None:
    """Eight themes that the plan gives as examples, three emphases."""
    context = reader.get(address("regular")).context
    assert len(context["elements"][ElementKind.REGULAR_THEME]) == 8
    assert len(context["elements"][ElementKind.EMPHASIS]) == 3
    assert context["is_open_ended"]


def test_abbreviations_are_sorted_and_searchable(reader: Client) -> None:
    """By abbreviation or by meaning, without accents."""
    total = PlanElement.objects.filter(kind=ElementKind.ABBREVIATION).count()
    rows = reader.get(address("abbreviations")).context["abbreviations"]
    codes = [row.code.casefold() for row in rows]
    assert len(codes) == total
    assert codes == sorted(codes)
    found = reader.get(address("abbreviations"), {"q": "POLITIE federale"}).context
    assert 0 < len(found["abbreviations"]) < total
    for row in found["abbreviations"]:
        assert "federale" in row.search_key
    nothing = reader.get(address("abbreviations"), {"q": "zzzz<b>"}).content.decode()
    assert "zzzz&lt;b&gt;" in nothing


def test_french_titles_are_marked_unofficial(reader: Client) -> None:
    """They are ours, not the plan's."""
    assert "chip translation" not in shown(reader, "overview")
    reader.cookies["django_language"] = "fr"
    html = shown(reader, "theme", "4")
    assert "Gestion intégrée des frontières" in html
    assert "chip translation" in html


def test_before_the_plans_are_loaded_the_overview_says_so(client: Client, db: None) -> None:
    """And the pages below it do not exist yet."""
    Plan.objects.update(kind="")  # out of sight: objectives protect their plan from deletion
    client.force_login(User.objects.create_user("early"))
    assert "load_plans" in client.get(address("overview")).content.decode()
    assert client.get(address("theme", "1")).status_code == 404
    assert client.get(address("abbreviations")).status_code == 404
