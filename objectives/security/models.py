"""The National Security Plan (NVP): themes, objectives, frameworks and conditions."""

from django.db import models

from ibzplan.core import append_only
from ibzplan.core.localised import LocalisedField
from objectives.indicators.models.columns import RecordedFact, ValueField
from objectives.security.choices import FrameworkKind, FrameworkStatus, ObjectiveLevel
from objectives.strategy.models import Plan, PlanElement, PlanEntry


class KivDimension(PlanEntry):
    """One of the six dimensions of the Kadernota Integrale Veiligheid."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="kiv_dimensions")

    class Meta(PlanEntry.Meta):
        """One a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="kiv_once")]


class SecurityTheme(PlanEntry):
    """A veiligheidsthema or subtheme; `is_block` marks those that hold objectives."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="security_themes")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="subthemes"
    )
    is_block = models.BooleanField(default=False)
    is_kiv_transversal = models.BooleanField(default=False)
    printed_variants = models.JSONField(default=list, blank=True)
    kiv_dimensions = models.ManyToManyField(
        KivDimension, through="ThemeKivLink", related_name="themes"
    )

    class Meta(PlanEntry.Meta):
        """One a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="theme_once")]


class ThemeKivLink(models.Model):
    """A block's list of frameworks refers to a KIV dimension, at a line of the source."""

    theme = models.ForeignKey(SecurityTheme, on_delete=models.CASCADE, related_name="kiv_links")
    dimension = models.ForeignKey(
        KivDimension, on_delete=models.CASCADE, related_name="theme_links"
    )
    source_line = models.PositiveIntegerField()

    class Meta:
        """One a pair."""

        ordering = ["theme_id", "dimension_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "dimension"], name="theme_kiv_once")
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.theme.code} {self.dimension.code}"


class SecurityObjective(PlanEntry):
    """A strategic objective of the NVP."""

    theme = models.ForeignKey(SecurityTheme, on_delete=models.CASCADE, related_name="objectives")
    level = models.CharField(max_length=10, choices=ObjectiveLevel.choices)
    number = models.PositiveSmallIntegerField()
    group = LocalisedField()

    class Meta(PlanEntry.Meta):
        """One a code and theme."""

        constraints = [
            models.UniqueConstraint(fields=["theme", "code"], name="security_objective_once")
        ]


class SecurityObjectivePoint(PlanEntry):
    """A sub-point printed below an objective."""

    objective = models.ForeignKey(
        SecurityObjective, on_delete=models.CASCADE, related_name="points"
    )

    class Meta(PlanEntry.Meta):
        """One a code and objective."""

        constraints = [
            models.UniqueConstraint(fields=["objective", "code"], name="objective_point_once")
        ]


class AttentionPoint(PlanEntry):
    """A transversal point of attention of a theme; theme 7 also has general ones."""

    theme = models.ForeignKey(
        SecurityTheme, on_delete=models.CASCADE, related_name="attention_points"
    )
    is_general = models.BooleanField(default=False)

    class Meta(PlanEntry.Meta):
        """One a code and theme."""

        constraints = [models.UniqueConstraint(fields=["theme", "code"], name="attention_once")]


class PolicyFramework(PlanEntry):
    """An action plan, law or policy text that themes refer to; each once."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="policy_frameworks")
    kind = models.CharField(max_length=20, choices=FrameworkKind.choices)
    status = models.CharField(max_length=20, choices=FrameworkStatus.choices, blank=True)
    valid_from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    published_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(PlanEntry.Meta):
        """One a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="framework_once")]


class FrameworkMention(models.Model):
    """A theme names a framework, exactly as printed at a line of the source."""

    framework = models.ForeignKey(
        PolicyFramework, on_delete=models.CASCADE, related_name="mentions"
    )
    theme = models.ForeignKey(
        SecurityTheme, on_delete=models.CASCADE, related_name="framework_mentions"
    )
    dimension = models.ForeignKey(
        KivDimension, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    printed = models.CharField(max_length=200)
    source_line = models.PositiveIntegerField()

    class Meta:
        """In the order of the source."""

        ordering = ["source_line", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "source_line"], name="mention_once_a_line")
        ]

    def __str__(self) -> str:
        """Return the printed name."""
        return self.printed


class EnablingCondition(PlanEntry):
    """A randvoorwaarde of section 8."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="enabling_conditions")

    class Meta(PlanEntry.Meta):
        """One a code and plan."""

        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="condition_once")]


class EnablingConditionPoint(PlanEntry):
    """A numbered point of a condition (Plan Grootsteden has six)."""

    condition = models.ForeignKey(
        EnablingCondition, on_delete=models.CASCADE, related_name="points"
    )

    class Meta(PlanEntry.Meta):
        """One a code and condition."""

        constraints = [
            models.UniqueConstraint(fields=["condition", "code"], name="condition_point_once")
        ]


@append_only.register
class ResourceValue(RecordedFact):
    """What a figure of chapter 3 became, on a day after the one that the plan prints.

    The row recorded last for a day counts; one without a value takes the earlier one away. Of a
    ratio the value is its first part. The figure itself stays as printed.
    """

    figure = models.ForeignKey(PlanElement, on_delete=models.PROTECT, related_name="later_values")
    on = models.DateField()
    value = ValueField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        """By day, then by recording."""

        ordering = ["figure_id", "on", "recorded_at", "pk"]

    def __str__(self) -> str:
        """Return figure, day and value."""
        return f"{self.figure.code} {self.on} {self.value}"


@append_only.register
class ResourceTarget(RecordedFact):
    """What a figure of chapter 3 is to become, by a day where the source of the target names one.

    The row recorded last counts, over the target that the plan prints; one without a value takes
    what was entered away.
    """

    figure = models.ForeignKey(PlanElement, on_delete=models.PROTECT, related_name="later_targets")
    due_on = models.DateField(null=True, blank=True)
    value = ValueField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        """By recording."""

        ordering = ["figure_id", "recorded_at", "pk"]

    def __str__(self) -> str:
        """Return figure and value."""
        return f"{self.figure.code} {self.value}"
