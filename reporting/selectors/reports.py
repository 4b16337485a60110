"""Progress reports: who sees which, what they are doing, what changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from ibzplan.core.models import HistoryEntry, Job
from ibzplan.core.models.job import JobState
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Measurement, MeasurementEvent, Target
from objectives.planning.choices import IN_FORCE
from objectives.planning.models import OperationalPlan
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan
from personnel.access import Access
from personnel.choices import Role
from reporting.choices import ReportState
from reporting.models import (
    GateWaiver,
    NumberReview,
    ProgressReport,
    ReportCycle,
    ReportReview,
    ReportSending,
)
from reporting.selectors.reviewing import READ_BY_UNITS

REPORTED_STATES: Final = IN_FORCE
# The ends of the quarters, as (month, day).
QUARTER_ENDS: Final = ((3, 31), (6, 30), (9, 30), (12, 31))
# What is done with reports is in none of them; which one was issued before is looked at apart.
_ABOUT_REPORTS: Final = (
    *(ProgressReport, ReportReview, ReportSending, ReportCycle),
    *(GateWaiver, NumberReview),
)
READERS_OF_ALL: Final = (Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)
# Those who read what was issued for them, and those who read it before.
_READERS: Final = (Role.CABINET, Role.STEERING_GROUP, Role.HEAD, Role.PLANNER)


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """A report with the job made last for it; the two together say how it stands.

    `parts` are the formats that the job has made by jobs of their own.
    """

    report: ProgressReport
    job: Job | None
    parts: tuple[Job, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Tell whether its files can be fetched."""
        return self.report.state == ReportState.READY

    @property
    def is_running(self) -> bool:
        """Tell whether a worker has it, or will have it."""
        return not self.is_ready and self.job is not None and self.job.is_open

    @property
    def has_failed(self) -> bool:
        """Tell whether it is not there and nobody is making it.

        A job that lost its worker too often ends without a word to its report, so that the
        report's own state does not suffice.
        """
        return not self.is_ready and not self.is_running

    @property
    def state(self) -> ReportState:
        """Return the state that its readers are told."""
        if self.is_ready:
            return ReportState.READY
        if self.is_running:
            return ReportState.REQUESTED
        return ReportState.CANCELLED if self.is_cancelled else ReportState.FAILED

    @property
    def is_cancelled(self) -> bool:
        """Tell whether someone stopped it: it is not there, and nothing went wrong."""
        return self.report.state == ReportState.CANCELLED and not self.is_running

    @property
    def is_working(self) -> bool:
        """Tell whether files are being made, also those of a report that is ready."""
        return self.job is not None and self.job.is_open

    @property
    def has_failed_files(self) -> bool:
        """Tell whether none of the final files of an issued report could be made."""
        if self.report.issued_at is None or self.job is None or self.job.state != JobState.FAILED:
            return False
        files = self.report.files.all()
        is_there = any(row.is_final and row.published_at is not None for row in files)
        return self.is_ready and not is_there

    @property
    def failed_parts(self) -> list[Job]:
        """Return the formats that could not be made, each to be tried again."""
        return [part for part in self.parts if part.state == JobState.FAILED]


def reads_reports(access: Access) -> bool:
    """Tell whether there is a list of reports for this user."""
    return access.has(*READERS_OF_ALL, *_READERS)


def makes_reports(access: Access) -> bool:
    """Tell whether the user may ask for a report."""
    return access.has(Role.CORPORATE)


def sees_before_issue(access: Access) -> bool:
    """Tell whether the user reads reports that are not issued yet, and who has to act on them."""
    return access.has(*READERS_OF_ALL, Role.HEAD, Role.PLANNER)


def read_then(access: Access, moment: datetime) -> Q:
    """Return the condition, of reports that the user may see, that they read them at that moment.

    Who reads issued ones only reads those that were issued by then. A planner or a head reads
    before the issue what their units were asked to read, whatever else another role lets them read.
    """
    if access.has(*READERS_OF_ALL):
        return Q()
    return _read_by_unit(access) | Q(issued_at__lte=moment)


def reported_plans(plan: Plan) -> QuerySet[OperationalPlan]:
    """Return the operational plans below a strategic plan that reports are made on."""
    return OperationalPlan.objects.select_related("plan").filter(
        plan=plan, state__in=REPORTED_STATES
    )


def last_quarter_end(plan: Plan, today: date) -> date:
    """Return the last quarter's end before today in a year that reports are made on, else today."""
    years = reported_plans(plan).values_list("year", flat=True)
    ends = [date(year, *end) for year in years for end in QUARTER_ENDS]
    return max((day for day in ends if day < today), default=today)


def reports_visible_to(access: Access) -> QuerySet[ProgressReport]:
    """Return the reports a user may see, newest first.

    The corporate cell, the committee and the auditor see all of them; heads and planners those
    that their units were asked to read, also when another draft took their place since. A cabinet
    sees the issued ones of its own minister, the NVP steering group those on the NVP.
    """
    rows = ProgressReport.objects.filter(access.within_ministers("minister")).select_related(
        "strategic_plan", "plan", "plan__plan", "minister", "requested_by", "issued_by"
    )
    if access.has(*READERS_OF_ALL):
        return rows
    if not reads_reports(access):
        return rows.none()
    return rows.filter(_read_by_unit(access) | (Q(issued_at__isnull=False) & _told_to(access)))


def may_read_for_units(access: Access) -> bool:
    """Tell whether there may be reports that the user reads only because their units were asked."""
    return access.has(Role.HEAD, Role.PLANNER) and not access.has(*READERS_OF_ALL)


def reads_for_units(access: Access, report: ProgressReport) -> bool:
    """Tell whether the user reads a report only because their units were asked to."""
    if not may_read_for_units(access):
        return False
    is_addressee = access.has(Role.CABINET) and report.minister_id in access.minister_ids
    is_steering = access.has(Role.STEERING_GROUP)
    is_told = is_addressee or (is_steering and report.strategic_plan.kind == PlanKind.SECURITY)
    return report.issued_at is None or not is_told


def _read_by_unit(access: Access) -> Q:
    if not access.has(Role.HEAD, Role.PLANNER):
        return Q(pk__in=[])
    asked = ReportReview.objects.filter(report=OuterRef("pk"), unit__in=access.unit_ids)
    was_asked = Q(stage__in=READ_BY_UNITS) | Q(replaced_by__isnull=False)
    return Q(Exists(asked)) & was_asked


def _told_to(access: Access) -> Q:
    own = Q(minister__in=access.minister_ids) if access.has(Role.CABINET) else Q(pk__in=[])
    if access.has(Role.STEERING_GROUP):
        own |= Q(strategic_plan__kind=PlanKind.SECURITY)
    return own


def editions_of(report: ProgressReport) -> QuerySet[ProgressReport]:
    """Return all reports of the same plan, minister, day and language, drafts too."""
    return ProgressReport.objects.filter(
        strategic_plan=report.strategic_plan_id,
        minister=report.minister_id,
        reference_date=report.reference_date,
        language=report.language,
    )


def reports_progress(reports: Iterable[ProgressReport]) -> list[ReportProgress]:
    """Return each report with its latest job and its parts: one query for all of them."""
    rows = list(reports)
    jobs: dict[object, Job] = {}
    parts: dict[int, list[Job]] = {}
    for job in Job.objects.filter(
        target_type=ProgressReport.type_name(), target_uuid__in=[row.uuid for row in rows]
    ).order_by("created_at", "pk"):
        if job.parent_id is None:
            jobs[job.target_uuid] = job
        else:
            parts.setdefault(job.parent_id, []).append(job)
    latest = ((row, jobs.get(row.uuid)) for row in rows)
    return [
        ReportProgress(row, job, tuple(parts.get(job.pk, ())) if job else ()) for row, job in latest
    ]


def report_progress(report: ProgressReport) -> ReportProgress:
    """Return one report with its latest job."""
    return reports_progress([report])[0]


def has_open_job(report: ProgressReport) -> bool:
    """Tell whether a worker has the report, or will have it."""
    return Job.objects.filter(
        target_type=ProgressReport.type_name(),
        target_uuid=report.uuid,
        state__in=[JobState.QUEUED, JobState.RUNNING, JobState.WAITING],
    ).exists()


def changed_between(after: datetime, until: datetime) -> bool:
    """Tell whether anything that a report could show was recorded in (after, until]."""
    facts = Q(recorded_at__gt=after, recorded_at__lte=until)
    if any(model.objects.filter(facts).exists() for model in (Measurement, Target)):
        return True
    # No report shows that a figure is locked; issuing one must not make the next one differ.
    events = MeasurementEvent.objects.exclude(kind=MeasurementEventKind.LOCKED)
    if events.filter(facts).exists():
        return True
    return (
        HistoryEntry.objects.filter(at__gt=after, at__lte=until)
        .exclude(target_type__in=[model.type_name() for model in _ABOUT_REPORTS])
        .exists()
    )
