"""Writing the rows of a workbook, sheet by sheet, through the services that the forms use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from objectives.planning.models import OperationalObjective, OperationalPlan, Risk
from objectives.planning.selectors.workbook_source import REPORTED_KEYS
from objectives.planning.services.activities import (
    MilestoneSheet,
    activity_add,
    activity_update,
    milestone_add,
    milestone_update,
)
from objectives.planning.services.milestone_reports import milestone_report
from objectives.planning.services.objectives import objective_create, objective_update
from objectives.planning.services.risks import risk_add, risk_update
from objectives.planning.services.workbook_sheets import (
    Values,
    activity_sheet,
    codes_of,
    day_of,
    objective_sheet,
    required_day,
    risk_sheet,
    text_of,
)
from objectives.planning.workbook import Comparison, Problem, RowChange
from objectives.planning.workbook.book import Value
from objectives.planning.workbook.columns import ACTIVITIES
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, Werf
from personnel.models import OrganisationUnit, User


@dataclass(slots=True)
class RowWriter:
    """Writes the rows of one comparison; refusals become problems.

    `objectives` and `activities` hold the new rows by the name that they were given in the file.
    """

    actor: User
    plan: OperationalPlan
    comparison: Comparison
    problems: list[Problem] = field(default_factory=list)
    objectives: dict[str, OperationalObjective] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)

    def attempt(self, change: RowChange, write: Callable[[RowChange], None]) -> bool:
        """Write a row, or none of it; return whether it went well."""
        try:
            with transaction.atomic():
                write(change)
        except DomainError as error:
            self.refused(change, error)
            return False
        return True

    def refused(self, change: RowChange, error: DomainError) -> None:
        """Keep a refusal as a problem at its cell."""
        keys = change.sheet.letters
        wanted = error.field or ""
        names = (wanted, f"{wanted}_nl", *change.values)
        key = next((name for name in names if name in keys), "")
        self.problems.append(
            change.sheet.problem(error.code, error.message, row=change.row, key=key)
        )

    def objective_named(self, code: Value) -> OperationalObjective:
        """Return the objective that a row belongs to: a new one of this file, or one there is."""
        name = str(code)
        if name not in self.objectives:
            found = (
                OperationalObjective.objects.filter(plan=self.plan, code=name)
                .select_related("plan", "unit")
                .first()
            )
            if found is None:
                raise DomainError(
                    "reference_refused",
                    _("The row of “%(code)s” itself has a problem: mend that one first.")
                    % {"code": name},
                    "objective",
                )
            self.objectives[name] = found
        return self.objectives[name]

    def _links(self, values: Values) -> dict[str, Any]:
        links: dict[str, Any] = {}
        if "security_objectives" in values:
            links["security_objectives"] = list(
                SecurityObjective.objects.filter(code__in=codes_of(values["security_objectives"]))
            )
        if "goals" in values:
            links["goals"] = list(
                Goal.objects.filter(
                    objective__plan=self.plan.plan_id, code__in=codes_of(values["goals"])
                )
            )
        if "co_owners" in values:
            links["co_owners"] = list(
                OrganisationUnit.objects.filter(code__in=codes_of(values["co_owners"]))
            )
        return links

    def objective(self, change: RowChange) -> None:
        """Write a row of the objectives' sheet."""
        values = change.values
        if change.current is None:
            self.objectives[str(values["code"])] = objective_create(
                actor=self.actor,
                plan=self.plan,
                werf=Werf.objects.get(objective__plan=self.plan.plan_id, code=values["werf"]),
                unit=OrganisationUnit.objects.get(code=values["unit"]),
                sheet=objective_sheet(values, None),
                **self._links(values),
            )
            return
        objective = OperationalObjective.objects.select_related(
            "plan", "unit", "holder", "sub_unit"
        ).get(uuid=change.current.identity)
        objective_update(
            actor=self.actor,
            objective=objective,
            sheet=objective_sheet(values, objective),
            expected_version=objective.version,
            **self._links(values),
        )

    def activity(self, change: RowChange) -> None:
        """Write a row of the activities' sheet."""
        values = change.values
        if change.current is None:
            self.activities[str(values["code"])] = activity_add(
                actor=self.actor,
                objective=self.objective_named(values["objective"]),
                sheet=activity_sheet(values, None),
            )
            return
        activity = Activity.objects.get(uuid=change.current.identity)
        activity_update(
            actor=self.actor,
            activity=activity,
            sheet=activity_sheet(values, activity),
            expected_version=activity.version,
        )

    def _activity_named(self, code: Value) -> Activity:
        name = str(code)
        if name in self.activities:
            return self.activities[name]
        sheet = self.comparison_rows(ACTIVITIES)
        if name not in sheet:
            raise DomainError(
                "reference_refused",
                _("The row of “%(code)s” itself has a problem: mend that one first.")
                % {"code": name},
                "activity",
            )
        return Activity.objects.get(uuid=sheet[name])

    def comparison_rows(self, sheet: str) -> dict[str, str]:
        """Return the identity of the existing rows of a sheet by what they are called."""
        return self.comparison.named.get(sheet, {})

    def milestone(self, change: RowChange) -> None:
        """Write a row of the milestones' sheet."""
        values = change.values
        if change.current is None:
            sheet = MilestoneSheet(
                title=text_of(values, "title"), due_on=required_day(values["due_on"])
            )
            activity = self._activity_named(values["activity"])
            activity.refresh_from_db()
            milestone_add(actor=self.actor, activity=activity, sheet=sheet)
            return
        milestone = Milestone.objects.select_related("activity").get(uuid=change.current.identity)
        if change.values.keys() & REPORTED_KEYS:  # such a row is open to nothing else
            self._reported(change, milestone)
            return
        milestone_update(
            actor=self.actor,
            milestone=milestone,
            sheet=MilestoneSheet(
                title=text_of(values, "title", milestone.title),
                due_on=day_of(values.get("due_on")) or milestone.due_on,
                uuid=milestone.uuid,
            ),
        )

    def _reported(self, change: RowChange, milestone: Milestone) -> None:
        """Write what became of a milestone of an objective in force."""
        told = {
            key: day_of(change.values[key]) if key in change.values else getattr(milestone, key)
            for key in REPORTED_KEYS
        }
        try:
            milestone_report(
                actor=self.actor,
                milestone=milestone,
                done_on=told["done_on"],
                forecast_on=told["forecast_on"],
                expected_version=milestone.version,
            )
        except DomainError as error:
            key = (error.field or "").removeprefix("milestone_1_")
            raise DomainError(error.code, error.message, key or None) from error

    def risk(self, change: RowChange) -> None:
        """Write a row of the risks' sheet."""
        values = change.values
        if change.current is None:
            risk_add(
                actor=self.actor,
                objective=self.objective_named(values["objective"]),
                sheet=risk_sheet(values, None),
            )
            return
        risk = Risk.objects.select_related("objective__plan", "objective__unit").get(
            uuid=change.current.identity
        )
        risk_update(
            actor=self.actor,
            risk=risk,
            sheet=risk_sheet(values, risk),
            expected_version=risk.version,
        )
