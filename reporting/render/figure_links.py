"""Figures of a rendered block as links: to a remark on them, or to the form that writes one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting.render.html import HtmlBlock

# A figure as `html_blocks` writes it: its text is escaped, so that it holds no element.
_FIGURE: Final = re.compile(
    r'<(?P<element>span|strong|em)(?P<more>[^<>]*) data-fact="(?P<fact>[^"<>]*)">'
    r"(?P<text>[^<]*)</(?P=element)>"
)


@dataclass(frozen=True, slots=True)
class FigureLink:
    """Where a figure leads, what a screen reader hears after it, and how it looks."""

    href: str
    said: str
    look: str = ""


def linked(block: HtmlBlock, links: Mapping[str, FigureLink]) -> HtmlBlock:
    """Return a block in which the figures with these facts are links; the others stay as they are.

    The figure keeps its element, and names its fact as before.
    """
    if not links or "data-fact" not in block.html:
        return block

    def within(found: re.Match[str]) -> str:
        link = links.get(unescape(found["fact"]))
        return _wrapped(found[0], link) if link else found[0]

    return replace(block, html=mark_safe(_FIGURE.sub(within, block.html)))  # noqa: S308


def _wrapped(figure: str, link: FigureLink) -> SafeString:
    """Return a link around a figure that is escaped already."""
    return format_html(
        '<a class="{}" href="{}">{}<span class="visually-hidden"> ({})</span></a>',
        f"figure-link {link.look}".strip(),
        link.href,
        mark_safe(figure),  # noqa: S308
        link.said,
    )
