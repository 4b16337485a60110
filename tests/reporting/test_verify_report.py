"""`manage.py verify_report`: a report says the same for ever, and damage is named."""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from ibzplan.core.models import Job
from ibzplan.core.services import record_change
from objectives.indicators.models import Correction, Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, correction_decide
from objectives.planning.services import figure_record
from objectives.planning.services.closing import plan_close
from personnel.models import OrganisationUnit
from reporting.models import ProgressReport
from reporting.services.report_steps import FINAL_TASK
from reporting.verifying import CheckKind, Outcome, report_verify
from reporting.verifying.contents import figures_in
from reporting.verifying.differences import different_paths
from tests.factories import Ministry, text
from tests.objectives.planning.test_closing import hand_in, late_in_the_year
from tests.reporting.report_jobs import work_off
from tests.reporting.test_issue_report import issue
from tests.reporting.test_reorganisation import apply, migration, prepared
from tests.reporting.test_reports import made, measured

__all__ = ["late_in_the_year", "measured", "migration"]


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


def issued(ministry: Ministry) -> ProgressReport:
    """Return an issued report with its final files."""
    report = made(ministry)
    issue(ministry, report)
    work_off(Job.objects.get(task_name=FINAL_TASK))
    report.refresh_from_db()
    assert report.files.filter(is_final=True).exclude(published_at=None).count() >= 4
    return report


def verify(*args: str) -> tuple[int, str]:
    """Return the exit status of the command and what it printed."""
    out = StringIO()
    try:
        call_command("verify_report", *args, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def test_a_closed_year_verifies_after_all_that_came_later(
    ministry: Ministry, measured: Indicator, migration: OrganisationUnit
) -> None:
    report = issued(ministry)
    asked = figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=measured,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(90)),
        reason="Telfout",
    )
    assert isinstance(asked, Correction)
    correction_decide(actor=ministry.users["head_adcv"], correction=asked, approve=True)
    record_change(
        actor=None, target=ministry.adcv, values={"title": text("Algemene Directie Nieuw")}
    )
    record_change(actor=None, target=ministry.werf, values={"title": text("Andere werf")})
    objective = measured.objective_links.get().objective
    objective.refresh_from_db()
    hand_in(ministry, objective)
    plan_close(actor=ministry.users["committee"], plan=ministry.year)
    apply(ministry, prepared(ministry, migration))
    status, said = verify(str(report.uuid), "--format", "json")
    assert status == 0, said
    (told,) = json.loads(said)
    assert told["verifies"]
    checks = [row["check"] for row in told["checks"]]
    assert checks.count("rendered") == checks.count("file_hash") >= 4
    assert {"snapshot_hash", "seal_hash", "recomputed"} <= set(checks)


def test_whatever_was_changed_by_hand_is_named(ministry: Ministry, measured: Indicator) -> None:
    report = issued(ministry)
    rows = ProgressReport.objects.filter(pk=report.pk)
    rows.update(snapshot=report.snapshot.replace("92.7", "99.9"))
    status, said = verify(str(report.uuid))
    assert status == 1
    assert "WRONG snapshot_hash" in said
    assert "WRONG recomputed" in said and "facts." in said
    rows.update(snapshot=report.snapshot, seal=report.seal + " ")
    assert "WRONG seal_hash" in verify("--all")[1]
    rows.update(seal=report.seal)
    file = report.files.filter(is_final=True).order_by("format")[0]
    name = str(file.file.name)
    with file.file.storage.open(name, "ab") as stored:
        stored.write(b" ")
    assert f"WRONG file_hash {file.format}, final" in verify("--all")[1]
    file.file.storage.delete(name)
    assert f"WRONG file_hash {file.format}, final: the file is gone" in verify("--all")[1]
    file.delete()
    assert f"WRONG final_files not there: {file.format}" in verify("--all")[1]


def test_another_version_is_not_called_right(ministry: Ministry, measured: Indicator) -> None:
    report = made(ministry)
    report.schema_version -= 1
    finding = next(
        row for row in report_verify(report).findings if row.kind == CheckKind.RECOMPUTED
    )
    assert finding.outcome == Outcome.UNKNOWN
    assert str(report.schema_version) in finding.detail


@pytest.mark.usefixtures("ministry")
def test_what_cannot_be_asked_is_said() -> None:
    assert "Name the reports" in verify()[1]
    missing = str(uuid4())
    assert missing in verify(missing)[1]
    with pytest.raises(CommandError, match="is no UUID"):
        call_command("verify_report", "rapport-3")


def test_figures_are_found_whatever_stands_between_their_digits() -> None:
    page = "<style>1px</style><p>1\N{NO-BREAK SPACE}234,5 % en 1.234,5 in 2026</p>"
    assert figures_in("html", page.encode()) == {"1234,5": 1, "1.234,5": 1, "2026": 1}
    with pytest.raises(ValueError, match="pdf"):
        figures_in("pdf", b"no PDF")


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a[1]"]),
        ({"a": [1]}, {"a": [1, 3]}, ["a"]),
        ({"a": 1}, {"b": 1}, ["a", "b"]),
    ],
)
def test_differences_are_paths(before: Any, after: Any, paths: list[str]) -> None:
    assert list(different_paths(before, after)) == paths
