"""What a progress report on the National Security Plan (NVP) says, section by section."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.security.choices import ObjectiveLevel
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
from reporting.render.content.changes import changes_section, restated_section
from reporting.render.content.cover import headline_run, security_headline_run
from reporting.render.content.data import data_section
from reporting.render.content.decisions import decisions_section
from reporting.render.content.edition import edition_section
from reporting.render.content.late import late_section
from reporting.render.content.questions import questions_section
from reporting.render.content.security_method import security_method_section
from reporting.render.content.security_objectives import levels_section, serving_section
from reporting.render.content.security_plan import (
    conditions_section,
    frameworks_section,
    kiv_section,
    themes_section,
)
from reporting.render.content.summary import attention_blocks, legend_run, submitted_run
from reporting.render.pictures import FULL_WIDTH_MM, distribution
from reporting.render.sentences import joined
from reporting.render.wording import DOT, EM_SPACE, FactReader, coded, labelled_run

Part = Mapping[str, Any]

COUNT_MM: Final = 26


def security_blocks(
    snapshot: Part, facts: FactReader, seal: Part | None, sha256: str
) -> Iterator[Block]:
    """Give the sections in the order in which they are read."""
    yield from _summary(snapshot, facts)
    yield from decisions_section(snapshot, facts)
    yield from changes_section(snapshot, facts)
    yield from restated_section(snapshot, facts)
    yield from edition_section(snapshot, facts)
    yield from themes_section(snapshot, facts)
    yield from levels_section(snapshot, facts)
    yield from serving_section(snapshot, facts)
    yield from kiv_section(snapshot, facts)
    yield from conditions_section(snapshot)
    yield from frameworks_section(snapshot)
    yield from questions_section(snapshot, facts)
    yield from late_section(snapshot, facts)
    yield from security_method_section(snapshot, facts, seal, sha256)
    yield from data_section(snapshot, facts)


def _summary(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return how much of the NVP is worked on, how far that is, and what needs attention."""
    summary = snapshot["summary"]
    blocks: list[Block] = [
        NewPage(),
        Heading(1, (Words(_("Summary")),), "summary"),
        Paragraph(security_headline_run(summary, facts), "summary.headline", look="lead"),
        Paragraph(_measured(summary, facts), "summary.measured"),
        *_unmeasured(snapshot, facts),
        _levels(snapshot, facts),
        Heading(2, (Words(_("Operational objectives that contribute")),), "summary.operational"),
    ]
    if not snapshot["objectives"]:
        none = Words(_("No operational objective contributes to the NVP yet."))
        return [*blocks, Paragraph((none,), "summary.operational.none")]
    bar = distribution(summary, facts, width_mm=FULL_WIDTH_MM)
    return [
        *blocks,
        Paragraph(headline_run(summary, facts), "summary.operational.headline"),
        Paragraph(submitted_run(snapshot, facts), "summary.share"),
        Pictures((bar,), "summary.bar", columns=1),
        Paragraph(legend_run(summary, facts), "summary.counts"),
        Heading(2, (Words(_("Needs attention")),), "attention"),
        *attention_blocks(snapshot, facts),
    ]


def _measured(summary: Part, facts: FactReader) -> Run:
    labels = {
        "withIndicators": _("With indicators"),
        "withoutIndicators": _("Without indicators"),
    }
    return joined(
        *(
            labelled_run(Words(label), facts.figure(summary[name], style="strong"))
            for name, label in labels.items()
        ),
        separator=EM_SPACE,
    )


def _unmeasured(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the themes none of whose objectives has an indicator; nothing where each has one."""
    themes = [
        coded(row)
        for row in snapshot["themes"]
        if row["isBlock"]
        and facts.number(row["objectives"])
        and not facts.number(row["withIndicators"])
    ]
    if not themes:
        return []
    label = Words(_("Themes without any indicator"))
    return [Paragraph(labelled_run(label, joined(*themes, separator=DOT)), "summary.unmeasured")]


def _levels(snapshot: Part, facts: FactReader) -> Table:
    return Table(
        title=_("Objectives of the NVP by level"),
        columns=(
            Column(_("Level")),
            Column(_("Objectives"), width_mm=COUNT_MM, align="right"),
            Column(_("With a contribution"), width_mm=COUNT_MM, align="right"),
            Column(_("With indicators"), width_mm=COUNT_MM, align="right"),
            Column(_("Without indicators"), width_mm=COUNT_MM, align="right"),
        ),
        rows=tuple(
            (
                Cell(((Name(str(ObjectiveLevel(row["level"]).label)),),)),
                *(
                    Cell(((facts.figure(row[name]),),))
                    for name in ("objectives", "linked", "withIndicators", "withoutIndicators")
                ),
            )
            for row in snapshot["levels"]
        ),
        anchor="summary.levels",
    )
