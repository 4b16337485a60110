"""How a report on the NVP is made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ibzplan.core.localised import STATE_UNOFFICIAL, LocalisedText
from reporting.render import labels
from reporting.render.blocks import Block, Heading, Name, NewPage, Paragraph, Run, Words
from reporting.render.content.definitions import definition_blocks
from reporting.render.content.method import confidential_run, rules_table, units_and_origin
from reporting.render.content.quality import quality_section
from reporting.render.content.seal import seal_blocks
from reporting.render.wording import FactReader
from reporting.snapshot.reading import objectives_of

Part = Mapping[str, Any]


def security_method_section(
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


def _notes(snapshot: Part, facts: FactReader) -> list[Block]:
    has_judgements = any(row["judgement"] for row in objectives_of(snapshot))
    notes: dict[str, Run] = {
        **{name: (Name(text),) for name, text in labels.notes_of(snapshot).items()},
        "judgement": (Words(labels.judgement_note()),) if has_judgements else (),
        "confidential": confidential_run(snapshot["summary"], facts),
        "unofficial": (Words(labels.unofficial_note()),) if _has_unofficial(snapshot) else (),
    }
    return [Paragraph(run, f"method.{name}") for name, run in notes.items() if run]


def _has_unofficial(snapshot: Part) -> bool:
    rows = (*snapshot["themes"], *snapshot["securityObjectives"])
    titles = (LocalisedText.from_json(row["title"]) for row in rows)
    return any(title.state(snapshot["language"]) == STATE_UNOFFICIAL for title in titles)
