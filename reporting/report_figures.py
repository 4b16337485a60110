"""The figures of a report on its page: where each of them stands, and how it is called there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from reporting.models import ProgressReport
from reporting.render.blocks import (
    Block,
    Figure,
    Heading,
    Items,
    NewPage,
    Paragraph,
    Pictures,
    Run,
    Table,
    Terms,
    plain_text,
)
from reporting.render.wording import DOT
from reporting.report_document import made_of, report_document

# How many words before a figure tell which one of a sentence it is.
_WORDS_BEFORE: Final = 4
_LABEL_CHARACTERS: Final = 120
# How much of the name of a row tells which one it is.
_ROW_CHARACTERS: Final = 48
_KEPT_AT_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure where the report shows it first: the anchor of that block, and what it is there."""

    anchor: str
    label: str


def figures_in(block: Block) -> dict[str, str]:
    """Return the figures of a block in their order, each once: fact -> how it is called there."""
    found: dict[str, str] = {}
    for about, run in _runs(block):
        for place, part in enumerate(run):
            if isinstance(part, Figure) and part.fact not in found:
                found[part.fact] = _label(_said(about, run[:place]), part.text)
    return found


def figures_placed(report: ProgressReport) -> Mapping[str, PlacedFigure]:
    """Return every figure of a report, each where it stands first: fact -> place."""
    return _placed(report.snapshot, report.seal, report.language)


@lru_cache(maxsize=_KEPT_AT_MOST)
def _placed(snapshot: str, seal: str, language: str) -> Mapping[str, PlacedFigure]:
    made = made_of(snapshot, seal, language)
    found: dict[str, PlacedFigure] = {}
    for block in (made.cover.facts, *made.blocks):
        if not isinstance(block, NewPage):
            for fact, label in figures_in(block).items():
                found.setdefault(fact, PlacedFigure(block.anchor, label))
    return found


def figure_labels(report: ProgressReport, anchors: Mapping[str, str]) -> dict[str, str]:
    """Return what of a report can be remarked on beside its paragraphs: fact -> label.

    `anchors` are the labels of its paragraphs, tables and pictures.
    """
    return {
        fact: _("%(place)s, figure %(figure)s")
        % {"place": anchors.get(one.anchor, one.anchor), "figure": one.label}
        for fact, one in figures_placed(report).items()
    }


def blocks_by_anchor(report: ProgressReport) -> dict[str, Block]:
    """Return the paragraphs, tables and pictures of a report by their anchor."""
    made = report_document(report)
    blocks = (made.cover.facts, *made.blocks)
    return {block.anchor: block for block in blocks if not isinstance(block, NewPage)}


def _runs(block: Block) -> Iterator[tuple[str, Run]]:
    """Give every run of a block with what it is about, '' where the sentence itself says so."""
    match block:
        case Heading() | Paragraph():
            yield "", block.run
        case Items():
            yield from (("", run) for run in block.items)
        case Terms():
            yield from block.rows
        case Pictures():
            yield from (("", picture.title) for picture in block.pictures)
        case Table():
            yield from _cells(block)
        case NewPage():
            return


def _cells(table: Table) -> Iterator[tuple[str, Run]]:
    """Give the lines of each cell with the name of its row and the head of its column."""
    for row in table.rows:
        named = _short(plain_text(row[0].lines[0])) if row and row[0].lines else ""
        for column, cell in zip(table.columns, row, strict=True):
            about = ", ".join(filter(None, (named, column.head)))
            yield from ((about, line) for line in cell.lines)


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(_ROW_CHARACTERS)


def _said(about: str, before: Run) -> str:
    """Return what a figure is about; of several in a line also the words just before it."""
    if not about:
        return _before(before)
    return f"{about} {plain_text(before).rpartition(DOT.strip())[2]}"


def _before(run: Run) -> str:
    """Return the words that lead to a figure in a sentence."""
    words = plain_text(run).split()
    return " ".join(["…", *words[-_WORDS_BEFORE:]] if len(words) > _WORDS_BEFORE else words)


def _label(about: str, text: str) -> str:
    said = " ".join(f"{about} {text}".split())
    return said if len(said) <= _LABEL_CHARACTERS else _shortened(about, text)


def _shortened(about: str, text: str) -> str:
    """Return a long label: the beginning of what it is about, then the figure."""
    figure = Truncator(" ".join(text.split())).chars(_LABEL_CHARACTERS // 2)
    room = _LABEL_CHARACTERS - len(figure) - 1
    return f"{Truncator(' '.join(about.split())).chars(room)} {figure}".strip()
