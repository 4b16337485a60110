"""A report in each of its formats, all made from one document and one set of sheets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from ibzplan.core.exports.xlsx_file import CONTENT_TYPE as XLSX_TYPE
from ibzplan.core.garbage import no_garbage_collection
from reporting.choices import ReportFormat
from reporting.render.agreement import FiguresDisagree, figure_disagreements
from reporting.render.blocks import Document
from reporting.render.content import document
from reporting.render.docx import render_docx
from reporting.render.html import render_html
from reporting.render.pdf import Attachment, RenderFailed, typeset
from reporting.render.sheets import Sheet, sheets_of
from reporting.render.xlsx import xlsx_of
from reporting.snapshot.canonical import canonical_json, sha256_of

Part = Mapping[str, Any]

JSON_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Report:
    """A report in words: what its formats are made from. `data` is its snapshot as it is kept."""

    document: Document
    sheets: tuple[Sheet, ...]
    facts: Part
    moment: datetime
    data: str


# A worker often makes the formats of a report after each other: the last one stays at hand.
_last: dict[tuple[str, str], Report] = {}


def render(format_: str, snapshot: Part, seal: Part | None) -> bytes:
    """Return a format of a snapshot, final when there is a seal: the same input, the same bytes.

    Raises FiguresDisagree when two places of the report show a fact differently, RenderFailed for
    anything else that cannot be rendered.
    """
    write = _WRITERS.get(format_)
    if write is None:
        raise RenderFailed(f"no format {format_}")
    with translation.override(snapshot["language"]), no_garbage_collection():
        return write(report_in_words(snapshot, seal))


def render_xlsx(snapshot: Part, seal: Part | None = None) -> bytes:
    """Return the workbook of a snapshot, a draft without a seal."""
    return render(ReportFormat.XLSX, snapshot, seal)


def report_in_words(snapshot: Part, seal: Part | None) -> Report:
    """Return a report in the active language, checked. Raises FiguresDisagree."""
    data = canonical_json(snapshot)
    sha256 = sha256_of(data)
    key = (sha256, "" if seal is None else sha256_of(canonical_json(seal)))
    if (kept := _last.get(key)) is not None:
        return kept
    made = Report(
        document=document(snapshot, seal, sha256=sha256),
        sheets=sheets_of(snapshot, seal, sha256=sha256),
        facts=snapshot["facts"],
        moment=datetime.fromisoformat(snapshot["knownAt"]),
        data=data,
    )
    if found := figure_disagreements(made.document, made.sheets, snapshot):
        raise FiguresDisagree(found)
    forget()
    _last[key] = made
    return made


def forget() -> None:
    """Put the next report in words anew, even if it is the last one again."""
    _last.clear()


def _pdf(report: Report) -> bytes:
    attachments = (
        Attachment("data.xlsx", _xlsx(report), XLSX_TYPE, _("The figures of this report")),
        Attachment("data.json", report.data.encode(), JSON_TYPE, _("The data of this report")),
    )
    return typeset(report.document, moment=report.moment, attachments=attachments)


def _docx(report: Report) -> bytes:
    return render_docx(report.document, moment=report.moment)


def _html(report: Report) -> bytes:
    return render_html(report.document).encode()


def _xlsx(report: Report) -> bytes:
    made = report.document
    return xlsx_of(
        report.sheets, report.facts, title=made.title, marks=made.marks, moment=report.moment
    )


_WRITERS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    ReportFormat.PDF: _pdf,
    ReportFormat.DOCX: _docx,
    ReportFormat.XLSX: _xlsx,
    ReportFormat.HTML: _html,
}
# What a report is rendered to, in the order in which it is offered.
FORMATS: Final[tuple[ReportFormat, ...]] = tuple(ReportFormat(format_) for format_ in _WRITERS)
