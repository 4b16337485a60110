"""Everything that goes over in a reorganisation, before it is carried out and while it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ibzplan.core.models import FormDraft, Record
from objectives.indicators.choices import CorrectionState
from objectives.indicators.models import Correction, Indicator, Measurement, Obligation
from objectives.planning.choices import AmendmentState, EvaluationState, PlanState
from objectives.planning.models import (
    Amendment,
    CoOwner,
    FinalEvaluation,
    ObjectiveIndicator,
    OperationalObjective,
)
from objectives.strategy.models import Werf, WerfUnit
from personnel.access import UNIT_ROLES, Access
from personnel.choices import Role
from personnel.models import (
    ManagementFunction,
    MinisterUnit,
    OrganisationUnit,
    RoleAssignment,
    UnitTransfer,
)
from reporting.choices import ReorganisationState
from reporting.models import Deadline, Reorganisation, ReorganisedUnit


@dataclass(frozen=True, slots=True)
class Tasks:
    """Open work that goes along with what moves: the record it belongs to names the unit."""

    obligations: int = 0
    form_drafts: int = 0
    returned: tuple[Measurement, ...] = ()
    corrections: tuple[Correction, ...] = ()
    evaluations: tuple[FinalEvaluation, ...] = ()

    @property
    def total(self) -> int:
        """Return how many there are."""
        return (
            self.obligations
            + self.form_drafts
            + len(self.returned)
            + len(self.corrections)
            + len(self.evaluations)
        )


@dataclass(frozen=True, slots=True)
class Moves:
    """What goes over, by kind.

    `ended` are the units that go over whole; `sub_units` stand below them and stand below the
    successor from then on. To the units of the `werven` the successor is added.
    """

    objectives: tuple[OperationalObjective, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    co_owners: tuple[CoOwner, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    functions: tuple[ManagementFunction, ...] = ()
    roles: tuple[RoleAssignment, ...] = ()
    minister_links: tuple[MinisterUnit, ...] = ()
    ended: tuple[OrganisationUnit, ...] = ()
    sub_units: tuple[OrganisationUnit, ...] = ()
    werven: tuple[Werf, ...] = ()
    tasks: Tasks = field(default_factory=Tasks)

    @property
    def drafts(self) -> list[OperationalObjective]:
        """Return the objectives that are not approved yet."""
        return [row for row in self.objectives if not row.is_in_force]

    @property
    def in_force(self) -> list[OperationalObjective]:
        """Return the objectives that are in force."""
        return [row for row in self.objectives if row.is_in_force]

    @property
    def records(self) -> list[Record]:
        """Return the records that get another unit."""
        return [
            *self.objectives,
            *self.indicators,
            *self.amendments,
            *self.deadlines,
            *self.functions,
            *self.sub_units,
        ]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would go over."""
        return not (self.records or self.co_owners or self.roles or self.ended)


def prepares_reorganisations(access: Access) -> bool:
    """Tell whether the user prepares reorganisations."""
    return access.has(Role.CORPORATE)


def applies_reorganisations(access: Access) -> bool:
    """Tell whether the user carries reorganisations out."""
    return access.has(Role.COMMITTEE)


def reads_reorganisations(access: Access) -> bool:
    """Tell whether the user reads what is prepared and what was carried out."""
    return access.has(Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)


def reorganisations() -> QuerySet[Reorganisation]:
    """Return the reorganisations with their units, the newest first: three queries."""
    sources = ReorganisedUnit.objects.select_related("unit").prefetch_related("werven")
    return Reorganisation.objects.select_related("successor", "applied_by").prefetch_related(
        Prefetch("sources", queryset=sources)
    )


def can_be_applied(reorganisation: Reorganisation, today: date) -> bool:
    """Tell whether its day has come and it was not carried out yet."""
    return (
        reorganisation.state == ReorganisationState.DRAFT
        and today >= reorganisation.takes_effect_on
    )


def reorganisation_moves(reorganisation: Reorganisation, known_at: datetime) -> Moves:
    """Return everything that goes over, now: a fixed number of queries a unit that is named.

    Objectives of plans whose year is over on that day stay with the old unit, and so does what
    an amendment withdrew or was closed. Of a unit that goes over in part only the objectives of
    the werven named go, with the indicators that nothing else of the unit uses.
    """
    sources = list(reorganisation.sources.select_related("unit").prefetch_related("werven"))
    whole = [source.unit for source in sources if not source.werven.all()]
    objectives = [row for source in sources for row in _objectives(reorganisation, source)]
    indicators = [
        row
        for source in sources
        for row in (
            _used_only_by(source.unit, objectives)
            if source.werven.all()
            else Indicator.objects.filter(owner=source.unit).select_related("owner")
        )
    ]
    day = reorganisation.takes_effect_on
    return Moves(
        objectives=tuple(objectives),
        indicators=tuple(indicators),
        amendments=tuple(
            Amendment.objects.filter(
                unit__in=whole, state__in=[AmendmentState.DRAFT, AmendmentState.SUBMITTED]
            ).select_related("plan", "unit")
        ),
        co_owners=tuple(_co_owners(reorganisation, whole)),
        deadlines=tuple(
            Deadline.objects.current()
            .filter(unit__in=whole, due_on__gte=day, done_on=None)
            .select_related("unit")
        ),
        functions=tuple(ManagementFunction.objects.filter(unit__in=whole).select_related("unit")),
        roles=tuple(_roles(reorganisation, whole)),
        minister_links=tuple(
            MinisterUnit.objects.filter(unit__in=whole)
            .filter(Q(valid_to=None) | Q(valid_to__gte=day))
            .select_related("minister", "unit")
        ),
        ended=tuple(whole),
        sub_units=tuple(_sub_units(reorganisation, whole)),
        werven=tuple(_werven(reorganisation, sources)),
        tasks=_tasks(objectives, indicators, day, known_at),
    )


def titles_seen(moves: Moves, access: Access) -> frozenset[UUID]:
    """Return the records of a preview whose title the user may read: three queries at most.

    A draft goes over too, but what stands in it stays with its unit (design.md section 9).
    """
    objectives = [*moves.objectives, *(row.objective for row in moves.co_owners)]
    return frozenset(
        uuid
        for rows, keys in (
            (OperationalObjective.objects.visible_to(access), [row.pk for row in objectives]),
            (Indicator.objects.visible_to(access), [row.pk for row in moves.indicators]),
            (Amendment.objects.visible_to(access), [row.pk for row in moves.amendments]),
        )
        if keys
        for uuid in rows.filter(pk__in=keys).values_list("uuid", flat=True)
    )


def _sub_units(
    reorganisation: Reorganisation, whole: Sequence[OrganisationUnit]
) -> list[OrganisationUnit]:
    """Return the units right below those that end, unless they go over or ended themselves."""
    rows = (
        OrganisationUnit.objects.filter(parent__in=whole)
        .filter(Q(valid_to=None) | Q(valid_to__gte=reorganisation.takes_effect_on))
        .exclude(pk__in=[unit.pk for unit in (*whole, reorganisation.successor)])
    )
    return list(rows.select_related("parent"))


def _werven(reorganisation: Reorganisation, sources: Iterable[ReorganisedUnit]) -> list[Werf]:
    """Return the werven of the units that go over, on which the successor does not work yet."""
    asked = [
        Q(unit_links__unit=source.unit, pk__in=[werf.pk for werf in source.werven.all()])
        if source.werven.all()
        else Q(unit_links__unit=source.unit)
        for source in sources
    ]
    if not asked:
        return []
    there = WerfUnit.objects.filter(werf=OuterRef("pk"), unit=reorganisation.successor)
    rows = Werf.objects.filter(reduce(or_, asked)).exclude(Exists(there)).distinct()
    return list(rows.order_by("objective__plan_id", "objective__order", "order", "pk"))


def last_transfer(records: Sequence[Record]) -> tuple[Record, UnitTransfer] | None:
    """Return which of the records went over latest, with that transfer: one query."""
    by_key = {(record.type_name(), record.uuid): record for record in records}
    found = (
        UnitTransfer.objects.filter(
            target_type__in={type_name for type_name, _uuid in by_key},
            target_uuid__in=[uuid for _type, uuid in by_key],
        )
        .order_by("takes_effect_on", "recorded_at", "pk")
        .last()
    )
    return (by_key[found.target_type, found.target_uuid], found) if found else None


def was_ended_by_reorganisation(unit: OrganisationUnit) -> bool:
    """Tell whether a unit ended because it went over whole, not for another reason."""
    if unit.valid_to is None:
        return False
    return ReorganisedUnit.objects.filter(
        unit=unit,
        werven=None,
        reorganisation__state=ReorganisationState.APPLIED,
        reorganisation__takes_effect_on=unit.valid_to + timedelta(days=1),
    ).exists()


def _objectives(
    reorganisation: Reorganisation, source: ReorganisedUnit
) -> list[OperationalObjective]:
    rows = (
        OperationalObjective.objects.filter(
            unit=source.unit, plan__year__gte=reorganisation.takes_effect_on.year
        )
        .exclude(state__in=[PlanState.CLOSED, PlanState.WITHDRAWN])
        .select_related("plan", "unit", "werf")
        .order_by("plan__year", "code", "pk")
    )
    werven = [werf.pk for werf in source.werven.all()]
    return list(rows.filter(werf__in=werven) if werven else rows)


def _used_only_by(
    unit: OrganisationUnit, objectives: Sequence[OperationalObjective]
) -> list[Indicator]:
    """Return the unit's indicators that these objectives use, and no other that is still open."""
    moving = [row.pk for row in objectives]
    used = ObjectiveIndicator.objects.current().filter(indicator=OuterRef("pk"))
    staying = (
        used.filter(objective__unit=unit)
        .exclude(objective__in=moving)
        .exclude(objective__state__in=[PlanState.CLOSED, PlanState.WITHDRAWN])
    )
    rows = Indicator.objects.filter(Exists(used.filter(objective__in=moving)), owner=unit)
    return list(rows.exclude(Exists(staying)).select_related("owner"))


def _co_owners(reorganisation: Reorganisation, whole: Iterable[OrganisationUnit]) -> list[CoOwner]:
    return list(
        CoOwner.objects.current()
        .filter(
            unit__in=list(whole), objective__plan__year__gte=reorganisation.takes_effect_on.year
        )
        .exclude(objective__state__in=[PlanState.CLOSED, PlanState.WITHDRAWN])
        .select_related("objective", "objective__plan", "unit")
        .order_by("objective__code", "pk")
    )


def _roles(
    reorganisation: Reorganisation, whole: Iterable[OrganisationUnit]
) -> list[RoleAssignment]:
    """Return the roles that their users get in the successor too, and do not have there yet."""
    there = RoleAssignment.objects.filter(
        unit=reorganisation.successor, user=OuterRef("user"), role=OuterRef("role")
    )
    return list(
        RoleAssignment.objects.filter(unit__in=list(whole), role__in=UNIT_ROLES)
        .exclude(Exists(there))
        .select_related("user", "unit")
        .order_by("unit__order", "user__username", "role", "pk")
    )


def _tasks(
    objectives: Sequence[OperationalObjective],
    indicators: Sequence[Indicator],
    day: date,
    known_at: datetime,
) -> Tasks:
    given = Measurement.objects.filter(
        indicator=OuterRef("indicator"),
        period_start=OuterRef("period_start"),
        resolution=OuterRef("resolution"),
        breakdown_key="",
    )
    figures = (
        Measurement.objects.filter(indicator__in=indicators)
        .totals()
        .latest_of_slot(known_at)
        .with_validation(known_at)
        .filter(is_validated=False)
        .select_related("indicator")
        .order_by("indicator__code", "period_end", "pk")
    )
    return Tasks(
        obligations=Obligation.objects.current()
        .filter(indicator__in=indicators, due_on__gte=day, not_applicable_reason="")
        .exclude(Exists(given))
        .count(),
        form_drafts=FormDraft.objects.filter(
            target_uuid__in=[row.uuid for row in (*objectives, *indicators)]
        ).count(),
        returned=tuple(row for row in figures if row.is_returned),
        corrections=tuple(
            Correction.objects.filter(
                measurement__indicator__in=indicators, state=CorrectionState.PENDING
            ).select_related("measurement", "measurement__indicator")
        ),
        evaluations=tuple(
            FinalEvaluation.objects.filter(
                objective__in=objectives, state=EvaluationState.DRAFT
            ).select_related("objective")
        ),
    )


def is_new(unit: OrganisationUnit) -> bool:
    """Tell whether a unit has done nothing yet: no objective or indicator is or was its own."""
    return not (
        OperationalObjective.objects.filter(unit=unit).exists()
        or Indicator.objects.filter(owner=unit).exists()
        or UnitTransfer.objects.filter(from_unit=unit).exists()
    )
