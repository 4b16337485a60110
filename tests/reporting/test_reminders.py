"""Reminders: whom, when, once; a day without a run is caught up, what is done is not reminded."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ibzplan.core.models import Notification
from ibzplan.core.notifications.registry import told
from ibzplan.core.services.notifications import notification_preference_set
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from personnel.choices import Role, UnitKind
from personnel.models import OrganisationUnit, User
from personnel.services import role_assign
from reporting.choices import DeadlineKind, ReminderStage
from reporting.models import Deadline
from reporting.selectors.people import acting_people
from reporting.services.reminder_stages import stages_due
from reporting.services.reminders import reminders_make, reminders_send
from reporting.tasks import send_reminders
from tests.factories import Ministry, text

DAY = date(2026, 11, 26)


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def deadline(ministry: Ministry) -> Deadline:
    """Return a day of ADCV in a plan that is in force, and give everyone an address."""
    for user in ministry.users.values():
        user.email = f"{user.username}@example.org"
        user.save(update_fields=["email"])
    return Deadline.objects.create(
        plan=ministry.year,
        kind=DeadlineKind.OTHER,
        title=text("Bijdrage", "Contribution"),
        due_on=DAY,
        unit=ministry.adcv,
    )


def told_on(today: date) -> list[str]:
    """Run the reminders of a day; return who was told something new, and at which stage."""
    before = set(Notification.objects.values_list("pk", flat=True))
    reminders_make(today=today)
    rows = Notification.objects.exclude(pk__in=before).select_related("user")
    return sorted(f"{row.user.username} {row.values['stage']}" for row in rows)


def test_the_people_of_the_unit_are_told_before_on_and_after_the_day(deadline: Deadline) -> None:
    both = ["head_adcv", "planner_adcv"]
    told_by_day = {n: told_on(DAY + days(n)) for n in range(-10, 30)}
    said = {n: names for n, names in told_by_day.items() if names}
    assert said == {
        -7: [f"{name} before" for name in both],
        -1: [f"{name} before" for name in both],
        0: [f"{name} on_day" for name in both],
        3: [f"{name} late" for name in both],
        7: ["head_adcv escalation"],
    }


def test_running_twice_sends_nothing_twice(deadline: Deadline) -> None:
    first = reminders_send(today=DAY)
    assert (first.made, first.mailed) == (2, 2)
    again = reminders_send(today=DAY)
    assert (again.made, again.mailed) == (0, 0)
    assert len(mail.outbox) == 2


def test_a_day_on_which_nothing_ran_is_caught_up(deadline: Deadline) -> None:
    """Seven days before nothing ran; the next day tells it, the day after says nothing more."""
    assert told_on(DAY - days(6)) == ["head_adcv before", "planner_adcv before"]
    assert told_on(DAY - days(5)) == []
    # The day itself and three days late were missed: the last of them is told, once.
    assert told_on(DAY + days(4)) == ["head_adcv late", "planner_adcv late"]
    assert told_on(DAY + days(5)) == []


def test_after_a_week_the_head_is_told_of_the_escalation_alone(deadline: Deadline) -> None:
    assert told_on(DAY + days(8)) == ["head_adcv escalation", "planner_adcv late"]
    assert told_on(DAY + days(9)) == []


def test_what_was_missed_long_ago_is_left(deadline: Deadline) -> None:
    assert told_on(DAY + days(60)) == []


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (-8, []),
        (-7, ["before_7"]),
        (-2, ["before_7"]),
        (-1, ["before_1"]),
        (0, ["on_day"]),
        (2, ["on_day"]),
        (3, ["late"]),
        (7, ["late", "escalation"]),
        (17, ["late", "escalation"]),
        (18, ["escalation"]),
        (21, ["escalation"]),
        (22, []),
    ],
)
def test_the_stages_of_a_day(offset: int, expected: list[str]) -> None:
    assert [stage.name for stage in stages_due(DAY, DAY + days(offset))] == expected


def test_what_is_done_is_not_reminded(deadline: Deadline) -> None:
    Deadline.objects.update(done_on=DAY - days(8))
    assert told_on(DAY) == []


def test_a_day_that_moves_is_told_anew(deadline: Deadline) -> None:
    assert told_on(DAY) == ["head_adcv on_day", "planner_adcv on_day"]
    Deadline.objects.update(due_on=DAY + days(10))
    assert told_on(DAY + days(1)) == []
    assert told_on(DAY + days(10)) == ["head_adcv on_day", "planner_adcv on_day"]


def test_figures_are_asked_of_the_units_that_miss_some(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    indicator = Indicator.objects.get()
    due_on = indicator.obligations.current().get(period_start=date(2026, 7, 1)).due_on
    assert told_on(due_on - days(1)) == ["head_adcv before", "planner_adcv before"]
    row = Notification.objects.get(user__username="planner_adcv")
    with translation.override("en"):
        words = told(row)
    assert "figures of T3 2026" in words.title.replace("Figures", "figures")
    assert words.detail == "ADCV; 0 of 1 figure given"
    assert words.url.startswith("/directies/ADCV/")
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(93)),
    )
    assert told_on(due_on) == []


def test_each_directorate_hands_in_for_itself(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    OperationalPlan.objects.update(state=PlanState.DRAFT)
    Deadline.objects.create(plan=ministry.year, kind=DeadlineKind.SUBMISSION, due_on=DAY)
    assert told_on(DAY) == ["head_dvz on_day", "planner_dvz on_day"]


def test_review_and_sending_are_for_the_corporate_cell_and_deciding_for_the_committee(
    ministry: Ministry,
) -> None:
    OperationalPlan.objects.update(state=PlanState.DRAFT, budget_voted_on=date(2026, 10, 26))
    Deadline.objects.create(plan=ministry.year, kind=DeadlineKind.REVIEW, due_on=DAY)
    Deadline.objects.create(plan=ministry.year, kind=DeadlineKind.COMMITTEE, due_on=DAY)
    assert told_on(DAY) == ["committee on_day", "corporate on_day", "corporate on_day"]


def test_in_a_unit_without_people_those_of_the_unit_above_act(ministry: Ministry) -> None:
    below = OrganisationUnit.objects.create(
        code="NCU", kind=UnitKind.SERVICE, title=text("Noodcentrales"), parent=ministry.adcv
    )
    found = acting_people().acting(Role.HEAD, [below.pk])
    assert [user.username for user in found] == ["head_adcv"]
    own = User.objects.create(username="head_ncu")
    role_assign(actor=None, user=own, role=Role.HEAD, unit=below)
    assert list(acting_people().acting(Role.HEAD, [below.pk])) == [own]
    User.objects.filter(pk=own.pk).update(is_active=False)
    found = acting_people().acting(Role.HEAD, [below.pk])
    assert [user.username for user in found] == ["head_adcv"]


def test_a_muted_head_still_gets_the_escalation_by_mail(
    ministry: Ministry, deadline: Deadline
) -> None:
    notification_preference_set(actor=ministry.users["head_adcv"], is_muted=True, language="fr")
    reminders_send(today=DAY)
    assert [one.to for one in mail.outbox] == [["planner_adcv@example.org"]]
    reminders_send(today=DAY + days(7))
    to_head = [one for one in mail.outbox if one.to == ["head_adcv@example.org"]]
    assert len(to_head) == 1
    assert "Contribution" in to_head[0].body


def test_one_digest_holds_all_of_a_day(ministry: Ministry, deadline: Deadline) -> None:
    Deadline.objects.create(
        plan=ministry.year,
        kind=DeadlineKind.OTHER,
        title=text("Tweede bijdrage"),
        due_on=DAY + days(1),
        unit=ministry.adcv,
    )
    reminders_send(today=DAY)
    assert sorted(one.to[0] for one in mail.outbox) == [
        "head_adcv@example.org",
        "planner_adcv@example.org",
    ]
    for one in mail.outbox:
        assert "Bijdrage" in one.body
        assert "Tweede bijdrage" in one.body


@pytest.mark.parametrize(
    ("offset", "stage", "words"),
    [
        (-7, ReminderStage.BEFORE, "Due on 26 November 2026: Bijdrage"),
        (0, ReminderStage.ON_DAY, "Due today, 26 November 2026: Bijdrage"),
        (1, ReminderStage.ON_DAY, "Late: Bijdrage, due on 26 November 2026"),
        (3, ReminderStage.LATE, "Late: Bijdrage, due on 26 November 2026"),
        (7, ReminderStage.ESCALATION, "More than a week late: Bijdrage, due on 26 November 2026"),
    ],
)
def test_the_words_say_how_late_it_is(
    deadline: Deadline, offset: int, stage: str, words: str
) -> None:
    reminders_make(today=DAY + days(offset))
    row = Notification.objects.filter(values__stage=stage).first()
    assert row is not None
    with translation.override("en"):
        assert told(row).title == words


def test_the_same_queries_with_more_dates_and_messages(
    ministry: Ministry, deadline: Deadline
) -> None:
    def run(today: date) -> int:
        with CaptureQueriesContext(connection) as queries:
            reminders_make(today=today)
        return len(queries)

    few = run(DAY)
    for number in range(6):
        Deadline.objects.create(
            plan=ministry.year,
            kind=DeadlineKind.OTHER,
            title=text(f"Bijdrage {number}"),
            due_on=DAY + days(1),
            unit=ministry.adcv,
        )
    assert run(DAY + days(1)) == few


def test_the_scheduler_runs_it_by_its_name(settings: Any, db: None) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["send-reminders"]
    assert entry["task"] == send_reminders.name
    assert min(entry["schedule"].hour) == 6
    assert settings.CELERY_TIMEZONE == "Europe/Brussels"
    assert send_reminders() == 0
