"""Many objectives in one table: entered, edited, set, saved all or none."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ibzplan.core.models import HistoryEntry
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from objectives.planning.services.table import (
    RowChange,
    RowsRefused,
    objectives_save_all,
    sheet_as_stored,
)
from personnel.choices import FunctionLevel, UnitKind
from personnel.models import ManagementFunction, OrganisationUnit
from tests.factories import Ministry, function_of, text

ADDRESS = "/plannen/2026/tabel/?unit=ADCV"


@pytest.fixture
def client(ministry: Ministry) -> Client:
    return signed_in(ministry, "planner_adcv")


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def posted(client: Client) -> dict[str, Any]:
    """Return what the page would send when nothing was changed."""
    table = client.get(ADDRESS).context["table"]
    data: dict[str, Any] = {"new_rows": str(len(table.new)), "action": "save"}
    for row in [*table.open, *table.new]:
        for name in row.fields:
            value = row[name].value()
            if name != "ticked":
                data[row.add_prefix(name)] = "" if value is None else str(value)
    return data


def cell(objective: OperationalObjective, name: str) -> str:
    return f"r-{objective.uuid}-{name}"


def now(objective: OperationalObjective) -> OperationalObjective:
    return OperationalObjective.objects.get(pk=objective.pk)


def test_a_cell_is_changed_and_the_other_rows_leave_no_trace(
    ministry: Ministry, client: Client
) -> None:
    one, other = ministry.objective(), ministry.objective()
    before = HistoryEntry.objects.filter(target_uuid=other.uuid).count()
    data = posted(client)
    data[cell(one, "title_nl")] = "Masterplan NCU afronden"
    assert client.post(ADDRESS, data).status_code == 302
    assert now(one).title.get("nl") == "Masterplan NCU afronden"
    entry = HistoryEntry.objects.filter(target_uuid=one.uuid).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("changed", ministry.users["planner_adcv"])
    assert now(other).version == other.version
    assert HistoryEntry.objects.filter(target_uuid=other.uuid).count() == before


def test_nothing_changed_says_so_and_writes_nothing(ministry: Ministry, client: Client) -> None:
    ministry.objective()
    before = HistoryEntry.objects.count()
    page = client.post(ADDRESS, posted(client), follow=True)
    assert "Nothing was changed." in page.text
    assert HistoryEntry.objects.count() == before


def test_what_the_table_does_not_show_stays(ministry: Ministry, client: Client) -> None:
    one = ministry.objective(
        description=text("Uitleg"), origin="policy_note", origin_reference="blz. 12"
    )
    data = posted(client)
    data[cell(one, "ends_on")] = "2026-06-30"
    client.post(ADDRESS, data)
    after = now(one)
    assert after.ends_on == date(2026, 6, 30)
    assert (after.description, after.origin_reference) == (text("Uitleg"), "blz. 12")


def test_empty_rows_become_objectives(ministry: Ministry, client: Client) -> None:
    data = posted(client)
    for number, title in ((0, "Opleidingen geven"), (2, "Voertuigen vervangen")):
        data[f"n-{number}-werf"] = str(ministry.werf.uuid)
        data[f"n-{number}-title_nl"] = title
        data[f"n-{number}-holder"] = "ADCV-DG"
    assert client.post(ADDRESS, data).status_code == 302
    client.post(ADDRESS, data)  # sent twice
    rows = OperationalObjective.objects.order_by("code")
    assert [(row.code, row.title.get("nl"), row.holder) for row in rows] == [
        ("2.6.1", "Opleidingen geven", function_of("ADCV")),
        ("2.6.2", "Voertuigen vervangen", function_of("ADCV")),
    ]


def test_every_error_stands_at_its_cell_and_nothing_is_saved(
    ministry: Ministry, client: Client
) -> None:
    good, bad = ministry.objective(), ministry.objective()
    data = posted(client)
    data[cell(good, "title_nl")] = "Dit is goed"
    data[cell(bad, "ends_on")] = "2027-01-31"
    data["n-0-title_nl"] = "Zonder werf"
    page = client.post(ADDRESS, data)
    assert page.status_code == 200
    assert now(good).title == good.title
    assert OperationalObjective.objects.count() == 2
    data["n-0-werf"] = str(ministry.werf.uuid)
    page = client.post(ADDRESS, data)
    rows = {row.objective.pk: row for row in page.context["table"].open}
    assert list(rows[bad.pk].errors) == ["ends_on"]
    assert rows[good.pk]["title_nl"].value() == "Dit is goed"
    assert now(good).title == good.title
    assert OperationalObjective.objects.count() == 2


def test_a_row_that_someone_else_changed_shows_both(ministry: Ministry, client: Client) -> None:
    mine, theirs, quiet = (ministry.objective() for _ in range(3))
    data = posted(client)
    other = signed_in(ministry, "head_adcv")
    change = posted(other)
    change[cell(mine, "title_nl")] = "Wat zij typten"
    change[cell(mine, "ends_on")] = "2026-11-30"
    change[cell(theirs, "title_nl")] = "Alleen door hen"
    other.post(ADDRESS, change)

    data[cell(mine, "title_nl")] = "Wat ik typte"
    data[cell(quiet, "title_nl")] = "Ook door mij"
    page = client.post(ADDRESS, data)
    assert "Wat zij typten" in page.text
    assert now(mine).title.get("nl") == "Wat zij typten"
    assert now(quiet).title == quiet.title  # all or none

    again = posted_from(page)
    assert client.post(ADDRESS, again).status_code == 302
    # My text replaces theirs; what I did not touch stays as they saved it.
    assert now(mine).title.get("nl") == "Wat ik typte"
    assert now(mine).ends_on == date(2026, 11, 30)
    assert now(theirs).title.get("nl") == "Alleen door hen"
    assert now(quiet).title.get("nl") == "Ook door mij"


def posted_from(page: Any) -> dict[str, Any]:
    table = page.context["table"]
    data: dict[str, Any] = {"new_rows": str(len(table.new)), "action": "save"}
    for row in [*table.open, *table.new]:
        for name in row.fields:
            if name != "ticked":
                value = row[name].value()
                data[row.add_prefix(name)] = "" if value is None else str(value)
    return data


def test_one_field_for_all_ticked_rows(ministry: Ministry, client: Client) -> None:
    one, two, not_ticked = (ministry.objective() for _ in range(3))
    data = posted(client) | {"action": "set", "set-field": "ends_on", "set-ends_on": "2026-10-31"}
    for ticked in (one, two):
        data[cell(ticked, "ticked")] = "on"
    assert client.post(ADDRESS, data).status_code == 302
    assert [now(row).ends_on.month for row in (one, two, not_ticked)] == [10, 10, 12]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"set-field": ""}, "Choose which field"),
        ({"set-field": "holder"}, "Tick the rows first"),
    ],
)
def test_setting_says_what_is_missing(
    ministry: Ministry, client: Client, asked: dict[str, str], said: str
) -> None:
    ministry.objective()
    page = client.post(ADDRESS, posted(client) | {"action": "set"} | asked)
    assert said in page.text


def test_an_approved_objective_is_read_only_and_says_why(
    ministry: Ministry, client: Client
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    data = posted(client)
    ministry.approve(objective)
    assert cell(objective, "title_nl") not in posted(client)
    assert "amendment" in client.get(ADDRESS).text
    # Typed before it was approved: refused, and still on the page.
    data[cell(objective, "title_nl")] = "Te laat getypt"
    page = client.post(ADDRESS, data)
    assert (page.status_code, "Te laat getypt" in page.text) == (200, True)
    assert now(objective).state == PlanState.APPROVED
    assert now(objective).title == objective.title


def test_more_rows_keeps_what_was_typed(ministry: Ministry, client: Client) -> None:
    one = ministry.objective()
    data = posted(client) | {"action": "more"}
    data[cell(one, "title_nl")] = "Nog niet bewaard"
    table = client.post(ADDRESS, data).context["table"]
    assert len(table.new) == int(data["new_rows"]) + 10
    assert table.open[0]["title_nl"].value() == "Nog niet bewaard"
    assert now(one).title == one.title


def test_another_unit_cannot_be_saved(ministry: Ministry, client: Client) -> None:
    one = ministry.objective()
    with pytest.raises(RowsRefused) as refused:
        objectives_save_all(
            actor=ministry.users["planner_dvz"],
            plan=ministry.year,
            changed=[RowChange(one, sheet_as_stored(one), one.version)],
        )
    assert refused.value.errors[one.uuid].code == "not_your_unit"


def test_a_holder_and_a_sub_unit_are_chosen(ministry: Ministry, client: Client) -> None:
    below = OrganisationUnit.objects.create(
        code="ADCV-112", kind=UnitKind.SERVICE, title=text("112"), parent=ministry.adcv
    )
    ManagementFunction.objects.create(
        code="ADCV-D", unit=ministry.adcv, title=text("Directeur"), level=FunctionLevel.N2
    )
    one = ministry.objective()
    data = posted(client)
    data |= {cell(one, "holder"): "ADCV-D", cell(one, "sub_unit"): below.code}
    client.post(ADDRESS, data)
    assert (now(one).holder, now(one).sub_unit) == (function_of_code("ADCV-D"), below)
    data = posted(client) | {cell(one, "holder"): "DVZ-DG"}
    page = client.post(ADDRESS, data)
    assert list(page.context["table"].open[0].errors) == ["holder"]


def function_of_code(code: str) -> ManagementFunction:
    return ManagementFunction.objects.get(code=code)


def test_as_many_queries_with_three_times_the_rows(ministry: Ministry, client: Client) -> None:
    counts = []
    for rows in (2, 4):
        for _ in range(rows):
            ministry.objective()
        client.get(ADDRESS)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
