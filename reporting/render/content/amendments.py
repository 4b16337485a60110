"""The important amendments of the plan with their motivation (royal decree, art. 11bis)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from objectives.planning.choices import ChangeKind
from objectives.planning.version_texts import LABELS, Names, Said, value_said
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Inline,
    Name,
    NewPage,
    Paragraph,
    Run,
    Table,
    Typed,
    Words,
)
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    NONE,
    FactReader,
    as_typed,
    coded,
    dated,
    labelled_run,
    lines_of,
    plain,
    plan_text,
    typed,
)

Part = Mapping[str, Any]

ARROW = " \N{RIGHTWARDS ARROW} "


def amendments_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return each amendment with its important changes; nothing for an earlier snapshot."""
    rows = snapshot.get("amendments")
    if rows is None:
        return []
    blocks: list[Block] = [
        NewPage(),
        Heading(1, (Words(_("Important amendments")),), "amendments"),
    ]
    if not rows:
        return [*blocks, Paragraph((Words(_none(snapshot)),), "amendments.none")]
    names = _names(snapshot)
    return [*blocks, *(block for row in rows for block in _amendment(row, names, facts))]


def _none(snapshot: Part) -> str:
    if snapshot.get("since"):
        return _("No important change of the plan was approved since the previous report.")
    return _("No important change of the plan was approved.")


def _names(snapshot: Part) -> Names:
    return Names(units={code: plain(unit["title"]) for code, unit in snapshot["units"].items()})


def _amendment(row: Part, names: Names, facts: FactReader) -> Iterator[Block]:
    anchor = f"amendment:{row['id']}"
    number = Name(f"W{row['number']}")
    yield Heading(2, joined(number, plan_text(row["title"])), anchor)
    decided = sentence(_("Approved on %(day)s"), day=dated(row["decidedOn"]))
    who = labelled_run(Words(_("Proposed by")), Name(row["unit"] or _("Corporate cell")))
    yield Paragraph(joined(decided, who, separator=DOT), f"{anchor}.decided", look="small")
    motivation = typed(row["motivation"])
    if motivation.text:
        yield Paragraph((motivation,), f"{anchor}.motivation")
    yield Table(
        title=_("Changes"),
        columns=(
            Column(_("Operational objective"), width_mm=48),
            Column(_("Changes")),
            Column(_("Motivation"), width_mm=54),
        ),
        rows=tuple(_change(change, names, facts) for change in row["changes"]),
        anchor=f"{anchor}.changes",
    )


def _change(change: Part, names: Names, facts: FactReader) -> tuple[Cell, ...]:
    objectives = [
        coded({"code": code, "title": change["titles"][code]}) for code in change["objectives"]
    ]
    kind = Words(str(ChangeKind(change["kind"]).label), style="strong")
    return (
        Cell(lines_of(*objectives)),
        Cell(lines_of(kind, *_values(change, names, facts))),
        Cell(lines_of(as_typed(change["motivation"]))),
    )


def _values(change: Part, names: Names, facts: FactReader) -> Iterator[Run]:
    """Give 'label: old → new' of each field; the final target by its facts."""
    if change["indicator"]:
        yield coded(change["indicator"])
    if target := change["target"]:
        pair = [_target(target, side, facts) for side in ("was", "now")]
        yield labelled_run(Words(_("Target")), joined(*pair, separator=ARROW))
    for name, (was, now) in sorted(change["values"].items()):
        if (name == "final" and change["target"]) or not (was or now):
            continue
        before, after = (_said(name, value, names) for value in (was, now))
        told = after or before
        label = told.label if told and name not in LABELS else str(LABELS.get(name, name))
        run = joined(_typed(before), _typed(after), separator=ARROW)
        yield labelled_run(Words(label), run)


def _target(target: Part, side: str, facts: FactReader) -> Run:
    """Return '95 % by 31/12/2026'; a milestone says its day itself."""
    figure = facts.figure(target[side])
    day = target[f"{side}DueOn"]
    if day is None:
        return (figure,)
    return sentence(_("%(target)s by %(day)s"), target=figure, day=dated(day))


def _said(name: str, value: Any, names: Names) -> Said | None:
    """Return what one side says of a field, of a text that in the language of the report."""
    if value in (None, "", [], {}):
        return None
    said = value_said(name, value, names)
    own = (get_language() or "").split("-")[0]
    return next((row for row in said if row.language in ("", own)), said[0] if said else None)


def _typed(said: Said | None) -> Inline:
    if said is None or not said.text:
        return Name(NONE)
    own = (get_language() or "").split("-")[0]
    return Typed(said.text, lang="" if said.language in ("", own) else said.language)
