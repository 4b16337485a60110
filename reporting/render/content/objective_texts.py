"""What units tell of an objective, and what hangs below it: milestones, means, risks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from objectives.planning.choices import MilestoneState, RiskResponse
from objectives.planning.risk_texts import score_mark, score_text, step_text
from objectives.planning.timelines import MILESTONE_STATUS
from objectives.strategy.choices import ActivityKind
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    Paragraph,
    Run,
    StatusWord,
    Table,
    Typed,
    Words,
)
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    NONE,
    FactReader,
    dated,
    in_style,
    labelled_run,
    lines_of,
    period,
    plan_text,
    typed,
)

Part = Mapping[str, Any]

DAY_MM: Final = 21


def narrative_blocks(row: Part, anchor: str, snapshot: Part) -> list[Block]:
    """Return what was told, the latest period first.

    Of each period of the plan year; after a report only what that one could not say yet, and in
    any case the latest.
    """
    told = _not_told_yet(row.get("narratives", ()), snapshot.get("since"))
    if not told:
        return []
    blocks: list[Block] = [
        Heading(4, (Words(_("How it goes, period by period")),), f"{anchor}.narrative")
    ]
    for one in told:
        place = f"{anchor}.narrative.{one['periodStart']}{one['resolution']}"
        blocks.append(Paragraph(_written(one), place))
        blocks += [
            Paragraph(labelled_run(Words(label, style="strong"), text), f"{place}.{name}")
            for name, label, text in _told(one)
        ]
    return blocks


def _not_told_yet(rows: Sequence[Part], since: Part | None) -> list[Part]:
    if since is None:
        return list(rows)
    known = datetime.fromisoformat(since["knownAt"])
    day = timezone.localdate(known).isoformat()
    return [one for place, one in enumerate(rows) if place == 0 or one["writtenOn"] > day]


def _written(told: Part) -> Run:
    """Return 'T3 2026 · written on 12/10/2026'."""
    when = sentence(_("written on %(day)s"), day=dated(told["writtenOn"]))
    return joined(Name(period(told), style="strong"), in_style(when, "small"), separator=DOT)


def _told(told: Part) -> list[tuple[str, str, Typed]]:
    labels = {
        "done": pgettext("narrative", "Done"),
        "planned": pgettext("narrative", "Next"),
        "obstacles": _("In the way"),
    }
    rows = ((name, label, typed(told[name])) for name, label in labels.items())
    return [(name, label, text) for name, label, text in rows if text.text]


def milestone_blocks(row: Part, anchor: str) -> list[Block]:
    """Return the activities with their milestones: due, expected, done."""
    activities = row.get("activities", ())
    if not activities:
        return []
    heading = Heading(4, (Words(_("Activities and milestones")),), f"{anchor}.milestones.title")
    table = Table(
        title=_("Activities and milestones"),
        columns=(
            Column(_("Activity"), width_mm=42),
            Column(_("Milestone")),
            Column(_("Due"), width_mm=DAY_MM),
            Column(_("Expected"), width_mm=DAY_MM),
            Column(_("Done"), width_mm=DAY_MM),
            Column(_("Status"), width_mm=27),
        ),
        rows=tuple(cells for one in activities for cells in _activity(one)),
        anchor=f"{anchor}.milestones",
    )
    return [heading, table]


def _activity(activity: Part) -> list[tuple[Cell, ...]]:
    """Return a row a milestone; an activity without any has one row."""
    kind = Words(str(ActivityKind(activity["kind"]).label), style="small")
    title = plan_text(activity["title"])
    first = Cell(lines_of(title, joined(kind, _span(activity), separator=DOT)))
    none = Cell(((Name(NONE),),))
    if not activity["milestones"]:
        return [(first, none, none, none, none, Cell())]
    return [
        (first if place == 0 else Cell(), *_milestone(one))
        for place, one in enumerate(activity["milestones"])
    ]


def _span(activity: Part) -> Run:
    first, last = activity["startsOn"], activity["endsOn"]
    if not (first or last):
        return ()
    return joined(
        dated(first, style="small"),
        Words(NONE, style="small"),
        dated(last, style="small"),
    )


def _milestone(one: Part) -> tuple[Cell, ...]:
    state = MilestoneState(one["state"])
    return (
        Cell(((plan_text(one["title"]),),)),
        Cell(((dated(one["dueOn"]),),)),
        Cell(((dated(one["forecastOn"]),),)),
        Cell(((dated(one["doneOn"]),),)),
        Cell(((StatusWord(MILESTONE_STATUS[state], str(state.label)),),)),
    )


def means_blocks(row: Part, anchor: str, facts: FactReader) -> list[Block]:
    """Return on what an objective counts, what could keep it back, and what it contributes to."""
    blocks: list[Block] = []
    means = plan_text(row.get("means"))
    if means.text:
        blocks.append(Heading(4, (Words(_("Means")),), f"{anchor}.means.title"))
        blocks.append(Paragraph((means,), f"{anchor}.means"))
    if row.get("risks"):
        blocks.append(Heading(4, (Words(_("Risks")),), f"{anchor}.risks.title"))
        blocks.append(_risks(row["risks"], f"{anchor}.risks", facts))
    if codes := row.get("securityLinks"):
        label = Words(_("Contributes to objectives of the NVP"))
        run = labelled_run(label, Name(", ".join(codes)))
        blocks.append(Paragraph(run, f"{anchor}.security", look="small"))
    return blocks


def _risks(risks: Any, anchor: str, facts: FactReader) -> Table:
    return Table(
        title=_("Risks"),
        columns=(
            Column(_("Risk")),
            Column(_("Likelihood"), width_mm=32),
            Column(_("Impact"), width_mm=25),
            Column(_("Score"), width_mm=28),
            Column(_("Response"), width_mm=46),
        ),
        rows=tuple(_risk(one, facts) for one in risks),
        anchor=anchor,
    )


def _risk(one: Part, facts: FactReader) -> tuple[Cell, ...]:
    score = facts.number(one["score"])
    mark = StatusWord(score_mark(score), score_text(score))
    response = Words(str(RiskResponse(one["response"]).label), style="strong")
    return (
        Cell(((plan_text(one["title"]),),)),
        Cell((_step(one["likelihood"], facts),)),
        Cell((_step(one["impact"], facts),)),
        Cell(lines_of(joined(facts.figure(one["score"]), mark))),
        Cell(lines_of(response, plan_text(one["measure"]))),
    )


def _step(key: str, facts: FactReader) -> Run:
    """Return '4, high'."""
    return joined(facts.figure(key), Words(step_text(facts.number(key))), separator=", ")
