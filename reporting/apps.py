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
        _read_ahead()
        navigation.register(
            navigation.NavEntry(1, "home", _("Start"), lambda _request: True, is_exact=True)
        )
        navigation.register(
            navigation.NavEntry(10, "reporting:dashboard", _("Dashboard"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(
                15,
                "planning:own_unit",
                _("My directorate"),
                _plans,
                prefixes=("/doelstellingen/",),
            )
        )
        navigation.register(
            navigation.NavEntry(30, "reporting:calendar", _("Calendar"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(35, "reporting:reports", _("Reports"), _reads_reports)
        )
        navigation.register(
            navigation.NavEntry(
                42, "reporting:alignment", _("Alignment"), lambda _request: True, is_aside=True
            )
        )
        navigation.register(
            navigation.NavEntry(
                36, "reporting:compare", _("Compare"), lambda _request: True, is_aside=True
            )
        )
        navigation.register(
            navigation.NavEntry(
                80, "reporting:translations", _("Translations"), _translates, is_aside=True
            )
        )
        navigation.register(
            navigation.NavEntry(
                90,
                "reporting:reorganisations",
                _("Reorganisations"),
                _reads_reorganisations,
                is_aside=True,
            )
        )
        _tell_deadlines()
        _tell_followers()
        _describe_reports()
        _tell_reports()
        _take_remarks()


def _read_ahead() -> None:
    """Have a process read the running plan when it starts."""
    from ibzplan.core import steady
    from reporting.ahead import read_running_plan

    steady.ahead(read_running_plan)


def _tell_deadlines() -> None:
    """Say how reminders read, and let near deadlines wait for the corporate cell."""
    from ibzplan.core.notifications import registry
    from objectives.planning.selectors import queues
    from reporting.reminder_texts import tell_deadline
    from reporting.selectors.soon import soon_count
    from reporting.services.reminders import KIND
    from reporting.waiting import soon_rows

    registry.register(KIND, tell_deadline)
    queues.register(
        queues.QueueSource(
            name="deadlines",
            order=90,
            label=_("Dates of the plan cycle"),
            rows=soon_rows,
            count=soon_count,
        )
    )


def _tell_followers() -> None:
    """Say how changes in what someone follows read."""
    from ibzplan.core.notifications import registry
    from reporting.follow_texts import tell_followed
    from reporting.services.follows import KIND

    registry.register(KIND, tell_followed)


def _tell_reports() -> None:
    """Say how messages about reports read."""
    from ibzplan.core.notifications import registry
    from reporting.report_texts import (
        tell_failed,
        tell_made,
        tell_replaced,
        tell_review,
        tell_reviewed,
        tell_standstill,
    )
    from reporting.services.report_cycles import STANDSTILL_KIND
    from reporting.services.report_replacing import REPLACED_KIND
    from reporting.services.report_reviewing import ANSWERED_KIND, REVIEW_KIND
    from reporting.services.report_telling import FAILED_KIND, MADE_KIND

    registry.register(REVIEW_KIND, tell_review)
    registry.register(ANSWERED_KIND, tell_reviewed)
    registry.register(REPLACED_KIND, tell_replaced)
    registry.register(STANDSTILL_KIND, tell_standstill)
    registry.register(MADE_KIND, tell_made)
    registry.register(FAILED_KIND, tell_failed)


def _describe_reports() -> None:
    from ibzplan.core import subjects
    from reporting.models import ProgressReport
    from reporting.subjects import describe_reports

    subjects.register(ProgressReport.type_name(), describe_reports)


def _take_remarks() -> None:
    """Let reports take remarks at their paragraphs."""
    from ibzplan.core.comments import registry
    from reporting.models import ProgressReport
    from reporting.report_remarks import REPORT_REMARKS

    registry.register(ProgressReport.type_name(), REPORT_REMARKS)


def _plans(request: "HttpRequest") -> bool:
    """Tell whether the user enters or validates for a directorate."""
    from personnel.access import access_of
    from personnel.choices import Role

    return bool(access_of(request.user).roles & {Role.PLANNER, Role.HEAD})


def _translates(request: "HttpRequest") -> bool:
    """Tell whether texts can wait for the user's translation."""
    from personnel.access import access_of
    from reporting.selectors.translations import translates

    return translates(access_of(request.user))


def _reads_reorganisations(request: "HttpRequest") -> bool:
    """Tell whether there is a list of reorganisations for the user."""
    from personnel.access import access_of
    from reporting.selectors.reorganisation import reads_reorganisations

    return reads_reorganisations(access_of(request.user))


def _reads_reports(request: "HttpRequest") -> bool:
    """Tell whether there is a list of reports for the user."""
    from personnel.access import access_of
    from reporting.selectors.reports import reads_reports

    return reads_reports(access_of(request.user))
