"""What a report shows of a dashboard: everything but the confidential indicators.

A cabinet sees the confidential indicators of its own minister's units on its pages. A report is
downloaded by the corporate cell, the committee and whoever it is passed on to, so that none of
them may be in it, in no figure and in no status.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from objectives.indicators import engine
from objectives.planning.models import ObjectiveIndicator
from objectives.planning.selectors import ObjectiveReading, werf_reading
from objectives.planning.selectors.readings import (
    LinkReading,
    engine_override,
    submitted_share,
)
from reporting.selectors import Dashboard
from reporting.selectors.attention import needing_attention
from reporting.selectors.dashboard import GOOD, ObjectiveCard


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
    def submitted_of_due(self) -> tuple[int, int]:
        """Return (figures submitted, figures due)."""
        return submitted_share(link.reading for link in self._links())

    @property
    def provisional(self) -> bool:
        """Tell whether a status rests on a figure that is not validated."""
        return any(link.reading.status.provisional for link in self._links())

    @property
    def attention(self) -> tuple[ObjectiveReading, ...]:
        """Return what is off track, then at risk."""
        return needing_attention(self.readings)

    def _links(self) -> list[LinkReading]:
        return [link for reading in self.readings for link in reading.indicators]


def report_board(board: Dashboard) -> ReportBoard:
    """Return an unfiltered dashboard without its confidential indicators: one query.

    The statuses of their objectives, werven and strategic objectives are computed anew. An
    indicator is left out when it is confidential now, whatever it was at the clocks.
    """
    cards = tuple(_open_card(card) for card in board.cards)
    readings = tuple(row for card in cards for werf in card.werven for row in werf.objectives)
    return ReportBoard(cards, readings, _left_out(readings, board.clocks.known_at))


def _open_card(card: ObjectiveCard) -> ObjectiveCard:
    werven = tuple(
        werf_reading(
            werf.werf,
            [_open_objective(row) for row in werf.objectives],
            rule_version=werf.status.rule_version,
        )
        for werf in card.werven
    )
    counts = engine.distribution(row.status.status for werf in werven for row in werf.objectives)
    return replace(card, counts=counts, werven=werven)


def _open_objective(reading: ObjectiveReading) -> ObjectiveReading:
    links = tuple(row for row in reading.indicators if not row.reading.indicator.is_confidential)
    if len(links) == len(reading.indicators):
        return reading
    status = _status(
        links, engine_override(reading.override), rule_version=reading.status.rule_version
    )
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


def _left_out(readings: Iterable[ObjectiveReading], known_at: datetime) -> LeftOut:
    """Count in the database: the readings lack what the cabinet itself may not see."""
    rows = (
        ObjectiveIndicator.objects.known_at(known_at)
        .filter(objective__in=[reading.objective.pk for reading in readings])
        .values_list("objective_id", "indicator_id", "indicator__is_confidential")
    )
    by_objective: dict[int, int] = {}
    confidential, total = set(), set()
    for objective, indicator, is_confidential in rows:
        total.add(indicator)
        if is_confidential:
            confidential.add(indicator)
            by_objective[objective] = by_objective.get(objective, 0) + 1
    return LeftOut(by_objective, len(confidential), len(total))
