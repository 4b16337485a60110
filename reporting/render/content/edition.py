"""What a new edition of a report corrects: everything that differs from the one before."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reporting.render.blocks import Block, Heading, Items, Paragraph, Words
from reporting.render.content.changes import change_blocks, restated_blocks
from reporting.render.content.cover import corrects_run
from reporting.render.content.difference_texts import other_run
from reporting.render.content.security_changes import security_change_blocks
from reporting.render.wording import FactReader, as_typed, labelled_run

Part = Mapping[str, Any]


def edition_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return what this edition corrects and why; nothing for a first edition."""
    edition = snapshot.get("edition")
    if not edition or not edition["corrects"]:
        return []
    return [
        Heading(1, (Words(_("Corrections of this edition")),), "edition"),
        Paragraph(corrects_run(edition), "edition.corrects"),
        Paragraph(labelled_run(Words(_("Reason")), as_typed(edition["reason"])), "edition.reason"),
        *_differences(edition, snapshot, facts),
    ]


def _differences(edition: Part, snapshot: Part, facts: FactReader) -> Iterator[Block]:
    """Give what differs by objective, the figures that were corrected, and the other parts."""
    if edition["changes"] is None:
        return
    security = edition.get("securityChanges")
    told = [edition["changes"], edition["restated"], edition["others"], *(security or {}).values()]
    if not any(told):
        same = Words(_("No figure and no text differs from the edition that it replaces."))
        yield Paragraph((same,), "edition.none")
    yield from change_blocks(edition["changes"], snapshot, facts, "edition")
    yield from security_change_blocks(security, facts, "edition.security")
    if edition["restated"]:
        yield Heading(2, (Words(_("Restated figures")),), "edition.restated")
        yield from restated_blocks(edition["restated"], facts, "edition.restated")
    if edition["others"]:
        yield Heading(2, (Words(_("Other parts of the report")),), "edition.others")
        yield Items(tuple(other_run(row) for row in edition["others"]), "edition.others.list")
