"""Amendments of plans in force: who may propose and decide, what they touch, what they changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from ibzplan.core.steady import steady
from objectives.indicators.models import Indicator
from objectives.planning.choices import AmendmentState, ChangeKind, PlanState, WaitsFor
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors.readings import indicator_is_visible
from objectives.planning.selectors.versions import is_in_force
from personnel.access import Access
from personnel.choices import Role

OPEN: Final = (AmendmentState.DRAFT, AmendmentState.SUBMITTED)
# Kinds after which the objective is no longer in the plan.
ENDING: Final = (ChangeKind.WITHDRAW, ChangeKind.SPLIT, ChangeKind.MERGE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """An objective that changed since a change of it was proposed."""

    change: AmendmentChange
    objective: OperationalObjective


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The approved change that took an objective out of its plan."""

    change: AmendmentChange

    @property
    def amendment(self) -> Amendment:
        """Return the amendment."""
        return self.change.amendment


def amendments_of(plan: OperationalPlan, access: Access) -> QuerySet[Amendment]:
    """Return the amendments of a plan that the user may see, the newest first.

    Each comes with `change_count` rows prefetched: three queries, whatever their number.
    """
    rows: QuerySet[Amendment] = Amendment.objects.visible_to(access)
    return (
        rows.filter(plan=plan)
        .select_related("plan", "unit", "decided_by", "consolidated")
        .defer("consolidated__content")
        .prefetch_related("changes")
        .order_by("-number", "pk")
    )


def changes_of(amendment: Amendment, access: Access) -> list[AmendmentChange]:
    """Return the changes in the order in which they are applied, with what they speak of.

    A change of the targets of a confidential indicator is left out for who may not see that.
    """
    return [
        change
        for change in with_changes(amendment).changes.all()
        if change.indicator is None or indicator_is_visible(change.indicator, access)
    ]


def with_changes(amendment: Amendment) -> Amendment:
    """Return the amendment with its changes in their order: three queries, none a second time."""
    rows = AmendmentChange.objects.select_related("indicator", "indicator__owner")
    rows = rows.prefetch_related(
        Prefetch("objectives", queryset=_objectives()), Prefetch("results", queryset=_objectives())
    )
    prefetch_related_objects(
        [amendment], Prefetch("changes", queryset=rows.order_by("order", "pk"))
    )
    return amendment


def amendment_changes(access: Access, moment: datetime | None) -> QuerySet[AmendmentChange]:
    """Return the changes that stood there at a moment, with what they speak of, in their order.

    None is now.

    Those of the targets of an indicator that the user may not see are left out.
    """
    seen = Indicator.objects.visible_to(access).order_by().values("pk")
    rows = AmendmentChange.objects.filter(Q(indicator=None) | Q(indicator__in=seen))
    if moment is not None:
        rows = rows.filter(created_at__lte=moment)
    return (
        rows.select_related("indicator")
        .prefetch_related(
            Prefetch("objectives", queryset=_objectives()),
            Prefetch("results", queryset=_objectives()),
        )
        .order_by("order", "pk")
    )


def _objectives() -> QuerySet[OperationalObjective]:
    return OperationalObjective.objects.select_related(
        "plan", "unit", "werf", "holder", "sub_unit"
    ).order_by("code", "pk")


def takes_amendments(plan: OperationalPlan) -> bool:
    """Tell whether the plan changes by amendment: it is in force and not closed. One query."""
    return plan.state != PlanState.CLOSED and is_in_force(plan)


def may_propose(access: Access, objective: OperationalObjective) -> bool:
    """Tell whether the user may propose a change of an objective in force. One query at most."""
    if objective.state != PlanState.APPROVED or not may_propose_for(access, objective.unit_id):
        return False
    return takes_amendments(objective.plan)


def may_propose_for(access: Access, unit_id: int) -> bool:
    """Tell whether the user may propose changes of a unit's objectives."""
    return access.has(Role.CORPORATE) or access.plans_for(unit_id)


def may_edit(access: Access, amendment: Amendment) -> bool:
    """Tell whether the user writes in this amendment, whatever its state."""
    if amendment.unit_id is None:
        return access.has(Role.CORPORATE)
    return access.plans_for(amendment.unit_id)


def may_submit(access: Access, amendment: Amendment) -> bool:
    """Tell whether the user submits it: the corporate cell its own, a head those of the unit."""
    if amendment.unit_id is None:
        return access.has(Role.CORPORATE)
    return access.heads(amendment.unit_id)


def may_return(access: Access) -> bool:
    """Tell whether the user sends submitted amendments back."""
    return access.has(Role.CORPORATE, Role.COMMITTEE)


def may_decide(access: Access) -> bool:
    """Tell whether the user approves and rejects amendments."""
    return access.has(Role.COMMITTEE)


def own_drafts(plan: OperationalPlan, access: Access) -> list[Amendment]:
    """Return the drafts of amendments that the user can add a change to, the newest first."""
    rows = Amendment.objects.visible_to(access).filter(plan=plan, state=AmendmentState.DRAFT)
    return [row for row in rows.select_related("unit", "plan") if may_edit(access, row)]


def open_amendments_on(
    objectives: Iterable[OperationalObjective], *, besides: Amendment | None = None
) -> dict[int, list[Amendment]]:
    """Return by objective the amendments not decided yet that touch it: two queries."""
    keys = [row.pk for row in objectives]
    rows = AmendmentChange.objects.filter(
        amendment__state__in=OPEN, objectives__in=keys
    ).select_related("amendment", "amendment__plan", "amendment__unit")
    if besides is not None:
        rows = rows.exclude(amendment=besides)
    found: dict[int, list[Amendment]] = defaultdict(list)
    for change in rows.distinct().prefetch_related("objectives").order_by("amendment__number"):
        for objective in change.objectives.all():
            if objective.pk in keys and change.amendment not in found[objective.pk]:
                found[objective.pk].append(change.amendment)
    return dict(found)


def open_amendment_of_draft(objective: OperationalObjective) -> Amendment | None:
    """Return the amendment not decided yet that brings this draft into the plan, or None."""
    return _bringing().get(objective.pk)


@steady
def _bringing() -> Mapping[int, Amendment]:
    """Return by draft the first amendment not decided yet that brings it."""
    rows = AmendmentChange.objects.filter(amendment__state__in=OPEN, results__isnull=False)
    pairs = rows.values_list("results", "amendment").order_by(
        "-amendment__plan__year", "-amendment__number", "amendment_id"
    )
    found: dict[int, int] = {}
    for draft, amendment in pairs:
        found.setdefault(draft, amendment)
    amendments = Amendment.objects.select_related("plan", "unit").in_bulk(set(found.values()))
    return {draft: amendments[amendment] for draft, amendment in found.items()}


def drafts_in_amendments() -> QuerySet[OperationalObjective]:
    """Return the drafts that an amendment not decided yet brings: they take no step alone."""
    return OperationalObjective.objects.filter(amended_by__amendment__state__in=OPEN)


def conflicts_of(changes: Sequence[AmendmentChange]) -> list[Conflict]:
    """Return which objectives have another version now than the one that a change started from.

    The changes come with their objectives.
    """
    return [
        Conflict(change, objective)
        for change in changes
        for objective in change.objectives.all()
        if change.base_versions.get(str(objective.uuid)) != objective.version
    ]


def withdrawal_of(objective: OperationalObjective) -> Withdrawal | None:
    """Return the approved change that took the objective out of its plan: one query."""
    change = (
        AmendmentChange.objects.filter(
            objectives=objective, kind__in=ENDING, amendment__state=AmendmentState.APPROVED
        )
        .select_related("amendment", "amendment__plan", "amendment__consolidated")
        .defer("amendment__consolidated__content")
        .prefetch_related("results")
        .order_by("-amendment__decided_at", "-pk")
        .first()
    )
    return Withdrawal(change) if change else None


def important_changes(
    plan: OperationalPlan, since: datetime, until: datetime
) -> list[AmendmentChange]:
    """Return the important changes approved in (since, until], as they were applied.

    The next progress report explains them (design.md section 6). Four queries.
    """
    rows = AmendmentChange.objects.filter(
        amendment__plan=plan,
        amendment__state=AmendmentState.APPROVED,
        amendment__decided_at__gt=since,
        amendment__decided_at__lte=until,
        is_important=True,
    )
    return list(
        rows.select_related("amendment", "amendment__plan", "indicator")
        .prefetch_related(
            Prefetch("objectives", queryset=_objectives()),
            Prefetch("results", queryset=_objectives()),
        )
        .order_by("amendment__decided_at", "amendment__number", "order", "pk")
    )


def reads_approved(access: Access) -> bool:
    """Tell whether the user reads approved amendments: see AmendmentQuerySet.visible_to."""
    return access.sees_drafts or bool(access.roles - {Role.STEERING_GROUP})


def approved_changes(
    plan: OperationalPlan, since: datetime, until: datetime, access: Access
) -> list[AmendmentChange]:
    """Return the changes approved in (since, until] that the user may see, as they were applied.

    They come with what they speak of. Three queries, none when they are known (see steady).
    """
    if not reads_approved(access) or since >= until:
        return []
    return [
        change
        for change in _changes_approved(plan.pk)
        if change.amendment.decided_at is not None
        and since < change.amendment.decided_at <= until
        and (change.indicator is None or indicator_is_visible(change.indicator, access))
    ]


@steady
def _changes_approved(plan_id: int) -> tuple[AmendmentChange, ...]:
    """Return every approved change of a plan, in the order in which they were applied."""
    rows = AmendmentChange.objects.filter(
        amendment__plan=plan_id, amendment__state=AmendmentState.APPROVED
    )
    return tuple(
        rows.select_related("amendment", "amendment__plan", "indicator", "indicator__owner")
        .prefetch_related(
            Prefetch("objectives", queryset=_objectives()),
            Prefetch("results", queryset=_objectives()),
        )
        .order_by("amendment__decided_at", "amendment__number", "order", "pk")
    )


def amendments_to_decide(access: Access) -> QuerySet[Amendment]:
    """Return the submitted amendments that wait for this user, the oldest first."""
    if not may_return(access):
        return Amendment.objects.none()
    rows: QuerySet[Amendment] = Amendment.objects.filter(state=AmendmentState.SUBMITTED)
    return rows.select_related("plan", "unit").order_by("submitted_at", "pk")


def amendments_to_submit(access: Access) -> QuerySet[Amendment]:
    """Return the drafts that this user may submit, the oldest first."""
    own = Q(unit__in=access.head_unit_ids)
    if access.has(Role.CORPORATE):
        own |= Q(unit=None)
    rows: QuerySet[Amendment] = Amendment.objects.filter(own, state=AmendmentState.DRAFT)
    return rows.select_related("plan", "unit").order_by("created_at", "pk")


def indicators_of(objective: OperationalObjective, access: Access) -> list[Indicator]:
    """Return the indicators that an objective uses now and that the user may see, in its order."""
    links = ObjectiveIndicator.objects.current().filter(objective=objective)
    return [
        link.indicator
        for link in links.select_related("indicator", "indicator__owner").order_by("order", "pk")
        if indicator_is_visible(link.indicator, access)
    ]


def drafts_offered(plan: OperationalPlan, access: Access) -> list[OperationalObjective]:
    """Return the drafts of the plan that the user may bring and that no amendment brings yet."""
    rows = _objectives().filter(plan=plan, state__in=[PlanState.DRAFT, PlanState.SUBMITTED])
    free = rows.exclude(pk__in=drafts_in_amendments().values("pk"))
    return [row for row in free if may_bring(access, row)]


def may_bring(access: Access, draft: OperationalObjective) -> bool:
    """Tell whether the user may bring this draft into the plan with an amendment.

    Planners bring their own. The corporate cell reads no drafts: it brings what was submitted.
    """
    if draft.state == PlanState.DRAFT:
        return access.plans_for(draft.unit_id)
    return draft.waits_for == WaitsFor.CORPORATE and access.has(Role.CORPORATE)


def new_values(change: AmendmentChange) -> dict[str, Any]:
    """Return what a change proposes, field by field."""
    return {name: pair[1] for name, pair in change.values.items()}
