"""A year's table: handed out, filled in, checked cell by cell, looked at, applied as a whole."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from budget.credit_file import credits_read
from budget.models import CreditAmount
from ibzplan.core.models import HistoryEntry
from tests.budget.credit_lines import Budget

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def officer(credits: Budget) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(credits.officer)
    return client


def table(client: Client, year: int = 2026, budget: str = "initial") -> Any:
    """Return the first sheet of the table of a year, as openpyxl has it."""
    query: dict[str, Any] = {"year": year, "budget": budget}
    content = client.get(reverse("budget:credit_table"), query).content
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(book: Any, cells: dict[tuple[str, int], Any]) -> bytes:
    """Return the workbook with amounts typed in, by code and place: 0 the VL, 1 the VE."""
    (page,) = book.worksheets
    rows = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
    for (code, place), value in cells.items():
        page.cell(rows[code], 4 + place, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(
    client: Client, content: bytes, *, name: str = "b.xlsx", year: int = 2026, **more: Any
) -> Any:
    data = {"year": year, "budget": "initial", "decimal": "", **more}
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("budget:credit_import"), {**data, "file": file})


def apply(client: Client, preview: Any, reason: str = "") -> Any:
    form = preview.context["form"]
    data = {name: form[name].value() for name in ("carried", "fingerprint")}
    address = reverse("budget:credit_import_apply")
    return client.post(address, {**data, "reason": reason}, follow=True)


def amounts(year: int = 2026) -> dict[str, tuple[int, int]]:
    rows = CreditAmount.objects.filter(year=year, table="entered").select_related("line")
    return {row.line.code: (row.commitment_cents, row.payment_cents) for row in rows}


def test_a_table_goes_out_and_comes_back(credits: Budget, officer: Client) -> None:
    content = filled(table(officer), {("OP", 0): 960.35, ("OP", 1): 0, ("PERS-S", 0): "310,5"})
    content = filled(openpyxl.load_workbook(io.BytesIO(content)), {("PERS-S", 1): 300})
    preview = hand_in(officer, content)
    assert preview.status_code == 200
    assert [change.line.code for change in preview.context["changes"]] == ["PERS-S", "OP"]
    assert amounts() == {}
    page = apply(officer, preview).content.decode()
    assert "2 lines of 2026 are entered." in page
    assert amounts() == {"OP": (96_035_000, 0), "PERS-S": (31_050_000, 30_000_000)}
    entry = HistoryEntry.objects.filter(target_type="budget.creditamount").first()
    assert entry is not None
    assert entry.reason == "Table b.xlsx"


def test_the_table_says_what_stands_and_changes_nothing_by_itself(
    credits: Budget, officer: Client
) -> None:
    book = table(officer, 2025)
    (page,) = book.worksheets
    rows = {row[0]: row[3:7] for row in page.iter_rows(min_row=2, values_only=True)}
    assert rows["PERS"] == (400, 400, 400, 400)
    assert rows["OP"] == (None, None, None, None)
    preview = hand_in(officer, filled(book, {}), year=2025)
    context = preview.context
    assert (context["changes"], context["unchanged"], context["empty"]) == ([], 6, 1)


def test_every_problem_is_named_at_its_cell_and_nothing_is_written(
    credits: Budget, officer: Client
) -> None:
    lines = [
        "Line code;VL (kEUR);VE (kEUR)",
        "OP;1.500;12",
        "PERS-S;-3;12",
        "PERS-C;12;",
        "PERS-X;1;1",
        "OP;7;7",
        ";5;5",
        "HOST;0,123456;abc",
        "OWN;9;9",
    ]
    response = hand_in(officer, "\r\n".join(lines).encode(), name="b.csv")
    assert response.status_code == 422
    found = [(one.code, f"{one.column}{one.row}") for one in response.context["problems"]]
    assert found == [
        ("ambiguous", "B2"),
        ("negative", "B3"),
        ("half", "C4"),
        ("unknown_line", "A5"),
        ("twice", "A6"),
        ("no_code", "A7"),
        ("part_of_a_cent", "B8"),
        ("not_a_number", "C8"),
    ]
    page = response.content.decode()
    assert "Is it PERS" in page
    assert "credit_import_apply" not in page and "toepassen" not in page
    assert amounts() == {}


@pytest.mark.parametrize(
    ("decimal", "text", "cents"),
    [(",", "1.500", 150_000_000), (".", "1.500", 150_000), ("", "1 500,5", 150_050_000)],
)
def test_the_numbers_of_a_csv_are_read_as_its_sender_says(
    credits: Budget, decimal: str, text: str, cents: int
) -> None:
    content = f"code;VL (kEUR);VE (EUR)\nOP;{text};250\n".encode()
    found = credits_read(content, decimal=decimal)
    assert found.problems == []
    (row,) = found.rows
    assert (row.commitment_cents, row.payment_cents) == (cents, 25_000)


def test_what_someone_else_changed_since_the_download_is_not_overwritten(
    credits: Budget, officer: Client
) -> None:
    credits.enter("OP", 50, 45)
    credits.enter("PERS-S", 300, 300)
    book = table(officer)
    credits.enter("OP", 60, 45, version=1, reason="Conclaaf")
    credits.enter("PERS-S", 310, 300, version=1, reason="Conclaaf")
    response = hand_in(officer, filled(book, {("OP", 0): 70}))
    (problem,) = response.context["problems"]
    assert problem.code == "changed_meanwhile"
    assert "VL 60, VE 45 kEUR" in problem.message and "VL 70, VE 45 kEUR" in problem.message
    # What the file leaves alone stays as the other one entered it.
    assert [line.code for line in response.context["kept"]] == ["PERS-S"]


def test_what_changes_between_looking_and_applying_is_shown_again(
    credits: Budget, officer: Client
) -> None:
    content = b"code;VL (kEUR);VE (kEUR)\nOP;50;45\n"
    preview = hand_in(officer, content, name="b.csv")
    credits.enter("OP", 60, 45)
    response = apply(officer, preview, "Tabel van B&B")
    assert response.status_code == 422
    assert amounts() == {"OP": (6_000_000, 4_500_000)}
    (change,) = response.context["changes"]
    assert change.before.commitment_cents == 6_000_000
    assert response.context["form"]["reason"].value() == "Tabel van B&B"
    apply(officer, response, "Tabel van B&B")
    assert amounts() == {"OP": (5_000_000, 4_500_000)}


def test_a_change_of_a_year_that_began_asks_why(credits: Budget, officer: Client) -> None:
    content = b"code;VL (kEUR);VE (kEUR)\nPERS;401;400\nOP;1;1\n"
    preview = hand_in(officer, content, name="b.csv", year=2025)
    refused = apply(officer, preview)
    assert "reason" in refused.context["form"].errors
    assert amounts(2025) == {}
    apply(officer, refused, "Aangepast na controle")
    assert amounts(2025) == {"PERS": (40_100_000, 40_000_000), "OP": (100_000, 100_000)}
    printed = CreditAmount.objects.get(line__code="PERS", table="global")
    assert printed.commitment_cents == Decimal(400) * 100_000


def test_what_was_carried_is_good_for_its_sender_alone(credits: Budget, officer: Client) -> None:
    preview = hand_in(officer, b"code;VL (kEUR);VE (kEUR)\nOP;50;45\n", name="b.csv")
    other = Client()
    other.force_login(credits.ministry.users["corporate"])
    apply(other, preview)
    form = preview.context["form"]
    data = {"carried": form["carried"].value()[:-1], "fingerprint": form["fingerprint"].value()}
    page = officer.post(reverse("budget:credit_import_apply"), data, follow=True)
    assert "Hand the file in again." in page.content.decode()
    assert amounts() == {}


def test_a_file_that_is_none_is_refused_at_its_field(credits: Budget, officer: Client) -> None:
    for content in (b"PK nothing", b"name,value\n1,2\n"):
        response = hand_in(officer, content)
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == {"file"}
