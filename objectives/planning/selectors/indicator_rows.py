"""What the page of an indicator shows, read together.

A page is opened far oftener than a figure comes in, and whoever records anything passes the record
clock: within a request that only reads these rows come from memory while nothing was recorded. See
ibzplan.core.steady.
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
    Correction,
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.selectors.corrections import (
    CorrectionReading,
    corrections_of,
    sees_corrections,
)
from objectives.indicators.selectors.figures import (
    current_figures,
    last_reviews,
    parts_of,
    with_people,
)
from objectives.indicators.selectors.locks import Cause, locks_of
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.selectors.indicator_page import (
    Reporters,
    links_known,
    place_codes,
    recorders_of,
    reporters_of,
    versions_for,
    visible_origin,
)
from objectives.planning.selectors.targets import TargetLine, target_record
from personnel.access import Access
from personnel.models import OrganisationUnit, RoleAssignment, User

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


def use_of(indicator: Indicator, *, access: Access, known_at: datetime) -> Use:
    """Return versions and use as known then: two queries.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _use(indicator.pk, access, known_at)


@steady(
    Indicator,
    IndicatorDefinition,
    ObjectiveIndicator,
    OperationalObjective,
    OrganisationUnit,
    User,
)
def _use(pk: int, access: Access, known_at: datetime) -> Use:
    indicator = _indicator(pk)
    return Use(
        tuple(versions_for(indicator, access, known_at)),
        tuple(links_known(indicator, access, known_at)),
    )


def _indicator(pk: int) -> Indicator:
    """Return a copy of one's own: what is kept belongs to no request."""
    found: Indicator = Indicator.objects.select_related("owner").get(pk=pk)
    return found


def recorded_of(
    indicator: Indicator, *, year: int, clocks: Clocks, access: Access, rule_version: int
) -> Recorded:
    """Return the reading of a plan year and what was recorded for it: eight queries at most.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _recorded(indicator.pk, year, clocks, access, rule_version, get_language())


@steady(
    Indicator,
    IndicatorDefinition,
    Target,
    Obligation,
    Measurement,
    MeasurementEvent,
    OrganisationUnit,
)
def _recorded(
    pk: int, year: int, clocks: Clocks, access: Access, rule_version: int, _language: str | None
) -> Recorded:
    indicator = _indicator(pk)
    found = indicator_readings(
        [indicator], year=year, clocks=clocks, access=access, rule_version=rule_version
    )
    may_record = access.plans_for(indicator.owner_id) and not clocks.pinned_known
    return Recorded(
        found[pk],
        may_record,
        current_figures(indicator) if may_record else {},
        locks_of(indicator, clocks.known_at),
    )


def beside(
    indicator: Indicator, *, year: int, clocks: Clocks, access: Access, rule_version: int
) -> Beside:
    """Return what stands beside the figures: thirteen queries at most, and those of the figures.

    None while nothing was recorded since the same reader asked for the same.
    """
    return _beside(indicator.pk, year, clocks, access, rule_version, get_language())


@steady(
    Indicator,
    IndicatorDefinition,
    ObjectiveIndicator,
    OperationalObjective,
    OrganisationUnit,
    Target,
    Obligation,
    Measurement,
    MeasurementEvent,
    Correction,
    RoleAssignment,
    User,
    HistoryEntry,
)
def _beside(
    pk: int, year: int, clocks: Clocks, access: Access, rule_version: int, language: str | None
) -> Beside:
    recorded = _recorded(pk, year, clocks, access, rule_version, language)
    reading = recorded.reading
    indicator, known_at = reading.indicator, clocks.known_at
    of_year = [
        link for link in _use(pk, access, known_at).links if link.objective.plan.year == year
    ]
    return Beside(
        figures=_figures(recorded, clocks, access),
        recorders=recorders_of(reading.targets),
        targets=tuple(target_record(indicator, access, known_at)),
        places=tuple(sorted(place_codes(of_year, known_at).values())),
        origin=visible_origin(indicator, access),
        reporters=reporters_of(indicator.owner),
        history=tuple(history_of(indicator, until=known_at if clocks.pinned_known else None)),
    )


def _figures(recorded: Recorded, clocks: Clocks, access: Access) -> Figures:
    """Return what belongs to the figures: six queries at most."""
    indicator, known_at = recorded.reading.indicator, clocks.known_at
    rows = [slot.measurement for slot in recorded.reading.slots if slot.measurement]
    every = list(
        Measurement.objects.visible_to(access, known_at)
        .filter(indicator=indicator)
        .totals()
        .known_at(known_at)
        .select_related("recorded_by", "approved_by")
        .in_order()
    )
    replaced = [(old, row) for old, row in pairwise(every) if old.period == row.period]
    wholes = {row.pk: row for row in (*rows, *(row for pair in replaced for row in pair))}
    asked = corrections_of(indicator, known_at) if _sees_inside(access, indicator) else []
    return Figures(
        people=with_people(rows),
        reviews=last_reviews([*rows, *recorded.current.values()], known_at),
        parts=parts_of(list(wholes.values())),
        replaced=tuple(replaced),
        corrections=tuple(asked),
        corrected=parts_of(
            [one.correction.measurement for one in asked if one.correction.breakdown]
        ),
    )


def _sees_inside(access: Access, indicator: Indicator) -> bool:
    return sees_corrections(access, indicator.owner_id)
