"""What the plans leave open between them, in the words of the alignment page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.numbers import format_share
from objectives.security.choices import ObjectiveLevel
from reporting.alignment import LEAST_WORDS, NEARLY
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    Paragraph,
    Run,
    Table,
    Terms,
    Words,
)
from reporting.render.sentences import joined, sentence
from reporting.render.wording import FactReader, coded, labelled_run, lines_of

Part = Mapping[str, Any]


def alignment_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return how many objectives serve the NVP, and each gap; nothing for an earlier snapshot."""
    found = snapshot.get("alignment")
    if found is None:
        return []
    return [
        Heading(1, (Words(_("Alignment and gaps")),), "alignment"),
        Paragraph(_headline(found, facts), "alignment.headline"),
        _counts(found["gaps"], facts),
        *(block for gap in found["gaps"] for block in _gap(gap, found, facts)),
    ]


def _headline(found: Part, facts: FactReader) -> Run:
    template = ngettext(
        "%(linked)s of %(total)s operational objective contributes to the NVP.",
        "%(linked)s of %(total)s operational objectives contribute to the NVP.",
        facts.number(found["total"]),
    )
    return sentence(
        template, linked=facts.figure(found["linked"]), total=facts.figure(found["total"])
    )


def _counts(gaps: Sequence[Part], facts: FactReader) -> Table:
    words = _words()
    return Table(
        title=_("Gaps"),
        columns=(Column(_("Gap")), Column(_("How many"), width_mm=24, align="right")),
        rows=tuple(
            (
                Cell(((Words(words[gap["kind"]].title),),)),
                Cell(((facts.figure(gap["count"]),),)),
            )
            for gap in gaps
        ),
        anchor="alignment.counts",
    )


def _gap(gap: Part, found: Part, facts: FactReader) -> list[Block]:
    """Return the rule of a gap and its rows; of NVP objectives only how many a level has."""
    if not gap["rows"]:
        return []
    words, anchor = _words()[gap["kind"]], f"alignment.{gap['kind']}"
    blocks: list[Block] = [
        Heading(2, (Words(words.title),), anchor),
        Paragraph((Name(words.rule),), f"{anchor}.rule", look="small"),
    ]
    if gap["kind"] == "security":
        return [*blocks, _levels(found["securityLevels"], facts, f"{anchor}.levels")]
    return [*blocks, _table(words, gap["rows"], facts, f"{anchor}.table")]


def _levels(levels: Part, facts: FactReader, anchor: str) -> Terms:
    return Terms(
        tuple(
            (str(level.label), (facts.figure(levels[level.value]),))
            for level in ObjectiveLevel
            if level.value in levels
        ),
        anchor,
    )


def _table(words: "_Words", rows: Sequence[Part], facts: FactReader, anchor: str) -> Table:
    return Table(
        title=words.title,
        columns=(
            Column(words.head),
            Column(_("Directorates"), width_mm=34),
            Column(_("Remark"), width_mm=62),
        ),
        rows=tuple(words.row(row, facts) for row in rows),
        anchor=anchor,
    )


def _cells(what: Sequence[Run], units: Sequence[str], remark: Run = ()) -> tuple[Cell, ...]:
    return (
        Cell(tuple(what)),
        Cell(lines_of(Name(", ".join(units)))),
        Cell(lines_of(remark)),
    )


def _objective(row: Part, _facts: FactReader) -> tuple[Cell, ...]:
    return _cells([coded(row)], [row["unit"]])


def _werf(row: Part, _facts: FactReader) -> tuple[Cell, ...]:
    return _cells([coded(row)], row["units"])


def _goal(row: Part, _facts: FactReader) -> tuple[Cell, ...]:
    parent = labelled_run(Words(_("Strategic objective")), Name(row["objective"]))
    return _cells([coded(row)], (), parent)


def _pair(row: Part, facts: FactReader) -> tuple[Cell, ...]:
    first, second = row["first"], row["second"]
    words = Name(", ".join(row["words"]))
    remark = (
        sentence(_("Same title: %(words)s"), words=words)
        if row["isSame"]
        else sentence(
            _("%(share)s of the words coincide: %(words)s"),
            share=facts.figure(row["share"]),
            words=words,
        )
    )
    units = sorted({first["unit"], second["unit"]})
    return _cells([coded(first), coded(second)], units, remark)


def _shared(row: Part, _facts: FactReader) -> tuple[Cell, ...]:
    used = labelled_run(Words(_("Key indicator of")), Name(", ".join(row["objectives"])))
    return _cells([coded(row)], row["units"], used)


def _entry(row: Part, _facts: FactReader) -> tuple[Cell, ...]:
    return _cells([joined(coded(row))], ())


@dataclass(frozen=True, slots=True)
class _Words:
    """What a gap is called, what counts as one, and how a row of it reads."""

    title: str
    rule: str
    head: str
    row: Callable[[Part, FactReader], tuple[Cell, ...]]


def gap_title(kind: str) -> str:
    """Return what a gap is called."""
    return _words()[kind].title


def _words() -> dict[str, _Words]:
    """Return the gaps by their kind, in the order of the alignment page."""
    objective = _("Operational objective")
    return {
        "withoutIndicator": _Words(
            _("Operational objectives without an indicator"),
            _("Nothing measures them, so that they never have a status."),
            objective,
            _objective,
        ),
        "werven": _Words(
            _("Werven without an operational objective this year"),
            _("No operational objective in force hangs below them."),
            _("Werf"),
            _werf,
        ),
        "goals": _Words(
            _("Goals that nobody works on"),
            _("No operational objective in force names them, of any directorate."),
            _("Goal"),
            _goal,
        ),
        "security": _Words(
            _("Objectives of the NVP without a link"),
            _(
                "No operational objective in force names them, of any directorate. Many are for "
                "the police alone: the NVP names no unit of IBZ for any of its objectives."
            ),
            objective,
            _entry,
        ),
        "withoutGoal": _Words(
            _("Operational objectives without a goal of the strategic plan"),
            _("They hang below a werf, but name none of the goals that it should serve."),
            objective,
            _objective,
        ),
        "alike": _Words(
            _("Operational objectives that may be the same"),
            _(
                "The significant words of their titles coincide for %(share)s or more of all words "
                "of both (at least %(least)s words), without regard to case, accents and words "
                "such as articles; compared in Dutch and in French."
            )
            % {"share": format_share(NEARLY), "least": LEAST_WORDS},
            objective,
            _pair,
        ),
        "sharedKeys": _Words(
            _("Key indicators of several objectives"),
            _("One figure decides several objectives at once; it may be one objective."),
            _("Indicator"),
            _shared,
        ),
        "withoutKpi": _Words(
            _("Transversal objectives without a KPI"),
            _("An addendum brought them, but no indicator measures them."),
            _("Strategic objective"),
            _entry,
        ),
    }
