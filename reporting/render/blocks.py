"""The document model of a report: what every format is rendered from.

A document is made once from a snapshot, in words, in the report's language. The renderers (PDF,
DOCX, HTML) know these classes only, so that a figure stands in the same place in each of them.

Text is a run of inlines, and each says where its digits come from: `Figure` is bound to a fact of
the snapshot, `Name` is a code, date, period, version, fixed rule or approved text of the plan,
`Typed` was typed by someone for the report, `Words` (the interface's own) hold no digit. Anchors
name a paragraph, table or picture for remarks and comparisons: each once in a document, stable for
the same thing in another report, at most 120 characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Style = Literal["", "strong", "muted", "emphasis", "chip", "small"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """Text of the interface; `lang` when it is not the report's."""

    text: str
    lang: str = ""
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A code, date, period, version, hash or rule, a title or text of the plan or of a definition:
    its digits are no figure. `lang` when it is not the report's.
    """

    text: str
    style: Style = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: the fact of the snapshot that it is, as it is shown."""

    fact: str
    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone typed, in whatever language; line breaks stay."""

    text: str
    lang: str = ""
    style: Style = ""


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A status: its mark, then its word. `is_judgement`: of the head, beside the computed one."""

    status: str
    text: str
    is_judgement: bool = False


Inline = Words | Name | Figure | Typed | StatusWord
Run = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; levels 1 and 2 stand in the contents."""

    level: Literal[1, 2, 3, 4]
    run: Run
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `quote` is indented, as an answer below a question."""

    run: Run
    anchor: str
    look: Literal["", "lead", "small", "quote"] = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Run, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG with the sentence that says the same; `width_mm` as wide as it is shown."""

    svg: str
    said: Run
    width_mm: float
    title: Run = ()

    @property
    def alt(self) -> str:
        """Return the sentence as it is read to whoever does not see the picture."""
        return plain_text(self.said)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures in columns."""

    pictures: tuple[Picture, ...]
    anchor: str
    columns: Literal[1, 2] = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: lines below each other, then a picture if there is one."""

    lines: tuple[Run, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; without a width it takes what the others leave."""

    head: str
    width_mm: float | None = None
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page; `title` is its caption for screen readers."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Labels with what they say."""

    rows: tuple[tuple[str, Run], ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page, where there are pages."""


Block = Heading | Paragraph | Items | Pictures | Table | Terms | NewPage


@dataclass(frozen=True, slots=True)
class CoverPerson:
    """An office with who holds it; `name` '' when the source names nobody."""

    label: str
    office: str
    name: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    plan: Words
    people: tuple[CoverPerson, ...]
    facts: Terms


@dataclass(frozen=True, slots=True)
class Labels:
    """Fixed words that the renderers put themselves."""

    contents: str
    page: str
    of: str
    colon: str
    judgement: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language; `marks` stand on every page (draft, fictional figures)."""

    language: str
    title: str
    subject: str
    running: str
    marks: tuple[str, ...]
    labels: Labels
    status_marks: dict[str, str]
    cover: Cover
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A run with where it stands: the anchor of its block and the place in it, such as r3.c2.l0."""

    anchor: str
    place: str
    run: Run


def runs_of(document: Document) -> Iterator[Placed]:
    """Give every run of a document with its place, in the order in which it is read.

    The sentences of pictures too: those who hear the report read them.
    """
    yield from _runs(document.cover.facts)
    for block in document.blocks:
        yield from _runs(block)


def _runs(block: Block) -> Iterator[Placed]:
    match block:
        case Heading() | Paragraph():
            yield Placed(block.anchor, "", block.run)
        case Items():
            yield from _numbered(block.anchor, "i", block.items)
        case Pictures():
            for number, picture in enumerate(block.pictures):
                yield Placed(block.anchor, f"p{number}", picture.title)
                yield Placed(block.anchor, f"p{number}.alt", picture.said)
        case Terms():
            yield from _numbered(block.anchor, "t", [run for _label, run in block.rows])
        case Table():
            for row, cells in enumerate(block.rows):
                for column, cell in enumerate(cells):
                    yield from _numbered(block.anchor, f"r{row}.c{column}.l", cell.lines)
                    if cell.picture is not None:
                        yield Placed(block.anchor, f"r{row}.c{column}.alt", cell.picture.said)
        case NewPage():
            return


def _numbered(anchor: str, prefix: str, runs: Sequence[Run]) -> Iterator[Placed]:
    for number, run in enumerate(runs):
        yield Placed(anchor, f"{prefix}{number}", run)


def plain_text(run: Run) -> str:
    """Return the text of a run as it is read."""
    return "".join(part.text for part in run)
