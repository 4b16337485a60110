"""Questions, answers and decisions of a snapshot as a person reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.questions import registry
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from reporting.render.blocks import Block, Heading, Name, Paragraph, Run, Words
from reporting.render.sentences import joined, sentence
from reporting.render.wording import DOT, FactReader, as_typed, coded, dated, plain

Part = Mapping[str, Any]

_TYPES = {
    "objective": OperationalObjective.type_name(),
    "indicator": Indicator.type_name(),
}


def questions_section(snapshot: Part, _facts: FactReader) -> list[Block]:
    """Return every question with its answers; nothing for a snapshot of before version 5.

    A decision that stands at the front of the report is not told again.
    """
    rows = snapshot.get("questions")
    if rows is None:
        return []
    blocks: list[Block] = [Heading(1, (Words(_("Questions and decisions")),), "questions")]
    if not rows:
        none = Words(_("Nothing was asked since the previous report, and nothing waits."))
        return [*blocks, Paragraph((none,), "questions.none")]
    if told := set(snapshot.get("decisions", ())):
        front = _("The decisions that are asked of the minister stand at the front of this report.")
        blocks.append(Paragraph((Words(front),), "questions.decisions", look="small"))
        rows = [row for row in rows if row["id"] not in told]
    minister = plain(snapshot["minister"]["shortTitle"])
    return [*blocks, *(block for row in rows for block in question_blocks(row, minister))]


def question_blocks(row: Part, minister: str, *, prefix: str = "question") -> list[Block]:
    """Return who asked whom what, what the answer is, and what still waits.

    `prefix` begins the anchors: decisions have a section of their own.
    """
    anchor = f"{prefix}:{row['id']}"
    is_request = row["kind"] == QuestionKind.REQUEST
    asks, answers = (row["unit"], minister) if is_request else (minister, row["unit"])
    blocks: list[Block] = [
        Paragraph(_about(row), anchor),
        Paragraph(_who(row, asks, answers), f"{anchor}.who", look="small"),
        Paragraph((as_typed(row["text"]),), f"{anchor}.text"),
    ]
    if row["open"]:
        state = _("Not answered yet, late.") if row["late"] else _("Not answered yet.")
        blocks.append(Paragraph((Words(state, style="emphasis"),), f"{anchor}.state"))
    for number, answer in enumerate(row["answers"]):
        run = (*_answered(answer, answers), as_typed(f"\n{answer['text']}"))
        blocks.append(Paragraph(run, f"{anchor}.answer.{number}", look="quote"))
    return blocks


def _about(row: Part) -> Run:
    place = registry.place_label(_TYPES[row["target"]], row["anchor"])
    kind = Words(str(QuestionKind(row["kind"]).label), style="strong")
    return joined(joined(kind, coded(row)), Name(place), separator=DOT)


def _who(row: Part, asks: str, answers: str) -> Run:
    return sentence(
        _("%(from)s to %(to)s on %(day)s, answer by %(due)s"),
        **{
            "from": Name(asks),
            "to": Name(answers),
            "day": dated(row["askedOn"]),
            "due": dated(row["dueOn"]),
        },
    )


def _answered(answer: Part, side: str) -> Run:
    """Return 'ADCV, 12.11.2026', of a decision with its verdict."""
    verdict = str(Verdict(answer["verdict"]).label) if answer["verdict"] else ""
    return joined(
        Name(side, style="strong"),
        dated(answer["on"], style="strong"),
        Words(verdict, style="strong"),
        separator=", ",
    )
