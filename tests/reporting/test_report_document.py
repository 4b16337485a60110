"""A report as a document: where each figure comes from, what a draft and an issued one say."""

import io
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from reporting.render.blocks import Document, Figure, Words, plain_text, runs_of
from reporting.render.content import document
from reporting.render.pdf import Attachment, render_pdf
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from tests.factories import Ministry
from tests.reporting.report_reading import as_of_version, pdf_root, pdf_text
from tests.reporting.test_report_override import indicator, judge, objective, record, redefine

__all__ = ["indicator", "objective"]

SEAL: dict[str, Any] = {
    "approvedOn": "2026-10-20",
    "edition": 1,
    "reviews": [
        {"unit": "ADCV", "verdict": "agreed", "on": "2026-10-12"},
        {"unit": "DVZ", "verdict": "", "on": None},
    ],
    "withoutReview": "DVZ is in reorganisatie.",
    "waivers": [
        {
            "gate": "parity",
            "reason": "De vertaling van 2 titels volgt.",
            "on": "2026-10-19",
            "findings": [],
        }
    ],
    "numbers": [],
}


@pytest.fixture
def snapshot(ministry: Ministry, objective: OperationalObjective, indicator: Any) -> dict[str, Any]:
    """Of an objective behind, with a judgement, a new definition and a breakdown."""
    record(ministry, indicator, "2026-T3", "5", {"bru": "2", "vla": "3"}, reason="Telfout")
    judge(ministry, objective)
    redefine(ministry, indicator)
    known_at = Clocks.now().known_at
    return snapshot_build(
        ReportQuestion(
            ministry.plan, ministry.year, ministry.vbz, date(2026, 9, 30), known_at, "nl"
        )
    )


def made(snapshot: dict[str, Any], language: str = "nl", **seal: Any) -> Document:
    with translation.override(language):
        return document({**snapshot, "language": language}, seal or None)


def said(made: Document, anchor: str) -> list[str]:
    """Return the text of whatever stands at an anchor or below it."""
    return [plain_text(row.run) for row in runs_of(made) if row.anchor.startswith(anchor)]


# What a document says -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_every_digit_says_where_it_comes_from(snapshot: dict[str, Any], language: str) -> None:
    runs = [row.run for row in runs_of(made(snapshot, language, **SEAL))]
    parts = [part for run in runs for part in run]
    bare = [part for part in parts if isinstance(part, Words) and re.search(r"\d", part.text)]
    assert bare == []
    figures = {part.fact for part in parts if isinstance(part, Figure)}
    assert figures <= set(snapshot["facts"])
    shown = {
        key
        for key, fact in snapshot["facts"].items()
        if key.startswith("f:count:plan") or fact["kind"] == "step"
    }
    assert figures & shown == {
        key for key in shown if key.startswith(("f:count:plan", "f:why:" + _indicator_id(snapshot)))
    }


def _indicator_id(snapshot: dict[str, Any]) -> str:
    (strategic,) = snapshot["strategicObjectives"]
    return str(strategic["werven"][0]["objectives"][0]["indicators"][0]["id"])


def test_anchors_stand_once_and_are_the_same_in_another_language(snapshot: dict[str, Any]) -> None:
    dutch, french = made(snapshot, **SEAL), made(snapshot, "fr", **SEAL)
    anchors = [block.anchor for block in dutch.blocks if hasattr(block, "anchor")]
    assert [name for name, times in Counter(anchors).items() if times > 1] == []
    assert max(len(anchor) for anchor in anchors) <= 120
    assert anchors == [block.anchor for block in french.blocks if hasattr(block, "anchor")]
    assert {"summary.headline", "summary.counts", "attention", "late", "method"} <= set(anchors)


def test_draft_says_so_until_it_is_sealed(snapshot: dict[str, Any]) -> None:
    assert made(snapshot).marks == ("Ontwerp",)
    assert made(snapshot, "fr").marks == ("Projet",)
    assert said(made(snapshot), "method.seal") == []
    assert made(snapshot, **SEAL).marks == ()
    assert made({**snapshot, "isDemo": True}).marks[0] == "Ontwerp"
    assert len(made({**snapshot, "isDemo": True}).marks) == 2


def test_seal_prints_readers_and_waivers_with_their_reasons(snapshot: dict[str, Any]) -> None:
    with translation.override("en"):
        printed = said(document({**snapshot, "language": "en"}, SEAL), "method.seal")
    together = "\n".join(printed)
    assert "ADCV: agreed, 12" in together
    assert "DVZ: has not answered" in together
    assert "because: DVZ is in reorganisatie." in together
    assert "because: De vertaling van 2 titels volgt." in together


def test_correction_bears_its_number_on_the_cover(snapshot: dict[str, Any]) -> None:
    def numbered(number: int) -> list[str]:
        edition = {"number": number, "corrects": None, "reason": "", "changes": None}
        told = {**snapshot, "edition": edition}
        return [plain_text(run) for _label, run in made(told).cover.facts.rows]

    assert len(numbered(2)) == len(numbered(1)) + 1
    assert "2" in numbered(2)


def test_cover_says_in_one_look_where_the_plan_stands(snapshot: dict[str, Any]) -> None:
    cover = made(snapshot, "en").cover
    told = {label: plain_text(run) for label, run in cover.facts.rows}
    assert told["In short"] == said(made(snapshot, "en"), "summary.headline")[0]
    assert told["Decisions asked"] == "No decision is asked of the minister."
    summary = {**snapshot["summary"], "withheld": snapshot["summary"]["total"]}
    validated = {**snapshot, "provisional": False}
    for content, standing in (
        ({**validated, "summary": {**summary, "withheld": None}}, "Validated"),
        ({**validated, "summary": summary}, "Provisional"),
    ):
        rows = dict(made(content, "en").cover.facts.rows)
        assert plain_text(rows["Figures"]).startswith(standing)


def test_what_needs_attention_names_the_indicators_that_lag(snapshot: dict[str, Any]) -> None:
    lagging = snapshot["strategicObjectives"][0]["werven"][0]["objectives"][0]["indicators"][0]
    assert lagging["shortCode"] in said(made(snapshot), "attention.table")


# Snapshots of before ------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_snapshot_of_an_earlier_version_reads_as_before(
    snapshot: dict[str, Any], version: int
) -> None:
    old = as_of_version(snapshot, version)
    printed = pdf_text(render_pdf(old))
    assert "Zones met een plan" in printed
    assert sha256_of(canonical_json(old)) in printed
    assert ("Oordeel van het hoofd" in printed) == (version >= 3)
    assert "Dienst in één taal" in printed or version >= 4


# The PDF ------------------------------------------------------------------------------------------


def test_pdf_carries_its_data_and_says_which_standards_it_keeps(snapshot: dict[str, Any]) -> None:
    data = canonical_json(snapshot).encode()
    book = bytes(range(256)) * 4  # not text in any encoding we read
    files = [
        Attachment("rapport.json", data, "application/json", "De gegevens van dit rapport"),
        Attachment("rapport.xlsx", book, "application/vnd.ms-excel", "De cijfers van dit rapport"),
    ]
    content = render_pdf(snapshot, SEAL, files)
    assert content == render_pdf(snapshot, SEAL, files)
    reader = PdfReader(io.BytesIO(content))
    assert dict(reader.attachments) == {"rapport.json": [data], "rapport.xlsx": [book]}
    metadata = pdf_root(content)["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert re.search(r"pdfaid:part>3<", metadata)
    assert re.search(r"pdfaid:conformance>A<", metadata)


def test_pdf_opens_with_bookmarks_down_to_the_objectives(snapshot: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(snapshot)))

    def titles(rows: Any, depth: int = 0) -> list[tuple[int, str]]:
        return [
            found
            for row in rows
            for found in (
                titles(row, depth + 1) if isinstance(row, list) else [(depth, str(row.title))]
            )
        ]

    found = titles(reader.outline)
    (strategic,) = snapshot["strategicObjectives"]
    codes = [strategic["code"], strategic["werven"][0]["code"]]
    codes.append(strategic["werven"][0]["objectives"][0]["code"])
    at = [depth for code in codes for depth, title in found if title.split(" ")[0] == code]
    assert at == [0, 1, 2]
