"""Reading back what a report says: the text of its PDF, the parts of its snapshot."""

import io
from typing import Any

from pypdf import PdfReader


def pdf_text(content: bytes) -> str:
    """Return the text of every page, white space made single."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def pdf_root(content: bytes) -> Any:
    """Return the document's catalogue: language, tags, metadata."""
    return PdfReader(io.BytesIO(content)).root_object


def indicators_of(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        indicator
        for strategic in snapshot["strategicObjectives"]
        for werf in strategic["werven"]
        for objective in werf["objectives"]
        for indicator in objective["indicators"]
    ]


def as_of_version(snapshot: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a snapshot without what later versions added to it."""
    parts = {"edition", "since", "changes", "restated", "decisions", "amendments", "alignment"}
    parts |= {"means", "quality"} | ({"questions"} if version < 5 else set())
    keys = {"narratives", "risks", "activities", "means", "securityLinks", "dataSource"}
    keys |= {"validatedOn", "recordedByUnit"}
    keys |= {"targets", "usedSince", "earlierSlots", "continues", "takenAway", "withheld"}
    if version < 3:
        keys |= {"judgement", "locked", "returned", "breakdown", "forecast", "seriesBreaks"}
        keys |= {"definitionChanges", "definitionVersion", "unitAggregation", "periodAggregation"}
        keys |= {"numeratorDefinition", "denominatorDefinition", "limitations"}
    whole = {name: part for name, part in snapshot.items() if name not in parts}
    old: dict[str, Any] = _without(whole, keys)
    if version < 4:
        for row in old["strategicObjectives"][0]["werven"][0]["objectives"]:
            row["holder"] = "Dienst in één taal"
    return {**old, "schemaVersion": version}


def _without(part: Any, keys: set[str]) -> Any:
    if isinstance(part, dict):
        return {name: _without(item, keys) for name, item in part.items() if name not in keys}
    return [_without(item, keys) for item in part] if isinstance(part, list) else part
