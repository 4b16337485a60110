"""PDF through Typst: PDF/UA-1 and PDF/A-3a in one file, from the snapshot and its seal alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.utils import translation

from reporting.render.blocks import Document
from reporting.render.content import document
from reporting.render.typeset import typeset_data

FOLDER: Final = Path(__file__).resolve().parent


class RenderFailed(Exception):
    """The typesetter refused the report; the text is for the log.

    `code` is the reason that its readers are told, `places` where in the report, if anywhere.
    """

    code = "render_failed"
    places = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the PDF, such as the data that it is made from."""

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "data"


def render_pdf(
    snapshot: Mapping[str, Any],
    seal: Mapping[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the PDF of a snapshot, a draft without a seal: the same input gives the same bytes.

    Its creation date is the moment the figures were known, and its fonts are our own.
    Raises RenderFailed with the typesetter's diagnosis.
    """
    with translation.override(snapshot["language"]):
        made = document(snapshot, seal)
    return typeset(
        made, moment=datetime.fromisoformat(snapshot["knownAt"]), attachments=attachments
    )


def typeset(made: Document, *, moment: datetime, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the PDF of a document, `moment` its creation date. Raises RenderFailed."""
    # The typesetter takes files by name; its type stubs do not say so.
    files: Any = {
        **_templates(),
        "document.json": _json(typeset_data(made)),
        "attachments.json": _json([_described(one) for one in attachments]),
        **{f"attachments/{one.name}": _readable(one.content) for one in attachments},
    }
    try:
        compiled = typst.compile(
            files,
            font_paths=[str(FOLDER / "fonts")],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-3a"],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise RenderFailed(f"{error.message} {error.diagnostic}") from error
    return bytes(compiled)


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _described(one: Attachment) -> dict[str, Any]:
    return {
        "name": one.name,
        "mime": one.mime,
        "description": one.description,
        "relationship": one.relationship,
        "isText": _is_text(one.content),
    }


def _readable(content: bytes) -> bytes:
    """Return content as the typesetter takes files: text, or a list of bytes as JSON."""
    return content if _is_text(content) else _json(list(content))


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@cache
def _templates() -> dict[str, bytes]:
    """Return the templates; the typesetter reads nothing of the machine but the fonts."""
    folder = FOLDER / "templates"
    return {
        "main.typ": (folder / "report.typ").read_bytes(),
        "lib.typ": (folder / "lib.typ").read_bytes(),
    }
