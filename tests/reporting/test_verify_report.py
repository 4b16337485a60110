"""`manage.py verify_report`: a report says the same for ever, and damage is named."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.models import Job
from ibzplan.core.services import record_change
from objectives.indicators.engine import CURRENT_RULE_VERSION, RollupStatus, Status, registry
from objectives.indicators.engine.registry import RULE_SETS, RuleSet
from objectives.indicators.models import Correction, Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.rule_texts import RULE_TEXTS, rule_texts
from objectives.indicators.services import Figure, correction_decide
from objectives.planning.services import figure_record
from objectives.planning.services.closing import plan_close
from personnel.models import OrganisationUnit
from reporting.models import ProgressReport, ReportFile
from reporting.services.report_steps import FINAL_TASK
from reporting.snapshot import SCHEMA_VERSION
from reporting.verifying import CheckKind, Outcome, report_verify
from reporting.verifying.contents import figures_in
from reporting.verifying.differences import different_paths
from tests.factories import Ministry, text
from tests.objectives.planning.test_closing import hand_in, late_in_the_year
from tests.reporting.drafted import drafted
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


def refused(*_given: Any, **_told: Any) -> Any:
    raise AssertionError("a report of rule version 2 is computed by another version")


def rules_2() -> RuleSet:
    """Return the rules of version 1 under another number; no objective is ever on track."""

    def off_track(*given: Any, **told: Any) -> RollupStatus:
        found = RULE_SETS[1].objective(*given, **told)
        return replace(found, rule_version=2, status=Status.OFF_TRACK)

    return replace(
        RULE_SETS[1],
        indicator=lambda given: replace(RULE_SETS[1].indicator(given), rule_version=2),
        objective=off_track,
        werf=lambda *given, **told: replace(RULE_SETS[1].werf(*given, **told), rule_version=2),
    )


def recomputed(report: ProgressReport) -> tuple[Outcome, str]:
    """Return what is said of the snapshot computed again."""
    found = (row for row in report_verify(report).findings if row.kind == CheckKind.RECOMPUTED)
    return next((row.outcome, row.detail) for row in found)


def test_a_report_is_recomputed_by_the_rules_that_it_recorded(
    ministry: Ministry, measured: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer, older = rules_2(), RULE_SETS[1]
    nobodys = RuleSet(**{field.name: refused for field in fields(RuleSet)})
    monkeypatch.setattr(registry, "RULE_SETS", {1: nobodys, 2: newer})
    second = drafted(ministry, rule_version=2, schema_version=SCHEMA_VERSION)
    assert json.loads(second.snapshot)["ruleVersion"] == 2
    assert {row["status"] for row in werf_objectives(second)} == {"off_track"}
    ReportFile.objects.all().delete()  # what they say is another check
    assert recomputed(second) == (Outcome.RIGHT, "")

    monkeypatch.setattr(registry, "RULE_SETS", {1: older, 2: newer})
    first = drafted(ministry, language="fr", schema_version=SCHEMA_VERSION)
    ReportFile.objects.all().delete()
    assert json.loads(first.snapshot)["ruleVersion"] == 1
    assert "off_track" not in {row["status"] for row in werf_objectives(first)}
    assert recomputed(first) == recomputed(second) == (Outcome.RIGHT, "")

    monkeypatch.setattr(registry, "RULE_SETS", {1: older})
    outcome, detail = recomputed(second)
    assert (outcome, "rules 2" in detail, "schema" in detail) == (Outcome.UNKNOWN, True, False)
    first.schema_version -= 1
    outcome, detail = recomputed(first)
    assert (outcome, "rules" in detail) == (Outcome.UNKNOWN, False)
    assert f"schema {first.schema_version}" in detail


def werf_objectives(report: ProgressReport) -> list[dict[str, Any]]:
    (strategic,) = json.loads(report.snapshot)["strategicObjectives"]
    return [row for werf in strategic["werven"] for row in werf["objectives"]]


def test_every_rule_version_has_its_words(client: Client) -> None:
    assert set(RULE_TEXTS) == set(RULE_SETS)
    with pytest.raises(ValueError, match="99"):
        rule_texts(99)
    page = unescape(client.get(reverse("status_rules")).content.decode())
    rules = rule_texts(CURRENT_RULE_VERSION)
    said = [*rules.statuses.values(), rules.path, rules.milestones, rules.roll_up]
    assert [text for text in said if str(text) not in page] == []


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
