"""WordprocessingML: the pieces of a DOCX as text, escaped where words come in.

As text and not element by element, because a report has thousands of rows. Paragraphs and runs name
the styles of templates/docx/styles.xml, so that who edits the file changes a look once.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from ibzplan.core.marks.svg import clean
from reporting.render.languages import language_tag

FIELD_END: Final = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
TAB: Final = "<w:r><w:tab/></w:r>"
LINE_BREAK: Final = "<w:r><w:br/></w:r>"
PAGE_BREAK: Final = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'

_TWIPS_PER_MM: Final = 1440 / 25.4
_EMU_PER_MM: Final = 36_000
# Word keeps forty characters of the name of a bookmark.
_BOOKMARK_WORDS: Final = 29
_BOOKMARK_DIGITS: Final = 10
# Says to screen readers that a mark repeats the word beside it.
_DECORATIVE: Final = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
    ' val="1"/></a:ext></a:extLst>'
)


def bookmark_name(anchor: str) -> str:
    """Return the bookmark of an anchor: the same for the same anchor, at most 40 characters."""
    digest = hashlib.sha256(anchor.encode()).hexdigest()[:_BOOKMARK_DIGITS]
    return f"{re.sub('[^A-Za-z0-9]', '_', anchor)[:_BOOKMARK_WORDS]}_{digest}"


def marked_run(text: str, language: str, style: str = "") -> str:
    """Return a run in a character style; its lines are parted by line breaks."""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{clean(line)}</w:t>' for line in text.splitlines()
    )
    return f'<w:r><w:rPr>{named}<w:lang w:val="{language_tag(language)}"/></w:rPr>{lines}</w:r>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """Return a paragraph in a style; `properties` in the order of the standard."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(instruction: str) -> str:
    """Return a field that the word processor fills where it shows it."""
    return field_start(instruction) + "<w:r><w:t/></w:r>" + FIELD_END


def field_start(instruction: str, *, is_dirty: bool = False) -> str:
    """Return a field up to what it shows; a dirty one is made anew when the file is opened."""
    dirty = ' w:dirty="true"' if is_dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{dirty}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def drawing_run(
    relation: str, size_mm: tuple[float, float], number: int, alt: str | None, style: str = ""
) -> str:
    """Return a picture in the line, `number` being its own in the file.

    Without `alt` it is decoration: a mark beside its word.
    """
    width, height = (round(side * _EMU_PER_MM) for side in size_mm)
    size = f'cx="{width}" cy="{height}"'
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    # A mark stands on the line of the text, a little lower than its letters.
    lowered = '<w:position w:val="-2"/>' if alt is None else ""
    described = "" if alt is None else f' descr="{clean(alt)}"'
    return (
        f"<w:r><w:rPr>{named}{lowered}</w:rPr><w:drawing>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="{number}"{described}>'
        f"{_DECORATIVE if alt is None else ''}</wp:docPr>"
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        "</wp:cNvGraphicFramePr><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{number}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r>"
    )


def row_markup(widths: Sequence[float], cells: Sequence[str], *, is_head: bool = False) -> str:
    """Return a row that stays on one page; a head is repeated on every page."""
    head = "<w:tblHeader/>" if is_head else ""
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for width, cell in zip(widths, cells, strict=True)
        )
        + "</w:tr>"
    )


def table_markup(style: str, title: str, widths: Sequence[float], rows: Sequence[str]) -> str:
    """Return a table and the line that keeps it from growing together with the next one."""
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{clean(title)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>{paragraph('AfterTable', '')}"
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_PER_MM)
