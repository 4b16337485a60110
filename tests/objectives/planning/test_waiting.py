"""What waits for whom: figures sent back, to validate, corrections to decide, and who sees none."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import indicator_readings
from objectives.indicators.services import measurement_return, measurement_validate
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from personnel.access import access_of
from tests.factories import Ministry, text
from tests.objectives.planning.test_figures import (
    approved,
    asked,
    client_of,
    lock,
    page_of,
    record,
    said,
)

T1, T2, T3 = (parse_period(f"2026-T{n}") for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    return approved(ministry)


def unit_page(ministry: Ministry, by: str, **query: Any) -> Any:
    return client_of(ministry, by).get(reverse("planning:unit", args=["ADCV"]), query)


# Sent back ---------------------------------------------------------------------------------------


def test_a_returned_figure_leads_what_the_planner_has_to_give(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    head = ministry.users["head_adcv"]
    measurement_return(actor=head, measurement=row, reason="Zonder Waver")
    page = unit_page(ministry, "planner_adcv")
    words = said(page)
    assert "Teruggestuurd Zonder Waver" in words
    assert words.index("Zonder Waver") < words.index("T1 2026")
    assert f"{page_of(indicator)}?year=2026#record" in page.content.decode()
    measurement_validate(actor=head, measurement=row)
    assert "Zonder Waver" not in said(unit_page(ministry, "planner_adcv"))


def test_a_corrected_figure_is_no_longer_one_to_give(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    measurement_return(actor=ministry.users["head_adcv"], measurement=row, reason="Zonder Waver")
    record(ministry, indicator, "91.4", reason="Met Waver")
    assert unit_page(ministry, "planner_adcv").context["returned"] == []
    waits = unit_page(ministry, "head_adcv").context["to_validate"]
    assert [one["row"].value for one in waits] == [Decimal("91.4")]


def test_what_is_returned_stays_inside_the_unit_and_asks_nothing_of_an_earlier_page(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    measurement_return(actor=ministry.users["head_adcv"], measurement=row, reason="Zonder Waver")
    for outside in ("cabinet_vbz", "cabinet_am", "planner_dvz", "committee"):
        assert "Zonder Waver" not in said(unit_page(ministry, outside))
    known = Clocks.now().known_at.isoformat()
    then = unit_page(ministry, "head_adcv", known=known)
    assert (then.context["returned"], then.context["to_validate"]) == ([], [])


def test_a_returned_figure_of_a_closed_year_is_nobodys_task(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    measurement_return(actor=ministry.users["head_adcv"], measurement=row, reason="Zonder Waver")
    OperationalObjective.objects.update(state=PlanState.CLOSED)
    ministry.year.state = PlanState.CLOSED
    ministry.year.save(update_fields=["state"])
    assert unit_page(ministry, "planner_adcv").context["returned"] == []


def test_the_head_of_the_indicators_page_says_returned(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    client = client_of(ministry, "planner_adcv")

    def header(client: Client) -> str:
        return client.get(page_of(indicator)).content.decode().split('<dl class="strip')[0]

    assert "Teruggestuurd" not in header(client)
    measurement_return(actor=ministry.users["head_adcv"], measurement=row, reason="Zonder Waver")
    assert "Teruggestuurd" in header(client)
    assert "Teruggestuurd" not in header(client_of(ministry, "cabinet_vbz"))


# To validate -------------------------------------------------------------------------------------


def test_the_head_has_a_list_of_figures_to_validate(
    ministry: Ministry, indicator: Indicator
) -> None:
    first = record(ministry, indicator, "91.2", period=T1)
    record(ministry, indicator, "91.2")
    record(ministry, indicator, "91.2", period=T3, confirmed=["unchanged"])
    head = ministry.users["head_adcv"]
    measurement_validate(actor=head, measurement=first)
    page = unit_page(ministry, "head_adcv")
    words = said(page)
    assert [one["period"] for one in page.context["to_validate"]] == ["T2 2026", "T3 2026"]
    assert "T3 2026: 91,2 %" in words
    assert f"{page_of(indicator)}?year=2026#figures" in page.content.decode()
    assert unit_page(ministry, "planner_adcv").context["to_validate"] == []
    assert unit_page(ministry, "head_dvz").context["to_validate"] == []


def test_the_list_names_the_warnings_that_were_confirmed(ministry: Ministry) -> None:
    indicator = approved(ministry)
    for period in (T1, T2):
        record(ministry, indicator, "91.2", period=period)
    row = Measurement.objects.latest("pk")
    Measurement.objects.bulk_create(
        [
            Measurement(
                indicator=indicator,
                period_start=T3.start,
                period_end=T3.end,
                resolution="T",
                value=Decimal(400),
                confirmed_checks=["outlier"],
                recorded_at=Clocks.now().known_at,
                recorded_by=row.recorded_by,
            )
        ]
    )
    assert "Nagekeken en bevestigd: Ongewone meting" in said(unit_page(ministry, "head_adcv"))


def test_the_page_of_a_unit_takes_the_same_number_of_queries_whatever_waits(
    ministry: Ministry,
) -> None:
    head = ministry.users["head_adcv"]

    def measured(number: int) -> int:
        for n in range(number):
            objective = ministry.objective(title=f"Doelstelling {number}{n}")
            indicator = ministry.indicator(objective, title=text(f"Meting {number}{n}"))
            ministry.approve(objective)
            row = record(ministry, indicator, "91.2", period=T1)
            measurement_return(actor=head, measurement=row, reason="Zonder Waver")
            record(ministry, indicator, "92.2", period=T2)
            lock(ministry, record(ministry, indicator, "93.2", period=T3))
            page = client_of(ministry, "planner_adcv").post(
                page_of(indicator), {"period": "2026-T3", "value": "93,4", "reason": "Telfout"}
            )
            assert page.status_code == 302
        address = reverse("planning:unit", args=["ADCV"])
        client = client_of(ministry, "head_adcv")
        client.get(address)  # keeps what seldom changes
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert (
            len(page.context["returned"])
            == Measurement.objects.filter(period_start=T1.start).count()
        )
        return len(queries)

    assert measured(1) == measured(2)


# Corrections that wait ---------------------------------------------------------------------------


def test_the_corporate_cell_finds_the_correction_on_the_data_quality_page(
    ministry: Ministry, indicator: Indicator
) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    asked(ministry, indicator)
    address = reverse("planning:data_quality")
    page = client_of(ministry, "corporate").get(address)
    assert "Telfout" in said(page)
    assert f"{page_of(indicator)}?year=2026#corrections" in page.content.decode()
    assert client_of(ministry, "head_adcv").get(address).context["waiting"]
    for by in ("planner_adcv", "auditor", "committee", "head_dvz"):
        assert client_of(ministry, by).get(address).context["waiting"] == []
    Correction.objects.update(state="refused", decided_at=Clocks.now().known_at)
    assert client_of(ministry, "corporate").get(address).context["waiting"] == []


def test_whoever_asked_is_not_told_to_decide(ministry: Ministry, indicator: Indicator) -> None:
    lock(ministry, record(ministry, indicator, "91.2"))
    asked(ministry, indicator, by="head_adcv")
    address = reverse("planning:data_quality")
    assert client_of(ministry, "head_adcv").get(address).context["waiting"] == []
    assert client_of(ministry, "corporate").get(address).context["waiting"]


# Another minister's cabinet ----------------------------------------------------------------------


def test_another_cabinet_reads_that_a_delivered_figure_is_not_validated_yet(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    other = said(client_of(ministry, "cabinet_am").get(page_of(indicator)))
    assert "T2 2026 Nog niet gevalideerd" in other
    assert "T1 2026 Ontbreekt" in other
    assert "91,2" not in other
    assert "Nog niet gevalideerd" not in said(
        client_of(ministry, "cabinet_vbz").get(page_of(indicator))
    )
    measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    assert "T2 2026 91,2 %" in said(client_of(ministry, "cabinet_am").get(page_of(indicator)))


def test_a_withheld_figure_is_not_late_and_nobody_has_to_give_it(
    ministry: Ministry, indicator: Indicator
) -> None:
    for period in (T1, T2, T3):
        record(ministry, indicator, "91.2", period=period, confirmed=["unchanged"])
    access = access_of(ministry.users["cabinet_am"])
    reading = indicator_readings([indicator], year=2026, clocks=Clocks.now(), access=access)
    slots = reading[indicator.pk].slots[:3]
    assert {slot.state for slot in slots} == {SlotState.MISSING}  # what the engine is given
    assert not any(slot.is_late for slot in slots)
    assert "te laat" not in said(client_of(ministry, "cabinet_am").get(page_of(indicator)))
    to_give = unit_page(ministry, "cabinet_am").context["to_measure"]
    assert [row.period for row in to_give] == ["T4 2026"]


def test_an_earlier_validated_figure_stands_in_for_a_withheld_correction(
    ministry: Ministry, indicator: Indicator
) -> None:
    row = record(ministry, indicator, "91.2")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=row)
    record(ministry, indicator, "91.4", reason="Telfout")
    words = said(client_of(ministry, "cabinet_am").get(page_of(indicator)))
    assert "T2 2026 91,2 %" in words
    assert "Nog niet gevalideerd" not in words


def test_french_says_the_same(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator, "91.2")
    page = client_of(ministry, "cabinet_am", "fr").get(page_of(indicator))
    assert "Pas encore valid" in said(page)
    validate = client_of(ministry, "head_adcv", "fr").get(reverse("planning:unit", args=["ADCV"]))
    assert "À valider" in said(validate)
