"""Lists taken whole: the rows of the pages as CSV, NDJSON and Parquet."""

import csv
import io
import json
import sys
import threading
import time
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal, DivisionByZero
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas
import pyarrow
import pytest
from django.db import DataError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pyarrow import parquet

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api import bulk
from ibzplan.core.api.bulk import csv_lines, statements
from ibzplan.core.exports.values import FORMULA_SIGNS
from ibzplan.core.services import token_create
from objectives.indicators.models import Indicator
from objectives.strategy.models import Goal
from personnel.models import UnitTransfer
from tests.api.conftest import Get, World, entry, moment, text
from tests.core.connections import copy_to_file, own_connection

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.urls("tests.api.urlconf")

CSV = "text/csv"
LINES = "application/x-ndjson"
PARQUET = "application/vnd.apache.parquet"


def taken(get: Get, user: str, path: str, accept: str, **query: str) -> "Response":
    response = get(user, path, headers={"Accept": accept}, **query)
    assert response.status_code == 200, response.content
    assert response.streaming
    return response


def table(get: Get, user: str, path: str, **query: str) -> list[dict[str, str]]:
    content = taken(get, user, path, CSV, **query).getvalue().decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def lines(get: Get, user: str, path: str, **query: str) -> list[dict[str, Any]]:
    content = taken(get, user, path, LINES, **query).getvalue()
    return [json.loads(line, parse_float=Decimal) for line in content.splitlines()]


def arrow(get: Get, user: str, path: str, **query: str) -> Any:
    content = taken(get, user, path, PARQUET, **query).getvalue()
    return parquet.read_table(io.BytesIO(content))


def paged(get: Get, user: str, path: str, **query: str) -> list[dict[str, Any]]:
    """Return the items of every page."""
    found: list[dict[str, Any]] = []
    number = 1
    while True:
        asked = {**query, "pageSize": "3", "page": str(number)}
        page = json.loads(get(user, path, **asked).content, parse_float=Decimal)
        found += page["items"]
        if "next" not in page:
            return found
        number += 1


@pytest.fixture
def figures(world: World) -> World:
    """Figures of every kind, in two units, with reviews, corrections and difficult texts."""
    ours = world.indicator("=I1", "ADVP", title="Onze")
    theirs = world.indicator("I2", "DVZ")
    first = world.figure(ours, "2026-T1", "10.5", day="2026-04-02")
    world.figure(ours, "2026-T1", "4", day="2026-04-02", breakdown_key="region=bru")
    world.figure(ours, "2026-T1", None, day="2026-04-02", breakdown_key="region=vl")
    second = world.figure(ours, "2026-T2", "0", day="2026-07-02", narrative=text("Één", '"t" \n'))
    world.figure(ours, "2025", "-3", day="2026-01-10", reason="=1+1", is_demo=True)
    world.figure(
        ours,
        "2026-M03",
        None,
        day="2026-04-03",
        numerator=Decimal("45"),
        denominator=Decimal("60.0001"),
        confirmed_checks=["fall_of_to_date", "outlier"],
        approved_by=world.users["corporate"],
    )
    third = world.figure(theirs, "2026-S1", None, day="2026-07-03", level=2)
    world.figure(theirs, "2026-T3", None, day="2026-10-03", done_on="2026-09-01")
    world.validate(first, day="2026-04-10")
    world.event(second, "returned", day="2026-07-10", reason='Kijk, "na"\r\nen nog eens;\\.')
    world.event(third, "locked", day="2026-07-11")
    world.figure(ours, "2026-T1", "11", day="2026-08-02", reason="telfout, gemeld\ndoor ons")
    world.target(ours, "90", day="2026-01-10", due="2026-12-31")
    world.target(ours, "80.5", day="2026-06-10", due="2026-12-31")
    return world


QUERIES: list[dict[str, str]] = [
    {},
    {"includeHistory": "true"},
    {"includeHistory": "true", "asOf": "2026-07-05"},
    {"referenceDate": "2026-06-30", "sort": "-periodEnd,breakdown"},
    {"unit": "ADVP", "periodFrom": "2026-T1", "q": "onze"},
    {"indicator": "nothing"},
    {"select": "value,indicator(code),narrative,period", "sort": "periodStart"},
]


@pytest.mark.parametrize("user", ["auditor", "planner", "cabinet", "other cabinet"])
def test_ndjson_holds_the_items_of_the_pages(figures: World, get: Get, user: str) -> None:
    for query in QUERIES:
        pages = paged(get, user, "measurements", **query)
        assert lines(get, user, "measurements", **query) == pages, query
    for history in ("true", "false"):
        pages = paged(get, user, "targets", includeHistory=history)
        assert lines(get, user, "targets", includeHistory=history) == pages


def test_ndjson_and_csv_of_every_collection_hold_the_items_of_the_pages(
    figures: World, get: Get
) -> None:
    figures.plan_entries(2)
    figures.link(figures.objective("O1", "ADVP"), figures.used(figures.indicator("I3", "ADVP")))
    figures.question(figures.objective("O2", "ADVP"), minister="BZ")
    for collection in COLLECTIONS:
        assert collection.bulk is not None, collection.name
        items = paged(get, "auditor", collection.name)
        assert lines(get, "auditor", collection.name) == items, collection.name
        rows = table(get, "auditor", collection.name)
        assert len(rows) == len(items), collection.name
        assert [row.get("id") for row in rows] == [item.get("id") for item in items]
        names = [column.name for column in collection.bulk.columns(collection)]
        assert len(set(names)) == len(names)
        assert arrow(get, "auditor", collection.name).column_names == names


def written(column: bulk.Column, item: dict[str, Any]) -> str:
    """Return a member of a JSON item as a cell of CSV holds it."""
    value = column.value(item)
    if value is None:
        return ""
    if column.kind == bulk.Kind.MOMENT:
        return f"{value[:19]}.000000Z"
    if column.kind in (bulk.Kind.LIST, bulk.Kind.CODES):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value[0] in "=+-@" else str(value)


@pytest.mark.parametrize("name", ["measurements", "targets"])
def test_csv_says_what_the_items_say(figures: World, get: Get, name: str) -> None:
    collection = next(one for one in COLLECTIONS if one.name == name)
    assert collection.bulk is not None
    columns = [
        one for one in collection.bulk.columns(collection) if one.path[0] in collection.members
    ]
    for query in ({}, {"includeHistory": "true", "sort": "-recordedAt"}):
        items = paged(get, "planner", name, **query)
        found = table(get, "planner", name, **query)
        assert [{c.name: row[c.name] for c in columns} for row in found] == [
            {c.name: written(c, item) for c in columns} for item in items
        ]


def test_a_measurement_carries_what_a_data_team_needs(figures: World, get: Get) -> None:
    (row,) = table(get, "auditor", "measurements", period="2026-T2", indicator="=I1")

    unit = figures.units["ADVP"]
    assert row["indicator.code"] == "'=I1"
    assert (row["unit.code"], row["unit.id"]) == ("ADVP", str(unit.uuid))
    assert (row["unitOfMeasure_nl"], row["resolution"]) == ("stuks", "T")
    assert (row["recordedByUnit.code"], row["recordedByUnit.id"]) == ("ADVP", str(unit.uuid))
    assert row["recordedAt"] == "2026-07-02T10:00:00.000000Z"
    assert (row["value"], row["valueState"], row["numerator"]) == ("0", "measured", "")
    assert (row["narrative_nl"], row["narrative_fr"]) == ("Één", '"t"')


def test_a_unit_that_recorded_a_figure_keeps_it_when_the_indicator_moves(
    figures: World, get: Get
) -> None:
    indicator = Indicator.objects.get(code="I2")
    UnitTransfer.objects.create(
        target_type=Indicator.type_name(),
        target_uuid=indicator.uuid,
        from_unit=figures.units["ADVP"],
        to_unit=figures.units["DVZ"],
        takes_effect_on=date(2026, 8, 1),
        recorded_at=moment("2026-08-01"),
    )

    rows = table(get, "auditor", "measurements", indicator="I2")

    assert [(row["period"], row["recordedByUnit.code"], row["unit.code"]) for row in rows] == [
        ("2026-S1", "ADVP", "DVZ"),
        ("2026-T3", "DVZ", "DVZ"),
    ]


def test_csv_follows_rfc_4180(figures: World, get: Get) -> None:
    query = {"indicator": "=I1", "sort": "-recordedAt", "select": "value,reason"}
    response = taken(get, "auditor", "measurements", CSV, includeHistory="true", **query)

    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"].startswith('attachment; filename="ibzplan-measurements-')
    assert response.getvalue().decode() == (
        "value,reason\r\n"
        '11,"telfout, gemeld\ndoor ons"\r\n'
        "0,\r\n"
        ",\r\n"
        "10.5,\r\n4,\r\n,\r\n"
        "-3,'=1+1\r\n"
    )


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_no_spreadsheet_runs_a_text(world: World, get: Get, sign: str) -> None:
    reason = f'{sign}HYPERLINK("x")'
    world.figure(world.indicator("I1", "ADVP"), "2026-T1", "1", day="2026-04-02", reason=reason)

    (row,) = table(get, "auditor", "measurements")
    assert row["reason"] == f"'{reason}"
    (item,) = lines(get, "auditor", "measurements")
    assert item["reason"] == reason
    assert arrow(get, "auditor", "measurements")["reason"].to_pylist() == [reason]


def test_pandas_reads_the_right_types(figures: World, get: Get) -> None:
    content = taken(get, "auditor", "measurements", CSV, includeHistory="true").getvalue()

    frame = pandas.read_csv(
        io.BytesIO(content), parse_dates=["periodStart", "periodEnd", "recordedAt"]
    )

    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    assert kinds["periodStart"].startswith("datetime64")
    assert kinds["recordedAt"].startswith("datetime64") and kinds["recordedAt"].endswith("UTC]")
    assert kinds["value"] == kinds["numerator"] == "float64"
    assert kinds["provisional"] == kinds["fictional"] == "bool"
    assert kinds["id"] in ("str", "object")
    exact = pandas.read_csv(io.BytesIO(content), dtype=str)
    assert "60.0001" in set(exact["denominator"])


def test_parquet_is_typed_and_exact(figures: World, get: Get) -> None:
    found = arrow(get, "auditor", "measurements", sort="periodStart,breakdown")

    kinds = {field.name: field.type for field in found.schema}
    assert pyarrow.types.is_decimal(kinds["value"])
    assert kinds["periodStart"] == pyarrow.date32()
    assert kinds["recordedAt"] == pyarrow.timestamp("us", tz="UTC")
    assert kinds["locked"] == pyarrow.bool_()
    assert pyarrow.types.is_dictionary(kinds["indicator.code"])
    assert kinds["id"] == pyarrow.string()
    items = paged(get, "auditor", "measurements", sort="periodStart,breakdown")
    assert found["value"].to_pylist() == [item.get("value") for item in items]
    assert found["denominator"].to_pylist() == [item.get("denominator") for item in items]
    assert found["indicator.code"].to_pylist() == [item["indicator"]["code"] for item in items]
    assert found["reason"].to_pylist() == [item.get("reason") for item in items]
    assert [str(day) for day in found["periodEnd"].to_pylist()] == [i["periodEnd"] for i in items]
    told = [json.loads(codes) for codes in found["confirmedChecks"].to_pylist()]
    assert told == [item["confirmedChecks"] for item in items]


def test_an_empty_list_still_has_its_columns(world: World, get: Get) -> None:
    assert table(get, "auditor", "measurements") == []
    assert lines(get, "auditor", "measurements") == []
    assert arrow(get, "auditor", "measurements").num_rows == 0
    head = taken(get, "auditor", "measurements", CSV, select="period,value").getvalue()
    assert head == b"period,value\r\n"


def test_what_cannot_be_is_a_problem_in_json(figures: World, get: Get) -> None:
    def refused(accept: str, path: str = "measurements", **query: str) -> tuple[int, list[str]]:
        response = get("auditor", path, headers={"Accept": accept}, **query)
        assert response["Content-Type"] == "application/problem+json"
        return response.status_code, [one["name"] for one in response.json().get("issues", [])]

    for accept in (CSV, LINES, PARQUET):
        assert refused(accept, period="soon") == (400, ["period"])
        assert refused(accept, page="1", pageSize="3") == (400, ["page", "pageSize"])
        assert refused(accept, select="nothing") == (400, ["select"])
        assert refused(accept, sort="nothing") == (400, ["sort"])
    assert refused(CSV, "statuses", kind="nothing") == (400, ["kind"])
    assert refused("text/turtle") == (406, [])
    assert refused(CSV, f"measurements/{uuid4()}") == (406, [])


def test_a_browser_and_a_client_without_a_wish_get_json(figures: World, get: Get) -> None:
    for accept in ("*/*", "text/html,application/xml;q=0.9,*/*;q=0.8"):
        response = get("auditor", "measurements", headers={"Accept": accept})
        assert response["Content-Type"] == "application/json"


def test_head_does_not_run_the_query(figures: World, get: Get) -> None:
    get("auditor", "measurements")  # makes the token
    _token, key = token_create(user=figures.users["auditor"], name="head")
    headers = {"Authorization": f"Bearer {key}", "Accept": CSV}
    with CaptureQueriesContext(connection) as captured:
        response = Client().head("/api/v1/measurements", headers=headers)

    assert response.status_code == 200
    assert response["Content-Type"].startswith(CSV)
    assert response.content == b""
    assert not [one for one in captured if "indicators_measurement" in one["sql"]]
    refused = Client().head("/api/v1/measurements", {"period": "soon"}, headers=headers)
    assert refused.status_code == 400


def test_it_is_compressed_on_request_and_never_twice(figures: World, get: Get) -> None:
    plain = taken(get, "auditor", "measurements", CSV).getvalue()
    headers = {"Accept": CSV, "Accept-Encoding": "gzip, deflate"}
    packed = get("auditor", "measurements", headers=headers)

    assert packed["Content-Encoding"] == "gzip"
    assert zlib.decompress(packed.getvalue(), zlib.MAX_WBITS | 16) == plain
    assert "Accept-Encoding" in packed["Vary"]
    for accept, encoding in ((PARQUET, "gzip"), (CSV, "gzip;q=0")):
        headers = {"Accept": accept, "Accept-Encoding": encoding}
        assert "Content-Encoding" not in get("auditor", "measurements", headers=headers)


def test_every_table_is_described(figures: World, get: Get) -> None:
    response = taken(get, "auditor", "measurements", CSV)
    address = response["Link"].partition(">")[0].removeprefix("<")
    described = Client().get(address).json()

    columns = described["tableSchema"]["columns"]
    head = response.getvalue().decode().partition("\r\n")[0]
    assert [column["titles"] for column in columns] == head.split(",")
    kinds = {column["titles"]: column["datatype"] for column in columns}
    assert (kinds["value"], kinds["periodEnd"]) == ("decimal", "date")
    assert kinds["recordedAt"] == "dateTimeStamp"
    assert Client().get("/doc/tables/nothing.json").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_it_is_read_from_one_state_while_others_write(
    world: World, get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.plan_entries(3)
    file = tmp_path / "own.sqlite3"
    copy_to_file(file)
    monkeypatch.setattr("ibzplan.core.api.bulk.tables.PAGE_SIZE_MAX", 1)
    monkeypatch.setattr("ibzplan.core.api.bulk.csv_lines.LINES_A_PIECE", 1)
    with own_connection(file):
        before = table(get, "auditor", "goals")
        stream = iter(taken(get, "auditor", "goals", CSV, select="title"))
        first = next(stream)
        Goal.objects.update(title=text("Veranderd"))
        Goal.objects.create(objective=world.goal.objective, **entry("Nieuw", "N1", 99))
        rest = b"".join(stream)
        after = table(get, "auditor", "goals")

    titles = [row["title_nl"] for row in csv.DictReader(io.StringIO((first + rest).decode()))]
    assert titles == [row["title_nl"] for row in before] == ["Doel"] * 4
    assert sorted(row["title_nl"] for row in after) == ["Nieuw", *["Veranderd"] * 4]


def connections_open() -> int:
    """Return how many connections the database has; ours alone where that cannot be asked."""
    if connection.vendor == "sqlite":
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        count: int = cursor.fetchone()[0]
        return count


def copies() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "bulk-copy"]


def threads() -> int:
    """Return how many threads run code of ours, those of libraries included."""
    return len(sys._current_frames())


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """More figures than are made ahead: a piece is a row, and few wait."""
    indicator = world.indicator("I1", "ADVP")
    months = [f"{year}-M{month:02}" for year in range(2010, 2025) for month in range(1, 13)]
    for place, period in enumerate(months):
        world.figure(indicator, period, str(place - 100), day="2026-04-02", reason="x" * 2000)
    monkeypatch.setattr("ibzplan.core.api.bulk.copying.PIECE_BYTES", 1)
    monkeypatch.setattr("ibzplan.core.api.bulk.copying.PIECES_AHEAD", 1)
    monkeypatch.setattr("ibzplan.core.api.bulk.csv_lines.LINES_A_PIECE", 1)
    monkeypatch.setattr("ibzplan.core.api.bulk.parquet.ROWS_A_GROUP", 1)
    monkeypatch.setattr("ibzplan.core.api.bulk.parquet._BLOCK_BYTES", 4096)
    return world


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accept", [CSV, LINES, PARQUET])
def test_a_client_that_leaves_early_leaves_nothing_open(
    many: World, get: Get, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    def slowly(rows: list[bytes]) -> bytes:
        time.sleep(0.02)  # whoever reads ahead waits for the database
        return b"".join(rows)

    monkeypatch.setattr("ibzplan.core.api.bulk.copying.plain", slowly)
    open_before, threads_before = connections_open(), threads()
    response = taken(get, "auditor", "measurements", accept)
    assert next(iter(response))
    response.close()

    assert copies() == []
    wait_for(lambda: threads() <= threads_before)
    wait_for(lambda: connections_open() == open_before)
    many.figure(many.indicator("I2", "ADVP"), "1999", "1", day="2026-04-03")
    assert len(table(get, "auditor", "measurements")) == 181
    wait_for(lambda: connections_open() == open_before)


@pytest.mark.django_db(transaction=True)
def test_what_fails_halfway_breaks_the_transfer(
    many: World, get: Get, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_before = connections_open()
    # One figure is zero: of that row, far from the first, a cell cannot be written.
    monkeypatch.setitem(statements._IN_CSV, bulk.Kind.DECIMAL, "1 / {0}")
    monkeypatch.setitem(csv_lines._WRITTEN, bulk.Kind.DECIMAL, lambda cell: str(1 / cell))
    stream = iter(taken(get, "auditor", "measurements", CSV))
    assert next(stream)

    with pytest.raises((DataError, DivisionByZero)):
        list(stream)

    assert "was broken off" in caplog.text
    assert copies() == []
    wait_for(lambda: connections_open() == open_before)
