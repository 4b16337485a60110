"""What the minister is asked to decide, and what was decided since the last report."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reporting.render.blocks import Block, Heading, Paragraph, Words
from reporting.render.content.questions import question_blocks
from reporting.render.wording import FactReader, plain

Part = Mapping[str, Any]


def decisions_section(snapshot: Part, _facts: FactReader) -> list[Block]:
    """Return the requests for a decision, those that wait first; nothing before version 6."""
    if "decisions" not in snapshot:
        return []
    asked = set(snapshot["decisions"])
    rows = [row for row in snapshot["questions"] if row["id"] in asked]
    waiting = [row for row in rows if row["open"]]
    taken = [row for row in rows if not row["open"]]
    minister = plain(snapshot["minister"]["shortTitle"])
    blocks: list[Block] = [Heading(1, (Words(_("Decisions asked")),), "decisions")]
    if not waiting:
        none = Words(_("No decision is asked of the minister."))
        blocks.append(Paragraph((none,), "decisions.none"))
    blocks += _listed(waiting, minister)
    if taken:
        heading = Words(_("Decided since the last report"))
        blocks += [Heading(2, (heading,), "decisions.taken"), *_listed(taken, minister)]
    return blocks


def _listed(rows: Sequence[Part], minister: str) -> list[Block]:
    return [block for row in rows for block in question_blocks(row, minister, prefix="decision")]
