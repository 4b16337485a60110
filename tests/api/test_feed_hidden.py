"""Who is told by a change feed that a row is hidden: whoever saw it, and nobody else."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client

from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import next_instant, record_change, token_create
from objectives.indicators.models import Indicator
from objectives.indicators.services import indicator_define, sheet_of
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import ObjectiveSecurityLink
from objectives.planning.services import objective_move
from personnel.choices import Role
from personnel.models import OrganisationUnit
from reporting.services.calendar import DeadlineSheet, deadline_create, deadline_update
from tests.api.conftest import World
from tests.api.follower import Follower, reader
from tests.factories import Ministry
from tests.objectives.operations import Record, SetTarget, TwoYears, Validate, two_years

pytestmark = pytest.mark.urls("tests.api.urlconf")

OF_INDICATOR: Final = ("indicators", "targets", "measurements")


@pytest.fixture
def years(ministry: Ministry) -> TwoYears:
    return two_years(ministry)


def following(years: TwoYears, user: str, collection: str, **query: str) -> Follower:
    """Return a client of that user that has read the whole list."""
    follower = Follower(reader(years.user(user)), collection, query=query)
    follower.follow()
    assert follower.rows == follower.listed()
    return follower


def keyed(years: TwoYears, unit: OrganisationUnit, collection: str) -> Follower:
    """Return a client of the auditor, with a key for one unit, that has read the whole list."""
    _token, key = token_create(user=years.user("auditor"), name=unit.code, units=[unit.uuid])
    follower = Follower(Client(headers={"Authorization": f"Bearer {key}"}), collection)
    follower.follow()
    return follower


def told(follower: Follower) -> set[str]:
    """Return the ids that a client is told are gone, which must leave it with the list."""
    gone = {row["id"] for row in follower.follow()["removed"]}
    assert follower.rows == follower.listed()
    return gone


def make_confidential(years: TwoYears) -> None:
    series = years.series(new=False)
    sheet = replace(sheet_of(series), is_confidential=True)
    indicator_define(actor=years.user("head_adcv"), indicator=series, sheet=sheet, reason="Geheim")


def change(years: TwoYears, target: Any, **values: Any) -> None:
    record_change(actor=years.user("corporate"), target=target, values=values)


@pytest.mark.parametrize("history", ["true", "false"])
def test_of_a_hidden_series_only_the_figures_that_were_seen_are_told(
    years: TwoYears, history: str
) -> None:
    for period, value in (("2025-T1", 45), ("2025-T2", 46)):
        Record(period, value).do(years)
    Validate("2025-T1").do(years)
    Record("2025-T1", 50).do(years)  # a correction that nobody validated yet
    cabinet = following(years, "cabinet_am", "measurements", includeHistory=history)
    seen = set(cabinet.rows)
    assert len(seen) == 1

    make_confidential(years)

    assert told(cabinet) == seen


@pytest.mark.parametrize("collection", OF_INDICATOR)
def test_what_was_confidential_all_the_time_is_told_to_nobody_else(
    years: TwoYears, collection: str
) -> None:
    Record("2025-T1", 45).do(years)
    Validate("2025-T1").do(years)
    make_confidential(years)
    others = [following(years, user, collection) for user in ("cabinet_am", "planner_dvz")]
    assert [follower.rows for follower in others] == [{}, {}]

    change(years, years.approved, state=PlanState.CLOSED)

    assert [told(follower) for follower in others] == [set(), set()]


@pytest.mark.parametrize("collection", [*OF_INDICATOR, "operationalObjectives"])
def test_what_goes_to_another_unit_is_told_to_the_one_that_had_it(
    years: TwoYears, collection: str
) -> None:
    third = OrganisationUnit.objects.create(code="ADX", kind="general_directorate")
    had, stranger = (following(years, f"planner_{unit}", collection) for unit in ("adcv", "dvz"))
    drafts = {"indicators": years.series(new=True), "operationalObjectives": years.draft}
    if collection in drafts:
        assert str(drafts[collection].uuid) in had.rows.keys() - stranger.rows.keys()
    only = had.rows.keys() - stranger.rows.keys()

    change(years, years.series(new=True), owner=third)
    change(years, years.draft, unit=third)

    assert told(had) == only
    assert told(stranger) == set()


@pytest.mark.parametrize("collection", [*OF_INDICATOR, "operationalObjectives"])
def test_a_key_for_some_units_is_told_of_what_left_these_alone(
    years: TwoYears, collection: str
) -> None:
    Record("2025-T1", 45).do(years)
    third = OrganisationUnit.objects.create(code="ADX", kind="general_directorate")
    ministry = years.ministry
    had, other = (keyed(years, unit, collection) for unit in (ministry.adcv, ministry.dvz))
    seen = set(had.rows)
    assert seen and not other.rows

    for target, name in ((years.approved, "unit"), (years.draft, "unit")):
        change(years, target, **{name: third})
    for is_new in (False, True):
        change(years, years.series(new=is_new), owner=third)

    assert told(had) == seen
    assert told(other) == set()


def test_a_key_for_some_units_is_told_of_deadlines_that_left_these_alone(years: TwoYears) -> None:
    ministry, actor = years.ministry, years.user("corporate")
    third = OrganisationUnit.objects.create(code="ADX", kind="general_directorate")
    sheet = DeadlineSheet(
        kind="submission",
        title=LocalisedText({"nl": "Indienen", "fr": "Introduire"}),
        due_on=date(2026, 4, 15),
        unit=ministry.adcv,
    )
    row = deadline_create(actor=actor, plan=ministry.year, sheet=sheet)
    had, other = (keyed(years, unit, "deadlines") for unit in (ministry.adcv, ministry.dvz))
    assert (set(had.rows), set(other.rows)) == ({str(row.uuid)}, set())

    deadline_update(
        actor=actor, deadline=row, sheet=replace(sheet, unit=third), expected_version=row.version
    )

    assert told(had) == {str(row.uuid)}
    assert told(other) == set()


def test_of_a_draft_that_is_taken_back_only_what_was_submitted_is_told(years: TwoYears) -> None:
    ministry, draft = years.ministry, years.draft
    due = date(2026, 12, 31)
    SetTarget(due, 150, 2026, is_final=True, new=True).do(years)
    SetTarget(due, 170, 2026, is_final=True, new=True).do(years)
    ministry.motivate(draft)
    ministry.submit(draft)
    committee, cabinet = (following(years, user, "targets") for user in ("committee", "cabinet_am"))
    submitted = committee.rows.keys() - cabinet.rows.keys()
    assert len(submitted) == 1

    objective_move(actor=years.user("head_adcv"), objective=years.draft, step=Step.TAKE_BACK)

    assert told(committee) == submitted
    assert told(cabinet) == set()


@pytest.mark.parametrize("collection", ["operationalObjectives", "indicators"])
def test_who_follows_the_nvp_is_told_of_what_left_it_alone(world: World, collection: str) -> None:
    steering = world.user("steering", Role.STEERING_GROUP)
    inside, outside = (world.objective(code, "ADVP") for code in ("2.6.1", "2.6.2"))
    of_inside = world.indicator("K-1", "ADVP", is_security_linked=True)
    of_outside = world.indicator("K-2", "ADVP")
    for objective, indicator in ((inside, of_inside), (outside, of_outside)):
        world.link(objective, indicator)
    ObjectiveSecurityLink.objects.filter(objective=outside).delete()
    with transaction.atomic():
        next_instant()
    follower = Follower(reader(steering), collection)
    follower.follow()
    assert len(follower.rows) == 1

    with transaction.atomic():
        at = next_instant()
        ObjectiveSecurityLink.objects.filter(objective=inside).update(known_until=at)
        Indicator.objects.update(is_security_linked=False)
    record_change(
        actor=world.users["corporate"], target=outside, values={"state": PlanState.CLOSED}
    )

    gone = {"operationalObjectives": inside, "indicators": of_inside}[collection]
    assert told(follower) == {str(gone.uuid)}
