"""Whatever a snapshot names, as it stood at its moment: plans, units, offices (design.md 4.6)."""

import copy
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from ibzplan.core.models import HistoryEntry, Record
from ibzplan.core.rewind import as_known
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import LinkReading
from objectives.strategy.models import Plan
from reporting.plans.loader import ACTION_LOADED

R = TypeVar("R", bound=Record)
Key = tuple[str, int]

_PLANS: Final = Plan.type_name()


@dataclass(frozen=True, slots=True)
class Then:
    """Records by type and key as they stood; `loads` are the instants at which plans were loaded.

    What was loaded from the source of a plan has no history entry of its own for its beginning: it
    began with its load.
    """

    known_at: datetime
    records: dict[Key, Record]
    loads: Sequence[datetime]

    def of(self, record: R) -> R:
        """Return the record as it stood; one that was not there yet as it is."""
        then = self.records.get(_key(record))
        return then if isinstance(then, type(record)) else record

    def there(self, records: Iterable[R]) -> list[R]:
        """Return those that were there, as they stood, in the order given.

        At a moment before the first load of a plan that load tells what was there.
        """
        until = max([self.known_at, *self.loads[:1]])
        known = [self.of(record) for record in records if _key(record) in self.records]
        return [record for record in known if self._begun(record) <= until]

    def _begun(self, record: Record) -> datetime:
        if getattr(record, "loaded_values", None) is None:
            return record.created_at
        place = bisect_right(self.loads, record.created_at)
        return self.loads[place - 1] if place else record.created_at


def stood(records: Sequence[Record], known_at: datetime) -> Then:
    """Return the records as they stood: two queries, and one for each reference changed since."""
    entries = HistoryEntry.objects.filter(target_type=_PLANS, action=ACTION_LOADED)
    loads = sorted(set(entries.order_by().values_list("at", flat=True)))
    known = as_known(records, known_at)
    return Then(known_at, {_key(record): record for record in known}, loads)


def readings_stood(readings: Iterable[ObjectiveReading], then: Then) -> list[ObjectiveReading]:
    """Return readings whose units and holders are called what they were called then."""
    return [
        replace(
            reading,
            objective=objective_stood(reading.objective, then),
            indicators=tuple(_link(link, then) for link in reading.indicators),
        )
        for reading in readings
    ]


def objective_stood(objective: OperationalObjective, then: Then) -> OperationalObjective:
    """Return an objective whose unit and holder are called what they were called then."""
    known = copy.copy(objective)
    known.unit = then.of(objective.unit)
    known.holder = then.of(objective.holder) if objective.holder else None
    return known


def _link(link: LinkReading, then: Then) -> LinkReading:
    indicator = copy.copy(link.reading.indicator)
    indicator.owner = then.of(indicator.owner)
    return replace(link, reading=replace(link.reading, indicator=indicator))


def _key(record: Record) -> Key:
    return record.type_name(), record.pk
