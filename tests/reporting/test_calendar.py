"""The calendar: what stands in it and for whom, what the corporate cell enters, the page."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.strategy.choices import ActivityKind
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access, access_of
from personnel.models import User
from reporting.calendar_texts import law_of, next_sentence, state_of, title_of
from reporting.choices import CalendarKind, DeadlineKind
from reporting.free_days import free_day_name
from reporting.models import Deadline
from reporting.selectors.calendar import calendar_items, next_items
from reporting.selectors.calendar_item import CalendarFilter, CalendarItem
from reporting.services.calendar import (
    DeadlineSheet,
    deadline_create,
    deadline_remove,
    deadline_update,
    deadlines_take_over,
)
from tests.factories import Ministry, text

TODAY = date(2026, 11, 22)
EVERYTHING = Access(is_superuser=True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def items_for(
    ministry: Ministry, name: str = "", *, kind: str = "", **more: Any
) -> list[CalendarItem]:
    """Return the items of the plan of 2026 that a user sees, of one kind."""
    plan = OperationalPlan.objects.select_related("plan").get(pk=ministry.year.pk)
    access = access_of(User.objects.get(username=name)) if name else EVERYTHING
    return calendar_items(plans=[plan], access=access, filter_=CalendarFilter(kind=kind, **more))


def enter(ministry: Ministry, **values: Any) -> Deadline:
    sheet = DeadlineSheet(**{"kind": DeadlineKind.REPORT, "due_on": date(2026, 12, 1), **values})
    actor = ministry.users["corporate"]
    return deadline_create(actor=actor, plan=ministry.year, sheet=sheet)


def approved(ministry: Ministry, **more: Any) -> OperationalObjective:
    objective = ministry.objective(**more)
    ministry.indicator(objective, by=more.get("by", "planner_adcv"))
    ministry.approve(objective, head=more.get("by", "planner_adcv").replace("planner", "head"))
    return objective


def milestone(objective: OperationalObjective, due_on: date, **more: Any) -> Milestone:
    at = timezone.now() - timedelta(days=1)
    activity = Activity.objects.create(
        target_type=OperationalObjective.type_name(),
        target_uuid=objective.uuid,
        kind=ActivityKind.PROJECT,
        title=text("Nieuw gebouw"),
        known_from=at,
    )
    return Milestone.objects.create(
        activity=activity, title=text("Eerste steen"), due_on=due_on, known_from=at, **more
    )


# What stands in it -------------------------------------------------------------------------------


def test_sending_is_due_a_month_after_the_vote_and_never_moves(ministry: Ministry) -> None:
    assert items_for(ministry, kind=CalendarKind.SENDING) == []
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(budget_voted_on=date(2025, 6, 26))
    (item,) = items_for(ministry, kind=CalendarKind.SENDING)
    assert item.day == date(2025, 7, 26)
    assert free_day_name(item.day) == "Saturday"  # only shown
    assert item.is_late(date(2025, 7, 27))
    assert "29 October 2001" in law_of(item)
    assert "21 December 2021" in law_of(item)
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(sent_on=date(2025, 7, 25))
    (item,) = items_for(ministry, kind=CalendarKind.SENDING)
    assert item.is_done
    assert not item.is_late(TODAY)


def test_the_article_is_shown_as_the_plan_prints_it(ministry: Ministry) -> None:
    ministry.plan.law = text("artikel 11bis van het Koninklijk Besluit van 29 oktober 2001")
    ministry.plan.save()
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(budget_voted_on=date(2025, 12, 18))
    (item,) = items_for(ministry, kind=CalendarKind.SENDING)
    assert law_of(item).startswith("artikel 11bis van het Koninklijk Besluit van 29 oktober 2001")


@pytest.mark.parametrize(
    ("day", "language", "name"),
    [
        (date(2026, 7, 21), "nl", "Nationale feestdag"),
        (date(2026, 7, 21), "fr", "Fête nationale"),
        (date(2026, 11, 11), "en", "Armistice Day"),
        (date(2026, 4, 6), "nl", "Paasmaandag"),
        (date(2026, 11, 22), "en", "Sunday"),
        (date(2026, 11, 23), "en", ""),
    ],
)
def test_a_free_day_is_named_in_the_language(day: date, language: str, name: str) -> None:
    with translation.override(language):
        assert free_day_name(day) == name


def test_figures_are_one_row_a_period_and_unit(ministry: Ministry) -> None:
    first = approved(ministry)
    approved(ministry, title="Noodnummer 112 versterken")
    approved(ministry, by="planner_dvz", title="Asielaanvragen sneller behandelen")
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=first.indicator_links.get().indicator,
        period=parse_period("2026-T2"),
        figure=Figure(value=Decimal(91)),
    )
    rows = items_for(ministry, kind=CalendarKind.FIGURES)
    of_t2 = [item for item in rows if str(item.period) == "2026-T2"]
    assert [(item.unit and item.unit.code, item.given, item.expected) for item in of_t2] == [
        ("ADCV", 1, 2),
        ("DVZ", 0, 1),
    ]
    assert not of_t2[0].is_done
    assert title_of(of_t2[0]) == "Figures of T2 2026"
    assert of_t2[0].is_late(TODAY)


def test_figures_of_drafts_are_not_due(ministry: Ministry) -> None:
    ministry.indicator(ministry.objective())
    assert items_for(ministry, kind=CalendarKind.FIGURES) == []


def test_milestones_and_steps_of_the_plan_are_in_it(ministry: Ministry) -> None:
    objective = approved(ministry)
    milestone(objective, date(2026, 10, 1), done_on=date(2026, 10, 3))
    open_one = milestone(objective, date(2026, 12, 24))
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(approved_on=date(2025, 12, 15))
    done, coming = items_for(ministry, kind=CalendarKind.MILESTONE)
    assert (done.is_done, coming.is_done) == (True, False)
    assert (coming.key, title_of(coming)) == (f"milestone:{open_one.uuid}", "Eerste steen")
    (step,) = items_for(ministry, kind=CalendarKind.STEP)
    assert (step.day, title_of(step)) == (date(2025, 12, 15), "Plan 2026 approved")
    (end,) = items_for(ministry, kind=CalendarKind.YEAR_END)
    assert end.day == date(2026, 12, 31)


def test_handing_in_is_done_by_a_unit_without_drafts(ministry: Ministry) -> None:
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(state=PlanState.DRAFT)
    ministry.year.refresh_from_db()
    enter(ministry, kind=DeadlineKind.SUBMISSION, due_on=date(2026, 11, 26))
    (item,) = items_for(ministry, kind=CalendarKind.SUBMISSION)
    assert item.open_unit_ids == {ministry.adcv.pk, ministry.dvz.pk}
    approved(ministry)
    (item,) = items_for(ministry, kind=CalendarKind.SUBMISSION)
    assert item.open_unit_ids == {ministry.dvz.pk}
    approved(ministry, by="planner_dvz", title="Asielaanvragen sneller behandelen")
    (item,) = items_for(ministry, kind=CalendarKind.SUBMISSION)
    assert item.is_done


def test_in_a_closed_plan_nothing_is_late(ministry: Ministry) -> None:
    approved(ministry)
    enter(ministry, due_on=date(2026, 3, 1))
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(state=PlanState.CLOSED)
    assert not any(item.is_late(date(2027, 6, 1)) for item in items_for(ministry))


def test_who_sees_what(ministry: Ministry) -> None:
    approved(ministry)
    enter(ministry, title=text("Iedereen"))
    enter(ministry, title=text("Enkel ADCV"), unit=ministry.adcv)

    def titles(name: str) -> list[str]:
        return [title_of(item) for item in items_for(ministry, name, kind=CalendarKind.REPORT)]

    both = ["Iedereen", "Enkel ADCV"]
    for name in ("planner_adcv", "head_adcv", "corporate", "committee", "auditor", "cabinet_vbz"):
        assert titles(name) == both
    for name in ("planner_dvz", "cabinet_am"):
        assert titles(name) == ["Iedereen"]
    assert items_for(ministry, "outsider") == []
    assert [item.unit for item in items_for(ministry, "planner_dvz", kind="figures")]


def test_figures_of_a_confidential_indicator_are_not_counted_for_others(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective, is_confidential=True)
    ministry.approve(objective)
    assert items_for(ministry, "planner_adcv", kind="figures")
    assert items_for(ministry, "cabinet_vbz", kind="figures")
    assert items_for(ministry, "cabinet_am", kind="figures") == []


def test_the_next_sentence_adds_up_the_units(ministry: Ministry) -> None:
    approved(ministry)
    approved(ministry, by="planner_dvz", title="Asielaanvragen sneller behandelen")
    rows = items_for(ministry, kind=CalendarKind.FIGURES)
    last = max(item.day for item in rows)
    today = last - timedelta(days=54)
    said = next_sentence(next_items(rows, today), today)
    assert said.startswith("Next: figures of T4 2026 due on ")
    assert said.endswith("in 54 days; 0 of 2 figures given.")
    assert next_sentence([], today) == ""


def test_the_same_queries_with_more_of_everything(ministry: Ministry) -> None:
    numbers = []
    for total in (1, 3):
        for number in range(Milestone.objects.count(), total):
            objective = approved(ministry, title=f"Masterplan {number} NCU uitvoeren")
            milestone(objective, date(2026, 12, 1))
            enter(ministry, unit=ministry.adcv)
        with CaptureQueriesContext(connection) as queries:
            found = items_for(ministry, "planner_adcv")
        assert sum(item.kind == CalendarKind.MILESTONE for item in found) == total
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# What the corporate cell enters ------------------------------------------------------------------


def test_only_the_corporate_cell_enters_and_history_says_so(ministry: Ministry) -> None:
    row = enter(ministry, title=text("Voortgangsrapport T3"))
    entry = HistoryEntry.objects.get(target_uuid=row.uuid)
    assert (entry.action, entry.actor) == ("created", ministry.users["corporate"])
    assert row.created_at == entry.at
    sheet = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 2))
    for name in ("planner_adcv", "head_adcv", "committee", "cabinet_vbz", "auditor"):
        with pytest.raises(NotAllowed):
            deadline_create(actor=ministry.users[name], plan=ministry.year, sheet=sheet)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": DeadlineKind.OTHER}, "title_nl"),
        ({"due_on": date(2024, 12, 31)}, "due_on"),
        ({"due_on": date(2028, 1, 1)}, "due_on"),
        ({"done_on": date(2028, 1, 1)}, "done_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    ministry: Ministry, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        enter(ministry, **values)
    assert refused.value.field == field
    assert Deadline.objects.count() == 0


def test_the_second_writer_sees_both_versions(ministry: Ministry) -> None:
    row = enter(ministry)
    actor = ministry.users["corporate"]
    later = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 8))
    assert deadline_update(actor=actor, deadline=row, sheet=later, expected_version=1)
    again = DeadlineSheet(kind=DeadlineKind.REPORT, due_on=date(2026, 12, 9))
    with pytest.raises(EditConflict) as conflict:
        deadline_update(actor=actor, deadline=row, sheet=again, expected_version=1)
    assert conflict.value.theirs["due_on"] == date(2026, 12, 8)
    with pytest.raises(EditConflict):
        deadline_remove(actor=actor, deadline=row, expected_version=1)
    deadline_remove(actor=actor, deadline=row, expected_version=2)
    assert not Deadline.objects.current().exists()
    for version in (2, 3):
        with pytest.raises(EditConflict):
            deadline_remove(actor=actor, deadline=row, expected_version=version)
        with pytest.raises(EditConflict):
            deadline_update(actor=actor, deadline=row, sheet=again, expected_version=version)
    assert HistoryEntry.objects.filter(action="removed", target_uuid=row.uuid).count() == 1


def test_the_usual_dates_are_taken_over_once(ministry: Ministry) -> None:
    actor = ministry.users["corporate"]
    plan = OperationalPlan.objects.create(plan=ministry.plan, year=2027)
    with pytest.raises(DomainError) as refused:
        deadlines_take_over(actor=actor, plan=plan)
    assert "2026" in refused.value.message
    enter(ministry, due_on=date(2025, 11, 26), kind=DeadlineKind.SUBMISSION)
    enter(ministry, title=text("T3"), done_on=date(2026, 12, 1))
    assert deadlines_take_over(actor=actor, plan=plan) == 2
    assert deadlines_take_over(actor=actor, plan=plan) == 0
    rows = Deadline.objects.filter(plan=plan)
    assert [(row.due_on, row.done_on) for row in rows] == [
        (date(2026, 11, 26), None),
        (date(2027, 12, 1), None),
    ]


# The page ----------------------------------------------------------------------------------------


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def page(ministry: Ministry, name: str = "corporate", **query: str) -> Any:
    return client_of(ministry, name).get(reverse("reporting:calendar"), query)


def test_the_page_says_what_is_next_and_marks_today(ministry: Ministry) -> None:
    today = timezone.localdate()
    Deadline.objects.create(
        plan=ministry.year,
        kind=DeadlineKind.REPORT,
        due_on=today + timedelta(days=3),
        title=LocalisedText({"nl": "Rapport", "fr": "Rapport"}),
    )
    answer = page(ministry)
    assert "Next: Rapport due on" in answer.context["next"]
    assert "in 3 days" in answer.context["next"]
    days = [day for week in answer.context["weeks"] for day in week if day.is_today]
    assert [day.day for day in days] == [today]
    assert 'aria-current="date"' in answer.content.decode()


def test_the_filters_are_in_the_address(ministry: Ministry) -> None:
    approved(ministry)
    approved(ministry, by="planner_dvz", title="Asielaanvragen sneller behandelen")
    enter(ministry)
    rows = page(ministry, unit="DVZ", kind="figures", year="2026").context["rows"]
    assert {row.item.unit.code for row in rows} == {"DVZ"}
    assert page(ministry, year="2019").context["rows"] == []
    broken = page(ministry, month="x", unit="x", kind="x", day="2026-99-99", page="x")
    assert broken.status_code == 200
    day = page(ministry, day="2026-12-01").context["rows"]
    assert [row.item.kind for row in day] == [CalendarKind.REPORT]


def test_a_date_that_was_entered_is_shown_on_its_day(ministry: Ministry) -> None:
    client = client_of(ministry, "corporate")
    address = reverse("reporting:deadline_new", args=[2026])
    data = {"kind": "other", "due_on": "2027-05-08", "title_nl": "Nazicht van het plan"}
    shown = client.post(address, data, follow=True)
    assert shown.redirect_chain[0][0].endswith("?day=2027-05-08#list")
    assert [row.title for row in shown.context["rows"]] == ["Nazicht van het plan"]


def test_a_planner_sees_the_own_directorate_until_asked_otherwise(ministry: Ministry) -> None:
    approved(ministry)
    approved(ministry, by="planner_dvz", title="Asielaanvragen sneller behandelen")

    def units(**query: str) -> set[str]:
        rows = page(ministry, "planner_dvz", kind="figures", year="2026", **query).context["rows"]
        return {row.item.unit.code for row in rows}

    assert units() == {"DVZ"}
    assert units(unit="") == {"ADCV", "DVZ"}


def test_the_page_takes_the_same_queries_with_more_dates(ministry: Ministry) -> None:
    client = client_of(ministry, "corporate")
    client.get(reverse("reporting:calendar"))  # what every page needs is in memory
    numbers = []
    for times in (2, 4):
        for _ in range(times):
            enter(ministry)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reporting:calendar"))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_date_is_entered_changed_and_taken_out_on_its_page(ministry: Ministry) -> None:
    client = client_of(ministry, "corporate")
    new = reverse("reporting:deadline_new", args=[2026])
    wrong = client.post(new, {"kind": "other", "due_on": "2026-12-01", "title_nl": ""})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["title_nl"]
    data = {"kind": "review", "due_on": "2026-12-01", "title_nl": "Nazicht", "unit": "ADCV"}
    assert client.post(new, data).status_code == 302
    row = Deadline.objects.get()
    assert (row.unit, row.title["nl"]) == (ministry.adcv, "Nazicht")
    edit = reverse("reporting:deadline", args=[row.uuid])
    changed = {**data, "due_on": "2026-12-04", "version": "1"}
    assert client.post(edit, changed).status_code == 302
    conflict = client.post(edit, {**data, "due_on": "2026-12-05", "version": "1"})
    assert conflict.status_code == 422
    assert conflict.context["conflict"] == [
        {"label": "Day", "theirs": "2026-12-04", "mine": "2026-12-05"}
    ]
    again = conflict.context["form"]["version"].value()
    assert client.post(edit, {**data, "due_on": "2026-12-05", "version": again}).status_code == 302
    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 5)
    remove = reverse("reporting:deadline_remove", args=[row.uuid])
    client.post(remove, {"version": "1"})
    assert Deadline.objects.count() == 1
    client.post(remove, {"version": str(row.version)})
    assert not Deadline.objects.current().exists()
    assert client.post(remove, {"version": str(row.version + 1)}).status_code == 302


def test_what_was_typed_for_a_date_that_is_gone_becomes_a_new_one(ministry: Ministry) -> None:
    row, client = enter(ministry, due_on=date(2026, 12, 1)), client_of(ministry, "corporate")
    edit = reverse("reporting:deadline", args=[row.uuid])
    deadline_remove(actor=ministry.users["corporate"], deadline=row, expected_version=1)
    typed = {"kind": "review", "due_on": "2026-12-04", "title_nl": "Nazicht", "version": "1"}
    answer = client.post(edit, typed)
    assert answer.status_code == 422
    assert "taken out" in str(answer.context["form"].non_field_errors())
    assert answer.context["form"]["title_nl"].value() == "Nazicht"
    assert client.post(answer.context["action"], typed).status_code == 302
    assert Deadline.objects.current().get().title["nl"] == "Nazicht"
    gone = client.get(edit, follow=True)
    assert "taken out" in str([str(one) for one in gone.context["messages"]])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_day_that_cannot_be_is_left_out(ministry: Ministry, day: str) -> None:
    page = client_of(ministry, "corporate").get(reverse("reporting:calendar"), {"day": day})
    assert page.status_code == 200
    assert page.context["asked"].day is None


def test_a_version_that_cannot_be_removes_nothing(ministry: Ministry) -> None:
    row = Deadline.objects.create(
        plan=ministry.year, kind=DeadlineKind.REVIEW, due_on=date(2026, 3, 2)
    )
    address = reverse("reporting:deadline_remove", args=[row.uuid])
    for version in ("9" * 5000, "-1", "x", "\x00"):
        client_of(ministry, "corporate").post(address, {"version": version})
    assert Deadline.objects.filter(pk=row.pk).exists()


def test_others_enter_nothing(ministry: Ministry) -> None:
    row = enter(ministry)
    client = client_of(ministry, "head_adcv")
    for name, arguments in (
        ("deadline_new", [2026]),
        ("deadline", [row.uuid]),
        ("deadline_remove", [row.uuid]),
        ("deadlines_take_over", [2026]),
    ):
        assert client.post(reverse(f"reporting:{name}", args=arguments)).status_code == 403
    assert "New date" not in page(ministry, "head_adcv").content.decode()


def test_the_state_is_said_in_words(ministry: Ministry) -> None:
    enter(ministry, due_on=TODAY - timedelta(days=1))
    (item,) = items_for(ministry, kind=CalendarKind.REPORT)
    assert state_of(item, TODAY) == "1 day late"
    assert state_of(item, TODAY - timedelta(days=1)) == "today"
    assert state_of(item, TODAY - timedelta(days=8)) == "in 7 days"


def test_near_dates_wait_for_the_corporate_cell(ministry: Ministry) -> None:
    from objectives.planning.selectors.queues import queue_count, sources

    today = timezone.localdate()
    Deadline.objects.create(plan=ministry.year, kind=DeadlineKind.REPORT, due_on=today)
    Deadline.objects.create(
        plan=ministry.year, kind=DeadlineKind.REPORT, due_on=today + timedelta(days=60)
    )
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(
        budget_voted_on=today - timedelta(days=40)
    )
    source = next(one for one in sources() if one.name == "deadlines")
    user = ministry.users["corporate"]
    rows = list(source.rows(user, access_of(user)))
    assert [row.is_late for row in rows] == [True, False]
    with CaptureQueriesContext(connection) as queries:
        assert queue_count(user) == len(rows)
    assert len([one for one in queries if "reporting_deadline" in one["sql"]]) == 1
    planner = ministry.users["planner_adcv"]
    assert (
        source.count(planner, access_of(planner)),
        list(source.rows(planner, access_of(planner))),
    ) == (None, [])
