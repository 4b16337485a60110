"""What a report shows of a dashboard: everything but the confidential indicators.

A cabinet sees the confidential indicators of its own minister's units on its pages. A report is
downloaded by the corporate cell, the committee and whoever it is passed on to, so that none of
them may be in it, in no figure and in no status.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from objectives.indicators import engine
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.selectors import ObjectiveReading, werf_reading
from objectives.planning.selectors.readings import (
    LinkReading,
    engine_override,
)
from objectives.strategy.models import StrategicObjective
from reporting.selectors.attention import needing_attention
from reporting.selectors.dashboard import GOOD, ObjectiveCard
from reporting.snapshot.structure import Structure


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many indicators are confidential, out of how many; by objective and over all.

    Those of other ministers count too; one that serves several objectives counts once in `all_`.
    """

    by_objective: Mapping[int, int]
    all_: int
    total: int


@dataclass(frozen=True, slots=True)
class ReportBoard:
    """The part of a dashboard that every reader of a report may see."""

    cards: tuple[ObjectiveCard, ...]
    readings: tuple[ObjectiveReading, ...]
    left_out: LeftOut

    @property
    def counts(self) -> Mapping[engine.Status, int]:
        """Return how many objectives have which status; all six present."""
        return engine.distribution(reading.status.status for reading in self.readings)

    @property
    def total(self) -> int:
        """Return how many operational objectives there are."""
        return len(self.readings)

    @property
    def good(self) -> int:
        """Return how many are achieved or on track."""
        return sum(reading.status.status in GOOD for reading in self.readings)

    @property
    def indicators(self) -> list[IndicatorReading]:
        """Return the indicators below the objectives, those of several of them each time."""
        return [link.reading for reading in self.readings for link in reading.indicators]

    @property
    def provisional(self) -> bool:
        """Tell whether a status rests on a figure that is not validated."""
        return any(reading.status.provisional for reading in self.indicators)

    @property
    def attention(self) -> tuple[ObjectiveReading, ...]:
        """Return what is off track, then at risk."""
        return needing_attention(self.readings)


def report_board(
    readings: Sequence[ObjectiveReading],
    structure: Structure,
    confidential: Collection[int],
    *,
    rule_version: int,
) -> ReportBoard:
    """Return what readings in the order of the plan tell without its confidential indicators.

    The readings hold those too. The statuses of their objectives, werven and strategic objectives
    are computed without them, by the rules of `rule_version`, as those of the readings are.
    """
    shown = tuple(_open_objective(reading, confidential, rule_version) for reading in readings)
    by_werf: dict[int, list[ObjectiveReading]] = {}
    for reading in shown:
        by_werf.setdefault(reading.objective.werf_id, []).append(reading)
    cards = tuple(_card(row, structure, by_werf, rule_version) for row in structure.objectives)
    return ReportBoard(cards, shown, _left_out(readings, confidential))


def _card(
    objective: StrategicObjective,
    structure: Structure,
    by_werf: Mapping[int, Sequence[ObjectiveReading]],
    rule_version: int,
) -> ObjectiveCard:
    every = structure.werven.get(objective.pk, ())
    werven = tuple(
        werf_reading(werf, by_werf[werf.pk], rule_version=rule_version)
        for werf in every
        if werf.pk in by_werf
    )
    counts = engine.distribution(row.status.status for werf in werven for row in werf.objectives)
    return ObjectiveCard(objective, counts, werven, len(every))


def _open_objective(
    reading: ObjectiveReading, confidential: Collection[int], rule_version: int
) -> ObjectiveReading:
    links = tuple(row for row in reading.indicators if row.link.indicator_id not in confidential)
    if len(links) == len(reading.indicators):
        return reading
    status = _status(links, engine_override(reading.override), rule_version=rule_version)
    return replace(reading, indicators=links, status=status)


def _status(
    links: Sequence[LinkReading], override: engine.Override | None, *, rule_version: int
) -> engine.RollupStatus:
    return engine.evaluate_objective(
        [
            engine.WeightedIndicator(
                row.reading.status, Fraction(row.link.weight), key=row.link.is_key
            )
            for row in links
        ],
        override=override,
        rule_version=rule_version,
    )


def _left_out(readings: Iterable[ObjectiveReading], confidential: Collection[int]) -> LeftOut:
    by_objective: dict[int, int] = {}
    total: set[int] = set()
    for reading in readings:
        keys = {link.link.indicator_id for link in reading.indicators}
        total |= keys
        if left_out := keys.intersection(confidential):
            by_objective[reading.objective.pk] = len(left_out)
    return LeftOut(by_objective, len(total.intersection(confidential)), len(total))
