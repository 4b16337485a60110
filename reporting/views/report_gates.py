"""What a gate found on a report, and what a reviewer decides about it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ibzplan.core.errors import DomainError
from ibzplan.core.forms import add_domain_error
from ibzplan.core.views import refused_as_403
from personnel.access import signed_in
from reporting.choices import GateKind, NumberDecision, ReportState
from reporting.forms import WaiverForm
from reporting.gates import Finding, FindingKind, NumberFinding, TypedKind
from reporting.models import ProgressReport
from reporting.render.blocks import Figure, runs_of
from reporting.report_document import anchor_labels, report_document
from reporting.selectors.report_gates import gates_read, numbers_of
from reporting.services.report_gating import gate_waive, number_decide
from reporting.views.report_lookup import maker_of_reports, report_or_404

# What the page shows of a kind of finding; more of them have one cause.
MOST_FINDINGS: Final = 50
# How much of the text stands on either side of a number, in characters.
_AROUND: Final = 150
_BOUND: Final = f"{NumberDecision.BOUND}:"


def gates_context(report: ProgressReport, waiver_form: WaiverForm | None = None) -> dict[str, Any]:
    """Return what the gates found, and what was decided already: three queries."""
    made = report_document(report)
    labels = anchor_labels(made)
    read = gates_read(report)
    findings, waiver, numbers = read.findings, read.waiver, read.decided(report)
    places = _places(report, labels)
    undecided = sum(not row.decision for row in numbers)
    return {
        "findings": len(findings.rows),
        "finding_kinds": [_kind(kind, rows, labels) for kind, rows in _by_kind(findings.rows)],
        "waiver": waiver,
        "waiver_form": waiver_form or WaiverForm(),
        # Of what is on the page now: sent again after a refusal, it says what was looked at last.
        "waiver_findings": findings.sha256,
        "numbers": [_number(row, labels, places) for row in numbers],
        "undecided": undecided,
        "is_stopped": bool(undecided or (findings and waiver is None)),
    }


def _by_kind(rows: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    for kind, found in groupby(rows, key=lambda row: row.kind):
        yield kind, list(found)


def _kind(kind: str, rows: Sequence[Finding], labels: Mapping[str, str]) -> dict[str, Any]:
    shown = [
        {"row": row, "where": _where(row, labels), "anchor": _anchor(row, labels)}
        for row in rows[:MOST_FINDINGS]
    ]
    return {
        "label": FindingKind(kind).label,
        "count": len(rows),
        "rows": shown,
        "left": len(rows) - len(shown),
    }


def _anchor(row: Finding, labels: Mapping[str, str]) -> str:
    """Return the anchor of a finding, or of the first part of what it is about; '' for none."""
    if row.anchor in labels:
        return row.anchor
    return next((one for one in labels if row.anchor and one.startswith(f"{row.anchor}.")), "")


def _where(row: Finding, labels: Mapping[str, str]) -> str:
    """Return what was typed, of a sort of texts; else how the paragraph is called."""
    if row.kind in (FindingKind.TYPED, FindingKind.UNKNOWN):
        return str(TypedKind(row.field).label)
    return labels.get(_anchor(row, labels), "")


def _places(report: ProgressReport, labels: Mapping[str, str]) -> dict[str, str]:
    """Return where the report shows each fact for the first time."""
    places: dict[str, str] = {}
    for placed in runs_of(report_document(report)):
        for part in placed.run:
            if isinstance(part, Figure):
                places.setdefault(part.fact, labels.get(placed.anchor, ""))
    return places


def _number(
    found: NumberFinding, labels: Mapping[str, str], places: Mapping[str, str]
) -> dict[str, Any]:
    """Return a number with what it can be: a figure that says the same, or none."""
    number = found.number
    chosen = f"{_BOUND}{found.fact}" if found.decision == NumberDecision.BOUND else found.decision
    return {
        "number": number,
        "where": labels.get(number.anchor) or _("Your reason for letting it through"),
        "is_placed": number.anchor in labels,
        "text": _around(number.text, number.number),
        "chosen": chosen,
        "choices": [
            (NumberDecision.ACCEPTED.value, NumberDecision.ACCEPTED.label),
            *(
                (f"{_BOUND}{fact}", f"{NumberDecision.BOUND.label}: {places.get(fact) or fact}")
                for fact in number.matches
            ),
        ],
    }


def _around(text: str, number: str) -> str:
    """Return the part of a long text in which a number stands."""
    start = max(text.find(number) - _AROUND, 0)
    end = start + 2 * _AROUND + len(number)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return f"{before}{text[start:end]}{after}"


def approving(report: ProgressReport, part: str) -> HttpResponse:
    """Go back to a part of the page on which a report is approved."""
    return redirect(f"{reverse('reporting:report_issue', args=[report.uuid])}#{part}")


def waive(request: HttpRequest, report: ProgressReport, form: WaiverForm) -> bool:
    """Let a report through for the reason of a filled form; False with the errors in it."""
    if not form.is_valid():
        return False
    try:
        with refused_as_403():
            gate_waive(
                actor=signed_in(request.user),
                report=report,
                gate=GateKind.PARITY,
                findings_sha256=form.cleaned_data["findings"],
                reason=form.cleaned_data["reason"],
            )
    except DomainError as error:
        add_domain_error(form, error)
        return False
    return True


@require_POST
def report_numbers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep what a reviewer says of the numbers in typed texts, of those that were answered."""
    maker_of_reports(request)
    report = report_or_404(request, uuid)
    if report.state != ReportState.READY:  # there is no text to read: the page says when there is
        return approving(report, "numbers")
    before = {row["key"]: row["chosen"] for row in _keyed(report)}
    asked = {key: request.POST.get(key, "") for key in before}
    kept = 0
    for key, chosen in asked.items():
        if chosen and chosen != before[key]:
            kept += _decide(request, report, key, chosen)
    if kept:
        said = ngettext("%(n)s decision is kept.", "%(n)s decisions are kept.", kept)
        messages.success(request, said % {"n": kept})
    elif not any(asked.values()):
        messages.info(request, _("Nothing was decided: choose what a number is."))
    return approving(report, "numbers")


def _keyed(report: ProgressReport) -> Iterator[dict[str, str]]:
    for row in numbers_of(report):
        chosen = f"{_BOUND}{row.fact}" if row.decision == NumberDecision.BOUND else row.decision
        yield {"key": f"{row.number.anchor}|{row.number.occurrence}", "chosen": chosen}


def _decide(request: HttpRequest, report: ProgressReport, key: str, chosen: str) -> int:
    anchor, _bar, occurrence = key.rpartition("|")
    is_bound = chosen.startswith(_BOUND)
    try:
        with refused_as_403():
            number_decide(
                actor=signed_in(request.user),
                report=report,
                anchor=anchor,
                occurrence=int(occurrence),
                decision=NumberDecision.BOUND if is_bound else chosen,
                fact=chosen.removeprefix(_BOUND) if is_bound else "",
            )
    except DomainError as error:
        messages.error(request, error.message)
        return 0
    return 1
