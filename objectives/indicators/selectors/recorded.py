"""Everything recorded about series up to a moment, to be judged at any moment before it.

The rows are read once. Each moment then leaves out what was recorded after it: a page that shows
where things stood at the end of every quarter asks no more of the database than any other.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db.models import Exists, F, FilteredRelation, Q, Subquery

from ibzplan.core.rewind import held_at
from ibzplan.core.steady import is_reading, steady
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    Obligation,
    Target,
)
from objectives.indicators.querysets import MeasurementQuerySet
from objectives.indicators.selectors.definitions import (
    KnownDefinition,
    definition_held,
)
from objectives.indicators.selectors.figures import REVIEWS

Row = TypeVar("Row", Target, Obligation)
Review = tuple[datetime, str]

# From so many indicators on a page reads the rows of all: they are worth keeping.
MANY: Final = 25
# Figures of the whole, some 3 kB each, that every process may keep: ten years of a full plan.
MOST_KEPT: Final = 20_000
_OBLIGATIONS_ORDER: Final = ("indicator_id", "period_end", "period_start", "pk")


@dataclass(slots=True)
class RecordedFigure:
    """A figure with its reviews, in the order in which they were recorded."""

    row: Measurement
    reviews: list[Review] = field(default_factory=list)
    _shown: list[Measurement] = field(default_factory=list)

    def review(self, known_at: datetime) -> str:
        """Return what the last review known then says, '' without one."""
        known = [kind for at, kind in self.reviews if at <= known_at]
        return known[-1] if known else ""

    def shown(self, indicator: Indicator, known_at: datetime) -> Measurement:
        """Return the figure with `is_validated` and `is_returned` as known then.

        Its indicator carries the definition given. Moments that say the same share one row.
        """
        review = self.review(known_at)
        for row in self._shown:
            if row.indicator is indicator and _review_of(row) == review:
                return row
        row = copy.copy(self.row)
        row.indicator = indicator
        vars(row).update(
            last_review=review,
            is_validated=review == MeasurementEventKind.VALIDATED,
            is_returned=review == MeasurementEventKind.RETURNED,
        )
        self._shown.append(row)
        return row


def _review_of(row: Any) -> str:
    return str(row.last_review)


@dataclass(slots=True)
class RecordedSeries:
    """What is recorded about some indicators, by their key. Figures are those of the whole."""

    versions: Mapping[int, Sequence[IndicatorDefinition]]
    targets: Mapping[int, Sequence[Target]]
    obligations: Mapping[int, Sequence[Obligation]]
    figures: Mapping[int, Sequence[RecordedFigure]]
    _defined: dict[tuple[int, int, int], Indicator] = field(default_factory=dict)

    def definition(self, indicator: Indicator, day: date, known_at: datetime) -> KnownDefinition:
        """Return the definition that speaks of `day`, as known then."""
        rows = self.versions.get(indicator.pk, ())
        known = [row for row in rows if row.recorded_at <= known_at]
        held = definition_held(indicator, known, day)
        if held.version is None:
            return held
        key = (indicator.pk, indicator.owner_id, held.version.pk)
        # One object for all moments at which it is the same: figures are shared by it.
        shared = self._defined.setdefault(key, held.indicator)
        return KnownDefinition(shared, held.version, held.breaks)

    def targets_of(self, indicator: Indicator, year: int, known_at: datetime) -> list[Target]:
        """Return all that were set by then in plans of that year and earlier ones."""
        rows = self.targets.get(indicator.pk, ())
        return [row for row in rows if row.plan_year <= year and row.recorded_at <= known_at]

    def obligations_of(
        self, indicator: Indicator, year: int, known_at: datetime
    ) -> list[Obligation]:
        """Return what was owed then up to the end of that year, by period."""
        rows = self.obligations.get(indicator.pk, ())
        return [row for row in rows if row.period_end.year <= year and held_at(row, known_at)]

    def figures_of(self, indicator: Indicator, known_at: datetime) -> Iterable[RecordedFigure]:
        """Return the figures recorded by then; of one slot, the one that counts comes last."""
        rows = self.figures.get(indicator.pk, ())
        return (figure for figure in rows if figure.row.recorded_at <= known_at)


def recorded_series(
    indicators: Sequence[Indicator], *, year: int, until: datetime, among_many: bool = False
) -> RecordedSeries:
    """Return what is recorded until a moment of plan years up to `year`: three queries, and one
    for definitions when some indicator has more than one.

    A page about many of them takes the rows of all series, which stay in memory until one of
    their tables changes, unless they are too many. `among_many` tells that the page asks for many
    elsewhere.
    """
    keys = sorted({indicator.pk for indicator in indicators})
    changed = sorted({row.pk for row in indicators if row.definition_number > 1})
    versions = _versions_of(*changed) if changed else {}
    is_kept = (among_many or len(keys) >= MANY) and is_reading()
    if is_kept and (figures := _figures_kept()) is not None:
        return RecordedSeries(
            versions=versions,
            targets=_targets_kept(year),
            obligations=_obligations_kept(year),
            figures={
                key: [RecordedFigure(*figure) for figure in figures.get(key, ())] for key in keys
            },
        )
    targets = Target.objects.known_at(until).filter(indicator__in=keys, plan_year__lte=year)
    obligations = Obligation.objects.filter(
        indicator__in=keys, known_from__lte=until, period_end__lte=date(year, 12, 31)
    ).order_by(*_OBLIGATIONS_ORDER)
    figures_known = Measurement.objects.totals().known_at(until).filter(indicator__in=keys)
    reviews = Q(events__kind__in=REVIEWS, events__recorded_at__lte=until)
    return RecordedSeries(
        versions=versions,
        targets=_by_indicator(targets),
        obligations=_by_indicator(obligations),
        figures={
            key: [RecordedFigure(*figure) for figure in rows]
            for key, rows in _figures(figures_known, reviews).items()
        },
    )


def last_given(indicators: Collection[int]) -> Mapping[tuple[int, date, str], datetime]:
    """Return when the figure that counts was recorded, by indicator, begin and resolution of its
    period: one query, none when it is known (see steady). Of more indicators than these, perhaps.
    """
    if is_reading() and (given := _last_given()) is not None:
        return given
    rows = Measurement.objects.totals().filter(indicator__in=indicators).order_by("recorded_at")
    found = rows.values_list("indicator", "period_start", "resolution", "recorded_at")
    return {(pk, start, resolution): at for pk, start, resolution, at in found}


@steady
def _last_given() -> dict[tuple[int, date, str], datetime] | None:
    kept = _figures_kept()
    if kept is None:
        return None
    return {
        (pk, row.period_start, row.resolution): row.recorded_at
        for pk, figures in kept.items()
        for row, _reviews in sorted(figures, key=lambda figure: figure[0].recorded_at)
    }


@steady
def _targets_kept(year: int) -> dict[int, list[Target]]:
    """Return all targets of plan years up to one, by indicator."""
    return _by_indicator(Target.objects.filter(plan_year__lte=year))


@steady
def _obligations_kept(year: int) -> dict[int, list[Obligation]]:
    """Return all that was ever owed up to the end of a year, by indicator."""
    rows = Obligation.objects.filter(period_end__lte=date(year, 12, 31))
    return _by_indicator(rows.order_by(*_OBLIGATIONS_ORDER))


@steady
def _figures_kept() -> "dict[int, list[tuple[Measurement, list[Review]]]] | None":
    """Return all figures of the whole with all their reviews, by indicator.

    None when they are too many to stay in memory: then the one query gives a single row.
    """
    totals = Measurement.objects.totals()
    first = totals.order_by("pk").values("pk")[:1]
    rows = totals.annotate(are_few=~Exists(totals.order_by()[MOST_KEPT:])).filter(
        Q(are_few=True) | Q(pk=Subquery(first))
    )
    found = _figures(rows, Q(events__kind__in=REVIEWS))
    one = next(iter(found.values()), None)
    return found if one is None or getattr(one[0][0], "are_few", False) else None


@steady
def _versions_of(*keys: int) -> dict[int, list[IndicatorDefinition]]:
    """Return all versions by indicator; a definition changes once in a year, if at all."""
    versions: dict[int, list[IndicatorDefinition]] = {key: [] for key in keys}
    for row in IndicatorDefinition.objects.filter(indicator__in=keys):
        versions[row.indicator_id].append(row)
    return versions


def _by_indicator(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.indicator_id].append(row)
    return found


def _figures(
    measurements: MeasurementQuerySet, reviews: Q
) -> "dict[int, list[tuple[Measurement, list[Review]]]]":
    """Return figures with their reviews: one query, a row a review."""
    rows = (
        measurements.annotate(review=FilteredRelation("events", condition=reviews))
        .annotate(review_kind=F("review__kind"), review_at=F("review__recorded_at"))
        .order_by("indicator_id", "period_start", "recorded_at", "pk", "review_at", "review__pk")
    )
    found: dict[int, list[tuple[Measurement, list[Review]]]] = defaultdict(list)
    for row in rows:
        of_one = found[row.indicator_id]
        if not of_one or of_one[-1][0].pk != row.pk:
            of_one.append((row, []))
        if row.review_at is not None:
            of_one[-1][1].append((row.review_at, row.review_kind))
    return found
