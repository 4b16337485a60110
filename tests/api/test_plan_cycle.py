"""Credits, staffing, amendments, deadlines and progress reports: what each role reads, and when."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from objectives.planning.models import Amendment, AmendmentChange
from personnel.models import StaffingFigure
from personnel.services.staffing import StaffingSheet, staffing_set, staffing_withdraw
from reporting.models import ReportFile
from tests.api.conftest import Get, World, moment


def items(get: Get, user: str, path: str, **query: str) -> list[dict[str, Any]]:
    response = get(user, path, **query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def test_a_credit_keeps_what_is_printed_and_zero(world: World, get: Get) -> None:
    world.means("A1", "ADVP")

    (credit,) = items(get, "cabinet", "credits")

    assert (credit["commitmentCents"], credit["paymentCents"]) == (123_400_000, 0)
    assert (credit["printedCommitmentKeur"], credit["printedPaymentKeur"]) == (1234, 0)
    assert credit["line"]["code"] == "A1"
    assert credit["unit"]["code"] == "ADVP"


def test_staffing_counts_fte_with_decimals_and_persons_whole(world: World, get: Get) -> None:
    _credit, staff = world.means("A1", "ADVP")
    type(staff).objects.create(
        line=staff.line, measure="headcount", statute="all", kind="plan", on="2030-12-31", amount=14
    )

    found = items(get, "auditor", "staffing", sort="on")

    assert [(one["measure"], one["value"]) for one in found] == [("fte", 12.5), ("headcount", 14)]
    assert found[0]["printed"] == "12,5"
    past = items(get, "auditor", "staffing", referenceDate="2025-12-31")
    assert [one["kind"] for one in past] == ["plan"]


def test_entered_staffing_stands_beside_the_printed_until_it_is_withdrawn(
    world: World, get: Get
) -> None:
    _credit, staff = world.means("A1", "ADVP")
    corporate, amounts = world.users["corporate"], {"all": Decimal(13)}
    sheet = StaffingSheet(measure="fte", kind="actual", on=staff.on, amounts=amounts)
    staffing_set(actor=corporate, line=staff.line, sheet=sheet, reason="Hertelling")
    between = timezone.now().isoformat()
    figure = StaffingFigure.objects.get(origin="entered")
    staffing_withdraw(actor=corporate, figure=figure, reason="Toch niet")

    assert [one["value"] for one in items(get, "auditor", "staffing")] == [12.5]
    then = items(get, "auditor", "staffing", asOf=between)
    assert [(one["value"], one.get("printed")) for one in then] == [(12.5, "12,5"), (13, None)]


def test_means_are_filtered_searched_and_sorted(world: World, get: Get) -> None:
    world.means("A1", "ADVP")
    world.means("B2", "DVZ")

    for path in ("credits", "staffing"):
        assert len(items(get, "auditor", path, unit="DVZ")) == 1
        assert len(items(get, "auditor", path, q="LÍJN b2")) == 1
        assert len(items(get, "auditor", path, q="lijn")) == 2
        assert len(items(get, "auditor", path, code="A1", fictional="false")) == 1
    assert items(get, "auditor", "credits", year="2025") == []
    assert len(items(get, "auditor", "credits", category="personnel", table="missions")) == 2


def test_an_amendment_shows_its_changes_with_their_motivation(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    made = world.amendment(objective, unit=world.units["ADVP"])

    (one,) = items(get, "cabinet", "amendments")

    assert (one["code"], one["state"], one["important"]) == ("2026-W1", "approved", True)
    (change,) = one["changes"]
    assert change["motivation"] == "Vroeger klaar"
    assert change["values"] == [{"name": "endsOn", "old": "2026-12-31", "new": "2026-10-31"}]
    assert [row["id"] for row in change["objectives"]] == [str(objective.uuid)]
    assert get("cabinet", f"amendments/{made.uuid}").status_code == 200


def test_drafts_of_amendments_are_for_who_proposes_them(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    world.amendment(objective, state="draft", unit=world.units["ADVP"])
    world.amendment(objective, state="submitted", unit=world.units["ADVP"])
    world.amendment(objective)

    seen = {user: len(items(get, user, "amendments")) for user in world.users}

    assert seen == {
        "planner": 3,
        "other planner": 1,
        "cabinet": 1,
        "other cabinet": 1,
        "corporate": 2,
        "auditor": 3,
    }


def test_an_amendment_is_read_as_far_as_it_had_come(world: World, get: Get) -> None:
    made = world.amendment(world.objective("O1", "ADVP"))
    Amendment.objects.filter(pk=made.pk).update(created_at=moment("2026-02-01"))
    AmendmentChange.objects.update(created_at=moment("2026-02-01"))

    seen = {
        day: [len(items(get, user, "amendments", asOf=day)) for user in ("auditor", "cabinet")]
        for day in ("2026-01-01", "2026-02-15", "2026-03-15")
    }

    assert seen == {"2026-01-01": [0, 0], "2026-02-15": [1, 0], "2026-03-15": [1, 1]}


def test_targets_of_a_confidential_indicator_stay_out_of_amendments(world: World, get: Get) -> None:
    made = world.amendment(world.objective("O1", "ADVP"))
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    AmendmentChange.objects.create(
        amendment=made, kind="target", indicator=secret, values={}, is_important=True, order=2
    )

    def changes(user: str) -> int:
        return len(items(get, user, "amendments")[0]["changes"])

    assert (changes("cabinet"), changes("other cabinet")) == (2, 1)


def test_confidential_indicators_that_go_along_are_named_to_who_may_see_them(
    world: World, get: Get
) -> None:
    made = world.amendment(world.objective("O1", "ADVP"))
    world.indicator("SECRET", "ADVP", is_confidential=True)
    world.indicator("OPEN", "ADVP")
    values = {"unit": ["ADVP", "DVZ"], "indicators": [[], ["OPEN", "SECRET"]]}
    AmendmentChange.objects.create(
        amendment=made, kind="owner", values=values, is_important=True, order=2
    )

    def along(user: str) -> list[str]:
        change = items(get, user, "amendments")[0]["changes"][1]
        return list(change["values"][1]["new"])

    assert (along("cabinet"), along("other cabinet")) == (["OPEN", "SECRET"], ["OPEN"])


def test_amendments_are_filtered_by_what_they_change(world: World, get: Get) -> None:
    one, draft = world.objective("O1", "ADVP"), world.objective("O2", "DVZ", state="draft")
    world.amendment(one)
    world.amendment(draft)

    assert len(items(get, "auditor", "amendments", operationalObjective="O2")) == 1
    assert items(get, "cabinet", "amendments", operationalObjective="O2") == []
    assert len(items(get, "cabinet", "amendments", important="true", year="2026")) == 2
    assert items(get, "cabinet", "amendments", important="false") == []
    assert len(items(get, "cabinet", "amendments", q="bijsturing laat")) == 2


def test_deadlines_of_one_unit_are_for_its_people(world: World, get: Get) -> None:
    world.deadline("Indienen")
    world.deadline("Nota", unit="ADVP", due="2026-03-01")
    gone = world.deadline("Vervallen")
    gone.removed_at = moment("2026-05-01")
    gone.created_at = moment("2026-01-01")
    gone.save()

    assert [one["dueOn"] for one in items(get, "planner", "deadlines")] == [
        "2026-03-01",
        "2026-04-15",
    ]
    assert len(items(get, "other planner", "deadlines")) == 1
    assert len(items(get, "planner", "deadlines", dueTo="2026-03-31", kind="submission")) == 1
    assert len(items(get, "planner", "deadlines", q="nota")) == 1
    then = items(get, "planner", "deadlines", asOf="2026-04-30")
    assert [one["title"] for one in then] == [{"nl": "Vervallen"}]


def test_reports_are_seen_as_on_their_page(world: World, get: Get) -> None:
    world.report(minister="BZ")
    world.report(minister="AM", day="2026-03-31")
    world.report(minister="BZ", day="2026-09-30", stage="draft", issued_at=None, issued_by=None)

    seen = {user: len(items(get, user, "progressReports")) for user in world.users}

    assert seen == {
        "planner": 0,
        "other planner": 0,
        "cabinet": 1,
        "other cabinet": 1,
        "corporate": 3,
        "auditor": 3,
    }


def test_a_report_names_its_hash_and_where_its_files_are(world: World, get: Get) -> None:
    report = world.report()
    for format_, published in (("pdf", moment("2026-07-21")), ("xlsx", None)):
        row = ReportFile(
            report=report,
            format=format_,
            is_final=True,
            size_bytes=3,
            sha256="b" * 64,
            published_at=published,
        )
        row.file.save(f"a.{format_}", ContentFile(b"abc"))

    (one,) = items(get, "cabinet", "progressReports", language="nl", stage="approved")

    assert one["snapshotSha256"] == "a" * 64
    assert one["knownAt"] == "2026-07-10T10:00:00Z"
    assert one["state"] == "ready"
    assert one["files"] == [
        {
            "format": "pdf",
            "href": f"http://testserver/api/v1/progressReports/{report.uuid}/files/pdf",
            "sizeBytes": 3,
            "sha256": "b" * 64,
            "final": True,
        }
    ]


def test_a_cabinet_knows_of_a_report_from_its_issue_on(world: World, get: Get) -> None:
    report = world.report()
    type(report).objects.filter(pk=report.pk).update(created_at=moment("2026-07-10"))

    seen = {
        day: [len(items(get, user, "progressReports", asOf=day)) for user in ("auditor", "cabinet")]
        for day in ("2026-07-09", "2026-07-15", "2026-07-25")
    }

    assert seen == {"2026-07-09": [0, 0], "2026-07-15": [1, 0], "2026-07-25": [1, 1]}


@pytest.mark.parametrize("path", ["credits", "staffing", "amendments", "deadlines"])
def test_values_that_cannot_be_are_refused(world: World, get: Get, path: str) -> None:
    for query in ({"year": "x"}, {"kind": "x"}, {"measure": "x"}, {"unit": "x", "sort": "x"}):
        assert get("auditor", path, **query).status_code == 400
