"""Taking objectives over from the plan of the year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import next_instant
from objectives.planning.choices import PlanState
from objectives.planning.models import ObjectiveIndicator, OperationalObjective, OperationalPlan
from objectives.planning.selectors.copy_sources import CopyOffers, CopySource, copy_sources
from objectives.planning.selectors.copying import continued_in
from objectives.planning.services.copied_rows import ObjectiveCopy, copies_write
from objectives.planning.services.links import must_plan_for
from objectives.planning.services.objective_sheets import (
    ObjectiveSheet,
    check_content,
    check_unit,
)
from objectives.strategy.models import Goal, Werf
from personnel.models import OrganisationUnit, User

Offered = TypeVar("Offered", Goal, OrganisationUnit)

_FEBRUARY: Final = 2
_LEAP_DAY: Final = 29


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """An objective to take over; `indicators` says which of its series go on, None all."""

    objective: OperationalObjective
    indicators: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    """An objective and the one that continues it; `left_out` is what no longer could be chosen.

    `is_new` is False when it was continued already.
    """

    source: OperationalObjective
    objective: OperationalObjective
    left_out: tuple[str, ...] = ()
    is_new: bool = True


@transaction.atomic
def objectives_copy(
    *, actor: User, plan: OperationalPlan, choices: Sequence[CopyChoice]
) -> list[Copied]:
    """Make a draft in `plan` of each chosen objective of the year before, all or none.

    Its sheet moves to the new year; links, activities with the milestones that are not done, and
    risks come along; its series go on. A target that still runs is carried over, others are for
    the planner to set. What is continued in the plan already is returned, not made again.
    Raises NotAllowed, or DomainError whose message names the objective. The number of queries
    does not grow with that of the objectives, as long as they are of the same units.
    """
    for choice in choices:
        must_plan_for(actor, choice.objective.unit)
        _must_be_of_year_before(plan, choice.objective)
    at = next_instant()
    if plan.state == PlanState.CLOSED:
        raise DomainError(
            "plan_closed", _("The plan of %(year)s is closed.") % {"year": plan.year}, "plan"
        )
    continued = continued_in(plan, [choice.objective for choice in choices])
    wanted = {
        choice.objective.pk: choice for choice in choices if choice.objective.pk not in continued
    }
    below = copy_sources([choice.objective for choice in wanted.values()])
    offers = CopyOffers(plan)
    copies = {pk: _copy(choice, below[pk], offers) for pk, choice in wanted.items()}
    made = copies_write(actor=actor, plan=plan, copies=list(copies.values()), at=at)
    new = dict(zip(copies, made, strict=True))
    done: list[Copied] = []
    for choice in choices:
        source = choice.objective
        if source.pk in new:
            objective = new.pop(source.pk)
            continued[source.pk] = objective
            done.append(Copied(source, objective, copies[source.pk].left_out))
        else:
            done.append(Copied(source, continued[source.pk], is_new=False))
    return done


def _must_be_of_year_before(plan: OperationalPlan, source: OperationalObjective) -> None:
    if source.plan.year != plan.year - 1 or source.is_withdrawn:
        raise DomainError(
            "not_of_year_before",
            _("%(code)s is no objective of %(year)s that can go on.")
            % {"code": source.code, "year": plan.year - 1},
        )


def in_year(day: date, year: int) -> date:
    """Return the same day of another year; 29 February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (_FEBRUARY, _LEAP_DAY)
    return date(year, _FEBRUARY, 28) if is_leap_day else day.replace(year=year)


def _copy(choice: CopyChoice, below: CopySource, offers: CopyOffers) -> ObjectiveCopy:
    """Return an objective as it goes on; a refusal names it."""
    source = choice.objective
    try:
        return _Copy(choice, below, offers).worked_out()
    except DomainError as error:
        raise DomainError(
            error.code,
            _("%(code)s: %(problem)s") % {"code": source.code, "problem": error.message},
            error.field,
        ) from error


class _Copy:
    """One objective on its way to the next plan year: what of it still fits there."""

    def __init__(self, choice: CopyChoice, below: CopySource, offers: CopyOffers) -> None:
        self.source = choice.objective
        self.chosen = choice.indicators
        self.below = below
        self.offers = offers
        self.year = offers.plan.year
        self.left_out: list[str] = []

    def worked_out(self) -> ObjectiveCopy:
        """Return what is to be written; the caller has checked the rights. Writes nothing."""
        check_unit(self.source.unit, self.year)
        werf, sheet = self._werf(), self._sheet()
        check_content(sheet, self.year)
        below = self.below
        return ObjectiveCopy(
            source=self.source,
            werf=werf,
            sheet=sheet,
            security_objectives=below.security_objectives,
            goals=self._still(below.goals, self.offers.goals()) if below.goals else [],
            co_owners=self._still(below.co_owners, self.offers.co_owners())
            if below.co_owners
            else [],
            activities=below.activities,
            milestones=below.milestones,
            risks=below.risks,
            indicator_links=self._series(),
            moved=self._moved,
            left_out=tuple(self.left_out),
        )

    def _werf(self) -> Werf:
        """Return the werf, or the one that took its place in another strategic plan."""
        werf = self.source.werf
        if werf.objective.plan_id == self.offers.plan.plan_id:
            return werf
        successors = self.offers.successors(werf)
        if len(successors) != 1:
            raise DomainError(
                "werf_not_continued",
                _(
                    "werf %(werf)s has no single successor in the new strategic plan. Make a new "
                    "objective and choose its werf."
                )
                % {"werf": werf.code},
                "werf",
            )
        return successors[0]

    def _sheet(self) -> ObjectiveSheet:
        source = self.source
        holder, sub_unit = source.holder, source.sub_unit
        if holder is not None and holder.pk not in self.offers.holders(source.unit):
            self.left_out.append(str(holder))
            holder = None
        if sub_unit is not None and sub_unit.pk not in self.offers.sub_units(source.unit):
            self.left_out.append(str(sub_unit))
            sub_unit = None
        return ObjectiveSheet(
            title=source.title,
            description=source.description,
            means=source.means,
            holder=holder,
            sub_unit=sub_unit,
            origin=source.origin,
            origin_reference=source.origin_reference,
            starts_on=in_year(source.starts_on, self.year),
            ends_on=in_year(source.ends_on, self.year),
        )

    def _still(self, rows: list[Offered], offered: frozenset[int]) -> list[Offered]:
        """Keep what can be chosen in the new year, and note what no longer can."""
        self.left_out += [str(row) for row in rows if row.pk not in offered]
        return [row for row in rows if row.pk in offered]

    def _series(self) -> list[ObjectiveIndicator]:
        """Return the chosen series, which go on with the weights they have."""
        found = [
            link
            for link in self.below.indicator_links
            if self.chosen is None or link.indicator.uuid in self.chosen
        ]
        for link in found:
            if link.indicator.owner_id != self.source.unit_id:
                raise NotAllowed(
                    "other_unit",
                    _("This series belongs to %(unit)s: copy its definition instead.")
                    % {"unit": link.indicator.owner.code},
                )
        return found

    def _moved(self, day: date) -> date:
        """Return a day of the old plan year in the new one; a later day stays where it is."""
        return day if day.year > self.source.plan.year else in_year(day, self.year)
