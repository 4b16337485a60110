"""A figure that came in and is not validated yet is never called missing in a report."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.utils import translation

from objectives.indicators.choices import SlotState
from objectives.indicators.engine import IndicatorStatus, Remark, Status, Step, StepCode
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.slots import SlotReading
from reporting.render.wording import FactReader, remark_words
from reporting.snapshot.facts import FactBook
from reporting.snapshot.withheld import remarks_told, steps_told, withheld_of

T1, T2 = "2026-03-31", "2026-06-30"
GAP = Step(StepCode.GAP, {"period_end": T1})
STALE = Step(StepCode.STALE, {"period_end": T2, "due_on": "2026-07-15", "grace_days": "0"})
CAP = Step(StepCode.CAP, {"reason": Remark.CAPPED_STALE, "before": "on_track", "status": "at_risk"})


def reading(first: str, second: str, *steps: Step, remarks: tuple[Remark, ...]) -> IndicatorReading:
    """Return a reading of two quarters, each measured, missing or withheld."""
    slots = [
        SlotReading(
            period=parse_period(period),
            due_on=date(2026, 7, 15),
            state=SlotState.MEASURED if said == "measured" else SlotState.MISSING,
            is_withheld=said == "withheld",
        )
        for period, said in (("2026-T1", first), ("2026-T2", second))
    ]
    status = IndicatorStatus(status=Status.AT_RISK, rule_version=1, remarks=remarks, steps=steps)
    return cast("IndicatorReading", SimpleNamespace(slots=slots, status=status))


def said(row: IndicatorReading) -> list[str]:
    """Return the remarks and the steps in words."""
    book = FactBook()
    keys = book.steps("i", steps_told(row))
    with translation.override("en"):
        facts: Any = book.facts
        return [*remark_words(remarks_told(row)), *FactReader(facts).steps(keys)]


ENDED = "Not better than at risk, because of: a figure is not validated yet."


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        (
            ("measured", "withheld"),
            [
                "A figure is not validated yet",
                "The figure of the period ending 30/06/2026 was due on 15/07/2026 and is not "
                "validated yet.",
                ENDED,
            ],
        ),
        (
            ("withheld", "measured"),
            [
                "A figure is not validated yet",
                "Counted up to a figure that is not validated yet",
                "The figure of the period ending 31/03/2026 is not validated yet: the sum stops "
                "before it.",
                ENDED,
            ],
        ),
        (
            ("measured", "missing"),
            [
                "Latest figure missing",
                "The figure of the period ending 30/06/2026 was due on 15/07/2026 and is missing.",
                "Not better than at risk, because of: the latest figure is missing.",
            ],
        ),
        (
            ("withheld", "missing"),
            [
                "Latest figure missing",
                "Counted up to a figure that is not validated yet",
                "The figure of the period ending 31/03/2026 is not validated yet: the sum stops "
                "before it.",
                "The figure of the period ending 30/06/2026 was due on 15/07/2026 and is missing.",
                "Not better than at risk, because of: the latest figure is missing.",
            ],
        ),
    ],
)
def test_what_explains_a_status_says_which_figure_is_there(
    slots: tuple[str, str], expected: list[str]
) -> None:
    has_gap = slots[0] == "withheld"
    row = reading(
        *slots,
        *((GAP, STALE, CAP) if has_gap else (STALE, CAP)),
        remarks=(Remark.CAPPED_STALE, *((Remark.STOPPED_AT_GAP,) if has_gap else ())),
    )
    assert said(row) == expected
    assert withheld_of(row.slots) == slots.count("withheld")
