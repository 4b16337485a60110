"""One operational objective of a report: where it stands, its indicators, and why."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.indicators import engine
from objectives.indicators.choices import Status
from reporting.render import labels
from reporting.render.blocks import (
    Block,
    Heading,
    Items,
    Name,
    Paragraph,
    Pictures,
    Run,
    Words,
)
from reporting.render.content.indicators import indicators_table
from reporting.render.content.objective_texts import (
    means_blocks,
    milestone_blocks,
    narrative_blocks,
)
from reporting.render.pictures import CHART_MM, trajectory
from reporting.render.sentences import joined, sentence
from reporting.render.wording import (
    EM_SPACE,
    FactReader,
    as_typed,
    coded,
    dated,
    in_style,
    judged,
    labelled_run,
    period,
    plain,
    plan_text,
    remark_run,
    status_of,
    titled,
    typed,
)

Part = Mapping[str, Any]

NEEDS_EXPLANATION: Final = (Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)


def objective_blocks(row: Part, snapshot: Part, facts: FactReader) -> list[Block]:
    """Return what a report tells about an operational objective."""
    anchor = f"objective:{row['id']}"
    return [
        Heading(3, titled(row), f"{anchor}.title"),
        *_standing(row, anchor, facts),
        *_description(row, anchor),
        *narrative_blocks(row, anchor, snapshot),
        *milestone_blocks(row, anchor),
        *_indicators(row, anchor, facts),
        *_charts(row, anchor, facts),
        *_narratives(row, anchor),
        *_explanations(row, anchor, facts),
        *means_blocks(row, anchor, facts),
    ]


def _standing(row: Part, anchor: str, facts: FactReader) -> list[Block]:
    """Return its status, progress and who carries it; remarks; the judgement of the head."""
    blocks: list[Block] = [Paragraph(_status(row, facts), f"{anchor}.status")]
    if remarks := remark_run(row["remarks"]):
        blocks.append(Paragraph(remarks, f"{anchor}.remarks", look="small"))
    if judgement := row["judgement"]:
        said = sentence(
            _("Since %(day)s: %(reason)s"),
            day=dated(judgement["since"]),
            reason=as_typed(judgement["reason"]),
        )
        run = joined(judged(row), in_style(said, "small"), separator=EM_SPACE)
        blocks.append(Paragraph(run, f"{anchor}.judgement"))
    return blocks


def _status(row: Part, facts: FactReader) -> Run:
    chip = (Words(_("provisional"), style="chip"),) if row["provisional"] else ()
    who = [row["unit"], plain(row["holder"])] if row["holder"] else [row["unit"]]
    return joined(
        joined(status_of(row["status"]), chip),
        _progress(row, facts),
        Name(" \N{MIDDLE DOT} ".join(who), style="muted"),
        separator=EM_SPACE,
    )


def _progress(row: Part, facts: FactReader) -> Run:
    actual, expected = facts.progress(row, style="strong")
    return joined(
        joined(Words(_("Realised")), actual),
        joined(Words(_("Expected").lower()), expected),
        separator=", ",
    )


def _description(row: Part, anchor: str) -> list[Block]:
    text = plan_text(row["description"])
    return [Paragraph((text,), f"{anchor}.description")] if text.text else []


def _indicators(row: Part, anchor: str, facts: FactReader) -> list[Block]:
    blocks: list[Block] = []
    left_out = facts.number(row["confidential"])
    if row["indicators"]:
        blocks.append(indicators_table(row, f"{anchor}.indicators", facts))
    elif not (left_out or engine.Remark.NOTHING_TO_ROLL_UP in row["remarks"]):  # it says so
        blocks.append(Paragraph((Words(_("No indicators.")),), f"{anchor}.indicators"))
    if left_out:
        run = labels.left_out(left_out, facts.figure(row["confidential"]))
        blocks.append(Paragraph(run, f"{anchor}.confidential", look="small"))
    return blocks


def _charts(row: Part, anchor: str, facts: FactReader) -> list[Block]:
    found = (
        trajectory(indicator, facts, title=coded(indicator, "shortCode"), width_mm=CHART_MM)
        for indicator in row["indicators"]
    )
    pictures = tuple(picture for picture in found if picture is not None)
    return [Pictures(pictures, f"{anchor}.charts")] if pictures else []


def _narratives(row: Part, anchor: str) -> list[Block]:
    """Return what was typed beside the latest figure of each indicator."""
    items = tuple(
        labelled_run(
            _of_period(indicator, latest),
            typed(latest["narrative"]),
        )
        for indicator in row["indicators"]
        if (latest := indicator["latest"]) and latest["narrative"]
    )
    if not items:
        return []
    heading = Heading(4, (Words(_("Narrative")),), f"{anchor}.comments.title")
    return [heading, Items(items, f"{anchor}.comments")]


def _of_period(indicator: Part, slot: Part) -> Run:
    """Return '1.6.1-a, T2 2026'."""
    code = Name(indicator["shortCode"], style="strong")
    return joined(code, Name(period(slot)), separator=", ")


def _explanations(row: Part, anchor: str, facts: FactReader) -> list[Block]:
    """Return why each indicator that is not on track is where it is, whatever its objective is."""
    told = [one for one in row["indicators"] if one["status"] in NEEDS_EXPLANATION]
    if not told:
        return []
    blocks: list[Block] = [Heading(4, (Words(_("Why")),), f"{anchor}.why")]
    for one in told:
        place = f"{anchor}.why.{one['id']}"
        code = Name(one["shortCode"], style="strong")
        blocks.append(Paragraph(joined(code, status_of(one["status"])), place))
        blocks.append(Paragraph(facts.why(one["why"]), f"{place}.steps", look="small"))
    return blocks
