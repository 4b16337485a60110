"""The guides of docs/api as web pages: the part of Markdown that they are written in.

Headings, paragraphs, lists, tables, code, and within a line `code`, **strong** and links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

FOLDER: Final = settings.BASE_DIR / "docs" / "api"
# Name in the address -> the file.
GUIDES: Final = {"quickstart": "quickstart.md", "deprecation": "deprecation.md"}
_INLINE: Final = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"(#{1,4}) (.+)")
_RULE: Final = re.compile(r"\|[\s:|-]+\|")
_FENCE: Final = "```"


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: its title, its chapters with their anchors, its text."""

    title: str
    chapters: list[tuple[str, str]]
    body: SafeString


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; `kind` is code, heading, list, table or text."""

    kind: str
    lines: list[str]


def guide(name: str) -> Guide:
    """Return the guide of that name. Raises KeyError."""
    text = (FOLDER / GUIDES[name]).read_text(encoding="utf-8")
    blocks = list(read_blocks(text))
    title = blocks[0].lines[0].removeprefix("# ")
    chapters = [
        (slugify(block.lines[0]), block.lines[0].removeprefix("## "))
        for block in blocks
        if block.kind == "heading" and block.lines[0].startswith("## ")
    ]
    return Guide(title, chapters, _joined(_html(block) for block in blocks[1:]))


def read_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text."""
    lines = text.splitlines()
    while lines:
        line = lines.pop(0)
        if line.startswith(_FENCE):
            end = lines.index(_FENCE)
            yield Block("code", [line.removeprefix(_FENCE), *lines[:end]])
            del lines[: end + 1]
        elif _HEADING.fullmatch(line):
            yield Block("heading", [line])
        elif line.strip():
            kind = {"-": "list", "|": "table"}.get(line[0], "text")
            block = [line]
            while lines and lines[0].strip() and not lines[0].startswith(_FENCE):
                block.append(lines.pop(0))
            yield Block(kind, block)


def _html(block: Block) -> SafeString:
    if block.kind == "code":
        code = "\n".join(block.lines[1:])
        return format_html('<pre class="sample" tabindex="0"><code>{}</code></pre>', code)
    if block.kind == "heading":
        marks, words = block.lines[0].split(" ", 1)
        level, anchor = f"h{len(marks)}", slugify(block.lines[0])
        return format_html('<{} id="{}">{}</{}>', level, anchor, words, level)
    if block.kind == "list":
        items = "\n".join(block.lines).removeprefix("- ").split("\n- ")
        rows = format_html_join("", "<li>{}</li>", ((inline(item),) for item in items))
        return format_html("<ul>{}</ul>", rows)
    if block.kind == "table":
        return _table([line for line in block.lines if not _RULE.fullmatch(line)])
    return format_html("<p>{}</p>", inline(" ".join(block.lines)))


def _table(lines: list[str]) -> SafeString:
    rows = [[inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines]
    head = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in rows[0]))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows[1:]),
    )
    return format_html(
        '<div class="scroll-x" tabindex="0"><table class="table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        head,
        body,
    )


def inline(text: str) -> SafeString:
    """Return a line as HTML: code, strong and links within it."""
    parts, place = [], 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[place : match.start()]))
        code, strong, label, address = match.groups()
        if code is not None:
            parts.append(format_html("<code>{}</code>", code))
        elif strong is not None:
            parts.append(format_html("<strong>{}</strong>", strong))
        else:
            parts.append(format_html('<a href="{}">{}</a>', address, label))
        place = match.end()
    parts.append(escape(text[place:]))
    return _joined(parts)


def _joined(parts: Iterator[SafeString] | list[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 (each part was escaped)
