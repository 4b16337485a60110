"""Taking objectives over from the plan of the year before."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator, Target
from objectives.planning.choices import PlanState, RiskResponse
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.planning.selectors.copying import without_target
from objectives.planning.services.copying import CopyChoice, in_year, objectives_copy
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import objective_create
from objectives.strategy.choices import ActivityKind
from objectives.strategy.models import Activity, Goal, Milestone
from tests.factories import Ministry, function_of, text


@pytest.fixture
def next_year(ministry: Ministry) -> OperationalPlan:
    return OperationalPlan.objects.create(plan=ministry.plan, year=2027)


def furnish(ministry: Ministry, objective: OperationalObjective) -> None:
    """Give an objective everything that a planner can hang below it."""
    now = timezone.now()
    goal = Goal.objects.create(
        objective=ministry.werf.objective, code="2.a", title=text("Een doel")
    )
    ObjectiveGoal.objects.create(objective=objective, goal=goal, known_from=now)
    CoOwner.objects.create(objective=objective, unit=ministry.dvz, known_from=now)
    Risk.objects.create(
        objective=objective,
        title=text("Te weinig operatoren"),
        likelihood=4,
        impact=3,
        response=RiskResponse.REDUCE,
        known_from=now,
    )
    activity = Activity.objects.create(
        target_type=objective.type_name(),
        target_uuid=objective.uuid,
        kind=ActivityKind.PROJECT,
        title=text("Werving"),
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 9, 30),
        known_from=now,
    )
    for title, due, done in (
        ("Examen", date(2026, 3, 1), date(2026, 3, 2)),
        ("Opleiding", date(2026, 9, 1), None),
    ):
        Milestone.objects.create(
            activity=activity,
            title=text(title),
            due_on=due,
            done_on=done,
            forecast_on=date(2026, 10, 1),
            known_from=now,
        )


def copy(
    ministry: Ministry, plan: OperationalPlan, *choices: CopyChoice, by: str = "planner_adcv"
) -> list[OperationalObjective]:
    done = objectives_copy(actor=ministry.users[by], plan=plan, choices=choices)
    return [one.objective for one in done]


def test_everything_comes_along_to_the_new_year(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    furnish(ministry, old)
    indicator = ministry.indicator(old)
    ministry.approve(old)
    (new,) = copy(ministry, next_year, CopyChoice(old))
    assert (new.code, new.plan, new.state) == ("2.6.1", next_year, PlanState.DRAFT)
    assert (new.title, new.holder) == (old.title, function_of("ADCV"))
    assert (new.starts_on, new.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert [link.goal.code for link in new.goal_links.all()] == ["2.a"]
    assert [row.unit for row in new.co_owners.all()] == [ministry.dvz]
    assert [(risk.title, risk.score) for risk in new.risks.all()] == [
        (text("Te weinig operatoren"), 12)
    ]
    activity = Activity.objects.get(target_uuid=new.uuid)
    assert (activity.starts_on, activity.ends_on) == (date(2027, 2, 1), date(2027, 9, 30))
    assert [
        (row.title.get("nl"), row.due_on, row.forecast_on, row.done_on)
        for row in activity.milestones.all()
    ] == [("Opleiding", date(2027, 9, 1), None, None)]
    assert [link.indicator for link in new.indicator_links.all()] == [indicator]
    lineage = ObjectiveLineage.objects.get()
    assert (lineage.predecessor, lineage.successor, lineage.kind) == (old, new, "continued")


def test_the_series_goes_on_and_asks_for_the_new_year(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    indicator = ministry.indicator(old)
    copy(ministry, next_year, CopyChoice(old))
    assert Indicator.objects.count() == 1
    years = {row.period_end.year for row in indicator.obligations.current()}
    assert years == {2026, 2027}


def test_a_target_that_runs_on_is_carried_over_and_the_others_are_listed(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    ends = ministry.indicator(old)
    runs = ministry.indicator(old, title=text("Loopt door"))
    Target.objects.create(
        indicator=runs,
        plan_year=2026,
        due_on=date(2028, 12, 31),
        value=Decimal(99),
        recorded_at=timezone.now(),
        recorded_by=ministry.users["planner_adcv"],
    )
    copy(ministry, next_year, CopyChoice(old))
    assert [link.indicator for link in without_target(next_year, [ministry.adcv.pk])] == [ends]
    assert not Target.objects.filter(plan_year=2027).exists()


def test_only_the_chosen_indicators_go_on(ministry: Ministry, next_year: OperationalPlan) -> None:
    old = ministry.objective()
    kept, _dropped = ministry.indicator(old), ministry.indicator(old)
    (new,) = copy(ministry, next_year, CopyChoice(old, frozenset({kept.uuid})))
    assert [link.indicator for link in new.indicator_links.all()] == [kept]


def test_sent_twice_it_is_made_once(ministry: Ministry, next_year: OperationalPlan) -> None:
    old = ministry.objective()
    (first,) = copy(ministry, next_year, CopyChoice(old))
    (again,) = objectives_copy(
        actor=ministry.users["planner_adcv"], plan=next_year, choices=[CopyChoice(old)]
    )
    assert (again.objective, again.is_new) == (first, False)
    assert OperationalObjective.objects.filter(plan=next_year).count() == 1


def test_both_say_it_in_their_history(ministry: Ministry, next_year: OperationalPlan) -> None:
    old = ministry.objective()
    (new,) = copy(ministry, next_year, CopyChoice(old))
    said = {
        entry.action: entry
        for entry in HistoryEntry.objects.filter(target_uuid__in=[old.uuid, new.uuid])
    }
    assert (said["continued"].target_uuid, said["copied"].target_uuid) == (old.uuid, new.uuid)
    assert said["copied"].actor == ministry.users["planner_adcv"]


def test_what_can_no_longer_be_chosen_is_left_out_and_named(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    function = function_of("ADCV")
    function.valid_to = date(2026, 12, 31)
    function.save()
    (done,) = objectives_copy(
        actor=ministry.users["planner_adcv"], plan=next_year, choices=[CopyChoice(old)]
    )
    assert done.objective.holder is None
    assert done.left_out == (str(function),)


def test_all_or_none_and_the_refusal_names_the_objective(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    good, bad = ministry.objective(), ministry.objective()
    OperationalObjective.objects.filter(pk=bad.pk).update(title=LocalisedText())
    bad.refresh_from_db()
    with pytest.raises(DomainError, match=bad.code):
        copy(ministry, next_year, CopyChoice(good), CopyChoice(bad))
    assert not OperationalObjective.objects.filter(plan=next_year).exists()
    assert not ObjectiveLineage.objects.exists()


def test_only_the_year_before_and_only_the_own_unit(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    with pytest.raises(NotAllowed):
        copy(ministry, next_year, CopyChoice(old), by="planner_dvz")
    with pytest.raises(DomainError) as refused:
        copy(ministry, ministry.year, CopyChoice(old))
    assert refused.value.code == "not_of_year_before"


def test_a_leap_day_goes_to_the_28th() -> None:
    assert in_year(date(2028, 2, 29), 2029) == date(2029, 2, 28)
    assert in_year(date(2028, 3, 1), 2029) == date(2029, 3, 1)


def queries_of_copy(ministry: Ministry, plan: OperationalPlan, count: int) -> int:
    """Return how many queries copying takes of `count` new objectives with all that they hold."""
    sources = []
    for _number in range(count):
        objective = ministry.objective()
        ministry.indicator(objective)
        ministry.indicator(objective)
        furnish_again(ministry, objective)
        sources.append(objective)
    with CaptureQueriesContext(connection) as queries:
        done = copy(ministry, plan, *(CopyChoice(source) for source in sources))
    assert len({one.code for one in done}) == count
    assert all(one.risks.count() == 1 and one.indicator_links.count() == 2 for one in done)
    return len(queries)


def furnish_again(ministry: Ministry, objective: OperationalObjective) -> None:
    Goal.objects.filter(code="2.a").update(code=f"2.{objective.code}")
    furnish(ministry, objective)


def test_many_take_as_many_queries_as_few(ministry: Ministry, next_year: OperationalPlan) -> None:
    copy(ministry, next_year, CopyChoice(ministry.objective()))  # what is asked for once
    few = queries_of_copy(ministry, next_year, 2)
    assert queries_of_copy(ministry, next_year, 6) == few


def test_each_record_keeps_its_own_history(ministry: Ministry, next_year: OperationalPlan) -> None:
    olds = [ministry.objective(), ministry.objective()]
    for old in olds:
        ministry.indicator(old)
        furnish_again(ministry, old)
    news = copy(ministry, next_year, *(CopyChoice(old) for old in olds))
    instants = set()
    for new in news:
        entries = HistoryEntry.objects.filter(target_uuid=new.uuid).order_by("pk")
        assert [entry.action for entry in entries] == [
            "created",
            "changed",
            "copied",
            "indicator_reused",
        ]
        instants |= {entry.at for entry in entries} | {new.created_at}
    assert len(instants) == 1
    assert [new.code for new in news] == ["2.6.1", "2.6.2"]


def test_a_unit_that_ended_plans_no_later_year(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    old = ministry.objective()
    ministry.adcv.valid_to = date(2026, 12, 31)
    ministry.adcv.save()
    old.refresh_from_db()
    with pytest.raises(DomainError, match="ADCV") as refused:
        copy(ministry, next_year, CopyChoice(old))
    assert refused.value.code == "unit_ended"
    with pytest.raises(DomainError) as refused:
        objective_create(
            actor=ministry.users["planner_adcv"],
            plan=next_year,
            werf=ministry.werf,
            unit=ministry.adcv,
            sheet=ObjectiveSheet(
                title=text("Te laat"), starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
            ),
        )
    assert (refused.value.code, refused.value.field) == ("unit_ended", "unit")
    assert not OperationalObjective.objects.filter(plan=next_year).exists()


def test_the_page_takes_as_many_queries_for_three_times_the_rows(
    ministry: Ministry, next_year: OperationalPlan
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users["planner_adcv"])
    address = reverse("planning:objectives_copy", args=[2027])
    counts = []
    for rows in (1, 2):
        for _row in range(rows):
            ministry.indicator(ministry.objective())
        client.get(address)  # keeps what seldom changes
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
        counts.append(len(queries))
    assert page.count('name="objective"') == 3
    assert counts[0] == counts[1]
