"""What a progress report says, section by section, as a document that every format is made from."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from objectives.indicators.templatetags.status import labelled
from reporting.render.blocks import Block, Document, Labels
from reporting.render.content.alignment import alignment_section
from reporting.render.content.amendments import amendments_section
from reporting.render.content.changes import changes_section, restated_section
from reporting.render.content.cover import (
    cover_page,
    marks_of,
    running_title,
    title_of,
)
from reporting.render.content.data import data_section
from reporting.render.content.decisions import decisions_section
from reporting.render.content.edition import edition_section
from reporting.render.content.late import late_section
from reporting.render.content.means import means_section
from reporting.render.content.method import method_section
from reporting.render.content.questions import questions_section
from reporting.render.content.security import security_blocks
from reporting.render.content.strategic import strategic_section
from reporting.render.content.summary import summary_section
from reporting.render.pictures import status_marks
from reporting.render.wording import FactReader, plain
from reporting.snapshot.canonical import canonical_json, sha256_of
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import SECURITY_REPORT

Part = Mapping[str, Any]


def document(snapshot: Part, seal: Part | None = None, *, sha256: str = "") -> Document:
    """Return the whole report in the active language; without a seal it is a draft, and says so.

    Every figure is bound to its fact by `FactReader`: nothing here computes one. `sha256` is the
    hash of the snapshot, for who has it already.
    """
    sha256 = sha256 or sha256_of(canonical_json(snapshot))
    snapshot = in_full(snapshot)
    facts = FactReader(snapshot["facts"])
    return Document(
        language=snapshot["language"],
        title=title_of(snapshot),
        subject=plain(snapshot["minister"]["title"]),
        running=running_title(snapshot),
        marks=marks_of(snapshot, seal),
        labels=_labels(),
        status_marks=status_marks(),
        cover=cover_page(snapshot, facts),
        blocks=tuple(_blocks(snapshot, facts, seal, sha256)),
    )


def _blocks(snapshot: Part, facts: FactReader, seal: Part | None, sha256: str) -> Iterator[Block]:
    """Give the sections in the order in which they are read."""
    if snapshot["schema"] == SECURITY_REPORT:
        yield from security_blocks(snapshot, facts, seal, sha256)
        return
    yield from summary_section(snapshot, facts)
    yield from decisions_section(snapshot, facts)
    yield from changes_section(snapshot, facts)
    yield from restated_section(snapshot, facts)
    yield from edition_section(snapshot, facts)
    yield from strategic_section(snapshot, facts)
    yield from amendments_section(snapshot, facts)
    yield from means_section(snapshot, facts)
    yield from alignment_section(snapshot, facts)
    yield from questions_section(snapshot, facts)
    yield from late_section(snapshot, facts)
    yield from method_section(snapshot, facts, seal, sha256)
    yield from data_section(snapshot, facts)


def _labels() -> Labels:
    return Labels(
        contents=_("Contents"),
        page=_("Page"),
        of=_("of"),
        # What stands between a label and its value, where a format sets them apart.
        colon=labelled("", ""),
        judgement=_("Judgement of the head"),
    )
