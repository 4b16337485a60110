"""What each role may know: drafts that were returned, corrections, history, the past."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.errors import DomainError, EditConflict
from objectives.indicators.models import Indicator, MeasurementEvent
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import OperationalObjective
from objectives.planning.services import figure_record, objective_move, objective_update
from objectives.security.choices import ObjectiveLevel
from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User
from personnel.services import role_assign
from tests.factories import Ministry, text
from tests.objectives.planning.test_objectives import sheet

T2, T3 = parse_period("2026-T2"), parse_period("2026-T3")


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def sees_indicator(user: User, indicator: Indicator) -> bool:
    return bool(Indicator.objects.visible_to(access_of(user)).filter(pk=indicator.pk).exists())


def nvp_objective() -> SecurityObjective:
    plan = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on="2026-01-01",
        ends_on="2029-12-31",
    )
    theme = SecurityTheme.objects.create(plan=plan, code="1", title=text("Thema"), is_block=True)
    return SecurityObjective.objects.create(
        theme=theme, code="1-F1", level=ObjectiveLevel.FEDERAL, number=1, title=text("Doel")
    )


def test_a_returned_draft_takes_its_indicators_back(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    corporate = ministry.users["corporate"]
    ministry.submit(objective)
    assert sees_indicator(corporate, indicator)
    objective_move(actor=corporate, objective=objective, step=Step.RETURN, reason="Vaag")
    assert not sees_indicator(corporate, indicator)


def test_a_confidential_indicator_is_for_its_unit_its_minister_and_the_auditor(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective, is_confidential=True)
    ministry.approve(objective)
    who = {name for name, user in ministry.users.items() if sees_indicator(user, indicator)}
    assert who == {"planner_adcv", "head_adcv", "cabinet_vbz", "auditor"}


def test_the_steering_group_sees_what_serves_the_nvp(ministry: Ministry) -> None:
    steering = User.objects.create(username="steering")
    role_assign(actor=None, user=steering, role=Role.STEERING_GROUP)
    linked, other = ministry.objective(), ministry.objective()
    objective_update(
        actor=ministry.users["planner_adcv"],
        objective=linked,
        sheet=sheet("Gelinkt"),
        security_objectives=[nvp_objective()],
        expected_version=1,
    )
    seen, unseen = ministry.indicator(linked), ministry.indicator(other)
    for objective in (linked, other):
        objective.refresh_from_db()
        ministry.approve(objective)
    assert sees_indicator(steering, seen)
    assert not sees_indicator(steering, unseen)


def test_two_people_linking_the_nvp_do_not_overwrite_each_other(ministry: Ministry) -> None:
    objective, wanted = ministry.objective(), nvp_objective()
    planner = ministry.users["planner_adcv"]
    same = ministry.objective().title  # an unchanged title must not hide the change of links
    assert same
    kept = {"actor": planner, "objective": objective, "sheet": sheet(objective.title["nl"])}
    objective_update(**kept, security_objectives=[wanted], expected_version=1)  # type: ignore[arg-type]
    with pytest.raises(EditConflict):
        objective_update(**kept, security_objectives=[], expected_version=1)  # type: ignore[arg-type]
    assert objective.security_links.count() == 1


def test_nobody_approves_an_indicator_they_did_not_see(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.submit(objective)
    ministry.pass_on(objective)
    seen_version = objective.version
    with pytest.raises(DomainError) as refused:
        ministry.indicator(objective)
    assert refused.value.code == "objective_submitted"
    committee = ministry.users["committee"]
    objective_move(actor=committee, objective=objective, step=Step.RETURN, reason="Te dun")
    ministry.indicator(objective)
    ministry.motivate(objective)
    objective.refresh_from_db()
    ministry.submit(objective)
    ministry.pass_on(objective)
    with pytest.raises(EditConflict):
        objective_move(
            actor=ministry.users["committee"],
            objective=objective,
            step=Step.APPROVE,
            expected_version=seen_version,
        )


def test_corrections_of_provisional_figures_stay_with_those_who_see_them(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    planner = ministry.users["planner_adcv"]
    for value, reason in (("8.4", ""), ("84.1", "Komma vergeten")):
        measurement_record(
            actor=planner,
            indicator=indicator,
            period=T3,
            figure=Figure(value=Decimal(value)),
            reason=reason,
        )
    address = reverse("planning:indicator", args=[indicator.uuid])
    assert client_of(ministry, "cabinet_vbz").get(address).context["corrections"]
    other = client_of(ministry, "cabinet_am").get(address)
    assert other.context["corrections"] == []
    assert "Komma vergeten" not in other.content.decode()


def test_why_a_draft_went_back_is_not_for_cabinets(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.submit(objective)
    ministry.pass_on(objective)
    committee = ministry.users["committee"]
    objective_move(actor=committee, objective=objective, step=Step.RETURN, reason="Te vaag")
    objective.refresh_from_db()
    ministry.approve(objective)
    address = reverse("planning:objective", args=[objective.uuid])
    assert "Te vaag" in client_of(ministry, "planner_adcv").get(address).content.decode()
    cabinet = client_of(ministry, "cabinet_vbz").get(address)
    assert "Te vaag" not in cabinet.content.decode()
    assert [entry.action for entry in cabinet.context["history"]] == ["approved"]


def test_before_its_approval_an_objective_is_not_on_the_dashboard(ministry: Ministry) -> None:
    before = timezone.now()
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    auditor = client_of(ministry, "auditor")
    address = reverse("reporting:dashboard")
    then = auditor.get(address, {"known": before.isoformat(), "year": "2026"})
    assert then.context["board"].total == 0
    assert auditor.get(address, {"year": "2026"}).context["board"].total == 1


def test_a_closed_year_takes_no_more_figures(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    ministry.year.state = PlanState.CLOSED
    ministry.year.save()
    with pytest.raises(DomainError) as refused:
        figure_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=T2,
            figure=Figure(value=Decimal(90)),
        )
    assert refused.value.code == "plan_closed"


def test_a_form_sent_twice_makes_one_objective(ministry: Ministry) -> None:
    data = {
        "unit": "ADCV",
        "werf": str(ministry.werf.uuid),
        "title_nl": "Doel",
        "holder": "ADCV-DG",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "key": str(uuid4()),
    }
    planner = client_of(ministry, "planner_adcv")
    for _ in range(2):
        planner.post(reverse("planning:objective_new", args=[2026]), data)
    assert OperationalObjective.objects.count() == 1


def test_validating_twice_is_validating_once(ministry: Ministry) -> None:
    indicator = ministry.indicator(ministry.objective())
    row = measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=T3,
        figure=Figure(value=Decimal(90)),
    )
    for _ in range(2):
        measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    assert MeasurementEvent.objects.count() == 1


def test_the_second_of_two_people_correcting_one_figure_is_told(ministry: Ministry) -> None:
    indicator = ministry.indicator(ministry.objective())
    address = reverse("planning:indicator", args=[indicator.uuid])
    first, second = client_of(ministry, "planner_adcv"), client_of(ministry, "head_adcv")
    seen = second.get(address).context["form"]["seen"].value()
    first.post(address, {"period": "2026-T3", "value": "90", "seen": seen})
    data = {"period": "2026-T3", "value": "91", "reason": "Telfout", "seen": seen}
    answer = second.post(address, data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["value"]
    again = answer.context["form"]["seen"].value()
    assert second.post(address, {**data, "seen": again}).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        {"year": "²²²²"},
        {"known": "0001-01-01T00:00:00+05:00"},
        {"known": "9999-12-31T23:59:59-12:00"},
        {"reference": "0001-01-01"},
    ],
)
def test_odd_clocks_and_years_are_no_server_error(
    ministry: Ministry, query: dict[str, str]
) -> None:
    auditor = client_of(ministry, "auditor")
    for address in (
        reverse("reporting:dashboard"),
        reverse("planning:werf", args=["2.6"]),
        reverse("planning:unit", args=["ADCV"]),
    ):
        assert auditor.get(address, query).status_code in (200, 404)
