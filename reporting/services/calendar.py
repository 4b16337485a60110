"""Days of the plan cycle: entered, changed and taken over by the corporate cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.models import OperationalPlan
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import OrganisationUnit, User
from reporting.choices import DeadlineKind
from reporting.models import Deadline

# Handing in lies in the year before, the final evaluation in the year after.
_YEARS_AROUND: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSheet:
    """What someone enters of a day; `unit` None means every unit."""

    kind: str
    due_on: date
    title: LocalisedText = field(default_factory=LocalisedText)
    unit: OrganisationUnit | None = None
    article: LocalisedText = field(default_factory=LocalisedText)
    done_on: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def enters_deadlines(access: Access) -> bool:
    """Tell whether the user runs the calendar of the plan cycle."""
    return access.has(Role.CORPORATE)


@transaction.atomic
def deadline_create(*, actor: User, plan: OperationalPlan, sheet: DeadlineSheet) -> Deadline:
    """Enter a day of a plan's cycle. Raises NotAllowed, and DomainError at the field."""
    _may(actor)
    at = next_instant()
    _check(plan, sheet)
    return _create(actor, plan, sheet.values(), at)


@transaction.atomic
def deadline_update(
    *, actor: User, deadline: Deadline, sheet: DeadlineSheet, expected_version: int
) -> bool:
    """Change a day; return whether anything changed.

    Raises NotAllowed, DomainError at the field, EditConflict when someone else saved first.
    """
    _may(actor)
    at = next_instant()
    _check(deadline.plan, sheet)
    _refuse_removed(deadline)
    return record_change(
        actor=actor,
        target=deadline,
        values=sheet.values(),
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def deadline_remove(*, actor: User, deadline: Deadline, expected_version: int) -> None:
    """Take a day out of the calendar; pages of earlier moments show it still.

    Raises NotAllowed, and EditConflict when someone else saved or removed it first.
    """
    _may(actor)
    at = next_instant()
    current = _refuse_removed(deadline)
    if current.version != expected_version:
        theirs = {"due_on": current.due_on, "title": current.title}
        raise EditConflict(_("Someone else changed this while you were working."), theirs)
    sheet = DeadlineSheet(**{one.name: getattr(current, one.name) for one in fields(DeadlineSheet)})
    history_record(
        actor=actor,
        target=current,
        action="removed",
        changes={name: (value, None) for name, value in sheet.values().items() if value},
        at=at,
    )
    current.removed_at = at
    current.version += 1
    current.save(update_fields=["removed_at", "version"])


@transaction.atomic
def deadlines_take_over(*, actor: User, plan: OperationalPlan) -> int:
    """Enter the days of last year's plan, each a year later; return how many are new.

    A day that is there already (same kind, unit and title) is left as it is. Raises NotAllowed,
    and DomainError when last year has none.
    """
    _may(actor)
    at = next_instant()
    before = list(
        Deadline.objects.current()
        .filter(plan__year=plan.year - 1, plan__plan=plan.plan_id)
        .select_related("unit")
    )
    if not before:
        raise DomainError(
            "no_deadlines_before",
            _("The plan of %(year)s has no dates to take over. Enter the first ones by hand.")
            % {"year": plan.year - 1},
        )
    there = {_identity(row) for row in Deadline.objects.current().filter(plan=plan)}
    fresh = [row for row in before if _identity(row) not in there]
    for row in fresh:
        values = {
            "kind": row.kind,
            "due_on": _a_year_later(row.due_on),
            "title": row.title,
            "unit": row.unit,
            "article": row.article,
        }
        _create(actor, plan, values, at)
    return len(fresh)


def _refuse_removed(deadline: Deadline) -> Deadline:
    """Return the row as it is now, locked. Raises EditConflict when someone took it out."""
    rows = Deadline.objects.current().select_for_update(of=("self",))
    current: Deadline | None = rows.filter(pk=deadline.pk).first()
    if current is None:
        raise EditConflict(_("Someone else changed this while you were working."), {})
    return current


def _create(actor: User, plan: OperationalPlan, values: Mapping[str, Any], at: Any) -> Deadline:
    row = Deadline.objects.create(plan=plan, is_demo=plan.is_demo, **values)
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    changes = {name: (None, value) for name, value in values.items() if value}
    history_record(actor=actor, target=row, action="created", changes=changes, at=at)
    return row


def _identity(row: Deadline) -> tuple[str, int | None, tuple[tuple[str, str], ...]]:
    return row.kind, row.unit_id, tuple(sorted(row.title.items()))


def _a_year_later(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if is_leap_day else day.day)


def _may(actor: User) -> None:
    if not enters_deadlines(access_of(actor)):
        raise NotAllowed("not_allowed", _("The corporate cell enters the dates of the plan cycle."))


def _check(plan: OperationalPlan, sheet: DeadlineSheet) -> None:
    if sheet.kind == DeadlineKind.OTHER and not sheet.title:
        raise DomainError(
            "title_missing",
            _("“Other” says nothing yet: give the date a title, in Dutch or in French."),
            "title_nl",
        )
    _near(plan, sheet.due_on, "due_on")
    if sheet.done_on is not None:
        _near(plan, sheet.done_on, "done_on")


def _near(plan: OperationalPlan, day: date, name: str) -> None:
    first, last = plan.year - _YEARS_AROUND, plan.year + _YEARS_AROUND
    if not first <= day.year <= last:
        raise DomainError(
            "date_outside_cycle",
            _(
                "%(day)s lies outside the cycle of the plan of %(year)s. "
                "Give a day from %(first)s to %(last)s."
            )
            % {
                "day": date_format(day, "SHORT_DATE_FORMAT"),
                "year": plan.year,
                "first": date_format(date(first, 1, 1), "SHORT_DATE_FORMAT"),
                "last": date_format(date(last, 12, 31), "SHORT_DATE_FORMAT"),
            },
            name,
        )
