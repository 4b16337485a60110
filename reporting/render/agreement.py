"""Every figure of a report shows its fact, wherever it stands; else the report is not made.

A figure is read back from its text with the number formats of the language, so that this rests on
nothing that wrote it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from django.utils.formats import date_format, get_format

from ibzplan.core.numbers import MINUS, NO_BREAK_SPACE
from reporting.render.blocks import Document, Figure, Inline, Words, runs_of
from reporting.render.pdf import RenderFailed
from reporting.render.sheets.cells import Sheet, cells_of
from reporting.render.wording import FactReader, plain
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import objectives_of

Part = Mapping[str, Any]

_DIGIT: Final = re.compile(r"\d")
_DATE_STYLES: Final = ("SHORT_DATE_FORMAT", "DATE_FORMAT")
# What a message names: more of them say no more.
_MOST_TOLD: Final = 10
_GOOD: Final = ("achieved", "on_track")
# Kinds of an indicator whose actual value is one figure, not a sum over periods.
_ONE_FIGURE: Final = ("level", "to_date")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Places that do not show the same fact, each with what it shows; `fact` '' for bare digits."""

    fact: str
    places: tuple[str, ...]
    texts: tuple[str, ...]

    def __str__(self) -> str:
        """Return 'f:…: summary.counts t0 shows “12”, …'."""
        pairs = zip(self.places, self.texts, strict=True)
        shown = ", ".join(f"{place} shows “{text}”" for place, text in pairs)
        return f"{self.fact}: {shown}" if self.fact else shown


class FiguresDisagree(RenderFailed):
    """A report whose places disagree is not made."""

    code = "figures_disagree"

    def __init__(self, found: Sequence[Disagreement]) -> None:
        """Name the places, a line a disagreement."""
        self.found = tuple(found)
        self.places = "\n".join(str(one) for one in self.found[:_MOST_TOLD])
        super().__init__(self.places)


def figure_disagreements(
    document: Document, sheets: Sequence[Sheet], snapshot: Part
) -> list[Disagreement]:
    """Return where a document, its sheets and the facts of their snapshot disagree.

    In the active language. Looked at: each figure shows its fact and the same everywhere; no bare
    digit stands in the interface's own words; facts that are the same thing are equal.
    """
    shown, bare = _shown(document, sheets)
    reader = _Reader(snapshot["facts"])
    return [*bare, *_wrong(shown, reader), *_unequal(in_full(snapshot), shown)]


# What is shown ------------------------------------------------------------------------------------


def _shown(
    document: Document, sheets: Sequence[Sheet]
) -> tuple[dict[str, list[tuple[str, str]]], list[Disagreement]]:
    """Return (place, text) by fact, and the bare digits."""
    shown: dict[str, list[tuple[str, str]]] = defaultdict(list)
    bare: list[Disagreement] = []
    for anchor, place, part in chain(_inlines(document), cells_of(sheets)):
        if isinstance(part, Figure):
            shown[part.fact].append((f"{anchor} {place}".strip(), part.text))
        elif isinstance(part, Words) and _DIGIT.search(part.text):
            bare.append(Disagreement("", (f"{anchor} {place}".strip(),), (part.text,)))
    return shown, bare


def _inlines(document: Document) -> Iterator[tuple[str, str, Inline]]:
    for placed in runs_of(document):
        for part in placed.run:
            yield placed.anchor, placed.place, part


def _wrong(
    shown: Mapping[str, Sequence[tuple[str, str]]], reader: "_Reader"
) -> Iterator[Disagreement]:
    """Give the facts that some place does not show, with all the places that name them."""
    for fact, rows in shown.items():
        if not all(reader.shows(fact, text) for text in {text for _place, text in rows}):
            yield _disagreement(fact, rows)


def _disagreement(fact: str, rows: Sequence[tuple[str, str]]) -> Disagreement:
    return Disagreement(fact, tuple(row[0] for row in rows), tuple(row[1] for row in rows))


class _Reader:
    """Reads figures back from their text, in the active language."""

    def __init__(self, facts: Part) -> None:
        self._facts = facts
        self._sentences = FactReader(facts)
        self._thousands = str(get_format("THOUSAND_SEPARATOR"))
        self._point = str(get_format("DECIMAL_SEPARATOR"))
        group = rf"\d{{1,3}}(?:{re.escape(self._thousands)}\d{{3}})*"
        self._number = re.compile(rf"({MINUS}?{group}(?:{re.escape(self._point)}\d+)?)(.*)", re.S)

    def shows(self, key: str, text: str) -> bool:
        """Tell whether a text is exactly this fact, with its unit or without."""
        fact = self._facts.get(key)
        if fact is None:
            return False
        match fact["kind"]:
            case "date":
                return _shows_day(date.fromisoformat(fact["display"]), text)
            case "level":
                return text == (plain(fact["name"]) or fact["display"])
            case "step":
                return [text] == self._sentences.steps([key])
            case _:
                return self._shows_number(fact, text)

    def _shows_number(self, fact: Part, text: str) -> bool:
        found = self._number.fullmatch(text)
        if found is None:
            return False
        number = found[1].replace(self._thousands, "").replace(self._point, ".")
        unit = "%" if fact["kind"] == "share" else plain(fact.get("unit"))
        after = found[2].replace(NO_BREAK_SPACE, " ").strip()
        return number.replace(MINUS, "-") == fact["display"] and after in ("", unit.strip())


def _shows_day(day: date, text: str) -> bool:
    for style in _DATE_STYLES:
        before, found, after = text.partition(date_format(day, style))
        if found and not _DIGIT.search(before + after):
            return True
    return False


# Facts that are the same thing --------------------------------------------------------------------


def _unequal(
    snapshot: Part, shown: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[Disagreement]:
    """Give the facts of a snapshot that contradict each other, with the places that show them."""
    facts = snapshot["facts"]
    for whole, parts in _sums(snapshot):
        if int(facts[whole]["value"]) != sum(int(facts[key]["value"]) for key in parts):
            yield _told(whole, (whole, *parts), facts, shown)
    for one, other in _pairs(snapshot):
        if (facts[one]["value"], facts[one]["display"]) != (
            facts[other]["value"],
            facts[other]["display"],
        ):
            yield _told(one, (one, other), facts, shown)


def _told(
    fact: str, keys: Iterable[str], facts: Part, shown: Mapping[str, Sequence[tuple[str, str]]]
) -> Disagreement:
    """Return the places that show these facts; a fact that no place shows stands for itself."""
    rows = [row for key in keys for row in shown.get(key, [(key, facts[key]["display"])])]
    return _disagreement(fact, rows)


def _sums(snapshot: Part) -> Iterator[tuple[str, list[str]]]:
    """Give every count with the counts that it is the sum of."""
    strategic = snapshot.get("strategicObjectives", ())
    summary = snapshot["summary"]
    yield from _distribution(summary)
    if "strategicObjectives" in snapshot:
        yield from _below(summary, strategic)
    yield from _tallies(snapshot)
    for row in strategic:
        yield from _distribution(row)
        yield from _below(row, row["werven"])
        for werf in row["werven"]:
            yield from _distribution(werf)


def _distribution(part: Part) -> Iterator[tuple[str, list[str]]]:
    yield part["total"], list(part["counts"].values())
    if "good" in part:
        yield part["good"], [part["counts"][status] for status in _GOOD]


def _tallies(snapshot: Part) -> Iterator[tuple[str, list[str]]]:
    """Give the counts of objectives of the NVP: by level, and with and without indicators."""
    levels = snapshot.get("levels", ())
    if levels:
        summary = snapshot["summary"]
        for key in ("objectives", "linked", "withIndicators", "withoutIndicators"):
            yield summary[key], [level[key] for level in levels]
    for part in (*levels, *snapshot.get("themes", ()), *snapshot.get("kiv", ())):
        yield part["objectives"], [part["withIndicators"], part["withoutIndicators"]]


def _below(part: Part, children: Sequence[Part]) -> Iterator[tuple[str, list[str]]]:
    yield part["total"], [child["total"] for child in children]
    for status, key in part["counts"].items():
        yield key, [child["counts"][status] for child in children]


def _pairs(snapshot: Part) -> Iterator[tuple[str, str]]:
    """Give the facts that are one thing: latest figure, actual value and period of an indicator."""
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            yield from _same(row)


def _same(row: Part) -> Iterator[tuple[str, str]]:
    latest = row["latest"]
    key = latest.get("fact") if latest else None
    if key is None:
        return
    when = (latest["periodStart"], latest["resolution"])
    for slot in row["slots"]:
        if (slot["periodStart"], slot["resolution"]) == when and slot.get("fact"):
            yield key, slot["fact"]
    is_one = row["accumulation"] in _ONE_FIGURE and row["measuredTo"] == latest["periodEnd"]
    if row["actual"] and is_one:
        yield row["actual"], key
