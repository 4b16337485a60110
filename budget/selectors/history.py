"""What happened to a line: to itself, its amounts and its execution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budget.models import CreditAmount, CreditLine
from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import ACTION_CREATED

_LIMIT = 50
# Of an entry the page tells these; what else it has (line, table) is said by where it stands.
_TOLD = frozenset(
    {"title", "remark", "category", "parent", "unit", "minister"}
    | {"commitment_cents", "payment_cents"}
)


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One entry; `amount` is the one that it is about, None for the line itself."""

    entry: HistoryEntry
    amount: CreditAmount | None
    changes: Mapping[str, Sequence[object]]

    @property
    def is_created(self) -> bool:
        """Tell whether it began with this entry."""
        return self.entry.action == ACTION_CREATED

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it ended with this entry."""
        return self.entry.action == "withdrawn"

    @property
    def cents(self) -> list[tuple[str, object, object]]:
        """Return (column, old, new) of the money that it changed."""
        return [
            (name, *self.changes[name])  # type: ignore[misc]
            for name in ("commitment_cents", "payment_cents")
            if name in self.changes
        ]


def line_history(line: CreditLine, clocks: Clocks) -> list[LineEntry]:
    """Return what happened to a line and its amounts until then, the newest first: two queries."""
    amounts = {row.uuid: row for row in CreditAmount.objects.filter(line=line)}
    entries = HistoryEntry.objects.filter(
        target_type__in=(CreditLine.type_name(), CreditAmount.type_name()),
        target_uuid__in=[line.uuid, *amounts],
        at__lte=clocks.known_at,
    ).select_related("actor")
    return [
        LineEntry(
            entry,
            amounts.get(entry.target_uuid),
            {name: values for name, values in entry.changes.items() if name in _TOLD},
        )
        for entry in entries.order_by("-at", "-pk")[:_LIMIT]
    ]
