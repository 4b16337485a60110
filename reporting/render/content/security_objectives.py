"""The objectives of the NVP by level, and the operational objectives that contribute to them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.security.choices import ObjectiveLevel
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Name,
    NewPage,
    Paragraph,
    Run,
    Table,
    Words,
)
from reporting.render.content.objective_texts import milestone_blocks
from reporting.render.content.objectives import objective_blocks
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    FactReader,
    coded,
    in_style,
    labelled_run,
    lines_of,
    period,
    plan_text,
    status_of,
    titled,
)

Part = Mapping[str, Any]

SERVED_MM: Final = 66
COUNT_MM: Final = 22


def levels_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return by level and theme each objective, and what is done for it."""
    themes = {row["code"]: row for row in snapshot["themes"]}
    operational = {row["id"]: row for row in snapshot["objectives"]}
    blocks: list[Block] = [NewPage(), Heading(1, (Words(_("Objectives by level")),), "levels")]
    for level in snapshot["levels"]:
        rows = [row for row in snapshot["securityObjectives"] if row["level"] == level["level"]]
        if not rows:
            continue
        anchor = f"level:{level['level']}"
        title = Name(str(ObjectiveLevel(level["level"]).label))
        blocks.append(Heading(2, (title,), anchor))
        blocks.append(Paragraph(_counts(level, facts), f"{anchor}.counts"))
        for code, group in groupby(rows, key=lambda row: str(row["theme"])):
            blocks += _theme(themes[code], list(group), operational, anchor, facts)
    return blocks


def _counts(level: Part, facts: FactReader) -> Run:
    """Return '58 objectives: 12 with a contribution, 12 with indicators, 46 without indicators'."""
    template = ngettext(
        "%(total)s objective", "%(total)s objectives", facts.number(level["objectives"])
    )
    said = {
        "linked": _("With a contribution"),
        "withIndicators": _("With indicators"),
        "withoutIndicators": _("Without indicators"),
    }
    parts = [joined(facts.figure(level[name]), Words(text.lower())) for name, text in said.items()]
    total = sentence(template, total=facts.figure(level["objectives"]))
    return labelled_run(total, joined(*parts, separator=", "))


def _theme(
    theme: Part,
    rows: Sequence[Part],
    operational: Mapping[str, Part],
    anchor: str,
    facts: FactReader,
) -> Iterator[Block]:
    place = f"{anchor}.theme:{theme['id']}"
    yield Heading(3, titled(theme), place)
    yield Table(
        title=_("Objectives by level"),
        columns=(
            Column(_("Objective of the NVP")),
            Column(_("Operational objectives, with their latest figures"), width_mm=SERVED_MM),
            Column(_("Indicators"), width_mm=COUNT_MM, align="right"),
        ),
        rows=tuple(_row(row, operational, facts) for row in rows),
        anchor=f"{place}.objectives",
    )
    for row in rows:
        if row["activities"]:
            own = f"nvp:{row['id']}"
            yield Paragraph(coded(row), own)
            yield from milestone_blocks(row, own)


def _row(row: Part, operational: Mapping[str, Part], facts: FactReader) -> tuple[Cell, ...]:
    serving = [operational[key] for key in row["operational"]]
    none = Words(_("none"), style="muted")
    lines = [line for one in serving for line in _serving(one, facts)]
    count = facts.figure(row["indicatorCount"])
    return (
        Cell(_title(row)),
        Cell(tuple(lines) or ((none,),)),
        Cell(
            ((count if facts.number(row["indicatorCount"]) else in_style((count,), "muted")[0],),)
        ),
    )


def _title(row: Part) -> tuple[Run, ...]:
    """Return its group where it has one, its title and text, and its points."""
    return lines_of(
        plan_text(row["group"], style="emphasis"),
        coded(row),
        plan_text(row["description"], style="small"),
        *(
            joined(Words("\N{BULLET}"), plan_text(point["title"], style="small"))
            for point in row["points"]
        ),
    )


def _serving(row: Part, facts: FactReader) -> tuple[Run, ...]:
    """Return an operational objective with its status, and the latest figure of each indicator."""
    stands = joined(status_of(row["status"]), Name(row["unit"], style="muted"))
    return lines_of(coded(row), stands, *(_latest(one, facts) for one in row["indicators"]))


def _latest(row: Part, facts: FactReader) -> Run:
    """Return '1.6.1-a: 89,5 %, T3 2026'; without a figure in how far that is so."""
    latest = row["latest"]
    shown: Figure | Name | Words = Words(_("no figure yet"))
    if latest and latest.get("fact"):
        shown = facts.figure(latest["fact"])
    when = Name(period(latest)) if latest and latest.get("fact") else Name("")
    figure = joined(shown, when, separator=", ")
    return in_style(labelled_run(Name(row["shortCode"]), figure), "small")


def serving_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the operational objectives that contribute, each once, by directorate."""
    if not snapshot["objectives"]:
        return []
    blocks: list[Block] = [
        NewPage(),
        Heading(1, (Words(_("Operational objectives that contribute")),), "operational"),
    ]
    by_unit: dict[str, list[Part]] = {}
    for row in snapshot["objectives"]:
        by_unit.setdefault(row["unit"], []).append(row)
    for unit, rows in by_unit.items():
        title = plan_text(snapshot["units"][unit]["title"])
        run = joined(Name(unit), title, separator=DOT)
        blocks.append(Heading(2, run, f"operational:{unit}"))
        for row in rows:
            blocks += objective_blocks(row, snapshot, facts)
    return blocks
