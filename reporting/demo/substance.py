"""What objectives of the demo say besides their name: origin, means, activities, risks."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from objectives.planning.choices import LineageKind
from objectives.planning.models import CoOwner, ObjectiveLineage, OperationalObjective, Risk
from objectives.planning.services.objective_sheets import search_key_of
from objectives.strategy.models import Activity, Milestone
from reporting.demo.amending import last_day_of
from reporting.demo.content import ObjectiveContent
from reporting.demo.cycle import ActivityContent
from reporting.demo.figures import day_in
from reporting.demo.workshop import Desk, Workshop

# So long after the objective was made its planner adds the rest.
_ADDED: Final = timedelta(minutes=52)
_NEXT: Final = timedelta(minutes=1)

# Of the objectives of a unit, in turn: every so many has activities, means, risks, a co-owner...
_ACTIVITIES_EVERY: Final = 2
_TWO_ACTIVITIES_EVERY: Final = 4
_MEANS_EVERY: Final = 2
_RISK_EVERY: Final = 3
_CO_OWNER_EVERY: Final = 5
_NO_ORIGIN_EVERY: Final = 4

# How many days after its due date a milestone is done, in turn; None: it is not done yet.
_DONE_AFTER_DAYS: Final[tuple[int | None, ...]] = (-6, 0, 9, -2, None, 3)
# What was not done in its year was done so many days late once the year is over.
_DONE_LATE_DAYS: Final = 12
# The planner reports so many days after it was done, and warns so many days before it is due.
_REPORTED_DAYS: Final = 2
_WARNED_DAYS: Final = 20
_EXPECTED_LATER_DAYS: Final = 35


class SubstanceWriter:
    """Takes the texts in stock in turn; draws no lots, so that the figures stay as they are."""

    def __init__(self, workshop: Workshop) -> None:
        """Start counting."""
        self.workshop = workshop
        self.rows = workshop.rows
        self._of_unit: Counter[tuple[int, str]] = Counter()
        self._activities = 0
        self._milestones = 0
        self._risks = 0
        self._means = 0

    def write(self, objective: OperationalObjective, told: ObjectiveContent) -> None:
        """Write what the objective says, and how its milestones fared."""
        key = (objective.plan.year, told.unit)
        turn = self._of_unit[key]
        self._of_unit[key] += 1
        desk = self.workshop.desk(told.unit)
        at = objective.created_at + _ADDED
        self._facts(objective, told, turn)
        if turn % _MEANS_EVERY == 0:
            self._counts_on(objective)
        if turn % _CO_OWNER_EVERY == 1:
            self._co_owner(objective, told.unit, at)
        if turn % _ACTIVITIES_EVERY == 0:
            self._activity(objective, desk, at, 1)
        if turn % _TWO_ACTIVITIES_EVERY == 0:
            self._activity(objective, desk, at + _NEXT, 2)
        if turn % _RISK_EVERY == 0:
            self._risk(objective, desk, at + 2 * _NEXT)

    def carry_on(
        self, before: OperationalObjective, objective: OperationalObjective, told: ObjectiveContent
    ) -> None:
        """Let an objective be what its planner copied from last year's."""
        planner, at = self.workshop.desk(told.unit).planner, objective.created_at
        row = ObjectiveLineage(
            uuid=self.workshop.identity.of("lineage", str(before.uuid), str(objective.uuid)),
            predecessor=before,
            successor=objective,
            kind=LineageKind.CONTINUED,
            is_demo=True,
        )
        self.rows.lineage.append(row)
        pairs = (("continued", before, objective), ("copied", objective, before))
        entries = [
            self.workshop.entry(
                target,
                planner,
                action,
                {"lineage": (None, [other.plan.year, other.code])},
                about=other.code,
            )
            for action, target, other in pairs
        ]
        places = [(entry, "at") for entry in entries]
        self.workshop.chronology.date(at, *places, (row, "known_from"))

    def _facts(self, objective: OperationalObjective, told: ObjectiveContent, turn: int) -> None:
        """Fill in the origin and the service within the unit."""
        cycle = self.workshop.content.cycle
        origins = cycle.origins_of(told.unit)
        if turn % _NO_ORIGIN_EVERY:
            origin = origins[turn % len(origins)]
            objective.origin = origin.origin
            objective.origin_reference = origin.reference.format(year=objective.plan.year)
        sub_unit = cycle.sub_units.get(told.title["nl"])
        if sub_unit is not None:
            objective.sub_unit = self.workshop.ground.units[sub_unit]

    def _counts_on(self, objective: OperationalObjective) -> None:
        """Fill in the next means in stock."""
        stock = self.workshop.content.cycle.means
        objective.means = stock[self._means % len(stock)]
        self._means += 1
        objective.search_key = search_key_of(
            objective.code, objective.title, objective.description, objective.means
        )

    def _co_owner(self, objective: OperationalObjective, unit: str, at: datetime) -> None:
        other = self.workshop.ground.units[self.workshop.content.cycle.co_owners[unit]]
        row = CoOwner(
            uuid=self.workshop.identity.of("co-owner", str(objective.uuid)),
            objective=objective,
            unit=other,
            is_demo=True,
        )
        self.rows.co_owners.append(row)
        objective.version += 1
        self.workshop.note(
            objective,
            self.workshop.desk(unit).planner,
            at,
            "changed",
            {"co_owners": ([], [other.code])},
            about="co_owners",
            also=[(row, "known_from")],
        )

    def _activity(
        self, objective: OperationalObjective, desk: Desk, at: datetime, order: int
    ) -> None:
        """Write the next activity in stock with its milestones."""
        stock = self.workshop.content.cycle.activities
        told = stock[self._activities % len(stock)]
        self._activities += 1
        year = objective.plan.year
        activity = Activity(
            uuid=self.workshop.identity.of("activity", str(objective.uuid), str(order)),
            target_type=objective.type_name(),
            target_uuid=objective.uuid,
            kind=told.kind,
            title=told.title,
            description=told.description,
            starts_on=told.starts and day_in(year, told.starts),
            ends_on=told.ends and day_in(year, told.ends),
            order=order,
            is_demo=True,
        )
        self.rows.activities.append(activity)
        milestones = self._milestones_of(activity, told, year)
        objective.version += 1
        self.workshop.note(
            objective,
            desk.planner,
            at,
            "activity_added",
            {"activity": (None, told.title)},
            about=str(order),
            also=[(row, "known_from") for row in (activity, *milestones)],
        )
        if objective.is_in_force:
            for milestone in milestones:
                self._fare(objective, activity, milestone, desk)

    def _milestones_of(
        self, activity: Activity, told: ActivityContent, year: int
    ) -> list[Milestone]:
        rows = [
            Milestone(
                uuid=self.workshop.identity.of("milestone", str(activity.uuid), str(order)),
                activity=activity,
                title=title,
                due_on=day_in(year, due),
                order=order,
                is_demo=True,
            )
            for order, (title, due) in enumerate(told.milestones, 1)
        ]
        self.rows.milestones += rows
        return rows

    def _fare(
        self, objective: OperationalObjective, activity: Activity, row: Milestone, desk: Desk
    ) -> None:
        """Let the planner report a milestone: done, or expected late, as far as that day came."""
        late = _DONE_AFTER_DAYS[self._milestones % len(_DONE_AFTER_DAYS)]
        self._milestones += 1
        if late is None and objective.plan.year < self.workshop.today.year:
            late = _DONE_LATE_DAYS
        if late is None:
            warned_on = row.due_on - timedelta(days=_WARNED_DAYS)
            expected = min(
                row.due_on + timedelta(days=_EXPECTED_LATER_DAYS), date(row.due_on.year, 12, 31)
            )
            self._report(objective, activity, row, desk, warned_on, forecast_on=expected)
            return
        done = row.due_on + timedelta(days=late)
        reported_on = done + timedelta(days=_REPORTED_DAYS)
        self._report(objective, activity, row, desk, reported_on, done_on=done)

    def _report(
        self,
        objective: OperationalObjective,
        activity: Activity,
        row: Milestone,
        desk: Desk,
        day: date,
        **values: date,
    ) -> None:
        workshop = self.workshop
        last = last_day_of(workshop, objective)
        is_out = last < objective.ends_on and last <= day
        if is_out or not workshop.chronology.has_passed(day):
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        activity.version += 1
        reported = workshop.entry(
            row, desk.planner, "reported", {name: (None, value) for name, value in values.items()}
        )
        workshop.note(
            objective,
            desk.planner,
            workshop.chronology.noon(day),
            "milestone_reported",
            {"milestone": (row.title, row.title)},
            about=str(row.uuid),
            also=[(reported, "at")],
        )

    def _risk(self, objective: OperationalObjective, desk: Desk, at: datetime) -> None:
        """Write the next risk in stock."""
        stock = self.workshop.content.cycle.risks
        told = stock[self._risks % len(stock)]
        self._risks += 1
        row = Risk(
            uuid=self.workshop.identity.of("risk", str(objective.uuid)),
            objective=objective,
            title=told.title,
            likelihood=told.likelihood,
            impact=told.impact,
            response=told.response,
            measure=told.measure,
            order=1,
            is_demo=True,
        )
        self.rows.risks.append(row)
        objective.version += 1
        self.workshop.note(
            objective,
            desk.planner,
            at,
            "risk_added",
            {"risk": (None, told.title)},
            also=[(row, "known_from")],
        )
