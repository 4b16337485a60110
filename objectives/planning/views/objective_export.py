"""What the page of an objective shows, as tables of a file."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.clocks import Clocks
from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from objectives.indicators.choices import Status
from objectives.indicators.formatting import figure_text, period_text, target_text, value_text
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.risk_texts import scale_text
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.narratives import by_period
from objectives.planning.selectors.objective_page import Below
from objectives.planning.selectors.parts import milestone_state

EXPORTED: Final = (
    ("indicators", gettext_lazy("Indicators")),
    ("milestones", gettext_lazy("Milestones")),
    ("risks", gettext_lazy("Risks")),
    ("narratives", gettext_lazy("Narratives")),
)
_TITLES: Final = dict(EXPORTED)


def objective_tables(reading: ObjectiveReading, below: Below, clocks: Clocks) -> list[ExportTable]:
    """Return indicators, milestones, risks and narratives as the page shows them."""
    return [
        ExportTable(
            "indicators",
            _TITLES["indicators"],
            [
                Column("code", _("Code")),
                Column("title", _("Indicator")),
                Column("status", _("Status"), Kind.STATUS),
                Column("latest", _("Latest figure")),
                Column("target", _("Target")),
                Column("weight", _("Weight"), Kind.INTEGER),
            ],
            list(_indicators(reading)),
        ),
        ExportTable(
            "milestones",
            _TITLES["milestones"],
            [
                Column("activity", _("Activity")),
                Column("milestone", _("Milestone")),
                Column("state", _("State")),
                Column("due", _("To be done by"), Kind.DATE),
                Column("done", _("Done on"), Kind.DATE),
                Column("expected", _("Expected on"), Kind.DATE),
            ],
            list(_milestones(below, clocks)),
        ),
        ExportTable(
            "risks",
            _TITLES["risks"],
            [
                Column("risk", _("Risk")),
                Column("likelihood", _("Likelihood")),
                Column("impact", _("Impact")),
                Column("score", _("Score"), Kind.INTEGER),
                Column("response", _("Response")),
                Column("measure", _("Measure")),
            ],
            list(_risks(below)),
        ),
        ExportTable(
            "narratives",
            _TITLES["narratives"],
            [
                Column("period", _("Period")),
                Column("done", _("What was done")),
                Column("planned", _("What comes next")),
                Column("obstacles", _("What is in the way")),
            ],
            list(_narratives(reading, below, clocks)),
        ),
    ]


def _indicators(reading: ObjectiveReading) -> Iterator[list[Cell]]:
    for link in reading.indicators:
        one = link.reading
        yield [
            link.short_code,
            one.indicator.title,
            Status(one.status.status),
            _latest(one),
            target_text(one.indicator, one.final_target),
            link.link.weight,
        ]


def _latest(reading: IndicatorReading) -> str:
    if reading.status.actual is not None:
        return value_text(reading.indicator, reading.status.actual)
    latest = reading.latest
    return figure_text(reading.indicator, latest.measurement if latest else None)


def _milestones(below: Below, clocks: Clocks) -> Iterator[list[Cell]]:
    day = clocks.reference_date
    for parts in below.parts.activities:
        for one in parts.milestones:
            done = one.done_on if one.done_on and one.done_on <= day else None
            yield [
                parts.activity.title,
                one.title,
                str(milestone_state(one, day).label),
                one.due_on,
                done,
                None if done else one.forecast_on,
            ]


def _risks(below: Below) -> Iterator[list[Cell]]:
    for risk in below.parts.risks:
        yield [
            risk.title,
            scale_text(risk.likelihood),
            scale_text(risk.impact),
            risk.score,
            risk.get_response_display(),
            risk.measure,
        ]


def _narratives(reading: ObjectiveReading, below: Below, clocks: Clocks) -> Iterator[list[Cell]]:
    for one in by_period(reading.objective, below.narratives, clocks.reference_date):
        told = one.narrative
        texts = (told.done, told.planned, told.obstacles) if told else (None, None, None)
        yield [period_text(one.period), *texts]
