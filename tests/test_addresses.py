"""One table of every address x every role; an address missing from the table fails."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from budget.models import CreditLine
from budget.services import AmountSheet, credit_set
from ibzplan.core.choices import QuestionKind
from ibzplan.core.services import token_create
from ibzplan.core.services.questions import question_ask
from objectives.allocation.models import CreditAllocation
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.planning.services import ActivitySheet, RiskSheet, activity_add, risk_add
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import amendment_create
from objectives.planning.services.versions import plan_version_freeze
from objectives.planning.services.workbooks import workbook_import
from objectives.security.models import SecurityTheme
from objectives.strategy.choices import ElementKind, PlanKind
from objectives.strategy.models import (
    Activity,
    Plan,
    PlanAddendum,
    PlanElement,
    StrategicObjective,
    Werf,
)
from personnel.models import (
    FunctionHolder,
    OrganisationUnit,
    StaffingFigure,
    StaffingFlow,
    StaffingLine,
    User,
)
from reporting.choices import DeadlineKind, ReportState
from reporting.models import Deadline, ProgressReport, Reorganisation
from reporting.services.report_reviewing import review_open
from reporting.snapshot import canonical_json, question_of, sha256_of, snapshot_build
from tests.factories import Ministry, function_of, kept_for_many, make_ministry, text

ROLES = [
    "anonymous",
    "outsider",
    "planner_adcv",
    "head_adcv",
    "planner_dvz",
    "corporate",
    "committee",
    "cabinet_vbz",
    "cabinet_am",
    "auditor",
]
ALL = "302 200 200 200 200 200 200 200 200 200"
OPEN = "200 200 200 200 200 200 200 200 200 200"
APPROVED = "302 404 200 200 200 200 200 200 200 200"
# The objective is approved: its planners are sent back to it with a message.
OWN_UNIT = "302 404 302 302 403 403 403 403 403 403"
HOME = "302 302 302 302 302 302 302 302 302 302"
READERS = "302 403 200 200 200 200 200 200 200 200"
CYCLES = "302 403 200 200 200 200 200 403 403 200"
QUALITY = "302 403 200 200 200 200 200 403 403 200"
# Under review by ADCV, so that no cabinet sees it yet.
REPORT = "302 403 200 200 404 200 200 404 404 200"
CORPORATE = "302 403 403 403 403 200 403 403 403 403"
WORKBOOK = "302 403 200 200 404 404 404 403 403 200"
CONSOLIDATED = "302 403 200 200 200 200 200 200 200 200"
# A draft of the unit: its own people and the auditor.
AMENDMENT = "302 404 200 200 404 404 404 404 404 200"
AMENDMENT_WRITERS = "302 404 200 200 404 404 404 404 404 403"
POST_ONLY = "302 405 405 405 405 405 405 405 405 405"


def _objective() -> list[object]:
    return [OperationalObjective.objects.get().uuid]


def _followed() -> list[object]:
    return [Werf.type_name(), Werf.objects.get().uuid]


def _indicator() -> list[object]:
    return [Indicator.objects.get().uuid]


def _used_indicator() -> list[object]:
    return [*_objective(), *_indicator()]


def _measurement() -> list[object]:
    return [Measurement.objects.get().uuid]


def _report() -> list[object]:
    return [ProgressReport.objects.get().uuid]


def _report_file() -> list[object]:
    return [ProgressReport.objects.get().uuid, "json"]


def _report_format() -> list[object]:
    return [ProgressReport.objects.get().uuid, "pdf"]


def _report_unit() -> list[object]:
    return [ProgressReport.objects.get().uuid, "ADCV"]


def _deadline() -> list[object]:
    return [Deadline.objects.get().uuid]


def _reorganisation() -> list[object]:
    return [Reorganisation.objects.get().uuid]


def _amendment() -> list[object]:
    return [Amendment.objects.get().uuid]


def _proposal() -> list[object]:
    return [AmendmentChange.objects.get().uuid]


def _activity() -> list[object]:
    return [Activity.objects.get().uuid]


def _risk() -> list[object]:
    return [Risk.objects.get().uuid]


def _werf() -> list[object]:
    return ["2.6"]


def _workbook() -> list[object]:
    """Return a workbook that the planner of ADCV handed in."""
    row, _job = workbook_import(
        actor=User.objects.get(username="planner_adcv"),
        plan=OperationalPlan.objects.get(),
        file_name="plan.xlsx",
        content=b"",
        language="nl",
    )
    return [row.uuid]


def _question() -> list[object]:
    """Return a question that the cabinet of ADCV's minister asks."""
    row = question_ask(
        actor=User.objects.get(username="cabinet_vbz"),
        kind=QuestionKind.QUESTION,
        target=OperationalObjective.objects.get(),
        text="Waarom?",
    )
    return [row.uuid]


def _function() -> list[object]:
    return ["ADCV-DG"]


def _holder() -> list[object]:
    return ["ADCV-DG", FunctionHolder.objects.get().uuid]


def _credit_line() -> list[object]:
    return [CreditLine.objects.create(code="OP", title=text("Werking")).code]


def _credit_amount() -> list[object]:
    """Return an amount that the corporate cell entered."""
    _credit_line()
    credit_set(
        actor=User.objects.get(username="corporate"),
        line=CreditLine.objects.get(),
        year=2026,
        budget="initial",
        sheet=AmountSheet(commitment_cents=1, payment_cents=1),
    )
    return ["OP", 2026, "initial"]


def _allocated_line() -> list[object]:
    """Return a line of credits of ADCV."""
    unit = OrganisationUnit.objects.get(code="ADCV")
    CreditLine.objects.get_or_create(code="CV", defaults={"title": text("CV"), "unit": unit})
    return ["kredieten", "CV"]


def _allocation() -> list[object]:
    """Return a share of it for the objective, which is approved."""
    row = CreditAllocation.objects.create(
        line=CreditLine.objects.get(code=_allocated_line()[1]),
        objective=OperationalObjective.objects.get(),
        year=2026,
        numerator=1,
        denominator=3,
    )
    return ["kredieten", "CV", row.uuid]


def _addendum() -> list[object]:
    return ["A1"]


def _transversal() -> list[object]:
    return [StrategicObjective.objects.get(code="T1").uuid]


def _french_title() -> list[object]:
    return ["objectives", *_objective(), "title", "fr"]


def _api_key() -> list[object]:
    token, _key = token_create(user=User.objects.get(username="planner_adcv"), name="proef")
    return [token.uuid]


def _staffing_line() -> list[object]:
    StaffingLine.objects.get_or_create(code="DVZ", title=text("DVZ"))
    return ["DVZ"]


def _staffing_figure() -> list[object]:
    line = StaffingLine.objects.get(code=_staffing_line()[0])
    cell = {"measure": "fte", "statute": "all", "kind": "actual", "amount": 1}
    return [line.code, StaffingFigure.objects.create(line=line, on=date(2025, 12, 31), **cell).uuid]


def _staffing_flow() -> list[object]:
    line = StaffingLine.objects.get(code=_staffing_line()[0])
    cell = {"measure": "fte", "statute": "all", "kind": "actual", "inflow": 1, "outflow": 1}
    first = date(2025, 1, 1)
    flow = StaffingFlow.objects.create(line=line, starts_on=first, resolution="Y", **cell)
    return [line.code, flow.uuid]


def _resource_figure() -> list[object]:
    PlanElement.objects.get_or_create(
        plan=Plan.objects.get(kind=PlanKind.SECURITY),
        kind=ElementKind.FIGURE,
        code="FIG4",
        defaults={"title": text("Medewerkers"), "attributes": {"value": "13879"}},
    )
    return ["FIG4"]


def _none() -> list[object]:
    return []


# name -> (arguments, status of a GET for each of ROLES)
ADDRESSES: dict[str, tuple[Callable[[], list[object]], str]] = {
    "home": (_none, ALL),
    "reporting:followed": (_none, ALL),
    "follows:set": (_followed, POST_ONLY),
    "login": (_none, "200 302 302 302 302 302 302 302 302 302"),
    "logout": (_none, POST_ONLY),
    "set_language": (_none, HOME),
    "accessibility": (_none, OPEN),
    "status_rules": (_none, OPEN),
    "health": (_none, OPEN),
    "openapi": (_none, OPEN),
    "api-docs": (_none, OPEN),
    "api-docs-collection": (lambda: ["indicators"], OPEN),
    "api-docs-guide": (lambda: ["quickstart"], OPEN),
    "table-schema": (lambda: ["measurements"], OPEN),
    "search": (_none, ALL),
    "reporting:dashboard": (_none, ALL),
    "reporting:compare": (_none, ALL),
    "notifications": (_none, ALL),
    "notifications_read": (_none, POST_ONLY),
    "notification_read": (lambda: [uuid4()], POST_ONLY),
    "notification_preferences": (_none, ALL),
    "reporting:calendar": (_none, ALL),
    "reporting:feed_address": (_none, ALL),
    "reporting:feed_stop": (_none, POST_ONLY),
    # The address is the key, whoever is signed in; this one opens nothing.
    "reporting:feed": (lambda: ["unknown"], "404 404 404 404 404 404 404 404 404 404"),
    "reporting:deadline_new": (lambda: [2026], CORPORATE),
    "reporting:deadline": (_deadline, CORPORATE),
    "reporting:deadline_remove": (_deadline, POST_ONLY),
    "reporting:deadlines_take_over": (lambda: [2026], POST_ONLY),
    "reporting:reports": (_none, READERS),
    "reporting:report": (_report, REPORT),
    "reporting:report_status": (_report, REPORT),
    "reporting:report_read": (_report, REPORT),
    "reporting:reports_beside": (_none, READERS),
    "reporting:report_cycles": (_none, CYCLES),
    "reporting:report_cycle_stop": (_report, POST_ONLY),
    "reporting:report_again": (_report, POST_ONLY),
    "reporting:report_format_again": (_report_format, POST_ONLY),
    "reporting:report_language": (_report, POST_ONLY),
    "reporting:report_stop": (_report, POST_ONLY),
    "reporting:report_review": (_report, POST_ONLY),
    "reporting:report_answer": (_report_unit, POST_ONLY),
    "reporting:report_issue": (_report, CORPORATE),
    "reporting:report_waive": (_report, POST_ONLY),
    "reporting:report_numbers": (_report, POST_ONLY),
    "reporting:report_send": (_report, POST_ONLY),
    "reporting:report_archive": (_report, POST_ONLY),
    "reporting:report_correct": (_report, POST_ONLY),
    "reporting:report_file": (_report_file, REPORT),
    "reporting:reorganisations": (_none, "302 403 403 403 403 200 200 403 403 200"),
    "reporting:reorganisation_new": (_none, "302 403 403 403 403 200 403 403 403 403"),
    "reporting:reorganisation": (_reorganisation, "302 403 403 403 403 200 200 403 403 200"),
    "reporting:reorganisation_edit": (_reorganisation, "302 403 403 403 403 200 403 403 403 403"),
    "reporting:reorganisation_apply": (_reorganisation, POST_ONLY),
    "planning:werf": (_werf, ALL),
    "planning:own_unit": (_none, HOME),
    "planning:data_quality": (_none, QUALITY),
    "planning:smart_overview": (_none, QUALITY),
    "planning:queue": (_none, ALL),
    "planning:queue_step": (_none, POST_ONLY),
    "planning:plans": (_none, HOME),
    "planning:plan": (lambda: [2026], APPROVED),
    "planning:plan_submit": (lambda: [2026], POST_ONLY),
    "planning:plan_return": (lambda: [2026], POST_ONLY),
    "planning:plan_approve": (lambda: [2026], POST_ONLY),
    "planning:plan_send": (lambda: [2026], POST_ONLY),
    "planning:budget_vote": (lambda: [2026], POST_ONLY),
    "planning:plan_open": (lambda: [2026], POST_ONLY),
    "comments:new": (lambda: ["planning.operationalobjective", *_objective()], POST_ONLY),
    "comments:answer": (lambda: [uuid4()], POST_ONLY),
    "comments:settle": (lambda: [uuid4()], POST_ONLY),
    # Both sides, the corporate cell, the committee and the auditor; never another cabinet.
    "questions:list": (_none, "302 403 200 200 200 200 200 200 200 200"),
    # Without what it is about, it leads to the list.
    "questions:new": (_none, "302 403 302 302 302 302 302 302 302 302"),
    "questions:detail": (_question, "302 403 200 200 404 200 200 200 404 200"),
    "questions:withdraw": (_question, POST_ONLY),
    "planning:unit": (lambda: ["ADCV"], ALL),
    "planning:objective_new": (
        lambda: [2026],
        "302 403 200 200 200 403 403 403 403 403",
    ),
    "planning:objectives_copy": (
        lambda: [2026],
        "302 403 200 200 200 403 403 403 403 403",
    ),
    "planning:objective_table": (
        lambda: [2026],
        "302 403 200 200 200 403 403 403 403 403",
    ),
    # The objective is approved: nobody types in its form any more.
    "draft": (
        lambda: ["objective", *_objective()],
        "302 404 404 404 404 404 404 404 404 404",
    ),
    "draft_drop": (lambda: ["objective", *_objective()], POST_ONLY),
    "planning:plan_versions": (lambda: [2026], CONSOLIDATED),
    "planning:plan_version": (lambda: [2026, 1], CONSOLIDATED),
    "planning:plan_comparison": (lambda: [2026], CONSOLIDATED),
    "planning:amendments": (lambda: [2026], CONSOLIDATED),
    "planning:amendment_new": (lambda: [2026], "302 403 200 200 200 200 403 403 403 403"),
    "planning:amendment": (_amendment, AMENDMENT),
    "planning:amendment_edit": (_amendment, AMENDMENT_WRITERS),
    "planning:amendment_step": (_amendment, POST_ONLY),
    "planning:proposal_new": (lambda: [*_amendment(), "add"], AMENDMENT_WRITERS),
    "planning:proposal_edit": (_proposal, AMENDMENT_WRITERS),
    "planning:proposal_removal": (_proposal, POST_ONLY),
    "planning:proposal_rebase": (_proposal, POST_ONLY),
    "planning:proposal_start": (_objective, "302 404 200 200 403 200 403 403 403 403"),
    "planning:objective": (_objective, APPROVED),
    "planning:objective_edit": (_objective, OWN_UNIT),
    "planning:objective_step": (_objective, POST_ONLY),
    # Read, it leads to the objective.
    "planning:objective_judgement": (
        _objective,
        "302 404 302 302 302 302 302 302 302 302",
    ),
    # Read, it leads to the objective.
    "planning:objective_motivation": (
        _objective,
        "302 404 302 302 302 302 302 302 302 302",
    ),
    "planning:workbook": (lambda: [2026], QUALITY),
    "planning:workbook_file": (lambda: [2026], QUALITY),
    # Another user's: for the auditor alone.
    "planning:workbook_import": (_workbook, WORKBOOK),
    "planning:workbook_import_status": (_workbook, WORKBOOK),
    "planning:workbook_import_file": (_workbook, WORKBOOK),
    "planning:workbook_apply": (_workbook, POST_ONLY),
    "planning:evaluations": (lambda: [2026], QUALITY),
    "planning:plan_close": (lambda: [2026], POST_ONLY),
    "planning:evaluation": (_objective, "302 404 200 200 403 403 403 403 403 403"),
    "planning:evaluation_reopen": (_objective, POST_ONLY),
    "planning:activity_new": (_objective, OWN_UNIT),
    "planning:activity_edit": (_activity, OWN_UNIT),
    "planning:activity_withdrawal": (_activity, OWN_UNIT),
    # What became of milestones is reported while the plan is in force.
    "planning:milestone_reports": (_objective, "302 404 200 200 403 403 403 403 403 403"),
    # How it goes is told by the unit, of a quarter that has begun.
    "planning:narrative": (
        lambda: [*_objective(), "2026-T1"],
        "302 404 200 200 403 403 403 403 403 403",
    ),
    "planning:risk_new": (_objective, OWN_UNIT),
    "planning:risk_edit": (_risk, OWN_UNIT),
    "planning:risk_withdrawal": (_risk, OWN_UNIT),
    "planning:indicator_new": (_objective, OWN_UNIT),
    "planning:indicator": (_indicator, APPROVED),
    "planning:indicator_weight": (_used_indicator, OWN_UNIT),
    "planning:indicator_withdrawal": (_used_indicator, OWN_UNIT),
    "planning:indicator_reuse": (_used_indicator, OWN_UNIT),
    "planning:library": (_none, ALL),
    # The plan is approved: its head alone changes a definition.
    "planning:indicator_define": (_indicator, "302 404 403 200 403 403 403 403 403 403"),
    "planning:indicator_target": (_indicator, OWN_UNIT),
    "planning:measurement_validation": (_measurement, POST_ONLY),
    "planning:measurement_returning": (_measurement, POST_ONLY),
    "planning:period_applicability": (lambda: [*_indicator(), "2026-T4"], POST_ONLY),
    "planning:correction_decision": (lambda: [uuid4()], POST_ONLY),
    "planning:correction_withdrawal": (lambda: [uuid4()], POST_ONLY),
    # Whoever has a role reads the register; what a holder is evaluated on stays with its unit,
    # its minister, the corporate cell, the committee and the auditor.
    "planning:mandates": (_none, "302 403 200 200 200 200 200 200 200 200"),
    "planning:mandate": (_function, "302 403 200 200 403 200 200 200 403 200"),
    "planning:function_new": (_none, CORPORATE),
    "planning:function_edit": (_function, CORPORATE),
    "planning:holder_new": (_function, CORPORATE),
    "planning:holder_edit": (_holder, CORPORATE),
    "planning:addendum": (_addendum, ALL),
    "planning:kpi_new": (_transversal, CORPORATE),
    "planning:kpi_withdrawal": (lambda: [uuid4()], POST_ONLY),
    "strategy:signing": (_none, CORPORATE),
    "strategy:addendum_new": (_none, CORPORATE),
    "strategy:addendum_edit": (_addendum, CORPORATE),
    "strategy:transversal_new": (_addendum, CORPORATE),
    "strategy:objective_edit": (lambda: ["T1"], CORPORATE),
    "strategy:succession": (_none, CORPORATE),
    "strategy:lineage": (_none, ALL),
    "strategy:objective_lineage": (_transversal, CORPORATE),
    "strategy:werf_lineage": (lambda: [Werf.objects.get().uuid], CORPORATE),
    "strategy:objective_new": (_none, CORPORATE),
    "strategy:werf_new": (_none, CORPORATE),
    "budget:means": (_none, ALL),
    "budget:reconciliation": (_none, ALL),
    "allocation:lines": (_none, ALL),
    "allocation:objectives": (_none, ALL),
    "allocation:line": (_allocated_line, ALL),
    # Who plans for the unit of the line, and who keeps the means.
    "allocation:new": (_allocated_line, "302 403 200 200 403 200 403 403 403 403"),
    # The objective is approved: its planners are sent back with a message.
    "allocation:edit": (_allocation, "302 403 302 302 403 200 403 403 403 403"),
    "allocation:withdrawal": (_allocation, "302 403 302 302 403 200 403 403 403 403"),
    "personnel:staffing_lines": (_none, ALL),
    "personnel:staffing_line": (_staffing_line, ALL),
    "personnel:staffing_figures": (_staffing_line, CORPORATE),
    "personnel:staffing_withdraw": (_staffing_figure, CORPORATE),
    "personnel:staffing_flow": (_staffing_line, CORPORATE),
    "personnel:staffing_flow_withdraw": (_staffing_flow, CORPORATE),
    # The budget is public; B&B and the corporate cell keep it.
    "budget:credit_lines": (_none, ALL),
    "budget:credit_line": (_credit_line, ALL),
    "budget:credit_line_new": (_none, CORPORATE),
    "budget:credit_line_edit": (_credit_line, CORPORATE),
    "budget:credit_amount": (_credit_amount, CORPORATE),
    "budget:credit_withdrawal": (_credit_amount, CORPORATE),
    "budget:credit_execution": (_credit_line, CORPORATE),
    "budget:credit_table": (_none, CORPORATE),
    "budget:credit_import": (_none, CORPORATE),
    "budget:credit_import_apply": (_none, POST_ONLY),
    "personnel:staffing_import": (_none, CORPORATE),
    "personnel:staffing_import_apply": (_none, POST_ONLY),
    "personnel:staffing_table": (_none, CORPORATE),
    "personnel:api_keys": (_none, READERS),
    "personnel:api_key_new": (_none, READERS),
    # The planner's own, which the corporate cell sees and ends.
    "personnel:api_key": (_api_key, "302 403 200 404 404 200 404 404 404 404"),
    "personnel:api_key_rotate": (_api_key, "302 403 200 404 404 302 404 404 404 404"),
    "personnel:api_key_revoke": (_api_key, "302 403 200 404 404 200 404 404 404 404"),
    "reporting:alignment": (_none, ALL),
    "reporting:translations": (_none, "302 403 200 200 200 200 403 403 403 403"),
    "reporting:translation": (_french_title, "302 403 200 200 404 200 403 403 403 403"),
    "strategy:overview": (_none, ALL),
    "strategy:objective": (lambda: ["2"], ALL),
    "strategy:werf": (_werf, ALL),
    "strategy:identity": (_none, ALL),
    "strategy:stakeholders": (_none, ALL),
    "strategy:environment": (_none, ALL),
    "strategy:rules": (_none, ALL),
    "strategy:communication": (_none, ALL),
    "strategy:organisation": (_none, ALL),
    "security:overview": (_none, ALL),
    "security:theme": (lambda: ["1"], ALL),
    "security:frameworks": (_none, ALL),
    "security:conditions": (_none, ALL),
    "security:resources": (_none, ALL),
    "security:resource_figure": (_resource_figure, ALL),
    "security:resource_value": (_resource_figure, CORPORATE),
    "security:resource_target": (_resource_figure, CORPORATE),
    "security:follow_up": (_none, ALL),
    "security:regular": (_none, ALL),
    "security:abbreviations": (_none, ALL),
}


def _names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    """Collect the names; Django's admin and the API (tests/api) have tables of their own."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace or ""]))
            if not (pattern.namespace == "admin" or str(pattern.pattern).startswith("api/")):
                found |= _names(pattern.url_patterns, inner)
        elif pattern.name:
            found.add(":".join(filter(None, [namespace, pattern.name])))
    return found


def test_every_address_is_in_the_table() -> None:
    assert _names(get_resolver().url_patterns) - set(ADDRESSES) == set()


def _amend(ministry: Ministry, objective: OperationalObjective) -> None:
    """Put the plan in force, with a draft of an amendment."""
    planner = ministry.users["planner_adcv"]
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    amendment = amendment_create(
        actor=planner, plan=ministry.year, unit=ministry.adcv, title=text("Bijsturing")
    )
    proposal = Proposal(
        kind="change",
        motivation="Loopt uit.",
        is_important=False,
        objectives=[objective],
        values={"ends_on": "2026-11-30"},
    )
    change_add(actor=planner, amendment=amendment, proposal=proposal)


@pytest.fixture(scope="module")
def signed_in(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Make the world once for all addresses; return the session of each role."""
    with kept_for_many(django_db_blocker):
        world = _world(make_ministry())
        yield {name: _session(user) for name, user in world.users.items()}


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _world(ministry: Ministry) -> Ministry:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    planner = ministry.users["planner_adcv"]
    activity_add(
        actor=planner,
        objective=objective,
        sheet=ActivitySheet(kind="action", title=text("Opleiden")),
    )
    risk_add(
        actor=planner,
        objective=objective,
        sheet=RiskSheet(title=text("Uitval"), likelihood=1, impact=1, response="accept"),
    )
    ministry.approve(objective)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(93)),
    )
    _amend(ministry, objective)
    _reviewed_report(ministry)
    Deadline.objects.create(plan=ministry.year, kind=DeadlineKind.REVIEW, due_on=date(2026, 11, 30))
    Reorganisation.objects.create(
        title=text("Fusie"), takes_effect_on=date(2027, 1, 1), successor=ministry.dvz
    )
    security = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    SecurityTheme.objects.create(plan=security, code="1", title=text("Thema"), is_block=True)
    _life_of_plan(ministry.plan)
    return ministry


def _reviewed_report(ministry: Ministry) -> None:
    """Make a report that ADCV is asked to read."""
    report = ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=date(2026, 9, 30),
        known_at=timezone.now(),
        language="nl",
        state=ReportState.READY,
        requested_by=ministry.users["corporate"],
    )
    report.snapshot = canonical_json(snapshot_build(question_of(report)))
    report.snapshot_sha256 = sha256_of(report.snapshot)
    report.save()
    tomorrow = timezone.localdate() + timedelta(days=1)
    review_open(actor=ministry.users["corporate"], report=report, due_on=tomorrow)


def _life_of_plan(plan: Plan) -> None:
    """A holder, an addendum with a transversal objective, a next plan."""
    FunctionHolder.objects.create(function=function_of("ADCV"), name="Een houder")
    addendum = PlanAddendum.objects.create(plan=plan, code="A1", title=text("Addendum"))
    StrategicObjective.objects.create(
        plan=plan, code="T1", title=text("Transversaal"), addendum=addendum
    )
    Plan.objects.filter(pk=plan.pk).update(replaced_on=date(2130, 1, 1))
    Plan.objects.create(
        code="SP2130",
        kind=PlanKind.STRATEGIC,
        title=text("Volgend plan"),
        starts_on=date(2130, 1, 1),
        ends_on=date(2134, 12, 31),
        predecessor=plan,
    )


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_gets_what(signed_in: dict[str, str], db: None, name: str) -> None:
    arguments, expected = ADDRESSES[name]
    address = reverse(name, args=arguments())
    given = {}
    for role in ROLES:
        client = Client()
        if role != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = signed_in[role]
        given[role] = client.get(address).status_code
    assert given == dict(zip(ROLES, map(int, expected.split()), strict=True))
