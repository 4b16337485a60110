"""The translation queue of a user: what waits, counted by unit and by kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ibzplan.core.translations import TextSource, WaitingText, sources, waiting_texts
from personnel.access import Access
from personnel.choices import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What the reader asks for; '' leaves a part out. `unit` PLAN: texts of the plans."""

    unit: str = ""
    kind: str = ""
    language: str = ""
    state: str = ""

    def keeps(self, row: WaitingText) -> bool:
        """Tell whether a text stays."""
        return (
            self.unit in ("", row.of.unit or PLAN)
            and self.kind in ("", row.source.kind)
            and self.language in ("", row.language)
            and self.state in ("", row.state)
        )


# In the place of a unit: what belongs to a plan as a whole.
PLAN = "-"


@dataclass(frozen=True, slots=True)
class CountRow:
    """How much of a unit waits, by kind in the order of `TranslationQueue.kinds`."""

    unit: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TranslationQueue:
    """All that waits for the user; `rows` is what the filter leaves, `table` counts everything."""

    rows: Sequence[WaitingText]
    total: int
    kinds: tuple[TextSource, ...]
    table: tuple[CountRow, ...]
    by_state: Mapping[str, int]


def translates(access: Access) -> bool:
    """Tell whether there is a translation queue for the user."""
    return access.has(Role.PLANNER, Role.HEAD, Role.CORPORATE)


def translation_queue(access: Access, filter_: QueueFilter) -> TranslationQueue:
    """Return the queue: one or two queries a kind of text, whatever their number.

    States live inside the texts, which the two databases read differently: they are looked at
    here.
    """
    everything = waiting_texts(access)
    by_cell = Counter((row.of.unit or PLAN, row.source.kind) for row in everything)
    present = {kind for _unit, kind in by_cell}
    kinds = tuple(source for source in sources() if source.kind in present)
    units = sorted({unit for unit, _kind in by_cell}, key=lambda unit: (unit == PLAN, unit))
    return TranslationQueue(
        [row for row in everything if filter_.keeps(row)],
        len(everything),
        kinds,
        tuple(_count_row(unit, kinds, by_cell) for unit in units),
        Counter(row.state for row in everything),
    )


def _count_row(
    unit: str, kinds: tuple[TextSource, ...], by_cell: Mapping[tuple[str, str], int]
) -> CountRow:
    counts = tuple(by_cell.get((unit, source.kind), 0) for source in kinds)
    return CountRow(unit, counts, sum(counts))
