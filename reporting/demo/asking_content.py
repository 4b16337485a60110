"""Reads fixtures/demo/questions.yaml: what cabinets and directorates ask each other.

An entry names its objective, and perhaps an indicator of it, by the Dutch title. `asked` and the
`days` of an answer count back from today. `anchor` is 'narrative' or 'figure' of the last quarter
that ended, '' is the whole. What would lie before the approval of its objective is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ibzplan.core.choices import QuestionKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContent:
    """An answer so many days ago; `by` is planner, head or cabinet."""

    days: int
    by: str
    text: str
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    """A question, decision or request; `by` 'corporate' where it is not the head who requests."""

    kind: str
    of: str
    minister: str
    asked: int
    text: str
    indicator: str = ""
    anchor: str = ""
    by: str = ""
    options: tuple[str, ...] = ()
    answers: tuple[AnswerContent, ...] = ()

    @property
    def whole_text(self) -> str:
        """Return the text with its options, as the service writes it."""
        listed = [f"{number}. {one}" for number, one in enumerate(self.options, start=1)]
        return "\n".join([self.text, "", *listed]) if listed else self.text


def questions_read(data: Mapping[str, Any]) -> tuple[QuestionContent, ...]:
    """Return the file's content. Raises KeyError, TypeError or ValueError for a wrong one."""
    return tuple(_read(entry) for entry in data["entries"])


def _read(entry: Mapping[str, Any]) -> QuestionContent:
    answers = tuple(AnswerContent(**one) for one in entry.get("answers", ()))
    for one in answers:
        if one.verdict:
            Verdict(one.verdict)
    return QuestionContent(
        **{
            **entry,
            "kind": QuestionKind(entry["kind"]).value,
            "options": tuple(entry.get("options", ())),
            "answers": answers,
        }
    )
