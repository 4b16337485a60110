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
            queue_sources,
            remarks,
            search,
            translations,
        )

        search.register_all()
        translations.register_all()
        drafts.register_all()
        remarks.register_all()
        queue_sources.register_all()
        amendment_queue.register_amendments()
        evaluation_queue.register_evaluations()
        navigation.register(
            navigation.NavEntry(20, "planning:queue", _("To do"), _has_queue, count=_queue_count)
        )
        navigation.register(
            navigation.NavEntry(35, "planning:library", _("Indicators"), lambda _request: True)
        )
        navigation.register(
            navigation.NavEntry(40, "planning:data_quality", _("Data quality"), _reads_quality)
        )


def _has_queue(request: "HttpRequest") -> bool:
    """Tell whether something can wait for the user: those who plan, review and decide."""
    from objectives.planning.selectors.queues import has_queue
    from personnel.access import access_of

    return has_queue(access_of(request.user))


def _queue_count(request: "HttpRequest") -> int:
    """Return how many things wait for the user."""
    from objectives.planning.selectors.queues import queue_count
    from personnel.access import signed_in

    return queue_count(signed_in(request.user))


def _reads_quality(request: "HttpRequest") -> bool:
    """Tell whether there is a data quality page for the user."""
    from objectives.planning.selectors.quality import reads_quality
    from personnel.access import access_of

    return reads_quality(access_of(request.user))
