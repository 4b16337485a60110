"""Progress reports: who sees which, what they are doing, what changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from ibzplan.core.models import HistoryEntry, Job
from ibzplan.core.models.job import JobState
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Measurement, MeasurementEvent, Target
from objectives.planning.choices import IN_FORCE
from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Plan
from personnel.access import Access
from personnel.choices import Role
from reporting.choices import ReportState
from reporting.models import ProgressReport

REPORTED_STATES: Final = IN_FORCE
# The ends of the quarters, as (month, day).
QUARTER_ENDS: Final = ((3, 31), (6, 30), (9, 30), (12, 31))
READERS_OF_ALL: Final = (Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """A report with the job made last for it; the two together say how it stands."""

    report: ProgressReport
    job: Job | None

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
        return ReportState.REQUESTED if self.is_running else ReportState.FAILED


def reads_reports(access: Access) -> bool:
    """Tell whether there is a list of reports for this user."""
    return access.has(*READERS_OF_ALL, Role.CABINET)


def makes_reports(access: Access) -> bool:
    """Tell whether the user may ask for a report."""
    return access.has(Role.CORPORATE)


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
    """Return the reports a user may see, newest first: a cabinet its own minister's, when ready."""
    rows = ProgressReport.objects.select_related(
        "strategic_plan", "plan", "plan__plan", "minister", "requested_by", "issued_by"
    )
    if access.has(*READERS_OF_ALL):
        return rows
    if access.has(Role.CABINET):
        return rows.filter(minister__in=access.minister_ids, state=ReportState.READY)
    return rows.none()


def reports_progress(reports: Iterable[ProgressReport]) -> list[ReportProgress]:
    """Return each report with its latest job: one query for all of them."""
    rows = list(reports)
    jobs: dict[object, Job] = {}
    for job in Job.objects.filter(
        target_type=ProgressReport.type_name(), target_uuid__in=[row.uuid for row in rows]
    ).order_by("created_at", "pk"):
        jobs[job.target_uuid] = job
    return [ReportProgress(row, jobs.get(row.uuid)) for row in rows]


def report_progress(report: ProgressReport) -> ReportProgress:
    """Return one report with its latest job."""
    return reports_progress([report])[0]


def has_open_job(report: ProgressReport) -> bool:
    """Tell whether a worker has the report, or will have it."""
    return Job.objects.filter(
        target_type=ProgressReport.type_name(),
        target_uuid=report.uuid,
        state__in=[JobState.QUEUED, JobState.RUNNING],
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
        .exclude(target_type=ProgressReport.type_name())
        .exists()
    )
