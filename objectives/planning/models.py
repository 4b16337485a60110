"""Operational plans and their objectives."""

from django.db import models

from ibzplan.core import append_only
from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import KnownSpan, Record
from objectives.indicators.choices import Status
from objectives.indicators.models import Indicator, RecordedFact
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.querysets import (
    ObjectiveIndicatorQuerySet,
    ObjectiveSecurityLinkQuerySet,
    OperationalObjectiveQuerySet,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, Plan, Werf
from personnel.models import OrganisationUnit


class OperationalPlan(Record):
    """The plan of one calendar year, 1 January to 31 December."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="operational_plans")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    approved_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        """Newest year first; one a year and strategic plan."""

        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="plan_year_once")]

    def __str__(self) -> str:
        """Return the year."""
        return f"OP {self.year}"


class OperationalObjective(Record):
    """What a directorate will achieve within the year, below a werf."""

    plan = models.ForeignKey(OperationalPlan, on_delete=models.PROTECT, related_name="objectives")
    werf = models.ForeignKey(Werf, on_delete=models.PROTECT, related_name="operational_objectives")
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, related_name="operational_objectives"
    )
    code = models.CharField(max_length=20)
    title = LocalisedField()
    description = LocalisedField()
    holder = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    approved_at = models.DateTimeField(null=True, editable=False)
    goals = models.ManyToManyField(Goal, blank=True, related_name="operational_objectives")
    search_key = models.TextField(blank=True, editable=False)

    objects = OperationalObjectiveQuerySet.as_manager()

    class Meta:
        """By code; a code is given once a plan year."""

        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="objective_code_once")]
        indexes = [models.Index(fields=["plan", "state"], name="objective_plan_state")]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"

    @property
    def is_in_force(self) -> bool:
        """Tell whether it was approved, so that only an amendment changes it."""
        return self.state in IN_FORCE


class ObjectiveIndicator(Record, KnownSpan):
    """An objective uses an indicator, with its weight in the roll-up.

    Another weight ends the row and begins another; taking the indicator away ends it.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="indicator_links"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="objective_links"
    )
    weight = models.PositiveSmallIntegerField(default=1)
    is_key = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ObjectiveIndicatorQuerySet.as_manager()

    class Meta:
        """In the objective's order."""

        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "indicator"],
                condition=models.Q(known_until=None),
                name="link_current_once",
            ),
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="link_weight_positive"),
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.objective.code} {self.indicator.code}"


@append_only.register
class StatusOverride(RecordedFact):
    """The status that a head puts beside the computed one, with the reason (design.md section 5).

    The row recorded last counts; one without a status takes the earlier one back. It speaks of
    reference dates from `holds_from` on. It is shown, never rolled up.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="overrides"
    )
    status = models.CharField(max_length=20, choices=Status.choices, blank=True)
    holds_from = models.DateField()

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return objective and status."""
        return f"{self.objective.code} {self.status}"


@append_only.register
class SmartMotivation(RecordedFact):
    """Why a planner keeps to what the SMART check advises against; the word is the `reason`.

    It belongs to what it answers: a rule, with the language or the indicator that was named, and
    `answers`, the words and figures of that finding. Another finding asks for another word. The row
    recorded last counts; one without a word takes the earlier one back.
    """

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.PROTECT, related_name="motivations"
    )
    rule = models.CharField(max_length=30)
    language = models.CharField(max_length=2, blank=True)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="motivations"
    )
    answers = models.TextField(blank=True)

    class Meta:
        """By recording."""

        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        """Return objective and rule."""
        return f"{self.objective.code} {self.rule}"


class ObjectiveSecurityLink(Record, KnownSpan):
    """An operational objective contributes to an objective of the NVP, until the row ends."""

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="security_links"
    )
    security_objective = models.ForeignKey(
        SecurityObjective, on_delete=models.PROTECT, related_name="operational_links"
    )

    objects = ObjectiveSecurityLinkQuerySet.as_manager()

    class Meta:
        """One a pair at a time."""

        ordering = ["objective_id", "security_objective_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "security_objective"],
                condition=models.Q(known_until=None),
                name="security_link_current_once",
            )
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.objective.code} {self.security_objective.code}"
