"""The body of a report as DOCX: cover, contents and blocks in the order in which they are read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    CoverPerson,
    Document,
    Heading,
    Inline,
    Items,
    Name,
    NewPage,
    Paragraph,
    Picture,
    Pictures,
    Run,
    StatusWord,
    Table,
    Terms,
    Typed,
    Words,
    plain_text,
    runs_of,
)
from reporting.render.raster import Drawing
from reporting.render.wordml import (
    FIELD_END,
    LINE_BREAK,
    PAGE_BREAK,
    TAB,
    bookmark_name,
    drawing_run,
    field,
    field_start,
    marked_run,
    paragraph,
    row_markup,
    table_markup,
)

TEXT_WIDTH_MM: Final = 174
# As high as the letters beside it.
_MARK_WIDTH_MM: Final = 3.2
_CONTENTS_DEPTH: Final = 2

_CHARACTER_STYLES: Final[Mapping[str, str]] = {
    "strong": "Strong",
    "emphasis": "Emphasis",
    "muted": "Muted",
    "small": "Small",
    "chip": "Chip",
}
_PARAGRAPH_STYLES: Final[Mapping[str, str]] = {
    "": "BodyText",
    "lead": "Lead",
    "small": "SmallText",
    "quote": "Quote",
}


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture of the file: the relation to its part and its height on the page."""

    relation: str
    height_mm: float


def drawings_of(document: Document) -> list[Drawing]:
    """Return every picture of a document once, with the marks of the statuses that it names."""
    marks = (
        _mark(document, part.status)
        for placed in runs_of(document)
        for part in placed.run
        if isinstance(part, StatusWord)
    )
    pictures = (
        Drawing(picture.svg, picture.width_mm)
        for block in document.blocks
        for picture in _pictures_of(block)
    )
    return list(dict.fromkeys([*marks, *pictures]))


def _mark(document: Document, status: str) -> Drawing:
    return Drawing(document.status_marks[status], _MARK_WIDTH_MM)


def _pictures_of(block: Block) -> Iterator[Picture]:
    match block:
        case Pictures():
            yield from block.pictures
        case Table():
            yield from (cell.picture for row in block.rows for cell in row if cell.picture)


class Body:
    """Writes the body of one file; counts what must have a number of its own in it."""

    def __init__(self, document: Document, placements: Mapping[Drawing, Placement]) -> None:
        """Write this document, whose pictures stand in these parts of the file."""
        self._document = document
        self._language = document.language
        self._placements = placements
        self._drawing_ids = count(1)
        self._bookmark_ids = count(1)

    def markup(self) -> str:
        """Return cover, contents and blocks."""
        return "".join([self._cover(), self._contents(), *self._blocks(self._document.blocks)])

    # Text -----------------------------------------------------------------------------------------

    def _words(self, text: str, style: str = "") -> str:
        return marked_run(text, self._language, style)

    def _run(self, run: Run) -> str:
        return "".join(map(self._inline, run))

    def _inline(self, part: Inline) -> str:
        if isinstance(part, StatusWord):
            return self._status(part)
        language = part.lang if isinstance(part, Words | Name | Typed) else ""
        return marked_run(
            part.text, language or self._language, _CHARACTER_STYLES.get(part.style, "")
        )

    def _status(self, part: StatusWord) -> str:
        """Return the mark and the word; a judgement says so before them, in a frame."""
        labels = self._document.labels
        style = "Judgement" if part.is_judgement else ""
        before = self._words(labels.judgement + labels.colon, style) if part.is_judgement else ""
        mark = self._drawing(_mark(self._document, part.status), None, style)
        return before + mark + self._words(f"\N{NO-BREAK SPACE}{part.text}", style)

    def _drawing(self, drawing: Drawing, alt: str | None, style: str = "") -> str:
        placement, number = self._placements[drawing], next(self._drawing_ids)
        size = (drawing.width_mm, placement.height_mm)
        return drawing_run(placement.relation, size, number, alt, style)

    def _picture(self, picture: Picture) -> str:
        return self._drawing(Drawing(picture.svg, picture.width_mm), picture.alt)

    # Cover and contents ---------------------------------------------------------------------------

    def _cover(self) -> str:
        document = self._document
        cover = document.cover
        plan = marked_run(cover.plan.text, cover.plan.lang or self._language)
        return "".join(
            [
                paragraph("CoverPlan", plan),
                paragraph("Title", self._words(document.title)),
                paragraph("Subtitle", self._words(document.subject)),
                *map(self._person, cover.people),
                self._bookmarked(cover.facts.anchor, self._terms(cover.facts)),
            ]
        )

    def _person(self, person: CoverPerson) -> str:
        lines = [self._words(person.label, "Small")]
        if person.name:
            lines.append(self._words(person.name, "Strong"))
        if person.office:
            lines.append(self._words(person.office))
        return paragraph("BodyText", LINE_BREAK.join(lines), "<w:keepLines/>")

    def _contents(self) -> str:
        """Return the contents: the word processor puts the pages, the entries stand there."""
        headings = [
            block
            for block in self._document.blocks
            if isinstance(block, Heading) and block.level <= _CONTENTS_DEPTH
        ]
        if not headings:
            return ""
        instruction = f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u'
        first, *others = map(self._entry, headings)
        start = field_start(instruction, is_dirty=True)
        heading = self._words(self._document.labels.contents)
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
            + paragraph("TOCHeading", heading, "<w:pageBreakBefore/>")
            + first.replace("</w:pPr>", f"</w:pPr>{start}", 1)
            + "".join(others)
            + paragraph("BodyText", FIELD_END)
            + "</w:sdtContent></w:sdt>"
        )

    def _entry(self, heading: Heading) -> str:
        name = bookmark_name(heading.anchor)
        title = self._words(plain_text(heading.run))
        page = field(f"PAGEREF {name} \\h")
        link = f'<w:hyperlink w:anchor="{name}" w:history="1">{title}{TAB}{page}</w:hyperlink>'
        return paragraph(f"TOC{heading.level}", link)

    # Blocks ---------------------------------------------------------------------------------------

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield the blocks; one after a new page begins on it."""
        is_on_new_page = False
        for block in blocks:
            if isinstance(block, NewPage):
                is_on_new_page = True
                continue
            written = self._block(block)
            if is_on_new_page:
                written = _on_new_page(block, written)
            yield written
            is_on_new_page = False

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                content = self._bookmarked(block.anchor, self._run(block.run))
                return paragraph(f"Heading{block.level}", content)
            case Paragraph():
                written = paragraph(_PARAGRAPH_STYLES[block.look], self._run(block.run))
            case Items():
                written = "".join(paragraph("ListBullet", self._run(one)) for one in block.items)
            case Terms():
                written = self._terms(block)
            case Table():
                written = self._table(block)
            case Pictures():
                written = self._pictures(block)
            case NewPage():
                return ""
        return self._bookmarked(block.anchor, written)

    def _bookmarked(self, anchor: str, content: str) -> str:
        number, name = next(self._bookmark_ids), bookmark_name(anchor)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def _terms(self, terms: Terms) -> str:
        return "".join(
            paragraph("Terms", f"{self._words(label, 'Muted')}{TAB}{self._run(run)}")
            for label, run in terms.rows
        )

    # Pictures -------------------------------------------------------------------------------------

    def _pictures(self, block: Pictures) -> str:
        """Return pictures below each other, or two by two below their titles as column heads."""
        pictures = block.pictures
        if block.columns == 1 or not all(picture.title for picture in pictures):
            return "".join(map(self._captioned, pictures))
        even = len(pictures) - len(pictures) % 2
        pairs = (pictures[at : at + 2] for at in range(0, even, 2))
        return "".join([*map(self._pair, pairs), *map(self._captioned, pictures[even:])])

    def _captioned(self, picture: Picture) -> str:
        caption = (
            paragraph("Caption", self._run(picture.title), "<w:keepNext/>") if picture.title else ""
        )
        return caption + paragraph("Drawing", self._picture(picture))

    def _pair(self, pictures: Sequence[Picture]) -> str:
        heads = [paragraph("Caption", self._run(one.title), "<w:keepNext/>") for one in pictures]
        drawn = [paragraph("Drawing", self._picture(one)) for one in pictures]
        title = " \N{MIDDLE DOT} ".join(plain_text(one.title) for one in pictures)
        widths = [TEXT_WIDTH_MM / 2] * 2
        return table_markup(
            "PicturePair",
            title,
            widths,
            [row_markup(widths, heads, is_head=True), row_markup(widths, drawn)],
        )

    # Tables ---------------------------------------------------------------------------------------

    def _table(self, table: Table) -> str:
        widths = _widths(table.columns)
        aligned = ['<w:jc w:val="right"/>' if one.align == "right" else "" for one in table.columns]
        heads = [
            paragraph("TableHead", self._words(column.head), jc)
            for column, jc in zip(table.columns, aligned, strict=True)
        ]
        rows = [
            row_markup(
                widths, [self._cell(cell, jc) for cell, jc in zip(row, aligned, strict=True)]
            )
            for row in table.rows
        ]
        return table_markup(
            "ReportTable", table.title, widths, [row_markup(widths, heads, is_head=True), *rows]
        )

    def _cell(self, cell: Cell, properties: str) -> str:
        lines = [self._run(line) for line in cell.lines]
        if cell.picture:
            lines.append(self._picture(cell.picture))
        return "".join(paragraph("TableText", line, properties) for line in lines or [""])


def _on_new_page(block: Block, written: str) -> str:
    """Return a block that begins on a new page, without an empty paragraph where it can be."""
    if isinstance(block, Table | Pictures):
        return PAGE_BREAK + written
    return re.sub(r'(<w:pStyle w:val="\w+"/>)', r"\1<w:pageBreakBefore/>", written, count=1)


def _widths(columns: Sequence[Column]) -> list[float]:
    """Return the width of each column: those without one share what the others leave."""
    left = TEXT_WIDTH_MM - sum(column.width_mm or 0 for column in columns)
    open_columns = sum(column.width_mm is None for column in columns)
    return [column.width_mm or max(left / open_columns, 1) for column in columns]
