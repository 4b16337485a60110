"""Two reports side by side: find them, then see everything that differs between them."""

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

from ibzplan.core.asked import minister_asked, say
from reporting.models import ProgressReport
from reporting.render.blocks import Block, Heading, Items, Words
from reporting.render.content.changes import change_blocks, restated_blocks
from reporting.render.content.difference_texts import other_run
from reporting.render.content.security_changes import security_change_blocks
from reporting.render.html import HtmlBlock, html_blocks
from reporting.render.wording import FactReader
from reporting.report_document import report_document
from reporting.selectors.report_list import (
    MOST_REPORTS,
    ComparableFilter,
    ministers_reported,
    plans_reported,
    reports_comparable,
    uuid_in,
    years_comparable,
)
from reporting.snapshot.compare import Comparison, compare_snapshots
from reporting.views.report_lookup import plan_asked, reader_of_reports


@require_safe
def reports_beside(request: HttpRequest) -> HttpResponse:
    """Show what differs between two reports of one minister; the address names them, and which
    reports are offered.
    """
    access = reader_of_reports(request)
    years = years_comparable(access)
    asked = ComparableFilter(
        plan=plan_asked(request),
        minister=minister_asked(request, ministers_reported()),
        year=_year_asked(request, years),
    )
    named = [request.GET.get(name, "") for name in ("a", "b")]
    offered = reports_comparable(access, asked, [uuid for text in named if (uuid := uuid_in(text))])
    before, after = (_report_asked(request, text, offered) for text in named)
    context: dict[str, Any] = {
        "comparable": offered,
        "before": before,
        "after": after,
        "asked": asked,
        "is_narrowed": asked != ComparableFilter(),
        "plans": plans_reported(),
        "ministers": ministers_reported(),
        "years": years,
        "limit": MOST_REPORTS,
        "is_limited": len(offered) >= MOST_REPORTS,
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


def _year_asked(request: HttpRequest, years: Sequence[int]) -> int | None:
    """Return the year of the reference date that the address names, None for all."""
    text = request.GET.get("year", "")
    found = next((year for year in years if str(year) == text), None)
    if text and found is None:
        say(
            request,
            _(
                "There are no reports on a year “%(value)s”: the page shows those on all years. "
                "Choose one of the list."
            )
            % {"value": text},
        )
    return found


def _report_asked(
    request: HttpRequest, text: str, offered: Sequence[ProgressReport]
) -> ProgressReport | None:
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
    if _about(before) != _about(after):
        return _(
            "These reports are on another plan year, or for another minister: choose two for the "
            "same minister on the same plan."
        )
    return ""


def _about(report: ProgressReport) -> tuple[int, int | None, int]:
    """Return what two reports share that can be compared; one on a whole plan has no year."""
    return report.strategic_plan_id, report.plan_id, report.minister_id


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
    yield from security_change_blocks(found.security, facts, "security")
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
