"""What people did to the figures and flows of a line."""

from dataclasses import dataclass

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine


@dataclass(frozen=True, slots=True)
class StaffingChange:
    """One entry of the history, with the figure or the flow that it speaks of."""

    entry: HistoryEntry
    figure: StaffingFigure | None
    flow: StaffingFlow | None


def staffing_history(line: StaffingLine, clocks: Clocks) -> list[StaffingChange]:
    """Return what was recorded of a line's figures and flows, the latest first: three queries."""
    figures = {row.uuid: row for row in StaffingFigure.objects.filter(line=line)}
    flows = {row.uuid: row for row in StaffingFlow.objects.filter(line=line)}
    entries = HistoryEntry.objects.filter(
        target_type__in=[StaffingFigure.type_name(), StaffingFlow.type_name()],
        target_uuid__in=[*figures, *flows],
        at__lte=clocks.known_at,
    ).select_related("actor")
    return [
        StaffingChange(entry, figures.get(entry.target_uuid), flows.get(entry.target_uuid))
        for entry in entries
    ]
