"""What a report shows of judgements, definitions and breakdowns; and that it stays as it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import (
    Figure,
    FigurePart,
    figures_lock,
    indicator_define,
    measurement_record,
    measurement_return,
    measurement_validate,
    period_set_not_applicable,
    sheet_of,
    target_set,
)
from objectives.planning.models import OperationalObjective
from objectives.planning.services import (
    ObjectiveSheet,
    indicator_reuse,
    indicator_weigh,
    objective_create,
    operational_plan_create,
    status_override,
)
from reporting.render import render_pdf
from reporting.render.blocks import Picture, Pictures, StatusWord, Table
from reporting.render.content import document
from reporting.snapshot import SCHEMA_VERSION, ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry, text
from tests.reporting.report_reading import indicators_of, pdf_text

REFERENCE = date(2026, 9, 30)
REGIONS = [
    {
        "code": "region",
        "title": {"nl": "Gewest", "fr": "Région"},
        "adds_up": True,
        "members": [
            {"code": "bru", "title": {"nl": "Brussel", "fr": "Bruxelles"}},
            {"code": "vla", "title": {"nl": "Vlaanderen", "fr": "Flandre"}},
        ],
    }
]
REASON = "Twee zones leveren pas in december."
WHY_CHANGED = "De telling volgt voortaan de dagregistratie."


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Errors and reports speak Dutch, whatever ran before."""
    with translation.override("nl"):
        yield


def record(
    ministry: Ministry,
    indicator: Indicator,
    period: str,
    value: str,
    parts: dict[str, str] | None = None,
    reason: str = "",
) -> Measurement:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(
            value=Decimal(value),
            breakdown={
                f"region={code}": FigurePart(value=Decimal(part))
                for code, part in (parts or {}).items()
            },
        ),
        reason=reason,
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An approved objective that counts zones, with a breakdown by region and three figures."""
    objective = ministry.objective()
    indicator = ministry.indicator(
        objective,
        title=text("Zones met een plan"),
        unit_of_measure=text("zones", "zones"),
        decimals=0,
        baseline=Decimal(0),
        target=Decimal(40),
        disaggregations=REGIONS,
        limitations=text("Zegt niets over de kwaliteit van het plan."),
    )
    ministry.approve(objective)
    record(ministry, indicator, "2026-T1", "10", {"bru": "4", "vla": "6"})
    record(ministry, indicator, "2026-T2", "20", {"bru": "8", "vla": "12"})
    record(ministry, indicator, "2026-T3", "30", {"bru": "13", "vla": "17"})
    return objective


@pytest.fixture
def indicator(objective: OperationalObjective) -> Indicator:
    found: Indicator = Indicator.objects.get()
    return found


def build(
    ministry: Ministry, known_at: datetime | None = None, language: str = "nl"
) -> dict[str, Any]:
    known = known_at or Clocks.now().known_at
    return snapshot_build(
        ReportQuestion(ministry.plan, ministry.year, ministry.vbz, REFERENCE, known, language)
    )


def judge(ministry: Ministry, objective: OperationalObjective, status: str = "off_track") -> None:
    status_override(
        actor=ministry.users["head_adcv"],
        objective=objective,
        status=status,
        reason=REASON,
        holds_from=date(2026, 9, 1),
    )


def redefine(ministry: Ministry, indicator: Indicator, **changed: Any) -> None:
    indicator.refresh_from_db()
    indicator_define(
        actor=ministry.users["head_adcv"],
        indicator=indicator,
        sheet=replace(sheet_of(indicator), method=text("Uit de dagregistratie"), **changed),
        reason=WHY_CHANGED,
        valid_from=date(2026, 7, 1),
        is_series_break=True,
    )


# The snapshot -------------------------------------------------------------------------------------


def test_judgement_is_in_the_snapshot_and_changes_no_count(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = build(ministry)
    judge(ministry, objective)
    after = build(ministry)
    (row,) = after["strategicObjectives"][0]["werven"][0]["objectives"]
    assert row["judgement"] == {"status": "off_track", "reason": REASON, "since": "2026-09-01"}
    assert row["status"] == "on_track"
    assert after["facts"] == before["facts"]
    assert after["attention"] == before["attention"] == []
    assert after["schemaVersion"] == SCHEMA_VERSION == 8
    assert "head_adcv" not in canonical_json(after)


def test_judgement_stays_when_a_confidential_indicator_is_left_out(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    judge(ministry, objective)
    Indicator.objects.update(is_confidential=True)
    (row,) = build(ministry)["strategicObjectives"][0]["werven"][0]["objectives"]
    assert row["indicators"] == []
    assert row["judgement"]["status"] == "off_track"


def test_definition_break_forecast_and_parts_are_in_the_snapshot(
    ministry: Ministry, indicator: Indicator
) -> None:
    (before,) = indicators_of(build(ministry))
    assert before["definitionVersion"] == {"number": 1, "validFrom": None}
    assert (before["seriesBreaks"], before["definitionChanges"]) == ([], [])
    snapshot = build(ministry)
    assert snapshot["facts"][before["forecast"]["fact"]]["display"] == "40"
    assert before["forecast"]["on"] == "2026-12-31"
    assert before["limitations"]["nl"] == "Zegt niets over de kwaliteit van het plan."
    parts = before["latest"]["breakdown"]
    assert [part["key"] for part in parts] == ["region=bru", "region=vla"]
    assert parts[0]["titles"] == [
        {
            "dimension": {"nl": "Gewest", "fr": "Région"},
            "member": {"nl": "Brussel", "fr": "Bruxelles"},
        }
    ]
    assert [snapshot["facts"][part["fact"]]["value"] for part in parts] == ["13", "17"]

    redefine(ministry, indicator)
    (after,) = indicators_of(build(ministry))
    assert after["definitionVersion"] == {"number": 2, "validFrom": "2026-07-01"}
    assert after["seriesBreaks"] == [{"on": "2026-07-01", "reason": WHY_CHANGED}]
    (change,) = after["definitionChanges"]
    assert (change["number"], change["reason"], change["isSeriesBreak"]) == (2, WHY_CHANGED, True)
    assert change["fields"] == [
        {
            "field": "method",
            "before": {"text": {}},
            "after": {"text": {"nl": "Uit de dagregistratie", "fr": "Uit de dagregistratie (fr)"}},
        }
    ]
    assert after["forecast"] is None  # one figure after the break says nothing of the slope


def test_a_part_that_was_not_given_again_stays_as_it_was(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator, "2026-T3", "31", {"vla": "18"}, reason="Telfout in Vlaanderen")
    snapshot = build(ministry)
    (part,) = indicators_of(snapshot)
    shown = [snapshot["facts"][row["fact"]]["display"] for row in part["latest"]["breakdown"]]
    assert shown == ["13", "18"]


def test_slots_say_returned_and_locked(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    head = ministry.users["head_adcv"]
    first, second, third = Measurement.objects.totals().order_by("period_start")
    measurement_validate(actor=head, measurement=first)
    measurement_return(actor=head, measurement=second, reason="Reken na")
    figures_lock(actor=head, measurements=[first.uuid], cause=objective)
    snapshot = build(ministry)
    (part,) = indicators_of(snapshot)
    marks = [(row.get("returned"), row["locked"]) for row in part["slots"]]
    assert marks == [(False, True), (True, False), (False, False), (None, False)]
    assert "Reken na" not in canonical_json(snapshot)  # between the head and the planners
    assert third.pk


def test_snapshot_of_an_earlier_moment_never_changes(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    judge(ministry, objective)
    draft = ministry.objective(title="Ontwerp")
    drafted = ministry.indicator(draft)
    planner, head = ministry.users["planner_adcv"], ministry.users["head_adcv"]
    known_at = Clocks.now().known_at
    kept = {
        language: canonical_json(build(ministry, known_at, language)) for language in ("nl", "fr")
    }

    record(ministry, indicator, "2026-T2", "22", {"bru": "9", "vla": "13"}, reason="Telfout")
    latest = Measurement.objects.totals().latest("recorded_at")
    measurement_validate(actor=head, measurement=latest)
    measurement_return(actor=head, measurement=latest, reason="Toch niet")
    figures_lock(actor=head, measurements=[latest.uuid], cause=objective)
    redefine(ministry, indicator, title=text("Zones met een goed plan"), decimals=1)
    redefine(ministry, indicator, disaggregations=[], tolerance=Decimal(2))
    judge(ministry, objective, "at_risk")
    judge(ministry, objective, "")
    draft.refresh_from_db()
    indicator_weigh(actor=planner, objective=draft, indicator=drafted, weight=5, is_key=True)
    indicator.refresh_from_db()
    period_set_not_applicable(
        actor=planner, indicator=indicator, period=parse_period("2026-T4"), reason="Telling stopt"
    )
    target_set(
        actor=planner,
        indicator=indicator,
        due_on=date(2026, 12, 31),
        value=Decimal(60),
        reason="Bijgesteld",
    )
    next_year = operational_plan_create(actor=None, plan=ministry.plan, year=2027)
    reused = objective_create(
        actor=planner,
        plan=next_year,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Vervolg"), starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
        ),
    )
    indicator_reuse(
        actor=planner,
        objective=reused,
        indicator=indicator,
        target=Decimal(80),
        target_due_on=date(2026, 12, 31),
    )
    ministry.approve(draft)

    for language, text_ in kept.items():
        assert canonical_json(build(ministry, known_at, language)) == text_
    assert canonical_json(build(ministry)) != kept["nl"]


# The PDF ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_pdf_shows_judgement_break_parts_and_change(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator, language: str
) -> None:
    plain = pdf_text(render_pdf(build(ministry, language=language)))
    judge(ministry, objective)
    redefine(ministry, indicator)
    snapshot = build(ministry, language=language)
    said = pdf_text(render_pdf(snapshot))
    words = {
        "nl": (
            "Oordeel van het hoofd: Achterstand",
            "T3 2026, Gewest: Brussel",
            "Versie 2, voor metingen vanaf",
            "Reeksbreuk",
            "Definities die veranderden",
        ),
        "fr": (
            "Appréciation du responsable : En retard",
            "T3 2026, Région : Bruxelles",
            "Version 2, pour les mesures à partir du",
            "Rupture de série",
            "Définitions modifiées",
        ),
    }[language]
    for expected in (*words, REASON, WHY_CHANGED, "13", "17"):
        assert expected in said
    assert REASON not in plain
    assert words[2] not in plain


def test_chart_draws_break_and_forecast(ministry: Ministry, indicator: Indicator) -> None:
    def chart() -> Picture:
        blocks = document(build(ministry)).blocks
        (found,) = (
            picture
            for block in blocks
            if isinstance(block, Pictures) and block.anchor.endswith(".charts")
            for picture in block.pictures
        )
        return found

    ahead = chart()
    assert "dot-forecast" in ahead.svg
    assert "Vooruitzicht" in ahead.alt
    assert 'class="break"' not in ahead.svg
    redefine(ministry, indicator)
    parted = chart()
    assert 'class="break"' in parted.svg
    assert "dot-forecast" not in parted.svg
    assert "reeks" in parted.alt.lower()


def test_attention_names_the_judgement_too(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    record(
        ministry, indicator, "2026-T3", "5", {"bru": "2", "vla": "3"}, reason="Dubbels geschrapt"
    )
    judge(ministry, objective, "at_risk")
    snapshot = build(ministry)
    assert snapshot["attention"] == [objective.code]
    blocks = {getattr(block, "anchor", ""): block for block in document(snapshot).blocks}
    table = blocks["attention.table"]
    assert isinstance(table, Table)
    (row,) = table.rows
    said = [part for line in row[2].lines for part in line if isinstance(part, StatusWord)]
    assert [(part.status, part.is_judgement) for part in said] == [
        ("off_track", False),
        ("at_risk", True),
    ]
    assert "attention.judgement" in blocks
