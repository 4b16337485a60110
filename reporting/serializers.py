"""How the API shows progress reports and deadlines."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from objectives.planning.serializers import YearReference, year_reference
from objectives.strategy.serializers import PlanReference, plan_reference
from reporting.choices import ReportState
from reporting.models import Deadline, ProgressReport, ReportFile


class ReportFileItem(TypedDict):
    """A format of a report that can be fetched at `href`; a `final` one is of an issued report.

    Beside them the format `json` is the data that the report was made from.
    """

    format: str
    href: str
    sizeBytes: int
    sha256: str
    final: bool


class ReportReference(TypedDict):
    """Another progress report."""

    id: UUID
    href: str


class ProgressReportItem(TypedDict):
    """A report on a plan for a minister, as of a day and as known at a moment, in a language.

    `knownAt` selects all that it says. `snapshotSha256` is the hash of the facts that every format
    is rendered from, `sealSha256` that of what people decided about it. `stage` is its life,
    `state` whether it is made. An edition after the first names the one that it corrects, and why.
    """

    id: UUID
    href: str
    strategicPlan: PlanReference
    operationalPlan: YearReference | None
    minister: Reference
    referenceDate: date
    knownAt: datetime
    language: str
    edition: int
    corrects: ReportReference | None
    correctionReason: str | None
    stage: str
    state: str
    schemaVersion: int
    ruleVersion: int
    snapshotSha256: str | None
    sealSha256: str | None
    reviewDueOn: date | None
    issuedAt: datetime | None
    sentAt: datetime | None
    archivedAt: datetime | None
    files: list[ReportFileItem]
    fictional: bool


class DeadlineItem(TypedDict):
    """A day of the plan cycle that someone entered; without `unit` it is for every unit.

    `article` is the rule that it follows from.
    """

    id: UUID
    href: str
    operationalPlan: YearReference
    kind: str
    title: Localised | None
    article: Localised | None
    dueOn: date
    doneOn: date | None
    unit: Reference | None
    fictional: bool


def progress_report_item(
    report: ProgressReport,
    state: ReportState,
    files: Iterable[ReportFile],
    links: Links,
    address: Callable[[ReportFile], str],
) -> ProgressReportItem:
    """Needs `strategic_plan`, `plan`, `minister`, `corrects`; `address` tells where a file is."""
    minister, earlier = report.minister, report.corrects
    return {
        "id": report.uuid,
        "href": links.to("progressReports", report.uuid),
        "strategicPlan": plan_reference(report.strategic_plan),
        "operationalPlan": year_reference(report.plan, links) if report.plan else None,
        "minister": reference(links, "ministers", minister.uuid, minister.code),
        "referenceDate": report.reference_date,
        "knownAt": report.known_at,
        "language": report.language,
        "edition": report.edition,
        "corrects": (
            {"id": earlier.uuid, "href": links.to("progressReports", earlier.uuid)}
            if earlier
            else None
        ),
        "correctionReason": report.correction_reason or None,
        "stage": camel(report.stage),
        "state": camel(state),
        "schemaVersion": report.schema_version,
        "ruleVersion": report.rule_version,
        "snapshotSha256": report.snapshot_sha256 or None,
        "sealSha256": report.seal_sha256 or None,
        "reviewDueOn": report.review_due_on,
        "issuedAt": report.issued_at,
        "sentAt": report.sent_at,
        "archivedAt": report.archived_at,
        "files": [
            {
                "format": row.format,
                "href": address(row),
                "sizeBytes": row.size_bytes,
                "sha256": row.sha256,
                "final": row.is_final,
            }
            for row in files
        ],
        "fictional": report.is_demo,
    }


def deadline_item(deadline: Deadline, links: Links) -> DeadlineItem:
    """Needs `plan` and `unit`."""
    unit = deadline.unit
    return {
        "id": deadline.uuid,
        "href": links.to("deadlines", deadline.uuid),
        "operationalPlan": year_reference(deadline.plan, links),
        "kind": camel(deadline.kind),
        "title": localised(deadline.title),
        "article": localised(deadline.article),
        "dueOn": deadline.due_on,
        "doneOn": deadline.done_on,
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code) if unit else None,
        "fictional": deadline.is_demo,
    }
