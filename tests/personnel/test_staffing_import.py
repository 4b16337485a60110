"""The staffing of a day as a table: checked cell by cell, looked at, then written as a whole."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from personnel.models import StaffingFigure, StaffingLine, User
from personnel.staffing_file import staffing_file_read
from tests.factories import Ministry
from tests.markup import assert_sound_markup
from tests.staffing_lines import DAY, enter, lines_of, make_officer

HEAD = "Line code;Line;Statutory;Contractual;All statutes\r\n"
ASKED = {"measure": "fte", "kind": "actual", "on": "2024-12-31"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def lines(ministry: Ministry) -> dict[str, StaffingLine]:
    return lines_of(ministry)


@pytest.fixture
def page(lines: dict[str, StaffingLine]) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_officer())
    return client


def hand_in(page: Client, rows: str, **asked: str) -> tuple[int, str, dict[str, str]]:
    """Return the status, the page, and what its form carries."""
    file = SimpleUploadedFile("telling.csv", (HEAD + rows).encode())
    answer = page.post(reverse("personnel:staffing_import"), {**ASKED, **asked, "file": file})
    form = answer.context["form"]
    carried = {name: str(form.initial.get(name, "")) for name in ("carried", "fingerprint")}
    return answer.status_code, answer.content.decode().replace("\xa0", " "), carried


def test_a_file_is_looked_at_and_then_written_with_a_reason(page: Client) -> None:
    status, html, carried = hand_in(page, "DVZ;;1950;265,2;\r\nADCV;;1148,3;52,1;\r\nTOT;;;;\r\n")
    assert status == 200
    assert_sound_markup(html)
    assert "<strong>1 line</strong> would change" in html
    assert "1 951.7" in html
    assert not StaffingFigure.objects.filter(origin="entered").exists()
    apply = reverse("personnel:staffing_import_apply")
    refused = page.post(apply, carried)
    assert refused.status_code == 422
    assert "say why" in refused.content.decode()
    page.post(apply, {**carried, "reason": "Definitieve telling"})
    (figure,) = StaffingFigure.objects.filter(origin="entered")
    assert (figure.line.code, figure.statute, figure.amount) == ("DVZ", "statutory", 1_950_000)
    told = page.get(reverse("personnel:staffing_line", args=["DVZ"])).content.decode()
    assert "Table telling.csv: Definitieve telling" in told


def test_every_wrong_cell_is_named_and_nothing_is_written(page: Client) -> None:
    rows = "DVZ;;1.500;-3;\r\nDVS;;1;;\r\nADCV;;10;5;12\r\n;;4;;\r\nDVZ;;2;;\r\n"
    status, html, _carried = hand_in(page, rows)
    assert status == 422
    assert "<strong>6 problems</strong>: nothing is written." in html
    assert "<b>C2</b>" in html
    assert "can be read in two ways" in html
    assert "<b>D2</b>" in html
    assert "below zero" in html
    assert "Is it DVZ" in html
    assert "The statutes add up to" in html
    assert "<b>E4</b>" in html
    assert "<b>A3</b>" in html
    assert "no code of a line" in html
    assert "stands in row 2 already" in html
    assert hand_in(page, "DVZ;;1.950,5;;\r\n", decimal=",")[0] == 200
    assert hand_in(page, "DVZ;;1;;\r\n", on="2199-12-31")[0] == 422
    assert not StaffingFigure.objects.filter(origin="entered").exists()


def test_what_changed_meanwhile_is_looked_at_again(
    page: Client, lines: dict[str, StaffingLine]
) -> None:
    _status, _html, carried = hand_in(page, "DVZ;;1950;;\r\n")
    enter(User.objects.get(username="officer"), lines["DVZ"], DAY, "Eerder", statutory="1940")
    apply = reverse("personnel:staffing_import_apply")
    late = page.post(apply, {**carried, "reason": "Telling"})
    assert late.status_code == 422
    assert "changed since this list was made" in late.content.decode()
    assert StaffingFigure.objects.get(origin="entered").amount == 1_940_000
    assert page.post(apply, {"carried": "x", "fingerprint": "y"}).status_code == 302


def test_what_changed_since_the_download_is_not_written_over(
    page: Client, lines: dict[str, StaffingLine]
) -> None:
    table = page.get(reverse("personnel:staffing_table"), {**ASKED, "format": "csv"})
    enter(User.objects.get(username="officer"), lines["DVZ"], DAY, "Later", statutory="1940")

    def handed(content: str) -> str:
        file = SimpleUploadedFile("old.csv", content.encode())
        answer = page.post(reverse("personnel:staffing_import"), {**ASKED, "file": file})
        assert_sound_markup(answer.content.decode())
        return answer.content.decode().replace("\xa0", " ")

    old = table.content.decode()
    left = handed(old)
    assert "Changed by someone else since the download" in left
    assert "would change" not in left
    head, row = old.rsplit("\r\nDVZ,", 1)
    typed = handed(f"{head}\r\nDVZ,{row.replace('1951.7', '1930', 1)}")
    assert "nothing is written" in typed
    assert "now it is 1 940.0, in the file 1 930.0" in typed
    assert "<b>D6</b>" in typed


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_that_is_handed_out_reads_back_without_a_change(page: Client, kind: str) -> None:
    answer = page.get(reverse("personnel:staffing_table"), {**ASKED, "format": kind})
    found = staffing_file_read(answer.content, "fte")
    assert not found.problems
    assert [row.code for row in found.rows] == ["TOT", "ENV1", "ADCV", "ENV2", "DVZ"]
    assert found.rows[4].amounts == {
        "mandate": 1_000,
        "statutory": 1_951_700,
        "contractual": 265_200,
    }
    file = SimpleUploadedFile(f"tabel.{kind}", answer.content)
    html = page.post(reverse("personnel:staffing_import"), {**ASKED, "file": file})
    assert "nothing changes" in html.content.decode()
