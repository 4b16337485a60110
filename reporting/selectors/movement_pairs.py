"""What is told of a movement: an objective, its indicators and milestones at two moments."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.text import Truncator

from objectives.indicators.choices import TargetKind
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.models import AmendmentChange, Narrative
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.milestones import MilestonePair
from objectives.planning.selectors.readings import LinkReading

# What a reason quotes of a text that someone wrote.
QUOTE_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class ReadingPair:
    """An objective at two moments, what was approved in between, and what its unit tells of it.

    `milestones` are those that its activities had at both moments.
    """

    before: ObjectiveReading
    after: ObjectiveReading
    changes: tuple[AmendmentChange, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    milestones: tuple[MilestonePair, ...] = ()

    @property
    def shared(self) -> list[tuple[LinkReading, LinkReading]]:
        """Return the indicators that it used at both moments, in the order of the later one."""
        then = {link.link.indicator_id: link for link in self.before.indicators}
        return [
            (then[link.link.indicator_id], link)
            for link in self.after.indicators
            if link.link.indicator_id in then
        ]


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """An indicator at two moments."""

    before: IndicatorReading
    after: IndicatorReading

    @property
    def name(self) -> str:
        """Return what it is called."""
        return str(self.after.indicator.title)

    @property
    def changed_status(self) -> bool:
        """Tell whether its own status is another one."""
        return self.before.status.status != self.after.status.status

    @property
    def is_milestone(self) -> bool:
        """Tell whether it is a milestone: done or not, by a day."""
        return self.after.indicator.target_kind == TargetKind.MILESTONE


def day_text(day: date) -> str:
    """Return a day as the sentences write it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def quoted(text: str) -> str:
    """Return the beginning of what someone wrote, on one line."""
    return Truncator(" ".join(text.split())).chars(QUOTE_CHARS)
