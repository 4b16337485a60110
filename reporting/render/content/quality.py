"""What the figures of a report are worth: counts by directorate, and what has to be looked at."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.indicators.findings import check_label, severity_label
from objectives.indicators.quality import Check, Severity
from reporting.render.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Name,
    Paragraph,
    Run,
    Table,
    Words,
)
from reporting.render.sentences import sentence
from reporting.render.wording import FactReader, coded, lines_of, period

Part = Mapping[str, Any]

COUNT_MM: Final = 22


def quality_section(snapshot: Part, facts: FactReader) -> list[Block]:
    """Return the part of the method annex on data quality; nothing for an earlier snapshot."""
    found = snapshot.get("quality")
    if found is None:
        return []
    blocks: list[Block] = [
        Heading(2, (Words(_("Data quality")),), "method.quality"),
        Paragraph(_headline(found["counts"], facts), "method.quality.headline"),
    ]
    if found["units"]:
        blocks.append(_units(found, facts))
    if found["findings"]:
        blocks.append(_findings(found["findings"]))
    else:
        none = _("Nothing in the figures has to be corrected or confirmed.")
        blocks.append(Paragraph((Words(none),), "method.quality.none"))
    return blocks


def _headline(counts: Part, facts: FactReader) -> Run:
    template = ngettext(
        "%(clean)s of %(due)s figure that was due came in without any remark.",
        "%(clean)s of %(due)s figures that were due came in without any remark.",
        facts.number(counts["due"]),
    )
    return sentence(template, clean=facts.figure(counts["clean"]), due=facts.figure(counts["due"]))


def _units(found: Part, facts: FactReader) -> Table:
    heads = {
        "due": _("Figures due"),
        "onTime": _("On time"),
        "late": _("Recorded late"),
        **({"withheld": _("Not validated yet")} if has_withheld(found["counts"], facts) else {}),
        "missing": _("Missing"),
        "validated": _("Validated"),
        "clean": _("Without remark"),
    }
    rows = [({"unit": _("Together")} | found["counts"]), *found["units"]]
    return Table(
        title=_("Figures by directorate"),
        columns=(
            Column(_("Directorate")),
            *(Column(head, width_mm=COUNT_MM, align="right") for head in heads.values()),
        ),
        rows=tuple(
            (
                Cell(((Name(row["unit"]),),)),
                *(Cell(((facts.figure(row[name]),),)) for name in heads),
            )
            for row in (rows if len(found["units"]) > 1 else rows[1:])
        ),
        anchor="method.quality.units",
    )


def has_withheld(counts: Part, facts: FactReader) -> bool:
    """Tell whether figures came in that this reader sees once they are validated."""
    key = counts.get("withheld")
    return key is not None and facts.number(key) > 0


def _findings(findings: Any) -> Table:
    return Table(
        title=_("Findings"),
        columns=(
            Column(_("Indicator")),
            Column(_("Directorate"), width_mm=24),
            Column(_("Period"), width_mm=22),
            Column(_("Finding"), width_mm=44),
            Column(_("What is asked"), width_mm=34),
        ),
        rows=tuple(_finding(row) for row in findings),
        anchor="method.quality.findings",
    )


def _finding(row: Part) -> tuple[Cell, ...]:
    asked = Words(severity_label(Severity(row["severity"])))
    confirmed = Words(_("Confirmed by the unit") if row["confirmed"] else "", style="small")
    return (
        Cell((coded(row, "shortCode"),)),
        Cell(((Name(row["unit"]),),)),
        Cell(((Name(period(row)),),)),
        # The name of a check can hold a figure of its rule ("Denominator 0").
        Cell(((Name(check_label(Check(row["check"]))),),)),
        Cell(lines_of(asked, confirmed)),
    )
