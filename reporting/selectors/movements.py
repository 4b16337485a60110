"""What moved between two moments: objectives that got better, worse or changed, with reasons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.planning.models import (
    AmendmentChange,
    Narrative,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.milestones import MilestonePair
from personnel.access import Access
from personnel.models import SupervisingMinister
from reporting.choices import MovementKind
from reporting.models import ProgressReport
from reporting.selectors.movement_pairs import ReadingPair
from reporting.selectors.movement_reasons import (
    added_reasons,
    is_adjusted,
    reasons_between,
    removed_reasons,
)
from reporting.selectors.reports import reports_visible_to

__all__ = [
    "LastReport",
    "Movement",
    "MovementKind",
    "clocks_of_report",
    "issued_reports",
    "last_among",
    "last_report",
    "movements_between",
]

_ORDER: Final = {kind: place for place, kind in enumerate(MovementKind)}
# Without a figure an objective has no rank: it comes after those that were judged.
_UNRANKED: Final = len(engine.FIGURE_STATUSES)


@dataclass(frozen=True, slots=True)
class Movement:
    """An objective that is not what it was: from -> to, and why, the most telling first.

    `before` is None for one that came into the plan, `after` for one that left it. `reasons` are
    sentences in the active language.
    """

    kind: MovementKind
    before: ObjectiveReading | None
    after: ObjectiveReading | None
    reasons: tuple[str, ...] = ()

    @property
    def objective(self) -> OperationalObjective:
        """Return the objective as it stands after, or as it last stood."""
        reading = self.after or self.before
        assert reading is not None  # noqa: S101 (one of the two is always there)
        return reading.objective

    @property
    def from_status(self) -> engine.Status | None:
        """Return the computed status before; None for one that came into the plan."""
        return self.before.status.status if self.before else None

    @property
    def to_status(self) -> engine.Status | None:
        """Return the computed status after; None for one that left the plan."""
        return self.after.status.status if self.after else None


@dataclass(frozen=True, slots=True)
class LastReport:
    """The report to compare with, and the clocks that it was made with."""

    report: ProgressReport
    clocks: Clocks


def movements_between(
    before: Sequence[ObjectiveReading],
    after: Sequence[ObjectiveReading],
    *,
    amended: Sequence[AmendmentChange] = (),
    narratives: Mapping[int, Sequence[Narrative]] | None = None,
    milestones: Mapping[UUID, Sequence[MilestonePair]] | None = None,
) -> tuple[Movement, ...]:
    """Return what moved, worsened first, then improved, and so on; what did not is left out.

    `amended` are the changes approved in between, with `amendment` selected and `objectives` and
    `results` prefetched: they say why a target or an owner is another one. `narratives` are those
    known after, by objective key, `milestones` those of
    activities, by its UUID. No queries. An indicator that the readings leave out is in no
    reason, nor is a change of its targets.
    """
    then = {reading.objective.pk: reading for reading in before}
    now = {reading.objective.pk: reading for reading in after}
    changes = _by_objective(amended)
    told, steps = narratives or {}, milestones or {}
    found: list[Movement] = []
    for pk in [*now, *(pk for pk in then if pk not in now)]:
        was, is_now = then.get(pk), now.get(pk)
        if is_now is None:
            found.append(Movement(MovementKind.REMOVED, was, None, removed_reasons(changes[pk])))
        elif was is None:
            found.append(Movement(MovementKind.ADDED, None, is_now, added_reasons(changes[pk])))
        else:
            done = steps.get(is_now.objective.uuid, ())
            pair = ReadingPair(
                was, is_now, tuple(changes[pk]), tuple(told.get(pk, ())), tuple(done)
            )
            found += _movement(pair)
    return tuple(sorted(found, key=_place))


def last_report(
    plan: OperationalPlan,
    minister: SupervisingMinister | None,
    clocks: Clocks,
    access: Access,
) -> LastReport | None:
    """Return the latest report issued on an earlier reference date that the user may see.

    Of any minister when `minister` is None. Only what was issued by `known_at` counts. One query,
    without the snapshots.
    """
    return last_among(issued_reports(access), plan, minister, clocks)


@steady
def issued_reports(access: Access) -> tuple[ProgressReport, ...]:
    """Return the issued reports that the user may see, the latest reference date first.

    They come without their snapshots: one query, none when it is known (see steady).
    """
    rows = reports_visible_to(access).exclude(issued_at=None).defer("snapshot")
    return tuple(rows.order_by("-reference_date", "-known_at", "-pk"))


def last_among(
    reports: Iterable[ProgressReport],
    plan: OperationalPlan,
    minister: SupervisingMinister | None,
    clocks: Clocks,
) -> LastReport | None:
    """Return the first of the reports that `last_report` would give."""
    for report in reports:
        fits = report.plan_id == plan.pk and minister in (None, report.minister)
        was_out = report.issued_at is not None and report.issued_at <= clocks.known_at
        if fits and was_out and report.reference_date < clocks.reference_date:
            return LastReport(report, clocks_of_report(report))
    return None


def clocks_of_report(report: ProgressReport) -> Clocks:
    """Return the clocks that a report was made with."""
    return Clocks(report.reference_date, report.known_at, pinned_reference=True, pinned_known=True)


def _by_objective(amended: Sequence[AmendmentChange]) -> dict[int, list[AmendmentChange]]:
    """Return by objective the changes that speak of it or brought it."""
    found: dict[int, list[AmendmentChange]] = defaultdict(list)
    for change in amended:
        keys = {row.pk for row in (*change.objectives.all(), *change.results.all())}
        for pk in keys:
            found[pk].append(change)
    return found


def _movement(pair: ReadingPair) -> list[Movement]:
    kind = _kind(pair)
    return [Movement(kind, pair.before, pair.after, reasons_between(pair))] if kind else []


def _kind(pair: ReadingPair) -> MovementKind | None:
    old, new = pair.before.status.status, pair.after.status.status
    if old == new:
        return MovementKind.ADJUSTED if is_adjusted(pair) else None
    if old not in engine.FIGURE_STATUSES or new not in engine.FIGURE_STATUSES:
        return MovementKind.OTHER
    is_worse = engine.worse_of(old, new) == new
    return MovementKind.WORSENED if is_worse else MovementKind.IMPROVED


def _place(movement: Movement) -> tuple[int, int, int]:
    """Return where it comes: by kind, the worst first where that is bad news, else the best."""
    old, new = _rank(movement.from_status), _rank(movement.to_status)
    sign = -1 if movement.kind == MovementKind.IMPROVED else 1
    return _ORDER[movement.kind], sign * new, sign * (new - old)


def _rank(status: engine.Status | None) -> int:
    return engine.FIGURE_STATUSES.index(status) if status in engine.FIGURE_STATUSES else _UNRANKED
