"""PDF through Typst: PDF/UA-1 and PDF/A-2a in one file, from the snapshot alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.utils import translation

from reporting.render.document import document
from reporting.snapshot.canonical import canonical_json, sha256_of

FOLDER: Final = Path(__file__).resolve().parent


class RenderFailed(Exception):
    """The typesetter refused the report; the text is for the log."""


def render_pdf(snapshot: Mapping[str, Any]) -> bytes:
    """Return the PDF of a snapshot: the same snapshot gives the same bytes.

    Its creation date is the moment the figures were known, and its fonts are our own.
    Raises RenderFailed with the typesetter's diagnosis.
    """
    with translation.override(snapshot["language"]):
        data = document(snapshot, sha256_of(canonical_json(snapshot)))
    try:
        compiled = typst.compile(
            str(FOLDER / "templates" / "report.typ"),
            root=str(FOLDER),
            font_paths=[str(FOLDER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(datetime.fromisoformat(snapshot["knownAt"]).timestamp()),
        )
    except typst.TypstError as error:
        raise RenderFailed(f"{error.message} {error.diagnostic}") from error
    return bytes(compiled)
