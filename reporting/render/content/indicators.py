"""The table of an objective's indicators: baseline, actual, expected, target and status."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from objectives.indicators.templatetags.status import labelled
from reporting.render.blocks import Cell, Column, Figure, Name, Run, Table, Words
from reporting.render.pictures import target_run
from reporting.render.sentences import joined
from reporting.render.wording import (
    DOT,
    EM_SPACE,
    FactReader,
    coded,
    in_style,
    labelled_run,
    lines_of,
    period,
    plain,
    plan_text,
    remark_run,
    slot_state,
    status_of,
)

Part = Mapping[str, Any]


def indicators_table(objective: Part, anchor: str, facts: FactReader) -> Table:
    """Return a row an indicator, and below it a row for each part of its latest figure."""
    return Table(
        title=_("Indicators"),
        # Fixed, so that long units wrap instead of squeezing the names.
        columns=(
            Column(_("Indicator")),
            Column(_("Baseline"), width_mm=21, align="right"),
            Column(_("Actual"), width_mm=22, align="right"),
            Column(_("Expected"), width_mm=21, align="right"),
            Column(_("Target"), width_mm=21, align="right"),
            Column(_("Status"), width_mm=28),
        ),
        rows=tuple(row for one in objective["indicators"] for row in _rows(one, facts)),
        anchor=anchor,
    )


def _rows(row: Part, facts: FactReader) -> list[tuple[Cell, ...]]:
    baseline = row["baseline"]["fact"] if row["baseline"] else None
    whole = (
        Cell(_name(row, facts)),
        Cell(((facts.figure(baseline, may_wrap=True),),)),
        Cell(_actual(row, facts)),
        Cell(((facts.figure(row["expected"], may_wrap=True),),)),
        Cell((target_run(row, facts, may_wrap=True),)),
        Cell(lines_of(status_of(row["status"]), remark_run(row["remarks"]))),
    )
    return [whole, *_parts(row["latest"], facts)]


def _name(row: Part, facts: FactReader) -> tuple[Run, ...]:
    """Return its title, its definition, and each period of the year."""
    key = (Words(_("Key"), style="chip"),) if row["isKey"] else ()
    slots = joined(*(_slot(slot, facts) for slot in row["slots"]), separator=DOT)
    return lines_of(
        joined(coded(row, "shortCode"), key),
        plan_text(row["definition"], style="small"),
        in_style(slots, "small"),
    )


def _slot(slot: Part, facts: FactReader) -> Run:
    """Return one period with its figure or the state that stands in its place; 0 is a figure."""
    state = slot["valueState"]
    shown: Figure | Name | Words
    if state == "measured":
        shown = facts.figure(slot["fact"], with_unit=False)
    else:
        word = slot_state(state).lower()
        shown = Words(word, style="strong" if state == "missing" else "")
    return labelled_run(Name(period(slot).split(" ")[0]), shown)


def _actual(row: Part, facts: FactReader) -> tuple[Run, ...]:
    """Return where it stands, a flow by its sum so far, and what holds of its latest figure."""
    latest = row["latest"]
    fact = row["actual"] if row["actual"] is not None else latest and latest["fact"]
    actual = facts.figure(fact, may_wrap=True, style="strong")
    if not latest:
        return lines_of(actual)
    marks = {
        _("provisional"): latest["provisional"],
        _("returned"): latest["returned"],
        _("locked"): latest["locked"],
    }
    return lines_of(
        actual,
        Name(period(latest), style="small"),
        *(Words(word, style="emphasis") for word, holds in marks.items() if holds),
    )


def _parts(slot: Part | None, facts: FactReader) -> list[tuple[Cell, ...]]:
    """Return the parts of a period's figure by their names: 'T3 2026, Region: Brussels'.

    The period stands with each, because above them a flow shows its sum over the periods.
    """
    if not slot:
        return []
    return [
        (
            Cell(((Name(EM_SPACE + _part_title(slot, part), style="small"),),)),
            Cell(),
            Cell(((facts.figure(part["fact"], may_wrap=True, style="small"),),)),
            Cell(),
            Cell(),
            Cell(),
        )
        for part in slot["breakdown"]
    ]


def _part_title(slot: Part, part: Part) -> str:
    names = (labelled(plain(one["dimension"]), plain(one["member"])) for one in part["titles"])
    return ", ".join([period(slot), *names])
