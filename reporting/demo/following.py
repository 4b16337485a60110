"""What the demo accounts follow, so that their first page and their next mail have something."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from ibzplan.core.models import Follow, Record
from ibzplan.core.steady import reading
from objectives.planning.choices import IN_FORCE
from objectives.planning.models import OperationalObjective, OperationalPlan
from personnel.access import access_of
from personnel.models import User

# They were told last so many days ago: of the quarter that came in since, something is new.
TOLD_DAYS_AGO: Final = 40
MOST_OBJECTIVES: Final = 3
MOST_WERVEN: Final = 1


def follows_write(
    users: Mapping[str, User], objectives: Iterable[OperationalObjective], today: date
) -> list[Follow]:
    """Let each account follow a werf and some objectives of its own that were in force then.

    The same ones each time: the first of the plan, of what it may see.
    """
    told = timezone.make_aware(datetime.combine(today - timedelta(days=TOLD_DAYS_AGO), time(12)))
    running = OperationalPlan.objects.filter(is_demo=True, year=today.year).first()
    wanted = [
        row
        for row in objectives
        if running is not None
        and row.plan_id == running.pk
        and row.state in IN_FORCE
        and row.approved_at is not None
        and row.approved_at < told
    ]
    with reading():  # units and roles are asked for once, not for each account
        rows = [
            _follow(user, target, told)
            for _name, user in sorted(users.items())
            for target in _of(user, sorted(wanted, key=lambda row: row.code))
        ]
    return Follow.objects.bulk_create(rows)


def _of(user: User, objectives: list[OperationalObjective]) -> list[Record]:
    """Return the werven and objectives that this account follows."""
    access = access_of(user)
    units = access.unit_ids | access.minister_unit_ids
    own = [row for row in objectives if row.unit_id in units] or objectives
    werven = list({row.werf_id: row.werf for row in own[:1]}.values())[:MOST_WERVEN]
    step = max(1, len(own) // MOST_OBJECTIVES)
    return [*werven, *own[::step][:MOST_OBJECTIVES]]


def _follow(user: User, target: Record, at: datetime) -> Follow:
    return Follow(
        user=user,
        target_type=target.type_name(),
        target_uuid=target.uuid,
        created_at=at,
        told_until=at,
    )
