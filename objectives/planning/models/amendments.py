"""Changes of a plan in force: motivated each, approved as a whole (design.md section 6)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record
from objectives.indicators.models import Indicator
from objectives.planning.choices import AmendmentState, ChangeKind
from objectives.planning.models.objectives import OperationalObjective
from objectives.planning.models.plans import OperationalPlan
from objectives.planning.querysets import AmendmentQuerySet
from personnel.models import OrganisationUnit


class Amendment(Record):
    """One amendment of a plan in force; `unit` None means that the corporate cell proposes it."""

    plan = models.ForeignKey(OperationalPlan, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = LocalisedField()
    motivation = LocalisedField()
    state = models.CharField(
        max_length=10, choices=AmendmentState.choices, default=AmendmentState.DRAFT
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        """Newest first; a number is given once a plan."""

        ordering = ["-plan__year", "-number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="amendment_number_once")
        ]

    def __str__(self) -> str:
        """Return plan and number."""
        return f"{self.plan} W{self.number}"


class AmendmentChange(Record):
    """One proposed change. `values` maps a field to [old, new] as JSON, as in the history.

    `objectives` are those that it speaks of (several for a merger), `results` the drafts that come
    into force with it (added, or what a split or a merger leads to). `base_versions` maps the UUID
    of each of `objectives` to the version that the proposer saw. `is_important` None means that
    nobody said yet: such a change is not submitted.
    """

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    objectives = models.ManyToManyField(OperationalObjective, related_name="amendment_changes")
    results = models.ManyToManyField(OperationalObjective, related_name="amended_by")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    values = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    base_versions = models.JSONField(default=dict, blank=True)
    motivation = models.TextField(blank=True)
    is_important = models.BooleanField(null=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the order in which they are applied."""

        ordering = ["amendment_id", "order", "pk"]

    def __str__(self) -> str:
        """Return amendment and kind."""
        return f"{self.amendment} {self.kind}"
