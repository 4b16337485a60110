"""A newer draft takes the place of older ones: they leave the review, their readers are told."""

from datetime import datetime
from typing import Final

from django.db.models import F, Q, QuerySet

from ibzplan.core.services import record_change
from ibzplan.core.services.notifications import Message, notifications_make
from personnel.models import User
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport
from reporting.selectors.reports import editions_of
from reporting.services.report_telling import report_named, unit_people

REPLACED_KIND: Final = "report_replaced"


def drafts_replace(*, actor: User | None, report: ProgressReport, at: datetime) -> None:
    """Let a report take the place of all other drafts of its question.

    What directorates said of those stays where it is. The caller holds the record clock.
    """
    for older in _drafts(report).filter(edition__lte=report.edition):
        _replace(actor, older, report, at)


def draft_place(*, report: ProgressReport, at: datetime) -> None:
    """Give a report that is ready its place: it replaces the drafts asked for before it.

    Of one that took so long that a newer one is there already, or an approved one, it is the other
    way round; one in whose place somebody took up an older draft meanwhile has no place any more.
    The caller holds the record clock.
    """
    report.refresh_from_db(fields=["replaced_by"])
    if report.replaced_by_id is not None:
        return
    newer = _newer(report)
    if newer is not None:
        _replace(None, report, newer, at)
        return
    for older in _drafts(report).exclude(state=ReportState.REQUESTED).filter(pk__lt=report.pk):
        _replace(None, older, report, at)


def draft_take_up(*, actor: User, report: ProgressReport, at: datetime) -> None:
    """Let a replaced draft count again, because somebody asked for exactly it.

    One of an edition that was approved since stays replaced. The caller holds the record clock.
    """
    approved = editions_of(report).filter(issued_at__isnull=False, edition__gte=report.edition)
    if report.replaced_by_id is None or approved.exists():
        return
    record_change(
        actor=actor, target=report, values={"replaced_by": None}, action="taken_up", at=at
    )
    drafts_replace(actor=actor, report=report, at=at)


def _drafts(report: ProgressReport) -> QuerySet[ProgressReport]:
    """Return the other drafts of the same question that count."""
    rows = editions_of(report).filter(issued_at=None, replaced_by=None).exclude(pk=report.pk)
    return rows.select_related("minister").defer("snapshot", "seal").order_by("pk")


def _newer(report: ProgressReport) -> ProgressReport | None:
    """Return the approved report of this edition, else the newest draft asked for since."""
    approved = Q(issued_at__isnull=False, edition__gte=report.edition)
    since = Q(pk__gt=report.pk, state=ReportState.READY, issued_at=None, replaced_by=None)
    rows = editions_of(report).filter(approved | since).exclude(pk=report.pk)
    newest = (F("issued_at").desc(nulls_last=True), "-pk")
    found: ProgressReport | None = rows.defer("snapshot", "seal").order_by(*newest).first()
    return found


def _replace(
    actor: User | None, older: ProgressReport, newer: ProgressReport, at: datetime
) -> None:
    was_read = older.stage == ReportStage.REVIEW
    record_change(
        actor=actor,
        target=older,
        values={"replaced_by": newer, "stage": ReportStage.DRAFT},
        action="replaced",
        at=at,
    )
    if was_read:
        _tell(older, newer)


def _tell(older: ProgressReport, newer: ProgressReport) -> None:
    """Tell those who were asked to read a draft that it needs no answer any more."""
    values = {
        **report_named(older),
        "known_at": newer.known_at.isoformat(),
        "is_issued": newer.issued_at is not None,
    }
    asked = older.reviews.values_list("unit_id", flat=True)
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=REPLACED_KIND,
                key=f"{older.uuid}|replaced|{newer.uuid}",
                target_type=older.type_name(),
                target_uuid=older.uuid,
                values=values,
            )
            for user in unit_people(asked)
        ]
    )
