"""The first page after signing in, and the main navigation, by role."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.choices import QuestionKind
from ibzplan.core.navigation import IN_NARROW_BAR, IN_WIDE_BAR
from ibzplan.core.questions.registry import place_label
from ibzplan.core.services.follows import follow
from ibzplan.core.services.questions import question_answer, question_ask
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.security.models import SecurityObjective, SecurityTheme
from personnel.choices import Role
from personnel.models import User
from personnel.services import role_assign
from reporting.services.follows import followers_tell
from tests.factories import Ministry, text
from tests.reporting.test_alignment import _link, drugs  # noqa: F401
from tests.reporting.test_reports import record

pytestmark = pytest.mark.django_db

TO_DO = "planning:queue"
DASHBOARD = "reporting:dashboard"
ROLES = [
    "planner_adcv",
    "head_adcv",
    "corporate",
    "committee",
    "cabinet_vbz",
    "cabinet_am",
    "auditor",
    "outsider",
]


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def _home(ministry: Ministry, name: str) -> str:
    page = client_of(ministry, name).get(reverse("home"))
    assert page.status_code == 200
    return page.content.decode()


def _entries(ministry: Ministry, name: str) -> list[str]:
    page = client_of(ministry, name).get(reverse(DASHBOARD))
    return [item.label for item in page.context["main_nav"]]


def test_who_has_work_waiting_finds_it_first(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.motivate(objective, by="head_adcv")
    objective.refresh_from_db()
    _waits(ministry, "planner_adcv", objective)
    ministry.submit(objective)
    _waits(ministry, "corporate", objective)
    ministry.pass_on(objective)
    _waits(ministry, "committee", objective)
    assert "thing</strong> waits" not in _home(ministry, "planner_adcv")


def _waits(ministry: Ministry, name: str, objective: OperationalObjective) -> None:
    """The headline counts it, and its panel leads to the list and to the thing itself."""
    html = _home(ministry, name)
    assert "<strong>1 thing</strong> waits for you" in html
    assert html.index(f'href="{reverse(TO_DO)}#') < html.index('id="news-h"')
    assert reverse("planning:objective", args=[objective.uuid]) in html


def test_each_role_finds_what_it_comes_for(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    sentence = "<strong>0 of 1 operational objective</strong> is achieved or on track."
    own, board = reverse("planning:own_unit"), reverse(DASHBOARD)
    expected = {
        "head_adcv": (sentence, own),
        "cabinet_vbz": (sentence, f"{board}?minister=VBZ"),
        "committee": (sentence, board),
        "auditor": (sentence, "Data quality"),
        "corporate": (sentence, "Plan cycle"),
    }
    for name, parts in expected.items():
        html = _home(ministry, name)
        for part in parts:
            assert part in html, (name, part)
    for name in ("planner_dvz", "cabinet_am", "outsider"):
        assert sentence not in _home(ministry, name)


def test_the_headline_of_a_cabinet_is_that_of_its_dashboard(ministry: Ministry) -> None:
    for number in range(3):
        objective = ministry.objective()
        indicator = ministry.indicator(objective)
        ministry.approve(objective)
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period("2026-T3"),
            figure=Figure(value=Decimal(70 + 12 * number)),
        )
    client = client_of(ministry, "cabinet_vbz")
    home = client.get(reverse("home")).context["board"]
    board = client.get(reverse(DASHBOARD)).context["board"]
    assert home.total == 3
    assert dict(home.counts) == dict(board.counts)
    assert (home.submitted, home.due) == (board.submitted, board.due)


def test_a_cabinet_finds_the_decisions_that_are_asked_and_its_answers(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    question_ask(
        actor=ministry.users["head_adcv"],
        kind=QuestionKind.REQUEST,
        target=objective,
        text="Mag de tweede fase wachten?",
        options=("Ja", "Nee"),
    )
    question = question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=objective,
        text="Waarom zo laat?",
    )
    assert "Questions and decisions" in _home(ministry, "head_adcv")
    question_answer(
        actor=ministry.users["head_adcv"], question=question, text="De levering liep uit."
    )
    html = _home(ministry, "cabinet_vbz")
    assert "Mag de tweede fase wachten?" in html
    assert "De levering liep uit." in html
    other = _home(ministry, "cabinet_am")
    assert "Mag de tweede fase wachten?" not in other
    assert "De levering liep uit." not in other


def test_what_a_cabinet_is_asked_is_kept_by_language(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    question_ask(
        actor=ministry.users["head_adcv"],
        kind=QuestionKind.REQUEST,
        target=objective,
        anchor="narrative:2026-T1",
        text="Mag de tweede fase wachten?",
        options=("Ja", "Nee"),
    )
    places = set()
    for language in ("nl", "en"):
        client = client_of(ministry, "cabinet_vbz")
        page = client.get(reverse("home"), headers={"accept-language": language})
        (row,) = page.context["requests"]
        with translation.override(language):
            assert row.place == place_label(objective.type_name(), row.question.anchor)
        places.add(row.place)
    assert len(places) == 2


def test_what_changed_in_what_one_follows_stands_there(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    for name in ("cabinet_vbz", "cabinet_am"):
        follow(actor=ministry.users[name], type_name=objective.type_name(), uuid=objective.uuid)
    assert "Nothing changed in the last 30 days." in _home(ministry, "cabinet_vbz")
    followed = _page(ministry, "cabinet_vbz", "reporting:followed")
    assert "nothing changed since then." in followed  # what changed before is not told
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal(80)),
    )
    assert "from no data to off track" in _home(ministry, "cabinet_vbz")
    assert "off track</a>" not in _home(ministry, "cabinet_am")  # a figure nobody validated
    followers_tell(today=timezone.localdate() + timedelta(days=1))
    told = _home(ministry, "cabinet_vbz")
    assert told.count("from no data to off track") == 1
    assert "from no data to off track" in _page(ministry, "cabinet_vbz", "reporting:followed")


def _page(ministry: Ministry, name: str, address: str) -> str:
    return client_of(ministry, name).get(reverse(address)).content.decode()


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("name", ROLES)
def test_home_opens_for_every_role_in_both_languages(
    ministry: Ministry, name: str, language: str
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[name])
    page = client.get(reverse("home"))
    html = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert 'class="headline"' in html
    if name in ("cabinet_vbz", "auditor", "head_adcv"):
        assert "<strong>0" in html


# session, user, clock, messages, told lately; reports and jobs for who makes those
MOST_QUERIES = 12


@pytest.mark.parametrize("name", ROLES)
def test_home_takes_the_same_number_of_queries_with_more_rows(
    ministry: Ministry, name: str
) -> None:
    def made(number: int) -> None:
        for _n in range(number):
            objective = ministry.objective()
            ministry.indicator(objective)
            ministry.approve(objective)
            ministry.objective()
            if name != "outsider":
                follow(
                    actor=ministry.users[name],
                    type_name=objective.type_name(),
                    uuid=objective.uuid,
                )

    client = client_of(ministry, name)
    made(2)
    first = _queries(client)
    again = _queries(client)
    made(4)
    assert _queries(client) <= first
    assert _queries(client) == again <= MOST_QUERIES


def _queries(client: Client, page: str = "home") -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(page)).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["cabinet_vbz", "planner_adcv", "auditor"])
def test_the_page_of_what_one_follows_takes_the_same_number_with_more_rows(
    ministry: Ministry, name: str
) -> None:
    planner = ministry.users["planner_adcv"]

    def made(number: int) -> None:
        for _n in range(number):
            objective = ministry.objective()
            indicator = ministry.indicator(objective)
            ministry.approve(objective)
            for row in (objective, indicator, ministry.werf):
                follow(actor=ministry.users[name], type_name=row.type_name(), uuid=row.uuid)
            measurement_record(
                actor=planner,
                indicator=indicator,
                period=parse_period("2026-T1"),
                figure=Figure(value=Decimal(80)),
            )

    client = client_of(ministry, name)
    made(1)
    first, again = _queries(client, "reporting:followed"), _queries(client, "reporting:followed")
    made(2)
    assert _queries(client, "reporting:followed") <= first
    assert _queries(client, "reporting:followed") == again <= MOST_QUERIES


def test_a_planner_finds_work_first_and_a_cabinet_what_it_reads(ministry: Ministry) -> None:
    planner = _entries(ministry, "planner_adcv")
    cabinet = _entries(ministry, "cabinet_vbz")
    outsider = _entries(ministry, "outsider")
    assert planner[:4] == ["Start", "To do", "Dashboard", "My directorate"]
    assert cabinet[:3] == ["Start", "To do", "Dashboard"]
    assert "Translations" in planner
    assert not {"Translations", "Reorganisations", "Data quality"} & set(cabinet)
    assert "Operational plan" not in outsider


def test_every_entry_stands_once_in_a_wide_window(ministry: Ministry) -> None:
    page = client_of(ministry, "corporate").get(reverse(DASHBOARD))
    items = page.context["main_nav"]
    assert [item.in_bar for item in items].count(True) == IN_NARROW_BAR
    assert [item.in_wide_bar for item in items].count(True) == IN_WIDE_BAR
    html = page.content.decode()
    bar, menu = html.split('<details class="menu more-menu">')[:2]
    menu = menu.partition("</details>")[0]
    for item in items:
        assert (f'href="{item.url}"' in bar.partition('class="mainnav"')[2]) == item.in_wide_bar
        assert (f'href="{item.url}"' in menu) == (not item.in_bar)


def test_the_plans_address_leads_to_the_running_plan(ministry: Ministry) -> None:
    answer = client_of(ministry, "cabinet_vbz").get(reverse("planning:plans"))
    assert answer["Location"] == reverse("planning:plan", args=[ministry.year.year])


def test_a_plan_in_force_before_its_year_begins_does_not_run_yet(ministry: Ministry) -> None:
    OperationalPlan.objects.create(
        plan=ministry.plan, year=timezone.localdate().year + 1, state=PlanState.APPROVED
    )
    answer = client_of(ministry, "auditor").get(reverse("planning:plans"))
    assert answer["Location"] == reverse("planning:plan", args=[ministry.year.year])


def test_without_a_plan_the_address_leads_to_the_strategic_plan(ministry: Ministry) -> None:
    ministry.year.delete()
    client = client_of(ministry, "cabinet_vbz")
    answer = client.get(reverse("planning:plans"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("strategy:overview")
    assert [str(message) for message in answer.context["messages"]]


def _panel(html: str, name: str) -> str:
    panel = html.partition(f'aria-labelledby="{name}-h"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", panel)


def _in_force_since_january(ministry: Ministry) -> OperationalObjective:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    record(ministry, indicator, "2026-T3", "95")
    early = datetime(2026, 1, 5, 9, tzinfo=UTC)
    OperationalObjective.objects.filter(pk=objective.pk).update(approved_at=early)
    return objective


def _with_role(ministry: Ministry, role: Role) -> str:
    user = ministry.users[role] = User.objects.create(username=role)
    role_assign(actor=None, user=user, role=role)
    return role


@pytest.mark.parametrize(("name", "panel"), [("cabinet_vbz", "board"), ("committee", "whole")])
def test_home_counts_what_moved_as_the_dashboard_does(
    ministry: Ministry, name: str, panel: str
) -> None:
    _in_force_since_january(ministry)
    client = client_of(ministry, name)
    board = client.get(reverse(DASHBOARD)).context["page"]
    html = client.get(reverse("home")).content.decode()
    assert board.last is not None
    line = re.search(r'<p class="moves-line">.*?</p>', _panel(html, panel))
    assert line
    assert "no report was issued yet" in line[0]
    for kind, n in board.moved.items():
        assert not n or f"{n} {kind.label.lower()}" in line[0]
    there = client.get(line[0].split('href="')[1].split('"')[0].replace("&amp;", "&"))
    assert dict(there.context["page"].kinds) == dict(board.moved)


def test_before_a_period_is_closed_home_says_nothing_of_what_moved(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    OperationalObjective.objects.update(approved_at=timezone.now())
    assert "moves-line" not in _home(ministry, "cabinet_vbz")


def test_the_steering_group_finds_the_themes_that_someone_works_on(
    ministry: Ministry,
    drugs: SecurityObjective,  # noqa: F811
) -> None:
    SecurityTheme.objects.create(
        plan=drugs.theme.plan, code="2", title=text("Mensenhandel"), is_block=True
    )
    _link(_in_force_since_january(ministry), drugs)
    name = _with_role(ministry, Role.STEERING_GROUP)
    panel = _panel(_home(ministry, name), "security")
    assert "<strong>1 operational objective</strong> works on it." in panel
    assert "The NVP has 2 objectives." in panel
    assert reverse("security:theme", args=["1"]) in panel
    assert reverse("security:theme", args=["2"]) not in panel
    assert "1 theme without an operational objective." in panel
    assert "security-h" not in _home(ministry, "committee")


def test_who_keeps_the_means_finds_the_plans_with_their_directorates(ministry: Ministry) -> None:
    _in_force_since_january(ministry)
    panel = _panel(_home(ministry, _with_role(ministry, Role.RESOURCES)), "cycle")
    assert "1 objective in force" in panel
    assert f"{reverse('planning:unit', args=['ADCV'])}?year=2026" in panel
    assert "budget not approved yet" in panel
    own = _panel(_home(ministry, "corporate"), "cycle")
    assert "1 objective in force" in own
    assert reverse("planning:unit", args=["ADCV"]) not in own
