"""The objectives of a werf or of a directorate as the table of a file."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from budget.means_texts import versions_text
from budget.money import keur
from budget.selectors import UnitMeans
from ibzplan.core.exports import Cell, Column, ExportTable, Kind
from objectives.indicators.choices import Status
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import LinkReading
from objectives.planning.selectors.work import FigureOwed, Work
from objectives.planning.templatetags.planning import latest_text, target_text
from personnel.staffing.amounts import people

OBJECTIVES: Final = "objectives"
FIGURES: Final = "figures"
MEANS: Final = "means"


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


def means_table(means: UnitMeans) -> ExportTable:
    """Return the credits and the people of a directorate: a row for each figure, with its unit."""
    columns = [
        Column("what", _("What")),
        Column("year", _("Year or day")),
        Column("amount", _("Amount"), Kind.DECIMAL),
        Column("unit", _("Unit of measurement")),
        Column("origin", _("Figure")),
    ]
    return ExportTable(MEANS, _("Means"), columns, [*_credit_rows(means), *_people_rows(means)])


def _credit_rows(means: UnitMeans) -> Iterator[Sequence[Cell]]:
    for node in means.credits.nodes if means.credits else ():
        figure, year = node.figure, str(means.credits.year if means.credits else "")
        for label, cents in (
            (_("VL"), figure.commitment_cents if figure else None),
            (_("VE"), figure.payment_cents if figure else None),
        ):
            yield [
                f"{node.line.title}, {label}",
                year,
                None if cents is None else keur(cents),
                "kEUR",
                versions_text(node.budgets) or _("not entered"),
            ]


def _people_rows(means: UnitMeans) -> Iterator[Sequence[Cell]]:
    for one in means.people:
        for label, when, amount in (
            (_("Present"), one.on.isoformat() if one.on else "", one.present),
            (_("Planned"), str(one.planned_year), one.planned),
            (_("Inflow"), str(means.year), one.flow.inflow if one.flow else None),
            (_("Outflow"), str(means.year), one.flow.outflow if one.flow else None),
        ):
            yield [
                label,
                when,
                None if amount is None else people(one.measure, amount),
                one.measure.label,
                None if amount is not None else _("not entered"),
            ]
