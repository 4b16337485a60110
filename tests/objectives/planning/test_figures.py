"""The figures on an indicator's page, as planners, heads and readers meet them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import CorrectionState
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import (
    Figure,
    figures_lock,
    measurement_record,
    measurement_return,
)
from objectives.planning.choices import PlanState
from personnel.models import User
from reporting.choices import ReportState
from reporting.models import ProgressReport
from tests.factories import Ministry, text
from tests.objectives.indicators.test_corrections import REGIONS

T1, T2, T3 = (parse_period(f"2026-T{n}") for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    return approved(ministry)


def approved(ministry: Ministry, **sheet: Any) -> Indicator:
    objective = ministry.objective()
    indicator = ministry.indicator(objective, **sheet)
    ministry.approve(objective)
    return indicator


def split(ministry: Ministry, **sheet: Any) -> Indicator:
    """Return a count of interventions by region, whose parts add up."""
    values: dict[str, Any] = {
        "unit_of_measure": LocalisedText({"nl": "interventies", "fr": "interventions"}),
        "decimals": 0,
        "disaggregations": REGIONS,
    }
    return approved(ministry, **{**values, **sheet})


def client_of(ministry: Ministry, name: str, language: str = "nl") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[name])
    return client


def page_of(indicator: Indicator) -> str:
    return reverse("planning:indicator", args=[indicator.uuid])


def record(ministry: Ministry, indicator: Indicator, value: str, **more: Any) -> Measurement:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=more.pop("period", T2),
        figure=Figure(value=Decimal(value)),
        **more,
    )


def lock(ministry: Ministry, row: Measurement) -> ProgressReport:
    """Lock a figure for a report that shows it."""
    report = ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date="2026-06-30",
        known_at=Clocks.now().known_at,
        language="nl",
        state=ReportState.READY,
        requested_by=ministry.users["corporate"],
        snapshot="{}",
    )
    figures_lock(actor=ministry.users["corporate"], measurements=[row.uuid], cause=report)
    return report


def asked(ministry: Ministry, indicator: Indicator, *, by: str = "planner_adcv") -> Correction:
    """Ask on the page for a correction of T2."""
    answer = client_of(ministry, by).post(
        page_of(indicator), {"period": "2026-T2", "value": "90,1", "reason": "Telfout"}
    )
    assert answer.status_code == 302
    return Correction.objects.latest("pk")


def decide(ministry: Ministry, correction: Correction, by: str, **data: str) -> HttpResponse:
    address = reverse("planning:correction_decision", args=[correction.uuid])
    return client_of(ministry, by).post(address, data, follow=True)  # type: ignore[return-value]


def said(answer: Any) -> str:
    """Return the page as text, white space made single."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&nbsp;", " "))
    return " ".join(plain.replace("\xa0", " ").split())


# Recording ---------------------------------------------------------------------------------------


def test_each_part_has_a_field_below_the_title_of_its_dimension(ministry: Ministry) -> None:
    indicator = split(ministry)
    client = client_of(ministry, "planner_adcv")
    html = client.get(page_of(indicator)).content.decode()
    assert "<legend>Gewest</legend>" in html
    assert html.count('name="breakdown:region=') == 2
    data = {
        "period": "2026-T2",
        "value": "100",
        "breakdown:region=bru": "40",
        "breakdown:region=vla": "60",
    }
    assert client.post(page_of(indicator), data).status_code == 302
    shown = said(client.get(page_of(indicator)))
    assert "Gewest: Brussel 40 interventies" in shown
    assert "Gewest: Vlaanderen 60 interventies" in shown


def test_parts_that_do_not_add_up_come_back_with_the_sum_the_whole_and_the_difference(
    ministry: Ministry,
) -> None:
    indicator = split(ministry)
    data = {
        "period": "2026-T2",
        "value": "100",
        "breakdown:region=bru": "40",
        "breakdown:region=vla": "50",
        "narrative_nl": "Zomerpiek",
    }
    answer = client_of(ministry, "planner_adcv").post(page_of(indicator), data)
    form = answer.context["form"]
    (message,) = form.errors["breakdown"]
    for named in ("90", "100", "10"):
        assert named in message
    assert "zijn samen 90" in said(answer)
    assert form["breakdown:region=vla"].value() == "50"
    assert form["narrative_nl"].value() == "Zomerpiek"
    assert not Measurement.objects.exists()


def test_a_ratio_has_two_fields_a_part_and_an_error_lands_there(ministry: Ministry) -> None:
    indicator = split(
        ministry,
        unit_of_measure=LocalisedText({"nl": "%", "fr": "%"}),
        is_ratio=True,
        numerator_definition=text("Op tijd"),
        denominator_definition=text("Alle"),
    )
    client = client_of(ministry, "planner_adcv")
    data = {
        "period": "2026-T2",
        "numerator": "90",
        "denominator": "100",
        "breakdown:region=bru": "40",
        "breakdown:region=bru:denominator": "",
    }
    refused = client.post(page_of(indicator), data)
    assert list(refused.context["form"].errors) == ["breakdown:region=bru"]
    full = {
        **data,
        "breakdown:region=bru:denominator": "45",
        "breakdown:region=vla": "50",
        "breakdown:region=vla:denominator": "55",
    }
    assert client.post(page_of(indicator), full).status_code == 302
    assert "(40 / 45)" in said(client.get(page_of(indicator)))


def test_parts_left_empty_are_taken_away_only_when_asked(ministry: Ministry) -> None:
    indicator = split(ministry)
    client = client_of(ministry, "planner_adcv")
    whole = {"period": "2026-T2", "value": "100"}
    parts = {"breakdown:region=bru": "40", "breakdown:region=vla": "60"}
    client.post(page_of(indicator), {**whole, **parts})
    again = {**whole, "value": "90", "reason": "Dubbel geteld"}
    assert "breakdown" in client.post(page_of(indicator), again).context["form"].errors
    cleared = {**again, "clear_parts": "on"}
    asked_once_more = client.post(page_of(indicator), cleared).context["form"]
    assert "0 van de 2" in asked_once_more.warnings[0]
    cleared["confirmed"] = asked_once_more.to_confirm
    assert client.post(page_of(indicator), cleared).status_code == 302
    page = client.get(page_of(indicator))
    assert [line.get("parts", []) for line in page.context["table"]] == [[], [], [], []]
    fallen = [
        (part["title"], part["old"], part["new"])
        for part in page.context["corrections"][0]["parts"]
    ]
    assert [(title, new) for title, _old, new in fallen] == [
        ("Gewest: Brussel", "\N{EN DASH}"),
        ("Gewest: Vlaanderen", "\N{EN DASH}"),
    ]


def test_a_warning_is_confirmed_once_and_kept(ministry: Ministry) -> None:
    indicator = approved(ministry, accumulation="to_date")
    record(ministry, indicator, "90", period=T1)
    client, data = client_of(ministry, "planner_adcv"), {"period": "2026-T2", "value": "80"}
    answer = client.post(page_of(indicator), data)
    form = answer.context["form"]
    assert len(form.warnings) == 1
    assert form["value"].value() == "80"
    assert "Ik heb dit nagekeken" in said(answer)
    confirmed = {**data, "confirmed": form.to_confirm}
    other = client.post(page_of(indicator), {**confirmed, "value": "70"})
    assert other.context["form"].warnings  # what was confirmed was another figure
    assert Measurement.objects.count() == 1
    assert client.post(page_of(indicator), confirmed).status_code == 302
    assert Measurement.objects.latest("pk").confirmed_checks == ["fall_of_to_date"]
    assert "Nagekeken en bevestigd" in said(client.get(page_of(indicator)))


def test_a_confirmation_survives_another_mistake(ministry: Ministry) -> None:
    indicator = approved(ministry, accumulation="to_date")
    record(ministry, indicator, "90", period=T1)
    record(ministry, indicator, "95", period=T2)
    client, data = client_of(ministry, "planner_adcv"), {"period": "2026-T2", "value": "80"}
    reasoned = {**data, "reason": "Telfout"}
    token = client.post(page_of(indicator), reasoned).context["form"].to_confirm
    refused = client.post(page_of(indicator), {**data, "confirmed": token})
    assert list(refused.context["form"].errors) == ["reason"]
    assert refused.context["form"].to_confirm == token
    assert f'value="{token}"' in refused.content.decode()


def test_the_language_of_the_interface_is_asked_first(ministry: Ministry) -> None:
    indicator = approved(ministry)
    client = client_of(ministry, "planner_adcv", "fr")
    html = client.get(page_of(indicator)).content.decode()
    assert html.index('name="narrative_fr"') < html.index('name="narrative_nl"')
    data = {"period": "2026-T2", "value": "91,2", "narrative_fr": "Renfort d’été"}
    client.post(page_of(indicator), data)
    assert Measurement.objects.get().narrative == {"fr": "Renfort d’été"}
    assert "Renfort d’été" in said(client.get(page_of(indicator)))


def test_a_figure_of_a_running_period_is_seen_by_its_planner(ministry: Ministry) -> None:
    indicator = approved(ministry)
    running = parse_period("2026-T4")
    record(ministry, indicator, "94.4", period=running, confirmed=["period_running"])
    client = client_of(ministry, "planner_adcv")
    shown = client.get(page_of(indicator))
    assert "94,4 % is al vastgelegd" in said(shown)
    seen = shown.context["form"]["seen"].value()
    data = {"period": "2026-T4", "value": "95", "reason": "Bijgewerkt", "seen": seen}
    asked_first = client.post(page_of(indicator), data)
    assert "loopt tot 31/12/2026" in said(asked_first)
    data["confirmed"] = asked_first.context["form"].to_confirm
    assert client.post(page_of(indicator), data).status_code == 302


def test_the_head_reviews_a_figure_of_a_running_period(
    ministry: Ministry, indicator: Indicator
) -> None:
    running = parse_period("2026-T4")
    row = record(ministry, indicator, "94.4", period=running, confirmed=["period_running"])
    head, planner = client_of(ministry, "head_adcv"), client_of(ministry, "planner_adcv")
    address = reverse("planning:measurement_validation", args=[row.uuid])
    assert address in head.get(page_of(indicator)).content.decode()
    assert address not in planner.get(page_of(indicator)).content.decode()
    back = reverse("planning:measurement_returning", args=[row.uuid])
    head.post(back, {"return_reason": "Te vroeg"})
    assert "Teruggestuurd Te vroeg" in said(planner.get(page_of(indicator)))
    head.post(address)
    assert address not in head.get(page_of(indicator)).content.decode()


def test_the_latest_ended_period_without_a_figure_is_chosen(
    ministry: Ministry, indicator: Indicator
) -> None:
    client = client_of(ministry, "planner_adcv")

    def chosen() -> str:
        return str(client.get(page_of(indicator)).context["form"]["period"].value())

    assert chosen() == "2026-T3"
    record(ministry, indicator, "91", period=T3)
    assert chosen() == "2026-T2"
    for period in (T1, T2):
        record(ministry, indicator, "90", period=period)
    assert chosen() == "2026-T3"


def test_the_second_tab_sees_the_other_figure_and_keeps_what_was_typed(
    ministry: Ministry, indicator: Indicator
) -> None:
    planner, head = client_of(ministry, "planner_adcv"), client_of(ministry, "head_adcv")
    seen = head.get(page_of(indicator)).context["form"]["seen"].value()
    data = {"period": "2026-T2", "value": "91,2", "seen": seen}
    assert planner.post(page_of(indicator), data).status_code == 302
    other = {**data, "value": "90,4", "narrative_nl": "Zonder Waver"}
    answer = head.post(page_of(indicator), other)
    words = said(answer)
    assert "planner_adcv heeft 91,2 % vastgelegd voor T2 2026 op" in words
    assert "Bewaar opnieuw" in words
    assert answer.context["form"]["value"].value() == "90,4"
    assert "Zonder Waver" in words
    other |= {"seen": answer.context["form"]["seen"].value(), "reason": "Zonder Waver geteld"}
    assert head.post(page_of(indicator), other).status_code == 302
    assert Measurement.objects.latest("pk").value == Decimal("90.4")


def test_a_form_sent_twice_is_a_success_and_one_figure(
    ministry: Ministry, indicator: Indicator
) -> None:
    client = client_of(ministry, "planner_adcv")
    seen = client.get(page_of(indicator)).context["form"]["seen"].value()
    data = {"period": "2026-T2", "value": "91,2", "seen": seen}
    for _click in range(2):
        answer = client.post(page_of(indicator), data, follow=True)
        assert "T2 2026: 91,2 % is vastgelegd" in said(answer)
    assert Measurement.objects.count() == 1


def test_a_breakdown_left_out_as_a_whole_is_asked_for(ministry: Ministry) -> None:
    indicator = split(ministry)
    client, data = client_of(ministry, "planner_adcv"), {"period": "2026-T2", "value": "100"}
    form = client.post(page_of(indicator), data).context["form"]
    assert "0 van de 2" in form.warnings[0]
    assert not Measurement.objects.exists()
    confirmed = {**data, "confirmed": form.to_confirm}
    assert client.post(page_of(indicator), confirmed).status_code == 302
    assert Measurement.objects.get().confirmed_checks == ["breakdown_incomplete"]


def test_an_earlier_moment_has_no_buttons(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "91.2")
    known = Clocks.now().known_at.isoformat()
    head = client_of(ministry, "head_adcv")
    now, then = head.get(page_of(indicator)), head.get(page_of(indicator), {"known": known})
    for name in ("return_reason", "exempt_reason", 'name="value"'):
        assert name in now.content.decode()
        assert name not in then.content.decode()
    address = f"{page_of(indicator)}?known={known.replace('+', '%2B')}"
    assert head.post(address, {"period": "2026-T3", "value": "1"}).status_code == 403


# Validating, returning, not applicable -----------------------------------------------------------


def test_the_head_returns_a_figure_and_the_planner_reads_why(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    address = reverse("planning:measurement_returning", args=[row.uuid])
    head = client_of(ministry, "head_adcv")
    assert "Zeg wat er" in said(head.post(address, {"return_reason": " "}, follow=True))
    for _click in range(2):
        answer = head.post(address, {"return_reason": "Zonder Waver", "year": "2026"}, follow=True)
        assert "Teruggestuurd" in said(answer)
    assert row.events.count() == 1
    assert "Zonder Waver" in said(client_of(ministry, "planner_adcv").get(page_of(indicator)))
    for outside in ("cabinet_vbz", "planner_dvz"):
        assert "Zonder Waver" not in said(client_of(ministry, outside).get(page_of(indicator)))


def test_who_may_not_validate_or_return(ministry: Ministry, indicator: Indicator) -> None:
    row = record(ministry, indicator, "91.2")
    for name in ("measurement_validation", "measurement_returning"):
        address = reverse(f"planning:{name}", args=[row.uuid])
        for by in ("planner_adcv", "head_dvz", "corporate", "cabinet_vbz", "auditor"):
            answer = client_of(ministry, by).post(address, {"return_reason": "Neen"})
            assert (by, answer.status_code) == (by, 403)
        assert client_of(ministry, "outsider").post(address).status_code == 404
    assert not row.events.exists()


def test_a_period_that_does_not_apply_and_applies_again(
    ministry: Ministry, indicator: Indicator
) -> None:
    address = reverse("planning:period_applicability", args=[indicator.uuid, "2026-T3"])
    planner = client_of(ministry, "planner_adcv")
    assert "Zeg waarom T3 2026" in said(planner.post(address, {}, follow=True))
    shown = said(planner.post(address, {"exempt_reason": "Brand in het gebouw"}, follow=True))
    assert "Brand in het gebouw" in shown
    assert "2026-T3" not in dict(_periods(planner, indicator))
    planner.post(address, {"again": "1"})
    assert "2026-T3" in dict(_periods(planner, indicator))
    for by in ("planner_dvz", "corporate", "auditor"):
        refused = client_of(ministry, by).post(address, {"exempt_reason": "Neen"})
        assert (by, refused.status_code) == (by, 403)
    odd = reverse("planning:period_applicability", args=[indicator.uuid, "2026-T9"])
    assert planner.post(odd, {"exempt_reason": "x"}).status_code == 404


def _periods(client: Client, indicator: Indicator) -> list[tuple[str, str]]:
    return list(client.get(page_of(indicator)).context["form"].fields["period"].choices)


def test_a_closed_year_keeps_its_periods(ministry: Ministry, indicator: Indicator) -> None:
    ministry.year.state = PlanState.CLOSED
    ministry.year.save(update_fields=["state"])
    address = reverse("planning:period_applicability", args=[indicator.uuid, "2026-T3"])
    planner = client_of(ministry, "planner_adcv")
    assert "2026 is afgesloten" in said(planner.post(address, {"exempt_reason": "x"}, follow=True))
    assert not indicator.obligations.exclude(not_applicable_reason="").exists()


def test_a_closed_year_takes_no_correction_but_lets_one_be_refused(
    ministry: Ministry, indicator: Indicator
) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    correction = asked(ministry, indicator)
    ministry.year.state = PlanState.CLOSED
    ministry.year.save(update_fields=["state"])
    shown = said(decide(ministry, correction, "corporate", decision="approve"))
    assert "2026 is afgesloten" in shown
    assert Measurement.objects.count() == 1
    decide(ministry, correction, "corporate", decision="refuse", note="Jaar is afgesloten")
    correction.refresh_from_db()
    assert correction.state == CorrectionState.REFUSED


# Locked ------------------------------------------------------------------------------------------


def test_the_form_says_what_is_locked_and_by_which_report(
    ministry: Ministry, indicator: Indicator
) -> None:
    report = lock(ministry, record(ministry, indicator, "91.2"))
    planner = client_of(ministry, "planner_adcv").get(page_of(indicator))
    form = said(planner)
    assert "T2 2026 is vergrendeld" in form
    assert "Voortgangsrapport Veiligheid, 30 juni 2026 (nl)" in form
    address = reverse("reporting:report", args=[report.uuid])
    assert address not in planner.content.decode()  # planners read no reports
    assert address in client_of(ministry, "auditor").get(page_of(indicator)).content.decode()


def test_what_the_same_report_locks_is_told_once(ministry: Ministry, indicator: Indicator) -> None:
    row = record(ministry, indicator, "91.2")
    report = lock(ministry, row)
    first = record(ministry, indicator, "90", period=T1)
    figures_lock(actor=ministry.users["corporate"], measurements=[first.uuid], cause=report)
    form = said(client_of(ministry, "planner_adcv").get(page_of(indicator)))
    assert "T1 2026, T2 2026 zijn vergrendeld" in form


def test_a_correction_waits_and_a_second_person_approves_it(
    ministry: Ministry, indicator: Indicator
) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    correction = asked(ministry, indicator)
    before = Clocks.now().known_at.isoformat()
    assert Measurement.objects.count() == 1
    unit = reverse("planning:unit", args=["ADCV"])
    for by in ("planner_adcv", "head_adcv", "corporate", "auditor"):
        assert "Telfout" in said(client_of(ministry, by).get(page_of(indicator)))
        assert "Telfout" in said(client_of(ministry, by).get(unit))
    for by in ("planner_dvz", "cabinet_vbz", "committee"):
        assert "Telfout" not in said(client_of(ministry, by).get(page_of(indicator)))
        assert "Telfout" not in said(client_of(ministry, by).get(unit))
    shown = said(decide(ministry, correction, "head_adcv", decision="approve"))
    assert "goedgekeurd door head_adcv" in shown
    assert Measurement.objects.latest("pk").value == Decimal("90.1")
    then = client_of(ministry, "auditor").get(page_of(indicator), {"known": before})
    assert "Wacht op goedkeuring" in said(then)
    assert then.context["reading"].slots[1].measurement.value == Decimal("91.2")
    assert "Telfout" not in said(client_of(ministry, "corporate").get(unit))


def test_a_correction_is_decided_once_on_the_page_too(
    ministry: Ministry, indicator: Indicator
) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    correction = asked(ministry, indicator)
    refused = said(decide(ministry, correction, "corporate", decision="refuse", note="Geen bron"))
    assert "Geweigerd" in refused
    assert "Geen bron" in refused
    late = said(decide(ministry, correction, "head_adcv", decision="approve"))
    assert "Over deze correctie is al beslist" in late
    assert Measurement.objects.count() == 1


def test_whoever_asked_is_no_second_person(ministry: Ministry, indicator: Indicator) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    ministry.users["almighty"] = User.objects.create(username="beheerder", is_superuser=True)
    for by in ("head_adcv", "almighty"):
        correction = asked(ministry, indicator, by=by)
        page = client_of(ministry, by).get(page_of(indicator)).content.decode()
        assert reverse("planning:correction_decision", args=[correction.uuid]) not in page
        assert decide(ministry, correction, by, decision="approve").status_code == 403
        address = reverse("planning:correction_withdrawal", args=[correction.uuid])
        client_of(ministry, by).post(address)
        correction.refresh_from_db()
        assert correction.state == CorrectionState.WITHDRAWN


def test_who_may_not_decide_or_withdraw(ministry: Ministry, indicator: Indicator) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    correction = asked(ministry, indicator, by="head_adcv")
    expected = {"planner_adcv": 403, "auditor": 403, "head_dvz": 404, "cabinet_vbz": 404}
    for by, status in expected.items():
        assert decide(ministry, correction, by, decision="approve").status_code == status
    withdrawal = reverse("planning:correction_withdrawal", args=[correction.uuid])
    assert client_of(ministry, "corporate").post(withdrawal).status_code == 403
    assert decide(ministry, correction, "corporate", decision="perhaps").status_code == 404
    unknown = reverse("planning:correction_withdrawal", args=[uuid4()])
    assert client_of(ministry, "head_adcv").post(unknown).status_code == 404
    correction.refresh_from_db()
    assert correction.state == CorrectionState.PENDING


def test_the_page_in_french(ministry: Ministry, indicator: Indicator) -> None:
    row = record(ministry, indicator, "91.2")
    measurement_return(actor=ministry.users["head_adcv"], measurement=row, reason="Sans Wavre")
    lock(ministry, row)
    asked(ministry, indicator)
    shown = said(client_of(ministry, "head_adcv", "fr").get(page_of(indicator)))
    for words in ("T2 2026 est verrouillé", "Renvoyé", "Sans Wavre", "En attente d’approbation"):
        assert words in shown.replace("'", "’").replace("&#x27;", "’")


def test_the_page_takes_the_same_number_of_queries_whatever_the_number_of_figures(
    ministry: Ministry, indicator: Indicator, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(ministry, "head_adcv")
    record(ministry, indicator, "90", period=T1)
    client.get(page_of(indicator))
    with CaptureQueriesContext(connection) as one:
        client.get(page_of(indicator))
    queries = len(one)
    record(ministry, indicator, "91", period=T2)
    record(ministry, indicator, "92", period=T3)
    client.get(page_of(indicator))
    with django_assert_num_queries(queries):
        client.get(page_of(indicator))
