"""Users, organisation units, supervising ministers and roles."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

from ibzplan.core import append_only
from ibzplan.core.localised import LocalisedField
from ibzplan.core.models import Record, Sourced
from personnel.choices import (
    FigureOrigin,
    FlowPeriod,
    FunctionLevel,
    NameSource,
    Role,
    StaffKind,
    StaffMeasure,
    Statute,
    UnitKind,
)

if TYPE_CHECKING:
    from ibzplan.core.models import ApiToken


class User(AbstractUser):
    """A person, or the account behind an API client."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    display_name = models.CharField(max_length=120, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    is_client = models.BooleanField(default=False, editable=False)

    # The token that a request of the API came with; it narrows what the account reaches.
    acts_with: "ApiToken | None" = None

    def __str__(self) -> str:
        """Return the name that pages show."""
        return self.display_name or self.get_full_name() or self.username


class OrganisationUnit(Record, Sourced):
    """An Algemene Directie or any other entity; `code` is its official or usual short name."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=30, choices=UnitKind.choices)
    title = LocalisedField()
    short_title = LocalisedField()
    description = LocalisedField()
    remark = LocalisedField()
    is_hosted = models.BooleanField(default=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    search_key = models.TextField(blank=True, editable=False)

    class Meta:
        """In the plan's order."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return the title in the active language."""
        return str(self.title)


class UnitName(Record, Sourced):
    """A name of a unit exactly as one place of the plan prints it."""

    unit = models.ForeignKey(OrganisationUnit, on_delete=models.CASCADE, related_name="names")
    where = models.CharField(max_length=20, choices=NameSource.choices)
    printed = models.CharField(max_length=200)

    class Meta:
        """In the order of the source."""

        ordering = ["source_first_line", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["where", "source_first_line", "unit"], name="unit_name_once_a_place"
            )
        ]

    def __str__(self) -> str:
        """Return the printed name."""
        return self.printed


class SupervisingMinister(Record, Sourced):
    """The office of a minister; its holder has dates."""

    code = models.CharField(max_length=10, unique=True)
    title = LocalisedField()
    short_title = LocalisedField()
    order = models.PositiveSmallIntegerField(default=0)
    plan_codes = models.JSONField(default=list, blank=True)

    class Meta:
        """In the plan's order."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return the title in the active language."""
        return str(self.title)


class OfficeHolder(Record, Sourced):
    """Who holds a minister's office, or (without a minister) presides the direction committee."""

    minister = models.ForeignKey(
        SupervisingMinister, null=True, on_delete=models.CASCADE, related_name="holders"
    )
    office = LocalisedField()
    name = models.CharField(max_length=120)
    holds_from = models.DateField(null=True, blank=True)
    holds_to = models.DateField(null=True, blank=True)

    class Meta:
        """Latest first; the source gives no dates, so NULL counts as 'since always'."""

        ordering = [models.F("holds_from").desc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        """Return the holder's name."""
        return self.name


class MinisterUnit(Record, Sourced):
    """A unit answers to a minister during a time."""

    minister = models.ForeignKey(
        SupervisingMinister, on_delete=models.CASCADE, related_name="unit_links"
    )
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.CASCADE, related_name="minister_links"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        """By minister, then unit."""

        ordering = ["minister_id", "unit_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minister", "unit"], name="minister_unit_once")
        ]

    def __str__(self) -> str:
        """Return both codes."""
        return f"{self.minister.code} {self.unit.code}"


class ManagementFunction(Record, Sourced):
    """A management function (N, N-1): whoever holds it answers for objectives."""

    code = models.CharField(max_length=30, unique=True)
    unit = models.ForeignKey(
        OrganisationUnit, on_delete=models.PROTECT, related_name="management_functions"
    )
    title = LocalisedField()
    level = models.CharField(max_length=4, choices=FunctionLevel.choices)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        """In the plan's order."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return the title in the active language."""
        return str(self.title)


class FunctionHolder(Record):
    """Who holds a management function during a time; `user` when the holder signs in here."""

    function = models.ForeignKey(
        ManagementFunction, on_delete=models.CASCADE, related_name="holders"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="functions_held"
    )
    name = models.CharField(max_length=120, blank=True)
    holds_from = models.DateField(null=True, blank=True)
    holds_to = models.DateField(null=True, blank=True)

    class Meta:
        """Latest first; NULL counts as 'since always'."""

        ordering = [models.F("holds_from").desc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        """Return the holder's name."""
        return self.name or str(self.user or "")


@append_only.register
class UnitTransfer(models.Model):
    """A record goes from one unit to its successor on a date (design.md 4.10).

    Before that date it is shown with the unit that it had then, whatever the record says now.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target_type = models.CharField(max_length=80)
    target_uuid = models.UUIDField()
    from_unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(OrganisationUnit, on_delete=models.PROTECT, related_name="+")
    takes_effect_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        """By date, then recording."""

        ordering = ["takes_effect_on", "recorded_at", "pk"]
        indexes = [models.Index(fields=["target_type", "target_uuid"], name="transfer_target")]

    def __str__(self) -> str:
        """Return both units and the date."""
        return f"{self.from_unit.code} > {self.to_unit.code} {self.takes_effect_on}"


class RoleAssignment(Record):
    """A user's role, with the unit or the minister it is bound to."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        OrganisationUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    minister = models.ForeignKey(
        SupervisingMinister, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """By user; planners, heads and cabinet staff are bound to something."""

        ordering = ["user_id", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role__in=[Role.PLANNER, Role.HEAD], unit=None),
                name="unit_role_has_unit",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.CABINET, minister=None),
                name="cabinet_has_minister",
            ),
        ]

    def __str__(self) -> str:
        """Return role and scope."""
        scope = self.unit or self.minister
        return f"{self.get_role_display()} {scope.code}" if scope else self.get_role_display()


class StaffingLine(Record, Sourced):
    """A line of the staffing tables: a unit, or a group of units such as an envelope.

    The FTE table and the headcount table share one tree: within a table a line adds up from the
    nearest lines below it that the table prints.
    """

    code = models.CharField(max_length=30, unique=True)
    title = LocalisedField()
    remark = LocalisedField()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    unit = models.ForeignKey(
        OrganisationUnit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="staffing_lines",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the plan's order."""

        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


class StaffingFigure(Record, Sourced):
    """How many people of a statute a line has on a day: FTE in thousandths, or persons.

    A plan for a year stands on its last day. `printed` is the figure as a table prints it, empty
    for what was entered here. The two stand beside each other (design.md 4.11): where there are
    both, the entered one counts. One that was withdrawn counts no more.
    """

    line = models.ForeignKey(StaffingLine, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=10, choices=StaffMeasure.choices)
    statute = models.CharField(max_length=12, choices=Statute.choices)
    kind = models.CharField(max_length=8, choices=StaffKind.choices)
    on = models.DateField()
    amount = models.PositiveIntegerField()
    printed = models.CharField(max_length=20, blank=True, editable=False)
    origin = models.CharField(
        max_length=8, choices=FigureOrigin.choices, default=FigureOrigin.ENTERED, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        """By date, then line."""

        ordering = ["on", "kind", "measure", "line_id", "statute", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "measure", "statute", "kind", "on", "origin"],
                condition=models.Q(withdrawn_at=None),
                name="staffing_figure_once",
            )
        ]

    def __str__(self) -> str:
        """Return line, measure and day."""
        return f"{self.line.code} {self.measure} {self.statute} {self.on}"


class StaffingFlow(Record):
    """How many people of a statute came and went in a period: FTE in thousandths, or persons.

    The period is a calendar year or a half-year, quarter or month of one.
    """

    line = models.ForeignKey(StaffingLine, on_delete=models.PROTECT, related_name="flows")
    measure = models.CharField(max_length=10, choices=StaffMeasure.choices)
    statute = models.CharField(max_length=12, choices=Statute.choices)
    kind = models.CharField(max_length=8, choices=StaffKind.choices)
    starts_on = models.DateField()
    resolution = models.CharField(max_length=1, choices=FlowPeriod.choices)
    inflow = models.PositiveIntegerField()
    outflow = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        """By period, then line."""

        ordering = ["starts_on", "resolution", "kind", "measure", "line_id", "statute", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "measure", "statute", "kind", "starts_on", "resolution"],
                condition=models.Q(withdrawn_at=None),
                name="staffing_flow_once",
            )
        ]

    def __str__(self) -> str:
        """Return line, measure and period."""
        return f"{self.line.code} {self.measure} {self.statute} {self.starts_on} {self.resolution}"
