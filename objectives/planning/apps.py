"""The objectives.planning app."""

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest


class PlanningConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.planning"
    label = "planning"

    def ready(self) -> None:
        """Make objectives and indicators searchable, fill the navigation."""
        from ibzplan.core import navigation
        from objectives.planning import (
            amendment_queue,
            drafts,
            evaluation_queue,
            follows,
            questions,
            queue_sources,
            remarks,
            search,
            translations,
        )

        search.register_all()
        translations.register_all()
        drafts.register_all()
        remarks.register_all()
        questions.register_all()
        follows.register_all()
        queue_sources.register_all()
        amendment_queue.register_amendments()
        evaluation_queue.register_evaluations()
        navigation.register(
            navigation.NavEntry(5, "planning:queue", _("To do"), _has_queue, count=_queue_count)
        )
        navigation.register(
            navigation.NavEntry(25, "planning:plans", _("Operational plan"), _has_role)
        )
        navigation.register(
            navigation.NavEntry(45, "planning:library", _("Indicators"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(47, "questions:list", _("Questions"), _takes_part, is_aside=True)
        )
        navigation.register(
            navigation.NavEntry(
                50, "planning:data_quality", _("Data quality"), _reads_quality, is_aside=True
            )
        )
        navigation.register(
            navigation.NavEntry(
                60, "planning:smart_overview", _("SMART check"), _reads_quality, is_aside=True
            )
        )
        navigation.register(
            navigation.NavEntry(
                70, "planning:mandates", _("Management functions"), _has_role, is_aside=True
            )
        )


def _has_queue(request: "HttpRequest") -> bool:
    """Tell whether something can wait for the user: those who plan, review and decide."""
    from objectives.planning.selectors.queues import has_queue
    from personnel.access import access_of

    return has_queue(access_of(request.user))


def _has_role(request: "HttpRequest") -> bool:
    """Tell whether the user has a role: plans and functions are for those."""
    from personnel.access import access_of

    access = access_of(request.user)
    return access.is_superuser or bool(access.roles)


def _takes_part(request: "HttpRequest") -> bool:
    """Tell whether questions and decisions are for the user."""
    from personnel.access import access_of
    from personnel.questions import takes_part

    return takes_part(access_of(request.user))


def _queue_count(request: "HttpRequest") -> int:
    """Return how many things wait for the user; a page that lists them counted them."""
    from objectives.planning.selectors.queues import queue_count
    from personnel.access import signed_in

    listed: int | None = getattr(request, "things_waiting", None)
    return queue_count(signed_in(request.user)) if listed is None else listed


def _reads_quality(request: "HttpRequest") -> bool:
    """Tell whether there is a data quality page for the user."""
    from objectives.planning.selectors.quality import reads_quality
    from personnel.access import access_of

    return reads_quality(access_of(request.user))
