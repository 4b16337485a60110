"""Sheets of a report on the National Security Plan: themes, objectives, KIV, policy, conditions."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from objectives.planning.choices import MilestoneState
from objectives.security.choices import ObjectiveLevel
from objectives.strategy.choices import ActivityKind
from reporting.render.content.security_changes import security_cause_run
from reporting.render.sheets.cells import (
    Cell,
    Column,
    Part,
    Sheet,
    Whole,
    choice,
    figure,
    name,
    on,
    said,
    title,
    yes,
)
from reporting.render.sheets.structure import count_rows, frame_rows, overview_sheet
from reporting.render.wording import FactReader

TALLY: Final = ("objectives", "linked", "withIndicators", "withoutIndicators")


def overview(snapshot: Part, seal: Part | None, facts: FactReader) -> Sheet:
    """Return what the report is about and its counts, a line each."""
    summary = snapshot["summary"]
    tally = [
        (said(head), figure(facts, summary[key]), None)
        for key, head in zip(TALLY, _tally_heads(), strict=True)
    ]
    return overview_sheet([*frame_rows(snapshot, seal), *tally, *count_rows(snapshot, facts)])


def _tally_heads() -> list[str]:
    return [
        _("Objectives of the NVP"),
        _("Served by an operational objective"),
        _("With indicators"),
        _("Without indicators"),
    ]


def _tally_columns() -> list[Column]:
    return [Column(head) for head in _tally_heads()]


def _tally_cells(row: Part, facts: FactReader) -> list[Cell]:
    return [figure(facts, row[key]) for key in TALLY]


def _level(code: str) -> Cell:
    return choice(ObjectiveLevel, code)


def themes(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the themes, each followed by its subthemes, with their objectives by level."""
    levels = [level for level in ObjectiveLevel]
    return Sheet(
        "themes",
        _("Themes"),
        (
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("Part of")),
            *(Column(str(level.label)) for level in levels),
            *_tally_columns(),
            Column(_("Touches every KIV dimension")),
            Column(_("KIV dimensions"), "middle"),
            Column(_("Policy frameworks"), "middle"),
        ),
        tuple(
            (
                name(row["code"]),
                title(row["title"]),
                name(row["parent"]),
                *(figure(facts, row["levels"].get(level.value)) for level in levels),
                *_tally_cells(row, facts),
                yes(row["isKivTransversal"]),
                name(", ".join(row["kiv"])),
                name(", ".join(row["frameworks"])),
            )
            for row in snapshot["themes"]
        ),
    )


def objectives(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the objectives of the NVP with what serves them."""
    codes = {row["id"]: row["code"] for row in snapshot["objectives"]}
    return Sheet(
        "securityObjectives",
        _("Objectives of the NVP"),
        (
            Column(_("Theme")),
            Column(_("Code")),
            Column(_("Level")),
            Column(_("Group"), "middle"),
            Column(_("Title"), "wide"),
            Column(_("Description"), "wide"),
            Column(_("Operational objectives"), "middle"),
            Column(_("Indicators")),
        ),
        tuple(
            (
                name(row["theme"]),
                name(row["code"]),
                _level(row["level"]),
                title(row["group"]),
                title(row["title"]),
                title(row["description"]),
                name(", ".join(codes[one] for one in row["operational"] if one in codes)),
                figure(facts, row["indicatorCount"]),
            )
            for row in snapshot["securityObjectives"]
        ),
    )


def changes(snapshot: Part, facts: FactReader) -> Sheet:
    """Return what differs of the objectives since the last report, a row a difference."""
    found = snapshot.get("securityChanges") or {"objectives": ()}
    return Sheet(
        "securityChanges",
        _("Changes of the NVP"),
        (
            Column(_("Theme")),
            Column(_("Code")),
            Column(_("Level")),
            Column(_("Title"), "wide"),
            Column(_("What changed"), "wide"),
            Column(_("Figure before")),
            Column(_("Figure now")),
        ),
        tuple(
            (
                name(row["theme"]),
                name(row["code"]),
                _level(row["level"]),
                title(row["title"]),
                security_cause_run(cause, facts),
                figure(facts, cause["was"]),
                figure(facts, cause["now"]),
            )
            for row in found["objectives"]
            for cause in row["causes"]
        ),
    )


def milestones(snapshot: Part) -> Sheet:
    """Return the milestones of what is done for objectives of the NVP."""
    return Sheet(
        "securityMilestones",
        _("Milestones of the NVP"),
        (
            Column(_("Objective")),
            Column(_("Kind")),
            Column(_("Activity"), "wide"),
            Column(_("Milestone"), "wide"),
            Column(_("State")),
            Column(_("Due on")),
            Column(_("Expected on")),
            Column(_("Done on")),
        ),
        tuple(_milestone_rows(snapshot)),
    )


def _milestone_rows(snapshot: Part) -> Iterator[tuple[Cell, ...]]:
    for objective in snapshot["securityObjectives"]:
        for activity in objective["activities"]:
            for row in activity["milestones"]:
                yield (
                    name(objective["code"]),
                    choice(ActivityKind, activity["kind"]),
                    title(activity["title"]),
                    title(row["title"]),
                    choice(MilestoneState, row["state"]),
                    on(row["dueOn"]),
                    on(row["forecastOn"]),
                    on(row["doneOn"]),
                )


def dimensions(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the KIV dimensions with the themes that touch them."""
    return Sheet(
        "kiv",
        _("KIV dimensions"),
        (
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("Themes"), "middle"),
            *_tally_columns(),
        ),
        tuple(
            (
                name(row["code"]),
                title(row["title"]),
                name(", ".join(row["themes"])),
                *_tally_cells(row, facts),
            )
            for row in snapshot["kiv"]
        ),
    )


def frameworks(snapshot: Part) -> Sheet:
    """Return the policy frameworks with their years."""
    return Sheet(
        "frameworks",
        _("Policy frameworks"),
        (
            Column(_("Code")),
            Column(_("Title"), "wide"),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Published")),
            Column(_("Themes"), "middle"),
        ),
        tuple(
            (
                name(row["code"]),
                title(row["title"]),
                _year(row["validFrom"]),
                _year(row["validTo"]),
                _year(row["published"]),
                name(", ".join(row["themes"])),
            )
            for row in snapshot["frameworks"]
        ),
    )


def _year(year: int | None) -> Cell:
    return None if year is None else Whole(year)


def conditions(snapshot: Part) -> Sheet:
    """Return the enabling conditions, then their points."""
    return Sheet(
        "conditions",
        _("Conditions"),
        (Column(_("Code")), Column(_("Title"), "wide"), Column(_("Description"), "wide")),
        tuple(
            (name(row["code"]), title(row["title"]), title(row["description"]))
            for condition in snapshot["conditions"]
            for row in (condition, *condition["points"])
        ),
    )
