"""Reminders: who has to act is told before, on and after the day, and their head a week late.

Nothing is sent twice: each message has a key of thing, day and stage, and a user keeps one of each.
Nothing is forgotten: a run looks at what should have been told by today, not only at what falls on
today, so that a day on which nothing ran is caught up by the next one. A day that moves begins
anew. What is done when a run looks is not reminded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings

from ibzplan.core.services.notifications import Message, digests_send, notifications_make
from objectives.planning.models import OperationalPlan
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit, User
from reporting.calendar_texts import link_of
from reporting.choices import ReminderStage
from reporting.models import Deadline
from reporting.selectors.calendar import calendar_items
from reporting.selectors.calendar_item import CalendarItem
from reporting.selectors.people import People, acting_people
from reporting.services.question_reminders import question_reminders_make
from reporting.services.reminder_stages import Stage, stages_due

KIND: Final = "deadline"


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did: messages made, mails sent."""

    made: int
    mailed: int


def reminders_send(*, today: date) -> Sent:
    """Make the reminders due by today, then mail each user at most one digest."""
    made = reminders_make(today=today) + question_reminders_make(today=today)
    return Sent(made, digests_send(today=today))


def reminders_make(*, today: date) -> int:
    """Tell everyone who has to act what they were not told yet; return how many messages.

    A dozen queries, whatever the number of people and dates.
    """
    years = range(today.year - 1, today.year + 2)
    plans = list(OperationalPlan.objects.filter(year__in=years).select_related("plan"))
    everything = calendar_items(plans=plans, access=Access(is_superuser=True))
    asked = [item for item in everything if item.asks_someone and stages_due(item.day, today)]
    if not asked:
        return 0
    people = acting_people()
    codes = dict(OrganisationUnit.objects.values_list("pk", "code"))
    messages = [
        message for item in asked for message in _messages(item, people, codes, today=today)
    ]
    return notifications_make(messages=messages) if messages else 0


def _messages(
    item: CalendarItem, people: People, codes: Mapping[int, str], *, today: date
) -> Iterator[Message]:
    """Yield the messages of one thing; a head who is told of the escalation gets that alone."""
    for stage in stages_due(item.day, today):
        for user, unit_ids in _told(item, stage, people, today).items():
            yield Message(
                user=user,
                kind=KIND,
                key=f"{item.key}|{item.day.isoformat()}|{stage.name}",
                target_type=Deadline.type_name() if item.deadline else "",
                target_uuid=item.deadline.uuid if item.deadline else None,
                is_escalation=stage.kind == ReminderStage.ESCALATION,
                values={
                    "stage": stage.kind.value,
                    "kind": item.kind.value,
                    "year": item.plan.year,
                    "day": item.day.isoformat(),
                    "days_left": item.days_until(today),
                    "text": item.text.as_json(),
                    "period": str(item.period or ""),
                    "given": item.given,
                    "expected": item.expected,
                    "units": sorted(codes[pk] for pk in unit_ids),
                    "url": link_of(item),
                },
            )


def _told(item: CalendarItem, stage: Stage, people: People, today: date) -> dict[User, list[int]]:
    """Return whom a stage addresses, with the units for which they have to act."""
    if stage.kind == ReminderStage.ESCALATION:
        return people.acting(Role.HEAD, item.open_unit_ids) if Role.HEAD in item.roles else {}
    is_escalated = item.days_until(today) <= -settings.ESCALATION_DAYS_LATE
    found: dict[User, list[int]] = {}
    for role in item.roles:
        if role not in (Role.PLANNER, Role.HEAD):
            found |= {user: [] for user in people.of_all.get(role, ())}
        elif not (role == Role.HEAD and is_escalated):
            for user, unit_ids in people.acting(role, item.open_unit_ids).items():
                found[user] = sorted({*found.get(user, []), *unit_ids})
    return found
