"""What has a status in a plan year, without computing any; and the statuses of some of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import rows_known
from objectives.indicators import engine
from objectives.indicators.models import Indicator
from objectives.indicators.selectors import SlotReading, indicator_readings
from objectives.planning.choices import IN_FORCE, StatusKind
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    OperationalPlan,
    StatusOverride,
)
from objectives.planning.selectors.plan_years import all_plans
from objectives.planning.selectors.readings import objective_readings
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class StatusKey:
    """A thing that has a status; `unit` is the code of the unit that answers for it."""

    kind: str
    uuid: UUID
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A thing with its status in one plan year; `slots` are an indicator's periods of it."""

    kind: str
    subject: OperationalObjective | Indicator
    year: int
    status: engine.RollupStatus | engine.IndicatorStatus
    override: StatusOverride | None = None
    slots: tuple[SlotReading, ...] = ()


def running_year(clocks: Clocks) -> int | None:
    """Return the year of the plan in force on the reference date, or of the one nearest to that.

    That is the last plan approved for a year begun by then, else the last plan there is; both as
    known at the moment.
    """
    plans = plans_known(clocks)
    begun = [
        plan.year
        for plan in plans
        if plan.state in IN_FORCE and plan.year <= clocks.reference_date.year
    ]
    return max(begun or (plan.year for plan in plans), default=None)


def plans_known(clocks: Clocks) -> list[OperationalPlan]:
    """Return the operational plans that were there then, as they stood: two queries at most."""
    if not clocks.moment_kept:
        return list(all_plans())
    return rows_known(OperationalPlan.objects.select_related("plan"), clocks.moment_kept)


def status_indicators(
    access: Access, objectives: QuerySet[OperationalObjective], known_at: datetime
) -> QuerySet[Indicator]:
    """Return the indicators that these objectives used then and that the user may see, once."""
    used = ObjectiveIndicator.objects.known_at(known_at).filter(
        objective__in=objectives.values("pk")
    )
    return Indicator.objects.visible_to(access).filter(pk__in=used.values("indicator"))


def status_keys(
    objectives: QuerySet[OperationalObjective], indicators: QuerySet[Indicator]
) -> list[StatusKey]:
    """Return a key for each, in no order: two queries."""
    own = objectives.order_by().values_list("uuid", "code", "unit__code")
    others = indicators.order_by().values_list("uuid", "code", "owner__code")
    return [
        *(StatusKey(StatusKind.OPERATIONAL_OBJECTIVE, *row) for row in own),
        *(StatusKey(StatusKind.INDICATOR, *row) for row in others),
    ]


def status_rows(
    keys: Sequence[StatusKey],
    *,
    year: int,
    clocks: Clocks,
    access: Access,
    rule_version: int = engine.CURRENT_RULE_VERSION,
) -> list[StatusRow]:
    """Return the status of each, in their order: at most nine queries, whatever their number."""
    wanted = {kind: [key.uuid for key in keys if key.kind == kind] for kind in StatusKind.values}
    objectives = OperationalObjective.objects.select_related("plan", "unit").filter(
        uuid__in=wanted[StatusKind.OPERATIONAL_OBJECTIVE]
    )
    rows: dict[UUID, StatusRow] = {}
    for reading in objective_readings(
        list(objectives), clocks=clocks, access=access, rule_version=rule_version
    ):
        subject = reading.objective
        kind = StatusKind.OPERATIONAL_OBJECTIVE
        rows[subject.uuid] = StatusRow(kind, subject, year, reading.status, reading.override)
    indicators = list(
        Indicator.objects.select_related("owner").filter(uuid__in=wanted[StatusKind.INDICATOR])
    )
    found = indicator_readings(
        indicators, year=year, clocks=clocks, access=access, rule_version=rule_version
    )
    for indicator in indicators:
        one = found[indicator.pk]
        slots = tuple(slot for slot in one.slots if slot.period.end.year == year)
        rows[indicator.uuid] = StatusRow(
            StatusKind.INDICATOR, indicator, year, one.status, slots=slots
        )
    return [rows[key.uuid] for key in keys]
