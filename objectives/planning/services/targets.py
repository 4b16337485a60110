"""Changing the targets of an indicator while no approved objective is judged by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.models import Indicator, Target
from objectives.indicators.selectors import final_target, targets_set
from objectives.indicators.services import must_set_targets, target_end, target_write
from objectives.planning.choices import IN_FORCE
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.services.indicators import value_and_level
from objectives.planning.services.links import (
    current_link,
    must_be_open,
    must_plan_for,
    raise_versions,
    refuse_in_force,
)
from personnel.models import User


@dataclass(frozen=True, slots=True)
class PlannedTargets:
    """What a plan year aims at: the final target, and the interim ones that it can change."""

    final: Target | None
    interim: tuple[Target, ...]

    @property
    def by_date(self) -> Mapping[date, Target]:
        """Return all of them by the day on which they are due."""
        rows = [*self.interim, *([self.final] if self.final else [])]
        return {row.due_on: row for row in rows}


def planned_targets(indicator: Indicator, year: int) -> PlannedTargets:
    """Return the targets of a plan year as they are now; what is due before it is not among them.

    One query.
    """
    rows = [row for row in targets_set(indicator, plan_year=year) if row.due_on.year >= year]
    return PlannedTargets(final_target(rows, year), tuple(row for row in rows if not row.is_final))


def last_target(indicator: Indicator) -> str:
    """Return the UUID of the row recorded last, '' when there is none."""
    row = Target.objects.filter(indicator=indicator).order_by("recorded_at", "pk").last()
    return str(row.uuid) if row else ""


def objective_to_retarget(
    indicator: Indicator, year: int | None = None
) -> OperationalObjective | None:
    """Return the objective whose targets may still change, the latest unless `year` says which.

    None when an approved objective of that year, or of a later one, is judged by them: one query.
    """
    links = list(
        ObjectiveIndicator.objects.current()
        .filter(indicator=indicator)
        .select_related("objective__plan", "objective__unit", "objective__werf__objective")
        .order_by("objective__plan__year", "pk")
    )
    judged = max(
        (link.objective.plan.year for link in links if link.objective.is_in_force), default=0
    )
    free = [
        link.objective
        for link in links
        if link.objective.plan.year > judged and year in (None, link.objective.plan.year)
    ]
    return free[-1] if free else None


def _must_be_free(indicator: Indicator, year: int) -> None:
    """Refuse when an approved objective would be judged by other targets than were approved."""
    links = ObjectiveIndicator.objects.current().filter(
        indicator=indicator, objective__state__in=IN_FORCE, objective__plan__year__gte=year
    )
    for link in links.select_related("objective")[:1]:
        refuse_in_force(link.objective)


@transaction.atomic
def indicator_retarget(
    *,
    actor: User,
    objective: OperationalObjective,
    indicator: Indicator,
    due_on: date,
    target: Decimal | None = None,
    target_level: int | None = None,
    interim: Sequence[tuple[date, Decimal]] = (),
    reason: str = "",
    expected_last: str | None = None,
) -> bool:
    """Give an indicator of a draft objective other targets; return whether anything changed.

    `interim` is the whole path to the final target: what is left out is taken away. Nothing is
    overwritten, every row stays on record with who set it when. A reason is needed for whatever
    takes the place of an earlier target. `expected_last` is last_target() as the user saw it.
    Raises NotAllowed, or DomainError: naming the field, or saying that an amendment is needed.
    """
    must_plan_for(actor, objective.unit)
    must_set_targets(actor, indicator)
    must_be_open(objective)
    at = next_instant()  # takes the lock, so that what follows cannot be overtaken
    current_link(objective, indicator)
    year = objective.plan.year
    _must_be_free(indicator, year)
    if expected_last is not None and expected_last != last_target(indicator):
        raise DomainError(
            "targets_changed",
            _("Someone changed the targets meanwhile. Look at those first, then save again."),
        )
    told = targets_write(
        actor=actor,
        indicator=indicator,
        year=year,
        due_on=due_on,
        target=target,
        target_level=target_level,
        interim=interim,
        reason=reason.strip(),
        at=at,
    )
    if told is None:
        return False
    raise_versions(indicator)
    objective.refresh_from_db(fields=["version"])
    history_record(
        actor=actor,
        target=objective,
        action="indicator_retargeted",
        changes={indicator.code: told},
        reason=reason.strip(),
        at=at,
    )
    return True


def targets_write(
    *,
    actor: User,
    indicator: Indicator,
    year: int,
    due_on: date,
    target: Decimal | None,
    target_level: int | None,
    interim: Sequence[tuple[date, Decimal]],
    reason: str,
    at: datetime,
) -> tuple[list[list[object]], list[list[object]]] | None:
    """Append the rows that make these the targets of a plan year; None when they are already.

    Return what they were and what they are, for the history. The caller has checked rights, and
    that the plan may change.
    """
    before = planned_targets(indicator, year)
    kept = {due_on, *(day for day, _value in interim)}
    change = _Change(actor, indicator, year, reason, at)
    gone = [row for day, row in before.by_date.items() if day not in kept]
    for row in gone:
        target_end(actor=actor, target=row, plan_year=year, reason=reason, at=at)
    done = [*gone, *change.final(before, due_on, target, target_level)]
    done += change.path(before, interim, due_on)
    if not done:
        return None
    return _said(before), _said(planned_targets(indicator, year))


@dataclass(frozen=True, slots=True)
class _Change:
    """What every row that one change appends has in common."""

    actor: User
    indicator: Indicator
    year: int
    reason: str
    at: datetime

    def final(
        self, before: PlannedTargets, due_on: date, value: Decimal | None, level: int | None
    ) -> list[Target]:
        """Append the final target, unless it stands there already."""
        old = before.final
        if old and (old.due_on, old.value, old.level) == (due_on, value, level):
            return []
        return [self._set(due_on, value, level, is_final=True)]

    def path(
        self, before: PlannedTargets, interim: Sequence[tuple[date, Decimal]], final_on: date
    ) -> list[Target]:
        """Append the interim targets that differ; a refusal names its row: interim_2_value."""
        old = {row.due_on: (row.value, row.level) for row in before.interim}
        found, used = [], {final_on}
        for number, (day, typed) in enumerate(interim, start=1):
            value, level = value_and_level(self.indicator, typed)
            if day in used:
                raise DomainError(
                    "interim_twice",
                    _("This date stands there already."),
                    f"interim_{number}_due_on",
                )
            used.add(day)
            if old.get(day) == (value, level) and day < final_on:
                continue
            try:
                found.append(self._set(day, value, level, is_final=False))
            except DomainError as error:
                if error.field == "reason":
                    raise
                part = "due_on" if error.field == "target_due_on" else "value"
                raise DomainError(error.code, error.message, f"interim_{number}_{part}") from error
        return found

    def _set(
        self, day: date, value: Decimal | None, level: int | None, *, is_final: bool
    ) -> Target:
        return target_write(
            actor=self.actor,
            indicator=self.indicator,
            due_on=day,
            value=value,
            level=level,
            is_final=is_final,
            plan_year=self.year,
            reason=self.reason,
            at=self.at,
        )


def _said(targets: PlannedTargets) -> list[list[object]]:
    """Return date and what is to be reached of each target, for the history."""
    return [
        [day.isoformat(), row.level if row.level is not None else row.value]
        for day, row in sorted(targets.by_date.items())
    ]
