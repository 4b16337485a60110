"""Pages of the strategic plan: who sees them, what they count, what they say of their texts."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from objectives.strategy.choices import PlanKind
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    Plan,
    PlanElement,
    StrategicObjective,
    Werf,
)
from objectives.strategy.selectors import werf_page
from personnel.models import OrganisationUnit, UnitName, User
from tests.markup import assert_sound_markup

PAGES = [
    ("overview", []),
    ("identity", []),
    ("stakeholders", []),
    ("environment", []),
    ("rules", []),
    ("communication", []),
    ("organisation", []),
    ("objective", ["3"]),
    ("werf", ["1.3"]),
]

# Kept while nothing was recorded: the plans, with their objectives, goals and werven; units,
# ministers and their links; what an objective carries on, and what carries it on.
PLAN = 0
ELEMENTS = 1
MISSIONS = 1
GOALS = 1
WERVEN = 1
OBJECTIVES = 1
MINISTERS = 1  # holders
WERF_LISTS = 3  # links to units, units, commitments and pillars
LIFE = 1  # addenda
ORGANISATION = MINISTERS + 2  # officials, names

QUERIES = {
    "overview": PLAN + MINISTERS + MISSIONS + LIFE,
    "identity": PLAN + ELEMENTS + MISSIONS,
    "stakeholders": PLAN + ELEMENTS,
    "environment": PLAN + ELEMENTS,
    "rules": PLAN + ELEMENTS,
    "communication": PLAN + 1,
    "organisation": ORGANISATION,
    "objective": PLAN + OBJECTIVES + GOALS + WERVEN + WERF_LISTS,
}


def address(name: str, *arguments: str) -> str:
    """Return the address of a page of the plan."""
    return reverse(f"strategy:{name}", args=arguments)


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


@pytest.mark.parametrize("name", QUERIES)
def test_a_page_costs_a_fixed_number_of_queries(
    page_queries: Callable[[str], int], name: str
) -> None:
    """However long the plan is."""
    arguments = next(arguments for page, arguments in PAGES if page == name)
    assert page_queries(address(name, *arguments)) == QUERIES[name]


def test_the_headline_counts_what_the_database_holds(reader: Client) -> None:
    """The sentence is computed, not written."""
    context = reader.get(address("overview")).context
    plan = Plan.objects.get(kind=PlanKind.STRATEGIC)
    counts = [
        Mission.objects.filter(plan=plan).count(),
        StrategicObjective.objects.filter(plan=plan).count(),
        Goal.objects.filter(objective__plan=plan).count(),
        Werf.objects.filter(objective__plan=plan).count(),
    ]
    assert [int(phrase.split()[0]) for phrase in context["phrases"]] == counts == [3, 4, 29, 23]


def test_the_headline_follows_a_change(reader: Client) -> None:
    """One goal less, one less in the sentence."""
    Goal.objects.filter(code="1.h").delete()
    assert reader.get(address("overview")).context["page"].counts.goals == 28


def test_the_overview_leads_everywhere(reader: Client) -> None:
    """Objectives, werven, goals and ministers are one step away."""
    html = shown(reader, "overview")
    for werf in Werf.objects.all():
        assert address("werf", werf.code) in html
    for objective in StrategicObjective.objects.all():
        assert address("objective", objective.code) in html
    assert "Bernard Quintin" in html
    assert "chip source" in html


def test_signatures_are_open_until_a_date_is_known(reader: Client) -> None:
    """The source prints no date."""
    assert "badge-attention" in shown(reader, "overview")
    plan = Plan.objects.get(kind=PlanKind.STRATEGIC)
    plan.signed_on = date(2025, 12, 1)
    plan.save()
    html = shown(reader, "overview")
    assert "badge-attention" not in html
    assert "01/12/2025" in html


@pytest.mark.parametrize(
    ("code", "goals", "werven"), [("1", 8, 6), ("2", 8, 8), ("3", 9, 4), ("4", 4, 5)]
)
def test_goals_and_werven_are_two_lists(reader: Client, code: str, goals: int, werven: int) -> None:
    """They do not pair up."""
    page = reader.get(address("objective", code)).context["page"]
    assert (len(page.goals), len(page.werven)) == (goals, werven)
    assert page.objective.coalition_line is not None


@pytest.mark.parametrize(("code", "commitments", "pillars"), [("1.3", 6, 0), ("4.2", 0, 4)])
def test_a_werf_lists_what_stands_under_it(
    reader: Client, code: str, commitments: int, pillars: int
) -> None:
    """Six commitments under one werf, four pillars under another."""
    page = werf_page(code)
    assert page is not None
    assert (len(page.commitments), len(page.pillars)) == (commitments, pillars)
    html = shown(reader, "werf", code)
    for element in page.elements:
        assert f'id="element-{element.code}"' in html
    assert [unit.code for unit in page.units] != []
    assert "chip translation" in html, "the assignment of units is not official"


def test_werven_follow_each_other_across_objectives(reader: Client) -> None:
    """The last werf of one objective leads to the first of the next."""
    first, crossing, last = werf_page("1.1"), werf_page("1.6"), werf_page("4.5")
    assert first and crossing and last
    assert (first.previous, last.next) == (None, None)
    assert crossing.next is not None
    assert crossing.next.code == "2.1"


@pytest.mark.parametrize(
    ("name", "code"),
    [("objective", "9"), ("objective", "1.3"), ("werf", "9.9"), ("werf", "1"), ("werf", "<x>")],
)
def test_an_unknown_code_is_not_found(reader: Client, name: str, code: str) -> None:
    """Neither an error nor another page."""
    assert reader.get(address(name, code)).status_code == 404


def test_french_titles_are_marked_unofficial(reader: Client) -> None:
    """They are ours, not the plan's."""
    assert "chip translation" not in shown(reader, "objective", "1").partition("h-goals")[2]
    reader.cookies["django_language"] = "fr"
    html = shown(reader, "objective", "1")
    assert "Encadrer" in html
    assert "chip translation" in html
    assert "Kaderen" not in html


def test_a_title_without_translation_shows_the_other_language(reader: Client) -> None:
    """Marked with its language."""
    goal = Goal.objects.get(code="1.a")
    goal.title = type(goal.title)({"nl": "Alleen Nederlands"})
    goal.save()
    reader.cookies["django_language"] = "fr"
    assert '<span lang="nl">Alleen Nederlands</span>' in shown(reader, "objective", "1")


def test_placeholder_dates_stay_open(reader: Client) -> None:
    """As many open dates as rows with a placeholder."""
    response = reader.get(address("communication"))
    rows = list(CommunicationAction.objects.all())
    open_rows = [row for row in rows if row.is_date_open]
    assert len(rows) == 9
    assert response.context["open_count"] == len(open_rows) > 0
    assert response.content.decode().count("**-**-****") == len(open_rows)


def test_rules_show_their_law_and_the_open_addendum(reader: Client) -> None:
    """The transversal objectives are still to come."""
    html = shown(reader, "rules")
    laws = [e for e in PlanElement.objects.filter(kind="planning_rule") if "law" in e.attributes]
    assert laws != []
    for rule in laws:
        assert rule.attributes["law"]["nl"] in html
    assert "badge-attention" in html


def test_stakeholders_show_their_members(reader: Client) -> None:
    """Each group with all of them."""
    html = shown(reader, "stakeholders")
    for group in PlanElement.objects.filter(kind="stakeholder_group"):
        assert f'id="element-{group.code}"' in html
        for member in group.attributes["members"]:
            assert member["nl"] in html


def test_every_entity_stands_once_with_all_its_names(reader: Client) -> None:
    """In each of the places that print one."""
    response = reader.get(address("organisation"))
    page, html = response.context["page"], response.content.decode()
    assert len(page.units) == OrganisationUnit.objects.count()
    assert page.name_count == UnitName.objects.count()
    for unit in OrganisationUnit.objects.all():
        assert html.count(f'id="unit-{unit.code}"') == 1
    depths = {row.unit.code: row.depth for row in page.units}
    assert (depths["IBZ"], depths["VZ"], depths["VZ-JUR"]) == (0, 1, 2)


def test_ministers_have_their_units(reader: Client) -> None:
    """From both sides: the minister's card and the unit's row."""
    page = reader.get(address("organisation")).context["page"]
    units = {row.minister.code: {unit.code for unit in row.units} for row in page.ministers}
    assert units["AM"] == {"DVZ", "CGVS", "RVV"}
    assert units["JUS"] == set()
    answers = {row.unit.code: [m.code for m in row.ministers] for row in page.units}
    assert answers["DVZ"] == ["AM"]
    assert answers["NCCN"] == ["VBZ"]
    assert answers["VZ"] == []


def test_before_the_plans_are_loaded_the_overview_says_so(client: Client, db: None) -> None:
    """And the pages below it do not exist yet."""
    Plan.objects.update(kind="")  # out of sight: objectives protect their plan from deletion
    client.force_login(User.objects.create_user("early"))
    assert "load_plans" in client.get(address("overview")).content.decode()
    assert client.get(address("rules")).status_code == 404
    assert client.get(address("werf", "1.3")).status_code == 404
