"""Telling whoever asked for a report, or reads it, what became of it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from ibzplan.core.models import Job
from ibzplan.core.services.notifications import Message, notifications_make
from personnel.choices import Role
from personnel.models import User
from reporting.models import ProgressReport
from reporting.selectors.people import acting_people

MADE_KIND: Final = "report_made"
FAILED_KIND: Final = "report_failed"


def report_named(report: ProgressReport) -> dict[str, Any]:
    """Return what a message says of a report, whatever becomes of it."""
    return {
        "minister": report.minister.short_title.as_json(),
        "reference_date": report.reference_date.isoformat(),
        "language": report.language,
    }


def unit_people(unit_ids: Iterable[int]) -> list[User]:
    """Return the heads and planners of units, each once: two queries."""
    people, units = acting_people(), list(unit_ids)
    found = [people.acting(role, units) for role in (Role.HEAD, Role.PLANNER)]
    return list(dict.fromkeys(user for of_role in found for user in of_role))


def made_tell(
    *,
    report: ProgressReport,
    job: Job,
    formats: Sequence[str],
    failed: Sequence[str],
    is_final: bool,
) -> None:
    """Say that files are ready, which formats, and which of them could not be made."""
    if formats or failed:
        values = {"formats": list(formats), "failed": list(failed), "is_final": is_final}
        _tell(report, job, MADE_KIND, values)


def failed_tell(*, report: ProgressReport, job: Job, code: str) -> None:
    """Say that the report, or its final files, could not be made and why."""
    _tell(report, job, FAILED_KIND, {"error": code})


def _tell(report: ProgressReport, job: Job, kind: str, values: dict[str, Any]) -> None:
    """Tell whoever asked for this job, and for the report, once for each time that it ends."""
    users = {user.pk: user for user in (job.requested_by, report.requested_by) if user is not None}
    ended = job.queued_at.isoformat()
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=kind,
                key=f"{report.uuid}|{kind}|{job.uuid}|{ended}",
                target_type=report.type_name(),
                target_uuid=report.uuid,
                values={
                    **report_named(report),
                    **values,
                },
            )
            for user in users.values()
            if user.is_active
        ]
    )
