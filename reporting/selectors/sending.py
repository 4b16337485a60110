"""To whom an issued report can be sent, and what goes with it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from ibzplan.core.models import Job
from ibzplan.core.models.job import JobState
from personnel.choices import Role
from personnel.models import RoleAssignment, User
from reporting.choices import ReportFormat
from reporting.models import ProgressReport, ReportFile, ReportSending

# A worker took it and did not say (yet) what became of it.
UNCONFIRMED: Final = "unconfirmed"


def recipients_of(report: ProgressReport) -> list[User]:
    """Return the cabinet staff of the report's minister who have an address: one query."""
    rows = RoleAssignment.objects.filter(
        role=Role.CABINET,
        minister=report.minister_id,
        user__is_active=True,
        user__is_client=False,
    ).exclude(user__email="")
    found = {row.user_id: row.user for row in rows.select_related("user")}
    return sorted(found.values(), key=lambda user: str(user))


def files_to_send(report: ProgressReport) -> list[ReportFile]:
    """Return the published final files of a report, in the order of the formats."""
    rows = report.files.filter(is_final=True, published_at__isnull=False)
    return sorted(rows, key=lambda row: ReportFormat.values.index(row.format))


def sendings_underway(sendings: Iterable[ReportSending]) -> set[UUID]:
    """Return the sendings that a worker took and still has; no query when it took none."""
    taken = [row.uuid for row in sendings if row.error == UNCONFIRMED]
    if not taken:
        return set()
    jobs = Job.objects.filter(
        target_type=ReportSending.type_name(),
        target_uuid__in=taken,
        state__in=[JobState.QUEUED, JobState.RUNNING, JobState.WAITING],
    )
    return set(jobs.values_list("target_uuid", flat=True))


def reached_by(sendings: Iterable[ReportSending]) -> set[int]:
    """Return the ids of the recipients who got a mail, or to whom one is on its way."""
    rows = list(sendings)
    underway = sendings_underway(rows)
    return {row.recipient_id for row in rows if not row.error or row.uuid in underway}
