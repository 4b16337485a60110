"""What a report tells beside figures: narratives, milestones, means, amendments, gaps, quality."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.services import history_record, record_change
from objectives.indicators.models import Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from objectives.planning.choices import ChangeKind
from objectives.planning.models import Amendment, OperationalObjective
from objectives.planning.services import (
    NarrativeSheet,
    RiskSheet,
    milestone_report,
    narrative_write,
    risk_add,
)
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Goal, Milestone, Werf, WerfUnit
from personnel.choices import UnitKind
from reporting.render.blocks import Block, Document, Table, plain_text, runs_of
from reporting.render.content import document
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from reporting.snapshot.reading import indicators_of, objectives_of
from tests.factories import Ministry, text

REFERENCE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reports speak English here."""
    with translation.override("en"):
        yield


def build(ministry: Ministry, **asked: Any) -> dict[str, Any]:
    values = {"known_at": Clocks.now().known_at, "minister": ministry.vbz, **asked}
    return snapshot_build(
        ReportQuestion(
            strategic_plan=ministry.plan,
            plan=ministry.year,
            reference_date=REFERENCE,
            language="nl",
            **values,
        )
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An objective in force with everything below it."""
    row = ministry.objective(means=text("2 VTE"))
    ministry.indicator(row)
    ministry.indicator(row, title=text("Geheime reserve"), is_confidential=True)
    ministry.project(
        row, "Nieuw centrum", {"Aanbesteding": date(2026, 6, 1), "Opening": date(2026, 12, 1)}
    )
    risk_add(
        actor=ministry.users["planner_adcv"],
        objective=row,
        sheet=RiskSheet(
            title=text("Te weinig kandidaten"),
            likelihood=4,
            impact=5,
            response="reduce",
            measure=text("Campagne"),
        ),
    )
    ministry.approve(row)
    return row


def record(ministry: Ministry, objective: OperationalObjective, period: str, value: str) -> Any:
    link = objective.indicator_links.filter(indicator__is_confidential=False).get()
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=link.indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(value)),
    )


def tell(ministry: Ministry, objective: OperationalObjective, period: str, done: str) -> None:
    narrative_write(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        period=parse_period(period),
        sheet=NarrativeSheet(done=text(done), obstacles=text(f"Hinder bij: {done}")),
    )


def amend(ministry: Ministry, *proposals: Proposal) -> Amendment:
    if not ministry.year.versions.exists():
        plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    amendment = amendment_create(
        actor=ministry.users["planner_adcv"],
        plan=ministry.year,
        unit=ministry.adcv,
        title=text("Bijsturing"),
        motivation=text("Na het eerste kwartaal."),
    )
    for proposal in proposals:
        change_add(actor=ministry.users["planner_adcv"], amendment=amendment, proposal=proposal)
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    return amendment


def other_target(objective: OperationalObjective, value: str, **proposal: Any) -> Proposal:
    is_secret = proposal.pop("is_secret", False)
    link = objective.indicator_links.filter(indicator__is_confidential=is_secret).get()
    final = {"due_on": "2026-12-31", "value": value, "level": None}
    return Proposal(
        kind=ChangeKind.TARGET,
        objectives=[objective],
        indicator=link.indicator,
        values={"final": final, "interim": []},
        **{"motivation": "Het kan beter.", "is_important": True, **proposal},
    )


def said(made: Document, *anchors: str) -> str:
    """Return what stands at these anchors and below them."""
    return "\n".join(
        plain_text(placed.run)
        for placed in runs_of(made)
        if any(placed.anchor.startswith(anchor) for anchor in anchors)
    )


def block_at(made: Document, anchor: str) -> Block:
    return next(block for block in made.blocks if getattr(block, "anchor", "") == anchor)


def test_what_hangs_below_an_objective(ministry: Ministry, objective: OperationalObjective) -> None:
    tell(ministry, objective, "2026-T1", "Bestek klaar")
    tell(ministry, objective, "2026-T4", "Te vroeg")
    milestone = Milestone.objects.get(due_on=date(2026, 6, 1))
    milestone_report(
        actor=ministry.users["planner_adcv"], milestone=milestone, done_on=date(2026, 6, 20)
    )
    snapshot = build(ministry)
    (row,) = objectives_of(snapshot)
    assert [one["periodStart"] for one in row["narratives"]] == ["2026-01-01"]
    assert [one["state"] for one in row["activities"][0]["milestones"]] == ["done_late", "due"]
    assert row["means"]["nl"] == "2 VTE"
    made = document(snapshot)
    anchor = f"objective:{objective.uuid}"
    assert "Done: Bestek klaar" in said(made, f"{anchor}.narrative.2026-01-01T")
    assert "In the way: Hinder bij: Bestek klaar" in said(made, f"{anchor}.narrative")
    table = block_at(made, f"{anchor}.milestones")
    assert isinstance(table, Table)
    first = ["; ".join(map(plain_text, cell.lines)) for cell in table.rows[0]]
    assert first[1:] == ["Aanbesteding", "01/06/2026", "–", "20/06/2026", "Done late"]
    assert said(made, f"{anchor}.means").endswith("2 VTE")
    assert "Te weinig kandidaten\n4, high\n5, very high\n20" in said(made, f"{anchor}.risks")


def test_after_a_report_only_what_it_could_not_say(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    for period in ("2026-T1", "2026-T2", "2026-T3"):
        tell(ministry, objective, period, f"Klaar in {period[-2:]}")
    snapshot = build(ministry)
    everything = said(document(snapshot), "objective:")
    assert all(f"Klaar in T{number}" in everything for number in (1, 2, 3))
    told = snapshot["strategicObjectives"][0]["werven"][0]["objectives"][0]["narratives"]
    for one in told[1:]:
        one["writtenOn"] = "2026-07-10"
    snapshot["since"] = {
        **dict.fromkeys(("id", "sha256"), ""),
        "edition": 1,
        "knownAt": "2026-08-31T10:00:00+00:00",
        "referenceDate": "2026-06-30",
        "issuedOn": "2026-08-31",
        "language": "nl",
    }
    snapshot["changes"], snapshot["restated"] = [], []
    later = said(document(snapshot), "objective:")
    assert "Klaar in T3" in later
    assert "Klaar in T2" not in later


def test_an_indicator_that_is_not_on_track_is_explained_below_an_objective_that_is(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    snapshot = build(ministry)
    told = cast("dict[str, Any]", next(iter(objectives_of(snapshot))))
    told["status"] = "on_track"
    (row,) = told["indicators"]
    for status, is_explained in (("no_data", True), ("off_track", True), ("on_track", False)):
        row["status"] = status
        why = said(document(snapshot), f"objective:{told['id']}.why.{row['id']}")
        assert bool(why) is is_explained


def test_a_new_owner_names_no_confidential_indicator_that_goes_along(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    shown, hidden = (
        objective.indicator_links.get(indicator__is_confidential=is_secret).indicator
        for is_secret in (False, True)
    )
    values = {"unit": "DVZ", "holder": "DVZ-DG", "indicators": [shown.code, hidden.code]}
    amend(
        ministry,
        Proposal(
            kind=ChangeKind.OWNER,
            objectives=[objective],
            values=values,
            motivation="Past beter daar.",
            is_important=True,
        ),
    )
    snapshot = build(ministry, minister=ministry.am)
    (change,) = snapshot["amendments"][0]["changes"]
    assert change["values"]["indicators"] == [[], [shown.code]]
    assert hidden.code not in canonical_json(snapshot)


def test_important_changes_are_told_with_their_motivation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    own: dict[str, Any] = {"kind": ChangeKind.CHANGE, "objectives": [objective]}
    amendment = amend(
        ministry,
        other_target(objective, "97"),
        other_target(objective, "98", motivation="Geheim", is_secret=True),
        Proposal(
            values={"title": dict(text("Masterplan uitvoeren"))},
            motivation="Korter.",
            is_important=False,
            **own,
        ),
    )
    snapshot = build(ministry)
    (row,) = snapshot["amendments"]
    (change,) = row["changes"]
    assert (row["number"], change["kind"], change["objectives"]) == (1, "target", ["2.6.1"])
    shown_facts = [snapshot["facts"][change["target"][side]]["display"] for side in ("was", "now")]
    assert shown_facts == ["95.0", "97.0"]
    told = said(document(snapshot), f"amendment:{amendment.uuid}")
    for words in ("Bijsturing", "Na het eerste kwartaal.", "Het kan beter.", "95.0 %", "97.0 %"):
        assert words in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "Geheim" not in canonical_json(snapshot)
    assert "Korter." not in canonical_json(snapshot)
    assert build(ministry, minister=ministry.am)["amendments"] == []
    after = said(document(build(ministry, minister=ministry.am)), "amendments")
    assert "No important change of the plan was approved." in after


def test_gaps_and_data_quality(ministry: Ministry, objective: OperationalObjective) -> None:
    idle = Werf.objects.create(
        objective=ministry.werf.objective, code="2.7", title=text("Rampen"), order=1
    )
    WerfUnit.objects.create(werf=idle, unit=ministry.adcv)
    Goal.objects.create(objective=ministry.werf.objective, code="G1", title=text("Veilig"))
    for period, value in (("2026-T1", "89"), ("2026-T2", "900")):
        record(ministry, objective, period, value)
    twin = ministry.objective(by="planner_dvz", title="Masterplan NCU uitvoeren")
    ministry.indicator(twin, by="planner_dvz", title=text("Anders"))
    ministry.approve(twin, head="head_dvz")
    ministry.indicator(ministry.objective(title="Nog in opmaak"))
    snapshot = build(ministry)
    assert "Nog in opmaak" not in canonical_json(snapshot)
    gaps = {gap["kind"]: gap["rows"] for gap in snapshot["alignment"]["gaps"]}
    assert [row["code"] for row in gaps["werven"]] == ["2.7"]
    assert [row["code"] for row in gaps["goals"]] == ["G1"]
    assert [row["code"] for row in gaps["withoutGoal"]] == [objective.code]
    (pair,) = gaps["alike"]
    assert (pair["first"]["code"], pair["second"]["unit"], pair["isSame"]) == (
        objective.code,
        "DVZ",
        True,
    )
    counts = snapshot["quality"]["counts"]
    numbers = {name: snapshot["facts"][key]["value"] for name, key in counts.items()}
    assert (numbers["due"], numbers["submitted"], numbers["missing"]) == ("2", "2", "0")
    made = document(snapshot)
    assert "2.7 Rampen" in said(made, "alignment.werven")
    assert "of 2 figures that were due" in said(made, "method.quality.headline")
    assert "0 of 1 operational objective contributes to the NVP." in said(made, "alignment.head")


def test_data_annex_says_where_each_figure_comes_from(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    first = record(ministry, objective, "2026-T1", "89")
    record(ministry, objective, "2026-T2", "0")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=first)
    snapshot = build(ministry)
    (row,) = indicators_of(snapshot)
    assert row["dataSource"]["nl"] == "Dispatchinglogboek"
    today = timezone.localdate()
    assert [slot.get("validatedOn") for slot in row["slots"]] == [
        today.isoformat(),
        None,
        None,
        None,
    ]
    assert row["slots"][0]["recordedByUnit"] == "ADCV"
    table = block_at(document(snapshot), "data.table")
    assert isinstance(table, Table)
    lines = [["; ".join(map(plain_text, cell.lines)) for cell in cells] for cells in table.rows]
    day = f"{today:%d/%m/%Y}"
    assert lines[0][1:] == [
        "T1 2026",
        "89.0 %",
        f"Validated on {day}",
        "Dispatchinglogboek",
        f"{day} · ADCV",
    ]
    assert lines[1][1:4] == ["T2 2026", "0.0 %", "Provisional"]
    assert lines[2][1:4] == ["T3 2026", "–", "Not yet due"]
    aims = block_at(document(snapshot), "data.aims.table")
    assert isinstance(aims, Table)
    told = [["; ".join(map(plain_text, cell.lines)) for cell in cells][1:] for cells in aims.rows]
    assert told == [
        ["Baseline", "31/12/2025", "88.0 %", "Dispatchinglogboek"],
        ["Target", "31/12/2026", "95.0 %", f"Set on {day}"],
    ]


def test_parts_of_an_earlier_moment_never_change(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    idle = Werf.objects.create(objective=ministry.werf.objective, code="2.7", title=text("Rampen"))
    link = WerfUnit.objects.create(werf=idle, unit=ministry.adcv)
    figure = record(ministry, objective, "2026-T1", "89")
    tell(ministry, objective, "2026-T1", "Bestek klaar")
    amendment = amend(ministry, other_target(objective, "97"))
    known_at = Clocks.now().known_at
    kept = canonical_json(build(ministry, known_at=known_at))

    milestone_report(
        actor=ministry.users["planner_adcv"],
        milestone=Milestone.objects.earliest("due_on"),
        done_on=date(2026, 6, 20),
    )
    tell(ministry, objective, "2026-T1", "Herschreven")
    tell(ministry, objective, "2026-T2", "Nieuw")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=figure)
    amendment.refresh_from_db()
    record_change(actor=None, target=amendment, values={"title": text("Vertaald")})
    record_change(
        actor=None, target=ministry.dvz, values={"kind": UnitKind.PRESIDENT_SERVICES, "order": 0}
    )
    before = [{"unit": str(ministry.adcv.uuid)}]
    history_record(actor=None, target=idle, action="loaded", changes={"units": (before, [])})
    link.delete()
    amend(ministry, other_target(objective, "99"))

    assert Measurement.objects.count() == 1
    assert canonical_json(build(ministry, known_at=known_at)) == kept
    now = build(ministry)
    assert len(now["amendments"]) == 2
    assert now["amendments"][0]["title"]["nl"] == "Vertaald"
