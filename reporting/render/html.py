"""HTML of a report: one self-contained page, and its blocks for the product's own pages.

Class names are those of the product's stylesheet, which the page carries in a version of its own
(templates/report.css). No script, nothing from elsewhere, and no style attribute, so that a block
also passes the product's Content-Security-Policy.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Cover,
    Document,
    Figure,
    Heading,
    Inline,
    Items,
    NewPage,
    Paragraph,
    Picture,
    Pictures,
    Run,
    StatusWord,
    Table,
    Terms,
    Typed,
    plain_text,
)
from reporting.render.languages import language_tag

_STYLE: Final = Path(__file__).resolve().parent / "templates" / "report.css"
_FONT: Final = "ibzplan/fonts/source-sans-3.woff2"
_CONTENTS_DEPTH: Final = 2
# The title of the report is the only heading above its own headings.
_LEVELS_ABOVE: Final = 1
_ELEMENTS: Final = {"strong": "strong", "emphasis": "em"}
_CLASSES: Final = {"muted": "muted", "small": "smaller muted", "chip": "unit"}
_LOOKS: Final = {"": "", "lead": "report-lead", "small": "smaller muted"}


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """A block of a report as HTML; its element has the anchor as its id."""

    anchor: str
    html: SafeString
    begins_page: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the contents with the lines below it."""

    anchor: str
    run: SafeString
    entries: list["_Entry"]


def render_html(document: Document) -> str:
    """Return a report as one page with its style, font and pictures in it; the same every time."""
    with translation.override(document.language):
        return render_to_string(
            "reporting/report_file.html",
            {
                "document": document,
                "language": language_tag(document.language),
                "style": _style(document),
                "cover": _cover(document, document.cover),
                "contents": _contents(document),
                "blocks": _blocks(document),
            },
        )


def html_blocks(document: Document) -> list[HtmlBlock]:
    """Return the blocks of a report in the order in which they are read, the cover's facts first.

    For a page that has its own first heading: the highest level in a block is the second.
    """
    facts = document.cover.facts
    return [HtmlBlock(facts.anchor, _terms(document, facts)), *_blocks(document)]


def _style(document: Document) -> SafeString:
    """Return the stylesheet with the letters of the product, and the marks for printed pages."""
    font = b64encode(Path(str(finders.find(_FONT))).read_bytes()).decode()
    style = _STYLE.read_text(encoding="utf-8").replace("$font", font)
    marks = _css_text(" \N{MIDDLE DOT} ".join(document.marks))
    return mark_safe(style.replace("$marks", marks))  # noqa: S308


def _css_text(text: str) -> str:
    """Return a text for between quotes in a stylesheet: whatever is no letter, by its number."""
    return "".join(one if one.isalnum() else f"\\{ord(one):x} " for one in text)


def _blocks(document: Document) -> list[HtmlBlock]:
    found: list[HtmlBlock] = []
    begins_page = False
    for block in document.blocks:
        if isinstance(block, NewPage):
            begins_page = True
            continue
        found.append(HtmlBlock(block.anchor, _block(document, block), begins_page))
        begins_page = False
    return found


def _contents(document: Document) -> list[_Entry]:
    """Return the headings of the two highest levels, the second below the first."""
    entries: list[_Entry] = []
    for block in document.blocks:
        if not isinstance(block, Heading) or block.level > _CONTENTS_DEPTH:
            continue
        entry = _Entry(block.anchor, _run(document, block.run), [])
        (entries[-1].entries if block.level > 1 and entries else entries).append(entry)
    return entries


def _cover(document: Document, cover: Cover) -> SafeString:
    """Return plan, title, minister, who made it and the facts."""
    people = format_html_join(
        "",
        "<dt>{}</dt><dd>{}{}</dd>",
        (
            (
                person.label,
                format_html("<strong>{}</strong> ", person.name) if person.name else "",
                person.office,
            )
            for person in cover.people
        ),
    )
    return format_html(
        '<p class="report-plan">{}</p><h1>{}</h1><p class="report-lead">{}</p>{}{}',
        _run(document, (cover.plan,)),
        document.title,
        document.subject,
        format_html('<dl class="terms wide">{}</dl>', people) if people else "",
        _terms(document, cover.facts),
    )


# Text ---------------------------------------------------------------------------------------------


def _run(document: Document, run: Run) -> SafeString:
    return _joined(_inline(document, part) for part in run)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308


def _inline(document: Document, part: Inline) -> SafeString:
    """Return a piece of text; a figure names its fact, another language names itself."""
    if isinstance(part, StatusWord):
        return _status(document, part)
    attributes: list[tuple[str, str]] = []
    if part.style in _CLASSES:
        attributes.append(("class", _CLASSES[part.style]))
    if isinstance(part, Figure):
        attributes.append(("data-fact", part.fact))
    elif part.lang:
        attributes.append(("lang", language_tag(part.lang)))
    text = _lines(part.text) if isinstance(part, Typed) else conditional_escape(part.text)
    element = _ELEMENTS.get(part.style, "span")
    if element == "span" and not attributes:
        return text
    named = format_html_join("", ' {}="{}"', attributes)
    return format_html("<{0}{1}>{2}</{0}>", element, named, text)


def _lines(text: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.splitlines()))


def _status(document: Document, part: StatusWord) -> SafeString:
    """Return the mark and the word of a status; a judgement says so, in a frame."""
    labels = document.labels
    mark = mark_safe(document.status_marks[part.status])  # noqa: S308
    judged = labels.judgement + labels.colon if part.is_judgement else ""
    return format_html(
        '<span class="st st-{}{}">{}<span>{}{}</span></span>',
        part.status,
        " st-override pill" if part.is_judgement else "",
        mark,
        judged,
        part.text,
    )


# Blocks -------------------------------------------------------------------------------------------


def _block(document: Document, block: Block) -> SafeString:
    match block:
        case Heading():
            return format_html(
                '<h{0} id="{1}">{2}</h{0}>',
                block.level + _LEVELS_ABOVE,
                block.anchor,
                _run(document, block.run),
            )
        case Paragraph():
            return _paragraph(document, block)
        case Items():
            items = format_html_join(
                "", "<li>{}</li>", ((_run(document, one),) for one in block.items)
            )
            return format_html('<ul id="{}">{}</ul>', block.anchor, items)
        case Terms():
            return _terms(document, block)
        case Table():
            return _table(document, block)
        case Pictures():
            return _pictures(document, block)
        case NewPage():
            return mark_safe("")


def _paragraph(document: Document, block: Paragraph) -> SafeString:
    run = _run(document, block.run)
    if block.look == "quote":
        return format_html(
            '<blockquote class="report-quote" id="{}"><p>{}</p></blockquote>', block.anchor, run
        )
    return format_html('<p id="{}" class="{}">{}</p>', block.anchor, _LOOKS[block.look], run)


def _terms(document: Document, terms: Terms) -> SafeString:
    rows = format_html_join(
        "",
        "<dt>{}</dt><dd>{}</dd>",
        ((label, _run(document, run)) for label, run in terms.rows),
    )
    return format_html('<dl class="terms wide" id="{}">{}</dl>', terms.anchor, rows)


def _pictures(document: Document, block: Pictures) -> SafeString:
    figures = format_html_join(
        "",
        "<figure>{}{}</figure>",
        (
            (
                format_html("<figcaption>{}</figcaption>", _run(document, picture.title))
                if picture.title
                else "",
                _picture(picture),
            )
            for picture in block.pictures
        ),
    )
    return format_html(
        '<div class="drawings{}" id="{}">{}</div>',
        " two" if block.columns > 1 else "",
        block.anchor,
        figures,
    )


def _picture(picture: Picture) -> SafeString:
    """Return a drawing of ibzplan.core.marks, which escapes every text that it is given."""
    return format_html(
        '<div class="drawing" role="img" aria-label="{}">{}</div>',
        picture.alt,
        mark_safe(picture.svg),  # noqa: S308
    )


def _table(document: Document, table: Table) -> SafeString:
    """Return a table in a frame of its own that scrolls, also with the keyboard."""
    heads = _joined(map(_head, table.columns))
    rows = _joined(_row(document, table.columns, row) for row in table.rows)
    return format_html(
        '<div class="scroll-x" id="{}" tabindex="0" role="group" aria-label="{}">'
        '<table class="table report-table"><caption class="visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        table.anchor,
        table.title,
        table.title,
        heads,
        rows,
    )


def _head(column: Column) -> SafeString:
    name = "num" if column.align == "right" else ""
    if not column.head:
        return format_html('<td class="{}"></td>', name)
    return format_html('<th scope="col" class="{}">{}</th>', name, column.head)


def _row(document: Document, columns: Sequence[Column], cells: Sequence[Cell]) -> SafeString:
    shown = zip(columns, cells, strict=True)
    return format_html("<tr>{}</tr>", _joined(_cells(document, shown)))


def _cells(document: Document, cells: Iterable[tuple[Column, Cell]]) -> Iterator[SafeString]:
    """Yield the cells of a row; the first names the row."""
    for number, (column, cell) in enumerate(cells):
        content = _cell(document, cell)
        if number == 0 and any(map(plain_text, cell.lines)):
            yield format_html('<th scope="row">{}</th>', content)
        elif column.align == "right":
            yield format_html('<td class="num">{}</td>', content)
        else:
            yield format_html("<td>{}</td>", content)


def _cell(document: Document, cell: Cell) -> SafeString:
    lines = [_run(document, line) for line in cell.lines]
    content = lines[0] if len(lines) == 1 else format_html_join("", "<div>{}</div>", zip(lines))
    return content + _picture(cell.picture) if cell.picture else content
