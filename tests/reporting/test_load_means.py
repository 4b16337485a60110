"""The tables of chapter 5 of the strategic plan: every printed cell, as printed."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budget.models import CreditAmount, CreditLine, StatedFigure
from budget.selectors import credits_of_units
from ibzplan.core.services import record_change
from personnel.models import OrganisationUnit, StaffingFigure, StaffingLine, SupervisingMinister
from personnel.staffing import staffing_of_units
from reporting.plans.loader import fixtures_read, plans_load
from reporting.plans.printed import credits_keur, is_credits, is_number, thousandths
from tests.plan_fixtures import loaded_plans  # noqa: F401 (a fixture)

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SOURCES = Path(settings.BASE_DIR).parent / "shared" / "sources"
# Where the four tables stand; between them only text.
CREDITS = (*range(1343, 1384), *range(1412, 1474))
STAFFING = (*range(1555, 1607), *range(1619, 1638))

pytestmark = pytest.mark.usefixtures("loaded_plans", "db")


@pytest.fixture(scope="module")
def source() -> list[str]:
    if not SOURCES.is_dir():
        pytest.skip("the source texts of the two plans are not beside this copy of the product")
    (path,) = SOURCES.glob("000_*.txt")
    return ["", *path.read_text(encoding="utf-8").split("\n")]


def test_every_printed_credit_is_there(source: list[str]) -> None:
    cells = re.compile(r"(\d{1,3}(?:\.\d{3})*) (\d{1,3}(?:\.\d{3})*) *$")
    printed = {line: found.groups() for line in CREDITS if (found := cells.search(source[line]))}
    stored = {
        row.source_first_line: (row.printed_commitment, row.printed_payment)
        for row in CreditAmount.objects.all()
    }
    assert len(stored) == CreditAmount.objects.count() == 57
    assert stored == {line: credits_keur(" ".join(pair)) for line, pair in printed.items()}
    for row in CreditAmount.objects.all():
        kept = row.printed_commitment, row.printed_payment
        assert kept == (row.commitment_cents / 100_000, row.payment_cents / 100_000)


def test_every_printed_number_of_people_is_there(source: list[str]) -> None:
    cells = re.compile(r"(?:^|(?<= ))\d[\d.]*(?:,\d)?(?= |$)")
    printed = {line: cells.findall(source[line]) for line in STAFFING if cells.search(source[line])}
    # The second envelope has its number in its name.
    printed = {line: found[-6:] for line, found in printed.items()}
    stored: dict[int | None, list[str]] = defaultdict(list)
    place = {"mandate": 0, "statutory": 1, "contractual": 2, "all": 3}
    rows = sorted(StaffingFigure.objects.all(), key=lambda row: (row.on, place[row.statute]))
    for row in rows:
        stored[row.source_first_line].append(row.printed)
    assert stored == printed
    assert len(rows) == 202


def test_every_sum_and_percentage_of_the_texts_is_there() -> None:
    if not SOURCES.is_dir():
        pytest.skip("the source texts of the two plans are not beside this copy of the product")
    # Chapter 5 of the strategic plan between its tables, and chapter 3 of the NVP.
    chapters = {"000": [(1385, 1406), (1475, 1538), (1607, 1614)], "004": [(828, 857)]}
    figure = re.compile(
        r"(\d[\d.]*(?:,\d+)?)\s*(?:%|miljoen|miljard|medewerkers|vte)|(\d+)/(\d+) tussen"
    )
    printed: dict[str, list[str]] = {}
    for number, ranges in chapters.items():
        (path,) = SOURCES.glob(f"{number}_*.txt")
        lines = path.read_text(encoding="utf-8").split("\n")
        text = " ".join("\n".join(lines[first - 1 : last]) for first, last in ranges)
        printed[path.name] = [part for found in figure.findall(text) for part in found if part]
    stored: dict[str, list[str]] = defaultdict(list)
    for row in StatedFigure.objects.all():
        stored[row.source_file].append(row.printed)
    assert stored == printed
    assert sum(map(len, stored.values())) == 18


def test_money_is_in_cents_and_people_in_thousandths_or_heads() -> None:
    total = CreditAmount.objects.get(line__code="TOT")
    assert (total.commitment_cents, total.payment_cents) == (251_422_000_000, 247_890_600_000)
    fte = StaffingFigure.objects.get(
        line__code="DVZ", measure="fte", kind="actual", statute="statutory"
    )
    assert (fte.amount, fte.printed) == (1_951_700, "1951,7")
    heads = StaffingFigure.objects.get(line__code="DVZ", measure="headcount", statute="all")
    assert (heads.amount, heads.printed) == (2461, "2.461")


def test_both_tables_hang_in_one_tree() -> None:
    own = CreditLine.objects.get(code="OWN")
    assert [row.code for row in own.children.all()] == ["PERS", "OPINV", "GRANT", "VAR", "ADBA"]
    assert [row.table for row in own.amounts.order_by("table")] == ["global", "missions"]
    hosted = CreditLine.objects.filter(parent__code="TOT").exclude(code="OWN")
    assert hosted.count() == 12
    assert all(row.is_hosted for row in hosted)
    assert list(CreditLine.objects.filter(parent=None)) == [own.parent]
    envelopes = StaffingLine.objects.filter(parent__code="TOT", unit=None)
    assert [row.code for row in envelopes] == ["ENV1", "ENV2", "FUNDS"]


def test_lines_name_whose_they_are_only_where_the_source_does() -> None:
    office = SupervisingMinister.objects.get(code="VBZ")
    assert [row.code for row in office.credit_lines.all()] == ["PERS-E1"]
    unit = OrganisationUnit.objects.get(code="FUND-AMIF")
    assert [row.code for row in unit.credit_lines.all()] == ["VAR-AMF", "VAR-AMIF"]
    # Every unit that the staffing tables name has its line.
    named = OrganisationUnit.objects.filter(names__where__in=["fte_table", "headcount_table"])
    assert set(named) == {row.unit for row in StaffingLine.objects.exclude(unit=None)}


def test_the_means_of_units_stand_in_the_order_of_units() -> None:
    units = OrganisationUnit.objects.filter(code__in=["RVV", "DVZ"])
    keys = [unit.pk for unit in units]
    rows = credits_of_units(keys, 2025)
    assert [(row.line.code, row.printed_commitment) for row in rows] == [
        ("PERS-E2", 154_844),
        ("H-RVV", 30_223),
    ]
    assert credits_of_units(keys, 2026) == []
    last = timezone.localdate().replace(year=2024, month=12, day=31)
    found = staffing_of_units(keys, last)
    assert {(row.measure, row.kind) for row in found} == {
        ("fte", "actual"),
        ("headcount", "actual"),
    }
    assert [row.line.code for row in found] == ["DVZ"] * 7 + ["RVV"] * 7
    # The plan of a year counts from its first day.
    planned = staffing_of_units(keys, last.replace(year=2025, month=1, day=1))
    assert {row.kind for row in planned} == {"actual", "plan"}
    assert staffing_of_units(keys, last.replace(day=30)) == []


def test_a_correction_is_kept_and_what_is_printed_stays() -> None:
    amount = CreditAmount.objects.get(line__code="H-RVV")
    assert record_change(actor=None, target=amount, values={"commitment_cents": 1})
    report = plans_load(folder=FIXTURES)
    assert report.is_unchanged
    (kept,) = report.kept_edits
    assert kept.record == "CreditAmount H-RVV/2025/initial/global"
    assert (kept.stored, kept.fixture) == (1, 3_022_300_000)
    amount.refresh_from_db()
    assert (amount.commitment_cents, amount.printed_commitment) == (1, 30_223)


def test_a_wrong_cell_is_named_with_what_it_should_be(tmp_path: Path) -> None:
    for path in FIXTURES.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for file, old, new in (
        ("credit_lines", '"30.223 30.236"', '"30223 30.236"'),
        ("staffing", '"1951,7"', '"1951.7"'),
    ):
        path = tmp_path / f"{file}.yaml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert [str(problem) for problem in fixtures_read(folder=tmp_path).problems] == [
        "credit_lines.yaml, H-RVV, 1, printed: "
        "must be two amounts as printed, such as '323.381 327.421', not '30223 30.236'",
        "staffing.yaml, DVZ, 2, printed: "
        "must be a number as printed, such as '2073,7', not '1951.7'",
    ]


@given(st.integers(0, 10**9), st.integers(0, 999))
def test_a_printed_number_gives_its_thousandths(whole: int, decimals: int) -> None:
    grouped = f"{whole:,}".replace(",", ".")
    assert is_number(grouped)
    assert thousandths(grouped) == whole * 1000
    with_decimals = f"{whole},{decimals:03}"
    assert is_number(with_decimals)
    assert thousandths(with_decimals) == whole * 1000 + decimals
    assert is_credits(f"{grouped} {grouped}")
    assert credits_keur(f"{grouped} {grouped}") == (whole, whole)


@pytest.mark.parametrize("value", ["", "1.00", "1.0000", "12.34,5", " 1", "1 2", "-1", "x", 12])
def test_what_no_table_prints_is_refused(value: object) -> None:
    assert not is_number(value)
