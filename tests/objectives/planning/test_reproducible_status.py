"""A reader can work a status out again: ratios, points of the path, weights, both clocks."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.clocks import Clocks
from objectives.indicators import engine
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import (
    Figure,
    FigurePart,
    correction_decide,
    correction_request,
    figures_lock,
    measurement_record,
)
from objectives.planning.explanations import explain
from objectives.planning.services import indicator_reuse
from reporting.choices import ReportState
from reporting.models import ProgressReport
from tests.factories import Ministry, text

AUTUMN = {"year": "2026", "reference": "2026-10-31"}


def client_of(ministry: Ministry, name: str = "auditor") -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def page_of(indicator: Indicator) -> str:
    return reverse("planning:indicator", args=[indicator.uuid])


def read(ministry: Ministry, indicator: Indicator, language: str = "nl") -> Any:
    return client_of(ministry).get(
        page_of(indicator), AUTUMN, headers={"accept-language": language}
    )


def record(
    ministry: Ministry, indicator: Indicator, period: str, reason: str = "", **figure: Any
) -> Measurement:
    row = measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(**figure),
        reason=reason,
        confirmed=["outlier", "breakdown_incomplete", "late"],
    )
    assert isinstance(row, Measurement)
    return row


def plain(lines: Any) -> list[str]:
    return [str(line).replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def amount(ministry: Ministry, **sheet: Any) -> Indicator:
    """700 files in 2025; 172, 170 and 172 in three terms; 860 to reach in 2026."""
    objective = ministry.objective()
    indicator = ministry.indicator(
        objective,
        target=Decimal(860),
        **{
            "title": text("Dossiers"),
            "unit_of_measure": text("dossiers", "dossiers"),
            "decimals": 0,
            "accumulation": "flow",
            "period_aggregation": "sum",
            "baseline": Decimal(700),
            **sheet,
        },
    )
    ministry.approve(objective)
    for period, value in (("2026-T1", 172), ("2026-T2", 170), ("2026-T3", 172)):
        record(ministry, indicator, period, value=Decimal(value))
    return Indicator.objects.get(pk=indicator.pk)


def ratio(ministry: Ministry, **sheet: Any) -> Indicator:
    objective = ministry.objective()
    indicator = ministry.indicator(
        objective,
        **{
            "is_ratio": True,
            "numerator_definition": text("Bezette plaatsen"),
            "denominator_definition": text("Plaatsen"),
            **sheet,
        },
    )
    ministry.approve(objective)
    for period, above in (("2026-T1", 90), ("2026-T2", 92), ("2026-T3", 188)):
        below = 200 if above > 100 else 100
        record(ministry, indicator, period, numerator=Decimal(above), denominator=Decimal(below))
    return Indicator.objects.get(pk=indicator.pk)


def test_an_amount_says_which_terms_it_takes_together(ministry: Ministry) -> None:
    indicator = amount(ministry)
    page = read(ministry, indicator)
    strip = page.context["strip"]
    assert plain([strip["now"], strip["now_period"]]) == ["514 dossiers", "T1–T3 2026 samen"]
    assert "514 dossiers in T1–T3 2026" in plain([page.content.decode()])[0]
    french = read(ministry, indicator, "fr").context["strip"]
    assert french["now_period"] == "T1–T3 2026 ensemble"
    objective = indicator.objective_links.get().objective
    overview = client_of(ministry).get(reverse("planning:objective", args=[objective.uuid]), AUTUMN)
    assert "T1–T3 2026" in overview.content.decode()


def test_an_amount_starts_at_zero_and_says_so_beside_its_baseline(ministry: Ministry) -> None:
    page = read(ministry, amount(ministry))
    why = page.context["why"]
    assert "Start: 0 op 31/12/2025 (een hoeveelheid begint bij nul)." in plain(why.steps)
    baseline = next(fact for fact in why.facts if fact.text.startswith("700"))
    assert baseline.note == "ter vergelijking: een hoeveelheid begint bij nul"
    assert page.context["strip"]["starts_at_zero"]
    # Its baseline is last year's amount: not a point of this year's line.
    assert 'class="dot-baseline"' not in page.content.decode()
    assert "nulmeting" not in " ".join(page.context["caption"])


def test_the_expected_value_names_its_two_points(ministry: Ministry) -> None:
    steps = plain(read(ministry, amount(ministry)).context["why"].steps)
    # 860 × 273 / 365
    assert (
        "Verwacht op 30/09/2026: 643,233, op de lijn van 0 op 31/12/2025 naar 860 op 31/12/2026 "
        "(na 273 van de 365 dagen)."
    ) in steps
    assert "Gerealiseerd op 30/09/2026: 514, de som van 3 perioden." in steps


def test_a_ratio_shows_its_two_numbers(ministry: Ministry) -> None:
    page = read(ministry, ratio(ministry))
    assert [line["ratio"] for line in page.context["table"]] == [
        "",
        "188 / 200",
        "92 / 100",
        "90 / 100",
    ]
    why = page.context["why"]
    assert [slot.ratio for slot in why.slots] == ["188 / 200", "92 / 100", "90 / 100"]
    assert "Gerealiseerd op 30/09/2026: teller / noemer = 188 / 200 × 100 = 94." in plain(why.steps)
    assert page.content.decode().count("188 / 200") >= 2
    assert not why.notes


def test_a_pooled_ratio_is_one_division(ministry: Ministry) -> None:
    indicator = ratio(
        ministry,
        accumulation="flow",
        period_aggregation="pooled",
        baseline_date=date(2024, 12, 31),
    )
    page = read(ministry, indicator)
    why, strip = page.context["why"], page.context["strip"]
    assert (
        "Gerealiseerd op 30/09/2026 over 3 perioden: som van de tellers / som van de noemers "
        "= 370 / 400 × 100 = 92,5."
    ) in plain(why.steps)
    assert strip["now_period"] == "over T1–T3 2026"
    assert why.notes == [
        "De verwachte waarde loopt door vanaf de nulmeting van 31/12/2024; de gerealiseerde "
        "waarde neemt alleen de perioden van 2026 samen."
    ]
    assert why.notes[0] in page.content.decode()


def test_a_sentence_without_the_scale_names_no_numerator(ministry: Ministry) -> None:
    """A report keeps the steps, not by how much a ratio is multiplied."""
    values = {
        "value": "185/2",
        "on": "2026-09-30",
        "periods": "3",
        "accumulation": "flow",
        "numerator": "37000",
        "denominator": "400",
    }
    said = explain((engine.Step(engine.StepCode.ACTUAL, values),))
    assert "37" not in said[0]
    assert "92.5" in said[0] or "92,5" in said[0]


@pytest.mark.parametrize("code", list(engine.StepCode))
def test_steps_of_an_older_report_keep_their_sentence(code: engine.StepCode) -> None:
    old = {
        "start": {"value": "1"},
        "expected": {"value": "1", "on": "2026-09-30", "shape": "linear"},
        "roll_up": {
            "children": "1",
            "due_weight": "1",
            "weight_without_figure": "0",
            "mean": "1",
            "status": "on_track",
        },
        "child": {"position": "0", "weight": "1", "status": "on_track"},
    }
    assert explain((engine.Step(code, old.get(code, {})),))[0]


def test_an_objective_can_be_added_up_again(ministry: Ministry) -> None:
    objective = ministry.objective()
    first = ministry.indicator(objective)
    second = ministry.indicator(objective, title=text("Wachttijd"))
    ministry.approve(objective)
    record(ministry, first, "2026-T3", value=Decimal("93.1"))  # ahead of 1: kept at 1
    record(ministry, second, "2026-T3", value=Decimal(92))
    page = client_of(ministry).get(reverse("planning:objective", args=[objective.uuid]), AUTUMN)
    why = page.context["why"]
    values = [child.value for child in why.children]
    assert len(values) == 2
    assert all(values)
    assert values[1] != values[0] or why.children[0].attainment
    steps = plain(why.steps)
    assert steps[0].startswith("2.6.1-a, gewicht 1")
    assert f"waarde {values[0]}" in steps[0]
    assert "Gewogen gemiddelde = " in steps[2]
    assert "op schema vanaf 0,9" in steps[2]
    assert all(value in page.content.decode() for value in values)


def test_the_caption_names_the_marks_that_are_there(ministry: Ministry) -> None:
    objective = ministry.objective()
    band = ministry.indicator(
        objective,
        target_kind="range",
        range_low=Decimal(80),
        range_high=Decimal(90),
        tolerance=Decimal(2),
        target=None,
    )
    level = ministry.indicator(objective, title=text("Niveau"))
    ministry.approve(objective)
    assert plain(read(ministry, Indicator.objects.get(pk=band.pk)).context["caption"]) == [
        "Vierkantje: de nulmeting.",
        "Gekleurde band: 80,0 tot 90,0 %; tot 2,0 % erbuiten vraagt aandacht.",
    ]
    record(ministry, level, "2026-T1", value=Decimal(90))
    caption = plain(read(ministry, level).context["caption"])
    assert caption[0] == "Stip: de meting."
    assert not [line for line in caption if line.startswith(("Lijn:", "Ruitje:"))]
    assert not [line for line in caption if "reeksbreuk" in line.lower()]


# The two dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["indicator", "objective", "werf"])
def test_every_page_with_a_status_has_both_dates(ministry: Ministry, name: str) -> None:
    indicator = amount(ministry)
    objective = indicator.objective_links.get().objective
    key = {"indicator": indicator.uuid, "objective": objective.uuid, "werf": ministry.werf.code}
    path = reverse(f"planning:{name}", args=[key[name]])
    now = client_of(ministry).get(path).content.decode()
    assert 'id="clock-reference" name="reference" value=""' in now
    assert 'id="clock-known" name="known" value=""' in now
    then = client_of(ministry).get(path, {"reference": "2026-06-30"}).content.decode()
    assert 'name="reference" value="2026-06-30"' in then
    assert f'href="{path}' in then


def test_a_correction_leads_to_the_page_before_it(ministry: Ministry) -> None:
    indicator = amount(ministry)
    record(ministry, indicator, "2026-T3", reason="Dubbel geteld", value=Decimal(150))
    reader = client_of(ministry)
    page = reader.get(page_of(indicator), AUTUMN)
    (line,) = page.context["corrections"]
    assert plain([line["old"], line["new"]]) == ["172 dossiers", "150 dossiers"]
    before = reader.get(page_of(indicator) + line["before"])
    assert parse_qs(urlsplit(line["before"]).query)["reference"] == ["2026-10-31"]
    assert plain([before.context["strip"]["now"]]) == ["514 dossiers"]
    assert before.context["corrections"] == []
    assert f"{page_of(indicator)}{line['before'].replace('&', '&amp;')}" in page.content.decode()


# Corrections --------------------------------------------------------------------------------------


def test_a_correction_names_the_parts_that_changed(ministry: Ministry) -> None:
    regions = [
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
    objective = ministry.objective()
    indicator = ministry.indicator(objective, disaggregations=regions)
    ministry.approve(objective)

    def parts(brussels: int) -> dict[str, FigurePart]:
        values = {"region=bru": brussels, "region=vla": 60}
        return {key: FigurePart(value=Decimal(value)) for key, value in values.items()}

    record(ministry, indicator, "2026-T3", value=Decimal(90), breakdown=parts(30))
    record(ministry, indicator, "2026-T3", "Fout", value=Decimal(92), breakdown=parts(32))
    (line,) = read(ministry, indicator).context["corrections"]
    assert [plain(part.values()) for part in line["parts"]] == [
        ["Gewest: Brussel", "30,0 %", "32,0 %"]
    ]


def locked_correction(ministry: Ministry, indicator: Indicator, *, approve: bool) -> dict[str, Any]:
    """Lock T3 in a report, ask for a correction and decide it; return the page's context."""
    report = ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=date(2026, 9, 30),
        known_at=Clocks.now().known_at,
        language="nl",
        state=ReportState.READY,
        requested_by=ministry.users["corporate"],
        snapshot="{}",
    )
    row = Measurement.objects.get(indicator=indicator, period_end=date(2026, 9, 30))
    figures_lock(actor=ministry.users["corporate"], measurements=[row.uuid], cause=report)
    correction = correction_request(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=row.period,
        figure=Figure(value=Decimal(171)),
        reason="Eén dubbel",
    )
    correction_decide(
        actor=ministry.users["head_adcv"], correction=correction, approve=approve, note="Nagekeken"
    )
    page: Any = client_of(ministry, "planner_adcv").get(page_of(indicator), {"year": "2026"})
    return {name: page.context[name] for name in ("requests", "corrections")}


def test_a_decided_correction_stands_on_the_page_once(ministry: Ministry) -> None:
    context = locked_correction(ministry, amount(ministry), approve=True)
    assert context["requests"] == []
    (line,) = context["corrections"]
    assert plain([line["old"], line["new"]]) == ["172 dossiers", "171 dossiers"]
    assert line["row"].approved_by == ministry.users["head_adcv"]
    assert len(line["reports"]) == 1


def test_a_refused_correction_would_have_changed_the_figure(ministry: Ministry) -> None:
    indicator = amount(ministry)
    context = locked_correction(ministry, indicator, approve=False)
    assert context["corrections"] == []
    assert len(context["requests"]) == 1
    html = client_of(ministry, "planner_adcv").get(page_of(indicator)).content.decode()
    assert "zou geworden zijn" in html
    assert "zou worden" not in html


# Codes --------------------------------------------------------------------------------------------


def test_a_series_is_found_by_its_own_code_and_by_its_place(ministry: Ministry) -> None:
    first = ministry.objective()
    series = ministry.indicator(first)
    second = ministry.objective(title="Tweede")
    other = ministry.indicator(second, title=text("Ander"))
    indicator_reuse(actor=ministry.users["planner_adcv"], objective=second, indicator=series)
    ministry.approve(second)
    assert series.code == "2026-2.6.1-a"
    page = read(ministry, series)
    assert page.context["places"] == ["2.6.2-b"]
    assert 'in plan 2026: <span class="code">2.6.2-b</span>' in page.content.decode()
    assert read(ministry, other).context["places"] == []

    reader = client_of(ministry)
    for words in ("2026-2.6.1-a", "2.6.2-b", "2026-2.6.2-b"):
        found = reader.get(reverse("planning:library"), {"q": words}).content.decode()
        assert page_of(series) in found, words
        assert page_of(other) not in found, words
        found = reader.get(reverse("search"), {"q": words}).content.decode()
        assert page_of(series) in found, words
    assert page_of(other) not in reader.get(reverse("search"), {"q": "2.6.2-b"}).content.decode()
