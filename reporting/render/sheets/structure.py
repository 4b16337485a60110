"""Sheets on the plan itself: overview, strategic objectives and werven, operational objectives."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from objectives.planning.choices import PlanState
from reporting.render.sheets.cells import (
    Cell,
    Column,
    Part,
    Sheet,
    choice,
    counts_cells,
    counts_heads,
    figure,
    name,
    on,
    remarks,
    said,
    status,
    title,
    typed,
    yes,
)
from reporting.render.wording import FactReader, moment, status_word
from reporting.snapshot.reading import objectives_of


def overview(snapshot: Part, seal: Part | None, facts: FactReader) -> Sheet:
    """Return what the report is about and its counts, a line each."""
    rows = [*frame_rows(snapshot, seal), *count_rows(snapshot, facts)]
    return overview_sheet(rows)


def overview_sheet(rows: list[tuple[Cell, ...]]) -> Sheet:
    """Return the first sheet: labels with what they say."""
    return Sheet(
        "overview",
        _("Overview"),
        (Column(_("What"), "middle"), Column(_("Value"), "wide"), Column(_("Unit"))),
        tuple(rows),
    )


def frame_rows(snapshot: Part, seal: Part | None) -> list[tuple[Cell, ...]]:
    """Return what every report has: its question, who it is for, and how far its life is."""
    plan, minister = snapshot["plan"], snapshot["minister"]
    edition = (seal or {}).get("edition") or snapshot.get("edition", {}).get("number")
    told: list[tuple[str, Cell]] = [
        (_("Draft"), said(_("This report is not approved yet.")) if seal is None else None),
        (
            _("Demonstration"),
            said(_("Demonstration: fictional figures")) if snapshot["isDemo"] else None,
        ),
        (_("Plan"), title(plan["title"])),
        (_("Operational plan"), name(str(plan.get("year") or ""))),
        (_("For"), title(minister["title"])),
        *_holders(snapshot),
        (_("Reference date"), on(snapshot["referenceDate"])),
        (_("As known on"), name(moment(snapshot["knownAt"]))),
        (_("Edition"), name(str(edition or ""))),
        (_("Approved on"), on((seal or {}).get("approvedOn"))),
        (_("Figures"), said(_figures_state(snapshot))),
    ]
    return [(said(label), cell, None) for label, cell in told if cell is not None]


def _figures_state(snapshot: Part) -> str:
    if "provisional" not in snapshot:
        return ""
    if snapshot["provisional"]:
        return _("Provisional: not all figures are validated yet.")
    return _("Validated")


def _holders(snapshot: Part) -> Iterator[tuple[str, Cell]]:
    for row in (snapshot["minister"]["holder"], snapshot.get("president")):
        if row:
            yield _("Office-holder"), name(row["name"])


def count_rows(snapshot: Part, facts: FactReader) -> list[tuple[Cell, ...]]:
    """Return the counts of the operational objectives and of their figures."""
    summary = snapshot["summary"]
    told = [
        (_("Operational objectives"), summary["total"]),
        *((status_word(code), key) for code, key in summary["counts"].items()),
        (_("Achieved or on track"), summary["good"]),
        (_("Figures due"), summary["due"]),
        (_("Figures submitted"), summary["submitted"]),
        *(
            ((_("Submitted, not validated yet"), summary["withheld"]),)
            if "withheld" in summary
            else ()
        ),
        (_("Figures missing"), summary["missing"]),
        (_("Indicators"), summary["indicators"]),
        (_("Confidential indicators, not in this report"), summary["confidential"]),
    ]
    return [(said(label), figure(facts, key), None) for label, key in told]


def structure(snapshot: Part, facts: FactReader) -> Sheet:
    """Return strategic objectives and, below each, its werven with their distributions."""
    rows: list[tuple[Cell, ...]] = []
    for row in snapshot["strategicObjectives"]:
        rows.append(_structure_row(row, _("Strategic objective"), facts))
        rows += [_structure_row(werf, _("Werf"), facts) for werf in row["werven"]]
    return Sheet(
        "structure",
        _("Strategic objectives"),
        (
            Column(_("Level")),
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("Status")),
            Column(_("Remarks"), "middle"),
            Column(_("Objectives")),
            *counts_heads(),
            Column(_("Realised")),
            Column(_("Expected")),
            Column(_("Next milestone")),
        ),
        tuple(rows),
    )


def _structure_row(row: Part, level: str, facts: FactReader) -> tuple[Cell, ...]:
    progress = row.get("progress") or {}
    return (
        said(level),
        name(row["code"]),
        title(row["title"]),
        status(row.get("status")),
        remarks(row) if "remarks" in row else None,
        figure(facts, row["total"]),
        *counts_cells(facts, row["counts"]),
        figure(facts, progress.get("actual")),
        figure(facts, progress.get("expected")),
        on(row.get("nextMilestone")),
    )


def _objective_rows(snapshot: Part) -> Iterator[tuple[str, str, Part]]:
    """Give every operational objective below the codes of its strategic objective and its werf.

    A report on a plan as a whole names neither.
    """
    for strategic in snapshot.get("strategicObjectives", ()):
        for werf in strategic["werven"]:
            for row in werf["objectives"]:
                yield strategic["code"], werf["code"], row
    if "strategicObjectives" not in snapshot:
        yield from (("", "", row) for row in objectives_of(snapshot))


def objectives(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the operational objectives, each with its status and what its directorate wrote."""
    return Sheet(
        "objectives",
        _("Objectives"),
        (
            Column(_("Strategic objective")),
            Column(_("Werf")),
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("Description"), "wide"),
            Column(_("Directorate")),
            Column(_("Responsible holder"), "middle"),
            Column(_("State of the objective")),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Status")),
            Column(_("Remarks"), "middle"),
            Column(_("Realised")),
            Column(_("Expected")),
            Column(_("Attainment")),
            Column(_("Provisional")),
            Column(_("Judgement of the head")),
            Column(_("Since")),
            Column(_("Why"), "wide"),
            Column(_("Confidential indicators, not in this report")),
            Column(_("Means"), "wide"),
        ),
        tuple(_objective(*rows, facts) for rows in _objective_rows(snapshot)),
    )


def _objective(strategic: str, werf: str, row: Part, facts: FactReader) -> tuple[Cell, ...]:
    progress = row["progress"] or {}
    judgement = row.get("judgement") or {}
    return (
        name(strategic),
        name(werf),
        name(row["code"]),
        title(row["title"]),
        title(row["description"]),
        name(row["unit"]),
        title(row.get("holder")),
        choice(PlanState, row["state"]),
        on(row["startsOn"]),
        on(row["endsOn"]),
        status(row["status"]),
        remarks(row),
        figure(facts, progress.get("actual")),
        figure(facts, progress.get("expected")),
        figure(facts, row["attainment"]),
        yes(row["provisional"]),
        status(judgement.get("status")),
        on(judgement.get("since")),
        typed(judgement.get("reason")),
        figure(facts, row.get("confidential")),
        typed(row.get("means")),
    )
