"""How reports are called where lower layers refer to them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.subjects import Subject
from personnel.access import access_of
from reporting.models import ProgressReport
from reporting.selectors.reports import reports_visible_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


def describe_reports(uuids: Sequence[UUID], user: "User | AnonymousUser") -> Mapping[UUID, Subject]:
    """Return title and address of reports; no address for whoever may not open them."""
    rows = ProgressReport.objects.filter(uuid__in=uuids).select_related("minister")
    opened = set(
        reports_visible_to(access_of(user)).filter(uuid__in=uuids).values_list("uuid", flat=True)
    )
    return {
        row.uuid: Subject(
            _("Progress report %(minister)s, %(date)s (%(language)s)")
            % {
                "minister": row.minister.short_title,
                "date": date_format(row.reference_date, "DATE_FORMAT"),
                "language": row.language,
            },
            reverse("reporting:report", args=[row.uuid]) if row.uuid in opened else "",
        )
        for row in rows
    }
