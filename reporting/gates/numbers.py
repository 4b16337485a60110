"""The numbers in what people typed for a report: each is a figure of it, or someone says it is not.

What the report writes itself is bound to its facts and checked when it is rendered
(`reporting.render.agreement`).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from reporting.gates.named import facts_in
from reporting.gates.number_words import NumberInText, numbers_in
from reporting.render.blocks import Document, Figure, Typed, runs_of
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import objectives_of

if TYPE_CHECKING:
    from reporting.models import NumberReview

Part = Mapping[str, Any]
# What a fact tells: two facts that tell the same thing are one match.
Thing = tuple[str, ...]

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A figure as it was measured: what stands for the others that tell the same.
_MEASURED: Final = re.compile(rf"f:{_UUID.pattern}")
# Numbers beside the figures: a reviewer may choose one, none is bound by itself.
_BESIDE: Final = ("f:risk:", "f:confidential:", "f:weight:")
_NUMBERS: Final = ("quantity", "count", "share")
_ONE_FIGURE: Final = ("level", "to_date")
_BELOW: Final = ("werven", "objectives")
# A strategic plan, what came before it and what it prepares: years that its texts may name.
_YEARS_AROUND: Final = 10


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number that someone typed: which of the numbers at its anchor, counted from 0.

    `text` is the paragraph, item or row of a table in which it stands. `matches` are the figures of
    the same subject that show it; exactly one binds it, but for a risk's score, a weight and a
    number of confidential indicators.
    """

    anchor: str
    occurrence: int
    number: str
    text: str
    text_sha256: str
    matches: tuple[str, ...]

    @property
    def is_bound(self) -> bool:
        """Tell whether it is one figure of the report and no other, so that nobody is asked."""
        return len(self.matches) == 1 and not self.matches[0].startswith(_BESIDE)


@dataclass(frozen=True, slots=True)
class NumberFinding:
    """A number that a reviewer decides on, with what was decided: '' is nothing yet."""

    number: TypedNumber
    decision: str
    fact: str


def typed_numbers(document: Document, snapshot: Part) -> list[TypedNumber]:
    """Return the numbers in typed text, in the order of the document."""
    return _typed_numbers(_paragraphs(document), snapshot)


def numbers_of_approval(texts: Mapping[str, str], snapshot: Part) -> list[TypedNumber]:
    """Return the numbers in what is typed when a report is approved: by anchor, its text.

    They stand beside no figure: each is accepted, or the text is written without it.
    """
    paragraphs = [_Paragraph(anchor, text, ()) for anchor, text in texts.items() if text]
    return _typed_numbers(paragraphs, snapshot)


def _typed_numbers(paragraphs: Iterable["_Paragraph"], snapshot: Part) -> list[TypedNumber]:
    subjects = _Subjects(in_full(snapshot))
    told: Counter[str] = Counter()
    numbers = []
    for paragraph in paragraphs:
        for found in numbers_in(paragraph.text, subjects.codes, subjects.years):
            numbers.append(_number(paragraph, told[paragraph.anchor], found, subjects))
            told[paragraph.anchor] += 1
    return numbers


def number_findings(
    numbers: Iterable[TypedNumber], reviews: Iterable["NumberReview"]
) -> list[NumberFinding]:
    """Return the numbers that are not bound by themselves, each with the last decision on it.

    A decision on a paragraph that reads otherwise now does not count.
    """
    decided = {(row.anchor, row.occurrence, row.text_sha256): row for row in reviews}
    found = []
    for number in numbers:
        if number.is_bound:
            continue
        row = decided.get((number.anchor, number.occurrence, number.text_sha256))
        decision, fact = (row.decision, row.fact) if row else ("", "")
        found.append(NumberFinding(number, decision, fact))
    return found


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """The typed text of a paragraph, item or row, and the figures that stand beside it."""

    anchor: str
    text: str
    figures: tuple[str, ...]


def _paragraphs(document: Document) -> Iterator[_Paragraph]:
    typed: dict[tuple[str, str], list[str]] = {}
    figures: dict[tuple[str, str], list[str]] = {}
    for placed in runs_of(document):
        where = placed.anchor, placed.place.partition(".")[0]  # a row of a table is one place
        for part in placed.run:
            if isinstance(part, Typed) and part.text:
                typed.setdefault(where, []).append(part.text)
            elif isinstance(part, Figure):
                figures.setdefault(where, []).append(part.fact)
    seen: set[tuple[str, ...]] = set()
    for where, texts in typed.items():
        anchor, text = where[0], "\n".join(texts)
        beside = tuple(figures.get(where, ()))
        # A question stands among the decisions too, why an edition was made on the cover: nobody is
        # asked twice. Without a subject, the figures beside a text tell it from another one.
        uuids = _UUID.findall(anchor)
        key = (*(uuids or beside), text)
        if key not in seen:
            seen.add(key)
            yield _Paragraph(anchor, text, beside)


def _number(
    paragraph: _Paragraph, occurrence: int, found: NumberInText, subjects: "_Subjects"
) -> TypedNumber:
    return TypedNumber(
        anchor=paragraph.anchor,
        occurrence=occurrence,
        number=found.text,
        text=paragraph.text,
        text_sha256=hashlib.sha256(paragraph.text.encode()).hexdigest(),
        matches=subjects.matches(paragraph, found),
    )


class _Subjects:
    """The figures of a snapshot by what they are about."""

    def __init__(self, snapshot: Part) -> None:
        self._facts = snapshot["facts"]
        self._things: dict[str, Thing] = {}
        # Facts by the id of the objective, indicator, werf or question that they are about.
        self._facts_of: dict[str, list[str]] = {}
        self.codes: frozenset[str] = frozenset(_codes(snapshot))
        year = int(snapshot["referenceDate"][:4])
        self.years = range(year - _YEARS_AROUND, year + _YEARS_AROUND + 1)
        self._read(snapshot)

    def matches(self, paragraph: _Paragraph, found: NumberInText) -> tuple[str, ...]:
        """Return the figures that show a number, of the subject of its paragraph; each thing once.

        A paragraph without a subject has the figures that stand in it.
        """
        ids = [uuid for uuid in _UUID.findall(paragraph.anchor) if uuid in self._facts_of]
        scope = [fact for uuid in ids for fact in self._facts_of[uuid]] or paragraph.figures
        once: dict[Thing, str] = {}
        for key in sorted(scope, key=lambda key: _MEASURED.fullmatch(key) is None):
            if self._shows(key, found):
                once.setdefault(self._things.get(key, (key,)), key)
        return tuple(once.values())

    def _shows(self, key: str, found: NumberInText) -> bool:
        fact = self._facts.get(key)
        if fact is None or fact["kind"] not in _NUMBERS:
            return False
        is_share = fact["kind"] == "share" or "%" in fact.get("unit", {}).values()
        return (is_share or not found.is_share) and Fraction(fact["display"]) == found.value

    def _read(self, snapshot: Part) -> None:
        by_code: dict[str, str] = {}
        for objective in objectives_of(snapshot):
            by_code[objective["code"]] = objective["id"]
            for row in objective["indicators"]:
                by_code[row["shortCode"]] = objective["id"]
                self._things.update(_things(row))
            self._facts_of[objective["id"]] = facts_in(objective, self._facts)
        for strategic in snapshot.get("strategicObjectives", ()):
            for part in (strategic, *strategic["werven"]):
                own = {name: value for name, value in part.items() if name not in _BELOW}
                self._facts_of[part["id"]] = facts_in(own, self._facts)
        for question in snapshot.get("questions") or ():
            objective_id = by_code.get(question["code"])
            if objective_id is not None:
                self._facts_of[question["id"]] = self._facts_of[objective_id]


def _codes(value: Any) -> Iterator[str]:
    """Give the codes of whatever a snapshot tells."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name in ("code", "shortCode") and isinstance(part, str):
                yield part
            elif name != "facts":
                yield from _codes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _codes(part)


def _things(row: Part) -> Iterator[tuple[str, Thing]]:
    """Give the facts of an indicator that tell the same: a period's figure, also as actual value.

    Of a flow the actual value and the line of the chart are sums up to a day.
    """
    uuid = row["id"]
    is_one = row["accumulation"] in _ONE_FIGURE
    for slot in (*row["slots"], *_if_any(row["latest"])):
        if slot.get("fact"):
            yield slot["fact"], (uuid, slot["periodEnd"])
    up_to: Sequence[tuple[str | None, str | None]] = [
        (row["actual"], row["measuredTo"]),
        *((point["fact"], point["on"]) for point in (row["chart"] or {}).get("points", ())),
    ]
    for key, day in up_to:
        if key and day:
            yield key, (uuid, day) if is_one else (uuid, "sum", day)


def _if_any(part: Part | None) -> tuple[Part, ...]:
    return () if part is None else (part,)
