"""The rows of objectives that go on in another plan year, written many at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.models import HistoryEntry
from ibzplan.core.services import history_entry, history_record_all
from objectives.indicators.services import obligations_sync_all
from objectives.planning.choices import LineageKind
from objectives.planning.models import (
    CoOwner,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    Risk,
)
from objectives.planning.services.links import indicators_refresh
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import next_codes
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, Werf
from personnel.models import OrganisationUnit, User


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveCopy:
    """An objective as it goes on in another year; `moved` gives the new day of an old one."""

    source: OperationalObjective
    werf: Werf
    sheet: ObjectiveSheet
    security_objectives: Sequence[SecurityObjective]
    goals: Sequence[Goal]
    co_owners: Sequence[OrganisationUnit]
    activities: Sequence[Activity]
    milestones: Sequence[Milestone]
    risks: Sequence[Risk]
    indicator_links: Sequence[ObjectiveIndicator]
    moved: Callable[[date], date]
    left_out: tuple[str, ...] = ()


Pair = tuple[ObjectiveCopy, OperationalObjective]


def copies_write(
    *, actor: User, plan: OperationalPlan, copies: Sequence[ObjectiveCopy], at: datetime
) -> list[OperationalObjective]:
    """Write the objectives, in their order, with all that hangs below them, and their history.

    The caller has the transaction, took `at` first, and checked rights and rules. Raises
    DomainError when someone took a number meanwhile.
    """
    if not copies:
        return []
    OperationalPlan.objects.select_for_update().get(pk=plan.pk)  # one code at a time
    objectives = _objectives(plan, copies, at)
    pairs = list(zip(copies, objectives, strict=True))
    _links(pairs, at)
    _activities(pairs, at)
    Risk.objects.bulk_create(_risks(pairs, at))
    ObjectiveLineage.objects.bulk_create(
        ObjectiveLineage(
            predecessor=copy.source,
            successor=objective,
            kind=LineageKind.CONTINUED,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for copy, objective in pairs
    )
    _series(plan, pairs, at)
    history_record_all(entry for pair in pairs for entry in _history(actor, *pair, at))
    return objectives


def _objectives(
    plan: OperationalPlan, copies: Sequence[ObjectiveCopy], at: datetime
) -> list[OperationalObjective]:
    codes = next_codes(plan, [copy.werf for copy in copies])
    rows = [
        OperationalObjective(
            plan=plan,
            werf=copy.werf,
            unit=copy.source.unit,
            code=code,
            **copy.sheet.values(),
            search_key=copy.sheet.search_key(code),
            is_demo=plan.is_demo,
        )
        for copy, code in zip(copies, codes, strict=True)
    ]
    try:
        with transaction.atomic():
            OperationalObjective.objects.bulk_create(rows)
    except IntegrityError as error:
        raise DomainError(
            "code_taken",
            _("Someone took number %(code)s just now. Save again.") % {"code": codes[0]},
        ) from error
    # An insert sets the wall clock, which is past the instant by now.
    OperationalObjective.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=at)
    for row in rows:
        row.created_at = at
    return rows


def _links(pairs: Iterable[Pair], at: datetime) -> None:
    def span(objective: OperationalObjective) -> dict[str, Any]:
        return {"objective": objective, "known_from": at, "is_demo": objective.is_demo}

    ObjectiveSecurityLink.objects.bulk_create(
        ObjectiveSecurityLink(security_objective=row, **span(objective))
        for copy, objective in pairs
        for row in copy.security_objectives
    )
    ObjectiveGoal.objects.bulk_create(
        ObjectiveGoal(goal=row, **span(objective))
        for copy, objective in pairs
        for row in copy.goals
    )
    CoOwner.objects.bulk_create(
        CoOwner(unit=row, **span(objective)) for copy, objective in pairs for row in copy.co_owners
    )


def _activities(pairs: Iterable[Pair], at: datetime) -> None:
    """Copy the activities, and below them the milestones."""
    activities = {
        activity.pk: Activity(
            target_type=objective.type_name(),
            target_uuid=objective.uuid,
            kind=activity.kind,
            title=activity.title,
            description=activity.description,
            starts_on=activity.starts_on and copy.moved(activity.starts_on),
            ends_on=activity.ends_on and copy.moved(activity.ends_on),
            order=activity.order,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for copy, objective in pairs
        for activity in copy.activities
    }
    Activity.objects.bulk_create(activities.values())
    Milestone.objects.bulk_create(
        Milestone(
            activity=activities[milestone.activity_id],
            title=milestone.title,
            due_on=copy.moved(milestone.due_on),
            order=milestone.order,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for copy, objective in pairs
        for milestone in copy.milestones
    )


def _risks(pairs: Iterable[Pair], at: datetime) -> Iterator[Risk]:
    for copy, objective in pairs:
        for risk in copy.risks:
            yield Risk(
                objective=objective,
                title=risk.title,
                likelihood=risk.likelihood,
                impact=risk.impact,
                response=risk.response,
                measure=risk.measure,
                order=risk.order,
                known_from=at,
                is_demo=objective.is_demo,
            )


def _series(plan: OperationalPlan, pairs: Iterable[Pair], at: datetime) -> None:
    """Let the series go on: definition and figures continue, the new year asks for its own."""
    links = [
        ObjectiveIndicator(
            objective=objective,
            indicator=link.indicator,
            weight=link.weight,
            is_key=link.is_key,
            order=place,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for copy, objective in pairs
        for place, link in enumerate(copy.indicator_links, start=1)
    ]
    obligations_sync_all(
        indicators=[link.indicator for link in links],
        first=date(plan.year, 1, 1),
        last=date(plan.year, 12, 31),
        at=at,
    )
    ObjectiveIndicator.objects.bulk_create(links)
    indicators_refresh(link.indicator_id for link in links)


def _history(
    actor: User, copy: ObjectiveCopy, objective: OperationalObjective, at: datetime
) -> list[HistoryEntry]:
    """Return what the history of both says, entry by entry, in the order of writing by hand."""

    def said(target: OperationalObjective, action: str, **changes: tuple[Any, Any]) -> HistoryEntry:
        return history_entry(actor=actor, target=target, action=action, changes=changes, at=at)

    linked: dict[str, tuple[Any, Any]] = {
        name: ([], sorted(row.code for row in rows))
        for name, rows in (
            ("security_objectives", copy.security_objectives),
            ("goals", copy.goals),
            ("co_owners", copy.co_owners),
        )
        if rows
    }
    source = copy.source
    return [
        said(objective, "created", code=(None, objective.code), title=(None, objective.title)),
        *([said(objective, "changed", **linked)] if linked else []),
        said(source, "continued", lineage=(None, [objective.plan.year, objective.code])),
        said(objective, "copied", lineage=(None, [source.plan.year, source.code])),
        *(
            said(objective, "indicator_reused", indicator=(None, link.indicator.code))
            for link in copy.indicator_links
        ),
    ]
