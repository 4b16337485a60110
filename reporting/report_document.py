"""A report as a document inside the product: its paragraphs, and how each of them is called."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting.models import ProgressReport
from reporting.render.blocks import (
    Block,
    Document,
    Heading,
    NewPage,
    Pictures,
    Table,
    Terms,
    plain_text,
)
from reporting.render.content import document

# The last ones that were read: a remark asks for the document that its page just showed.
_KEPT_AT_MOST: Final = 4
_LABEL_WORDS: Final = 8
# In the anchors of what has an id of its own, such as an objective.
_NAMED: Final = ":"


def report_document(report: ProgressReport) -> Document:
    """Return the report in its own language, from its snapshot and seal alone."""
    return made_of(report.snapshot, report.seal, report.language)


@lru_cache(maxsize=_KEPT_AT_MOST)
def made_of(snapshot: str, seal: str, language: str) -> Document:
    """Return the document of a snapshot and a seal, the latter '' for a draft."""
    with translation.override(language):
        return document(json.loads(snapshot), json.loads(seal) if seal else None)


def anchor_labels(made: Document) -> Mapping[str, str]:
    """Return what can be remarked on: anchor -> how it is called, in the order of the report."""
    labels: dict[str, str] = {made.cover.facts.anchor: _("Cover")}
    heading = ""
    things: dict[str, str] = {}
    for block in made.blocks:
        if isinstance(block, NewPage):
            continue
        thing = block.anchor.partition(".")[0]
        if isinstance(block, Heading):
            heading = _shortened(plain_text(block.run))
            things.setdefault(thing, heading)
            labels[block.anchor] = heading
        else:
            # What belongs to an objective is named by it, not by the small heading that it follows.
            below = things.get(thing, heading) if _NAMED in thing else heading
            called = _called(block)
            told = _("%(label)s: %(value)s") % {"label": below, "value": called}
            labels[block.anchor] = told if below else called
    return labels


def _called(block: Block) -> str:
    """Return what kind of block it is, or how a paragraph begins."""
    match block:
        case Table():
            return _("table “%(title)s”") % {"title": block.title}
        case Pictures():
            return _("charts")
        case Terms():
            return _("list of facts")
        case Heading() | NewPage():
            return ""
        case _:
            runs = block.items if hasattr(block, "items") else (block.run,)
            return _("“%(text)s”") % {"text": _shortened(plain_text(runs[0]) if runs else "")}


def _shortened(text: str) -> str:
    return Truncator(" ".join(text.split())).words(_LABEL_WORDS)
