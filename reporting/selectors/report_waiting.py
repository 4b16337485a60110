"""For whom a report waits: a worker, the directorates or the corporate cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reporting.choices import ReportStage
from reporting.models import ReportFile, ReportReview
from reporting.selectors.reports import ReportProgress


class Next(StrEnum):
    """What has to happen to a report next."""

    MAKE = "make"
    MAKE_AGAIN = "make_again"
    MAKE_AFTER_STOP = "make_after_stop"
    REVIEW_OR_APPROVE = "review_or_approve"
    REVIEW = "review"
    APPROVE = "approve"
    MAKE_FINAL = "make_final"
    MAKE_FINAL_AGAIN = "make_final_again"
    SEND = "send"
    ARCHIVE = "archive"
    REPLACED = "replaced"
    NOTHING = "nothing"


_OF_OTHERS: Final = (Next.MAKE, Next.MAKE_FINAL, Next.REVIEW, Next.REPLACED, Next.NOTHING)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What comes next; `units` are the directorates that did not answer yet."""

    next: Next
    units: tuple[str, ...] = ()

    @property
    def is_of_corporate(self) -> bool:
        """Tell whether the corporate cell has to act."""
        return self.next not in _OF_OTHERS


def waiting_of(
    progress: ReportProgress, reviews: Iterable[ReportReview], files: Iterable[ReportFile]
) -> Waiting:
    """Return for whom a report waits; `files` are all of its files. No query."""
    report = progress.report
    if report.replaced_by_id is not None:
        return Waiting(Next.REPLACED)
    if not progress.is_ready:
        return Waiting(_making(progress))
    match report.stage:
        case ReportStage.DRAFT:
            return Waiting(Next.REVIEW_OR_APPROVE)
        case ReportStage.REVIEW:
            return _reviewing(list(reviews))
        case ReportStage.APPROVED:
            return Waiting(_issued(progress, files))
        case ReportStage.SENT:
            return Waiting(Next.ARCHIVE)
        case _:
            return Waiting(Next.NOTHING)


def _making(progress: ReportProgress) -> Next:
    if progress.is_running:
        return Next.MAKE
    return Next.MAKE_AFTER_STOP if progress.is_cancelled else Next.MAKE_AGAIN


def _reviewing(reviews: Sequence[ReportReview]) -> Waiting:
    left = tuple(row.unit.code for row in reviews if not row.verdict)
    return Waiting(Next.REVIEW, left) if left else Waiting(Next.APPROVE)


def _issued(progress: ReportProgress, files: Iterable[ReportFile]) -> Next:
    if any(row.is_final and row.published_at is not None for row in files):
        return Next.SEND
    return Next.MAKE_FINAL if progress.is_working else Next.MAKE_FINAL_AGAIN
