"""An address that cannot be: the page opens, and says what was left out and how to mend it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.factories import Ministry

pytestmark = pytest.mark.django_db

PAGES = [
    ("reporting:dashboard", ()),
    ("reporting:alignment", ()),
    ("planning:werf", ("2.6",)),
    ("planning:unit", ("ADCV",)),
    ("questions:list", ()),
]


def client_of(ministry: Ministry, name: str) -> Client:
    """Return a browser of one of the users."""
    client = Client()
    client.force_login(ministry.users[name])
    return client


def _page(client: Client, name: str, args: tuple[str, ...], **query: str) -> tuple[int, list[str]]:
    with translation.override("en"):
        address = reverse(name, args=args)
    answer = client.get(address, query, headers={"accept-language": "en"})
    said = [str(one) for one in answer.context["messages"]] if answer.context else []
    return answer.status_code, said


@pytest.mark.parametrize(("name", "args"), PAGES)
@pytest.mark.parametrize(
    "query",
    [
        {"reference": "2026-13-45"},
        {"known": "tomorrow"},
        {"reference": "9999-01-01"},
        {"reference": "soon", "known": "tomorrow"},
    ],
)
def test_a_wrong_date_is_named_and_today_is_shown(
    ministry: Ministry, name: str, args: tuple[str, ...], query: dict[str, str]
) -> None:
    client = client_of(ministry, "corporate")
    status, said = _page(client, name, args, **query)
    assert status == 200
    assert len(said) == len(query)
    for value in query.values():
        assert any(f"“{value}”" in one and "2026-09-30" in one for one in said)
    assert _page(client, name, args)[1] == []  # it is said once


def test_the_dashboard_falls_back_to_today(ministry: Ministry) -> None:
    answer = client_of(ministry, "corporate").get(
        reverse("reporting:dashboard"), {"reference": "2026-13-45"}
    )
    assert answer.context["clocks"].reference_date == timezone.localdate()
    assert isinstance(answer.context["clocks"].reference_date, date)
    assert b"2026-13-45" in answer.content


@pytest.mark.parametrize("name", ["reporting:dashboard", "reporting:alignment"])
def test_a_filter_that_does_not_exist_is_named_and_left_out(ministry: Ministry, name: str) -> None:
    client = client_of(ministry, "corporate")
    status, said = _page(client, name, (), minister="XYZ", unit="NOBODY")
    assert status == 200
    assert len(said) == 2
    assert "“XYZ”" in said[0]
    assert "“NOBODY”" in said[1]


def test_an_unknown_status_is_named_and_left_out(ministry: Ministry) -> None:
    status, said = _page(
        client_of(ministry, "corporate"), "reporting:dashboard", (), status="great"
    )
    assert status == 200
    assert len(said) == 1
    assert "“great”" in said[0]


@pytest.mark.parametrize("query", [{"reference": "2026-13-45"}, {"unit": "NOBODY"}])
def test_a_file_is_not_made_of_something_else(ministry: Ministry, query: dict[str, str]) -> None:
    """It has no place for the remark, and would pass for what was asked."""
    answer = client_of(ministry, "corporate").get(
        reverse("reporting:dashboard"), {**query, "export": "csv"}
    )
    assert answer.status_code == 404
