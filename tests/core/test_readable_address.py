"""An address with a NUL character, which PostgreSQL refuses, is one that does not exist."""

import pytest
from django.test import Client

from tests.factories import Ministry


@pytest.mark.parametrize(
    "address",
    [
        "/strategisch-plan/addenda/%00/",
        "/mandaten/%00/",
    ],
)
def test_an_address_with_a_nul_character_is_not_found(ministry: Ministry, address: str) -> None:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    assert client.get(address).status_code == 404


def test_in_a_query_it_is_like_any_other_wrong_character(ministry: Ministry) -> None:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    for address in (
        "/plannen/2026/werkboek/bestand/?unit=%00",
        "/doelstellingen/nieuw/2026/?werf=2.6%00",
        "/strategisch-plan/?plan=%00",
        "/strategisch-plan/?%00=1",
        "/zoeken/?q=a%00b",
    ):
        other = address.replace("%00", "%EF%BF%BD")
        assert client.get(address).status_code == client.get(other).status_code < 500


def test_the_api_names_the_parameter(ministry: Ministry) -> None:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    answer = client.get("/api/v1/indicators?q=%00")
    assert (answer.status_code, answer.json()["issues"][0]["name"]) == (400, "q")
