"""The one lock order in the life of a yearly plan up to its closing; see test_lock_order."""

from datetime import date
from typing import Final

import pytest
from django.utils import timezone

from objectives.planning.choices import ChangeKind, PlanState
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    FinalEvaluation,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import closing as closing_rules
from objectives.planning.services import (
    evaluations,
)
from objectives.planning.services.amendment_changes import (
    Proposal,
    change_add,
    change_remove,
    change_update,
)
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_reject,
    amendment_return,
    amendment_submit,
    amendment_update,
    amendment_withdraw,
)
from objectives.planning.services.closing import plan_close
from objectives.planning.services.evaluations import (
    EvaluationSheet,
    evaluation_hand_in,
    evaluation_reopen,
    evaluation_save,
)
from objectives.planning.services.plans import (
    budget_vote_set,
    plan_return,
    plan_send,
    plan_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from tests.core.lock_order import Call, Prepared, assert_clock_first, in_force
from tests.factories import Ministry, text

# The life of a plan, amendments and versions -----------------------------------------------------


def _plan_submit(ministry: Ministry) -> Call:
    ministry.objective()
    OperationalPlan.objects.update(state=PlanState.DRAFT)
    return lambda: plan_submit(actor=ministry.users["corporate"], plan=ministry.year)


def _plan_return(ministry: Ministry) -> Call:
    OperationalPlan.objects.update(state=PlanState.SUBMITTED)
    committee = ministry.users["committee"]
    return lambda: plan_return(actor=committee, plan=ministry.year, reason="Onvolledig")


def _plan_send(ministry: Ministry) -> Call:
    today = timezone.localdate()
    return lambda: plan_send(actor=ministry.users["corporate"], plan=ministry.year, sent_on=today)


def _budget_vote_set(ministry: Ministry) -> Call:
    corporate, day = ministry.users["corporate"], date(2025, 12, 18)
    return lambda: budget_vote_set(actor=corporate, plan=ministry.year, voted_on=day)


def _plan_version_freeze(ministry: Ministry) -> Call:
    return lambda: plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)


def _amendment(ministry: Ministry) -> Amendment:
    in_force(ministry)
    return amendment_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        unit=ministry.adcv,
        title=text("Bijsturing najaar"),
    )


def _proposal(day: str) -> Proposal:
    return Proposal(
        kind=ChangeKind.CHANGE,
        motivation="De aanbesteding loopt uit.",
        is_important=False,
        objectives=list(OperationalObjective.objects.all()),
        values={"ends_on": day},
    )


def _change(ministry: Ministry) -> AmendmentChange:
    planner = ministry.users["planner_adcv"]
    return change_add(
        actor=planner, amendment=_amendment(ministry), proposal=_proposal("2026-11-30")
    )


def _submitted(ministry: Ministry) -> Amendment:
    amendment = _change(ministry).amendment
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    return amendment


def _amendment_create(ministry: Ministry) -> Call:
    in_force(ministry)
    return lambda: amendment_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        unit=ministry.adcv,
        title=text("Bijsturing najaar"),
    )


def _amendment_update(ministry: Ministry) -> Call:
    amendment, planner = _amendment(ministry), ministry.users["planner_adcv"]
    return lambda: amendment_update(
        actor=planner,
        amendment=amendment,
        title=text("Bijsturing winter"),
        motivation=text("Later"),
        expected_version=amendment.version,
    )


def _change_add(ministry: Ministry) -> Call:
    amendment, planner = _amendment(ministry), ministry.users["planner_adcv"]
    proposal = _proposal("2026-11-30")
    return lambda: change_add(actor=planner, amendment=amendment, proposal=proposal)


def _change_update(ministry: Ministry) -> Call:
    change, planner = _change(ministry), ministry.users["planner_adcv"]
    return lambda: change_update(
        actor=planner,
        change=change,
        proposal=_proposal("2026-10-31"),
        expected_version=change.version,
    )


def _change_remove(ministry: Ministry) -> Call:
    change, planner = _change(ministry), ministry.users["planner_adcv"]
    return lambda: change_remove(actor=planner, change=change, expected_version=change.version)


def _amendment_submit(ministry: Ministry) -> Call:
    amendment = _change(ministry).amendment
    return lambda: amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)


def _amendment_return(ministry: Ministry) -> Call:
    amendment, corporate = _submitted(ministry), ministry.users["corporate"]
    return lambda: amendment_return(actor=corporate, amendment=amendment, reason="Onduidelijk")


def _amendment_reject(ministry: Ministry) -> Call:
    amendment, committee = _submitted(ministry), ministry.users["committee"]
    return lambda: amendment_reject(actor=committee, amendment=amendment, reason="Niet nodig")


def _amendment_withdraw(ministry: Ministry) -> Call:
    amendment, head = _change(ministry).amendment, ministry.users["head_adcv"]
    return lambda: amendment_withdraw(actor=head, amendment=amendment)


def _amendment_approve(ministry: Ministry) -> Call:
    amendment, committee = _submitted(ministry), ministry.users["committee"]
    return lambda: amendment_approve(actor=committee, amendment=amendment)


# Closing -----------------------------------------------------------------------------------------

_EVALUATION: Final = EvaluationSheet(
    result="not_achieved",
    explanation=text("Te weinig personeel"),
    lessons=text("Vroeger aanwerven"),
    discontinued_because="Afgerond.",
)


def _evaluation(ministry: Ministry) -> FinalEvaluation:
    planner = ministry.users["planner_adcv"]
    return evaluation_save(actor=planner, objective=in_force(ministry), sheet=_EVALUATION)


def _handed_in(ministry: Ministry) -> FinalEvaluation:
    evaluation = _evaluation(ministry)
    evaluation_hand_in(actor=ministry.users["head_adcv"], evaluation=evaluation)
    return evaluation


def _evaluation_save(ministry: Ministry) -> Call:
    objective, planner = in_force(ministry), ministry.users["planner_adcv"]
    return lambda: evaluation_save(actor=planner, objective=objective, sheet=_EVALUATION)


def _evaluation_hand_in(ministry: Ministry) -> Call:
    evaluation, head = _evaluation(ministry), ministry.users["head_adcv"]
    return lambda: evaluation_hand_in(actor=head, evaluation=evaluation)


def _evaluation_reopen(ministry: Ministry) -> Call:
    evaluation, corporate = _handed_in(ministry), ministry.users["corporate"]
    return lambda: evaluation_reopen(actor=corporate, evaluation=evaluation, reason="Nagaan")


def _plan_close(ministry: Ministry) -> Call:
    _handed_in(ministry)
    return lambda: plan_close(actor=ministry.users["committee"], plan=ministry.year)


SERVICES: Final[list[Prepared]] = [
    _plan_submit,
    _plan_return,
    _plan_send,
    _budget_vote_set,
    _plan_version_freeze,
    _amendment_create,
    _amendment_update,
    _change_add,
    _change_update,
    _change_remove,
    _amendment_submit,
    _amendment_return,
    _amendment_reject,
    _amendment_withdraw,
    _amendment_approve,
    _evaluation_save,
    _evaluation_hand_in,
    _evaluation_reopen,
    _plan_close,
]


@pytest.fixture(autouse=True)
def late_in_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of 2026 can be evaluated, whatever the clock of the machine says."""
    for module in (closing_rules, evaluations):
        monkeypatch.setattr(module, "evaluation_opens_on", lambda _year: date(2020, 1, 1))


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
