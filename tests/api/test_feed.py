"""The change feed: whoever follows it has the rows of the list, whatever happens to them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ibzplan.core.api.feed_cursor import Cursor, Moment, context_of, rights
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import ApiToken, Job
from ibzplan.core.services import history_record, token_create
from ibzplan.core.services.questions import question_answer, question_ask
from objectives.indicators.models import Measurement
from objectives.indicators.services import indicator_define, sheet_of
from objectives.planning.choices import Step
from objectives.planning.services import objective_move
from personnel.access import access_of
from personnel.models import OrganisationUnit, RoleAssignment, User
from personnel.services.units import unit_create
from personnel.services.users import role_assign, role_withdraw
from reporting.models import ProgressReport
from reporting.services.calendar import (
    DeadlineSheet,
    deadline_create,
    deadline_remove,
    deadline_update,
)
from tests.api.conftest import World
from tests.api.follower import Follower, reader
from tests.factories import Ministry, text
from tests.objectives.operations import (
    Lock,
    Record,
    Return,
    Reuse,
    SetTarget,
    Share,
    TwoYears,
    Validate,
    Weigh,
    two_years,
)

pytestmark = pytest.mark.urls("tests.api.urlconf")

FIGURE: Final = Record("2025-T1", 45)
OF_INDICATOR: Final = ("indicators", "targets", "measurements")


@pytest.fixture
def years(ministry: Ministry) -> TwoYears:
    return two_years(ministry)


def following(years: TwoYears, user: str, collection: str, **more: Any) -> Follower:
    """Return a client of that user that has read the whole list."""
    follower = Follower(reader(years.user(user)), collection, **more)
    follower.follow()
    assert follower.rows == follower.listed()
    return follower


def reasons(answer: dict[str, list[Any]]) -> set[str]:
    return {gone["reason"] for gone in answer["removed"]}


def make_confidential(years: TwoYears, *, is_so: bool = True) -> None:
    series = years.series(new=False)
    sheet = replace(sheet_of(series), is_confidential=is_so)
    indicator_define(
        actor=years.user("head_adcv"), indicator=series, sheet=sheet, reason="Gevoelig"
    )


def test_the_first_answers_walk_the_list_in_pages(years: TwoYears) -> None:
    for n in range(1, 5):
        Record(f"2025-T{n}", 40 + n).do(years)
    follower = Follower(reader(years.user("auditor")), "measurements", page_size=3)

    first, second = follower.step(), follower.step()

    assert [len(one["items"]) for one in (first, second)] == [3, 1]
    assert [one["hasMore"] for one in (first, second)] == [True, False]
    assert f"changedSince={second['cursor']}" in second["next"]
    assert follower.rows == follower.listed()
    assert follower.follow() == {"items": [], "removed": []}


def test_a_correction_takes_the_place_of_a_figure(years: TwoYears) -> None:
    FIGURE.do(years)
    latest = following(years, "auditor", "measurements")
    every = following(years, "auditor", "measurements", query={"includeHistory": "true"})
    (before,) = latest.rows

    Record("2025-T1", 50).do(years)
    came, told = latest.follow(), every.follow()

    assert [item["value"] for item in came["items"]] == [50]
    assert came["removed"] == [{"id": before, "reason": "notInSelection"}]
    assert [item["value"] for item in told["items"]] == [50]
    assert told["removed"] == []
    # What was replaced long ago is not told again.
    Record("2025-T1", 51).do(years)
    assert [gone["id"] for gone in latest.follow()["removed"]] == [came["items"][0]["id"]]


def test_reviews_and_locks_come_with_the_figure_and_its_parts(years: TwoYears) -> None:
    Record("2025-T1", 45, in_parts=True).do(years)
    Record("2025-T2", 46).do(years)
    follower = following(years, "planner_adcv", "measurements")

    for operation, member, value in (
        (Return("2025-T1"), "validation", "returned"),
        (Validate("2025-T1"), "validation", "validated"),
        (Lock("2025-T1"), "locked", True),
    ):
        operation.do(years)
        came = follower.follow()["items"]
        assert [item[member] for item in came] == [value] * 4
    assert follower.rows == follower.listed()


def test_a_cabinet_follows_the_last_validated_figure_of_others(years: TwoYears) -> None:
    FIGURE.do(years)
    follower = following(years, "cabinet_am", "measurements")
    assert follower.rows == {}

    Validate("2025-T1").do(years)
    assert [item["value"] for item in follower.follow()["items"]] == [45]
    Record("2025-T1", 50).do(years)  # a correction that nobody validated yet
    follower.follow()
    assert [item["value"] for item in follower.rows.values()] == [45]
    Validate("2025-T1").do(years)
    assert reasons(follower.follow()) == {"notInSelection"}
    assert [item["value"] for item in follower.rows.values()] == [50]
    Return("2025-T1").do(years)
    follower.follow()
    assert [item["value"] for item in follower.rows.values()] == [45]


@pytest.mark.parametrize("collection", OF_INDICATOR)
def test_what_becomes_confidential_goes_and_comes_back(years: TwoYears, collection: str) -> None:
    FIGURE.do(years)
    Validate("2025-T1").do(years)
    hidden = following(years, "cabinet_am", collection)
    own = following(years, "planner_adcv", collection)
    stranger = following(years, "planner_dvz", collection, query={"unit": "DVZ"})
    assert hidden.rows

    make_confidential(years)

    assert reasons(hidden.follow()) == {"notVisible"}
    assert hidden.rows == {}
    assert not own.follow()["removed"]
    assert stranger.rows == {}
    make_confidential(years, is_so=False)
    hidden.follow()
    assert hidden.rows == hidden.listed() != {}


@pytest.mark.parametrize("collection", ["operationalObjectives", "indicators", "targets"])
def test_a_draft_comes_when_it_is_submitted_and_goes_when_it_is_returned(
    years: TwoYears, collection: str
) -> None:
    committee = following(years, "committee", collection)
    cabinet = following(years, "cabinet_vbz", collection)
    drafts = [follower.rows.copy() for follower in (committee, cabinet)]
    ministry, draft = years.ministry, years.draft
    ministry.motivate(draft)

    ministry.submit(draft)
    assert committee.follow()["items"]
    assert len(committee.rows) > len(drafts[0])
    nothing = cabinet.follow()
    objective_move(actor=years.user("head_adcv"), objective=draft, step=Step.TAKE_BACK)
    gone = committee.follow()

    assert nothing["removed"] == []
    assert committee.rows.keys() == drafts[0].keys()
    assert reasons(gone) == {"notVisible"}
    assert cabinet.follow()["removed"] == []  # it never heard of it
    ministry.submit(draft)
    ministry.pass_on(draft)
    objective_move(actor=years.user("committee"), objective=draft, step=Step.APPROVE)
    for follower in (committee, cabinet):
        follower.follow()
        assert follower.rows == follower.listed()
    assert len(cabinet.rows) > len(drafts[1])


def test_edits_of_a_draft_are_not_told_to_who_may_not_read_it(years: TwoYears) -> None:
    follower = following(years, "planner_dvz", "operationalObjectives")
    Share(is_shared=True, has_goal=False).do(years)
    Weigh(3, is_key=False).do(years)

    assert follower.follow() == {"items": [], "removed": []}


def test_what_hangs_below_an_objective_makes_it_come(years: TwoYears) -> None:
    follower = following(years, "planner_adcv", "operationalObjectives")

    Weigh(3, is_key=True).do(years)
    assert [one["indicators"][0]["weight"] for one in follower.follow()["items"]] == [3]
    Share(is_shared=True, has_goal=True).do(years)
    (came,) = follower.follow()["items"]

    assert [unit["code"] for unit in came["coOwners"]] == ["DVZ"]
    assert follower.rows == follower.listed()


def test_another_target_of_the_same_day_takes_the_place(years: TwoYears) -> None:
    follower = following(years, "planner_adcv", "targets")
    SetTarget(date(2026, 12, 31), 300, 2026, is_final=True).do(years)

    answer = follower.follow()

    assert answer["items"]
    assert follower.rows == follower.listed()


def test_an_approved_target_takes_the_place_of_that_of_last_year(years: TwoYears) -> None:
    SetTarget(date(2026, 12, 31), 300, 2025, is_final=True).do(years)
    Reuse(new=False, target=400).do(years)
    follower = following(years, "planner_dvz", "targets")
    before = {item["value"] for item in follower.rows.values()}

    years.ministry.approve(years.draft)
    follower.follow()

    assert {item["value"] for item in follower.rows.values()} - before
    assert follower.rows == follower.listed()


def test_a_row_that_leaves_a_filter_is_told_to_go(years: TwoYears) -> None:
    query = {"state": "draft"}
    follower = following(years, "planner_adcv", "operationalObjectives", query=query)
    assert len(follower.rows) == 1
    years.ministry.motivate(years.draft)

    years.ministry.submit(years.draft)

    assert reasons(follower.follow()) == {"notInSelection"}
    assert follower.rows == {}


def test_words_that_are_searched_may_fit_another_time(years: TwoYears) -> None:
    FIGURE.do(years)
    follower = following(years, "planner_adcv", "measurements", query={"q": "bezetting"})
    assert follower.rows
    series = years.series(new=False)
    sheet = replace(sheet_of(series), title=text("Wachttijd"))

    indicator_define(
        actor=years.user("head_adcv"), indicator=series, sheet=sheet, reason="Duidelijker"
    )

    follower.follow()
    assert follower.rows == follower.listed() == {}


# Rights -----------------------------------------------------------------------------------------


def lose_role(user: User) -> None:
    role_withdraw(actor=None, assignment=RoleAssignment.objects.get(user=user))


@pytest.mark.parametrize("collection", ["operationalObjectives", *OF_INDICATOR])
def test_rows_go_with_a_role_and_come_with_it(years: TwoYears, collection: str) -> None:
    FIGURE.do(years)
    follower = following(years, "planner_adcv", collection)
    before, planner = follower.rows.copy(), years.user("planner_adcv")

    lose_role(planner)
    assert reasons(follower.follow()) == {"notVisible"}
    assert follower.rows == {}
    role_assign(actor=None, user=planner, role="planner", unit=years.ministry.adcv)
    follower.follow()

    assert follower.rows == before


def test_rows_go_with_the_scope_of_a_token(years: TwoYears) -> None:
    FIGURE.do(years)
    token, key = token_create(user=years.user("auditor"), name="dashboard")
    follower = Follower(reader(years.user("auditor")), "measurements")
    follower.client.logout()
    follower.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    follower.follow()
    assert len(follower.rows) == 1

    ApiToken.objects.filter(pk=token.pk).update(unit_uuids=[str(years.ministry.dvz.uuid)])
    assert reasons(follower.follow()) == {"notVisible"}
    ApiToken.objects.filter(pk=token.pk).update(unit_uuids=[])
    follower.follow()

    assert follower.rows == follower.listed() != {}


def test_other_rights_within_a_change_set_begin_anew(years: TwoYears) -> None:
    FIGURE.do(years)
    Record("2025-T2", 46).do(years)
    follower = Follower(reader(years.user("planner_adcv")), "measurements", page_size=1)
    follower.step()
    lose_role(years.user("planner_adcv"))

    response = follower.get(changedSince=follower.cursor, pageSize=1)

    assert response.status_code == 410
    assert response.json()["type"] == "urn:problem-type:ibzplan:cursorGone"


def test_the_rights_in_a_cursor_are_those_of_then(ministry: Ministry) -> None:
    for name, user in ministry.users.items():
        fresh = User.objects.get(pk=user.pk)
        then = rights().then(fresh, rights().told(fresh))
        assert then is not None
        assert access_of(then) == access_of(fresh), name
        assert access_of(fresh) == access_of(User.objects.get(pk=user.pk))
    assert rights().then(fresh, "[]") is None


# Pages and cursors ------------------------------------------------------------------------------


def test_pages_lose_nothing_while_others_write(years: TwoYears) -> None:
    follower = Follower(reader(years.user("cabinet_vbz")), "measurements", page_size=1)
    for n in range(1, 5):
        Record(f"2025-T{n}", 40 + n).do(years)
        follower.step()
        Record("2025-T1", 50 + n).do(years)
        follower.step()
        if n == 2:
            make_confidential(years)
    follower.follow()

    assert follower.rows == follower.listed() != {}


def test_a_period_that_is_over_comes_with_the_day(years: TwoYears) -> None:
    FIGURE.do(years)
    follower = following(years, "auditor", "measurements")
    user = User.objects.get(username=years.user("auditor").username)
    row = Measurement.objects.get()
    until = row.recorded_at
    earlier = Cursor(Moment(until, row.period_end - timedelta(days=1)), rights().told(user))
    request = follower.get(changedSince="start").wsgi_request.GET

    follower.cursor = earlier.signed(context_of("measurements", request, user.pk))

    assert len(follower.follow()["items"]) == 1


def test_a_cursor_holds_for_its_question_and_its_user(years: TwoYears) -> None:
    follower = following(years, "auditor", "measurements", query={"unit": "ADCV"})
    other = Follower(reader(years.user("corporate")), "measurements", {"unit": "ADCV"})
    later = Cursor(Moment(timezone.now() + timedelta(days=400), date(2026, 1, 1)), "[]")
    context = context_of("measurements", follower.get().wsgi_request.GET, years.user("auditor").pk)

    def status(who: Follower, **query: str) -> int:
        return who.get(**query).status_code

    assert status(follower, changedSince=follower.cursor, select="id") == 200
    assert status(follower, changedSince="") == 200
    for query in (
        {"changedSince": follower.cursor, "unit": "DVZ"},
        {"changedSince": follower.cursor[:-1]},
        {"changedSince": "2026-01-01"},
        {"changedSince": "start", "asOf": "2026-01-01"},
        {"changedSince": "start", "page": "2"},
        {"changedSince": "start", "sort": "recordedAt"},
    ):
        assert status(follower, **query) == 400, query
    assert status(other, changedSince=follower.cursor) == 400
    assert status(follower, changedSince=later.signed(context)) == 410
    statuses = Follower(follower.client, "statuses")
    assert status(statuses, changedSince="start") == 400


def test_a_whole_file_says_from_where_to_follow(years: TwoYears) -> None:
    FIGURE.do(years)
    follower = Follower(reader(years.user("auditor")), "measurements", {"unit": "ADCV"})
    file = follower.client.get("/api/v1/measurements?unit=ADCV", headers={"Accept": "text/csv"})
    past = follower.client.get(
        "/api/v1/measurements?asOf=2025-01-01", headers={"Accept": "text/csv"}
    )
    link = file.headers["Link"].rpartition("<")[2]

    Record("2025-T2", 46).do(years)
    answer = follower.client.get(link.partition(">")[0]).json()

    assert 'rel="monitor"' in link
    assert [item["value"] for item in answer["items"]] == [46]
    assert "monitor" not in past.headers["Link"]


@pytest.mark.parametrize("collection", ["measurements", "operationalObjectives"])
def test_many_changes_take_as_many_queries_as_few(years: TwoYears, collection: str) -> None:
    follower = following(years, "planner_adcv", collection)

    def queries(change: Callable[[], None]) -> int:
        change()
        with CaptureQueriesContext(connection) as asked:
            follower.step()
        return len(asked)

    def one() -> None:
        FIGURE.do(years)
        Weigh(2, is_key=False).do(years)

    def more() -> None:
        for n in range(2, 5):
            Record(f"2025-T{n}", 40 + n).do(years)
            years.ministry.objective(title=f"Nog {n} centrales bouwen")

    queries(one)
    Weigh(3, is_key=False).do(years)
    Record("2025-T1", 47).do(years)
    few = queries(lambda: None)
    assert queries(more) <= few


# The small lists --------------------------------------------------------------------------------


def test_deadlines_come_change_and_go(years: TwoYears) -> None:
    actor, plan = years.user("corporate"), years.ministry.year
    follower = following(years, "planner_adcv", "deadlines")
    elsewhere = following(years, "planner_adcv", "deadlines", query={"unit": "DVZ"})
    sheet = DeadlineSheet(
        kind="submission",
        title=LocalisedText({"nl": "Indienen", "fr": "Introduire"}),
        due_on=date(2026, 4, 15),
        unit=years.ministry.adcv,
    )

    row = deadline_create(actor=actor, plan=plan, sheet=sheet)
    assert [item["dueOn"] for item in follower.follow()["items"]] == ["2026-04-15"]
    moved = replace(sheet, due_on=date(2026, 4, 20))
    deadline_update(actor=actor, deadline=row, sheet=moved, expected_version=row.version)
    assert [item["dueOn"] for item in follower.follow()["items"]] == ["2026-04-20"]
    row.refresh_from_db()
    deadline_remove(actor=actor, deadline=row, expected_version=row.version)
    assert [gone["id"] for gone in follower.follow()["removed"]] == [str(row.uuid)]
    assert follower.rows == elsewhere.rows == {}


def test_units_come_and_go_for_good(years: TwoYears) -> None:
    follower = following(years, "planner_adcv", "organisationUnits")
    unit = unit_create(actor=years.user("corporate"), code="NEW", title=text("Nieuwe directie"))
    assert [item["code"] for item in follower.follow()["items"]] == ["NEW"]

    history_record(actor=None, target=unit, action="removed")
    OrganisationUnit.objects.filter(pk=unit.pk).delete()

    assert follower.follow()["removed"] == [{"id": str(unit.uuid), "reason": "deleted"}]


def test_a_new_objective_comes(years: TwoYears) -> None:
    follower = following(years, "planner_adcv", "operationalObjectives")
    before = len(follower.rows)

    made = years.ministry.objective(title="Alarmcentrales verhuizen")

    assert [item["id"] for item in follower.follow()["items"]][-1] == str(made.uuid)
    assert len(follower.rows) == before + 1
    assert follower.rows == follower.listed()


@pytest.mark.urls("ibzplan.urls")
def test_questions_come_with_their_answers_and_go_with_their_subject(years: TwoYears) -> None:
    cabinet, series = years.user("cabinet_vbz"), years.series(new=False)
    follower = following(years, "corporate", "questions")
    uninvolved = following(years, "cabinet_am", "questions")
    still_open = following(years, "corporate", "questions", query={"state": "open"})

    asked = question_ask(actor=cabinet, kind="question", target=series, text="Waarom zo laat?")
    assert [item["state"] for item in follower.follow()["items"]] == ["open"]
    assert still_open.behind() == []
    question_answer(actor=years.user("head_adcv"), question=asked, text="De levering liep uit.")
    (came,) = follower.follow()["items"]
    assert (still_open.behind(), still_open.rows) == ([], {})
    make_confidential(years)

    assert came["answers"][0]["text"] == "De levering liep uit."
    assert reasons(follower.follow()) == {"notVisible"}
    assert follower.rows == follower.listed() == {}
    assert uninvolved.follow() == {"items": [], "removed": []}


def test_reports_come_with_each_step_and_when_their_making_fails(world: World) -> None:
    follower = Follower(reader(world.users["corporate"]), "progressReports")
    ready = world.report()
    waits = world.report(day="2026-03-31", stage="draft", issued_at=None, issued_by=None)
    ProgressReport.objects.filter(pk=waits.pk).update(state="requested")
    now = timezone.now()
    job = Job.objects.create(
        task_name="report", target_type=waits.type_name(), target_uuid=waits.uuid, queued_at=now
    )
    follower.follow()
    with transaction.atomic():
        history_record(actor=None, target=ready, action="sent")
    assert [item["id"] for item in follower.follow()["items"]] == [str(ready.uuid)]
    assert follower.follow()["items"] == []

    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=timezone.now())

    assert [item["state"] for item in follower.follow()["items"]] == ["failed"]
