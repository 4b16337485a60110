"""One table of every address x every role; an address missing from the table fails."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.models import OperationalObjective
from objectives.security.models import SecurityTheme
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from reporting.choices import ReportState
from reporting.models import ProgressReport
from tests.factories import Ministry, text

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
READERS = "302 403 403 403 403 200 200 200 200 200"
QUALITY = "302 403 200 200 200 200 200 403 403 200"
REPORT = "302 403 403 403 403 200 200 200 404 200"
POST_ONLY = "302 405 405 405 405 405 405 405 405 405"


def _objective() -> list[object]:
    return [OperationalObjective.objects.get().uuid]


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


def _werf() -> list[object]:
    return ["2.6"]


def _none() -> list[object]:
    return []


# name -> (arguments, status of a GET for each of ROLES)
ADDRESSES: dict[str, tuple[Callable[[], list[object]], str]] = {
    "home": (_none, HOME),
    "login": (_none, "200 302 302 302 302 302 302 302 302 302"),
    "logout": (_none, POST_ONLY),
    "set_language": (_none, HOME),
    "accessibility": (_none, OPEN),
    "status_rules": (_none, OPEN),
    "health": (_none, OPEN),
    "openapi": (_none, OPEN),
    "search": (_none, ALL),
    "reporting:dashboard": (_none, ALL),
    "reporting:reports": (_none, READERS),
    "reporting:report": (_report, REPORT),
    "reporting:report_status": (_report, REPORT),
    "reporting:report_again": (_report, POST_ONLY),
    "reporting:report_issue": (_report, POST_ONLY),
    "reporting:report_file": (_report_file, REPORT),
    "planning:werf": (_werf, ALL),
    "planning:own_unit": (_none, HOME),
    "planning:data_quality": (_none, QUALITY),
    "planning:smart_overview": (_none, QUALITY),
    "planning:unit": (lambda: ["ADCV"], ALL),
    "planning:objective_new": (
        lambda: [2026],
        "302 403 200 200 200 403 403 403 403 403",
    ),
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


@pytest.fixture
def world(ministry: Ministry) -> Ministry:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(93)),
    )
    ProgressReport.objects.create(
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=date(2026, 9, 30),
        known_at=timezone.now(),
        language="nl",
        state=ReportState.READY,
        requested_by=ministry.users["corporate"],
        snapshot="{}",
    )
    security = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    SecurityTheme.objects.create(plan=security, code="1", title=text("Thema"), is_block=True)
    return ministry


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_gets_what(world: Ministry, name: str) -> None:
    arguments, expected = ADDRESSES[name]
    address = reverse(name, args=arguments())
    given = {}
    for role in ROLES:
        client = Client()
        if role != "anonymous":
            client.force_login(world.users[role])
        given[role] = client.get(address).status_code
    assert given == dict(zip(ROLES, map(int, expected.split()), strict=True))
