"""What stands in the way of issuing a report: its gates, with what people decided already."""

import json
from functools import lru_cache

from django.utils import translation

from reporting.choices import GateKind, ReportState
from reporting.gates import (
    Findings,
    NumberFinding,
    TypedNumber,
    number_findings,
    other_language,
    parity_findings,
    typed_numbers,
)
from reporting.models import GateWaiver, ProgressReport
from reporting.render.content import document

# Snapshots whose findings stay at hand: those on which people are working.
_AT_HAND = 8


def sibling_of(report: ProgressReport) -> ProgressReport | None:
    """Return the newest report on the same question in the other language; None without one."""
    rows = ProgressReport.objects.filter(
        strategic_plan=report.strategic_plan_id,
        plan=report.plan_id,
        minister=report.minister_id,
        reference_date=report.reference_date,
        language=other_language(report.language),
        state=ReportState.READY,
    ).exclude(snapshot="")
    return rows.order_by("-known_at", "-edition", "-pk").first()


def parity_of(report: ProgressReport) -> Findings:
    """Return how Dutch and French of a report differ: one query.

    The first time it takes a second or two for a large report, then the answer is at hand.
    """
    sibling = sibling_of(report)
    return _parity(report.snapshot, sibling.snapshot if sibling else "")


def numbers_of(report: ProgressReport) -> list[NumberFinding]:
    """Return the numbers in typed text that a reviewer decides on, with the decision: one query.

    One without a decision stands in the way of issuing.
    """
    return number_findings(_numbers(report.snapshot), report.number_reviews.order_by("pk"))


def waiver_of(report: ProgressReport, findings: Findings) -> GateWaiver | None:
    """Return the waiver of exactly these findings of the parity gate; None when there is none."""
    rows = report.waivers.filter(gate=GateKind.PARITY, findings_sha256=findings.sha256)
    return rows.select_related("waived_by").order_by("-waived_at", "-pk").first()


@lru_cache(maxsize=_AT_HAND)
def _parity(snapshot: str, sibling: str) -> Findings:
    return parity_findings(json.loads(snapshot), json.loads(sibling) if sibling else None)


@lru_cache(maxsize=_AT_HAND)
def _numbers(snapshot: str) -> tuple[TypedNumber, ...]:
    data = json.loads(snapshot)
    with translation.override(data["language"]):
        return tuple(typed_numbers(document(data), data))
