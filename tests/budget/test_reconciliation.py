"""The reconciliation of what is loaded: selector, command, page and file."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from budget.models import CreditAmount, StatedFigure
from budget.reconciliation import Cell, Finding, Verdict, findings_of
from budget.selectors.reconciliation import reconcile
from ibzplan.core.clocks import Clocks
from ibzplan.core.services import record_change
from personnel.models import StaffingFigure, StaffingLine
from tests.budget.printed_tables import printed_cells, sheets_of, stated_figures
from tests.plan_fixtures import loaded_plans, page_queries, reader  # noqa: F401 (fixtures)

pytestmark = pytest.mark.usefixtures("loaded_plans", "db")
URL = "/middelen/reconciliatie/"
# Lines and cells of both trees, and the stated figures.
QUERIES = 5


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def visitor(reader: Client) -> Client:  # noqa: F811
    reader.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return reader


def _cells_sorted(finding: Finding) -> Finding:
    def place(cell: Cell) -> tuple[str, str, str]:
        return cell.table, cell.line, cell.column

    return replace(finding, cells=tuple(sorted(finding.cells, key=place)))


def test_the_database_holds_what_the_fixtures_print() -> None:
    found = reconcile(Clocks.now())
    expected = findings_of(sheets_of(printed_cells()), stated_figures())
    told = {_cells_sorted(line.finding) for line in found.lines}
    assert told == {_cells_sorted(row) for row in expected if row.verdict != Verdict.AGREES}
    assert found.checks == sum(row.verdict != Verdict.ONLY_IN_ONE for row in expected)
    assert (found.checks - found.agreeing) == 13
    assert [found.count(verdict) for verdict in Verdict] == [0, 6, 7, 30]


def test_the_worst_comes_first_and_the_order_stays() -> None:
    lines = reconcile(Clocks.now()).lines
    verdicts = [line.finding.verdict for line in lines]
    order = [Verdict.MISMATCH, Verdict.ROUNDING, Verdict.ONLY_IN_ONE]
    assert verdicts == sorted(verdicts, key=order.index)
    assert [line.finding for line in reconcile(Clocks.now()).lines] == [
        line.finding for line in lines
    ]
    assert [str(line.row.code) for line in lines[:3]] == ["ENV1", "PO", "PO"]


def test_a_corrected_amount_changes_nothing_of_what_is_printed() -> None:
    before = reconcile(Clocks.now())
    amount = CreditAmount.objects.get(line__code="H-RVV")
    record_change(actor=None, target=amount, values={"commitment_cents": 1})
    figure = StaffingFigure.objects.get(
        line__code="DVZ", measure="fte", kind="actual", statute="statutory"
    )
    record_change(actor=None, target=figure, values={"amount": 1})
    assert reconcile(Clocks.now()) == before


def test_an_earlier_moment_gives_the_tables_of_then() -> None:
    now = Clocks.now()
    moment = timezone.now()
    line = StaffingLine.objects.get(code="OCAD")
    record_change(actor=None, target=line, values={"parent": None})
    later = reconcile(now)
    assert later.count(Verdict.MISMATCH) > 7
    then = replace(now, known_at=moment, pinned_known=True)
    assert reconcile(then).count(Verdict.MISMATCH) == 7
    never = replace(now, known_at=moment - timedelta(days=400), pinned_known=True)
    assert (reconcile(never).checks, list(reconcile(never).lines)) == (0, [])


def test_only_tables_up_to_the_reference_date_count() -> None:
    clocks = replace(Clocks.now(), reference_date=date(2024, 12, 31), pinned_reference=True)
    found = reconcile(clocks)
    sheets = {line.finding.sheet for line in found.lines}
    assert sheets == {"2024-12-31/actual", ""}
    a_day_before = replace(clocks, reference_date=date(2024, 12, 30))
    assert {line.finding.check for line in reconcile(a_day_before).lines} == {"unbacked"}


# --- the command -------------------------------------------------------------------------------


def _run(*arguments: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("reconcile", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def test_the_command_ends_with_status_1_and_names_every_difference() -> None:
    text, status = _run()
    assert status == 1
    assert "mismatch: 7, rounding: 6, only_in_one: 30." in text
    assert (
        "mismatch    below     fte 2024-12-31/actual ENV1 mandate: printed 6,0 recomputed 5 "
        "difference 1 fte (line 1555, Enveloppe 1)"
    ) in text
    assert "text SP-ASTRID: printed 76,517 = 76517 keur" in text
    assert len(text.splitlines()) == 1 + 43
    assert _run() == (text, 1)


def test_the_command_tells_programs_exact_numbers() -> None:
    text, status = _run("--format", "json")
    told = json.loads(text)
    assert status == 1
    assert told["counts"] == {"mismatch": 7, "rounding": 6, "only_in_one": 30}
    assert told["agree"] == told["checks"] - 13
    ocad = next(row for row in told["differences"] if row["check"] == "opposite")
    assert ocad["where"]["nl"] == "OCAD"
    assert (ocad["printed"], ocad["recomputed"], ocad["difference"]) == ("61", "3.3", "57.7")
    assert (ocad["class"], ocad["sourceLine"]) == ("mismatch", 1632)


def test_the_command_ends_well_when_nothing_is_a_mismatch() -> None:
    StaffingFigure.objects.exclude(measure="fte", kind="plan").delete()
    text, status = _run()
    assert status == 0
    assert "mismatch: 0" in text


def test_the_command_refuses_a_day_that_is_none() -> None:
    with pytest.raises(CommandError, match=r"reference.*yesterday"):
        call_command("reconcile", "--reference", "yesterday")


# --- the page ----------------------------------------------------------------------------------


def test_the_page_tells_the_counts_before_the_lines(visitor: Client) -> None:
    page = visitor.get(URL).content.decode()
    assert "<strong>7 mismatches</strong>, <strong>6 differences by rounding</strong>" in page
    assert "At most half" not in page
    assert "at most half a rounding step" in page
    assert page.count('data-label="Class"') == 43
    assert reverse("personnel:staffing_line", args=["OCAD"]) in page
    assert reverse("budget:credit_line", args=["H-RVV"]) in page


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("?class=mismatch", 7),
        ("?class=rounding&in=fte", 6),
        ("?class=rounding&in=global", 0),
        ("?in=text", 10),
        ("?in=headcount", 1),
        ("?class=nonsense", 43),
    ],
)
def test_the_page_filters_by_class_and_table(visitor: Client, query: str, lines: int) -> None:
    response = visitor.get(URL + query)
    page = response.content.decode()
    assert (response.status_code, page.count('data-label="Class"')) == (200, lines)
    assert ("There is no “nonsense” to choose here" in page) == ("nonsense" in query)
    assert ("No difference of this class" in page) == (lines == 0)


def test_the_page_of_a_day_without_tables_says_what_to_do(visitor: Client) -> None:
    StatedFigure.objects.all().delete()
    page = visitor.get(f"{URL}?reference=2020-01-01").content.decode()
    assert "No printed table counts on this day" in page
    assert "Choose a later reference date" in page


def test_the_file_holds_the_lines_of_the_page_as_numbers(visitor: Client) -> None:
    response = visitor.get(f"{URL}?class=mismatch&export=csv")
    assert "reconciliation" in response["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    wanted = next(row for row in rows if row["Code"] == "ENV1")
    assert [wanted[name] for name in ("As printed", "Printed", "Recomputed", "Difference")] == [
        "6,0",
        "6",
        "5",
        "1",
    ]
    assert visitor.get(f"{URL}?export=xlsx").content[:2] == b"PK"
    assert visitor.get(f"{URL}?class=nonsense&export=csv").status_code == 404


def test_the_page_costs_the_same_queries_however_many_lines(
    page_queries: Callable[[str], int],  # noqa: F811
) -> None:
    assert page_queries(URL) == QUERIES
    lines: list[Any] = list(StaffingLine.objects.filter(parent__code="ENV1"))
    for line in lines:
        for figure in line.figures.filter(measure="fte"):
            figure.printed = "999,9"
            figure.save()
    assert page_queries(URL) == QUERIES
