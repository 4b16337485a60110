"""The correction of a figure that a report locked: a planner asks for it, the head approves it."""

from datetime import datetime
from typing import TYPE_CHECKING

from objectives.indicators.choices import CorrectionState
from objectives.indicators.models import Correction, Measurement
from reporting.demo.workshop import Desk, Workshop

if TYPE_CHECKING:
    from reporting.demo.chronology import Place


def correction_write(
    workshop: Workshop, desk: Desk, locked: Measurement, reason: str, asked: datetime
) -> tuple[Correction, list["Place"]]:
    """Write that a figure took the place of a locked one, as the services would have it.

    Return it, with the places that have the moment of that figure; `correction_fill` does the rest.
    """
    row = Correction(
        uuid=workshop.identity.of("correction", str(locked.uuid)),
        measurement=locked,
        reason=reason,
        requested_by=desk.planner,
        state=CorrectionState.APPROVED,
        decided_by=desk.head,
        version=2,
        is_demo=True,
    )
    workshop.rows.corrections.append(row)
    workshop.note(
        row,
        desk.planner,
        asked,
        "created",
        {},
        reason=row.reason,
        also=[(row, "requested_at"), (row, "created_at")],
    )
    decided = {
        "state": (CorrectionState.PENDING, CorrectionState.APPROVED),
        "decided_by": (None, str(desk.head.uuid)),
    }
    approved = workshop.entry(row, desk.head, "approved", decided)
    return row, [(row, "decided_at"), (approved, "at")]


def correction_fill(row: Correction, result: Measurement) -> None:
    """Let the correction propose what was recorded when it was approved."""
    row.result, row.value = result, result.value
    row.numerator, row.denominator = result.numerator, result.denominator
