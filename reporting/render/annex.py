"""The part of the method annex that tells how indicators are defined, and what changed in that."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from objectives.indicators.choices import Aggregation
from reporting.render import labels
from reporting.render.wording import NONE, FactReader, day, plain, words

Part = Mapping[str, Any]


def objectives_of(snapshot: Part) -> list[Part]:
    """Return the operational objectives of a snapshot, in the order of the plan."""
    return [
        row
        for strategic in snapshot["strategicObjectives"]
        for werf in strategic["werven"]
        for row in werf["objectives"]
    ]


def indicator_notes(snapshot: Part, facts: FactReader) -> dict[str, list[dict[str, Any]]]:
    """Return `indicators` (what a figure is made of and cannot say) and `changes` (new versions).

    An indicator that serves several objectives stands there once, at the first of them.
    """
    once: dict[str, Part] = {}
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            once.setdefault(row["id"], row)
    noted = [(row, _notes(row)) for row in once.values()]
    return {
        "indicators": [
            {"code": row["shortCode"], "title": words(row["title"]), "notes": notes}
            for row, notes in noted
            if notes
        ],
        "changes": [
            {
                "code": row["shortCode"],
                "title": words(row["title"]),
                "versions": [_version(version, facts) for version in row["definitionChanges"]],
            }
            for row in once.values()
            if row["definitionChanges"]
        ],
    }


def _notes(row: Part) -> list[dict[str, Any]]:
    """Return what the definition states; how figures add up only where they may be added up."""
    stated = [
        {"label": labels.definition_field(name), "value": words(row[name])}
        for name in ("numeratorDefinition", "denominatorDefinition", "limitations")
        if row[name]
    ]
    adds_up = row["unitAggregation"] != Aggregation.NONE
    if not stated and not adds_up:
        return []
    together = labels.aggregation_note(row["periodAggregation"], row["unitAggregation"])
    return [*stated, {"label": "", "value": {"text": together, "lang": ""}}]


def _version(version: Part, facts: FactReader) -> dict[str, Any]:
    """Return a version with what changed and why."""
    return {
        "heading": labels.change_heading(
            version["number"], day(version["validFrom"]) if version["validFrom"] else ""
        ),
        "reason": version["reason"],
        "break": labels.break_note() if version["isSeriesBreak"] else "",
        "fields": [
            {
                "label": labels.definition_field(row["field"]),
                "change": _change(row, facts),
            }
            for row in version["fields"]
        ],
    }


def _change(row: Part, facts: FactReader) -> str:
    """Return 'old → new'; what is too long to repeat, such as a list of levels, just changed."""
    before, after = (_said(row["field"], row[side], facts) for side in ("before", "after"))
    if before == after == NONE:
        return _("changed")
    return f"{before} \N{RIGHTWARDS ARROW} {after}"


def _said(field: str, value: Part | None, facts: FactReader) -> str:
    if not value:
        return NONE
    if "text" in value:
        return plain(value["text"]) or NONE
    if "on" in value:
        return day(value["on"])
    if "fact" in value:
        return facts.text(value["fact"])
    return labels.definition_choice(field, value["code"])
