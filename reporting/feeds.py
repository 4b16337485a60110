"""What may change in the lists of deadlines and progress reports: their change feeds."""

from typing import Any

from django.db.models import Q, QuerySet

from ibzplan.core.api.feed_window import Feed, Tells, Trail, Window, changed, created, touching
from ibzplan.core.clocks import SETTLED_AFTER
from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from objectives.planning.models import OperationalPlan
from personnel.access import access_of
from personnel.models import OrganisationUnit
from personnel.structure import all_units
from reporting.choices import ReportState
from reporting.models import Deadline, ProgressReport, ReportReview


def _removed(window: Window) -> QuerySet[Any]:
    """Return the deadlines of the reader that someone took out."""
    seen = Deadline.objects.visible_to(access_of(window.then.user))
    return seen.filter(window.instants("removed_at"))


def _moved(window: Window) -> QuerySet[Any]:
    """Return the deadlines of the reader, or of everyone, that are for another unit now."""
    access = access_of(window.then.user)
    own = {unit.pk for unit in all_units()} if access.sees_submitted else access.unit_ids
    mine = {
        str(unit.uuid)
        for unit in all_units()
        if unit.pk in own | access.minister_unit_ids and access.reaches(unit.pk)
    }
    moved = window.history(Deadline).filter(changes__has_key="unit")
    seen = [
        uuid
        for uuid, changes in moved.values_list("target_uuid", "changes")
        if changes["unit"][0] is None or changes["unit"][0] in mine
    ]
    return Deadline.objects.filter(uuid__in=seen)


DEADLINES = Feed(
    (
        created(Deadline),
        touching(
            Deadline,
            changed(Deadline),
            changed(OperationalPlan, "plan__uuid"),
            changed(OrganisationUnit, "unit__uuid"),
        ),
        Trail(_removed, Tells.ALWAYS),
        Trail(_moved, Tells.ALWAYS),
    )
)


def _unmade(window: Window) -> Q:
    """Return the condition on reports that nobody makes any more, by the jobs that ended.

    A job has the hour of its worker, not an instant of the record clock: what is recent is told
    again.
    """
    jobs = Job.objects.filter(
        target_type=ProgressReport.type_name(),
        state__in=[JobState.FAILED, JobState.CANCELLED],
        ended_at__gt=window.after - SETTLED_AFTER,
    )
    unmade = ~Q(state=ReportState.READY)
    return unmade & Q(uuid__in=jobs.order_by().values("target_uuid"))


def _published(window: Window) -> Q:
    """Return the condition on reports of which files appeared."""
    return window.instants("files__published_at")


REPORTS = Feed(
    (
        created(ProgressReport),
        touching(
            ProgressReport,
            changed(ProgressReport),
            changed(ReportReview, "reviews__uuid"),
            _published,
            _unmade,
        ),
    ),
    by_the_hour=True,
)
