"""The report on the National Security Plan to Interior and Justice, over the real plan."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from docx import Document as WordDocument
from openpyxl import load_workbook

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Record
from ibzplan.core.services import history_record, next_instant, record_change
from ibzplan.core.services.questions import question_ask
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services import ObjectiveSheet, objective_create
from objectives.security.models import (
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import Activity, Milestone, Plan, Werf
from personnel.choices import FunctionLevel
from personnel.models import ManagementFunction, OrganisationUnit, SupervisingMinister
from reporting.choices import ReportFormat, ReportStage, ReportState
from reporting.gates import FindingKind, parity_findings
from reporting.models import ProgressReport
from reporting.render import render
from reporting.render.agreement import figure_disagreements
from reporting.render.blocks import (
    Document,
    Heading,
    NewPage,
    Paragraph,
    Table,
    plain_text,
    runs_of,
)
from reporting.render.content import document
from reporting.render.formats import FORMATS
from reporting.render.sheets import sheets_of
from reporting.render.sheets.cells import whole_text
from reporting.services import report_request
from reporting.snapshot import (
    ReportQuestion,
    canonical_json,
    question_of,
    sha256_of,
    snapshot_build,
)
from reporting.snapshot.compare import compare_snapshots
from tests.factories import Ministry, function_of, make_users, text
from tests.plan_fixtures import loaded_plans
from tests.reporting.report_reading import pdf_text

__all__ = ["loaded_plans"]

REFERENCE = date(2026, 9, 30)
# Of the printed plan: themes and subthemes, objectives by level, KIV dimensions.
THEMES, FEDERAL, LOCAL, INTEGRATED, DIMENSIONS = 16, 58, 17, 8, 6

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The words of a report are English here, its texts Dutch."""
    with translation.override("en"):
        yield


@pytest.fixture
def ministry(loaded_plans: None) -> Ministry:
    """The ministry of the plans themselves, with a plan year in force."""
    units = {row.code: row for row in OrganisationUnit.objects.filter(code__in=["ADCV", "DVZ"])}
    for unit in units.values():
        ManagementFunction.objects.get_or_create(
            code=f"{unit.code}-DG",
            defaults={
                "unit": unit,
                "title": text("Directeur-generaal"),
                "level": FunctionLevel.N1,
            },
        )
    plan = Plan.objects.get(code="SP2025")
    year = OperationalPlan.objects.create(plan=plan, year=2026, state=PlanState.APPROVED)
    vbz, am = (SupervisingMinister.objects.get(code=code) for code in ("VBZ", "AM"))
    werf = Werf.objects.filter(objective__plan=plan).earliest("objective__order", "order")
    adcv, dvz = units["ADCV"], units["DVZ"]
    users = make_users(adcv, dvz, vbz, am)
    return Ministry(plan, werf, year, adcv, dvz, vbz, am, users)


@pytest.fixture
def security(ministry: Ministry) -> Plan:
    return Plan.objects.get(code="NVP2026")


def target(code: str) -> SecurityObjective:
    return SecurityObjective.objects.get(code=code)


def serving(
    ministry: Ministry, codes: Iterable[str], title: str = "Netwerken in kaart brengen"
) -> OperationalObjective:
    """Return a draft that contributes to objectives of the NVP."""
    return objective_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text(title, f"Exécuter {title}"),
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            holder=function_of("ADCV"),
        ),
        security_objectives=[target(code) for code in codes],
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An objective in force that contributes to two of the NVP, with a provisional figure."""
    row = serving(ministry, ["1-F1", "1.1-L1"])
    indicator = ministry.indicator(row)
    ministry.approve(row)
    measure(ministry, indicator, "89.5")
    return row


def measure(ministry: Ministry, indicator: Indicator, value: str) -> Any:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal(value)),
    )


def build(security: Plan, minister: str = "VBZ", **asked: Any) -> dict[str, Any]:
    values = {"known_at": Clocks.now().known_at, "language": "nl", **asked}
    question = ReportQuestion(
        strategic_plan=security,
        plan=None,
        minister=SupervisingMinister.objects.get(code=minister),
        reference_date=REFERENCE,
        **values,
    )
    data: dict[str, Any] = json.loads(canonical_json(snapshot_build(question)))
    return data


def tally(snapshot: dict[str, Any], part: dict[str, Any]) -> tuple[int, ...]:
    """Return objectives, with a contribution, with indicators, without."""
    names = ("objectives", "linked", "withIndicators", "withoutIndicators")
    return tuple(int(snapshot["facts"][part[name]]["value"]) for name in names)


def by_code(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows}


def test_the_plan_alone_is_told_with_what_has_no_indicators(security: Plan) -> None:
    snapshot = build(security, "JUS")
    assert snapshot["schema"] == "securityReport"
    assert snapshot["minister"]["holder"]["name"]
    total = FEDERAL + LOCAL + INTEGRATED
    assert tally(snapshot, snapshot["summary"]) == (total, 0, 0, total)
    assert [tally(snapshot, row)[0] for row in snapshot["levels"]] == [FEDERAL, LOCAL, INTEGRATED]
    assert len(snapshot["themes"]) == THEMES
    assert len(snapshot["kiv"]) == DIMENSIONS
    # A transversal theme touches every dimension; where the plan links none, that is said.
    assert all("1" in row["themes"] for row in snapshot["kiv"])
    assert snapshot["withoutKiv"] == ["1.2", "1.4", "1.5"]
    made = document(snapshot)
    said = {block.anchor: block for block in made.blocks if not isinstance(block, NewPage)}
    headline = said["summary.headline"]
    assert isinstance(headline, Paragraph)
    assert "0 of the 83 objectives" in plain_text(headline.run)
    unmeasured = said["summary.unmeasured"]
    assert isinstance(unmeasured, Paragraph)
    assert all(code in plain_text(unmeasured.run) for code in ("1.1 ", "1.2 ", "7 "))
    assert "summary.operational.none" in said
    assert "operational" not in said


def test_what_contributes_stands_with_its_status_and_latest_figure(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    without_indicator(ministry, serving(ministry, ["2-F1"], "Zonder indicator"))
    hidden = serving(ministry, ["3-F1"], "Alleen vertrouwelijk")
    ministry.indicator(hidden, is_confidential=True)
    ministry.approve(hidden)
    ministry.indicator(serving(ministry, ["4-F1"], "Nog een ontwerp"))
    snapshot = build(security)
    targets, themes = by_code(snapshot["securityObjectives"]), by_code(snapshot["themes"])
    assert [targets[code]["operational"] for code in ("1-F1", "1.1-L1")] == 2 * [
        [str(objective.uuid)]
    ]
    assert targets["4-F1"]["operational"] == []
    assert tally(snapshot, snapshot["summary"])[1:3] == (4, 2)
    assert tally(snapshot, themes["3"])[1:3] == (1, 0)
    assert snapshot["facts"][snapshot["summary"]["confidential"]]["value"] == "1"
    # Theme 1 touches every dimension, 1.1 the open space as well.
    dimensions = by_code(snapshot["kiv"])
    assert [tally(snapshot, dimensions[code])[2] for code in ("OPEN", "ECOL")] == [2, 1]
    assert len(snapshot["objectives"]) == 3
    mine = next(row for row in snapshot["objectives"] if row["id"] == str(objective.uuid))
    assert mine["securityLinks"] == ["1-F1", "1.1-L1"]

    shown = rows_of(document(snapshot), f"level:federal.theme:{themes['1']['id']}.objectives")
    first = next(row for row in shown if "1-F1" in row[0])
    assert objective.code in first[1]
    assert "89.5%" in first[1].replace("\N{NO-BREAK SPACE}", "")
    assert first[2] == "1"
    assert all(row[1:] == ["none", "0"] for row in shown if "1-F1" not in row[0])


def without_indicator(ministry: Ministry, row: OperationalObjective) -> None:
    """Bring an objective into force, and take its indicator away."""
    ministry.indicator(row)
    ministry.approve(row)
    ObjectiveIndicator.objects.filter(objective=row).update(known_until=next_instant())


def rows_of(made: Document, anchor: str) -> list[list[str]]:
    table = next(one for one in made.blocks if isinstance(one, Table) and one.anchor == anchor)
    return [
        [" ".join(plain_text(line) for line in cell.lines) for cell in row] for row in table.rows
    ]


def test_a_minister_without_the_unit_sees_its_figures_once_validated(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    def state(minister: str) -> str:
        (row,) = build(security, minister)["objectives"]
        (indicator,) = row["indicators"]
        found: str = indicator["slots"][0]["valueState"]
        return found

    def missing(minister: str) -> tuple[list[str], str]:
        told = build(security, minister)
        late = [row["periodStart"] for row in told["late"]]
        return late, told["facts"][told["summary"]["missing"]]["value"]

    assert missing("JUS") == missing("VBZ")  # it came in: JUS sees it once it is validated
    assert "2026-01-01" not in missing("JUS")[0]
    assert (state("VBZ"), state("JUS")) == ("measured", "withheld")
    told = build(security, "JUS")
    assert told["facts"][told["summary"]["withheld"]]["value"] == "1"
    made = document(told)
    said = " ".join(plain_text(row.run) for row in runs_of(made))
    assert "1 submitted figure of another minister's directorate" in said
    assert "not validated yet" in said and "and is missing" not in said
    assert figure_disagreements(made, sheets_of(told), told) == []
    figure = Indicator.objects.get().measurements.get()
    measurement_validate(actor=ministry.users["head_adcv"], measurement=figure)
    assert (state("VBZ"), state("JUS")) == ("measured", "measured")


def test_it_says_what_was_known_whatever_is_recorded_after(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    step = milestone(target("1-F1"))
    known_at = timezone.now()
    kept = canonical_json(build(security, known_at=known_at))

    theme = SecurityTheme.objects.get(code="1.1")
    framework = PolicyFramework.objects.get(code="DRUGSPLAN")
    for record in (
        *(security, theme, framework, target("1-F1"), ministry.adcv, ministry.vbz, ministry.werf),
        *(KivDimension.objects.get(code="OPEN"), objective),
    ):
        change(record, title=text("Hernoemd"))
    change(step, done_on=date(2026, 8, 1))
    relink(theme, framework)
    later = serving(ministry, ["1-F2"], "Later")
    ministry.indicator(later, is_confidential=True)
    ministry.approve(later)

    assert canonical_json(build(security, known_at=known_at)) == kept
    after = build(security)
    assert by_code(after["themes"])["1.1"]["kiv"] == ["DIGI"]
    assert by_code(after["frameworks"])["DRUGSPLAN"]["themes"] == []
    assert len(after["objectives"]) == 2
    assert "Hernoemd" in canonical_json(after)
    assert "Hernoemd" not in kept


def change(record: Record, **values: Any) -> None:
    record.refresh_from_db()
    assert record_change(actor=None, target=record, values=values)


def relink(theme: SecurityTheme, framework: PolicyFramework) -> None:
    """Write the lists of a theme and of a framework anew, as a load of the plan does."""
    digital = KivDimension.objects.get(code="DIGI")
    dimensions = [{"dimension": str(row.dimension.uuid)} for row in theme.kiv_links.all()]
    named = [{"theme": str(row.theme.uuid)} for row in framework.mentions.all()]
    theme.kiv_links.all().delete()
    framework.mentions.all().delete()
    ThemeKivLink.objects.create(theme=theme, dimension=digital, source_line=1)
    for record, name, before, after in (
        (theme, "kiv", dimensions, [{"dimension": str(digital.uuid)}]),
        (framework, "mentions", named, []),
    ):
        assert before
        changes = {name: (before, after)}
        history_record(
            actor=None, target=record, action="loaded", changes=changes, at=next_instant()
        )


def milestone(row: SecurityObjective) -> Milestone:
    """Return a milestone of what is done for an objective of the NVP."""
    begun = next_instant()
    activity = Activity.objects.create(
        target_type=SecurityObjective.type_name(),
        target_uuid=row.uuid,
        kind="project",
        title=text("Beeld van de netwerken"),
        known_from=begun,
    )
    return Milestone.objects.create(
        activity=activity, title=text("Eerste beeld"), due_on=date(2026, 6, 30), known_from=begun
    )


def test_milestones_of_the_plan_itself_are_told(security: Plan) -> None:
    row = target("1-F1")
    milestone(row)
    snapshot = build(security)
    (activity,) = by_code(snapshot["securityObjectives"])["1-F1"]["activities"]
    assert [one["state"] for one in activity["milestones"]] == ["late"]
    (cells,) = rows_of(document(snapshot), f"nvp:{row.uuid}.milestones")
    assert "Eerste beeld" in cells[1]


def test_decisions_asked_of_the_minister_are_in_it(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    row = question_ask(
        actor=ministry.users["head_adcv"],
        kind=QuestionKind.REQUEST,
        target=objective,
        text="Het beeld komt later.",
        options=["Nieuwe datum", "Minder netwerken"],
    )
    snapshot = build(security)
    assert snapshot["decisions"] == [str(row.uuid)]
    said = {placed.anchor: plain_text(placed.run) for placed in runs_of(document(snapshot))}
    assert said[f"decision:{row.uuid}.text"].startswith("Het beeld komt later.")
    assert "questions" in said
    assert build(security, "JUS")["questions"] == []


def test_queries_do_not_grow_with_the_objectives(ministry: Ministry, security: Plan) -> None:
    def make(number: int) -> None:
        for place in range(number):
            row = serving(ministry, ["1-F1", "2-F1"], f"Doelstelling {number} {place}")
            ministry.indicator(row)
            ministry.project(row, "Project", {"Stap": date(2026, 6, 1)})
            ministry.approve(row)

    make(1)
    with CaptureQueriesContext(connection) as one:
        build(security)
    make(2)
    with CaptureQueriesContext(connection) as three:
        assert len(build(security)["objectives"]) == 3
    assert len(three) == len(one)


def test_it_is_asked_for_issued_and_compared_with_the_one_before(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    report, _job = report_request(
        actor=ministry.users["corporate"],
        strategic_plan=security,
        minister=ministry.vbz,
        reference_date=date(2026, 6, 30),
        language="fr",
    )
    issue(report)
    report.refresh_from_db()
    before = json.loads(report.snapshot)
    measure_again(ministry)
    milestone(target("1-F1"))
    change(target("3-F1"), title=text("Hernoemd"))
    later = serving(ministry, ["1.1-L1", "2-F1"], "Later")
    ministry.indicator(later)
    ministry.approve(later)
    snapshot = build(security)
    assert snapshot["since"]["referenceDate"] == "2026-06-30"
    (restated,) = snapshot["restated"]
    assert restated["reason"] == "Telfout"
    made = document(snapshot)
    anchors = [one.anchor for one in made.blocks if not isinstance(one, NewPage)]
    assert "restated" in anchors
    assert len(set(anchors)) == len(anchors)

    said: dict[str, list[str]] = {}
    for placed in runs_of(made):
        said.setdefault(placed.anchor, []).append(plain_text(placed.run))
    why = {
        code: said[f"changes.security:{target(code).uuid}.why"]
        for code in ("1-F1", "1.1-L1", "2-F1", "3-F1")
    }
    assert why == {
        "1-F1": ["New milestone “Eerste beeld”: too late"],
        "1.1-L1": [f"Contributes since: {later.code}", "Indicators: 2, was 1"],
        "2-F1": [f"Contributes since: {later.code}", "Indicators: 1, was 0"],
        "3-F1": ["Its text in the plan is another one"],
    }
    assert said["changes.security.tally"] == [
        "With a contribution: 3, was 2",
        "With indicators: 3, was 2",
        "Without indicators: 80, was 81",
    ]

    sheet = next(one for one in sheets_of(snapshot) if one.key == "securityChanges")
    assert [[whole_text(cell) for cell in row[1:2] + row[4:]] for row in sheet.rows] == [
        ["1-F1", "New milestone “Eerste beeld”: too late", "", ""],
        ["1.1-L1", f"Contributes since: {later.code}", "", ""],
        ["1.1-L1", "Indicators: 2, was 1", "1", "2"],
        ["2-F1", f"Contributes since: {later.code}", "", ""],
        ["2-F1", "Indicators: 1, was 0", "0", "1"],
        ["3-F1", "Its text in the plan is another one", "", ""],
    ]

    # Every figure agrees with its fact in whatever is made of it.
    assert later.code in render(ReportFormat.HTML, snapshot, None).decode()

    # Side by side both ways, and not at all where nothing differs.
    back = compare_snapshots(snapshot, before).security
    assert back is not None
    assert [[one["kind"] for one in row["causes"]] for row in back["objectives"]] == [
        ["milestone"],
        ["unserved", "indicators"],
        ["unserved", "indicators"],
        ["text"],
    ]
    # Counts that follow from the objectives make no other theme or dimension.
    assert not {"themes", "kiv"} & {
        row["part"] for row in compare_snapshots(before, snapshot).others
    }
    assert compare_snapshots(snapshot, snapshot).is_empty


def issue(report: ProgressReport) -> None:
    """Keep what the report says, and issue it as far as the next one is concerned."""
    report.refresh_from_db()
    assert report.plan is None
    kept = canonical_json(snapshot_build(question_of(report)))
    ProgressReport.objects.filter(pk=report.pk).update(
        snapshot=kept,
        snapshot_sha256=sha256_of(kept),
        state=ReportState.READY,
        stage=ReportStage.APPROVED,
        issued_at=next_instant(),
        issued_by=report.requested_by,
    )


def measure_again(ministry: Ministry) -> None:
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=Indicator.objects.get(),
        period=parse_period("2026-T1"),
        figure=Figure(value=Decimal("90.5")),
        reason="Telfout",
    )


def test_every_format_tells_it_in_french_too(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    milestone(target("1-F1"))
    snapshot = build(security, "JUS", language="fr")
    files = {format_: render(format_, snapshot, None) for format_ in FORMATS}
    title = LocalisedText.from_json(by_code(snapshot["themes"])["1.3"]["title"])["fr"]
    assert title in pdf_text(files[ReportFormat.PDF])
    assert title in files[ReportFormat.HTML].decode()
    assert title in " ".join(one.text for one in word(files[ReportFormat.DOCX]).paragraphs)
    sheet = load_workbook(io.BytesIO(files[ReportFormat.XLSX])).worksheets[1]
    assert title in {cell.value for row in sheet.iter_rows() for cell in row}


def word(content: bytes) -> Any:
    return WordDocument(io.BytesIO(content))


def test_both_languages_show_the_same_figures(
    ministry: Ministry, security: Plan, objective: OperationalObjective
) -> None:
    """In French the titles of the plan are ours, which the method says."""
    snapshot = build(security)
    assert not [one for one in parity_findings(snapshot).rows if one.kind == FindingKind.SHOWN]
    for language, is_unofficial in (("nl", False), ("fr", True)):
        with translation.override(language):
            blocks = document({**snapshot, "language": language}).blocks
        levels = [one.level for one in blocks if isinstance(one, Heading)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        anchors = {one.anchor for one in blocks if not isinstance(one, NewPage)}
        assert ("method.unofficial" in anchors) == is_unofficial
