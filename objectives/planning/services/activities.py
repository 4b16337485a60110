"""Activities of an objective and their milestones: added, changed, withdrawn, reported.

While an objective is open its planners change all of them, and each change counts as one of the
objective. Once it is in force only what became of a milestone is reported; the rest changes by
amendment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, record_change
from objectives.planning.models import OperationalObjective
from objectives.planning.services.links import open_at, raise_version, refuse_used_key
from objectives.planning.services.objective_sheets import check_dates
from objectives.strategy.choices import ActivityKind
from objectives.strategy.models import Activity, Milestone
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySheet:
    """What a planner states of an activity."""

    kind: str
    title: LocalisedText
    description: LocalisedText = field(default_factory=LocalisedText)
    starts_on: date | None = None
    ends_on: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns of the activity."""
        return {
            "kind": self.kind,
            "title": self.title,
            "description": self.description,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSheet:
    """What a planner states of a milestone; `uuid` names the one that it changes."""

    title: LocalisedText
    due_on: date
    uuid: UUID | None = None


def objective_of(activity: Activity) -> OperationalObjective:
    """Return the operational objective that an activity carries out. One query."""
    found: OperationalObjective = OperationalObjective.objects.select_related("plan", "unit").get(
        uuid=activity.target_uuid
    )
    return found


def _check_activity(sheet: ActivitySheet, year: int) -> None:
    if sheet.kind not in ActivityKind.values:
        raise DomainError(
            "kind_unknown", _("“%(value)s” is no kind of activity.") % {"value": sheet.kind}, "kind"
        )
    if not sheet.title:
        raise DomainError("title_required", _("Give the activity a name."), "title_nl")
    check_dates(sheet.starts_on, sheet.ends_on, year)


def _check_milestone(
    sheet: MilestoneSheet, starts_on: date | None, ends_on: date | None, year: int, row: str
) -> None:
    """Refuse a milestone without a name or outside its activity; `row` begins its fields."""
    if not sheet.title:
        raise DomainError("title_required", _("Give the milestone a name."), f"{row}title_nl")
    first, last = starts_on or date(year, 1, 1), ends_on or date(year, 12, 31)
    if not first <= sheet.due_on <= last:
        raise DomainError(
            "milestone_outside_activity",
            _("%(date)s does not lie between %(first)s and %(last)s.")
            % {
                "date": date_format(sheet.due_on, "SHORT_DATE_FORMAT"),
                "first": date_format(first, "SHORT_DATE_FORMAT"),
                "last": date_format(last, "SHORT_DATE_FORMAT"),
            },
            f"{row}due_on",
        )


@transaction.atomic
def activity_add(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ActivitySheet,
    milestones: Sequence[MilestoneSheet] = (),
    uuid: UUID | None = None,
    at: datetime | None = None,
) -> Activity:
    """Add an activity with its milestones to a draft objective.

    With the `uuid` of an activity of it that exists already (a form sent twice) that one is
    returned. Raises NotAllowed, or DomainError with the field: milestone_2_due_on and so on.
    """
    at = open_at(actor, objective, at)
    again: Activity | None = None
    if uuid is not None:
        again = Activity.objects.filter(uuid=uuid).first()
    if again is not None and again.target_uuid == objective.uuid:
        return again
    refuse_used_key(again)
    return activity_write(
        actor=actor, objective=objective, sheet=sheet, milestones=milestones, uuid=uuid, at=at
    )


@transaction.atomic
def activity_update(
    *,
    actor: User,
    activity: Activity,
    sheet: ActivitySheet,
    milestones: Sequence[MilestoneSheet] | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Activity:
    """Change an activity of a draft objective; `milestones` are then all it has.

    None leaves them as they are. Raises NotAllowed, DomainError, or EditConflict when someone
    saved the activity or one of its milestones meanwhile.
    """
    objective = objective_of(activity)
    at = open_at(actor, objective, at)
    return activity_write(
        actor=actor,
        objective=objective,
        activity=activity,
        sheet=sheet,
        milestones=milestones,
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def activity_withdraw(
    *, actor: User, activity: Activity, reason: str = "", at: datetime | None = None
) -> None:
    """Take an activity with its milestones out of a draft objective."""
    objective = objective_of(activity)
    at = open_at(actor, objective, at)
    activity_end(actor=actor, objective=objective, activity=activity, reason=reason, at=at)


@transaction.atomic
def activity_write(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: ActivitySheet,
    at: datetime,
    milestones: Sequence[MilestoneSheet] | None = None,
    activity: Activity | None = None,
    uuid: UUID | None = None,
    expected_version: int | None = None,
    reason: str = "",
) -> Activity:
    """Add or change an activity of an objective in whatever state that is.

    The rules of its content hold; rights and state are the caller's, who took `at` first.
    """
    year = objective.plan.year
    _check_activity(sheet, year)
    before = activity.title if activity else None
    kept = _sheets_of(activity) if milestones is None and activity else []
    for number, row in enumerate(milestones or kept, start=1):
        name = f"milestone_{number}_"
        _check_milestone(row, sheet.starts_on, sheet.ends_on, year, name)
    if activity is None:
        activity, changed = _begin(objective, sheet, uuid or uuid4(), at), True
    else:
        changed = _change(actor, activity, sheet, expected_version, reason, at)
    if milestones is not None and _milestones_set(actor, activity, milestones, reason, at):
        if before is not None and not changed:
            _raise_activity(activity)
        changed = True
    if changed:
        _note(
            actor,
            objective,
            "activity_added" if before is None else "activity_changed",
            {"activity": (before, sheet.title)},
            reason,
            at,
        )
    return activity


def _note(
    actor: User,
    objective: OperationalObjective,
    action: str,
    changes: dict[str, tuple[LocalisedText | None, LocalisedText | None]],
    reason: str,
    at: datetime,
) -> None:
    """Write a change below an objective in its history, and count it as one of the objective.

    The fields have names that no column of the objective has: see `ibzplan.core.rewind`.
    """
    history_record(
        actor=actor, target=objective, action=action, changes=changes, reason=reason, at=at
    )
    raise_version(objective)


def _begin(
    objective: OperationalObjective, sheet: ActivitySheet, uuid: UUID, at: datetime
) -> Activity:
    target = {"target_type": objective.type_name(), "target_uuid": objective.uuid}
    last = Activity.objects.filter(**target).aggregate(last=Max("order"))["last"] or 0
    return Activity.objects.create(
        **target,
        uuid=uuid,
        **sheet.values(),
        order=last + 1,
        known_from=at,
        is_demo=objective.is_demo,
    )


def _change(
    actor: User,
    activity: Activity,
    sheet: ActivitySheet,
    expected_version: int | None,
    reason: str,
    at: datetime,
) -> bool:
    _refuse_withdrawn(activity)
    return record_change(
        actor=actor,
        target=activity,
        values=sheet.values(),
        expected_version=expected_version,
        reason=reason,
        at=at,
    )


def _refuse_withdrawn(activity: Activity) -> None:
    if not Activity.objects.current().filter(pk=activity.pk).exists():
        raise DomainError("withdrawn", _("Someone withdrew this activity meanwhile."))


def _raise_activity(activity: Activity) -> None:
    """Count a change of a milestone as one of its activity: one version covers the whole form."""
    Activity.objects.filter(pk=activity.pk).update(version=F("version") + 1)
    activity.refresh_from_db(fields=["version"])


def _sheets_of(activity: Activity) -> list[MilestoneSheet]:
    return [
        MilestoneSheet(title=row.title, due_on=row.due_on, uuid=row.uuid)
        for row in Milestone.objects.current().filter(activity=activity)
    ]


def _milestones_set(
    actor: User, activity: Activity, sheets: Sequence[MilestoneSheet], reason: str, at: datetime
) -> bool:
    """Let the milestones of an activity be these; return whether that changed any."""
    rows = Milestone.objects.current().filter(activity=activity)
    current: dict[UUID, Milestone] = {row.uuid: row for row in rows}
    named = {sheet.uuid for sheet in sheets if sheet.uuid is not None}
    gone = [row.pk for uuid, row in current.items() if uuid not in named]
    changed = bool(gone)
    Milestone.objects.filter(pk__in=gone).update(known_until=at)
    for number, sheet in enumerate(sheets, start=1):
        if sheet.uuid is None:
            _milestone_begin(activity, sheet, at)
            changed = True
        elif sheet.uuid not in current:
            raise DomainError(
                "withdrawn",
                _("Someone withdrew this milestone meanwhile."),
                f"milestone_{number}_title_nl",
            )
        elif _milestone_change(actor, current[sheet.uuid], sheet, reason, at):
            changed = True
    return changed


def _milestone_begin(activity: Activity, sheet: MilestoneSheet, at: datetime) -> Milestone:
    last = Milestone.objects.filter(activity=activity).aggregate(last=Max("order"))["last"] or 0
    return Milestone.objects.create(
        activity=activity,
        title=sheet.title,
        due_on=sheet.due_on,
        order=last + 1,
        known_from=at,
        is_demo=activity.is_demo,
    )


def _milestone_change(
    actor: User, milestone: Milestone, sheet: MilestoneSheet, reason: str, at: datetime
) -> bool:
    return record_change(
        actor=actor,
        target=milestone,
        values={"title": sheet.title, "due_on": sheet.due_on},
        reason=reason,
        at=at,
    )


@transaction.atomic
def activity_end(
    *,
    actor: User,
    objective: OperationalObjective,
    activity: Activity,
    at: datetime,
    reason: str = "",
) -> None:
    """Withdraw an activity of an objective in whatever state that is; see activity_write."""
    _refuse_withdrawn(activity)
    Activity.objects.filter(pk=activity.pk).update(known_until=at)
    Milestone.objects.current().filter(activity=activity).update(known_until=at)
    _note(actor, objective, "activity_withdrawn", {"activity": (activity.title, None)}, reason, at)


@transaction.atomic
def milestone_add(
    *, actor: User, activity: Activity, sheet: MilestoneSheet, at: datetime | None = None
) -> Milestone:
    """Add a milestone to an activity of a draft objective."""
    objective = objective_of(activity)
    at = open_at(actor, objective, at)
    _refuse_withdrawn(activity)
    _check_milestone(sheet, activity.starts_on, activity.ends_on, objective.plan.year, "")
    milestone = _milestone_begin(activity, sheet, at)
    _raise_activity(activity)
    _note(actor, objective, "milestone_added", {"milestone": (None, sheet.title)}, "", at)
    return milestone


@transaction.atomic
def milestone_update(
    *, actor: User, milestone: Milestone, sheet: MilestoneSheet, at: datetime | None = None
) -> bool:
    """Change a milestone of a draft objective; return whether anything changed."""
    activity = milestone.activity
    objective = objective_of(activity)
    at = open_at(actor, objective, at)
    _check_milestone(sheet, activity.starts_on, activity.ends_on, objective.plan.year, "")
    before = milestone.title
    if not _milestone_change(actor, milestone, sheet, "", at):
        return False
    _raise_activity(activity)
    _note(actor, objective, "milestone_changed", {"milestone": (before, sheet.title)}, "", at)
    return True


@transaction.atomic
def milestone_withdraw(
    *, actor: User, milestone: Milestone, reason: str = "", at: datetime | None = None
) -> None:
    """Take a milestone out of an activity of a draft objective."""
    objective = objective_of(milestone.activity)
    at = open_at(actor, objective, at)
    if not Milestone.objects.current().filter(pk=milestone.pk).update(known_until=at):
        raise DomainError("withdrawn", _("Someone withdrew this milestone meanwhile."))
    _raise_activity(milestone.activity)
    _note(
        actor, objective, "milestone_withdrawn", {"milestone": (milestone.title, None)}, reason, at
    )
