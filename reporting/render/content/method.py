"""How a report is made: rules, definitions, where its data comes from, and who stands for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ibzplan.core.localised import STATE_UNOFFICIAL, LocalisedText
from reporting.render import labels
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    NewPage,
    Paragraph,
    Run,
    Table,
    Terms,
    Words,
)
from reporting.render.content.definitions import definition_blocks
from reporting.render.content.quality import quality_section
from reporting.render.content.seal import seal_blocks
from reporting.render.wording import FactReader, plan_text, status_of
from reporting.snapshot.reading import objectives_of

Part = Mapping[str, Any]


def method_section(
    snapshot: Part, facts: FactReader, seal: Part | None, sha256: str
) -> list[Block]:
    """Return the annex on the method; `sha256` identifies the snapshot."""
    return [
        NewPage(),
        Heading(1, (Words(_("Method")),), "method"),
        rules_table(snapshot),
        *_notes(snapshot, facts),
        *definition_blocks(snapshot, facts),
        *quality_section(snapshot, facts),
        *seal_blocks(seal),
        *units_and_origin(snapshot, sha256),
    ]


def rules_table(snapshot: Part) -> Table:
    """Return each status with its rule, of the rule version that the report was made by."""
    return Table(
        title=_("Status"),
        columns=(Column(_("Status"), width_mm=30), Column("")),
        rows=tuple(
            (Cell(((status_of(status),),)), Cell(((Name(rule),),)))
            for status, rule in labels.status_rules(snapshot["ruleVersion"])
        ),
        anchor="method.rules",
    )


def units_and_origin(snapshot: Part, sha256: str) -> list[Block]:
    """Return the names of the units by their codes, and what identifies the report's data."""
    units = tuple(
        (code, (plan_text(unit["title"]),)) for code, unit in sorted(snapshot["units"].items())
    )
    return [
        Heading(2, (Words(_("Directorates")),), "method.units.title"),
        Terms(units, "method.units"),
        Heading(2, (Words(_("Origin of this report")),), "method.origin.title"),
        Terms(
            (
                (_("Rule version"), (Name(str(snapshot["ruleVersion"])),)),
                (_("Version of the report's data"), (Name(str(snapshot["schemaVersion"])),)),
                (_("SHA-256 of the report's data"), (Name(sha256),)),
            ),
            "method.origin",
        ),
    ]


def _notes(snapshot: Part, facts: FactReader) -> list[Block]:
    has_judgements = any(row["judgement"] for row in objectives_of(snapshot))
    unofficial = _has_unofficial_titles(snapshot["strategicObjectives"], snapshot["language"])
    fixed = labels.notes_of(snapshot)
    notes: dict[str, Run] = {
        **{name: (Name(text),) for name, text in fixed.items()},
        "judgement": (Words(labels.judgement_note()),) if has_judgements else (),
        "confidential": confidential_run(snapshot["summary"], facts),
        "unofficial": (Words(labels.unofficial_note()),) if unofficial else (),
    }
    return [Paragraph(run, f"method.{name}") for name, run in notes.items() if run]


def confidential_run(summary: Part, facts: FactReader) -> Run:
    """Return what the method says of confidential indicators; nothing when there are none."""
    if not facts.number(summary["confidential"]):
        return ()
    return labels.confidential_note(
        facts.figure(summary["confidential"]), facts.figure(summary["indicators"])
    )


def _has_unofficial_titles(strategic: Sequence[Part], language: str) -> bool:
    texts = [part["title"] for row in strategic for part in (row, *row["werven"])]
    return any(LocalisedText.from_json(t).state(language) == STATE_UNOFFICIAL for t in texts)
