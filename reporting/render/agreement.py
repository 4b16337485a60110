"""Every figure of a report shows its fact, wherever it stands; else the report is not made.

A figure is read back from its text with the number formats of the language, so that this rests on
nothing that wrote it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Any, Final

from django.utils.formats import date_format, get_format

from ibzplan.core.numbers import MINUS, NO_BREAK_SPACE
from objectives.indicators.engine import StepCode
from reporting.render.blocks import Document, Figure, Inline, Table, Terms, Words, runs_of
from reporting.render.pdf import RenderFailed
from reporting.render.sheets.cells import Sheet, cells_of, column_letters
from reporting.render.wording import plain, status_word
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import objectives_of

Part = Mapping[str, Any]

_DIGIT: Final = re.compile(r"\d")
# A number that is no part of a word such as SHA-256.
_BARE: Final = re.compile(r"(?<![\w-])\d")
_DATE_STYLES: Final = ("SHORT_DATE_FORMAT", "DATE_FORMAT")
# From this schema on summary and data quality count figures in the same way, and which they are.
_ONE_COUNT: Final = 7
_COUNTED: Final = ("due", "submitted", "withheld", "missing")
# What a message names: more of them say no more.
_MOST_TOLD: Final = 10
_GOOD: Final = ("achieved", "on_track")
# Kinds of an indicator whose actual value is one figure, not a sum over periods.
_ONE_FIGURE: Final = ("level", "to_date")
_NUMBERS: Final = ("quantity", "share")


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
    digit stands in the interface's own words, heads and labels; the sentences that explain a status
    say the numbers of their steps, and these those of the indicator; facts that are the same thing
    are equal.
    """
    shown, bare = _shown(document, sheets)
    bare += _heads(document, sheets)
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


def _heads(document: Document, sheets: Sequence[Sheet]) -> Iterator[Disagreement]:
    """Give the heads of columns and the labels of facts in which a number stands."""
    for anchor, place, text in chain(_heads_of(document), _heads_of_sheets(sheets)):
        if _BARE.search(text):
            yield Disagreement("", (f"{anchor} {place}",), (text,))


def _heads_of(document: Document) -> Iterator[tuple[str, str, str]]:
    for block in (document.cover.facts, *document.blocks):
        if isinstance(block, Table):
            for number, column in enumerate(block.columns):
                yield block.anchor, f"head.c{number}", column.head
        elif isinstance(block, Terms):
            for number, (label, _run) in enumerate(block.rows):
                yield block.anchor, f"label.t{number}", label


def _heads_of_sheets(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, str]]:
    for sheet in sheets:
        for number, column in enumerate(sheet.columns):
            yield sheet.key, f"{column_letters(number)}1", column.head


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
        self._thousands = str(get_format("THOUSAND_SEPARATOR"))
        self._point = str(get_format("DECIMAL_SEPARATOR"))
        group = rf"\d{{1,3}}(?:{re.escape(self._thousands)}\d{{3}})*(?!\d)"
        digits = rf"{MINUS}?{group}(?:{re.escape(self._point)}\d+)?"
        self._number = re.compile(rf"({digits})(.*)", re.S)
        self._any_number = re.compile(rf"(?:{digits}|\d+)")

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
                return self._shows_step(fact, text)
            case _:
                return self._shows_number(fact, text)

    def _shows_number(self, fact: Part, text: str) -> bool:
        found = self._number.fullmatch(text)
        if found is None:
            return False
        number = self._plain(found[1])
        unit = "%" if fact["kind"] == "share" else plain(fact.get("unit"))
        after = found[2].replace(NO_BREAK_SPACE, " ").strip()
        return number == fact["display"] and after in ("", unit.strip())

    def _plain(self, text: str) -> str:
        """Return a number as a snapshot writes it."""
        return text.replace(self._thousands, "").replace(self._point, ".").replace(MINUS, "-")

    def _shows_step(self, fact: Part, text: str) -> bool:
        """Tell whether a sentence names the status of a step, and its days and numbers alone."""
        values = fact["values"]
        if "status" in values and status_word(values["status"]).lower() not in text.lower():
            return False
        days = [day for value in values.values() if (day := _day_of(value))]
        left = text
        for shown in {date_format(day, style) for day in days for style in _DATE_STYLES}:
            left = left.replace(shown, " ")
        numbers = _numbers_of_step(fact, days)
        return all(
            any(_rounds_to(number, self._plain(said)) for number in numbers)
            for said in self._any_number.findall(left)
        )


def _numbers_of_step(fact: Part, days: Sequence[date]) -> list[Fraction]:
    """Return the numbers that a step has, and those that follow from them."""
    values = fact["values"]
    read = ((name, _fraction_of(value)) for name, value in values.items())
    named = {name: number for name, number in read if number is not None}
    numbers = [*named.values()]
    numbers += [Fraction(abs((one - other).days)) for one in days for other in days]  # of a line
    match fact["code"]:
        case StepCode.ATTAINMENT:
            numbers.append(Fraction(1))  # exactly as expected
        case StepCode.CHILD:
            numbers.append(named["position"] + 1)
        case StepCode.ROLL_UP if "mean" in named:
            weighed = named["due_weight"] - named.get("weight_without_figure", Fraction(0))
            numbers += [weighed, named["mean"] * weighed]
    return numbers


def _fraction_of(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rounds_to(number: Fraction, said: str) -> bool:
    """Tell whether a number is what is said, to as many decimals as are said."""
    decimals = len(said.partition(".")[2])
    off: Fraction = abs(number - Fraction(said))
    return off <= Fraction(1, 2 * 10**decimals)


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
        if Fraction(facts[whole]["value"]) != sum(Fraction(facts[key]["value"]) for key in parts):
            yield _told(whole, (whole, *parts), facts, shown)
    for step, fact in _steps(snapshot):
        if Fraction(facts[step]["values"]["value"]) != Fraction(facts[fact]["value"]):
            rows = shown.get(step, [(step, facts[step]["values"]["value"])])
            yield _disagreement(step, [*rows, *_rows_of(fact, facts, shown)])
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
    return _disagreement(fact, [row for key in keys for row in _rows_of(key, facts, shown)])


def _rows_of(
    fact: str, facts: Part, shown: Mapping[str, Sequence[tuple[str, str]]]
) -> Sequence[tuple[str, str]]:
    return shown.get(fact, [(fact, facts[fact]["display"])])


def _steps(snapshot: Part) -> Iterator[tuple[str, str]]:
    """Give the steps that explain an indicator with the fact whose number each of them says."""
    facts = snapshot["facts"]
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            target = row["target"] or {}
            of_code = {
                StepCode.ACTUAL: row["actual"],
                StepCode.EXPECTED: row["expected"],
                StepCode.ATTAINMENT: row["attainment"],
                StepCode.TARGET: target.get("fact"),
            }
            for step in row["why"]:
                fact = of_code.get(facts[step]["code"])
                if fact and facts[fact]["kind"] in _NUMBERS and "value" in facts[step]["values"]:
                    yield step, fact


def _sums(snapshot: Part) -> Iterator[tuple[str, list[str]]]:
    """Give every count with the counts that it is the sum of, and every printed amount with what
    is recomputed of it and the difference.
    """
    strategic = snapshot.get("strategicObjectives", ())
    summary = snapshot["summary"]
    yield from _distribution(summary)
    if snapshot["schemaVersion"] >= _ONE_COUNT:
        yield summary["due"], [summary["submitted"], summary["missing"]]
        yield from _quality(snapshot["quality"])
    if "strategicObjectives" in snapshot:
        yield from _below(summary, strategic)
    yield from _tallies(snapshot)
    yield from _reconciled(snapshot)
    for row in strategic:
        yield from _distribution(row)
        yield from _below(row, row["werven"])
        for werf in row["werven"]:
            yield from _distribution(werf)


def _distribution(part: Part) -> Iterator[tuple[str, list[str]]]:
    yield part["total"], list(part["counts"].values())
    if "good" in part:
        yield part["good"], [part["counts"][status] for status in _GOOD]


def _quality(quality: Part) -> Iterator[tuple[str, list[str]]]:
    """Give the counts of figures: by whether and when they came in, and by directorate."""
    total, units = quality["counts"], quality["units"]
    for row in (total, *units):
        yield row["due"], [row["submitted"], row["missing"]]
        yield row["submitted"], [row["onTime"], row["late"], row["withheld"]]
    for key in _COUNTED:
        yield total[key], [row[key] for row in units]


def _tallies(snapshot: Part) -> Iterator[tuple[str, list[str]]]:
    """Give the counts of objectives of the NVP: by level, and with and without indicators."""
    levels = snapshot.get("levels", ())
    if levels:
        summary = snapshot["summary"]
        for key in ("objectives", "linked", "withIndicators", "withoutIndicators"):
            yield summary[key], [level[key] for level in levels]
    for part in (*levels, *snapshot.get("themes", ()), *snapshot.get("kiv", ())):
        yield part["objectives"], [part["withIndicators"], part["withoutIndicators"]]


def _reconciled(snapshot: Part) -> Iterator[tuple[str, list[str]]]:
    found = (snapshot.get("means") or {}).get("reconciliation")
    for line in found["lines"] if found else ():
        if line["difference"] is not None:
            yield line["printed"], [line["recomputed"], line["difference"]]


def _below(part: Part, children: Sequence[Part]) -> Iterator[tuple[str, list[str]]]:
    yield part["total"], [child["total"] for child in children]
    for status, key in part["counts"].items():
        yield key, [child["counts"][status] for child in children]


def _pairs(snapshot: Part) -> Iterator[tuple[str, str]]:
    """Give the facts that are one thing: latest figure, actual value and period of an indicator.

    Of the figures of all of them: how many were due, came in and are missing.
    """
    if snapshot["schemaVersion"] >= _ONE_COUNT:
        for name in _COUNTED:
            yield snapshot["summary"][name], snapshot["quality"]["counts"][name]
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
