"""Sheets on the indicators: how each stands, every figure with its source, what is late."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from objectives.indicators.choices import TargetKind
from reporting.render import labels
from reporting.render.aims import aims_of
from reporting.render.sheets.cells import (
    Cell,
    Column,
    Part,
    Sheet,
    Whole,
    choice,
    figure,
    name,
    of_period,
    on,
    part_title,
    remarks,
    said,
    status,
    title,
    typed,
    unit_of,
    yes,
)
from reporting.render.wording import FactReader, slot_state
from reporting.snapshot.reading import indicators_of, objectives_of


def indicators(snapshot: Part, facts: FactReader) -> Sheet:
    """Return how every indicator stands."""
    return Sheet(
        "indicators",
        _("Indicators"),
        (
            Column(_("Objective")),
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("Directorate")),
            Column(_("Kind"), "middle"),
            Column(_("Weight")),
            Column(_("Key")),
            Column(_("Status")),
            Column(_("Remarks"), "middle"),
            Column(_("Unit")),
            Column(_("Baseline")),
            Column(_("Baseline of")),
            Column(_("Actual")),
            Column(_("Latest figure")),
            Column(_("Period")),
            Column(_("Expected")),
            Column(_("Target")),
            Column(_("Target, upper bound")),
            Column(_("Tolerance")),
            Column(_("Due on")),
            Column(_("Forecast of the end of the year")),
            Column(_("Attainment")),
            Column(_("Provisional")),
        ),
        tuple(
            _indicator(objective, row, facts)
            for objective in objectives_of(snapshot)
            for row in objective["indicators"]
        ),
    )


def _indicator(objective: Part, row: Part, facts: FactReader) -> tuple[Cell, ...]:
    baseline, target = row["baseline"] or {}, row["target"] or {}
    latest, forecast = row["latest"] or {}, row.get("forecast") or {}
    return (
        name(objective["code"]),
        name(row["shortCode"]),
        title(row["title"]),
        name(row["owner"]),
        choice(TargetKind, row["kind"]),
        Whole(row["weight"]),
        yes(row["isKey"]),
        status(row["status"]),
        remarks(row),
        title(row["unitOfMeasure"]),
        figure(facts, baseline.get("fact")),
        on(baseline.get("on")),
        figure(facts, row["actual"]),
        figure(facts, latest.get("fact")),
        of_period(row["latest"]),
        figure(facts, row["expected"]),
        figure(facts, target.get("fact") or target.get("low")),
        figure(facts, target.get("high")),
        figure(facts, target.get("tolerance")),
        on(target.get("dueOn")),
        figure(facts, forecast.get("fact")),
        figure(facts, row["attainment"]),
        yes(row["provisional"]),
    )


def figures(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the data annex: every figure of the plan year with its state and its source."""
    rows = [
        cells
        for row in indicators_of(snapshot)
        for slot in row["slots"]
        for cells in _slot_rows(snapshot, row, slot, facts)
    ]
    return Sheet(
        "figures",
        _("Figures"),
        (
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Directorate")),
            Column(_("Period")),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Part"), "middle"),
            Column(_("State")),
            Column(_("Figure")),
            Column(_("Unit")),
            Column(_("Status of the figure"), "middle"),
            Column(_("Validated on")),
            Column(_("Recorded on")),
            Column(_("Recorded by")),
            Column(_("Source of the data"), "wide"),
            Column(_("Due on")),
            Column(_("Reason"), "wide"),
            Column(_("Explanation"), "wide"),
        ),
        tuple(rows),
    )


def _slot_rows(
    snapshot: Part, row: Part, slot: Part, facts: FactReader
) -> Iterator[tuple[Cell, ...]]:
    """Give the figure of a period, then its parts."""
    yield _slot_cells(snapshot, row, slot, slot.get("fact"), None, facts)
    for part in slot.get("breakdown", ()):
        yield _slot_cells(snapshot, row, slot, part["fact"], part_title(part["titles"]), facts)


def _slot_cells(
    snapshot: Part, row: Part, slot: Part, key: str | None, part: Cell, facts: FactReader
) -> tuple[Cell, ...]:
    return (
        name(row["shortCode"]),
        title(row["title"]),
        name(row["owner"]),
        of_period(slot),
        on(slot["periodStart"]),
        on(slot["periodEnd"]),
        part,
        said(slot_state(slot["valueState"])),
        figure(facts, key),
        unit_of(snapshot["facts"], key),
        said(_figure_status(slot)),
        on(slot.get("validatedOn")),
        on(slot.get("recordedAt")),
        name(slot.get("recordedByUnit")),
        title(row.get("dataSource")),
        on(slot["dueOn"]),
        typed(slot.get("correctionReason") or slot.get("notApplicableReason")),
        typed(slot.get("narrative")),
    )


def _figure_status(slot: Part) -> str:
    """Return whether a figure is validated, provisional, returned or locked; '' without one."""
    if slot.get("fact") is None:
        return ""
    told = [_("Provisional") if slot.get("provisional") else _("Validated")]
    told += [_("Returned")] if slot.get("returned") else []
    told += [_("Locked")] if slot["locked"] else []
    return ", ".join(told)


def aims(snapshot: Part, facts: FactReader) -> Sheet:
    """Return what every indicator comes from and goes to: baselines, targets, ranges."""
    return Sheet(
        "aims",
        _("Baselines and targets"),
        (
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Directorate")),
            Column(_("Kind"), "middle"),
            Column(_("Date")),
            Column(_("Figure")),
            Column(_("Unit")),
            Column(_("Set on")),
            Column(_("Source of the data"), "wide"),
            Column(_("Reason"), "wide"),
        ),
        tuple(
            (
                name(row["shortCode"]),
                title(row["title"]),
                name(row["owner"]),
                said(aim.label),
                on(aim.on),
                figure(facts, aim.fact),
                unit_of(snapshot["facts"], aim.fact),
                on(aim.set_on),
                title(aim.source),
                typed(aim.reason),
            )
            for row in indicators_of(snapshot)
            for aim in aims_of(row)
        ),
    )


def late(snapshot: Part) -> Sheet:
    """Return the figures that were due and are missing."""
    return Sheet(
        "late",
        _("Late figures"),
        (
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Directorate")),
            Column(_("Period")),
            Column(_("Due on")),
        ),
        tuple(
            (
                name(row["shortCode"]),
                title(row["title"]),
                name(row["unit"]),
                of_period(row),
                on(row["dueOn"]),
            )
            for row in snapshot["late"]
        ),
    )


def definitions(snapshot: Part) -> Sheet:
    """Return how every indicator is defined, and what its figures cannot say."""
    return Sheet(
        "definitions",
        _("Definitions"),
        (
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Version")),
            Column(_("Definition"), "wide"),
            Column(labels.definition_field("numeratorDefinition"), "wide"),
            Column(labels.definition_field("denominatorDefinition"), "wide"),
            Column(labels.definition_field("limitations"), "wide"),
            Column(_("Source of the data"), "wide"),
        ),
        tuple(
            (
                name(row["shortCode"]),
                title(row["title"]),
                Whole(row["definitionVersion"]["number"]) if "definitionVersion" in row else None,
                title(row["definition"]),
                title(row.get("numeratorDefinition")),
                title(row.get("denominatorDefinition")),
                title(row.get("limitations")),
                title(row.get("dataSource")),
            )
            for row in indicators_of(snapshot)
        ),
    )
