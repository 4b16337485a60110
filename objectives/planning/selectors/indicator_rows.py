"""What the page of an indicator shows, read together.

A page is opened far oftener than a figure comes in: within a request that only reads, what each
table says comes from memory until that table changes. See ibzplan.core.steady.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import get_language

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.selectors import history_of
from ibzplan.core.steady import steady
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.corrections import CorrectionReading, sees_corrections
from objectives.indicators.selectors.figures import parts_among
from objectives.indicators.selectors.locks import Cause
from objectives.indicators.selectors.readings import indicator_reading
from objectives.indicators.selectors.whole_record import (
    WholeRecord,
    stored_indicator,
    whole_record,
)
from objectives.planning.models import ObjectiveIndicator
from objectives.planning.selectors.indicator_page import (
    Reporters,
    links_known,
    place_codes,
    reporters_of,
    versions_for,
    visible_origin,
)
from objectives.planning.selectors.targets import TargetLine, target_record
from personnel.access import Access

Parts = Mapping[int, Mapping[str, Measurement]]
"""By figure its parts by breakdown key."""


@dataclass(frozen=True, slots=True)
class Use:
    """The versions of a definition and the objectives that use it, as one reader may see them."""

    versions: tuple[IndicatorDefinition, ...]
    links: tuple[ObjectiveIndicator, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What form and table both go by; `current` are the figures that count now, for who records.

    A page that shows an earlier moment records nothing: what counts now is not on it.
    """

    reading: IndicatorReading
    may_record: bool
    current: Mapping[Period, Measurement]
    locks: Mapping[Period, Sequence[Cause]]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a reading with who gave, reviewed and replaced them.

    `replaced` are pairs of a figure and the one that took its place, oldest first; `parts` has the
    parts of all of them, `corrected` those of the figures whose correction was asked for.
    """

    people: Mapping[int, Measurement]
    reviews: Mapping[int, MeasurementEvent]
    parts: Parts
    replaced: tuple[tuple[Measurement, Measurement], ...]
    corrections: tuple[CorrectionReading, ...]
    corrected: Parts


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the figures; `places` are the codes that the plan of the year gives it."""

    figures: Figures
    recorders: Mapping[int, str]
    targets: tuple[TargetLine, ...]
    places: tuple[str, ...]
    origin: Indicator | None
    reporters: Reporters
    history: tuple[HistoryEntry, ...]


def use_of(indicator: Indicator, *, access: Access, clocks: Clocks) -> Use:
    """Return versions and use as known then: three queries, none while they are as the same reader
    found them.
    """
    return _use(indicator.pk, access, clocks.moment_kept)


@steady
def _use(pk: int, access: Access, moment: datetime | None) -> Use:
    indicator, known_at = stored_indicator(pk), moment or Clocks.now().known_at
    return Use(
        tuple(versions_for(indicator, access, known_at)),
        tuple(links_known(indicator, access, known_at)),
    )


def recorded_of(
    indicator: Indicator, *, year: int, clocks: Clocks, access: Access, rule_version: int
) -> Recorded:
    """Return the reading of a plan year and what was recorded for it: six queries at most.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _recorded(indicator.pk, year, clocks, access, rule_version, get_language())


@steady
def _recorded(
    pk: int, year: int, clocks: Clocks, access: Access, rule_version: int, _language: str | None
) -> Recorded:
    record = whole_record(pk)
    found = indicator_reading(
        record.series(),
        record.indicator,
        year=year,
        clocks=clocks,
        access=access,
        rule_version=rule_version,
    )
    may_record = access.plans_for(record.indicator.owner_id) and not clocks.pinned_known
    return Recorded(
        found,
        may_record,
        record.current() if may_record else {},
        record.locks(clocks.known_at),
    )


def beside(
    indicator: Indicator, *, year: int, clocks: Clocks, access: Access, rule_version: int
) -> Beside:
    """Return what stands beside the figures: six queries at most, and those of the figures.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _beside(indicator.pk, year, clocks, access, rule_version, get_language())


@steady
def _beside(
    pk: int, year: int, clocks: Clocks, access: Access, rule_version: int, language: str | None
) -> Beside:
    recorded = _recorded(pk, year, clocks, access, rule_version, language)
    record, moment = whole_record(pk), clocks.moment_kept
    indicator = recorded.reading.indicator
    of_year = [link for link in _use(pk, access, moment).links if link.objective.plan.year == year]
    return Beside(
        figures=_figures(record, recorded, clocks, access),
        recorders=record.target_recorders(),
        targets=_targets(pk, access, moment),
        places=tuple(sorted(place_codes(of_year, clocks.known_at).values())),
        origin=_origin(pk, access),
        reporters=reporters_of(indicator.owner),
        history=tuple(history_of(indicator, until=clocks.moment_asked)),
    )


@steady
def _targets(pk: int, access: Access, moment: datetime | None) -> tuple[TargetLine, ...]:
    return tuple(target_record(stored_indicator(pk), access, moment or Clocks.now().known_at))


@steady
def _origin(pk: int, access: Access) -> Indicator | None:
    return visible_origin(stored_indicator(pk), access)


def _figures(record: WholeRecord, recorded: Recorded, clocks: Clocks, access: Access) -> Figures:
    """Return what belongs to the figures: one query at most."""
    known_at = clocks.known_at
    rows = [slot.measurement for slot in recorded.reading.slots if slot.measurement]
    every = record.seen(access, known_at)
    replaced = [(old, row) for old, row in pairwise(every) if old.period == row.period]
    wholes = {row.pk: row for row in (*rows, *(row for pair in replaced for row in pair))}
    sees_inside = sees_corrections(access, recorded.reading.indicator.owner_id)
    asked = record.corrections(known_at) if sees_inside else []
    parts = [row for row in record.figures if row.breakdown_key]
    return Figures(
        people={row.pk: row for row in record.totals},
        reviews=record.reviews(known_at),
        parts=parts_among(parts, wholes.values()),
        replaced=tuple(replaced),
        corrections=tuple(asked),
        corrected=parts_among(
            parts, [one.correction.measurement for one in asked if one.correction.breakdown]
        ),
    )
