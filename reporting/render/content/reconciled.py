"""Where the printed means of the units concerned disagree with what they add up to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from budget.reconciliation import Check, Table, Verdict
from budget.reconciliation_texts import (
    TABLE_LABELS,
    VERDICT_LABELS,
    column_text,
    rule_text,
    sheet_text,
    why_text,
)
from reporting.render.blocks import Block, Cell, Column, Heading, Inline, Name, Paragraph, Words
from reporting.render.blocks import Table as TableBlock
from reporting.render.sentences import sentence
from reporting.render.wording import NONE, FactReader, lines_of, plan_text

Part = Mapping[str, Any]

_FIGURE_MM: Final = 24
_CLASS_MM: Final = 46


def reconciled_blocks(means: Part, facts: FactReader) -> Iterator[Block]:
    """Give the differences, the worst first; nothing for none, or for an earlier snapshot."""
    found = means.get("reconciliation")
    if not found:
        return
    anchor = "means.reconciliation"
    counts = {
        name: facts.figure(found["counts"][verdict.value])
        for name, verdict in (
            ("mismatches", Verdict.MISMATCH),
            ("roundings", Verdict.ROUNDING),
            ("alone", Verdict.ONLY_IN_ONE),
        )
    }
    told = _(
        "Of what the plan prints on these units, figures that disagree: %(mismatches)s; that "
        "differ by rounding: %(roundings)s; lines that stand in one table only: %(alone)s."
    )
    yield Heading(2, (Words(_("Printed and recomputed")),), anchor)
    yield Paragraph(sentence(told, **counts), f"{anchor}.counts")
    yield Paragraph((Name(rule_text()),), f"{anchor}.rule", look="small")
    yield TableBlock(
        title=_("Differences between what is printed and what is recomputed"),
        columns=(
            Column(_("Line")),
            Column(_("Printed"), width_mm=_FIGURE_MM, align="right"),
            Column(_("Recomputed"), width_mm=_FIGURE_MM, align="right"),
            Column(_("Difference"), width_mm=_FIGURE_MM, align="right"),
            Column(_("Class"), width_mm=_CLASS_MM),
        ),
        rows=tuple(_row(line, facts) for line in found["lines"]),
        anchor=f"{anchor}.table",
    )


def _row(line: Part, facts: FactReader) -> tuple[Cell, ...]:
    place = ", ".join(
        part for part in (sheet_text(line["sheet"]), column_text(line["column"])) if part
    )
    source = _("line %(lines)s") % {"lines": line["sourceLine"]} if line["sourceLine"] else ""
    return (
        Cell(
            lines_of(
                plan_text(line["title"]),
                Words(table_word(line), style="small"),
                Name(place, style="small"),
                Name(source, style="small"),
            )
        ),
        *(
            Cell(((_figure(facts, line[name]),),))
            for name in ("printed", "recomputed", "difference")
        ),
        Cell(lines_of(Words(class_word(line)), Words(why_word(line), style="small"))),
    )


def _figure(facts: FactReader, key: str | None) -> Inline:
    return Words(NONE) if key is None else facts.figure(key)


def table_word(line: Part) -> str:
    """Return the table in which a difference stands."""
    return str(TABLE_LABELS[Table(line["table"])])


def class_word(line: Part) -> str:
    """Return the class of a difference."""
    return str(VERDICT_LABELS[Verdict(line["class"])])


def why_word(line: Part) -> str:
    """Return what was compared with what."""
    return why_text(Check(line["check"]))
