"""What the first page tells a user: what waits, what changed, which days come near.

Everything but the messages holds until a fact is recorded or another day begins, so that it is
read once and kept: see `ibzplan.core.steady`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from ibzplan.core.choices import QuestionKind
from ibzplan.core.clocks import Clocks
from ibzplan.core.follows.selectors import follows_of
from ibzplan.core.models import Follow, Notification
from ibzplan.core.questions.rows import QuestionRow, question_rows
from ibzplan.core.questions.selectors import open_requests, questions_visible
from ibzplan.core.steady import steady
from ibzplan.core.subjects import Reference
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.plan_years import current_plan
from objectives.planning.selectors.quality import Tally, data_quality, reads_quality
from objectives.planning.selectors.queues import QueueRow, queue_brief
from objectives.planning.selectors.readings import readings_at
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User
from reporting.models import ProgressReport
from reporting.selectors.calendar import calendar_of_years, own_items
from reporting.selectors.calendar_item import CalendarItem
from reporting.selectors.follow_change import FOLLOWED_KIND
from reporting.selectors.followed import Followed, followed_since
from reporting.selectors.movements import last_report
from reporting.selectors.reports import (
    ReportProgress,
    makes_reports,
    reports_progress,
    reports_visible_to,
)
from reporting.selectors.restated import restated_figures

# What changed is told of so many days.
RECENT_DAYS: Final = 30
MOST_MESSAGES: Final = 6
MOST_DATES: Final = 5
MOST_REPORTS: Final = 3


@dataclass(frozen=True, slots=True)
class WaitingKind:
    """One kind of thing that waits: how many, how many of them late, and the first one."""

    name: str
    label: str
    count: int
    late: int
    first: QueueRow


@dataclass(frozen=True, slots=True)
class DateLine:
    """What is due on a day: the same thing of several units is one line."""

    item: CalendarItem
    units: tuple[str, ...]
    given: int
    expected: int


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A directorate with what it should have done by now."""

    code: str
    things: int
    figures: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What units ask a cabinet to decide, and what it was answered lately."""

    requests: tuple[QuestionRow, ...]
    answered: tuple[QuestionRow, ...]


def waiting_for(user: User) -> list[WaitingKind]:
    """Return what waits for the user by kind, in the order and the words of the page of it."""
    return [
        WaitingKind(
            name=group.source.name,
            label=str(group.source.label),
            count=len(group.rows),
            late=sum(row.is_late for row in group.rows),
            first=group.rows[0],
        )
        for group in queue_brief(user)
    ]


def followed_now(user: User, today: date) -> Mapping[Reference, Followed]:
    """Return what the user follows and may see, with what changed since they were told."""
    return _followed(user.pk, access_of(user), today)


@steady
def _followed(user_pk: int, access: Access, today: date) -> Mapping[Reference, Followed]:
    follows = _follows(user_pk)
    now = Clocks(today, Clocks.now().known_at)
    found = followed_since(follows, access=access, now=now)
    return {(row.target_type, row.target_uuid): found[row.pk] for row in follows if row.pk in found}


@steady
def _follows(user_pk: int) -> tuple[Follow, ...]:
    return tuple(follows_of(User(pk=user_pk)))


def told_lately(user: User, since: datetime) -> list[Notification]:
    """Return what the user was told of what they follow, newest first: one query."""
    rows = Notification.objects.filter(user=user, kind=FOLLOWED_KIND, created_at__gte=since)
    return list(rows)


def recent_since() -> datetime:
    """Return since when a change is recent."""
    return timezone.now() - timedelta(days=RECENT_DAYS)


@steady
def _days(access: Access, today: date) -> tuple[CalendarItem, ...]:
    """Return everything that asks someone, of what concerns the reader."""
    items = calendar_of_years(access, (today.year - 1, today.year, today.year + 1))
    return tuple(item for item in own_items(items, access) if item.asks_someone)


def next_dates(access: Access, today: date) -> list[DateLine]:
    """Return the first days from today that concern the reader, the same thing in one line.

    For who has to act or answers for it: planners and heads see what they do, a cabinet what its
    units owe, whoever runs or reads the whole cycle all of it.
    """
    lines: dict[tuple[object, ...], list[CalendarItem]] = {}
    for item in _days(access, today):
        if item.day >= today and _concerns(item, access):
            key = (item.day, item.kind, item.plan.pk, item.period, str(item.text))
            lines.setdefault(key, []).append(item)
    return [_line(items) for items in list(lines.values())[:MOST_DATES]]


def _concerns(item: CalendarItem, access: Access) -> bool:
    acting = access.roles & {Role.PLANNER, Role.HEAD, Role.COMMITTEE}
    return not acting or acting != access.roles or bool(set(item.roles) & acting)


def _line(items: Sequence[CalendarItem]) -> DateLine:
    units = sorted({item.unit.code for item in items if item.unit is not None})
    return DateLine(
        item=items[0],
        units=tuple(units),
        given=sum(item.given for item in items),
        expected=sum(item.expected for item in items),
    )


def late_units(access: Access, today: date) -> list[LateUnit]:
    """Return the directorates that are late, those with most first."""
    things: dict[str, list[CalendarItem]] = {}
    for item in _days(access, today):
        if item.is_late(today) and item.unit is not None:
            things.setdefault(item.unit.code, []).append(item)
    found = [
        LateUnit(code, len(items), sum(item.missing for item in items))
        for code, items in things.items()
    ]
    return sorted(found, key=lambda one: (-one.things, -one.figures, one.code))


@steady
def asked_of_cabinet(access: Access, today: date, _language: str) -> Asked:
    """Return the decisions that the reader's minister is asked, and the last answers."""
    clocks = Clocks.now()
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    answered = (
        questions_visible(access)
        .filter(kind=QuestionKind.QUESTION, answers__answered_at__gte=since)
        .distinct()
        .select_related("asked_by", "withdrawn_by")
        .prefetch_related("answers")
    )
    rows = list(answered)
    for row in rows:
        row.known_answers = list(row.answers.all())  # type: ignore[attr-defined]
    newest = sorted(
        question_rows(rows, clocks), key=lambda row: row.answers[-1].answered_at, reverse=True
    )
    requests = open_requests(access, Clocks(today, clocks.known_at))
    return Asked(tuple(requests), tuple(newest))


def reports_making(access: Access) -> list[ReportProgress]:
    """Return the reports that are being made or wait to be issued: two queries at most."""
    if not makes_reports(access):
        return []
    rows = reports_visible_to(access).filter(issued_at=None).defer("snapshot")[:MOST_REPORTS]
    listed = list(rows)
    return reports_progress(listed) if listed else []


@steady
def reports_issued(access: Access) -> tuple[ProgressReport, ...]:
    """Return the last reports that were issued, of those the reader may see."""
    rows = reports_visible_to(access).filter(issued_at__isnull=False).defer("snapshot")
    return tuple(rows.order_by("-issued_at", "-pk")[:MOST_REPORTS])


@steady
def quality_total(access: Access, _today: date) -> Tally | None:
    """Return how good the figures of the running plan are; None for who does not read that."""
    plan = current_plan(None)
    if plan is None or not reads_quality(access):
        return None
    return data_quality(plan=plan, clocks=Clocks.now(), access=access).total


@dataclass(frozen=True, slots=True)
class Restated:
    """How many figures of the last report say something else by now."""

    report: ProgressReport
    count: int


@steady
def restated_lately(access: Access, today: date) -> Restated | None:
    """Return what the last issued report on the running plan said otherwise; None without one."""
    plan = current_plan(None)
    if plan is None:
        return None
    now = Clocks(today, Clocks.now().known_at)
    last = last_report(plan, None, now, access)
    if last is None:
        return None
    objectives = list(
        OperationalObjective.objects.visible_to(access)
        .filter(plan=plan, approved_at__lte=now.known_at)
        .select_related("plan", "unit", "werf")
    )
    before, after = readings_at(objectives, [last.clocks, now], access=access)
    return Restated(last.report, len(restated_figures(before, after)))
