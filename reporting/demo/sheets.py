"""Reads what the definition sheets say: fixtures/demo/sheets.yaml and, for the rest, templates.

sheets.yaml has an entry per indicator with texts of its own, named by its Dutch title. What an
entry leaves out, and every indicator without one, comes from vocabulary.yaml: the definition from
the template of its unit of measure, numerator and denominator too, the method from that of its
accumulation. In a template "{title}" stands for the indicator's title.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, Member
from reporting.demo.entries import number_read, text_read

TEXTS: Final = (
    "definition",
    "inclusions",
    "exclusions",
    "rationale",
    "misuse_risk",
    "limitations",
    "numerator_definition",
    "denominator_definition",
    "method",
    "source",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A dimension, and the usual share of each of its parts in the whole, in percent."""

    dimension: Dimension
    percents: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The texts of a definition sheet by column, what is possible, and the breakdown if any."""

    texts: Mapping[str, LocalisedText]
    possible: tuple[Decimal | None, Decimal | None] = (None, None)
    breakdown: Breakdown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBook:
    """All texts for definition sheets; `own` is by Dutch title."""

    own: Mapping[str, Mapping[str, Any]]
    definitions: Mapping[str, LocalisedText]
    methods: Mapping[str, LocalisedText]
    ratios: Mapping[str, Mapping[str, LocalisedText]]
    possible: Mapping[str, list[int]]
    source: LocalisedText
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)

    def sheet(self, title: LocalisedText, *, unit: str, accumulation: str, is_ratio: bool) -> Sheet:
        """Return the sheet of an indicator. Raises KeyError when a text it needs is not there."""
        own = self.own.get(title["nl"], {})
        texts = {name: text_read(own[name]) for name in TEXTS if name in own}
        templates = {"definition": self.definitions[unit], "source": self.source}
        if unit not in ("date", "level"):
            templates["method"] = self.methods["ratio" if is_ratio else accumulation]
        if is_ratio and not texts.keys() >= {"numerator_definition", "denominator_definition"}:
            templates |= self.ratios[unit]
        for name, template in templates.items():
            texts.setdefault(name, _filled(template, title))
        low, high = [*own.get("possible", self.possible.get(unit, ())), None, None][:2]
        return Sheet(
            texts=texts,
            possible=(number_read(low), number_read(high)),
            breakdown=self._breakdown(own["by"]) if "by" in own else None,
        )

    def check(self, titles: Iterable[str]) -> None:
        """Raise ValueError when an entry is of no indicator."""
        unknown = sorted(self.own.keys() - set(titles))
        if unknown:
            raise ValueError(f"no such indicator: {', '.join(unknown)}")

    def _breakdown(self, entry: Mapping[str, Mapping[str, int]]) -> Breakdown:
        ((code, percents),) = entry.items()
        dimension = self.dimensions[code]
        if [member.code for member in dimension.members] != list(percents):
            raise ValueError(f"not the parts of {code}: {', '.join(percents)}")
        return Breakdown(dimension=dimension, percents=percents)


def _filled(template: LocalisedText, title: LocalisedText) -> LocalisedText:
    return LocalisedText(
        {language: text.format(title=title[language]) for language, text in template.items()}
    )


def _dimension(code: str, entry: Mapping[str, Any]) -> Dimension:
    members = tuple(Member(name, text_read(text)) for name, text in entry["members"].items())
    return Dimension(code, text_read(entry), members, adds_up=True)


def sheet_book(words: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> SheetBook:
    """Return the book of the vocabulary and the entries. Raises KeyError or ValueError."""
    own = {entry["of"]: entry for entry in entries}
    for entry in own.values():
        wrong = entry.keys() - {"of", "possible", "by", *TEXTS}
        if wrong:
            raise ValueError(f"{entry['of']}: no such text: {', '.join(sorted(wrong))}")
    return SheetBook(
        own=own,
        definitions={key: text_read(text) for key, text in words["definitions"].items()},
        methods={key: text_read(text) for key, text in words["methods"].items()},
        ratios={
            unit: {name: text_read(text) for name, text in found.items()}
            for unit, found in words["ratios"].items()
        },
        possible=words["possible"],
        source=text_read(words["source"]),
        dimensions={code: _dimension(code, found) for code, found in words["dimensions"].items()},
    )
