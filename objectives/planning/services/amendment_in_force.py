"""How an objective comes into force by an amendment, how it leaves, and what is asked for then."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from ibzplan.core.services import record_change
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.services import obligations_lapse
from objectives.planning.choices import PlanState
from objectives.planning.models import AmendmentChange, ObjectiveIndicator, OperationalObjective
from objectives.planning.services.amendment_reasons import ACTION, reason_of, since_amendment
from objectives.planning.services.targets import planned_targets, targets_write
from personnel.models import User


def bring_in(
    *, actor: User, change: AmendmentChange, result: OperationalObjective, at: datetime
) -> None:
    """Let a draft come into force with the amendment; no period before that is asked for."""
    record_change(
        actor=actor,
        target=result,
        values={"state": PlanState.APPROVED, "waits_for": "", "approved_at": at},
        action=ACTION,
        reason=reason_of(change),
        at=at,
    )
    _begin_measuring(actor, change, result, at)


def _begin_measuring(
    actor: User, change: AmendmentChange, result: OperationalObjective, at: datetime
) -> None:
    """Ask for no period that ended before the objective came into force.

    An indicator that an objective in force of the same year uses already goes on as it is.
    """
    year = result.plan.year
    eve = timezone.localdate(at) - timedelta(days=1)
    links = result.indicator_links.current().select_related("indicator")
    in_use = _in_use([link.indicator_id for link in links], year, besides=result)
    for link in links:
        if link.indicator_id in in_use:
            continue
        indicator = link.indicator
        lapsed = obligations_lapse(
            actor=actor,
            indicator=indicator,
            since=date(year, 1, 1),
            last=min(eve, date(year, 12, 31)),
            reason=since_amendment(change.amendment.number),
            at=at,
        )
        if lapsed:
            _count_from_there(actor, change, indicator, at)


def _count_from_there(
    actor: User, change: AmendmentChange, indicator: Indicator, at: datetime
) -> None:
    """Let the expected sum of a flow of counts begin at 0 with the first period that applies.

    A path that the planner laid down up to that day stays; any other kind of figure runs on from
    its baseline.
    """
    year = change.amendment.plan.year
    planned = planned_targets(indicator, year)
    final = planned.final
    asked = indicator.obligations.current().filter(not_applicable_reason="", period_end__year=year)
    first = asked.order_by("period_start", "pk").first()
    is_counted = (
        indicator.accumulation == Accumulation.FLOW
        and indicator.target_kind == TargetKind.INCREASE
        and not indicator.is_ratio
    )
    if not is_counted or first is None or final is None or final.value is None:
        return
    eve = first.period_start - timedelta(days=1)
    if eve.year != year or any(row.due_on <= eve for row in planned.interim):
        return
    path = [(row.due_on, row.value) for row in planned.interim if row.value is not None]
    targets_write(
        actor=actor,
        indicator=indicator,
        year=year,
        due_on=final.due_on,
        target=final.value,
        target_level=final.level,
        interim=[(eve, Decimal(0)), *path],
        reason=since_amendment(change.amendment.number),
        at=at,
    )


def _in_use(indicator_ids: list[int], year: int, *, besides: OperationalObjective) -> set[int]:
    """Return which of these indicators another objective in force of that year uses."""
    rows = ObjectiveIndicator.objects.current().filter(
        indicator__in=indicator_ids,
        objective__state=PlanState.APPROVED,
        objective__plan__year=year,
    )
    return set(rows.exclude(objective=besides).values_list("indicator_id", flat=True))


def take_out(
    *, actor: User, change: AmendmentChange, objective: OperationalObjective, at: datetime
) -> None:
    """Take an objective out of the plan; what is not measured elsewhere is asked for no longer."""
    reason = reason_of(change)
    record_change(
        actor=actor,
        target=objective,
        values={"state": PlanState.WITHDRAWN, "waits_for": "", "withdrawn_at": at},
        action=ACTION,
        reason=reason,
        at=at,
    )
    year = objective.plan.year
    links = objective.indicator_links.current().select_related("indicator")
    in_use = _in_use([link.indicator_id for link in links], year, besides=objective)
    for link in links:
        if link.indicator_id not in in_use:
            obligations_lapse(
                actor=actor,
                indicator=link.indicator,
                since=timezone.localdate(at),
                last=date(year, 12, 31),
                reason=reason,
                at=at,
            )
