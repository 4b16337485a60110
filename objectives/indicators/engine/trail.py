"""Collects remarks and steps while a rule is applied."""

from datetime import date
from fractions import Fraction

from .codes import Remark, StepCode
from .results import Step

TrailValue = Fraction | date | str | int | bool | None


class Trail:
    """The explanation under construction; the only thing in the engine that changes."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._remarks: list[Remark] = []

    def note(self, code: StepCode, **values: TrailValue) -> None:
        """Add a step. Values that are None are left out."""
        texts = {key: _text(value) for key, value in values.items() if value is not None}
        self._steps.append(Step(code, texts))

    def remark(self, remark: Remark) -> None:
        """Add a remark once."""
        if remark not in self._remarks:
            self._remarks.append(remark)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)


def _text(value: TrailValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
