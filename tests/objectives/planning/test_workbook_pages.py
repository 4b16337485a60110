"""The pages of the workbook: download, hand in, problems, apply."""

import io
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from objectives.planning.models import WorkbookImport
from objectives.planning.selectors.workbooks import last_job
from objectives.planning.tasks import apply_workbook, check_workbook
from personnel.choices import Role
from personnel.models import RoleAssignment
from tests.factories import Ministry
from tests.objectives.planning.workbook_files import Opened, export, hand_in, make_planned


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def signed(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def _hand_over(client: Client, content: bytes, name: str = "plan.xlsx") -> object:
    return client.post(
        reverse("planning:workbook", args=[2026]),
        {"file": SimpleUploadedFile(name, content)},
    )


def test_a_planner_downloads_changes_hands_in_and_applies(ministry: Ministry) -> None:
    planned = make_planned(ministry, count=2)
    client = signed(ministry, "planner_adcv")
    page = client.get(reverse("planning:unit", args=["ADCV"])).content.decode()
    assert reverse("planning:workbook", args=[2026]) in page
    answer = client.get(reverse("planning:workbook_file", args=[2026]))
    assert CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names[1] == "Objectives"

    opened = Opened(answer.content)
    opened.put("objectives", 3, "title_nl", "Anders")
    handed = _hand_over(client, opened.saved())
    row = WorkbookImport.objects.get()
    address = reverse("planning:workbook_import", args=[row.uuid])
    assert handed.url == address  # type: ignore[attr-defined]
    assert "is being checked" in client.get(address).content.decode()
    job = last_job(row)
    assert job is not None
    check_workbook(str(job.uuid))
    page = client.get(address).content.decode()
    assert "Apply 1 change" in page
    assert "Noodcentrale 1 bouwen" in page

    client.post(reverse("planning:workbook_apply", args=[row.uuid]))
    job = last_job(row)
    assert job is not None
    apply_workbook(str(job.uuid))
    assert "The workbook is applied" in client.get(address).content.decode()
    planned.objectives[0].refresh_from_db()
    assert planned.objectives[0].title["nl"] == "Anders"


def test_problems_stand_in_a_table_with_sheet_row_and_column(ministry: Ministry) -> None:
    planned = make_planned(ministry, count=1)
    opened = Opened(export(ministry, planned.planner))
    opened.put("risks", 3, "impact", "<b>veel</b>")
    row = hand_in(ministry, planned.planner, opened.saved())
    client = signed(ministry, "planner_adcv")
    page = client.get(reverse("planning:workbook_import", args=[row.uuid])).content.decode()
    assert "1 problem: nothing is written" in page
    assert "&lt;b&gt;veel&lt;/b&gt;" in page
    assert "<b>G</b> Impact (1 to 5)" in page
    assert reverse("planning:workbook_apply", args=[row.uuid]) not in page


@pytest.mark.parametrize("name", ["plan.xlsm", "plan.csv", "plan"])
def test_a_file_of_another_kind_is_refused_at_the_field(ministry: Ministry, name: str) -> None:
    answer = _hand_over(signed(ministry, "planner_adcv"), b"x", name)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert f"“{name}” is not an Excel workbook" in answer.content.decode()  # type: ignore[attr-defined]
    assert not WorkbookImport.objects.exists()


def test_a_form_without_a_file_says_so(ministry: Ministry) -> None:
    client = signed(ministry, "planner_adcv")
    answer = client.post(reverse("planning:workbook", args=[2026]), {})
    assert answer.status_code == 422
    assert "Choose the workbook that you saved." in answer.content.decode()


def test_the_file_stays_as_it_was_for_its_user_the_head_and_the_auditor(
    ministry: Ministry,
) -> None:
    planned = make_planned(ministry, count=1)
    content = export(ministry, planned.planner)
    row = hand_in(ministry, planned.planner, content)
    address = reverse("planning:workbook_import_file", args=[row.uuid])
    for name, status in (
        ("planner_adcv", 200),
        ("head_adcv", 200),
        ("auditor", 200),
        ("planner_dvz", 404),
        ("corporate", 404),
    ):
        answer = signed(ministry, name).get(address)
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer) == content


def test_reading_only_gives_a_workbook_but_takes_none(ministry: Ministry) -> None:
    client = signed(ministry, "auditor")
    assert client.get(reverse("planning:workbook_file", args=[2026])).status_code == 200
    assert _hand_over(client, b"x").status_code == 403  # type: ignore[attr-defined]


def _export_queries(ministry: Ministry) -> int:
    client = signed(ministry, "planner_adcv")
    address = reverse("planning:workbook_file", args=[2026])
    client.get(address)  # keeps what seldom changes
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_export_takes_as_many_queries_for_three_times_the_rows(ministry: Ministry) -> None:
    make_planned(ministry, count=1)
    few = _export_queries(ministry)
    make_planned(ministry, count=3)
    assert _export_queries(ministry) == few


def test_the_list_takes_as_many_queries_for_three_times_the_rows(ministry: Ministry) -> None:
    planned = make_planned(ministry, count=1)
    content = export(ministry, planned.planner)
    client = signed(ministry, "planner_adcv")
    address = reverse("planning:workbook", args=[2026])
    counts = []
    for times in (1, 2):
        for _time in range(times):
            hand_in(ministry, planned.planner, content)
        client.get(address)  # keeps what seldom changes
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_corporate_cell_follows_imports_without_reading_drafts(ministry: Ministry) -> None:
    planned = make_planned(ministry, count=1)
    row = hand_in(ministry, planned.planner, export(ministry, planned.planner))
    link = f'href="{reverse("planning:workbook_import", args=[row.uuid])}"'
    address = reverse("planning:workbook", args=[2026])
    said = signed(ministry, "corporate").get(address).content.decode()
    assert "plan.xlsx" in said and link not in said
    assert link in signed(ministry, "head_adcv").get(address).content.decode()
    assert "plan.xlsx" not in signed(ministry, "planner_dvz").get(address).content.decode()


def test_a_head_does_not_read_what_a_colleague_hands_in_for_another_unit(
    ministry: Ministry,
) -> None:
    planned = make_planned(ministry, count=1)
    row = hand_in(ministry, planned.planner, export(ministry, planned.planner))
    RoleAssignment.objects.create(user=planned.planner, role=Role.PLANNER, unit=ministry.dvz)
    address = reverse("planning:workbook_import", args=[row.uuid])
    assert signed(ministry, "head_adcv").get(address).status_code == 404


def test_two_thousand_lines_are_paged(ministry: Ministry) -> None:
    planned = make_planned(ministry, count=1)
    row = hand_in(ministry, planned.planner, export(ministry, planned.planner))
    line = {"sheet": "Risks", "row": 1, "column": "G", "header": "Impact", "found": "9"}
    row.problems = [
        {**line, "code": "x", "message": f"problem {n}.", "is_remark": False} for n in range(2000)
    ]
    row.changes = [{**line, "old": "", "new": f"value {n}.", "is_new_row": 0} for n in range(2000)]
    row.save()
    client = signed(ministry, "planner_adcv")
    address = reverse("planning:workbook_import", args=[row.uuid])
    said = client.get(address).content.decode()
    assert "problems: nothing is written" in said
    assert "problem 99." in said and "problem 100." not in said and "Page 1 of 20" in said
    said = client.get(address, {"page": 20}).content.decode()
    assert "problem 1999." in said and "value 0." in said
    said = client.get(f"{address}?list=changes&page=2").content.decode()
    assert "value 100." in said and "problem 0." in said and "Page 2 of 20" in said
