"""Indicator x period: measured, missing, not applicable or not yet due, and by which figure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from objectives.indicators.choices import SlotState
from objectives.indicators.models import Indicator, Measurement, Obligation
from objectives.indicators.periods import Period
from objectives.indicators.selectors.recorded import RecordedFigure

Slot = tuple[date, str]
"""Start and resolution of a period."""


@dataclass(frozen=True, slots=True)
class SlotReading:
    """Indicator x period: its state, and the figure that counts when it is measured.

    `is_withheld`: there is a figure that this reader sees once it is validated. For them, and for
    the status they are shown, it is missing; to say so would blame the unit.
    """

    period: Period
    due_on: date
    state: SlotState
    measurement: Measurement | None = None
    not_applicable_reason: str = ""
    is_withheld: bool = False

    @property
    def is_late(self) -> bool:
        """Tell whether the figure is due and missing."""
        return self.state == SlotState.MISSING and not self.is_withheld

    @property
    def label(self) -> str:
        """Return the state in words."""
        return _("Not validated yet") if self.is_withheld else str(self.state.label)

    @property
    def value(self) -> Fraction | None:
        """Return the figure as an exact number, or None (missing, ordinal, milestone)."""
        return figure_value(self.measurement) if self.measurement else None


def figure_value(measurement: Measurement) -> Fraction | None:
    """Return a figure's number exactly: its value, or its ratio in the indicator's unit."""
    if measurement.numerator is not None and measurement.denominator:
        scale = measurement.indicator.ratio_scale
        return scale * Fraction(measurement.numerator) / Fraction(measurement.denominator)
    return Fraction(measurement.value) if measurement.value is not None else None


def _slot_state(
    obligation: Obligation, *, measured: bool, done: bool, reference: date
) -> SlotState:
    if measured:
        return SlotState.MEASURED
    if done or obligation.not_applicable_reason:
        return SlotState.NOT_APPLICABLE
    return SlotState.MISSING if obligation.due_on <= reference else SlotState.NOT_YET_DUE


def slot_readings(
    obligations: Iterable[Obligation],
    figures: Mapping[Slot, RecordedFigure],
    withheld: Collection[Slot],
    indicator: Indicator,
    clocks: Clocks,
) -> tuple[SlotReading, ...]:
    """Return what is owed, in the order given, with the figure that counts by both clocks."""
    reference = clocks.reference_date
    readings = []
    done = False  # a milestone that is done has nothing more to report
    for obligation in obligations:
        slot = (obligation.period_start, obligation.resolution)
        found = figures.get(slot)
        # A figure of a period that had not ended on the reference date is not selected by it.
        is_selected = found is not None and found.row.period_end <= reference
        figure = found.shown(indicator, clocks.known_at) if found and is_selected else None
        state = _slot_state(obligation, measured=is_selected, done=done, reference=reference)
        readings.append(
            SlotReading(
                period=obligation.period,
                due_on=obligation.due_on,
                state=state,
                measurement=figure,
                not_applicable_reason=obligation.not_applicable_reason,
                is_withheld=(
                    slot in withheld
                    and state in (SlotState.MISSING, SlotState.NOT_YET_DUE)
                    and obligation.period_end <= reference
                ),
            )
        )
        done = done or (figure is not None and figure.done_on is not None)
    return tuple(readings)
