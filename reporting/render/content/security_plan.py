"""The NVP itself in a report: themes, KIV dimensions, enabling conditions, policy frameworks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.security.choices import FrameworkKind, FrameworkStatus, ObjectiveLevel
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Items,
    Name,
    NewPage,
    Paragraph,
    Run,
    Table,
    Words,
)
from reporting.render.sentences import joined
from reporting.render.wording import (
    DOT,
    EM_SPACE,
    NONE,
    FactReader,
    coded,
    in_style,
    labelled_run,
    lines_of,
    plan_text,
    titled,
)

Part = Mapping[str, Any]

COUNT_MM: Final = 21
_TALLY: Final = ("objectives", "linked", "withIndicators", "withoutIndicators")


def themes_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the table of all themes, then what the plan says of each."""
    blocks: list[Block] = [
        NewPage(),
        Heading(1, (Words(_("Themes")),), "themes"),
        Table(
            title=_("Themes"),
            columns=(
                Column(_("Theme")),
                *(
                    Column(str(level.label), width_mm=COUNT_MM, align="right")
                    for level in _levels()
                ),
                Column(_("With indicators"), width_mm=COUNT_MM, align="right"),
                Column(_("Without indicators"), width_mm=COUNT_MM, align="right"),
            ),
            rows=tuple(_theme_row(row, facts) for row in snapshot["themes"]),
            anchor="themes.table",
        ),
    ]
    names = {
        row["code"]: plan_text(row["title"]) for row in (*snapshot["kiv"], *snapshot["frameworks"])
    }
    for row in snapshot["themes"]:
        blocks += _theme(row, names)
    return blocks


def _levels() -> tuple[ObjectiveLevel, ...]:
    return tuple(ObjectiveLevel)


def _theme_row(row: Part, facts: FactReader) -> tuple[Cell, ...]:
    indent = Name(EM_SPACE) if row["parent"] else Name("")
    name = Cell((joined(indent, coded(row), separator=""),))
    if not row["isBlock"]:
        none = Cell(((Name(NONE),),))
        return (name, *(none for _place in range(len(_levels()) + 2)))
    keys = [*(row["levels"][level.value] for level in _levels())]
    keys += [row["withIndicators"], row["withoutIndicators"]]
    return (name, *(Cell(((facts.figure(key),),)) for key in keys))


def _theme(row: Part, names: Mapping[str, Name]) -> list[Block]:
    """Return its text, what it refers to, and its points of attention."""
    anchor = f"theme:{row['id']}"
    blocks: list[Block] = [Heading(2, titled(row), anchor)]
    text = plan_text(row["description"])
    if text.text:
        blocks.append(Paragraph((text,), f"{anchor}.description"))
    for name, run in (("kiv", _dimensions(row, names)), ("frameworks", _frameworks(row, names))):
        if run:
            blocks.append(Paragraph(in_style(run, "small"), f"{anchor}.{name}"))
    if row["attentionPoints"]:
        title = Words(_("Points of attention"))
        blocks.append(Heading(3, (title,), f"{anchor}.attention.title"))
        blocks.append(Items(points_of(row["attentionPoints"]), f"{anchor}.attention"))
    return blocks


def _dimensions(row: Part, names: Mapping[str, Name]) -> Run:
    if row["isKivTransversal"]:
        return (Words(_("Transversal: touches every dimension of the framework note.")),)
    if not row["kiv"]:
        return ()
    return labelled_run(Words(_("KIV dimensions")), _named(row["kiv"], names))


def _frameworks(row: Part, names: Mapping[str, Name]) -> Run:
    if not row["frameworks"]:
        return ()
    return labelled_run(Words(_("Policy frameworks")), _named(row["frameworks"], names))


def _named(codes: Sequence[str], names: Mapping[str, Name]) -> Run:
    return joined(*(names[code] for code in codes), separator=DOT)


def points_of(rows: Sequence[Part]) -> tuple[Run, ...]:
    """Return points of the plan, each with its text where it has one."""
    return tuple(
        joined(plan_text(row["title"]), plan_text(row["description"], style="small"), separator=DOT)
        for row in rows
    )


def kiv_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return which themes touch each KIV dimension, and how many objectives that makes."""
    blocks: list[Block] = [NewPage(), Heading(1, (Words(_("KIV dimensions")),), "kiv")]
    note = _(
        "The framework note on integral security (KIV) has these dimensions. A theme counts with "
        "each dimension that it touches, a transversal one with all of them: the numbers do not "
        "add up to a total."
    )
    table = Table(
        title=_("KIV dimensions"),
        columns=(
            Column(_("KIV dimension")),
            Column(_("Themes"), width_mm=34),
            Column(_("Objectives"), width_mm=COUNT_MM, align="right"),
            Column(_("With a contribution"), width_mm=COUNT_MM, align="right"),
            Column(_("With indicators"), width_mm=COUNT_MM, align="right"),
            Column(_("Without indicators"), width_mm=COUNT_MM, align="right"),
        ),
        rows=tuple(
            (
                Cell(_titled(row)),
                Cell(((Name(", ".join(row["themes"]) or NONE),),)),
                *(Cell(((facts.figure(row[name]),),)) for name in _TALLY),
            )
            for row in snapshot["kiv"]
        ),
        anchor="kiv.table",
    )
    blocks += [Paragraph((Words(note),), "kiv.note", look="small"), table]
    if codes := snapshot["withoutKiv"]:
        label = Words(_("Themes that touch no dimension"))
        blocks.append(Paragraph(labelled_run(label, Name(", ".join(codes))), "kiv.without"))
    return blocks


def conditions_section(snapshot: Part) -> list[Block]:
    """Return the enabling conditions with their points."""
    if not snapshot["conditions"]:
        return []
    blocks: list[Block] = [
        NewPage(),
        Heading(1, (Words(_("Enabling conditions")),), "conditions"),
    ]
    for row in snapshot["conditions"]:
        anchor = f"condition:{row['id']}"
        blocks.append(Heading(2, titled(row), anchor))
        text = plan_text(row["description"])
        if text.text:
            blocks.append(Paragraph((text,), f"{anchor}.description"))
        if row["points"]:
            blocks.append(Items(points_of(row["points"]), f"{anchor}.points"))
    return blocks


def frameworks_section(snapshot: Part) -> list[Block]:
    """Return the action plans, laws and policy texts that themes refer to."""
    if not snapshot["frameworks"]:
        return []
    table = Table(
        title=_("Policy frameworks"),
        columns=(
            Column(_("Framework")),
            Column(_("Kind"), width_mm=28),
            Column(_("Validity"), width_mm=24),
            Column(_("Status"), width_mm=28),
            Column(_("Themes"), width_mm=32),
        ),
        rows=tuple(_framework(row) for row in snapshot["frameworks"]),
        anchor="frameworks.table",
    )
    return [NewPage(), Heading(1, (Words(_("Policy frameworks")),), "frameworks"), table]


def _framework(row: Part) -> tuple[Cell, ...]:
    status = str(FrameworkStatus(row["status"]).label) if row["status"] else ""
    return (
        Cell(_titled(row)),
        Cell(((Words(str(FrameworkKind(row["kind"]).label)),),)),
        Cell(((Name(validity(row)),),)),
        Cell(lines_of(Words(status))),
        Cell(((Name(", ".join(row["themes"]) or NONE),),)),
    )


def _titled(row: Part) -> tuple[Run, ...]:
    """Return a title with its text: the codes of these parts are ours, the plan prints none."""
    return lines_of(
        plan_text(row["title"], style="strong"), plan_text(row["description"], style="small")
    )


def validity(row: Part) -> str:
    """Return '2026–2029', 'from 2026' or the year of publication; a dash where none is printed."""
    first, last = row["validFrom"], row["validTo"]
    if first and last:
        return f"{first}{NONE}{last}" if first != last else str(first)
    if first:
        return _("from %(year)s") % {"year": first}
    if last:
        return _("to %(year)s") % {"year": last}
    return str(row["published"] or NONE)
