"""The report itself on a page, with the remarks at its paragraphs, tables, pictures and figures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode
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
from reporting.render.figure_links import FigureLink, linked
from reporting.render.html import HtmlBlock, html_blocks
from reporting.report_document import report_document
from reporting.report_figures import blocks_by_anchor, figures_in, figures_placed
from reporting.selectors.report_reserved import is_reserved, questions_reserved
from reporting.selectors.reports import reports_visible_to
from reporting.views.report_lookup import reader_of_reports

# The form to remark, wherever it stands on the page.
_FORM: Final = "#remark-here"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where the address asks to remark: a block, and a figure of it ('' for the whole block).

    `figures` are those of the block, as (fact, label).
    """

    anchor: str = ""
    fact: str = ""
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of the report with the remarks on it, and those on figures that stand here first."""

    block: HtmlBlock
    label: str
    threads: tuple[Thread, ...]
    figures: tuple[tuple[str, tuple[Thread, ...]], ...]
    is_asked: bool


@require_safe
def report_reading(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the report with its remarks; `bij` in the address opens the form at a paragraph, table
    or picture, `cijfer` chooses a figure of it.
    """
    access = reader_of_reports(request)
    rows = reports_visible_to(access).prefetch_related("reviews")
    report = get_object_or_404(rows, uuid=uuid)
    if not report.snapshot:
        messages.info(request, _("There is nothing to read yet: the report is not made."))
        return redirect("reporting:report", uuid=report.uuid)
    made = report_document(report)
    reserved = questions_reserved(report, access)
    panel = _panel(comments_panel(report, request.user), reserved)
    asked = _asked(request, report, panel)
    with translation.override(report.language):
        blocks = html_blocks(made)
        links = _remarked(panel)
        on_asked = {**_to_remark(asked), **links}
    return render(
        request,
        "reporting/report_reading.html",
        {
            "report": report,
            "document": made,
            "pieces": list(
                _pieces(
                    (
                        linked(block, on_asked if block.anchor == asked.anchor else links)
                        for block in blocks
                        if not is_reserved(block.anchor, reserved)
                    ),
                    report,
                    panel,
                    asked,
                )
            ),
            "contents": list(_contents(made)),
            "comments": panel,
            "left_out": len(reserved),
            "asked": asked,
            "general": panel.by_field.get("", ()) if panel else (),
            "elsewhere": _elsewhere(panel),
            "demo_mark": report.is_demo,
            "breadcrumb": _breadcrumb(report),
        },
    )


def _asked(request: HttpRequest, report: ProgressReport, panel: CommentsPanel | None) -> _Asked:
    """Return where the address asks to remark, nowhere when it names nothing of the report."""
    anchor, fact = request.GET.get("bij", ""), request.GET.get("cijfer", "")
    if not anchor or panel is None or not panel.may_write:
        return _Asked()
    block = blocks_by_anchor(report).get(anchor) if anchor in panel.fields else None
    if block is None:
        say(
            request,
            _("There is no paragraph “%(value)s” in this report: choose one on the page.")
            % {"value": anchor},
        )
        return _Asked()
    figures = figures_in(block)
    if fact and fact not in figures:
        say(
            request,
            _("There is no figure “%(value)s” here: choose one of the list.") % {"value": fact},
        )
        fact = ""
    return _Asked(anchor, fact, tuple(figures.items()))


def _panel(panel: CommentsPanel | None, reserved: frozenset[str]) -> CommentsPanel | None:
    """Return the remarks without those on questions that the reader does not see."""
    if panel is None or not reserved:
        return panel
    fields = {
        name: label for name, label in panel.fields.items() if not is_reserved(name, reserved)
    }
    groups = tuple(row for row in panel.groups if not is_reserved(row.field, reserved))
    return replace(panel, fields=fields, groups=groups)


def _to_remark(asked: _Asked) -> dict[str, FigureLink]:
    """Return the figures of the open block as links that choose them in its form: fact -> link.

    Of the other blocks no figure is a link: the way to one is the form of its block.
    """
    return {
        fact: FigureLink(
            f"?{urlencode({'bij': asked.anchor, 'cijfer': fact})}{_FORM}",
            _("remark on this figure"),
        )
        for fact, _label in asked.figures
    }


def _remarked(panel: CommentsPanel | None) -> dict[str, FigureLink]:
    """Return the figures that were remarked on, wherever they stand: fact -> link to the remark."""
    if panel is None:
        return {}
    return {
        group.field: FigureLink(
            f"#comment-{group.threads[0].comment.uuid}", _("to the remark"), "figure-remarked"
        )
        for group in panel.groups
        if group.field
    }


def _pieces(
    blocks: Iterable[HtmlBlock],
    report: ProgressReport,
    panel: CommentsPanel | None,
    asked: _Asked,
) -> Iterator[_Piece]:
    threads = panel.by_field if panel else {}
    labels = panel.fields if panel else {}
    on_figures = _on_figures(report, threads)
    for block in blocks:
        anchor = block.anchor
        yield _Piece(
            block,
            labels.get(anchor, ""),
            threads.get(anchor, ()),
            on_figures.get(anchor, ()),
            anchor == asked.anchor,
        )


def _on_figures(
    report: ProgressReport, threads: Mapping[str, tuple[Thread, ...]]
) -> dict[str, tuple[tuple[str, tuple[Thread, ...]], ...]]:
    """Return the remarks on figures by the block in which each stands first, with its label."""
    if not threads:
        return {}
    found: dict[str, tuple[tuple[str, tuple[Thread, ...]], ...]] = {}
    placed = figures_placed(report)
    for fact in placed.keys() & threads.keys():
        anchor, label = placed[fact].anchor, placed[fact].label
        found[anchor] = (*found.get(anchor, ()), (label, threads[fact]))
    return {anchor: tuple(sorted(rows, key=lambda row: row[0])) for anchor, rows in found.items()}


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
