"""What stands in the way of issuing a report: its gates, with what people decided already."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.utils import translation

from reporting.choices import GateKind, ReportState
from reporting.gates import (
    Findings,
    NumberFinding,
    TypedNumber,
    number_findings,
    numbers_of_approval,
    other_language,
    parity_findings,
    typed_numbers,
)
from reporting.models import GateWaiver, ProgressReport
from reporting.render.content import document
from reporting.render.content.seal import WAIVER, WITHOUT_REVIEW

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
        replaced_by=None,
    ).exclude(snapshot="")
    return rows.order_by("-known_at", "-edition", "-pk").first()


@dataclass(frozen=True, slots=True)
class GatesRead:
    """What the gates find in a report, and by the hashes of which two snapshots.

    It takes a second or two for a large report: who writes reads it first, and asks `still_holds`
    once the row is locked. `waiver` is that of exactly these findings.
    """

    snapshot_sha256: str
    sibling_sha256: str
    findings: Findings
    waiver: GateWaiver | None
    numbers: tuple[TypedNumber, ...]

    def decided(self, report: ProgressReport) -> list[NumberFinding]:
        """Return the numbers that a reviewer decides on, with the decision: one query.

        One without a decision stands in the way of issuing.
        """
        return number_findings(self.numbers, report.number_reviews.order_by("pk"))


def gates_read(report: ProgressReport) -> GatesRead:
    """Return what the gates find in a report that is made: two queries.

    The numbers are those of its texts and of the reason for which it was let through.
    """
    sibling = sibling_of(report)
    findings = _parity(report.snapshot, sibling.snapshot if sibling else "")
    waiver = waiver_of(report, findings) if findings else None
    return GatesRead(
        snapshot_sha256=report.snapshot_sha256,
        sibling_sha256=sibling.snapshot_sha256 if sibling else "",
        findings=findings,
        waiver=waiver,
        numbers=(
            *_numbers(report.snapshot),
            *(_of_approval(report.snapshot, WAIVER, waiver.reason) if waiver else ()),
        ),
    )


def still_holds(read: GatesRead, report: ProgressReport) -> bool:
    """Tell whether what was read is of the snapshots that there are now: two queries."""
    sibling = sibling_of(report)
    now = report.snapshot_sha256, sibling.snapshot_sha256 if sibling else ""
    waiver = waiver_of(report, read.findings) if read.findings else None
    return now == (read.snapshot_sha256, read.sibling_sha256) and waiver == read.waiver


def numbers_in_reason(report: ProgressReport, reason: str) -> tuple[TypedNumber, ...]:
    """Return the numbers in why a report does not wait for the directorates; none of an empty one.

    No figure of the report stands beside it, so each is accepted or written otherwise.
    """
    return _of_approval(report.snapshot, WITHOUT_REVIEW, reason) if reason else ()


def parity_of(report: ProgressReport) -> Findings:
    """Return how Dutch and French of a report differ: one query.

    The first time it takes a second or two for a large report, then the answer is at hand.
    """
    sibling = sibling_of(report)
    return _parity(report.snapshot, sibling.snapshot if sibling else "")


def numbers_of(report: ProgressReport) -> list[NumberFinding]:
    """Return the numbers in typed text that a reviewer decides on, with the decision: 3 queries."""
    return gates_read(report).decided(report)


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


@lru_cache(maxsize=_AT_HAND)
def _of_approval(snapshot: str, anchor: str, text: str) -> tuple[TypedNumber, ...]:
    return tuple(numbers_of_approval({anchor: text}, json.loads(snapshot)))
