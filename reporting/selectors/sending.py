"""To whom an issued report can be sent, and what goes with it."""

from django.utils import timezone

from personnel.choices import Role
from personnel.models import RoleAssignment, User
from reporting.models import ProgressReport, ReportFile


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
    """Return the published final files of a report."""
    now = timezone.now()
    return list(report.files.filter(is_final=True, published_at__lte=now))
