"""DOCX that a cabinet can edit: real styles, tables with a head, pictures with their sentence.

The parts that never differ stand in templates/docx; the file is written without the libraries for
it, because the same document then gives the same bytes and thousands of rows take a moment.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ibzplan.core.marks.svg import clean
from reporting.render.blocks import Document
from reporting.render.languages import language_tag
from reporting.render.raster import Raster, rasters_of
from reporting.render.word_body import Body, Placement, drawings_of
from reporting.render.wordml import TAB, field, marked_run, paragraph

_PARTS: Final = Path(__file__).resolve().parent / "templates" / "docx"
_IMAGE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
# Readable by everyone, as a file made on Unix; the same wherever it is made.
_UNIX: Final = 3
_FILE_MODE: Final = 0o644 << 16


def render_docx(document: Document, *, moment: datetime) -> bytes:
    """Return a document as DOCX: the same document and moment give the same bytes.

    `moment` is what the file gives as the time it was made: when the figures were known. Raises
    RenderFailed when a picture cannot be drawn.
    """
    drawings = drawings_of(document)
    rasters = rasters_of(drawings)
    placements = {
        drawing: Placement(_relation(number), raster.height_mm)
        for number, (drawing, raster) in enumerate(zip(drawings, rasters, strict=True))
    }
    body = Body(document, placements).markup()
    return _zipped(_parts(document, body, rasters, moment), rasters, moment)


def _relation(number: int) -> str:
    return f"image{number}"


def _parts(
    document: Document, body: str, rasters: Sequence[Raster], moment: datetime
) -> dict[str, str]:
    """Return the text of every part by its name in the file; the list of types is the first."""
    language = language_tag(document.language)
    images = "".join(
        f'<Relationship Id="{_relation(number)}" Type="{_IMAGE}" Target="{_picture(number)}"/>'
        for number in range(len(rasters))
    )
    made = {
        "title": clean(document.title),
        "subject": clean(document.subject),
        "keywords": clean(", ".join(document.marks)),
        "moment": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "language": language,
    }
    return {
        "[Content_Types].xml": _part("content-types.xml"),
        "_rels/.rels": _part("package-relations.xml"),
        "docProps/app.xml": _part("app.xml"),
        "docProps/core.xml": _part("core.xml", made),
        "word/document.xml": _part("document.xml", {"body": body}),
        "word/_rels/document.xml.rels": _part("document-relations.xml", {"images": images}),
        "word/styles.xml": _part("styles.xml", {"language": language}),
        "word/numbering.xml": _part("numbering.xml"),
        "word/settings.xml": _part("settings.xml", {"language": language}),
        "word/header-first.xml": _part("header.xml", {"paragraph": _header(document, running="")}),
        "word/header.xml": _part(
            "header.xml", {"paragraph": _header(document, running=document.running)}
        ),
        "word/footer.xml": _part("footer.xml", {"paragraph": _footer(document)}),
    }


def _part(name: str, values: Mapping[str, str] | None = None) -> str:
    text = (_PARTS / name).read_text(encoding="utf-8")
    return Template(text).substitute(values) if values else text


def _header(document: Document, *, running: str) -> str:
    """Return what stands above a page: the running title, and the marks on every page."""
    space = marked_run(" ", document.language)
    marks = space.join(
        marked_run(f"\N{NO-BREAK SPACE}{mark}\N{NO-BREAK SPACE}", document.language, "Mark")
        for mark in document.marks
    )
    return paragraph("Header", marked_run(running, document.language) + TAB + marks)


def _footer(document: Document) -> str:
    words = document.labels
    return paragraph(
        "Footer",
        "".join(
            [
                marked_run("ibzplan", document.language),
                TAB,
                marked_run(f"{words.page} ", document.language),
                field("PAGE"),
                marked_run(f" {words.of} ", document.language),
                field("NUMPAGES"),
            ]
        ),
    )


def _picture(number: int) -> str:
    return f"media/image{number}.png"


def _zipped(parts: Mapping[str, str], rasters: Sequence[Raster], moment: datetime) -> bytes:
    """Return the file; every entry has the moment as its time."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name, moment), text, ZIP_DEFLATED)
        for number, raster in enumerate(rasters):
            # A PNG is compressed already.
            archive.writestr(_entry(f"word/{_picture(number)}", moment), raster.png, ZIP_STORED)
    return buffer.getvalue()


def _entry(name: str, moment: datetime) -> ZipInfo:
    entry = ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
    entry.create_system = _UNIX
    entry.external_attr = _FILE_MODE
    return entry
