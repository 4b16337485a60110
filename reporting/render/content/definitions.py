"""The part of the method that tells how indicators are defined, and what changed in that."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from objectives.indicators.choices import Aggregation
from reporting.render import labels
from reporting.render.blocks import (
    Block,
    Heading,
    Inline,
    Items,
    Name,
    Paragraph,
    Run,
    Words,
)
from reporting.render.sentences import joined
from reporting.render.wording import (
    NONE,
    FactReader,
    as_typed,
    coded,
    dated,
    day,
    labelled_run,
    plan_text,
)
from reporting.snapshot.reading import indicators_of

Part = Mapping[str, Any]


def definition_blocks(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return new versions of definitions, then what a figure is made of and cannot say.

    An indicator that serves several objectives stands there once, at the first of them.
    """
    indicators = indicators_of(snapshot)
    changes = [block for row in indicators for block in _changes(row, facts)]
    notes = [block for row in indicators for block in _notes(row)]
    return [
        *_headed(_("Definitions that changed"), "method.changes", changes),
        *_headed(_("Notes on the indicators"), "method.indicators", notes),
    ]


def _headed(title: str, anchor: str, blocks: list[Block]) -> list[Block]:
    return [Heading(2, (Words(title),), anchor), *blocks] if blocks else []


def _notes(row: Part) -> list[Block]:
    """Return what the definition states; how figures add up only where they may be added up."""
    stated: list[Run] = [
        labelled_run(Words(labels.definition_field(name)), plan_text(row[name]))
        for name in ("numeratorDefinition", "denominatorDefinition", "limitations")
        if row[name]
    ]
    if not stated and row["unitAggregation"] == Aggregation.NONE:
        return []
    together = labels.aggregation_note(row["periodAggregation"], row["unitAggregation"])
    anchor = f"method.indicator:{row['id']}"
    return [
        Paragraph(coded(row, "shortCode"), anchor),
        Items((*stated, (Words(together),)), f"{anchor}.notes"),
    ]


def _changes(row: Part, facts: FactReader) -> list[Block]:
    if not row["definitionChanges"]:
        return []
    anchor = f"method.changed:{row['id']}"
    blocks: list[Block] = [Paragraph(coded(row, "shortCode"), anchor)]
    for version in row["definitionChanges"]:
        blocks += _version(version, f"{anchor}.{version['number']}", facts)
    return blocks


def _version(version: Part, anchor: str, facts: FactReader) -> list[Block]:
    """Return a version with what changed and why."""
    valid_from = day(version["validFrom"]) if version["validFrom"] else ""
    heading = Name(labels.change_heading(version["number"], valid_from), style="strong")
    run = labelled_run(heading, as_typed(version["reason"]))
    fields = tuple(
        labelled_run(Words(labels.definition_field(field["field"])), _change(field, facts))
        for field in version["fields"]
    )
    if version["isSeriesBreak"]:
        run = joined(run, Words(labels.break_note(), style="emphasis"))
    blocks: list[Block] = [Paragraph(run, anchor)]
    return [*blocks, Items(fields, f"{anchor}.fields")] if fields else blocks


def _change(row: Part, facts: FactReader) -> Run:
    """Return 'old → new'; what is too long to repeat, such as a list of levels, just changed."""
    before, after = (_said(row["field"], row[side], facts) for side in ("before", "after"))
    if before.text == after.text == NONE:
        return (Words(_("changed")),)
    return (before, Words(" \N{RIGHTWARDS ARROW} "), after)


def _said(field: str, value: Part | None, facts: FactReader) -> Inline:
    if not value:
        return Name(NONE)
    if "text" in value:
        text = plan_text(value["text"])
        return text if text.text else Name(NONE)
    if "on" in value:
        return dated(value["on"])
    if "fact" in value:
        return facts.figure(value["fact"])
    return Words(labels.definition_choice(field, value["code"]))
