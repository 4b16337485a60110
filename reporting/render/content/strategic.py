"""Each strategic objective of a report: the table of its werven, then its objectives by werf."""

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
    NewPage,
    Paragraph,
    Pictures,
    Run,
    Table,
    Words,
)
from reporting.render.content.objectives import objective_blocks
from reporting.render.pictures import FULL_WIDTH_MM, distribution, small_bar
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    FactReader,
    coded,
    labelled_run,
    lines_of,
    plan_text,
    remark_run,
    status_of,
    status_word,
    titled,
)

Part = Mapping[str, Any]

BAR_MM: Final = 38


def strategic_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return every strategic objective, each on a page of its own."""
    return [
        block
        for row in snapshot["strategicObjectives"]
        for block in _strategic(row, snapshot, facts)
    ]


def _strategic(row: Part, snapshot: Part, facts: FactReader) -> list[Block]:
    anchor = f"so:{row['id']}"
    blocks: list[Block] = [NewPage(), Heading(1, titled(row), anchor)]
    description = plan_text(row["description"])
    if description.text:
        blocks.append(Paragraph((description,), f"{anchor}.description"))
    if not row["werven"]:
        none = Words(_("No operational objectives of this minister."))
        return [*blocks, Paragraph((none,), f"{anchor}.none")]
    bar = distribution(row, facts, width_mm=FULL_WIDTH_MM)
    return [
        *blocks,
        Paragraph(_counts(row, facts), f"{anchor}.counts"),
        Pictures((bar,), f"{anchor}.bar", columns=1),
        _werven(row, anchor, facts),
        Paragraph((Words(labels.chart_legend()),), f"{anchor}.legend", look="small"),
        *(block for werf in row["werven"] for block in _werf(werf, snapshot, facts)),
    ]


def _counts(row: Part, facts: FactReader) -> Run:
    """Return '17 objectives: 1 achieved, 10 on track, ...', each number bound to its fact."""
    keys = row["counts"]
    template = ngettext("%(total)s objective", "%(total)s objectives", facts.number(row["total"]))
    head = sentence(template, total=facts.figure(row["total"]))
    parts = [
        joined(facts.figure(keys[status]), Words(status_word(status).lower()))
        for status in Status.values
        if facts.number(keys[status])
    ]
    return labelled_run(head, joined(*parts, separator=", ")) if parts else head


def _werven(row: Part, anchor: str, facts: FactReader) -> Table:
    return Table(
        title=_("Werven"),
        columns=(
            Column(_("Werf")),
            Column(_("Status"), width_mm=27),
            Column(_("Objectives"), width_mm=20, align="right"),
            Column("", width_mm=42),
            Column(_("Realised"), width_mm=20, align="right"),
            Column(_("Expected"), width_mm=19, align="right"),
        ),
        rows=tuple(_werf_row(werf, facts) for werf in row["werven"]),
        anchor=f"{anchor}.werven",
    )


def _werf_row(werf: Part, facts: FactReader) -> tuple[Cell, ...]:
    actual, expected = facts.progress(werf)
    return (
        Cell(lines_of(coded(werf), remark_run(werf["remarks"]))),
        Cell(((status_of(werf["status"]),),)),
        Cell(((facts.figure(werf["total"]),),)),
        Cell(picture=small_bar(werf, facts, width_mm=BAR_MM)),
        Cell(((actual,),)),
        Cell(((expected,),)),
    )


def _werf(werf: Part, snapshot: Part, facts: FactReader) -> list[Block]:
    blocks: list[Block] = [Heading(2, titled(werf), f"werf:{werf['id']}")]
    for objective in werf["objectives"]:
        blocks += objective_blocks(objective, snapshot, facts)
    return blocks
