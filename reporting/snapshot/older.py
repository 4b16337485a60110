"""Snapshots of earlier schema versions, as the present one would tell what they do not know."""

from collections.abc import Mapping
from typing import Any, Final

from objectives.indicators.choices import Aggregation

Part = Mapping[str, Any]

# From this version on only whole parts are missing, which their readers take for not told.
_WHOLE_SINCE: Final = 5
# What version 3 added to an objective, an indicator and a figure: nothing of the kind was told.
_OBJECTIVE: Final[Part] = {"judgement": None, "holder": None}
_INDICATOR: Final[Part] = {
    "forecast": None,
    "seriesBreaks": (),
    "definitionChanges": (),
    "numeratorDefinition": None,
    "denominatorDefinition": None,
    "limitations": None,
    "unitAggregation": Aggregation.NONE.value,
    "periodAggregation": Aggregation.NONE.value,
}
_SLOT: Final[Part] = {"locked": False}
_FIGURE: Final[Part] = {"returned": False, "breakdown": ()}


def in_full(snapshot: Part) -> Part:
    """Return a snapshot of version 2 or later with every key that a version 5 has but questions.

    What it did not tell is None, empty or false; its own bytes and hash stay what they are.
    """
    if snapshot["schemaVersion"] >= _WHOLE_SINCE:
        return snapshot
    return {
        **snapshot,
        "strategicObjectives": [
            {**row, "werven": [_werf(werf, snapshot) for werf in row["werven"]]}
            for row in snapshot["strategicObjectives"]
        ],
    }


def _werf(werf: Part, snapshot: Part) -> Part:
    return {**werf, "objectives": [_objective(row, snapshot) for row in werf["objectives"]]}


def _objective(row: Part, snapshot: Part) -> Part:
    full = {**_OBJECTIVE, **row, "indicators": [_indicator(one) for one in row["indicators"]]}
    # Before version 4 a holder was typed text in one language.
    if isinstance(full["holder"], str):
        full["holder"] = {snapshot["language"]: full["holder"]} if full["holder"] else None
    return full


def _indicator(row: Part) -> Part:
    latest = row["latest"]
    return {
        **_INDICATOR,
        **row,
        "latest": _slot(latest) if latest else None,
        "slots": [_slot(slot) for slot in row["slots"]],
    }


def _slot(slot: Part) -> Part:
    return {**_SLOT, **(_FIGURE if "fact" in slot else {}), **slot}
