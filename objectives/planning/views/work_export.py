"""The objectives of a werf or of a directorate as the table of a file."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from objectives.indicators.choices import Status
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import LinkReading
from objectives.planning.selectors.work import FigureOwed, Work
from objectives.planning.templatetags.planning import latest_text, target_text

OBJECTIVES: Final = "objectives"
FIGURES: Final = "figures"


def objectives_table(work: Work) -> ExportTable:
    """Return a row for each objective on the page."""
    columns = [
        Column("werf", _("Werf")),
        Column("code", _("Objective")),
        Column("title", _("Title")),
        Column("unit", _("Directorate")),
        Column("state", _("State")),
        Column("status", _("Status"), Kind.STATUS),
        Column("judgement", _("Judgement of the head"), Kind.STATUS),
        Column("realised", _("Realised"), Kind.PERCENT),
        Column("expected", _("Expected"), Kind.PERCENT),
        Column("deviation", _("Deviation"), Kind.PERCENT),
        Column("milestone", _("Next milestone")),
        Column("milestoneDueOn", _("Due"), Kind.DATE),
        Column("keyIndicator", _("Key indicator")),
        Column("figure", _("Figure")),
        Column("target", _("Target")),
    ]
    return ExportTable(OBJECTIVES, _("Operational objectives"), columns, list(_rows(work)))


def _rows(work: Work) -> Iterator[Sequence[Cell]]:
    for line in work.lines:
        reading, milestone = line.reading, line.next_milestone
        objective = reading.objective
        yield [
            objective.werf.code,
            objective.code,
            objective.title,
            objective.unit.code,
            objective.get_state_display(),
            *standing_cells(reading),
            line.deviation,
            milestone.title if milestone else None,
            milestone.due_on if milestone else None,
            *key_cells(line.key),
        ]


def standing_cells(reading: ObjectiveReading) -> list[Cell]:
    """Return status, judgement of the head, realised and expected of an objective."""
    progress, override = reading.progress, reading.status.override
    return [
        Status(reading.status.status),
        Status(override.status) if override else None,
        progress.actual if progress else None,
        progress.expected if progress else None,
    ]


def key_cells(key: LinkReading | None) -> list[Cell]:
    """Return name, latest figure and target of an objective's key indicator."""
    if key is None:
        return [None, None, None]
    return [key.reading.indicator.title, latest_text(key.reading), target_text(key.reading)]


def figures_table(owed: Sequence[FigureOwed]) -> ExportTable:
    """Return the figures that a directorate still has to give."""
    columns = [
        Column("code", _("Indicator")),
        Column("title", _("Title")),
        Column("period", _("Period")),
        Column("dueOn", _("Due"), Kind.DATE),
        Column("state", _("State")),
    ]
    rows = [
        [
            one.link.short_code,
            one.link.reading.indicator.title,
            one.period,
            one.slot.due_on,
            _("Late") if one.slot.is_late else one.slot.label,
        ]
        for one in owed
    ]
    return ExportTable(FIGURES, _("Figures to give"), columns, rows)
