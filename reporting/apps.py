"""The reporting app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ibzplan.core import navigation

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReportingConfig(AppConfig):
    """Dashboards, progress reports, exports."""

    name = "reporting"

    def ready(self) -> None:
        """Fill the main navigation, and say how reports are called."""
        navigation.register(
            navigation.NavEntry(10, "reporting:dashboard", _("Dashboard"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(
                30,
                "planning:own_unit",
                _("My directorate"),
                _plans,
                prefixes=("/doelstellingen/",),
            )
        )
        navigation.register(
            navigation.NavEntry(50, "reporting:reports", _("Reports"), _reads_reports)
        )
        _describe_reports()


def _describe_reports() -> None:
    from ibzplan.core import subjects
    from reporting.models import ProgressReport
    from reporting.subjects import describe_reports

    subjects.register(ProgressReport.type_name(), describe_reports)


def _plans(request: "HttpRequest") -> bool:
    """Tell whether the user enters or validates for a directorate."""
    from personnel.access import access_of
    from personnel.choices import Role

    return bool(access_of(request.user).roles & {Role.PLANNER, Role.HEAD})


def _reads_reports(request: "HttpRequest") -> bool:
    """Tell whether there is a list of reports for the user."""
    from personnel.access import access_of
    from reporting.selectors.reports import reads_reports

    return reads_reports(access_of(request.user))
