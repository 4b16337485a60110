"""The first page after signing in, and the main navigation, by role."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.navigation import IN_NARROW_BAR, IN_WIDE_BAR
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from tests.factories import Ministry

pytestmark = pytest.mark.django_db

TO_DO = "planning:queue"
DASHBOARD = "reporting:dashboard"


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def _home(ministry: Ministry, name: str) -> str:
    return str(client_of(ministry, name).get(reverse("home"))["Location"])


def _entries(ministry: Ministry, name: str) -> list[str]:
    page = client_of(ministry, name).get(reverse(DASHBOARD))
    return [item.label for item in page.context["main_nav"]]


def test_who_has_work_waiting_lands_on_it(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.motivate(objective, by="head_adcv")
    objective.refresh_from_db()
    assert _home(ministry, "planner_adcv") == reverse(TO_DO)
    ministry.submit(objective)
    assert _home(ministry, "corporate") == reverse(TO_DO)
    ministry.pass_on(objective)
    assert _home(ministry, "committee") == reverse(TO_DO)


def test_who_has_nothing_waiting_lands_on_what_they_come_for(ministry: Ministry) -> None:
    assert _home(ministry, "planner_adcv") == reverse("planning:own_unit")
    assert _home(ministry, "head_adcv") == reverse("planning:own_unit")
    for name in ("committee", "cabinet_vbz", "auditor"):
        assert _home(ministry, name) == reverse(DASHBOARD)


def test_a_planner_finds_work_first_and_a_cabinet_what_it_reads(ministry: Ministry) -> None:
    planner = _entries(ministry, "planner_adcv")
    cabinet = _entries(ministry, "cabinet_vbz")
    outsider = _entries(ministry, "outsider")
    assert planner[:4] == ["To do", "Dashboard", "My directorate", "Strategic plan"]
    assert cabinet[:4] == ["Dashboard", "Strategic plan", "Operational plan", "Calendar"]
    assert "Translations" in planner
    assert not {"To do", "Translations", "Reorganisations", "Data quality"} & set(cabinet)
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
