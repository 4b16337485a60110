"""Final evaluations on the page "waiting for you"."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.closing import evaluations_waiting
from objectives.planning.selectors.queues import Counted, QueueRow, QueueSource, register
from personnel.access import Access
from personnel.choices import Role
from personnel.models import User

_ORDER: Final = 65


def _waiting(access: Access) -> QuerySet[OperationalObjective]:
    return evaluations_waiting(access.unit_ids, timezone.localdate())


def _writes(access: Access) -> bool:
    return access.has(Role.PLANNER, Role.HEAD) and bool(access.unit_ids)


def _rows(_user: User, access: Access) -> Iterable[QueueRow]:
    if not _writes(access):
        return []
    return [
        QueueRow(
            title=row.title,
            url=reverse("planning:evaluation", args=[row.uuid]),
            code=row.code,
            unit=row.unit.code,
            year=row.plan.year,
            note=(
                _("A draft: the head hands it in.")
                if hasattr(row, "final_evaluation")
                else _("Not written yet.")
            ),
        )
        for row in _waiting(access).select_related("plan", "unit", "final_evaluation")
    ]


def _count(_user: User, access: Access) -> Counted:
    return _waiting(access) if _writes(access) else None


def register_evaluations() -> None:
    """Let evaluations that are not handed in wait for the unit: its planners and its head."""
    register(
        QueueSource(
            name="evaluations",
            order=_ORDER,
            label=gettext_lazy("Final evaluations to write and hand in"),
            rows=_rows,
            count=_count,
        )
    )
