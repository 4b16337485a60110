"""Figures that came in and are not for this reader before they are validated.

For the status that the reader is shown they are missing, and the engine says so. A report does not:
a figure that exists is called withheld, in the state of its period and in what explains a status.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from objectives.indicators import engine
from objectives.indicators.choices import SlotState
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.slots import SlotReading

# The value state of such a period, and what stands in the values of a step about it.
WITHHELD: Final = "withheld"
# What a snapshot says in the place of CAPPED_STALE and STOPPED_AT_GAP.
CAPPED: Final = "capped_withheld"
STOPPED: Final = "stopped_at_withheld"
_ABOUT_A_PERIOD: Final = (engine.StepCode.STALE, engine.StepCode.GAP)
# The names of their values: the period that a step is about, and the remark that caps.
_PERIOD: Final = "period_end"
_REASON: Final = "reason"


def is_withheld(slot: SlotReading) -> bool:
    """Tell whether the figure was due and came in, and this reader does not see it yet."""
    return slot.state == SlotState.MISSING and slot.is_withheld


def withheld_of(slots: Iterable[SlotReading]) -> int:
    """Count such figures."""
    return sum(is_withheld(slot) for slot in slots)


def steps_told(reading: IndicatorReading) -> tuple[engine.Step, ...]:
    """Return the steps of a status; those about a withheld figure are marked as such.

    A sum that stops before a withheld figure is stale although the latest figure is there: then
    the step that calls that one missing is left out.
    """
    ends, caps = _ends(reading), _is_cause(reading)
    found = []
    for step in reading.status.steps:
        if step.code in _ABOUT_A_PERIOD and step.values[_PERIOD] in ends:
            found.append(_with(step, WITHHELD, "yes"))
        elif step.values.get(_REASON) == engine.Remark.CAPPED_STALE and caps:
            found.append(_with(step, _REASON, CAPPED))
        elif step.code != engine.StepCode.STALE or not caps:
            found.append(step)
    return tuple(found)


def remarks_told(reading: IndicatorReading) -> list[str]:
    """Return the remarks at a status, those about a withheld figure as such."""
    said = {}
    if _is_cause(reading):
        said[engine.Remark.CAPPED_STALE.value] = CAPPED
    if _gap(reading):
        said[engine.Remark.STOPPED_AT_GAP.value] = STOPPED
    return [said.get(remark.value, remark.value) for remark in reading.status.remarks]


def _with(step: engine.Step, name: str, value: str) -> engine.Step:
    return replace(step, values={**step.values, name: value})


def _ends(reading: IndicatorReading) -> frozenset[str]:
    return frozenset(slot.period.end.isoformat() for slot in reading.slots if is_withheld(slot))


def _periods(reading: IndicatorReading, code: engine.StepCode) -> frozenset[str]:
    return frozenset(step.values[_PERIOD] for step in reading.status.steps if step.code == code)


def _gap(reading: IndicatorReading) -> bool:
    """Tell whether the sum stops before a withheld figure."""
    return bool(_periods(reading, engine.StepCode.GAP) & _ends(reading))


def _is_cause(reading: IndicatorReading) -> bool:
    """Tell whether it is stale for want of a withheld figure only."""
    stale = _periods(reading, engine.StepCode.STALE)
    if stale & _ends(reading):
        return True
    late = {slot.period.end.isoformat() for slot in reading.slots if slot.is_late}
    return _gap(reading) and bool(stale) and not stale & late
