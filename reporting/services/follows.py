"""Telling followers: what changed in what they follow, once a day, as far as they may see it.

Nothing is told twice: a message has a key of record and day, and what was told moves the follow's
`told_until` in the transaction of the message. Nothing is lost: a run that dies leaves
`told_until` where it was, and the next one tells from there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from django.db import transaction
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.follows.registry import followables
from ibzplan.core.models import Follow
from ibzplan.core.services import next_instant
from ibzplan.core.services.notifications import Message, notifications_make
from personnel.access import Access, access_of
from personnel.models import User
from reporting.selectors.follow_change import FOLLOWED_KIND
from reporting.selectors.followed import Followed, followed_since
from reporting.selectors.followed_events import events_between

KIND: Final = FOLLOWED_KIND
# So many follows are read at once.
BATCH_SIZE: Final = 500


def followers_tell(*, today: date) -> int:
    """Tell everyone what changed in what they follow; return how many messages are new.

    What was told, or begun to be followed, today waits until tomorrow. Some thirty queries for
    each batch of readers with the same rights, and a transaction for each reader.
    """
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    waiting = list(
        Follow.objects.filter(
            told_until__lt=midnight,
            target_type__in=[name for name, _kind in followables()],
            user__is_active=True,
            user__is_client=False,
        )
        .select_related("user")
        .order_by("user_id", "pk")
    )
    if not waiting:
        return 0
    now = Clocks(today, _instant())
    events = events_between(min(row.told_until for row in waiting), now.known_at)
    told = 0
    for access, follows in _batches(waiting):
        found = followed_since(follows, access=access, now=now, events=events)
        for user, own in _by_user(follows).items():
            told += _tell(user, own, found, until=now.known_at, today=today)
    return told


@transaction.atomic
def _instant() -> datetime:
    """Return an instant before which everything is committed: no writer in flight has it."""
    return next_instant()


def _batches(follows: Sequence[Follow]) -> Iterator[tuple[Access, list[Follow]]]:
    """Yield the follows by what their users may see: of equal rights one reading serves all."""
    users = {row.user_id: row.user for row in follows}
    rights = {pk: access_of(user) for pk, user in users.items()}
    by_access: dict[Access, list[Follow]] = {}
    for row in follows:
        row.user = users[row.user_id]
        by_access.setdefault(rights[row.user_id], []).append(row)
    for access, rows in by_access.items():
        for start in range(0, len(rows), BATCH_SIZE):
            yield access, rows[start : start + BATCH_SIZE]


def _by_user(follows: Sequence[Follow]) -> dict[User, list[Follow]]:
    found: dict[User, list[Follow]] = {}
    for row in follows:
        found.setdefault(row.user, []).append(row)
    return found


@transaction.atomic
def _tell(
    user: User,
    follows: Sequence[Follow],
    found: Mapping[int, Followed],
    *,
    until: datetime,
    today: date,
) -> int:
    """Tell one user, and note up to when; what another run told meanwhile is left alone."""
    rows = Follow.objects.select_for_update().filter(pk__in=[row.pk for row in follows])
    as_read = {row.pk: row.told_until for row in follows}
    own = [row for row in rows if row.told_until == as_read[row.pk]]
    messages = [
        _message(user, row, found[row.pk], today)
        for row in own
        if row.pk in found and found[row.pk].changes
    ]
    made = notifications_make(messages=messages) if messages else 0
    Follow.objects.filter(pk__in=[row.pk for row in own]).update(told_until=until)
    return made


def _message(user: User, follow: Follow, found: Followed, today: date) -> Message:
    return Message(
        user=user,
        kind=KIND,
        key=f"{KIND}|{follow.target_type}|{follow.target_uuid}|{today.isoformat()}",
        target_type=follow.target_type,
        target_uuid=follow.target_uuid,
        values={
            "code": found.code,
            "title": found.title.as_json(),
            "url": found.url,
            "changes": [change.as_json() for change in found.changes],
        },
    )
