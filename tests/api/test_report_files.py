"""The files of a progress report, fetched with a key."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from ibzplan.core.services import history_record, token_create
from personnel.choices import Role
from personnel.services import role_assign
from reporting.models import ProgressReport
from tests.api.conftest import Get, World, moment
from tests.api.whole_world import archive

pytestmark = pytest.mark.urls("tests.api.urlconf")

PDF = "application/pdf"
FINAL = b"%PDF-final"


@pytest.fixture
def report(world: World) -> Any:
    """A report that was issued, with its draft and its final file."""
    made = world.report()
    ProgressReport.objects.filter(pk=made.pk).update(created_at=moment("2026-07-10"))
    archive(made, is_final=False, content=b"%PDF-draft")
    archive(made, content=FINAL)
    return made


def path(report: Any, file_format: str = "pdf") -> str:
    return f"progressReports/{report.uuid}/files/{file_format}"


def test_a_report_names_its_files_and_a_key_fetches_them(report: Any, get: Get) -> None:
    (named,) = get("cabinet", f"progressReports/{report.uuid}").json()["files"]
    assert named["href"] == f"http://testserver/api/v1/{path(report)}"

    response = get("cabinet", path(report), headers={"Accept": PDF})

    assert response.status_code == 200
    content = response.getvalue()
    assert content == FINAL
    assert response.headers["Content-Type"] == PDF
    assert response.headers["ETag"] == f'"{named["sha256"]}"'
    assert named["sha256"] == hashlib.sha256(content).hexdigest()
    assert response.headers["Content-Length"] == str(named["sizeBytes"])
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].endswith('-BZ-2026-06-30-nl.pdf"')


def test_the_data_of_a_report_is_a_file_too(report: Any, get: Get) -> None:
    response = get("cabinet", path(report, "json"))

    assert response.headers["Content-Type"] == "application/json"
    assert response.getvalue() == b"{}"
    assert response.headers["ETag"] == f'"{report.snapshot_sha256}"'


def test_who_has_a_file_is_told_so_and_head_tells_of_it(
    world: World, report: Any, get: Get
) -> None:
    whole = get("cabinet", path(report))
    assert whole.getvalue() == FINAL

    known = get("cabinet", path(report), headers={"If-None-Match": whole.headers["ETag"]})
    _token, key = token_create(user=world.users["cabinet"], name="head")
    head = Client().head(f"/api/v1/{path(report)}", headers={"Authorization": f"Bearer {key}"})

    assert (known.status_code, known.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert known.headers["ETag"] == whole.headers["ETag"]
    for name in ("ETag", "Content-Type", "Content-Disposition", "Content-Length"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("file_format", "accept", "status"),
    [
        ("pdf", "application/json", 406),
        ("docx", "*/*", 404),
        ("doc", "*/*", 404),
        ("doc", "image/png", 406),
    ],
)
def test_what_cannot_be_had_is_a_problem(
    report: Any, get: Get, file_format: str, accept: str, status: int
) -> None:
    response = get("cabinet", path(report, file_format), headers={"Accept": accept})

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_an_unknown_parameter_is_refused(report: Any, get: Get) -> None:
    assert get("cabinet", path(report), select="id").status_code == 400


def test_drafts_are_for_who_reads_before_the_issue(report: Any, get: Get) -> None:
    draft = {"stage": "draft", "issued_at": None, "issued_by": None}
    ProgressReport.objects.filter(pk=report.pk).update(**draft)

    response = get("corporate", path(report))

    assert response.getvalue() == b"%PDF-draft"
    for user in ("cabinet", "other cabinet", "planner"):
        assert get(user, path(report)).status_code == 404


def test_who_does_not_read_the_report_does_not_find_its_file(report: Any, get: Get) -> None:
    assert get("other cabinet", path(report)).status_code == 404
    assert get("cabinet", path(report).replace(str(report.uuid), "x")).status_code == 404


def test_a_file_that_is_lost_is_not_there(report: Any, get: Get) -> None:
    for file in report.files.all():
        file.file.storage.delete(file.file.name)

    assert get("cabinet", path(report)).status_code == 404


def test_a_file_of_an_earlier_moment_is_named_and_fetched(report: Any, get: Get) -> None:
    before = get("auditor", f"progressReports/{report.uuid}", asOf="2026-07-15T00:00:00Z").json()
    after = get("auditor", f"progressReports/{report.uuid}", asOf="2026-08-01T00:00:00Z").json()

    assert before["files"] == []
    (named,) = after["files"]
    assert named["href"].endswith("/files/pdf?asOf=2026-08-01T00%3A00%3A00Z")
    address = named["href"].removeprefix("http://testserver/api/v1/")
    assert get("auditor", address).getvalue() == FINAL
    assert get("auditor", path(report), asOf="2026-07-15T00:00:00Z").status_code == 404


def test_a_role_for_another_directorate_opens_no_draft_of_an_earlier_moment(
    world: World, report: Any, get: Get
) -> None:
    """A planner reads before the issue what their directorate is asked to read, and no more."""
    ProgressReport.objects.filter(pk=report.pk).update(created_at=moment("2026-07-01"))
    report.files.filter(is_final=False).update(published_at=moment("2026-07-10"))
    issued = {"issued_at": (None, moment("2026-07-20")), "stage": ("draft", "approved")}
    history_record(
        actor=None, target=report, action="issued", changes=issued, at=moment("2026-07-20")
    )
    role_assign(actor=None, user=world.users["cabinet"], role=Role.PLANNER, unit=world.units["DVZ"])
    then = {"asOf": "2026-07-15T00:00:00Z"}

    assert get("auditor", path(report), **then).getvalue() == b"%PDF-draft"
    assert get("cabinet", path(report), **then).status_code == 404
    assert get("cabinet", f"progressReports/{report.uuid}", **then).status_code == 404
    assert get("cabinet", path(report)).getvalue() == FINAL
