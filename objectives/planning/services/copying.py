"""Taking objectives over from the plan of the year before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant
from objectives.planning.choices import LineageKind
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.planning.selectors.copying import continued_in
from objectives.planning.selectors.offers import (
    co_owners_possible,
    goals_offered,
    holders_offered,
    sub_units_offered,
)
from objectives.planning.services.indicators import indicator_reuse
from objectives.planning.services.links import must_plan_for
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import objective_create
from objectives.strategy.models import Activity, Goal, Milestone, Werf
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
    Raises NotAllowed, or DomainError whose message names the objective.
    """
    for choice in choices:
        must_plan_for(actor, choice.objective.unit)
        _must_be_of_year_before(plan, choice.objective)
    at = next_instant()
    continued = continued_in(plan, [choice.objective for choice in choices])
    done: list[Copied] = []
    for choice in choices:
        source = choice.objective
        existing = continued.get(source.pk)
        if existing is not None:
            done.append(Copied(source, existing, is_new=False))
            continue
        try:
            made = _Copy(actor, plan, choice, at).make()
        except DomainError as error:
            raise DomainError(
                error.code,
                _("%(code)s: %(problem)s") % {"code": source.code, "problem": error.message},
                error.field,
            ) from error
        continued[source.pk] = made.objective
        done.append(made)
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


class _Copy:
    """One objective on its way to the next plan year."""

    def __init__(
        self, actor: User, plan: OperationalPlan, choice: CopyChoice, at: datetime
    ) -> None:
        self.actor = actor
        self.plan = plan
        self.source = choice.objective
        self.chosen = choice.indicators
        self.at = at
        self.left_out: list[str] = []

    def make(self) -> Copied:
        """Write it all; the caller has the transaction, the clock and the rights."""
        source = self.source
        objective = objective_create(
            actor=self.actor,
            plan=self.plan,
            werf=self._werf(),
            unit=source.unit,
            sheet=self._sheet(),
            security_objectives=[
                link.security_objective
                for link in source.security_links.current().select_related("security_objective")
            ],
            goals=self._still(
                [link.goal for link in source.goal_links.current().select_related("goal")],
                goals_offered(self.plan).values_list("pk", flat=True),
            ),
            co_owners=self._still(
                [link.unit for link in source.co_owners.current().select_related("unit")],
                co_owners_possible(self.plan.year).values_list("pk", flat=True),
            ),
            at=self.at,
        )
        self._activities(objective)
        self._risks(objective)
        self._lineage(objective)
        self._indicators(objective)
        return Copied(source, objective, tuple(self.left_out))

    def _werf(self) -> Werf:
        """Return the werf, or the one that took its place in another strategic plan."""
        werf = self.source.werf
        if werf.objective.plan_id == self.plan.plan_id:
            return werf
        successors = list(werf.successors.filter(objective__plan=self.plan.plan_id))
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
        source, year = self.source, self.plan.year
        holder, sub_unit = source.holder, source.sub_unit
        if holder is not None and holder not in holders_offered([source.unit], year):
            self.left_out.append(str(holder))
            holder = None
        if sub_unit is not None:
            offered = sub_units_offered([source.unit], year).values_list("pk", flat=True)
            sub_unit = next(iter(self._still([sub_unit], offered)), None)
        return ObjectiveSheet(
            title=source.title,
            description=source.description,
            holder=holder,
            sub_unit=sub_unit,
            origin=source.origin,
            origin_reference=source.origin_reference,
            starts_on=in_year(source.starts_on, year),
            ends_on=in_year(source.ends_on, year),
        )

    def _still(self, rows: list[Offered], offered: Iterable[int]) -> list[Offered]:
        """Keep what can be chosen in the new year, and note what no longer can."""
        if not rows:
            return rows
        possible = set(offered)
        self.left_out += [str(row) for row in rows if row.pk not in possible]
        return [row for row in rows if row.pk in possible]

    def _moved(self, day: date) -> date:
        """Return a day of the old plan year in the new one; a later day stays where it is."""
        return day if day.year > self.source.plan.year else in_year(day, self.plan.year)

    def _activities(self, objective: OperationalObjective) -> None:
        """Copy the activities; of their milestones those that are not done."""
        activities = list(
            Activity.objects.current().filter(
                target_type=self.source.type_name(), target_uuid=self.source.uuid
            )
        )
        copies = {
            activity.pk: Activity(
                target_type=objective.type_name(),
                target_uuid=objective.uuid,
                kind=activity.kind,
                title=activity.title,
                description=activity.description,
                starts_on=activity.starts_on and self._moved(activity.starts_on),
                ends_on=activity.ends_on and self._moved(activity.ends_on),
                order=activity.order,
                known_from=self.at,
                is_demo=objective.is_demo,
            )
            for activity in activities
        }
        Activity.objects.bulk_create(copies.values())
        milestones = Milestone.objects.current().filter(activity__in=activities, done_on=None)
        Milestone.objects.bulk_create(
            Milestone(
                activity=copies[milestone.activity_id],
                title=milestone.title,
                due_on=self._moved(milestone.due_on),
                order=milestone.order,
                known_from=self.at,
                is_demo=objective.is_demo,
            )
            for milestone in milestones
        )

    def _risks(self, objective: OperationalObjective) -> None:
        Risk.objects.bulk_create(
            Risk(
                objective=objective,
                title=risk.title,
                likelihood=risk.likelihood,
                impact=risk.impact,
                response=risk.response,
                measure=risk.measure,
                order=risk.order,
                known_from=self.at,
                is_demo=objective.is_demo,
            )
            for risk in self.source.risks.current()
        )

    def _lineage(self, objective: OperationalObjective) -> None:
        """Link both, and say so in the history of both."""
        ObjectiveLineage.objects.create(
            predecessor=self.source,
            successor=objective,
            kind=LineageKind.CONTINUED,
            known_from=self.at,
            is_demo=objective.is_demo,
        )
        for target, other in ((self.source, objective), (objective, self.source)):
            history_record(
                actor=self.actor,
                target=target,
                action="continued" if target is self.source else "copied",
                changes={"lineage": (None, [other.plan.year, other.code])},
                at=self.at,
            )

    def _indicators(self, objective: OperationalObjective) -> None:
        """Let the chosen series go on, with the weights they have."""
        links: Iterable[ObjectiveIndicator] = (
            self.source.indicator_links.current()
            .select_related("indicator", "indicator__owner")
            .order_by("order", "pk")
        )
        for link in links:
            if self.chosen is None or link.indicator.uuid in self.chosen:
                indicator_reuse(
                    actor=self.actor,
                    objective=objective,
                    indicator=link.indicator,
                    weight=link.weight,
                    is_key=link.is_key,
                    is_target_later=True,
                    at=self.at,
                )
