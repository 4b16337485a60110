"""Questions, answers and decisions of a snapshot as a person reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.questions import registry
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from reporting.render.wording import day, plain, words

Part = Mapping[str, Any]

_TYPES = {
    "objective": OperationalObjective.type_name(),
    "indicator": Indicator.type_name(),
}


def questions_shown(snapshot: Part) -> dict[str, Any]:
    """Return what the section lists; `is_told` is False for a snapshot of before version 5."""
    rows = snapshot.get("questions")
    minister = plain(snapshot["minister"]["shortTitle"])
    return {
        "is_told": rows is not None,
        "rows": [_question(row, minister) for row in rows or ()],
    }


def _question(row: Part, minister: str) -> dict[str, Any]:
    is_request = row["kind"] == QuestionKind.REQUEST
    sides = (
        {"from": row["unit"], "to": minister}
        if is_request
        else {
            "from": minister,
            "to": row["unit"],
        }
    )
    dates = {**sides, "day": day(row["askedOn"]), "due": day(row["dueOn"])}
    return {
        "kind": str(QuestionKind(row["kind"]).label),
        "code": row["code"],
        "title": words(row["title"]),
        "place": registry.place_label(_TYPES[row["target"]], row["anchor"]),
        "who": _("%(from)s to %(to)s on %(day)s, answer by %(due)s") % dates,
        "text": row["text"].split("\n"),
        "state": _state(row),
        "answers": [
            {
                "heading": _answered(answer, row["unit"] if not is_request else minister),
                "text": answer["text"].split("\n"),
            }
            for answer in row["answers"]
        ],
    }


def _state(row: Part) -> str:
    if not row["open"]:
        return ""
    return _("Not answered yet, late.") if row["late"] else _("Not answered yet.")


def _answered(answer: Part, side: str) -> str:
    """Return 'ADCV, 12.11.2026', of a decision with its verdict."""
    parts = [side, day(answer["on"])]
    if answer["verdict"]:
        parts.append(str(Verdict(answer["verdict"]).label))
    return ", ".join(parts)
