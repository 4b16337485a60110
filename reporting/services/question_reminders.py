"""Reminders of questions that wait for an answer, on the days on which dates are reminded too.

A week late the head of the unit is told on their own; a cabinet is never told more than late.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Question
from ibzplan.core.questions import registry
from ibzplan.core.questions.selectors import open_at
from ibzplan.core.questions.telling import Event, values_of
from ibzplan.core.services.notifications import Message, notifications_make
from ibzplan.core.services.questions import KIND
from personnel.choices import Role
from personnel.models import RoleAssignment, SupervisingMinister, User
from reporting.choices import ReminderStage
from reporting.selectors.people import People, acting_people
from reporting.services.reminder_stages import Stage, stages_due

_EVENTS: Mapping[str, Event] = {
    ReminderStage.BEFORE: Event.DUE,
    ReminderStage.ON_DAY: Event.DUE,
    ReminderStage.LATE: Event.LATE,
    ReminderStage.ESCALATION: Event.ESCALATED,
}


def question_reminders_make(*, today: date) -> int:
    """Tell everyone who has to answer what they were not told yet; return how many messages.

    A dozen queries, whatever the number of people and questions.
    """
    waiting = open_at(Question.objects.all(), Clocks.now())
    asked = [row for row in waiting if stages_due(row.due_on, today)]
    if not asked:
        return 0
    keys = [(row.target_type, row.target_uuid) for row in asked]
    abouts, owners = registry.abouts(keys), registry.owners(keys)
    people, cabinets = acting_people(), _cabinets()
    messages = [
        message
        for row, key in zip(asked, keys, strict=True)
        if key in owners
        for stage in stages_due(row.due_on, today)
        for message in _messages(
            row, stage, abouts[key], _told(row, stage, owners[key], people, cabinets)
        )
    ]
    return notifications_make(messages=messages) if messages else 0


def _messages(
    row: Question, stage: Stage, about: registry.About, users: list[User]
) -> Iterator[Message]:
    values = values_of(row, _EVENTS[stage.kind], about)
    for user in users:
        yield Message(
            user=user,
            kind=KIND,
            key=f"{KIND}|{row.uuid}|{row.due_on.isoformat()}|{stage.name}",
            target_type=row.type_name(),
            target_uuid=row.uuid,
            is_escalation=stage.kind == ReminderStage.ESCALATION,
            values=values,
        )


def _told(
    row: Question,
    stage: Stage,
    unit_id: int,
    people: People,
    cabinets: Mapping[object, list[User]],
) -> list[User]:
    """Return who has to answer; of an escalation the head alone."""
    is_escalated = stage.kind == ReminderStage.ESCALATION
    if row.kind == QuestionKind.REQUEST:
        return [] if is_escalated else cabinets.get(row.minister_uuid, [])
    heads = people.acting(Role.HEAD, [unit_id])
    planners = {} if is_escalated else people.acting(Role.PLANNER, [unit_id])
    return list(heads | planners)


def _cabinets() -> dict[object, list[User]]:
    """Return the active cabinet staff by the UUID of their minister: two queries."""
    offices = dict(SupervisingMinister.objects.values_list("pk", "uuid"))
    found: dict[object, list[User]] = {}
    for row in RoleAssignment.objects.filter(
        role=Role.CABINET, user__is_active=True, user__is_client=False
    ).select_related("user"):
        if row.minister_id is not None:
            found.setdefault(offices[row.minister_id], []).append(row.user)
    return found
