"""Sheets on what goes on around the figures: changes, questions, amendments, milestones, why.

Each is there when its part of the snapshot is: earlier schemas know fewer.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ibzplan.core.choices import QuestionKind, Verdict
from objectives.indicators.choices import Status
from objectives.planning.choices import ChangeKind, MilestoneState, RiskResponse
from objectives.strategy.choices import ActivityKind
from reporting.choices import MovementKind
from reporting.render.blocks import Figure
from reporting.render.content.alignment import gap_title
from reporting.render.content.causes import cause_run, cause_word
from reporting.render.content.changes import restated_name
from reporting.render.sheets.cells import (
    Cell,
    Column,
    Part,
    Sheet,
    choice,
    figure,
    name,
    of_period,
    on,
    part_title,
    said,
    status,
    title,
    typed,
    unit_of,
    yes,
)
from reporting.render.wording import FactReader, slot_state
from reporting.snapshot.reading import objectives_of

NEEDS_EXPLANATION: Final = (Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)


def changes(snapshot: Part, facts: FactReader) -> Sheet:
    """Return how objectives moved since the last report, a row a cause."""
    return _changes("changes", _("Changes"), snapshot.get("changes"), snapshot, facts)


def edition_changes(snapshot: Part, facts: FactReader) -> Sheet:
    """Return how objectives differ from the edition that this one replaces, a row a cause."""
    rows = (snapshot.get("edition") or {}).get("changes")
    return _changes("edition", _("Corrections of this edition"), rows, snapshot, facts)


def _changes(
    key: str, heading: str, found: Sequence[Part] | None, snapshot: Part, facts: FactReader
) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for change in found or ():
        causes = change["causes"] or [{}]
        rows += [_change(snapshot, change, cause, facts) for cause in causes]
    return Sheet(
        key,
        heading,
        (
            Column(_("Kind")),
            Column(_("Code")),
            Column(_("Objective"), "wide"),
            Column(_("Directorate")),
            Column(_("Status before")),
            Column(_("Status now")),
            Column(_("What changed"), "middle"),
            Column(_("Why"), "wide"),
            Column(_("Figure before")),
            Column(_("Figure now")),
            Column(_("Unit")),
            Column(_("Amendment")),
        ),
        tuple(rows),
    )


def _change(snapshot: Part, change: Part, cause: Part, facts: FactReader) -> tuple[Cell, ...]:
    was, now = cause.get("was"), cause.get("now")
    return (
        choice(MovementKind, change["kind"]),
        name(change["code"]),
        title(change["title"]),
        name(change["unit"]),
        status(change["from"]),
        status(change["to"]),
        said(cause_word(cause["kind"])) if cause else None,
        cause_run(cause, facts, snapshot["plan"]["year"]) if cause else None,
        figure(facts, was),
        figure(facts, now),
        unit_of(snapshot["facts"], now or was),
        name(str(cause["amendment"])) if cause.get("amendment") else None,
    )


def restated(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the figures that an earlier report told otherwise, each with its reason."""
    found = snapshot.get("restated")
    return _restated("restated", _("Restated figures"), found, snapshot, facts)


def edition_restated(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the figures that the replaced edition told otherwise, each with its reason."""
    rows = (snapshot.get("edition") or {}).get("restated")
    return _restated("edition_figures", _("Corrected figures"), rows, snapshot, facts)


def _restated(
    key: str, heading: str, found: Sequence[Part] | None, snapshot: Part, facts: FactReader
) -> Sheet:
    return Sheet(
        key,
        heading,
        (
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Directorate")),
            Column(_("Period")),
            Column(_("Part"), "middle"),
            Column(_("Reported")),
            Column(_("Is now")),
            Column(_("State now")),
            Column(_("Unit")),
            Column(_("Reported on")),
            Column(_("Changed on")),
            Column(_("Reason"), "wide"),
        ),
        tuple(
            (
                name(row["code"]),
                name(restated_name(row)),
                name(row["unit"]),
                of_period(row),
                part_title(row.get("breakdown") or ()),
                figure(facts, row["was"]),
                figure(facts, row["now"]),
                said(slot_state(row["nowState"])),
                unit_of(snapshot["facts"], row["now"] or row["was"]),
                on(row["reportedOn"]),
                on(row["changedOn"]),
                typed(row["reason"]),
            )
            for row in found or ()
        ),
    )


def questions(snapshot: Part) -> Sheet:
    """Return questions and requests for a decision, a row an answer."""
    rows = [
        _question(row, answer)
        for row in snapshot.get("questions") or ()
        for answer in row["answers"] or [{}]
    ]
    return Sheet(
        "questions",
        _("Questions and decisions"),
        (
            Column(_("Kind")),
            Column(_("About")),
            Column(_("Title"), "wide"),
            Column(_("Directorate")),
            Column(_("Asked on")),
            Column(_("Answer by")),
            Column(_("Open")),
            Column(_("Late")),
            Column(_("Question"), "wide"),
            Column(_("Answered on")),
            Column(_("Decision")),
            Column(_("Answer"), "wide"),
        ),
        tuple(rows),
    )


def _question(row: Part, answer: Part) -> tuple[Cell, ...]:
    return (
        choice(QuestionKind, row["kind"]),
        name(row["code"]),
        title(row["title"]),
        name(row["unit"]),
        on(row["askedOn"]),
        on(row["dueOn"]),
        yes(row["open"]),
        yes(row["late"]),
        typed(row["text"]),
        on(answer.get("on")),
        choice(Verdict, answer.get("verdict")),
        typed(answer.get("text")),
    )


def amendments(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the amendments of the plan, a row a change."""
    rows = [
        _amendment(snapshot, row, change, facts)
        for row in snapshot.get("amendments") or ()
        for change in row["changes"] or [{}]
    ]
    return Sheet(
        "amendments",
        _("Amendments"),
        (
            Column(_("Number")),
            Column(_("Title"), "wide"),
            Column(_("Directorate")),
            Column(_("Decided on")),
            Column(_("Motivation"), "wide"),
            Column(_("Kind")),
            Column(_("Objectives"), "middle"),
            Column(_("Important")),
            Column(_("Indicator"), "wide"),
            Column(_("Target before")),
            Column(_("Target now")),
            Column(_("Unit")),
            Column(_("Motivation of the change"), "wide"),
        ),
        tuple(rows),
    )


def _amendment(snapshot: Part, row: Part, change: Part, facts: FactReader) -> tuple[Cell, ...]:
    indicator, target = change.get("indicator") or {}, change.get("target") or {}
    was, now = target.get("was"), target.get("now")
    return (
        name(str(row["number"])),
        title(row["title"]),
        name(row.get("unit")),
        on(row["decidedOn"]),
        typed(row["motivation"]),
        choice(ChangeKind, change.get("kind")),
        name(", ".join(change.get("objectives", ()))),
        yes(change.get("isImportant")),
        title(indicator.get("title")),
        figure(facts, was),
        figure(facts, now),
        unit_of(snapshot["facts"], now or was),
        typed(change.get("motivation")),
    )


def milestones(snapshot: Part) -> Sheet:
    """Return the milestones of the activities of every objective."""
    rows = [
        _milestone(objective, activity, row)
        for objective in objectives_of(snapshot)
        for activity in objective.get("activities") or ()
        for row in activity["milestones"]
    ]
    return Sheet(
        "milestones",
        _("Milestones"),
        (
            Column(_("Objective")),
            Column(_("Kind")),
            Column(_("Activity"), "wide"),
            Column(_("From")),
            Column(_("Until")),
            Column(_("Milestone"), "wide"),
            Column(_("State")),
            Column(_("Due on")),
            Column(_("Expected on")),
            Column(_("Done on")),
        ),
        tuple(rows),
    )


def _milestone(objective: Part, activity: Part, row: Part) -> tuple[Cell, ...]:
    return (
        name(objective["code"]),
        choice(ActivityKind, activity["kind"]),
        title(activity["title"]),
        on(activity["startsOn"]),
        on(activity["endsOn"]),
        title(row["title"]),
        choice(MilestoneState, row["state"]),
        on(row["dueOn"]),
        on(row["forecastOn"]),
        on(row["doneOn"]),
    )


def explanations(snapshot: Part, facts: FactReader) -> Sheet:
    """Return why indicators are where they are, for objectives that are not on track."""
    return Sheet(
        "explanations",
        _("Why"),
        (
            Column(_("Objective")),
            Column(_("Code")),
            Column(_("Indicator"), "wide"),
            Column(_("Status")),
            Column(_("Why"), "wide"),
        ),
        tuple(_explanations(snapshot, facts)),
    )


def _explanations(snapshot: Part, facts: FactReader) -> Iterator[tuple[Cell, ...]]:
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            if row["status"] not in NEEDS_EXPLANATION:
                continue
            for key, text in zip(row["why"], facts.steps(row["why"]), strict=True):
                yield (
                    name(objective["code"]),
                    name(row["shortCode"]),
                    title(row["title"]),
                    status(row["status"]),
                    Figure(key, text),
                )


def risks(snapshot: Part, facts: FactReader) -> Sheet:
    """Return the risks of every objective."""
    return Sheet(
        "risks",
        _("Risks"),
        (
            Column(_("Objective")),
            Column(_("Risk"), "wide"),
            Column(_("Likelihood")),
            Column(_("Impact")),
            Column(_("Score")),
            Column(_("Response")),
            Column(_("Measure"), "wide"),
        ),
        tuple(
            (
                name(objective["code"]),
                title(row["title"]),
                figure(facts, row["likelihood"]),
                figure(facts, row["impact"]),
                figure(facts, row["score"]),
                choice(RiskResponse, row["response"]),
                title(row["measure"]),
            )
            for objective in objectives_of(snapshot)
            for row in objective.get("risks") or ()
        ),
    )


def narratives(snapshot: Part) -> Sheet:
    """Return what the directorates told of every objective, the latest period first."""
    return Sheet(
        "narratives",
        _("Narrative"),
        (
            Column(_("Objective")),
            Column(_("Period")),
            Column(pgettext("narrative", "Done"), "wide"),
            Column(pgettext("narrative", "Next"), "wide"),
            Column(_("In the way"), "wide"),
            Column(_("Written on")),
        ),
        tuple(
            (
                name(objective["code"]),
                of_period(row),
                typed(row["done"]),
                typed(row["planned"]),
                typed(row["obstacles"]),
                on(row["writtenOn"]),
            )
            for objective in objectives_of(snapshot)
            for row in objective.get("narratives") or ()
        ),
    )


def gaps(snapshot: Part, facts: FactReader) -> Sheet:
    """Return how many there are of each gap between the plans."""
    found = snapshot.get("alignment") or {"gaps": ()}
    return Sheet(
        "gaps",
        _("Alignment and gaps"),
        (Column(_("Gap"), "wide"), Column(_("How many"))),
        tuple((said(gap_title(row["kind"])), figure(facts, row["count"])) for row in found["gaps"]),
    )
