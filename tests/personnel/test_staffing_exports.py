"""The tables of the staffing pages as files: what is on screen, in numbers."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from personnel.choices import StaffMeasure
from personnel.services.staffing_flows import FlowSheet, flow_set
from tests.factories import Ministry
from tests.staffing_lines import YEAR_END, lines_of, make_officer

PAGE = "/middelen/personeel/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def page(ministry: Ministry) -> Client:
    lines = lines_of(ministry)
    flow_set(
        actor=make_officer(),
        line=lines["DVZ"],
        sheet=FlowSheet(
            measure=StaffMeasure.FTE,
            statute="all",
            kind="actual",
            starts_on=YEAR_END.replace(month=1, day=1),
            resolution="Y",
            inflow=Decimal(10),
            outflow=Decimal(30),
        ),
        reason="",
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users["outsider"])
    return client


def rows(client: Client, address: str, table: str = "") -> list[dict[str, str]]:
    answer = client.get(address, {"export": "csv", "table": table})
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_tree_of_a_day_goes_out_with_both_columns(page: Client) -> None:
    found = {row["Code"]: row for row in rows(page, PAGE, "lines")}
    assert found["DVZ"]["All statutes, Actual staffing"] == "2217.9"
    assert found["DVZ"]["All statutes, Planned staffing"] == "2177.9"
    assert found["DVZ"]["Present on"] == "2024-12-31"
    (flow,) = [row for row in rows(page, PAGE, "flows") if row["Code"] == "DVZ"]
    assert (flow["Inflow"], flow["Outflow"], flow["Balance"]) == ("10", "30", "-20")
    assert flow["At the end"] == ""  # nobody entered who was there at the end of 2025
    assert page.get(PAGE, {"export": "xlsx"}).status_code == 200


def test_a_line_goes_out_with_its_years_and_flows(page: Client) -> None:
    days = rows(page, f"{PAGE}DVZ/", "series")
    assert [(row["Day"], row["Kind"], row["All statutes"]) for row in days] == [
        ("2024-12-31", "Actual staffing", "2217.9"),
        ("2025-12-31", "Planned staffing", "2177.9"),
    ]
    (flow,) = rows(page, f"{PAGE}DVZ/", "flows")
    assert (flow["Counted in"], flow["Year"], flow["Balance"]) == ("FTE", "2025", "-20")
