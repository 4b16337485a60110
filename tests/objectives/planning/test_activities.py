"""Activities with milestones: who enters them, their dates, what is reported, how pages show it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import MilestoneState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.parts import milestone_state, objective_parts
from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    RiskSheet,
    activity_add,
    activity_update,
    activity_withdraw,
    milestone_add,
    milestone_report,
    milestone_update,
    milestone_withdraw,
    risk_add,
)
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access
from tests.factories import Ministry, text

JUNE = date(2026, 6, 30)


def sheet(title: str = "Opleiding uitrollen", **values: Any) -> ActivitySheet:
    plain: dict[str, Any] = {
        "kind": "project",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 9, 30),
    }
    return ActivitySheet(title=text(title), **{**plain, **values})


def step(title: str = "Lesgevers gekozen", due_on: date = JUNE, **values: Any) -> MilestoneSheet:
    return MilestoneSheet(title=text(title), due_on=due_on, **values)


def add(
    ministry: Ministry, objective: OperationalObjective, *steps: MilestoneSheet, **values: Any
) -> Activity:
    return activity_add(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=sheet(**values),
        milestones=steps,
    )


def said(objective: OperationalObjective, moment: Any = None) -> list[tuple[str, list[str]]]:
    """Return each activity with its milestones, as known at the moment."""
    parts = objective_parts([objective], moment or Clocks.now().known_at)[objective.pk]
    return [
        (str(one.activity.title), [f"{row.title} {row.due_on}" for row in one.milestones])
        for one in parts.activities
    ]


def approved(ministry: Ministry) -> tuple[OperationalObjective, Milestone]:
    """Return an objective in force with one milestone."""
    objective = ministry.objective()
    ministry.indicator(objective)
    add(ministry, objective, step())
    ministry.approve(objective)
    return objective, Milestone.objects.get()


@pytest.mark.parametrize(
    ("values", "steps", "field"),
    [
        ({"kind": "hobby"}, [], "kind"),
        ({"starts_on": date(2025, 12, 31)}, [], "starts_on"),
        ({"ends_on": date(2027, 1, 1)}, [], "ends_on"),
        ({"ends_on": date(2026, 2, 1)}, [], "ends_on"),
        ({}, [step(), step(due_on=date(2026, 10, 1))], "milestone_2_due_on"),
        ({}, [step(due_on=date(2026, 2, 28))], "milestone_1_due_on"),
        (
            {"starts_on": None, "ends_on": None},
            [step(due_on=date(2027, 1, 1))],
            "milestone_1_due_on",
        ),
        (
            {},
            [MilestoneSheet(title=LocalisedText(), due_on=JUNE)],
            "milestone_1_title_nl",
        ),
    ],
)
def test_dates_lie_in_the_plan_year_and_in_the_activity(
    ministry: Ministry, values: dict[str, Any], steps: list[MilestoneSheet], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add(ministry, ministry.objective(), *steps, **values)
    assert refused.value.field == field
    assert not Activity.objects.exists()


def test_an_activity_needs_a_name(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as refused:
        activity_add(
            actor=ministry.users["planner_adcv"],
            objective=ministry.objective(),
            sheet=ActivitySheet(kind="action", title=LocalisedText()),
        )
    assert refused.value.field == "title_nl"


def test_milestones_bind_the_dates_of_their_activity(ministry: Ministry) -> None:
    activity = add(ministry, ministry.objective(), step())
    with pytest.raises(DomainError) as refused:
        activity_update(
            actor=ministry.users["planner_adcv"],
            activity=activity,
            sheet=sheet(ends_on=date(2026, 5, 1)),
        )
    assert refused.value.code == "milestone_outside_activity"


def test_what_was_known_before_a_change_stays_readable(ministry: Ministry) -> None:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    moments, versions = [Clocks.now().known_at], [objective.version]

    def done() -> None:
        objective.refresh_from_db()
        moments.append(Clocks.now().known_at)
        versions.append(objective.version)

    activity = add(ministry, objective, step())
    done()
    activity_update(
        actor=planner,
        activity=activity,
        sheet=sheet("Opleiding geven"),
        milestones=[
            step("Lesgevers aangesteld", date(2026, 5, 31), uuid=Milestone.objects.get().uuid),
            step("Eerste les", date(2026, 9, 1)),
        ],
    )
    done()
    extra = milestone_add(actor=planner, activity=activity, sheet=step("Examen", date(2026, 9, 30)))
    done()
    milestone_update(actor=planner, milestone=extra, sheet=step("Toets", date(2026, 9, 30)))
    done()
    milestone_withdraw(actor=planner, milestone=extra)
    done()
    activity_withdraw(actor=planner, activity=activity, reason="Geschrapt")
    done()

    two = ["Lesgevers aangesteld 2026-05-31", "Eerste les 2026-09-01"]
    assert [said(objective, moment) for moment in moments] == [
        [],
        [("Opleiding uitrollen", ["Lesgevers gekozen 2026-06-30"])],
        [("Opleiding geven", two)],
        [("Opleiding geven", [*two, "Examen 2026-09-30"])],
        [("Opleiding geven", [*two, "Toets 2026-09-30"])],
        [("Opleiding geven", two)],
        [],
    ]
    assert versions == sorted(set(versions))
    entries = HistoryEntry.objects.filter(target_uuid=objective.uuid).order_by("at")
    assert [entry.action for entry in entries][1:] == [
        "activity_added",
        "activity_changed",
        "milestone_added",
        "milestone_changed",
        "milestone_withdrawn",
        "activity_withdrawn",
    ]


def test_only_planners_of_the_unit_while_it_is_open(ministry: Ministry) -> None:
    objective, milestone = approved(ministry)
    with pytest.raises(NotAllowed):
        activity_add(actor=ministry.users["planner_dvz"], objective=objective, sheet=sheet())
    planner, activity = ministry.users["planner_adcv"], milestone.activity
    for write in (
        lambda: activity_add(actor=planner, objective=objective, sheet=sheet()),
        lambda: activity_update(actor=planner, activity=activity, sheet=sheet("Anders")),
        lambda: activity_withdraw(actor=planner, activity=activity),
        lambda: milestone_add(actor=planner, activity=activity, sheet=step()),
        lambda: milestone_update(actor=planner, milestone=milestone, sheet=step("Anders")),
        lambda: milestone_withdraw(actor=planner, milestone=milestone),
    ):
        with pytest.raises(DomainError) as refused:
            write()
        assert refused.value.code == "objective_in_force"


def test_what_became_of_a_milestone_is_reported_while_in_force(ministry: Ministry) -> None:
    objective, milestone = approved(ministry)
    before = Clocks.now().known_at
    today = timezone.localdate()
    version = objective.version

    assert milestone_report(
        actor=ministry.users["planner_adcv"], milestone=milestone, done_on=today
    )

    def done(moment: Any) -> date | None:
        (row,) = objective_parts([objective], moment)[objective.pk].milestones
        return row.done_on

    assert (done(before), done(Clocks.now().known_at)) == (None, today)
    objective.refresh_from_db()
    assert objective.version == version  # an amendment of the plan does not run into it
    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid).latest("at")
    assert (entry.action, entry.actor) == ("milestone_reported", ministry.users["planner_adcv"])


def test_nothing_is_done_tomorrow(ministry: Ministry) -> None:
    _objective, milestone = approved(ministry)
    tomorrow = timezone.localdate() + timedelta(days=1)
    head = ministry.users["head_adcv"]
    with pytest.raises(DomainError) as refused:
        milestone_report(actor=head, milestone=milestone, done_on=tomorrow)
    assert refused.value.field == "milestone_1_done_on"
    assert milestone_report(actor=head, milestone=milestone, done_on=None, forecast_on=tomorrow)


def test_others_and_a_closed_plan_report_nothing(ministry: Ministry) -> None:
    _objective, milestone = approved(ministry)
    for name in ("planner_dvz", "corporate", "auditor"):
        with pytest.raises(NotAllowed):
            milestone_report(actor=ministry.users[name], milestone=milestone, done_on=None)
    OperationalPlan.objects.update(state="closed")
    with pytest.raises(DomainError) as refused:
        milestone_report(
            actor=ministry.users["head_adcv"], milestone=milestone, done_on=date(2026, 1, 5)
        )
    assert refused.value.code == "plan_closed"


def test_the_second_report_does_not_overwrite_the_first(ministry: Ministry) -> None:
    _objective, milestone = approved(ministry)
    other = Milestone.objects.get()
    planner, head = ministry.users["planner_adcv"], ministry.users["head_adcv"]
    given: dict[str, Any] = {"done_on": None, "expected_version": 1}
    milestone_report(actor=planner, milestone=milestone, forecast_on=JUNE, **given)
    with pytest.raises(EditConflict):
        milestone_report(actor=head, milestone=other, forecast_on=date(2026, 8, 1), **given)


@pytest.mark.parametrize(
    ("day", "done_on", "forecast_on", "state"),
    [
        (date(2026, 7, 1), JUNE, None, MilestoneState.DONE),
        (date(2026, 8, 1), date(2026, 7, 1), None, MilestoneState.DONE_LATE),
        (date(2026, 6, 1), JUNE, None, MilestoneState.DUE),  # not done yet on that day
        (JUNE, None, None, MilestoneState.DUE),
        (date(2026, 7, 1), None, None, MilestoneState.LATE),
        (date(2026, 7, 1), None, date(2026, 9, 1), MilestoneState.LATE),
        (date(2026, 6, 1), None, date(2026, 9, 1), MilestoneState.FORECAST_LATER),
        (date(2026, 6, 1), None, date(2026, 6, 10), MilestoneState.DUE),
    ],
)
def test_how_a_milestone_stands_on_a_day(
    day: date, done_on: date | None, forecast_on: date | None, state: MilestoneState
) -> None:
    row = Milestone(due_on=JUNE, done_on=done_on, forecast_on=forecast_on)
    assert milestone_state(row, day) is state


def test_three_times_as_many_objectives_take_no_more_queries(ministry: Ministry) -> None:
    def fill(count: int) -> list[OperationalObjective]:
        found = []
        for _ in range(count):
            objective = ministry.objective()
            activity = add(ministry, objective, step(), step("Tweede"))
            activity_update(
                actor=ministry.users["planner_adcv"], activity=activity, sheet=sheet("Anders")
            )
            risk_add(
                actor=ministry.users["planner_adcv"],
                objective=objective,
                sheet=RiskSheet(title=text("Risico"), likelihood=1, impact=1, response="accept"),
            )
            found.append(objective)
        return found

    def queries(objectives: list[OperationalObjective]) -> int:
        with CaptureQueriesContext(connection) as captured:
            parts = objective_parts(objectives, Clocks.now().known_at, Access(is_superuser=True))
            assert all(parts[one.pk].activities for one in objectives)
        return len(captured)

    assert queries(fill(2)) == queries(fill(6))


@pytest.fixture
def planner(ministry: Ministry) -> Client:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    return client


TYPED = {
    "kind": "project",
    "title_nl": "Opleiding uitrollen",
    "starts_on": "2026-03-01",
    "ends_on": "2026-09-30",
    "milestone_1_title_nl": "Lesgevers gekozen",
    "milestone_1_due_on": "2026-06-30",
    "milestone_3_title_nl": "Eerste les",
    "milestone_3_due_on": "2026-09-01",
}


def test_one_form_holds_an_activity_and_its_milestones(ministry: Ministry, planner: Client) -> None:
    objective = ministry.objective()
    new = reverse("planning:activity_new", args=[objective.uuid])
    assert planner.get(new).context["form"]["ends_on"].value() == date(2026, 12, 31)
    assert planner.post(new, {**TYPED, "again": "1"}).headers["Location"] == new
    back = planner.post(new, TYPED).headers["Location"]
    assert back == reverse("planning:objective", args=[objective.uuid]) + "#activities"
    steps = ["Lesgevers gekozen 2026-06-30", "Eerste les 2026-09-01"]
    assert said(objective) == [("Opleiding uitrollen", steps)] * 2
    page = planner.get(reverse("planning:objective", args=[objective.uuid])).content.decode()
    assert "Lesgevers gekozen" in page


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"milestone_3_due_on": "2026-11-01"}, "milestone_3_due_on"),
        ({"milestone_3_due_on": ""}, "milestone_3_due_on"),
        ({"milestone_3_title_nl": ""}, "milestone_3_title_nl"),
        ({"milestone_1_due_on": "gisteren"}, "milestone_1_due_on"),
        ({"title_nl": ""}, "title_nl"),
    ],
)
def test_each_error_stands_at_its_cell_and_nothing_is_lost(
    ministry: Ministry, planner: Client, values: dict[str, str], cell: str
) -> None:
    new = reverse("planning:activity_new", args=[ministry.objective().uuid])
    page = planner.post(new, {**TYPED, **values})
    assert list(page.context["form"].errors) == [cell]
    assert 'value="Lesgevers gekozen"' in page.content.decode()
    assert not Activity.objects.exists()


def test_a_form_sent_twice_makes_one_activity(ministry: Ministry, planner: Client) -> None:
    new = reverse("planning:activity_new", args=[ministry.objective().uuid])
    key = str(planner.get(new).context["form"]["key"].value())
    for _ in range(2):
        planner.post(new, {**TYPED, "key": key})
    assert (Activity.objects.count(), Milestone.objects.count()) == (1, 2)


def sent(page: Any) -> dict[str, Any]:
    """Return what a browser would send of the form as it stands."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in fields.items() if value is not None}


def test_an_emptied_line_takes_its_milestone_away(ministry: Ministry, planner: Client) -> None:
    objective = ministry.objective()
    activity = add(ministry, objective, step(), step("Eerste les", date(2026, 9, 1)))
    address = reverse("planning:activity_edit", args=[activity.uuid])
    form = sent(planner.get(address))
    empty = {f"milestone_1_{part}": "" for part in ("title_nl", "title_fr", "due_on")}
    planner.post(address, {**form, **empty})
    assert said(objective) == [("Opleiding uitrollen", ["Eerste les 2026-09-01"])]


def test_both_versions_side_by_side_then_saved_by_choice(
    ministry: Ministry, planner: Client
) -> None:
    objective = ministry.objective()
    activity = add(ministry, objective, step())
    address = reverse("planning:activity_edit", args=[activity.uuid])
    form = sent(planner.get(address))
    milestone_update(
        actor=ministry.users["head_adcv"],
        milestone=Milestone.objects.get(),
        sheet=step("Van het hoofd"),
    )
    mine = {**form, "title_nl": "Van de planner"}
    page = planner.post(address, mine)
    rows = page.context["conflict"]
    assert any("Van het hoofd" in row["theirs"] for row in rows)
    assert any(row["mine"] == "Van de planner" for row in rows)
    again = {**mine, "version": page.context["form"]["version"].value()}
    assert planner.post(address, again).status_code == 302
    assert said(objective)[0][0] == "Van de planner"


def test_a_planner_withdraws_an_activity(ministry: Ministry, planner: Client) -> None:
    objective = ministry.objective()
    activity = add(ministry, objective, step())
    planner.post(reverse("planning:activity_withdrawal", args=[activity.uuid]), {"reason": ""})
    assert said(objective) == []
    assert planner.get(reverse("planning:activity_edit", args=[activity.uuid])).status_code == 404


def test_a_planner_reports_all_milestones_on_one_page(ministry: Ministry, planner: Client) -> None:
    objective, milestone = approved(ministry)
    address = reverse("planning:milestone_reports", args=[objective.uuid])
    form = sent(planner.get(address))
    name = f"m_{milestone.uuid.hex}"
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = planner.post(address, {**form, f"{name}_done_on": tomorrow.isoformat()})
    assert list(page.context["form"].errors) == [f"{name}_done_on"]
    today = timezone.localdate().isoformat()
    planner.post(address, {**form, f"{name}_done_on": today})
    milestone.refresh_from_db()
    assert milestone.done_on is not None
    late = planner.post(address, {**form, f"{name}_done_on": ""})
    assert late.context["conflict"]


def test_an_objective_of_then_shows_its_activities_of_then(
    ministry: Ministry, planner: Client
) -> None:
    objective = ministry.objective()
    activity = add(ministry, objective, step())
    known = Clocks.now().known_at
    activity_withdraw(actor=ministry.users["planner_adcv"], activity=activity)
    address = reverse("planning:objective", args=[objective.uuid])
    assert "Lesgevers gekozen" not in planner.get(address).content.decode()
    then = planner.get(address, {"known": known.isoformat()})
    assert [str(one.activity.title) for one in then.context["activities"]] == [
        "Opleiding uitrollen"
    ]
    assert not then.context["may_edit_parts"]
