"""Which targets count, and which of them a plan year is judged by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from objectives.indicators.models import Indicator, Target


def final_target(targets: Sequence[Target], year: int) -> Target | None:
    """Return the final target of the year, else the next one that the latest plan set, else the
    last one before it.
    """
    finals = sorted(_counting(target for target in targets if target.is_final), key=_due_on)
    of_year = [target for target in finals if target.due_on.year == year]
    after = [target for target in finals if target.due_on.year > year]
    newest_plan = max((target.plan_year for target in after), default=None)
    own = [target for target in after if target.plan_year == newest_plan]
    before = [target for target in finals if target.due_on.year < year]
    for candidates in (of_year[-1:], own[:1], before[-1:]):
        if candidates:
            return candidates[0]
    return None


def _due_on(target: Target) -> date:
    return target.due_on


def _counting(targets: Iterable[Target]) -> list[Target]:
    """Leave out the final targets in whose place another one came, in their order.

    A year has one final target: of those due in it, that of the latest plan, recorded last.
    """
    rows = list(targets)
    last: dict[int, Target] = {}
    for row in sorted((row for row in rows if row.is_final), key=_set_at):
        last[row.due_on.year] = row
    return [row for row in rows if not row.is_final or last[row.due_on.year] is row]


def _set_at(target: Target) -> tuple[int, datetime, int]:
    return target.plan_year, target.recorded_at, target.pk or 0


def latest_targets(rows: Iterable[Target]) -> tuple[Target, ...]:
    """Keep, for each date, the target recorded last, unless it was lifted; oldest date first.

    A final target in whose place another one came, on another day of the same year, goes too.
    """
    by_date: dict[date, Target] = {}
    for row in sorted(rows, key=lambda t: (t.recorded_at, t.pk)):
        by_date[row.due_on] = row
    kept = (by_date[day] for day in sorted(by_date))
    return tuple(_counting(row for row in kept if not row.is_lifted))


def targets_set(indicator: Indicator, *, plan_year: int) -> tuple[Target, ...]:
    """Return the targets that a plan year is judged by as they are now, by date: one query."""
    return latest_targets(Target.objects.filter(indicator=indicator, plan_year__lte=plan_year))


def targets_known(
    indicators: Iterable[Indicator], *, plan_year: int, known_at: datetime
) -> dict[int, tuple[Target, ...]]:
    """Return by indicator the targets a plan year is judged by as known then, by date: one query.

    An indicator without any is not among the keys.
    """
    rows = Target.objects.known_at(known_at).filter(
        indicator__in=[indicator.pk for indicator in indicators], plan_year__lte=plan_year
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for row in rows:
        found[row.indicator_id].append(row)
    return {pk: latest_targets(of_one) for pk, of_one in found.items()}
