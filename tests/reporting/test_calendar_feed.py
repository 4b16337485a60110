"""The calendar feed: its secret address, and what a calendar program reads there."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from ibzplan.core.models import HistoryEntry
from ibzplan.core.services.notifications import notification_preference_set
from objectives.planning.models import OperationalPlan
from reporting.choices import DeadlineKind
from reporting.models import CalendarFeed, Deadline
from reporting.services.calendar import DeadlineSheet, deadline_create, deadline_update
from reporting.services.feeds import calendar_feed_make, calendar_feed_stop, calendar_feed_user
from tests.factories import Ministry, text

YEAR = timezone.localdate().year


@pytest.fixture
def plan(ministry: Ministry) -> OperationalPlan:
    """Return the plan of the year, so that the feed holds it whenever the test runs."""
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(year=YEAR)
    ministry.year.refresh_from_db()
    return ministry.year


def enter(ministry: Ministry, **values: Any) -> Deadline:
    sheet = DeadlineSheet(**{"kind": DeadlineKind.REPORT, "due_on": date(YEAR, 12, 1), **values})
    actor = ministry.users["corporate"]
    return deadline_create(actor=actor, plan=ministry.year, sheet=sheet)


def address_of(ministry: Ministry, name: str = "planner_adcv") -> str:
    secret = calendar_feed_make(actor=ministry.users[name])
    return reverse("reporting:feed", args=[secret])


def events(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return list(calendar.walk("VEVENT"))


def summaries(address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(address)]


def test_a_program_reads_all_day_events_without_signing_in(
    ministry: Ministry, plan: OperationalPlan
) -> None:
    enter(ministry, title=text("Rapport T3", "Rapport T3"), unit=ministry.adcv)
    (event,) = [one for one in events(address_of(ministry)) if "Rapport T3" in one["SUMMARY"]]
    assert str(event["SUMMARY"]) == "ADCV: Rapport T3"
    assert event["DTSTART"].dt == date(YEAR, 12, 1)
    assert event["DTEND"].dt == date(YEAR, 12, 2)
    assert str(event["URL"]).startswith("http://testserver/directies/ADCV/")
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt < timedelta(0)


def test_the_event_stays_the_same_and_its_revision_rises(
    ministry: Ministry, plan: OperationalPlan
) -> None:
    row = enter(ministry, title=text("Rapport"))
    address = address_of(ministry)

    def report() -> Any:
        return next(one for one in events(address) if "Rapport" in one["SUMMARY"])

    before = report()
    later = DeadlineSheet(kind=row.kind, due_on=date(YEAR, 12, 9), title=row.title)
    deadline_update(
        actor=ministry.users["corporate"], deadline=row, sheet=later, expected_version=1
    )
    after = report()
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] >= before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == date(YEAR, 12, 9)


def test_the_feed_shows_what_its_owner_may_see(ministry: Ministry, plan: OperationalPlan) -> None:
    enter(ministry, title=text("Enkel ADCV"), unit=ministry.adcv)
    assert "ADCV: Enkel ADCV" in summaries(address_of(ministry, "planner_adcv"))
    assert "ADCV: Enkel ADCV" in summaries(address_of(ministry, "corporate"))
    assert "ADCV: Enkel ADCV" not in summaries(address_of(ministry, "planner_dvz"))
    assert summaries(address_of(ministry, "outsider")) == []


def test_figures_of_other_directorates_stay_out_of_a_planner_s_feed(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    OperationalPlan.objects.filter(pk=ministry.year.pk).update(year=YEAR)
    for name, is_there in (("planner_adcv", True), ("corporate", True), ("planner_dvz", False)):
        found = summaries(address_of(ministry, name))
        assert any("ADCV" in summary for summary in found) == is_there, name


def test_an_unknown_old_or_stopped_address_leads_nowhere(
    ministry: Ministry, plan: OperationalPlan
) -> None:
    user = ministry.users["planner_adcv"]
    old = address_of(ministry)
    new = address_of(ministry)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert Client().get(reverse("reporting:feed", args=["x" * 43])).status_code == 404
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert Client().get(new).status_code == 404
    user.is_active = True
    user.save(update_fields=["is_active"])
    assert calendar_feed_stop(actor=user)
    assert Client().get(new).status_code == 404
    assert not calendar_feed_stop(actor=user)


def test_only_the_hash_of_the_secret_is_kept(ministry: Ministry) -> None:
    secret = calendar_feed_make(actor=ministry.users["planner_adcv"])
    feed = CalendarFeed.objects.get()
    assert secret not in feed.digest
    assert calendar_feed_user(secret=secret) == ministry.users["planner_adcv"]
    assert calendar_feed_user(secret=feed.digest) is None
    feed.refresh_from_db()
    assert feed.last_read_at is not None
    assert [entry.action for entry in HistoryEntry.objects.filter(target_uuid=feed.uuid)] == [
        "calendar_feed_made"
    ]


def test_what_did_not_change_is_not_sent_again(ministry: Ministry, plan: OperationalPlan) -> None:
    enter(ministry)
    address = address_of(ministry)
    first = Client().get(address)
    assert "private" in first["Cache-Control"]
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    enter(ministry, due_on=date(YEAR, 12, 3))
    changed = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_the_feed_speaks_the_language_of_its_owner(
    ministry: Ministry, plan: OperationalPlan
) -> None:
    enter(ministry, title=text("Verslag", "Compte rendu"))
    address = address_of(ministry)
    assert "Verslag" in summaries(address)
    notification_preference_set(actor=ministry.users["planner_adcv"], is_muted=False, language="fr")
    assert "Compte rendu" in summaries(address)


def test_what_is_done_rings_no_more(ministry: Ministry, plan: OperationalPlan) -> None:
    enter(ministry, title=text("Verslag"), done_on=date(YEAR, 1, 5))
    event = next(one for one in events(address_of(ministry)) if "Verslag" in one["SUMMARY"])
    assert list(event.walk("VALARM")) == []


def test_the_address_is_shown_once(ministry: Ministry, client: Client) -> None:
    client.force_login(ministry.users["planner_adcv"])
    page = reverse("reporting:feed_address")
    assert client.get(page).context["feed"] is None
    made = client.post(page)
    address = made.context["address"]
    assert address in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert Client().get(address).status_code == 200
    later = client.get(page)
    assert later.context["feed"] is not None
    assert address not in later.content.decode()
    client.post(reverse("reporting:feed_stop"))
    assert Client().get(address).status_code == 404
