"""Remarks on reports, each at a paragraph, table, picture or figure: who reads and writes them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from ibzplan.core.comments.registry import Commentable
from personnel.access import access_of
from reporting.models import ProgressReport
from reporting.report_document import anchor_labels, report_document
from reporting.report_figures import figure_labels
from reporting.selectors.remarks import reads_remarks, writes_remarks
from reporting.selectors.reports import reports_visible_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


def _find(user: "User | AnonymousUser", uuid: UUID) -> ProgressReport | None:
    rows = reports_visible_to(access_of(user)).prefetch_related("reviews")
    found: ProgressReport | None = rows.filter(uuid=uuid).first()
    return found


def _may_see(user: "User | AnonymousUser", report: ProgressReport) -> bool:
    return bool(report.snapshot) and reads_remarks(access_of(user), report.reviews.all())


def _may_comment(user: "User | AnonymousUser", report: ProgressReport) -> bool:
    return writes_remarks(access_of(user), report, report.reviews.all())


def _fields(report: ProgressReport) -> Mapping[str, str]:
    anchors = anchor_labels(report_document(report))
    return {**anchors, **figure_labels(report, anchors)}


def _url(report: ProgressReport) -> str:
    return reverse("reporting:report_read", args=[report.uuid])


REPORT_REMARKS = Commentable(
    find=_find, may_see=_may_see, may_comment=_may_comment, fields=_fields, url=_url
)
