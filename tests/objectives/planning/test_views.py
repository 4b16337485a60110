"""The pages of objectives and indicators, as a planner and as others use them."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


@pytest.fixture
def planner(ministry: Ministry) -> Client:
    return signed_in(ministry, "planner_adcv")


OBJECTIVE = {
    "unit": "ADCV",
    "title_nl": "Bezetting van de noodcentrales verhogen tot 95 %",
    "title_fr": "",
    "description_nl": "",
    "description_fr": "",
    "holder": "ADCV-DG",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
}
INDICATOR = {
    "title_nl": "Bezettingsgraad",
    "target_kind": "increase",
    "unit_nl": "%",
    "decimals": "1",
    "frequency": "T",
    "accumulation": "level",
    "trajectory": "linear",
    "baseline": "88,0",
    "baseline_date": "2025-12-31",
    "target": "95",
    "target_due_on": "2026-12-31",
    "source_nl": "Personeelsplan",
    "weight": "1",
}


def test_a_planner_makes_objective_indicator_and_figure(
    ministry: Ministry, planner: Client
) -> None:
    answer = planner.post(
        reverse("planning:objective_new", args=[2026]),
        {**OBJECTIVE, "werf": str(ministry.werf.uuid)},
        follow=True,
    )
    objective = OperationalObjective.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("planning:objective", args=[objective.uuid])
    planner.post(reverse("planning:indicator_new", args=[objective.uuid]), INDICATOR)
    indicator = Indicator.objects.get()
    assert (indicator.baseline, indicator.code) == (Decimal(88), "2026-2.6.1-a")
    page = planner.post(
        reverse("planning:indicator", args=[indicator.uuid]),
        {"period": "2026-T3", "value": "93,1", "narrative_nl": "Selectiereserve ingezet"},
        follow=True,
    )
    assert Measurement.objects.get().value == Decimal("93.1")
    assert "93,1" in page.content.decode()


def test_the_page_of_a_new_objective_refuses_other_methods(
    ministry: Ministry, planner: Client
) -> None:
    address = reverse("planning:objective_new", args=[2026])
    assert planner.delete(address).status_code == 405


def test_what_was_typed_comes_back_with_the_error_at_its_field(
    ministry: Ministry, planner: Client
) -> None:
    indicator = ministry.indicator(ministry.objective())
    address = reverse("planning:indicator", args=[indicator.uuid])
    page = planner.post(address, {"period": "2026-T3", "value": "drieënnegentig"})
    assert "drieënnegentig" in page.content.decode()
    assert page.context["form"].errors["value"]
    assert not Measurement.objects.exists()


def test_a_second_writer_sees_both_versions(ministry: Ministry, planner: Client) -> None:
    objective = ministry.objective()
    address = reverse("planning:objective_edit", args=[objective.uuid])
    first = {**OBJECTIVE, "title_nl": "Eerste", "version": "1"}
    assert planner.post(address, first).status_code == 302
    second = signed_in(ministry, "head_adcv").post(
        address, {**OBJECTIVE, "title_nl": "Tweede", "version": "1"}
    )
    text = second.content.decode()
    assert "Eerste" in text
    assert "Tweede" in text
    assert OperationalObjective.objects.get().title["nl"] == "Eerste"
    # The form now carries the version that the user was shown: saving again is a choice.
    again = {
        **OBJECTIVE,
        "title_nl": "Tweede",
        "version": second.context["form"]["version"].value(),
    }
    assert signed_in(ministry, "head_adcv").post(address, again).status_code == 302
    assert OperationalObjective.objects.get().title["nl"] == "Tweede"


def test_another_directorate_gets_no_edit_page(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    other = signed_in(ministry, "planner_dvz")
    assert other.get(reverse("planning:objective", args=[objective.uuid])).status_code == 200
    assert other.get(reverse("planning:objective_edit", args=[objective.uuid])).status_code == 403
    indicator = Indicator.objects.get()
    page = other.get(reverse("planning:indicator", args=[indicator.uuid]))
    assert page.context["form"] is None
    posted = other.post(
        reverse("planning:indicator", args=[indicator.uuid]), {"period": "2026-T3", "value": "1"}
    )
    assert posted.status_code == 403


def test_a_draft_does_not_exist_for_a_cabinet(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    cabinet = signed_in(ministry, "cabinet_vbz")
    for address in (
        reverse("planning:objective", args=[objective.uuid]),
        reverse("planning:indicator", args=[indicator.uuid]),
    ):
        assert cabinet.get(address).status_code == 404
    werf = cabinet.get(reverse("planning:werf", args=["2.6"]))
    assert "Masterplan NCU uitvoeren" not in werf.content.decode()


def test_the_dashboard_shows_the_figure_to_the_competent_cabinet(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    for period, value in (("2026-T1", "90"), ("2026-T2", "92"), ("2026-T3", "93.1")):
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
        )
    page = signed_in(ministry, "cabinet_vbz").get(
        reverse("reporting:dashboard"), {"year": "2026", "reference": "2026-09-30"}
    )
    board = page.context["board"]
    assert (board.good, board.total) == (1, 1)
    assert page.context["filter"].minister == ministry.vbz
    assert "Masterplan NCU uitvoeren" in page.content.decode()


def test_the_same_page_as_known_before_the_correction(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    planner = ministry.users["planner_adcv"]
    period = parse_period("2026-T3")
    first = measurement_record(
        actor=planner, indicator=indicator, period=period, figure=Figure(value=Decimal("8.4"))
    )
    measurement_record(
        actor=planner,
        indicator=indicator,
        period=period,
        figure=Figure(value=Decimal("84.1")),
        reason="Komma vergeten",
    )
    auditor = signed_in(ministry, "auditor")
    address = reverse("planning:indicator", args=[indicator.uuid])
    then = auditor.get(address, {"known": first.recorded_at.isoformat(), "reference": "2026-12-31"})
    assert then.context["strip"]["now"].startswith("8,4")
    now = auditor.get(address, {"reference": "2026-12-31"})
    assert now.context["strip"]["now"].startswith("84,1")
    assert "Komma vergeten" in now.content.decode()


def test_a_date_nobody_can_read_is_named_on_the_page(ministry: Ministry) -> None:
    page = signed_in(ministry, "auditor").get(reverse("reporting:dashboard"), {"known": "gisteren"})
    assert page.status_code == 200
    assert "“gisteren”" in page.content.decode()


@pytest.mark.parametrize("count", [2, 8])
def test_the_dashboard_takes_the_same_number_of_queries(
    ministry: Ministry, count: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(count):
        objective = ministry.objective()
        ministry.indicator(objective)
        ministry.approve(objective)
    client = signed_in(ministry, "cabinet_vbz")
    # session, user, unread messages, roles, units x3 for access, plan, ministers, units,
    # strategic objectives,
    # werven with units x2, units of the minister x4, objectives, links, three of figures, years
    with django_assert_max_num_queries(27):  # type: ignore[operator]
        client.get(reverse("reporting:dashboard"))
