"""Dates of the plan cycle on the page of what waits for the corporate cell."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from objectives.planning.selectors.queues import QueueRow
from personnel.access import Access
from personnel.choices import Role
from personnel.models import User
from reporting.calendar_texts import link_of, state_of, title_of
from reporting.selectors.calendar import sending_item
from reporting.selectors.calendar_deadlines import deadline_items
from reporting.selectors.soon import SOON_DAYS, soon_deadlines, soon_sendings


def soon_rows(_user: User, access: Access) -> Iterator[QueueRow]:
    """Yield what is near or late, the earliest first; two queries."""
    if Role.CORPORATE not in access.roles:
        return
    today = timezone.localdate()
    until = today + timedelta(days=SOON_DAYS)
    sendings = (sending_item(plan) for plan in soon_sendings(until).select_related("plan"))
    items = [
        *deadline_items(soon_deadlines(until).select_related("plan", "plan__plan", "unit")),
        *(item for item in sendings if item is not None),
    ]
    for item in sorted(items, key=lambda item: (item.day, item.key)):
        yield QueueRow(
            title=title_of(item),
            url=link_of(item),
            unit=item.unit.code if item.unit else "",
            year=item.plan.year,
            deadline=item.day,
            is_late=item.is_late(today),
            note=state_of(item, today),
        )
