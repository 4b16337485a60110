"""The structure of both plans, each entry with its place in the source."""

from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import KnownSpan, Record, Sourced
from ibzplan.core.querysets import KnownSpanQuerySet
from objectives.strategy.choices import ActivityKind, ElementKind, PlanKind, WerfElementKind
from personnel.models import OrganisationUnit


class PlanEntry(Record, Sourced):
    """Anything printed in a plan: an official code, a name, a short text of our own."""

    code = models.CharField(max_length=40)
    title = LocalisedField()
    description = LocalisedField()
    order = models.PositiveSmallIntegerField(default=0)
    search_key = models.TextField(blank=True, editable=False)

    class Meta:
        """Abstract; in the order of the source."""

        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


class Plan(PlanEntry):
    """The strategic plan 2025-2029 or the National Security Plan 2026-2029."""

    kind = models.CharField(max_length=10, choices=PlanKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_on = models.DateField(null=True, blank=True)
    replaces = LocalisedField()
    predecessor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    replaced_on = models.DateField(null=True, blank=True)
    law = LocalisedField()
    motto = LocalisedField()

    class Meta(PlanEntry.Meta):
        """One plan a code."""

        constraints = [models.UniqueConstraint(fields=["code"], name="plan_code_once")]


class PlanElement(PlanEntry):
    """A part of a plan that is read but not followed up: value, SWOT, planning rule, figure.

    `attributes` holds what only that kind has (members of a group, law reference, figure with
    unit and date), with localised texts as {"nl": ..., "fr": ...}.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="elements")
    kind = models.CharField(max_length=20, choices=ElementKind.choices)
    attributes = models.JSONField(default=dict, blank=True)
    is_open = models.BooleanField(default=False)

    class Meta(PlanEntry.Meta):
        """A code is unique within its kind and plan."""

        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "code"], name="plan_element_once")
        ]


class Mission(PlanEntry):
    """A kernopdracht of the department."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="missions")
    law = LocalisedField()

    class Meta(PlanEntry.Meta):
        """One mission a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="mission_once")]


class PlanAddendum(PlanEntry):
    """An addendum signed after its plan; it brings transversal objectives."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="addenda")
    signed_on = models.DateField(null=True, blank=True)

    class Meta(PlanEntry.Meta):
        """One addendum a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="addendum_once")]


class StrategicObjective(PlanEntry):
    """A strategische doelstelling; it executes one line of the coalition agreement.

    One that an addendum brought is transversal: units share it, KPIs measure it. `predecessors`
    are those of the plan before that it carries on; `discontinued_because` says why none of the
    next plan carries on this one.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="strategic_objectives")
    coalition_line = models.ForeignKey(
        PlanElement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    addendum = models.ForeignKey(
        PlanAddendum,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="transversal_objectives",
    )
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors")
    discontinued_because = models.TextField(blank=True, default="")

    class Meta(PlanEntry.Meta):
        """One objective a code and plan."""

        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="strategic_objective_once")
        ]


class Goal(PlanEntry):
    """A doel of a strategic objective. Goals and werven are two lists, not one to one."""

    objective = models.ForeignKey(
        StrategicObjective, on_delete=models.CASCADE, related_name="goals"
    )

    class Meta(PlanEntry.Meta):
        """One goal a code and objective."""

        constraints = [models.UniqueConstraint(fields=["objective", "code"], name="goal_once")]


class Werf(PlanEntry):
    """A worksite of a strategic objective; operational objectives hang below it."""

    objective = models.ForeignKey(
        StrategicObjective, on_delete=models.CASCADE, related_name="werven"
    )
    units = models.ManyToManyField(OrganisationUnit, through="WerfUnit", related_name="werven")
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors")
    discontinued_because = models.TextField(blank=True, default="")

    class Meta(PlanEntry.Meta):
        """One werf a code and objective."""

        constraints = [models.UniqueConstraint(fields=["objective", "code"], name="werf_once")]


class WerfUnit(models.Model):
    """A unit that works on a werf. The plan prints no assignment: this one is ours."""

    werf = models.ForeignKey(Werf, on_delete=models.CASCADE, related_name="unit_links")
    unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="werf_links")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Lead first."""

        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["werf", "unit"], name="werf_unit_once")]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.werf.code} {self.unit.code}"


class WerfElement(PlanEntry):
    """A commitment or pillar listed under a werf."""

    werf = models.ForeignKey(Werf, on_delete=models.CASCADE, related_name="elements")
    kind = models.CharField(max_length=12, choices=WerfElementKind.choices)

    class Meta(PlanEntry.Meta):
        """One element a code and werf."""

        constraints = [models.UniqueConstraint(fields=["werf", "code"], name="werf_element_once")]


class CommunicationAction(PlanEntry):
    """A row of the communication plan; a placeholder date stays open."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="communication_actions")
    purpose = LocalisedField()
    audience = LocalisedField()
    timing = LocalisedField()
    message = LocalisedField()
    channel = LocalisedField()
    material = LocalisedField()
    date = models.DateField(null=True, blank=True)
    date_printed = models.CharField(max_length=40, blank=True)
    audience_printed = models.CharField(max_length=40, blank=True)
    is_material_incomplete = models.BooleanField(default=False)

    class Meta(PlanEntry.Meta):
        """One row a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="communication_once")]

    @property
    def is_date_open(self) -> bool:
        """Tell whether the source prints a placeholder instead of a date."""
        return self.date is None and bool(self.date_printed)


class Activity(Record, KnownSpan):
    """A process, project or action that carries out an objective of one of the two plans.

    `target_type` and `target_uuid` name the objective: its table belongs to a layer above.
    """

    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ActivityKind.choices)
    title = LocalisedField()
    description = LocalisedField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """In the objective's order."""

        ordering = ["target_type", "target_uuid", "order", "pk"]
        indexes = [models.Index(fields=["target_type", "target_uuid"], name="activity_target")]

    def __str__(self) -> str:
        """Return kind and title."""
        return f"{self.get_kind_display()} {self.title}"


class Milestone(Record, KnownSpan):
    """A dated step of an activity; `forecast_on` when it is expected later or earlier than due."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="milestones")
    title = LocalisedField()
    due_on = models.DateField()
    forecast_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = KnownSpanQuerySet.as_manager()

    class Meta:
        """By due date."""

        ordering = ["activity_id", "due_on", "order", "pk"]

    def __str__(self) -> str:
        """Return title and due date."""
        return f"{self.title} {self.due_on}"
