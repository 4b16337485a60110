"""A document as the data that the typesetter's template reads."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from reporting.render.blocks import (
    Block,
    Cell,
    Document,
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
)

Data = dict[str, Any]

# Characters of a cell that may take a good part of a page.
LONG_CELL: Final = 1200
# Characters of a paragraph that is about a line long.
LEAD_LINE: Final = 200
# A table of more rows than this is looked things up in, and set smaller.
DENSE_ROWS: Final = 100


def typeset_data(document: Document) -> Data:
    """Return a document for report.typ, in lists, dictionaries and strings."""
    cover, labels = document.cover, document.labels
    return {
        "language": document.language,
        "title": document.title,
        "subject": document.subject,
        "running": document.running,
        "marks": document.marks,
        "labels": {
            "contents": labels.contents,
            "page": labels.page,
            "of": labels.of,
            "colon": labels.colon,
            "judgement": labels.judgement,
        },
        "statusMarks": document.status_marks,
        "cover": {
            "plan": _run((cover.plan,)),
            "people": [
                {"label": one.label, "office": one.office, "name": one.name} for one in cover.people
            ],
            "facts": _block(cover.facts),
        },
        "blocks": _flow(document.blocks),
    }


def _flow(blocks: Sequence[Block]) -> list[Data]:
    """Return blocks, each with whether it may not stand alone at the foot of a page.

    What introduces a table, a list or pictures does not, nor a line right below a heading, nor a
    line that names what follows it, with the small line below that. Such a line opens a part of its
    own, set off from the one above it.
    """
    found: list[Data] = []
    before: Block | None = None
    for block, after in zip_longest(blocks, blocks[1:]):
        data = _block(block)
        if isinstance(block, Paragraph):
            is_line = _length(block.run) < LEAD_LINE
            is_lead = isinstance(before, Heading) or _names(block, after)
            is_below = (
                block.look == "small" and isinstance(before, Paragraph) and _names(before, block)
            )
            data["sticky"] = (is_line and (is_lead or is_below)) or isinstance(
                after, Table | Pictures | Items
            )
            data["opens"] = _names(block, after) and not isinstance(before, Heading)
        found.append(data)
        before = block
    return found


def _names(block: Paragraph, after: Block | None) -> bool:
    """Tell whether a paragraph is part of what the one before it is about, by their anchors."""
    return isinstance(after, Paragraph) and after.anchor.startswith(f"{block.anchor}.")


def _block(block: Block) -> Data:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "run": _run(block.run)}
        case Paragraph():
            return {"kind": "paragraph", "look": block.look, "run": _run(block.run)}
        case Items():
            return {"kind": "items", "items": [_run(item) for item in block.items]}
        case Pictures():
            pictures = [_picture(one) for one in block.pictures]
            return {"kind": "pictures", "columns": block.columns, "pictures": pictures}
        case Table():
            return {
                "kind": "table",
                "head": [column.head for column in block.columns],
                "widths": [column.width_mm for column in block.columns],
                "align": [column.align for column in block.columns],
                # A row stays together, but for one that might not fit on a page.
                "isLong": any(_cell_length(cell) > LONG_CELL for row in block.rows for cell in row),
                "isDense": len(block.rows) > DENSE_ROWS,
                "cells": [_cell(cell) for row in block.rows for cell in row],
            }
        case Terms():
            return {"kind": "terms", "rows": [[label, _run(run)] for label, run in block.rows]}
        case NewPage():
            return {"kind": "page"}


def _cell_length(cell: Cell) -> int:
    return sum(_length(line) for line in cell.lines)


def _length(run: Run) -> int:
    return sum(len(part.text) for part in run)


def _cell(cell: Cell) -> Data | list[Any]:
    """Return a cell: its lines alone where it has no picture."""
    lines = [_run(line) for line in cell.lines]
    return {"lines": lines, "picture": _picture(cell.picture)} if cell.picture else lines


def _picture(picture: Picture) -> Data:
    return {
        "svg": picture.svg,
        "alt": picture.alt,
        "width": picture.width_mm,
        "title": _run(picture.title),
    }


def _run(run: Run) -> str | list[str | Data]:
    """Return a run: one string where nothing in it looks or sounds different."""
    parts = [_inline(part) for part in run]
    plain = [part for part in parts if isinstance(part, str)]
    return "".join(plain) if len(plain) == len(parts) else parts


def _inline(part: Inline) -> str | Data:
    if isinstance(part, StatusWord):
        return {"status": part.status, "text": part.text, "judged": part.is_judgement}
    language = getattr(part, "lang", "")
    if not (part.style or language):
        return part.text
    return {"text": part.text, "lang": language, "style": part.style}
