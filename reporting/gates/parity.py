"""Dutch and French say the same: texts, numbers in them, figures shown, and the sibling report."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import translation
from django.utils.text import Truncator

from ibzplan.core.localised import STATE_OUTDATED
from reporting.choices import REPORT_LANGUAGES
from reporting.gates.findings import Finding, FindingKind, Findings
from reporting.gates.named import facts_in
from reporting.gates.number_words import all_numbers
from reporting.gates.texts import LocalText, Place, PlainText, TypedKind, plain_texts_of, texts_of
from reporting.render.blocks import Document, Figure, runs_of
from reporting.render.content import document
from reporting.render.tongue import has_words, language_of
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import indicators_of, objectives_of

Part = Mapping[str, Any]

# A fact of these kinds is a figure; a step explains one.
_FIGURES: Final = ("quantity", "count", "share", "date", "level")
# How a text begins where a line stands for it.
_BEGINNING_CHARACTERS: Final = 80


def parity_findings(snapshot: Part, sibling_snapshot: Part | None = None) -> Findings:
    """Return how a report differs from the one in the other language: Dutch or French.

    `sibling_snapshot` is that of the newest report on the same question in the other language, if
    there is one. The report is put in words twice: a second or two for a large one.
    """
    snapshot = in_full(snapshot)
    other = other_language(snapshot["language"])
    rows = [*text_findings(snapshot), *_shown(snapshot, other)]
    if sibling_snapshot is not None:
        rows += _sibling(snapshot, sibling_snapshot)
    return Findings.of(rows)


def text_findings(snapshot: Part) -> list[Finding]:
    """Return what is not right with the texts of a report in its own language.

    A text that this language lacks, or has in an older translation, or with other numbers than the
    other, is a finding of its own: somebody translates it. What was typed in one language only
    (questions, motivations, reasons) is printed as it is: one finding a sort and language of it. An
    unofficial translation is none: it says the same, most titles of the plan's upper levels have no
    other, and every report would be stopped for a thing that the page of translations tells.
    Without putting the report in words: what these say of a snapshot is quickly known.
    """
    snapshot = in_full(snapshot)
    language = snapshot["language"]
    other = other_language(language)
    texts = list(texts_of(snapshot))
    return [
        *_missing(texts, language, other),
        *_outdated(texts, language),
        *_numbers(texts, language, other),
        *_as_typed(list(plain_texts_of(snapshot)), language),
    ]


def other_language(language: str) -> str:
    """Return French for Dutch and Dutch for French."""
    return next(code for code in REPORT_LANGUAGES if code != language)


def _of_text(kind: FindingKind, text: LocalText, languages: tuple[str, str]) -> Finding:
    here, there = languages
    return Finding(
        kind=kind.value,
        anchor=text.place.anchor,
        code=text.place.code,
        field=text.place.field,
        language=here,
        other=there,
        here=text.texts.get(here, ""),
        there=text.texts.get(there, ""),
    )


def _missing(texts: Sequence[LocalText], language: str, other: str) -> Iterator[Finding]:
    """Give the texts that the report's language lacks, beside that of a language that has it."""
    for text in texts:
        if language not in text.texts:
            found = other if other in text.texts else next(iter(text.texts))
            yield _of_text(FindingKind.NO_TEXT, text, (language, found))


def _outdated(texts: Sequence[LocalText], language: str) -> Iterator[Finding]:
    """Give the texts that were translated before the other language changed."""
    for text in texts:
        if language in text.texts and text.states.get(language) == STATE_OUTDATED:
            newer = [code for code in text.texts if text.states.get(code) != STATE_OUTDATED]
            yield _of_text(FindingKind.OUTDATED, text, (language, next(iter(newer), language)))


def _numbers(texts: Sequence[LocalText], language: str, other: str) -> Iterator[Finding]:
    """Give the texts whose Dutch names other numbers than their French."""
    for text in texts:
        if not set(REPORT_LANGUAGES) <= set(text.texts):
            continue
        if all_numbers(text.texts["nl"]) != all_numbers(text.texts["fr"]):
            yield _of_text(FindingKind.NUMBERS, text, (language, other))


def _as_typed(texts: Sequence[PlainText], language: str) -> Iterator[Finding]:
    """Give a finding a sort and language of what was typed in another one than the report's."""
    groups: dict[tuple[TypedKind, str], list[tuple[Place, str]]] = {}
    for text in texts:
        said = language_of(text.text)
        if said != language and has_words(text.text):
            groups.setdefault((text.kind, said), []).append((text.place, text.text))
    for (kind, said), found in groups.items():
        of = FindingKind.TYPED if said else FindingKind.UNKNOWN
        yield _of_group(of, kind.value, found, (language, said))


def _of_group(
    kind: FindingKind, field: str, found: Sequence[tuple[Place, str]], languages: tuple[str, str]
) -> Finding:
    """Return one finding for all of these texts: the code of its subject, and how each begins."""
    lines = dict.fromkeys(_line(place, text) for place, text in found)
    return Finding(
        kind=kind.value,
        anchor=next((place.anchor for place, _text in found if place.anchor), ""),
        code="",
        field=field,
        language=languages[0],
        other=languages[1],
        here="",
        there="\n".join(lines),
    )


def _line(place: Place, text: str) -> str:
    begins = Truncator(" ".join(text.split())).chars(_BEGINNING_CHARACTERS, truncate="…")
    return f"{place.code} “{begins}”".strip()


# What the report shows in either language ---------------------------------------------------------


def _shown(snapshot: Part, other: str) -> Iterator[Finding]:
    """Give the facts that one anchor shows in one language and not, or not so, in the other."""
    language = snapshot["language"]
    here, there = (_figures(_worded(snapshot, code)) for code in (language, other))
    for anchor in sorted(here.keys() | there.keys()):
        mine, theirs = here.get(anchor, Counter()), there.get(anchor, Counter())
        for fact in sorted((mine - theirs).keys() | (theirs - mine).keys()):
            shown = str(snapshot["facts"].get(fact, {}).get("display", ""))
            yield Finding(
                kind=FindingKind.SHOWN.value,
                anchor=anchor,
                code="",
                field="",
                language=language,
                other=other,
                here=shown if mine[fact] else "",
                there=shown if theirs[fact] else "",
                fact=fact,
            )


def _worded(snapshot: Part, language: str) -> Document:
    with translation.override(language):
        return document({**snapshot, "language": language})


def _figures(made: Document) -> dict[str, Counter[str]]:
    """Return how often every anchor shows which fact.

    What each shows is its fact: that is checked when the report is rendered.
    """
    found: dict[str, Counter[str]] = {}
    for placed in runs_of(made):
        for part in placed.run:
            if isinstance(part, Figure):
                found.setdefault(placed.anchor, Counter())[part.fact] += 1
    return found


# The report in the other language -----------------------------------------------------------------


def _sibling(snapshot: Part, sibling: Part) -> Iterator[Finding]:
    """Give the facts that the other report has not, or otherwise."""
    mine, theirs = snapshot["facts"], sibling["facts"]
    places = {**_places(sibling), **_places(snapshot)}
    for fact in sorted(mine.keys() | theirs.keys()):
        here, there = mine.get(fact), theirs.get(fact)
        if here == there or (here or there)["kind"] not in _FIGURES:
            continue
        anchor, code = places.get(fact, ("", ""))
        yield Finding(
            kind=FindingKind.SIBLING.value,
            anchor=anchor,
            code=code,
            field="",
            language=snapshot["language"],
            other=sibling["language"],
            here=str(here["display"]) if here else "",
            there=str(there["display"]) if there else "",
            fact=fact,
        )


def _places(snapshot: Part) -> dict[str, tuple[str, str]]:
    """Return the anchor and the code of the indicator by the facts that belong to one."""
    anchors = {
        row["id"]: f"objective:{objective['id']}.indicators"
        for objective in objectives_of(snapshot)
        for row in objective["indicators"]
    }
    return {
        fact: (anchors[row["id"]], row["shortCode"])
        for row in indicators_of(snapshot)
        for fact in facts_in(row, snapshot["facts"])
    }
