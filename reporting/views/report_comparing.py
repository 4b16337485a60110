"""Two reports side by side: everything that differs between them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.asked import say
from personnel.access import Access
from reporting.choices import ReportState
from reporting.models import ProgressReport
from reporting.render.blocks import Block, Heading, Items, Words
from reporting.render.content.changes import change_blocks, restated_blocks
from reporting.render.content.difference_texts import other_run
from reporting.render.html import HtmlBlock, html_blocks
from reporting.render.wording import FactReader
from reporting.report_document import report_document
from reporting.selectors.report_list import MOST_REPORTS
from reporting.selectors.reports import reports_visible_to
from reporting.snapshot.compare import Comparison, compare_snapshots
from reporting.views.report_lookup import reader_of_reports


@require_safe
def reports_beside(request: HttpRequest) -> HttpResponse:
    """Show what differs between two reports of one minister; the address names them."""
    offered = _offered(reader_of_reports(request))
    before, after = (_report_asked(request, name, offered) for name in ("a", "b"))
    context: dict[str, Any] = {
        "comparable": offered,
        "before": before,
        "after": after,
        "demo_mark": any(report.is_demo for report in offered),
        "breadcrumb": [
            {"label": _("Reports"), "url": reverse("reporting:reports")},
            {"label": _("Side by side"), "url": ""},
        ],
    }
    if before is not None and after is not None:
        refused = _refused(before, after)
        context |= {"refused": refused} if refused else _compared(before, after)
    return render(request, "reporting/report_beside.html", context)


def _offered(access: Access) -> list[ProgressReport]:
    """Return the latest reports that can be compared, without what they say."""
    rows = reports_visible_to(access).filter(state=ReportState.READY).exclude(plan=None)
    return list(rows.defer("snapshot", "seal")[:MOST_REPORTS])


def _report_asked(
    request: HttpRequest, name: str, offered: Sequence[ProgressReport]
) -> ProgressReport | None:
    text = request.GET.get(name, "")
    found = next((report for report in offered if str(report.uuid) == text), None)
    if text and found is None:
        say(
            request,
            _("There is no report “%(value)s”, or it is not for you: choose one of the list.")
            % {"value": text},
        )
    return found


def _refused(before: ProgressReport, after: ProgressReport) -> str:
    """Return why two reports are not compared, '' when they are."""
    if before.pk == after.pk:
        return _("Twice the same report: choose another one.")
    if (before.plan_id, before.minister_id) != (after.plan_id, after.minister_id):
        return _(
            "These reports are on another plan year, or for another minister: choose two for the "
            "same minister on the same plan."
        )
    return ""


def _compared(before: ProgressReport, after: ProgressReport) -> dict[str, Any]:
    """Return what differs, as blocks: by objective, then figures, then other parts."""
    then, now = json.loads(before.snapshot), json.loads(after.snapshot)
    found = compare_snapshots(then, now)
    return {
        "is_same": found.is_empty,
        "moved": len(found.changes),
        "restated": len(found.restated),
        "is_reversed": (after.reference_date, after.known_at)
        < (before.reference_date, before.known_at),
        "blocks": _shown(after, list(_blocks(found, now))),
    }


def _blocks(found: Comparison, snapshot: dict[str, Any]) -> Iterator[Block]:
    facts = FactReader({**snapshot["facts"], **found.facts})
    yield from change_blocks(found.changes, snapshot, facts, "change")
    if found.restated:
        yield Heading(2, (Words(_("Restated figures")),), "restated")
        yield from restated_blocks(found.restated, facts, "restated")
    if found.others:
        yield Heading(2, (Words(_("Other parts of the report")),), "others")
        yield Items(tuple(other_run(row) for row in found.others), "others.list")


def _shown(report: ProgressReport, blocks: list[Block]) -> list[HtmlBlock]:
    """Return blocks in the language of the page; the first one of a document is its cover."""
    made = report_document(report)
    language = (get_language() or report.language).split("-")[0]
    return html_blocks(replace(made, language=language, blocks=tuple(blocks)))[1:]
