"""The one lock order: the record clock first, then rows; otherwise two writers can deadlock.

SQLite locks nothing but the whole database, so that only the order of the statements shows it.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from django.utils import timezone

from ibzplan.core.models import Job
from ibzplan.core.services import (
    job_claim,
    record_change,
    token_create,
    token_revoke,
    token_rotate,
)
from ibzplan.core.services.comments import comment_add, comment_settle
from objectives.planning.choices import Step
from objectives.planning.services import (
    ObjectiveSheet,
    objective_create,
    objective_move,
    objective_update,
    objectives_move,
    operational_plan_create,
)
from objectives.planning.services.plans import plan_approve, plan_open
from personnel.choices import Role
from personnel.models import RoleAssignment
from personnel.services import client_create, role_assign, role_withdraw, user_create, user_record
from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.services import report_fail, report_request
from tests.core.lock_order import Call, assert_clock_first
from tests.factories import Ministry, function_of, text


def _sheet(title: str) -> ObjectiveSheet:
    return ObjectiveSheet(
        title=text(title),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        holder=function_of("ADCV"),
    )


def _record_change(ministry: Ministry) -> Call:
    unit = ministry.adcv
    return lambda: record_change(actor=None, target=unit, values={"order": 9})


def _role_assign(ministry: Ministry) -> Call:
    user = ministry.users["auditor"]
    return lambda: role_assign(actor=None, user=user, role=Role.CORPORATE)


def _role_withdraw(ministry: Ministry) -> Call:
    role = RoleAssignment.objects.earliest("pk")
    return lambda: role_withdraw(actor=None, assignment=role)


def _user_create(ministry: Ministry) -> Call:
    return lambda: user_create(
        actor=None, username="nieuw", display_name="Nieuw", role=Role.AUDITOR
    )


def _user_record(ministry: Ministry) -> Call:
    user = ministry.users["auditor"]
    return lambda: user_record(actor=None, user=user, action="looked", changes={})


def _client_create(ministry: Ministry) -> Call:
    return lambda: client_create(name="klant", role=Role.AUDITOR)


def _token_revoke(ministry: Ministry) -> Call:
    token, _key = token_create(user=ministry.users["auditor"], name="proef")
    return lambda: token_revoke(actor=None, token=token)


def _token_create(ministry: Ministry) -> Call:
    return lambda: token_create(user=ministry.users["auditor"], name="proef")


def _token_rotate(ministry: Ministry) -> Call:
    token, _key = token_create(user=ministry.users["auditor"], name="proef")
    return lambda: token_rotate(actor=None, token=token)


def _operational_plan_create(ministry: Ministry) -> Call:
    return lambda: operational_plan_create(actor=None, plan=ministry.plan, year=2027)


def _objective_create(ministry: Ministry) -> Call:
    return lambda: objective_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=_sheet("Nieuw"),
    )


def _objective_update(ministry: Ministry) -> Call:
    objective = ministry.objective()
    return lambda: objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=_sheet("Anders"),
        expected_version=objective.version,
        security_objectives=(),
    )


def _objective_move(ministry: Ministry) -> Call:
    objective = ministry.objective()
    ministry.indicator(objective)
    head = ministry.users["head_adcv"]
    return lambda: objective_move(actor=head, objective=objective, step=Step.SUBMIT)


def _objectives_move(ministry: Ministry) -> Call:
    objective = ministry.objective()
    ministry.indicator(objective)
    many = [(objective, objective.version)]
    head = ministry.users["head_adcv"]
    return lambda: objectives_move(actor=head, objectives=many, step=Step.SUBMIT)


def _comment_add(ministry: Ministry) -> Call:
    objective, head = ministry.objective(), ministry.users["head_adcv"]
    return lambda: comment_add(actor=head, target=objective, text="Korter")


def _comment_settle(ministry: Ministry) -> Call:
    objective, head = ministry.objective(), ministry.users["head_adcv"]
    comment = comment_add(actor=head, target=objective, text="Korter")
    return lambda: comment_settle(actor=head, comment=comment, target=objective)


def _plan_open(ministry: Ministry) -> Call:
    return lambda: plan_open(actor=ministry.users["corporate"], after=ministry.year)


def _plan_approve(ministry: Ministry) -> Call:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    today, committee = timezone.localdate(), ministry.users["committee"]
    return lambda: plan_approve(actor=committee, plan=ministry.year, approved_on=today)


def _indicator_add(ministry: Ministry) -> Call:
    objective = ministry.objective()
    return lambda: ministry.indicator(objective, target=Decimal(95))


def _ask(ministry: Ministry) -> tuple[ProgressReport, Job]:
    return report_request(
        actor=ministry.users["corporate"],
        strategic_plan=ministry.plan,
        minister=ministry.vbz,
        reference_date=date(2026, 6, 30),
        language="nl",
    )


def _report_request(ministry: Ministry) -> Call:
    return lambda: _ask(ministry)


def _report_request_again(ministry: Ministry) -> Call:
    _report, job = _ask(ministry)
    claimed = job_claim(job_uuid=job.uuid)
    assert claimed
    report_fail(job=claimed, error="unexpected")
    return lambda: _ask(ministry)


def _report_fail(ministry: Ministry) -> Call:
    report, job = _ask(ministry)
    assert report.state == ReportState.REQUESTED
    claimed = job_claim(job_uuid=job.uuid)
    assert claimed
    return lambda: report_fail(job=claimed, error="unexpected")


SERVICES: Final = [
    _record_change,
    _role_assign,
    _role_withdraw,
    _user_create,
    _user_record,
    _client_create,
    _token_create,
    _token_revoke,
    _token_rotate,
    _operational_plan_create,
    _objective_create,
    _objective_update,
    _objective_move,
    _objectives_move,
    _comment_add,
    _comment_settle,
    _plan_open,
    _plan_approve,
    _indicator_add,
    _report_request,
    _report_request_again,
    _report_fail,
]


@pytest.mark.parametrize("prepared", SERVICES, ids=lambda one: one.__name__[1:])
def test_the_clock_is_locked_before_any_row(
    ministry: Ministry, prepared: Callable[[Ministry], Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_clock_first(prepared(ministry), monkeypatch)
