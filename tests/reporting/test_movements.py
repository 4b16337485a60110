"""What moved between two moments, and why: every kind of movement and of reason."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ibzplan.core.clocks import Clocks
from objectives.indicators.engine import Status
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import ChangeKind
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import objective_readings
from objectives.planning.selectors.amendments import approved_changes
from objectives.planning.selectors.milestones import milestones_between
from objectives.planning.selectors.readings import in_force_then
from objectives.planning.services import (
    milestone_report,
    status_override,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Milestone
from personnel.access import access_of
from reporting.choices import MovementKind
from reporting.selectors.movements import Movement, last_report, movements_between
from tests.factories import Ministry, text
from tests.objectives.planning.test_amendments import begin, carry, propose, ready_draft
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reports import made

JULY, OCTOBER = date(2026, 7, 31), date(2026, 10, 31)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are English, whatever ran before."""
    with translation.override("en"):
        yield


def record(
    ministry: Ministry, indicator: Indicator, period: str, value: str, **kwargs: Any
) -> None:
    told = kwargs.pop("narrative", "")
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value), narrative=text(told) if told else text("")),
        **kwargs,
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An objective in force in a plan in force, with two figures on track."""
    row = ministry.objective()
    indicator = ministry.indicator(row)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    record(ministry, indicator, "2026-T1", "90")
    record(ministry, indicator, "2026-T2", "92")
    return row


def known(day: date) -> Clocks:
    """Return what is known now, with the reference date of `day`."""
    return Clocks(day, Clocks.now().known_at, pinned_reference=True, pinned_known=True)


def moved(
    ministry: Ministry, before: Clocks, after: Clocks, by: str = "corporate"
) -> tuple[Movement, ...]:
    access = access_of(ministry.users[by])
    rows = list(
        OperationalObjective.objects.select_related("plan", "unit", "holder", "werf").order_by("pk")
    )
    then, now = (
        objective_readings(
            [row for row in rows if in_force_then(row, clocks.known_at)],
            clocks=clocks,
            access=access,
        )
        for clocks in (before, after)
    )
    changes = approved_changes(ministry.year, before.known_at, after.known_at, access)
    milestones = milestones_between(ministry.year.pk, before, after)
    with CaptureQueriesContext(connection) as captured:
        found = movements_between(then, now, amended=changes, milestones=milestones)
    assert not captured.captured_queries
    return found


def the_one(*args: Any, **kwargs: Any) -> Movement:
    (movement,) = moved(*args, **kwargs)
    return movement


def test_worse_names_the_figures_and_what_the_unit_says(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = known(JULY)
    record(
        ministry, Indicator.objects.get(), "2026-T3", "89.4", narrative="Twee centra vielen uit."
    )
    movement = the_one(ministry, before, known(OCTOBER))
    assert movement.kind == MovementKind.WORSENED
    assert (movement.from_status, movement.to_status) == (Status.ON_TRACK, Status.OFF_TRACK)
    first, told = movement.reasons
    assert first.startswith("Bezettingsgraad noodcentrales 89.4\N{NO-BREAK SPACE}% (T3); was 92.0")
    assert "(T2), expected 93.2" in first
    assert told == "ADCV explains T3: “Twee centra vielen uit.”"


def test_better_is_improved(ministry: Ministry, objective: OperationalObjective) -> None:
    indicator = Indicator.objects.get()
    record(ministry, indicator, "2026-T3", "89.4")
    before = known(OCTOBER)
    record(ministry, indicator, "2026-T3", "94", reason="Eén centrum telde dubbel")
    movement = the_one(ministry, before, known(OCTOBER))
    assert movement.kind == MovementKind.IMPROVED
    assert movement.reasons[1] == (
        "Bezettingsgraad noodcentrales, T3 corrected from 89.4\N{NO-BREAK SPACE}% to "
        "94.0\N{NO-BREAK SPACE}%: “Eén centrum telde dubbel”"
    )


def test_the_first_figure_is_another_status(ministry: Ministry) -> None:
    row = ministry.objective()
    indicator = ministry.indicator(row)
    ministry.approve(row)
    before = known(date(2026, 4, 5))
    record(ministry, indicator, "2026-T1", "90")
    movement = the_one(ministry, before, known(date(2026, 4, 30)))
    assert movement.kind == MovementKind.OTHER
    assert movement.from_status == Status.NOT_STARTED
    assert "(T1), the first figure; expected" in movement.reasons[0]


def test_a_missing_figure_is_named(ministry: Ministry, objective: OperationalObjective) -> None:
    movement = the_one(ministry, known(JULY), known(OCTOBER))
    assert movement.kind == MovementKind.WORSENED
    assert movement.to_status == Status.AT_RISK
    assert movement.reasons == (
        "Bezettingsgraad noodcentrales: the figure of T3 is missing, due on 15/10/2026",
    )


def test_nothing_moved_says_nothing(ministry: Ministry, objective: OperationalObjective) -> None:
    before = known(JULY)
    record(ministry, Indicator.objects.get(), "2026-T3", "94")
    assert moved(ministry, before, known(OCTOBER)) == ()


def test_another_target_adjusts_and_gives_the_motivation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = known(JULY)
    amendment = begin(ministry)
    propose(
        ministry,
        amendment,
        ChangeKind.TARGET,
        objectives=[objective],
        indicator=Indicator.objects.get(),
        values={"final": {"due_on": "2026-12-31", "value": "94", "level": None}},
    )
    carry(ministry, amendment)
    movement = the_one(ministry, before, known(JULY))
    assert movement.kind == MovementKind.ADJUSTED
    (reason,) = movement.reasons
    assert "target 94.0\N{NO-BREAK SPACE}% by 31/12/2026, was 95.0" in reason
    assert "“W1: De aanbesteding loopt uit.”" in reason


def test_another_owner_and_holder_adjust(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = known(JULY)
    amendment = begin(ministry, by="corporate")
    propose(
        ministry,
        amendment,
        ChangeKind.OWNER,
        by="corporate",
        objectives=[objective],
        values={"unit": "DVZ", "holder": "DVZ-DG", "indicators": []},
    )
    carry(ministry, amendment, by="corporate")
    movement = the_one(ministry, before, known(date(2026, 12, 31)))
    assert any(
        reason == "Owner DVZ, was ADCV: “De aanbesteding loopt uit.”" for reason in movement.reasons
    )
    assert any(reason.startswith("Holder ") for reason in movement.reasons)


def test_a_change_of_other_fields_is_told_by_its_amendment(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = known(JULY)
    amendment = begin(ministry)
    propose(
        ministry,
        amendment,
        ChangeKind.CHANGE,
        objectives=[objective],
        values={"ends_on": "2026-11-30"},
    )
    carry(ministry, amendment)
    movement = the_one(ministry, before, known(JULY))
    assert movement.kind == MovementKind.ADJUSTED
    assert movement.reasons == ("Amendment W1 (change): “De aanbesteding loopt uit.”",)


def test_what_came_in_and_what_left(ministry: Ministry, objective: OperationalObjective) -> None:
    before = known(JULY)
    draft = ready_draft(ministry, "Kazernes bouwen")
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.ADD, results=[draft])
    propose(ministry, amendment, ChangeKind.WITHDRAW, objectives=[objective])
    carry(ministry, amendment)
    added, removed = moved(ministry, before, known(JULY))
    assert (added.kind, added.objective.pk, added.before) == (MovementKind.ADDED, draft.pk, None)
    assert (removed.kind, removed.objective.pk) == (MovementKind.REMOVED, objective.pk)
    assert removed.to_status is None
    assert added.reasons == ("Amendment W1 (add): “De aanbesteding loopt uit.”",)
    assert removed.reasons == ("Amendment W1 (withdraw): “De aanbesteding loopt uit.”",)


def test_a_judgement_adjusts_with_its_reason_and_goes_again(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = known(JULY)
    status_override(
        actor=ministry.users["head_adcv"],
        objective=objective,
        status="at_risk",
        reason="De zomer drukt.",
        holds_from=date(2026, 7, 1),
    )
    judged = known(JULY)
    movement = the_one(ministry, before, judged)
    assert movement.kind == MovementKind.ADJUSTED
    assert movement.reasons == ("The head judges at risk: “De zomer drukt.”",)
    (back,) = moved(ministry, judged, before)
    assert back.reasons == ("The head took the own judgement back",)


def test_a_milestone_that_moved_and_one_that_is_done(ministry: Ministry) -> None:
    row = ministry.objective()
    indicator = ministry.milestone(row, date(2026, 11, 30))
    ministry.approve(row)

    def say(period: str, **figure: Any) -> None:
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(**figure),
        )

    say("2026-T1", forecast_on=date(2026, 11, 15))
    first = known(date(2026, 4, 30))
    say("2026-T2", forecast_on=date(2027, 2, 15))
    second = known(JULY)
    movement = the_one(ministry, first, second)
    assert movement.kind == MovementKind.WORSENED
    assert movement.reasons[0] == (
        "Centrum geopend: now expected on 15/02/2027, was 15/11/2026; due on 30/11/2026"
    )
    say("2026-T3", done_on=date(2026, 9, 20))
    movement = the_one(ministry, second, known(OCTOBER))
    assert movement.kind == MovementKind.IMPROVED
    assert movement.reasons[0] == "Centrum geopend: done on 20/09/2026, due on 30/11/2026"


def test_what_became_of_the_milestones_of_activities_is_a_reason(ministry: Ministry) -> None:
    row = ministry.objective()
    indicator = ministry.indicator(row)
    planner = ministry.users["planner_adcv"]
    ministry.project(
        row,
        "Opleiding",
        {
            "Lesgevers gekozen": date(2026, 6, 30),
            "Lokalen gehuurd": date(2026, 9, 15),
            "Examen": date(2026, 11, 30),
            "Evaluatie": date(2026, 12, 15),
        },
    )
    ministry.approve(row)
    for period, value in (("2026-T1", "90"), ("2026-T2", "92")):
        record(ministry, indicator, period, value)
    chosen, _rented, exam, _evaluated = Milestone.objects.order_by("due_on")
    milestone_report(actor=planner, milestone=exam, done_on=None, forecast_on=date(2026, 11, 25))
    before = known(date(2026, 6, 30))
    record(ministry, indicator, "2026-T3", "89.4")
    milestone_report(actor=planner, milestone=chosen, done_on=date(2026, 7, 3))
    milestone_report(actor=planner, milestone=exam, done_on=None, forecast_on=date(2027, 1, 20))
    movement = the_one(ministry, before, known(OCTOBER))
    assert movement.kind == MovementKind.WORSENED
    assert movement.reasons[1:4] == (
        "Lesgevers gekozen: done on 03/07/2026, due on 30/06/2026",
        "Lokalen gehuurd: not done, due on 15/09/2026",
        "Examen: now expected on 20/01/2027, was 25/11/2026; due on 30/11/2026",
    )
    (back,) = moved(ministry, known(OCTOBER), before)
    assert back.reasons[1] == (
        "Examen: now expected on 25/11/2026, was 20/01/2027; due on 30/11/2026"
    )


def test_a_confidential_indicator_is_in_no_reason_for_others(ministry: Ministry) -> None:
    row = ministry.objective()
    indicator = ministry.indicator(row, title=text("Geheime bezetting"))
    Indicator.objects.filter(pk=indicator.pk).update(is_confidential=True)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    before = known(JULY)
    amendment = begin(ministry)
    propose(
        ministry,
        amendment,
        ChangeKind.TARGET,
        objectives=[row],
        indicator=indicator,
        values={"final": {"due_on": "2026-12-31", "value": "94", "level": None}},
    )
    carry(ministry, amendment)
    assert moved(ministry, before, known(JULY), by="cabinet_am") == ()
    own = the_one(ministry, before, known(JULY), by="cabinet_vbz")
    assert "Geheime bezetting" in own.reasons[0]


def test_the_worst_comes_first(ministry: Ministry, objective: OperationalObjective) -> None:
    other = ministry.objective(title="Kazernes bouwen")
    second = ministry.indicator(other, title=text("Kazernes klaar"))
    OperationalObjective.objects.filter(pk=other.pk).update(
        state="approved", waits_for="", approved_at=objective.approved_at
    )
    record(ministry, second, "2026-T2", "89")
    before = known(JULY)
    record(ministry, second, "2026-T3", "94")
    record(ministry, Indicator.objects.exclude(pk=second.pk).get(), "2026-T3", "89.4")
    kinds = [movement.kind for movement in moved(ministry, before, known(OCTOBER))]
    assert kinds == [MovementKind.WORSENED, MovementKind.IMPROVED]


def test_the_last_report_is_issued_earlier_and_for_this_reader(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    reader = access_of(ministry.users["cabinet_vbz"])
    start = Clocks.now()
    report = made(ministry, reference_date=date(2026, 6, 30))
    assert last_report(ministry.year, None, known(OCTOBER), reader) is None
    issue(ministry, report)
    now = known(OCTOBER)
    with CaptureQueriesContext(connection) as captured:
        found = last_report(ministry.year, ministry.vbz, now, reader)
    assert len(captured) == 1
    assert found is not None
    assert (found.report, found.clocks.reference_date, found.clocks.known_at) == (
        report,
        report.reference_date,
        report.known_at,
    )
    assert last_report(ministry.year, None, now, reader) == found
    assert last_report(ministry.year, ministry.am, now, reader) is None
    assert last_report(ministry.year, None, known(date(2026, 6, 30)), reader) is None
    earlier = Clocks(OCTOBER, start.known_at, pinned_known=True)
    assert last_report(ministry.year, None, earlier, reader) is None
    for name in ("cabinet_am", "planner_adcv", "outsider"):
        assert last_report(ministry.year, None, now, access_of(ministry.users[name])) is None
