"""The summary of a report: how many objectives stand where, and which need attention."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.indicators.choices import Status
from reporting.render import labels
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    NewPage,
    Paragraph,
    Pictures,
    Run,
    Table,
    Words,
)
from reporting.render.content.cover import headline_run, share_sentence
from reporting.render.content.quality import has_withheld
from reporting.render.pictures import FULL_WIDTH_MM, distribution, small_bar
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    EM_SPACE,
    FactReader,
    coded,
    judged,
    labelled_run,
    lines_of,
    remark_run,
    status_of,
)
from reporting.snapshot.reading import objectives_of

Part = Mapping[str, Any]

BAR_MM: Final = 42
_LAGGING: Final = (Status.OFF_TRACK, Status.AT_RISK, Status.NO_DATA)


def summary_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the headline, the distribution, each strategic objective, and what needs attention."""
    summary = snapshot["summary"]
    return [
        NewPage(),
        Heading(1, (Words(_("Summary")),), "summary"),
        Paragraph(headline_run(summary, facts), "summary.headline", look="lead"),
        Paragraph(submitted_run(snapshot, facts), "summary.share"),
        Pictures((distribution(summary, facts, width_mm=FULL_WIDTH_MM),), "summary.bar", columns=1),
        Paragraph(legend_run(summary, facts), "summary.counts"),
        Heading(2, (Words(_("Strategic objectives")),), "summary.strategic"),
        _strategic(snapshot, facts),
        Heading(2, (Words(_("Needs attention")),), "attention"),
        *attention_blocks(snapshot, facts),
    ]


def submitted_run(snapshot: Part, facts: FactReader) -> Run:
    """Return how many figures are submitted, and how many of those are validated."""
    submitted = share_sentence(snapshot["summary"], facts)
    quality = snapshot.get("quality")
    if quality is None:
        return submitted
    template = _(
        "%(validated)s of the submitted figures are validated, the others are provisional."
    )
    validated = facts.figure(quality["counts"]["validated"])
    told = joined(submitted, sentence(template, validated=validated))
    return joined(told, *withheld_run(snapshot["summary"], facts))


def withheld_run(summary: Part, facts: FactReader) -> tuple[Run, ...]:
    """Return how many of the submitted figures the report may not show yet; nothing for none."""
    if not has_withheld(summary, facts):
        return ()
    key = summary["withheld"]
    template = ngettext(
        "%(count)s submitted figure of another minister's directorate is shown once it is "
        "validated.",
        "%(count)s submitted figures of another minister's directorates are shown once they are "
        "validated.",
        facts.number(key),
    )
    return (sentence(template, count=facts.figure(key)),)


def legend_run(summary: Part, facts: FactReader) -> Run:
    """Return how many have which status."""
    keys = summary["counts"]
    return joined(
        *(
            labelled_run(status_of(status), facts.figure(keys[status], style="strong"))
            for status in Status.values
        ),
        separator=EM_SPACE,
    )


def _strategic(snapshot: Part, facts: FactReader) -> Table:
    return Table(
        title=_("Strategic objectives"),
        columns=(
            Column(_("Strategic objective")),
            Column(_("Objectives"), width_mm=24, align="right"),
            Column(_("Status"), width_mm=46),
        ),
        rows=tuple(
            (
                Cell((coded(row),)),
                Cell(((facts.figure(row["total"]),),)),
                Cell(picture=small_bar(row, facts, width_mm=BAR_MM)),
            )
            for row in snapshot["strategicObjectives"]
        ),
        anchor="summary.strategic.table",
    )


def attention_blocks(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the objectives at risk or off track, or that there are none; those without data."""
    blocks: list[Block] = []
    if snapshot["attention"]:
        blocks.append(_attention_table(snapshot, facts))
    else:
        none = Words(_("Nothing is at risk or off track."))
        blocks.append(Paragraph((none,), "attention.none"))
    without = [row for row in objectives_of(snapshot) if row["status"] == Status.NO_DATA]
    if without:
        named = joined(*(coded(row) for row in without), separator=DOT)
        run = labelled_run(status_of(Status.NO_DATA), named)
        blocks.append(Paragraph(run, "attention.noData", look="small"))
    if any(row["judgement"] for row in objectives_of(snapshot)):
        note = Words(labels.judgement_note())
        blocks.append(Paragraph((note,), "attention.judgement", look="small"))
    return blocks


def _attention_table(snapshot: Part, facts: FactReader) -> Table:
    objectives = {row["code"]: row for row in objectives_of(snapshot)}
    return Table(
        title=_("Needs attention"),
        columns=(
            Column(_("Operational objective")),
            Column(_("Directorate"), width_mm=19),
            Column(_("Status, and where it lags"), width_mm=36),
            Column(_("Realised"), width_mm=20, align="right"),
            Column(_("Expected"), width_mm=20, align="right"),
        ),
        rows=tuple(_attention_row(objectives[code], facts) for code in snapshot["attention"]),
        anchor="attention.table",
    )


def _attention_row(objective: Part, facts: FactReader) -> tuple[Cell, ...]:
    actual, expected = facts.progress(objective)
    return (
        Cell(lines_of(coded(objective), remark_run(objective["remarks"]))),
        Cell(((Name(objective["unit"]),),)),
        Cell(lines_of(status_of(objective["status"]), judged(objective), _lagging(objective))),
        Cell(((actual,),)),
        Cell(((expected,),)),
    )


def _lagging(objective: Part) -> Run:
    """Return the codes of the indicators that keep an objective back."""
    codes = [one["shortCode"] for one in objective["indicators"] if one["status"] in _LAGGING]
    return joined(*(Name(code, style="small") for code in codes), separator=", ")
