"""Locked figures: one person asks for a correction, another one decides."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import CorrectionState, MeasurementEventKind
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import indicator_readings
from objectives.indicators.selectors.corrections import corrections_of, corrections_waiting
from objectives.indicators.selectors.figures import parts_of
from objectives.indicators.selectors.whole_record import whole_record
from objectives.indicators.services import (
    ConfirmationRequired,
    Figure,
    FigurePart,
    correction_decide,
    correction_request,
    correction_withdraw,
    figures_lock,
    measurement_record,
    measurement_return,
    measurement_validate,
)
from objectives.indicators.services.measurements import figure_append
from objectives.planning.services import figure_record
from personnel.access import access_of
from personnel.models import RoleAssignment, User
from tests.factories import Ministry, text

T1, T2, T3 = (parse_period(f"2026-T{n}") for n in (1, 2, 3))
REGIONS = [
    {
        "code": "region",
        "title": {"nl": "Gewest", "fr": "Région"},
        "adds_up": True,
        "members": [
            {"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}},
            {"code": "vla", "title": {"nl": "Vlaanderen", "fr": "Flandre"}},
        ],
    }
]


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    return indicator


def counted(ministry: Ministry, **sheet: Any) -> Indicator:
    """Return a count of interventions by region, whose parts add up."""
    values: dict[str, Any] = {
        "title": text("Interventies"),
        "unit_of_measure": LocalisedText({"nl": "interventies", "fr": "interventions"}),
        "decimals": 0,
        "disaggregations": REGIONS,
    }
    return ministry.indicator(ministry.objective(), **{**values, **sheet})


def record(
    ministry: Ministry, indicator: Indicator, value: str, *, by: str = "planner_adcv", **more: Any
) -> Measurement:
    parts = more.pop("parts", {})
    return measurement_record(
        actor=ministry.users[by],
        indicator=indicator,
        period=more.pop("period", T2),
        figure=Figure(
            value=Decimal(value),
            breakdown={
                f"region={code}": FigurePart(value=None if number is None else Decimal(number))
                for code, number in parts.items()
            },
        ),
        **more,
    )


def lock(ministry: Ministry, row: Measurement) -> None:
    figures_lock(actor=ministry.users["corporate"], measurements=[row.uuid], cause=ministry.year)


@pytest.fixture
def locked(ministry: Ministry, indicator: Indicator) -> Measurement:
    row = record(ministry, indicator, "91.2")
    lock(ministry, row)
    return row


def ask(
    ministry: Ministry, locked: Measurement, value: str = "90.1", *, by: str = "planner_adcv"
) -> Correction:
    return correction_request(
        actor=ministry.users[by],
        indicator=locked.indicator,
        period=locked.period,
        figure=Figure(value=Decimal(value)),
        reason="Telfout in de meldkamer",
    )


def actual(ministry: Ministry, indicator: Indicator, clocks: Clocks) -> Fraction | None:
    access = access_of(ministry.users["auditor"])
    readings = indicator_readings([indicator], year=2026, clocks=clocks, access=access)
    return readings[indicator.pk].status.actual


# Locked ------------------------------------------------------------------------------------------


def test_a_locked_figure_is_not_corrected_by_one_person(
    ministry: Ministry, locked: Measurement
) -> None:
    with pytest.raises(DomainError) as refused:
        record(ministry, locked.indicator, "90.1", reason="Telfout")
    assert refused.value.code == "period_locked"
    assert refused.value.message.startswith("T2 2026")
    asked = figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=locked.indicator,
        period=T2,
        figure=Figure(value=Decimal("90.1")),
        reason="Telfout",
    )
    assert isinstance(asked, Correction)
    assert actual(ministry, locked.indicator, Clocks.now()) == Fraction("91.2")


def test_locking_twice_for_one_report_is_locking_once(
    ministry: Ministry, locked: Measurement
) -> None:
    lock(ministry, locked)
    assert locked.events.filter(kind=MeasurementEventKind.LOCKED).count() == 1


def test_after_approval_the_old_view_shows_the_old_figure(
    ministry: Ministry, locked: Measurement
) -> None:
    correction = ask(ministry, locked)
    before = Clocks.now()
    head = ministry.users["head_adcv"]
    result = correction_decide(actor=head, correction=correction, approve=True)
    assert result is not None
    assert (result.recorded_by, result.approved_by) == (ministry.users["planner_adcv"], head)
    assert result.reason == "Telfout in de meldkamer"
    assert actual(ministry, locked.indicator, Clocks.now()) == Fraction("90.1")
    assert actual(ministry, locked.indicator, before) == Fraction("91.2")
    then = corrections_of(locked.indicator, before.known_at)
    now = corrections_of(locked.indicator, Clocks.now().known_at)
    assert [row.state for row in then] == [CorrectionState.PENDING]
    assert [row.state for row in now] == [CorrectionState.APPROVED]


def test_asked_by_the_head_it_stays_validated_whoever_approves(
    ministry: Ministry, locked: Measurement
) -> None:
    head = ministry.users["head_adcv"]
    measurement_validate(actor=head, measurement=locked)
    asked = ask(ministry, locked, by="head_adcv")
    result = correction_decide(actor=ministry.users["corporate"], correction=asked, approve=True)
    assert result is not None
    event = result.events.get(kind=MeasurementEventKind.VALIDATED)
    assert event.recorded_by == head
    rows = Measurement.objects.with_validation(Clocks.now().known_at).filter(pk=result.pk)
    assert rows.get().is_validated


def test_a_head_of_another_directorate_by_then_validates_nothing(
    ministry: Ministry, locked: Measurement
) -> None:
    asked = ask(ministry, locked, by="head_adcv")
    RoleAssignment.objects.filter(user=ministry.users["head_adcv"]).update(unit=ministry.dvz)
    asked = Correction.objects.get(pk=asked.pk)
    result = correction_decide(actor=ministry.users["corporate"], correction=asked, approve=True)
    assert result is not None
    assert not result.events.exists()


def test_a_correction_asked_twice_in_the_same_words_is_one(
    ministry: Ministry, locked: Measurement
) -> None:
    assert ask(ministry, locked) == ask(ministry, locked)
    assert Correction.objects.count() == 1
    with pytest.raises(DomainError) as refused:
        ask(ministry, locked, "90.2")
    assert refused.value.code == "correction_waits"
    with pytest.raises(DomainError) as refused:
        ask(ministry, locked, by="head_adcv")
    assert refused.value.code == "correction_waits"


def test_a_correction_that_changes_nothing_is_refused(
    ministry: Ministry, locked: Measurement
) -> None:
    with pytest.raises(DomainError) as refused:
        ask(ministry, locked, "91.20")
    assert refused.value.code == "nothing_changed"
    assert not Correction.objects.exists()


def test_approved_by_the_head_it_is_validated_and_by_the_corporate_cell_it_is_not(
    ministry: Ministry, locked: Measurement
) -> None:
    by_head = correction_decide(
        actor=ministry.users["head_adcv"], correction=ask(ministry, locked), approve=True
    )
    assert by_head is not None
    assert by_head.events.filter(kind=MeasurementEventKind.VALIDATED).exists()
    by_cell = correction_decide(
        actor=ministry.users["corporate"], correction=ask(ministry, by_head, "89"), approve=True
    )
    assert by_cell is not None
    assert not by_cell.events.filter(kind=MeasurementEventKind.VALIDATED).exists()


# The second person -------------------------------------------------------------------------------


def test_nobody_approves_their_own_correction(ministry: Ministry, locked: Measurement) -> None:
    own = ask(ministry, locked, by="head_adcv")
    with pytest.raises(NotAllowed):
        correction_decide(actor=ministry.users["head_adcv"], correction=own, approve=True)
    correction_withdraw(actor=ministry.users["head_adcv"], correction=own)
    almighty = User.objects.create(username="beheerder", is_superuser=True)
    ministry.users["almighty"] = almighty
    with pytest.raises(NotAllowed):
        correction_decide(
            actor=almighty, correction=ask(ministry, locked, by="almighty"), approve=True
        )


@pytest.mark.parametrize(
    "by", ["planner_adcv", "planner_dvz", "head_dvz", "committee", "cabinet_vbz", "auditor"]
)
def test_only_the_units_head_and_the_corporate_cell_decide(
    ministry: Ministry, locked: Measurement, by: str
) -> None:
    correction = ask(ministry, locked, by="head_adcv")
    with pytest.raises(NotAllowed):
        correction_decide(actor=ministry.users[by], correction=correction, approve=True)
    assert Measurement.objects.count() == 1


def test_a_correction_is_decided_once(ministry: Ministry, locked: Measurement) -> None:
    correction = ask(ministry, locked)
    stale = Correction.objects.get(pk=correction.pk)
    correction_decide(actor=ministry.users["head_adcv"], correction=correction, approve=True)
    for approve in (True, False):
        with pytest.raises(DomainError) as refused:
            correction_decide(
                actor=ministry.users["corporate"], correction=stale, approve=approve, note="Neen"
            )
        assert refused.value.code == "already_decided"
    with pytest.raises(DomainError):
        correction_withdraw(actor=ministry.users["planner_adcv"], correction=stale)
    assert Measurement.objects.count() == 2


def test_refusing_needs_a_note_and_leaves_the_figure(
    ministry: Ministry, locked: Measurement
) -> None:
    correction, head = ask(ministry, locked), ministry.users["head_adcv"]
    with pytest.raises(DomainError) as refused:
        correction_decide(actor=head, correction=correction, approve=False, note=" ")
    assert refused.value.field == "note"
    assert correction_decide(actor=head, correction=correction, approve=False, note="Geen") is None
    correction.refresh_from_db()
    assert (correction.state, correction.decision_note) == (CorrectionState.REFUSED, "Geen")
    assert actual(ministry, locked.indicator, Clocks.now()) == Fraction("91.2")


def test_one_correction_waits_at_a_time(ministry: Ministry, locked: Measurement) -> None:
    ask(ministry, locked)
    with pytest.raises(DomainError) as refused:
        ask(ministry, locked, "89")
    assert refused.value.code == "correction_waits"


def test_a_correction_of_a_figure_that_changed_meanwhile_is_not_approved(
    ministry: Ministry, locked: Measurement
) -> None:
    correction = ask(ministry, locked)
    figure_append(
        actor=ministry.users["planner_adcv"],
        indicator=locked.indicator,
        period=T2,
        figure=Figure(value=Decimal(80)),
        recorded_at=Clocks.now().known_at.replace(year=2027),
        reason="Langs een andere weg",
    )
    with pytest.raises(DomainError) as refused:
        correction_decide(actor=ministry.users["head_adcv"], correction=correction, approve=True)
    assert refused.value.code == "figure_changed"
    assert not Measurement.objects.exclude(approved_by=None).exists()


def test_who_sees_what_waits(ministry: Ministry, locked: Measurement) -> None:
    correction = ask(ministry, locked)
    seen = {
        name
        for name, user in ministry.users.items()
        if correction
        in corrections_waiting(access_of(user), [ministry.adcv.pk], Clocks.now().known_at)
    }
    assert seen == {"planner_adcv", "head_adcv", "corporate", "auditor"}


def test_what_waited_then_is_listed_then(ministry: Ministry, locked: Measurement) -> None:
    before = Clocks.now().known_at
    correction = ask(ministry, locked)
    asked = Clocks.now().known_at
    correction_decide(
        actor=ministry.users["head_adcv"], correction=correction, approve=False, note="Klopt niet"
    )
    auditor = access_of(ministry.users["auditor"])
    waited = [
        list(corrections_waiting(auditor, [ministry.adcv.pk], moment))
        for moment in (before, asked, Clocks.now().known_at)
    ]
    assert waited == [[], [correction], []]


# The breakdown -----------------------------------------------------------------------------------


def test_parts_that_do_not_add_up_are_refused_with_sum_whole_and_difference(
    ministry: Ministry,
) -> None:
    indicator = counted(ministry)
    with pytest.raises(DomainError) as refused:
        record(ministry, indicator, "100", parts={"bru": "40", "vla": "50"})
    assert refused.value.field == "breakdown"
    for named in ("Gewest", "90 interventies", "100 interventies", "-10 interventies"):
        assert named in refused.value.message.replace("\xa0", " ").replace("\u2212", "-")
    assert not Measurement.objects.exists()


def test_parts_left_out_stay_and_parts_taken_away_go(ministry: Ministry) -> None:
    indicator = counted(ministry)
    first = record(ministry, indicator, "100", parts={"bru": "40", "vla": "60"})
    second = record(ministry, indicator, "90", parts={"bru": "30"}, reason="Dubbel geteld")
    assert {key: row.value for key, row in parts_of([second])[second.pk].items()} == {
        "region=bru": Decimal(30),
        "region=vla": Decimal(60),
    }
    third = record(
        ministry,
        indicator,
        "95",
        parts={"bru": None, "vla": None},
        reason="Niet meer gekend",
        confirmed=["breakdown_incomplete"],
    )
    known = parts_of([first, second, third])
    assert known[third.pk] == {}
    assert known[first.pk]["region=bru"].value == Decimal(40)
    nothing = record(
        ministry,
        indicator,
        "95",
        parts={"bru": None},
        period=T3,
        confirmed=["breakdown_incomplete"],
    )
    assert not Measurement.objects.filter(period_start=T3.start).exclude(pk=nothing.pk).exists()


def test_a_corrected_total_carries_all_its_parts_and_one_validation_goes_for_all(
    ministry: Ministry,
) -> None:
    indicator = counted(ministry)
    record(ministry, indicator, "100", parts={"bru": "40", "vla": "60"})
    again = measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T2,
        figure=Figure(value=Decimal(100), narrative=text("Bevestigd na controle")),
        reason="Toelichting",
    )
    measurement_validate(actor=ministry.users["head_adcv"], measurement=again)
    moment = Clocks.now().known_at
    rows = Measurement.objects.with_validation(moment).latest_of_slot(moment)
    assert {(row.breakdown_key, row.value, row.recorded_at, row.is_validated) for row in rows} == {
        (key, Decimal(value), again.recorded_at, True)
        for key, value in {"": 100, "region=bru": 40, "region=vla": 60}.items()
    }


def test_a_part_of_a_ratio_needs_both_numbers(ministry: Ministry) -> None:
    indicator = counted(
        ministry,
        unit_of_measure=LocalisedText({"nl": "%", "fr": "%"}),
        is_ratio=True,
        numerator_definition=text("Op tijd"),
        denominator_definition=text("Alle"),
    )
    with pytest.raises(DomainError) as refused:
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=T2,
            figure=Figure(
                numerator=Decimal(9),
                denominator=Decimal(10),
                breakdown={"region=bru": FigurePart(numerator=Decimal(4))},
            ),
        )
    assert refused.value.field == "breakdown:region=bru"


def test_a_correction_carries_its_parts(ministry: Ministry) -> None:
    indicator = counted(ministry)
    row = record(ministry, indicator, "100", parts={"bru": "40", "vla": "60"})
    lock(ministry, row)
    correction = correction_request(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T2,
        figure=Figure(value=Decimal(90), breakdown={"region=bru": FigurePart(value=Decimal(30))}),
        reason="Dubbel geteld",
    )
    result = correction_decide(
        actor=ministry.users["corporate"], correction=correction, approve=True
    )
    assert result is not None
    parts = parts_of([result])[result.pk]
    assert {key: part.value for key, part in parts.items()} == {
        "region=bru": Decimal(30),
        "region=vla": Decimal(60),
    }


# Warnings and reviews ----------------------------------------------------------------------------


def test_a_confirmed_warning_is_kept_with_the_figure(ministry: Ministry) -> None:
    indicator = counted(ministry, accumulation="to_date", disaggregations=[])
    record(ministry, indicator, "100", period=T1)
    with pytest.raises(ConfirmationRequired) as asked:
        record(ministry, indicator, "90")
    assert [one.check.value for one in asked.value.findings] == ["fall_of_to_date"]
    row = record(ministry, indicator, "90", confirmed=["fall_of_to_date"])
    assert row.confirmed_checks == ["fall_of_to_date"]
    assert whole_record(indicator.pk).current()[T2] == row


def test_a_figure_is_returned_with_a_reason_by_its_head_alone(
    ministry: Ministry, indicator: Indicator
) -> None:
    row, head = record(ministry, indicator, "91.2"), ministry.users["head_adcv"]
    with pytest.raises(NotAllowed):
        measurement_return(
            actor=ministry.users["planner_adcv"], measurement=row, reason="Klopt niet"
        )
    with pytest.raises(DomainError) as refused:
        measurement_return(actor=head, measurement=row, reason="")
    assert refused.value.field == "return_reason"
    event = measurement_return(actor=head, measurement=row, reason="Klopt niet")
    assert measurement_return(actor=head, measurement=row, reason="Klopt niet") == event
    measurement_validate(actor=head, measurement=row)
    assert row.events.count() == 2
    assert actual(ministry, indicator, Clocks(date(2026, 9, 30), event.recorded_at)) is not None
