"""Which indicators of the running year are late, silent, corrected or not measured for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from objectives.indicators.choices import Accumulation, Frequency, TargetKind
from reporting.demo.content import (
    LATE,
    NO_DATA,
    NOT_STARTED,
    OFF,
    ON,
    RISK,
    DemoContent,
    IndicatorContent,
    ObjectiveContent,
)

_LATE_INDICATORS: Final = 6
_SILENT_INDICATORS: Final = 4
_CORRECTED_INDICATORS: Final = 14
_GAPS: Final = 6

# The places of an objective and, below it, an indicator in the content.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What befalls the indicators at some places; `incidents` says LATE or NO_DATA."""

    incidents: Mapping[Place, str]
    corrected: frozenset[Place]
    gaps: frozenset[Place]


def fate_draw(content: DemoContent, rng: Random) -> Fate:
    """Draw lots. At most one incident an objective, and only where things go well otherwise,
    so that the objective still tells its own story. What a tale is told of is left alone.
    """
    places = [
        ((number, order), parent, one)
        for number, parent in enumerate(content.objectives)
        for order, one in enumerate(parent.indicators)
        if _is_plain_number(one) and content.tales.of(one.title).is_of_last_year
    ]
    candidates: dict[int, list[Place]] = {}
    for place, parent, one in places:
        if _may_fail(parent, one):
            candidates.setdefault(place[0], []).append(place)
    chosen = rng.sample(list(candidates.values()), _LATE_INDICATORS + _SILENT_INDICATORS)
    incidents = {
        rng.choice(found): LATE if number < _LATE_INDICATORS else NO_DATA
        for number, found in enumerate(chosen)
    }
    quiet = [(place, one) for place, _parent, one in places if place not in incidents]
    corrected = rng.sample([place for place, _one in quiet], _CORRECTED_INDICATORS)
    levels = [
        place
        for place, one in quiet
        if one.accumulation == Accumulation.LEVEL and place not in corrected
    ]
    gaps = rng.sample(levels, _GAPS)
    return Fate(incidents=incidents, corrected=frozenset(corrected), gaps=frozenset(gaps))


def _is_plain_number(one: IndicatorContent) -> bool:
    """Tell whether it reports a single number several times a year."""
    return (
        one.kind in (TargetKind.INCREASE, TargetKind.DECREASE)
        and one.denominator is None
        and one.frequency in (Frequency.TERM, Frequency.MONTHLY)
        and one.story not in (NO_DATA, NOT_STARTED)
        and not one.only_before
    )


def _may_fail(parent: ObjectiveContent, one: IndicatorContent) -> bool:
    """Tell whether its silence leaves the objective's status as it is told."""
    return (
        parent.story == one.story == ON
        and one.weight == 1
        and not one.is_key
        and all(other.story not in (LATE, RISK, OFF) for other in parent.indicators)
    )
