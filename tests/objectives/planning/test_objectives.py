"""An objective from draft to approval; who sees it when."""

from datetime import date

import pytest

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator
from objectives.planning.choices import Step
from objectives.planning.models import OperationalObjective
from objectives.planning.services import ObjectiveSheet, objective_move, objective_update
from personnel.access import access_of
from tests.factories import Ministry, function_of, text


def seen_by(ministry: Ministry, name: str) -> set[str]:
    access = access_of(ministry.users[name])
    return set(OperationalObjective.objects.visible_to(access).values_list("code", flat=True))


def test_codes_count_on_within_a_werf(ministry: Ministry) -> None:
    assert [ministry.objective().code for _ in range(3)] == ["2.6.1", "2.6.2", "2.6.3"]


def test_a_draft_is_for_its_own_unit_and_the_auditor(ministry: Ministry) -> None:
    ministry.objective()
    who = {name for name in ministry.users if seen_by(ministry, name)}
    assert who == {"planner_adcv", "head_adcv", "auditor"}


def test_a_submitted_one_also_for_corporate_and_committee(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.submit(objective)
    who = {name for name in ministry.users if seen_by(ministry, name)}
    assert who == {"planner_adcv", "head_adcv", "auditor", "corporate", "committee"}


def test_an_approved_one_for_everyone_with_a_role(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    who = {name for name in ministry.users if seen_by(ministry, name)}
    assert who == set(ministry.users) - {"outsider"}
    access = access_of(ministry.users["cabinet_am"])
    assert Indicator.objects.visible_to(access).filter(pk=indicator.pk).exists()


def test_without_indicator_no_submission(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as refused:
        ministry.submit(ministry.objective())
    assert refused.value.code == "indicator_required"


def test_a_planner_does_not_approve_their_own_work(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    for step in (Step.SUBMIT, Step.APPROVE):
        with pytest.raises(NotAllowed):
            objective_move(actor=ministry.users["planner_adcv"], objective=objective, step=step)


def test_a_return_needs_a_reason(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.submit(objective)
    with pytest.raises(DomainError) as refused:
        objective_move(actor=ministry.users["corporate"], objective=objective, step=Step.RETURN)
    assert refused.value.field == "reason"


def sheet(title: str) -> ObjectiveSheet:
    return ObjectiveSheet(
        title=text(title),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        holder=function_of("ADCV"),
    )


def test_the_second_writer_sees_what_the_first_saved(ministry: Ministry) -> None:
    objective = ministry.objective()
    other = OperationalObjective.objects.get(pk=objective.pk)
    planner, head = ministry.users["planner_adcv"], ministry.users["head_adcv"]
    objective_update(actor=planner, objective=objective, sheet=sheet("Eerste"), expected_version=1)
    with pytest.raises(EditConflict) as conflict:
        objective_update(actor=head, objective=other, sheet=sheet("Tweede"), expected_version=1)
    assert conflict.value.theirs["title"]["nl"] == "Eerste"
    assert OperationalObjective.objects.get(pk=objective.pk).title["nl"] == "Eerste"


def test_a_change_is_in_the_history_with_old_and_new(ministry: Ministry) -> None:
    objective = ministry.objective(title="Oud")
    objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=sheet("Nieuw"),
        expected_version=1,
    )
    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid, action="changed").get()
    old, new = entry.changes["title"]
    assert (old["nl"], new["nl"]) == ("Oud", "Nieuw")
    assert entry.actor == ministry.users["planner_adcv"]


def test_an_approved_objective_is_not_edited(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    with pytest.raises(DomainError) as refused:
        objective_update(
            actor=ministry.users["planner_adcv"],
            objective=objective,
            sheet=sheet("Anders"),
            expected_version=objective.version,
        )
    assert refused.value.code == "objective_in_force"


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (date(2025, 12, 31), date(2026, 12, 31), "starts_on"),
        (date(2026, 1, 1), date(2027, 1, 1), "ends_on"),
        (date(2026, 6, 1), date(2026, 5, 1), "ends_on"),
    ],
)
def test_dates_lie_within_the_plan_year(
    ministry: Ministry, starts: date, ends: date, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        objective_update(
            actor=ministry.users["planner_adcv"],
            objective=ministry.objective(),
            sheet=ObjectiveSheet(title=text("Doel"), starts_on=starts, ends_on=ends),
            expected_version=1,
        )
    assert refused.value.field == field
