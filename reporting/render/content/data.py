"""The data annex: every figure of the plan year with its state and its source.

Its parts, where a figure is broken down; then what it is measured against.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from reporting.render.aims import Aim, aims_of
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
    Words,
)
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    DOT,
    NONE,
    FactReader,
    coded,
    dated,
    in_style,
    labelled_run,
    lines_of,
    period,
    plan_text,
    slot_state,
)
from reporting.snapshot.reading import indicators_of

Part = Mapping[str, Any]
# The first version of the report's data that says where a figure comes from.
TELLS_SOURCES: Final = 6
Period = tuple[str, str, str]
"""Indicator, first day of the period and its resolution."""


def data_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return a row a figure, each once; nothing for a snapshot that does not tell its sources."""
    if snapshot["schemaVersion"] < TELLS_SOURCES:
        return []
    rows = indicators_of(snapshot)
    blocks: list[Block] = [NewPage(), Heading(1, (Words(_("Data annex")),), "data")]
    if not rows:
        none = Words(_("This report shows no figures of indicators."))
        return [*blocks, Paragraph((none,), "data.none")]
    restated = _restated(snapshot)
    return [
        *blocks,
        Paragraph(
            (Words(_("Every figure of the plan year, and where it comes from.")),), "data.why"
        ),
        Table(
            title=_("Data annex"),
            columns=(
                Column(_("Indicator")),
                Column(_("Period"), width_mm=18),
                Column(_("Figure"), width_mm=26, align="right"),
                Column(_("State of the figure"), width_mm=37),
                Column(_("Source"), width_mm=28),
                Column(_("Recorded"), width_mm=30),
            ),
            rows=tuple(cells for row in rows for cells in _rows(row, restated, facts)),
            anchor="data.table",
        ),
        *_aims(rows, facts),
    ]


def _aims(indicators: Sequence[Part], facts: FactReader) -> list[Block]:
    """Return a row a baseline or target; nothing where none is told."""
    rows = tuple(cells for row in indicators for cells in _aim_rows(row, facts))
    if not rows:
        return []
    columns = (
        Column(_("Indicator")),
        Column(_("Kind"), width_mm=26),
        Column(_("Date"), width_mm=22),
        Column(_("Figure"), width_mm=30, align="right"),
        Column(_("Source"), width_mm=50),
    )
    return [
        Heading(2, (Words(_("Baselines and targets")),), "data.aims"),
        Table(_("Baselines and targets"), columns, rows, "data.aims.table"),
    ]


def _aim_rows(row: Part, facts: FactReader) -> Iterator[tuple[Cell, ...]]:
    for place, aim in enumerate(aims_of(row)):
        name = coded(row, "shortCode") if place == 0 else (Name(row["shortCode"]),)
        yield (
            Cell((name,)),
            Cell(((Words(aim.label),),)),
            Cell(((dated(aim.on),),)),
            Cell(((facts.figure(aim.fact, may_wrap=True),),)),
            Cell(lines_of(*_aim_source(aim))),
        )


def _aim_source(aim: Aim) -> Iterator[Run]:
    """Give where a baseline comes from, or when a target was set; why stands in the workbook."""
    if aim.source is not None:
        yield (plan_text(aim.source),)
    if aim.set_on is not None:
        yield sentence(_("Set on %(day)s"), day=dated(aim.set_on))


def _restated(snapshot: Part) -> frozenset[Period]:
    """Return the periods whose figure says something else than an issued report did."""
    return frozenset(
        (row["id"], row["periodStart"], row["resolution"]) for row in snapshot.get("restated") or ()
    )


def _rows(row: Part, restated: Collection[Period], facts: FactReader) -> Iterator[tuple[Cell, ...]]:
    for place, slot in enumerate(row["slots"]):
        name = coded(row, "shortCode") if place == 0 else (Name(row["shortCode"]),)
        is_restated = (row["id"], slot["periodStart"], slot["resolution"]) in restated
        source = plan_text(row["dataSource"]) if place == 0 else Name("")
        yield (
            Cell((name,)),
            Cell(((Name(period(slot)),),)),
            Cell(((_figure(slot, facts),),)),
            Cell(lines_of(*_state(slot, is_restated=is_restated))),
            Cell(lines_of(source)),
            Cell(lines_of(_recorded(slot))),
        )
        for part in slot.get("breakdown", ()):
            yield _part_row(row, slot, part, facts)


def _part_row(row: Part, slot: Part, part: Part, facts: FactReader) -> tuple[Cell, ...]:
    """Return a part of a figure: which one, and its own figure; the rest is that of the whole."""
    which = joined(
        *(
            labelled_run(plan_text(one["dimension"]), plan_text(one["member"]))
            for one in part["titles"]
        ),
        separator=", ",
    )
    return (
        Cell(((Name(row["shortCode"]),), in_style(which, "small"))),
        Cell(((Name(period(slot)),),)),
        Cell(((facts.figure(part["fact"], may_wrap=True),),)),
        Cell(),
        Cell(),
        Cell(),
    )


def _figure(slot: Part, facts: FactReader) -> Inline:
    measured = slot["valueState"] == "measured"
    return facts.figure(slot["fact"], may_wrap=True) if measured else Name(NONE)


def _state(slot: Part, *, is_restated: bool) -> Iterator[Run]:
    """Give in which state the figure is; 0 is a figure, a missing one says that it is missing."""
    if slot["valueState"] != "measured":
        yield (Words(slot_state(slot["valueState"])),)
        return
    if day := slot["validatedOn"]:
        yield sentence(_("Validated on %(day)s"), day=dated(day))
    elif slot["returned"]:
        yield (Words(_("Sent back to the unit")),)
    else:
        yield (Words(_("Provisional")),)
    if is_restated:
        yield (Words(_("Restated"), style="emphasis"),)


def _recorded(slot: Part) -> Run:
    """Return '12/10/2026 · ADCV'; nothing without a figure."""
    at = parse_datetime(slot["recordedAt"]) if "recordedAt" in slot else None
    if at is None:
        return ()
    day = timezone.localdate(at).isoformat()
    return joined(dated(day), Name(slot["recordedByUnit"]), separator=DOT)
