"""Operational objectives and what they are linked to."""

from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import KnownSpan, Record
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.indicators.models import Indicator
from objectives.planning.choices import (
    DRAFT_DESKS,
    IN_FORCE,
    SUBMITTED_DESKS,
    LineageKind,
    Origin,
    PlanState,
    WaitsFor,
)
from objectives.planning.models.plans import OperationalPlan
from objectives.planning.querysets import (
    ObjectiveIndicatorQuerySet,
    ObjectiveSecurityLinkQuerySet,
    OperationalObjectiveQuerySet,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, StrategicObjective, Werf
from personnel.models import ManagementFunction, OrganisationUnit


class OperationalObjective(Record):
    """What a directorate will achieve within the year, below a werf.

    `means` says in words on which people and credits it counts.
    `state` says who may see and change it, `waits_for` who has it on the desk: a draft lies with
    its planner or its head, a submitted one with the corporate cell or the direction committee.
    `withdrawn_at` is the instant at which an amendment took it out of the plan.
    """

    plan = models.ForeignKey(OperationalPlan, on_delete=models.PROTECT, related_name="objectives")
    werf = models.ForeignKey(Werf, on_delete=models.PROTECT, related_name="operational_objectives")
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, related_name="operational_objectives"
    )
    code = models.CharField(max_length=20)
    title = LocalisedField()
    description = LocalisedField()
    means = LocalisedField()
    sub_unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    holder = models.ForeignKey(
        ManagementFunction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operational_objectives",
    )
    origin = models.CharField(max_length=20, choices=Origin.choices, blank=True)
    origin_reference = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    waits_for = models.CharField(
        max_length=10, choices=WaitsFor.choices, default=WaitsFor.PLANNER, blank=True
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    objects = OperationalObjectiveQuerySet.as_manager()

    class Meta:
        """By code; a code is given once a plan year."""

        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="objective_code_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft", waits_for__in=DRAFT_DESKS)
                | models.Q(state="submitted", waits_for__in=SUBMITTED_DESKS)
                | (~models.Q(state__in=["draft", "submitted"]) & models.Q(waits_for="")),
                name="objective_desk_fits_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~models.Q(state="withdrawn") & models.Q(withdrawn_at=None)),
                name="objective_withdrawn_when",
            ),
        ]
        indexes = [models.Index(fields=["plan", "state"], name="objective_plan_state")]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"

    @property
    def is_open(self) -> bool:
        """Tell whether its planners may change it: what was submitted stays as it is judged."""
        return self.state == PlanState.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Tell whether it was approved, so that only an amendment changes it.

        One that an amendment withdrew counts too: see `is_withdrawn`.
        """
        return self.state in IN_FORCE

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether an amendment took it out of the plan."""
        return self.state == PlanState.WITHDRAWN


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


class ObjectiveGoal(Record, KnownSpan):
    """An operational objective works on a goal of the strategic plan, until the row ends."""

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="goal_links"
    )
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="operational_links")

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """One a pair at a time."""

        ordering = ["objective_id", "goal__order", "goal_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "goal"],
                condition=models.Q(known_until=None),
                name="goal_link_current_once",
            )
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.objective.code} {self.goal.code}"


class CoOwner(Record, KnownSpan):
    """Another unit that answers for an objective with its owner, until the row ends."""

    objective = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="co_owners"
    )
    unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="co_owned")

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """One a pair at a time."""

        ordering = ["objective_id", "unit__order", "unit_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "unit"],
                condition=models.Q(known_until=None),
                name="co_owner_current_once",
            )
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.objective.code} {self.unit.code}"


class ObjectiveLineage(Record, KnownSpan):
    """An objective goes on in another one: next year's plan, a split or a merger."""

    predecessor = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="successor_links"
    )
    successor = models.ForeignKey(
        OperationalObjective, on_delete=models.CASCADE, related_name="predecessor_links"
    )
    kind = models.CharField(max_length=12, choices=LineageKind.choices)

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """One a pair at a time; nothing goes on in itself."""

        ordering = ["predecessor_id", "successor_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                condition=models.Q(known_until=None),
                name="lineage_current_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="lineage_of_two"
            ),
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.predecessor.code} > {self.successor.code}"


class TransversalKpi(Record, KnownSpan):
    """An indicator measures a transversal objective of an addendum, until the row ends."""

    objective = models.ForeignKey(
        StrategicObjective, on_delete=models.PROTECT, related_name="kpi_links"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="transversal_links"
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """In the addendum's order; one a pair at a time."""

        ordering = ["objective_id", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "indicator"],
                condition=models.Q(known_until=None),
                name="kpi_current_once",
            )
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.objective.code} {self.indicator.code}"
