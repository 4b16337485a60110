"""The report itself on a page, with the remarks at its paragraphs, tables and pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.asked import say
from ibzplan.core.comments.threads import CommentsPanel, Thread, comments_panel
from reporting.models import ProgressReport
from reporting.render.blocks import Document, Heading, plain_text
from reporting.render.html import HtmlBlock, html_blocks
from reporting.report_document import report_document
from reporting.selectors.reports import reports_visible_to
from reporting.views.report_lookup import reader_of_reports


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of the report with the remarks on it."""

    block: HtmlBlock
    label: str
    threads: tuple[Thread, ...]
    is_asked: bool


@require_safe
def report_reading(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the report with its remarks; `bij` in the address opens the form at a paragraph."""
    rows = reports_visible_to(reader_of_reports(request)).prefetch_related("reviews")
    report = get_object_or_404(rows, uuid=uuid)
    if not report.snapshot:
        messages.info(request, _("There is nothing to read yet: the report is not made."))
        return redirect("reporting:report", uuid=report.uuid)
    made = report_document(report)
    panel = comments_panel(report, request.user)
    asked = _asked(request, panel)
    with translation.override(report.language):
        blocks = html_blocks(made)
    return render(
        request,
        "reporting/report_reading.html",
        {
            "report": report,
            "document": made,
            "pieces": list(_pieces(blocks, panel, asked)),
            "contents": list(_contents(made)),
            "comments": panel,
            "asked": asked,
            "general": panel.by_field.get("", ()) if panel else (),
            "elsewhere": _elsewhere(panel),
            "demo_mark": report.is_demo,
            "breadcrumb": _breadcrumb(report),
        },
    )


def _asked(request: HttpRequest, panel: CommentsPanel | None) -> str:
    """Return the paragraph that the address asks to remark on, '' for none."""
    anchor = request.GET.get("bij", "")
    if not anchor or panel is None or not panel.may_write:
        return ""
    if anchor not in panel.fields:
        say(
            request,
            _("There is no paragraph “%(value)s” in this report: choose one on the page.")
            % {"value": anchor},
        )
        return ""
    return anchor


def _pieces(
    blocks: Iterable[HtmlBlock], panel: CommentsPanel | None, asked: str
) -> Iterator[_Piece]:
    threads = panel.by_field if panel else {}
    labels = panel.fields if panel else {}
    for block in blocks:
        anchor = block.anchor
        yield _Piece(block, labels.get(anchor, ""), threads.get(anchor, ()), anchor == asked)


def _contents(made: Document) -> Iterator[tuple[str, str, int]]:
    """Give anchor, text and level of the headings that stand in the contents."""
    for block in made.blocks:
        if isinstance(block, Heading) and block.level <= 2:
            yield block.anchor, plain_text(block.run), block.level


def _elsewhere(panel: CommentsPanel | None) -> list[tuple[str, str, Thread]]:
    """Return the remarks that still ask for a change: anchor, label and thread."""
    if panel is None:
        return []
    return [
        (group.field, group.label, thread)
        for group in panel.groups
        for thread in group.threads
        if thread.is_request
    ]


def _breadcrumb(report: ProgressReport) -> list[dict[str, str]]:
    return [
        {"label": _("Reports"), "url": reverse("reporting:reports")},
        {"label": str(report), "url": reverse("reporting:report", args=[report.uuid])},
        {"label": _("Read"), "url": ""},
    ]
