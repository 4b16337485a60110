"""Why something changed, in words: one sentence for each kind of cause."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from reporting.render.blocks import Figure, plain_text
from reporting.render.content.causes import cause_run, cause_word
from reporting.render.content.difference_texts import other_run
from reporting.render.wording import FactReader
from reporting.snapshot.sides import Part, cause
from tests.reporting.snapshots import T1, T2, T3, quantity, text

YEAR = 2026
FACTS = {"f:a": quantity("41"), "f:b": quantity("58"), "f:c": quantity("70")}
INDICATOR: Part = {"code": "2.6.1-a", "title": text("Bezetting")}
BOTH = ("f:b", "f:a")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def periods(*starts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"periodStart": start, "resolution": "T"} for start, _end in starts]


def said(row: Part) -> str:
    run = cause_run(row, FactReader(FACTS), YEAR)
    return plain_text(run).replace("\N{NO-BREAK SPACE}", " ")


FIGURE: dict[str, Any] = {"facts": BOTH, "expected": "f:c", "periods": periods(T3)}
CAUSES: list[tuple[str, dict[str, Any], str]] = [
    (
        "indicator",
        FIGURE | {"wasPeriods": periods(T2)},
        "Bezetting 41 zones (T3); was 58 zones (T2), expected 70 zones",
    ),
    (
        "indicator",
        FIGURE | {"wasPeriods": [], "expected": None},
        "Bezetting 41 zones (T3), the first figure",
    ),
    (
        "indicator",
        FIGURE | {"facts": ("f:a", "f:a"), "wasPeriods": periods(T3)},
        "Bezetting still 41 zones (T3), expected 70 zones",
    ),
    (
        "indicator",
        FIGURE | {"expected": None, "periods": periods(T1, T3), "wasPeriods": periods(T1, T2)},
        "Bezetting 41 zones (T1–T3); was 58 zones (T1–T2)",
    ),
    (
        "figure_gone",
        {"facts": ("f:b", None), "wasPeriods": [{"periodStart": "2025-10-01", "resolution": "T"}]},
        "Bezetting: no figure any more; was 58 zones (T4 2025)",
    ),
    ("no_figure", {}, "Bezetting: no figure yet"),
    (
        "missing",
        {"periods": periods(T3), "dueOn": "2026-10-15"},
        "Bezetting: the figure of T3 is missing, due on 15/10/2026",
    ),
    (
        "milestone_done",
        {"doneOn": "2026-07-03", "dueOn": "2026-06-30"},
        "Bezetting: done on 03/07/2026, due on 30/06/2026",
    ),
    (
        "milestone_expected",
        {"forecastOn": "2026-12-01", "wasForecastOn": None, "dueOn": "2026-11-30"},
        "Bezetting: expected on 01/12/2026, due on 30/11/2026",
    ),
    (
        "correction",
        {"facts": BOTH, "periods": periods(T2), "nowState": "measured", "text": "Telfout"},
        "Bezetting, T2 corrected from 58 zones to 41 zones: “Telfout”",
    ),
    (
        "correction",
        {"facts": ("f:b", None), "periods": periods(T2), "nowState": "notApplicable"},
        "Bezetting, T2 corrected from 58 zones to not applicable",
    ),
    (
        "target",
        {"facts": BOTH, "wasRange": [], "nowRange": [], "text": "Krapte", "amendment": 3}
        | {"wasDueOn": "2026-12-31", "dueOn": "2026-11-30"},
        "Bezetting: target 41 zones by 30/11/2026, was 58 zones by 31/12/2026: “Krapte” (W3)",
    ),
    (
        "target",
        {"wasRange": ["f:a", "f:b"], "nowRange": ["f:a", "f:c"], "wasDueOn": None, "dueOn": None},
        "Bezetting: target 41 to 70 zones, was 41 to 58 zones",
    ),
    ("definition", {"change": (None, 2)}, "Bezetting: version 2 of its definition"),
    ("weight", {"facts": BOTH}, "Bezetting: weight 41 zones, was 58 zones"),
    ("key", {}, "Bezetting is a key indicator now"),
    ("no_key", {}, "Bezetting is no key indicator any more"),
    ("indicator_added", {}, "Indicator added: Bezetting"),
    ("indicator_removed", {}, "Indicator taken away: Bezetting"),
    ("owner", {"change": ("ADCV", "DVZ")}, "Owner DVZ, was ADCV"),
    (
        "holder",
        {"change": (None, text("Directeur")), "text": "Opvolging"},
        "Holder Directeur, was –: “Opvolging”",
    ),
    (
        "judgement",
        {"change": (None, "at_risk"), "text": "De zomer\ndrukt."},
        "The head judges at risk: “De zomer drukt.”",
    ),
    ("no_judgement", {"change": ("at_risk", None)}, "The head took the own judgement back"),
    (
        "amendment",
        {"code": "withdraw", "text": "Niet meer nodig", "amendment": 4},
        "Amendment W4 (withdraw): “Niet meer nodig”",
    ),
    (
        "explained",
        {"code": "ADCV", "text": text("Uitval."), "periods": periods(T3)},
        "ADCV explains T3: “Uitval.”",
    ),
    (
        "figure",
        {"facts": (None, "f:a"), "periods": periods(T3)},
        "Bezetting, T3: 41 zones, a figure that was not there",
    ),
    (
        "validated",
        {"facts": (None, "f:a"), "periods": periods(T3)},
        "Bezetting, T3: 41 zones is validated now",
    ),
    (
        "text",
        {"part": "narrative", "periods": periods(T3)},
        "Bezetting, T3: another text (narrative)",
    ),
    ("text", {"part": "limitations"}, "Bezetting: another text (limitations)"),
    ("text", {"title": None, "code": "description"}, "Another text (description)"),
    (
        "text",
        {"title": None, "code": "narrative.done", "periods": periods(T1)},
        "T1: another text (what was done)",
    ),
    (
        "field",
        {"title": None, "code": "endsOn", "change": ("2026-12-31", "2026-11-30")},
        "Last day: 30/11/2026, was 31/12/2026",
    ),
    (
        "field",
        {"title": None, "code": "state", "change": ("approved", "closed")},
        "State: closed, was approved",
    ),
    ("part", {"part": "indicator"}, "Bezetting: its figures or its definition are other ones"),
    ("part", {"title": None, "code": "risks"}, "Changed: risks"),
]


@pytest.mark.parametrize(("kind", "told", "sentence"), CAUSES)
def test_a_sentence_for_each_kind(kind: str, told: dict[str, Any], sentence: str) -> None:
    assert said(cause(kind, **{**INDICATOR, **told})) == sentence
    assert cause_word(kind)


def test_every_figure_is_bound_to_its_fact() -> None:
    row = cause("indicator", **{**INDICATOR, **FIGURE, "wasPeriods": periods(T2)})
    run = cause_run(row, FactReader(FACTS), YEAR)
    assert [part.fact for part in run if isinstance(part, Figure)] == ["f:a", "f:b", "f:c"]


def test_the_day_of_a_milestone_is_the_figure_that_says_it() -> None:
    done = {"kind": "date", "role": "done", "value": "2026-07-03", "display": "2026-07-03"}
    days: dict[str, Any] = {"doneOn": "2026-07-03", "dueOn": "2026-06-30"}
    row = cause("milestone_done", **INDICATOR, facts=(None, "f:d"), **days)
    run = cause_run(row, FactReader({"f:d": done}), YEAR)
    assert Figure("f:d", "03/07/2026") in run


def test_a_narrative_in_another_language_says_which() -> None:
    row = cause("explained", code="ADCV", text={"nl": "Uitval."}, periods=periods(T3))
    run = cause_run(row, FactReader(FACTS), YEAR)
    assert ("Uitval.", "nl") in [(part.text, getattr(part, "lang", "")) for part in run]


def test_other_parts_of_a_report() -> None:
    werf = {"part": "werf", "code": "2.6", "title": text("Hulpketen")}
    moved = other_run({**werf, "from": "on_track", "to": "at_risk"})
    assert plain_text(moved) == "2.6 Hulpketen · On track → At risk"
    late = {"part": "late", "code": "", "title": None, "from": None, "to": None}
    assert plain_text(other_run(late)) == "Late figures"
