"""Levels and breakdowns as lines of text: what planners type, and what they get back to change.

Levels stand one a line, lowest first: `Dutch | French`. A breakdown is a line with the parts
indented below it:

    regio: Gewest | Région (telt op)
      bru: Brussel | Bruxelles
      vla: Vlaanderen | Flandre

The mark at the end says that the parts together are the whole; it is understood in every language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from objectives.indicators.breakdowns import Dimension, Member, dimensions_of, is_code

# By language, as the form shows it; any of them is understood.
ADDS_UP: Final[Mapping[str, str]] = {"nl": "(telt op)", "fr": "(total)", "en": "(adds up)"}
INDENT: Final = "  "
_LANGUAGES: Final = ("nl", "fr")
_FEWEST_PARTS: Final = 2


@dataclass(slots=True)
class _Line:
    """One line that holds something: `number` counts from 1, empty lines included."""

    number: int
    is_part: bool
    code: str
    title: LocalisedText
    adds_up: bool = False
    parts: list["_Line"] = field(default_factory=list)


def _fail(line: int, message: str) -> ValidationError:
    return ValidationError(_("Line %(line)s: %(message)s") % {"line": line, "message": message})


def _title(number: int, text: str, before: LocalisedText | None) -> LocalisedText:
    """Read 'Dutch | French'; an edit in one language outdates the other."""
    names = [name.strip() for name in text.split("|")]
    if len(names) > len(_LANGUAGES):
        raise _fail(number, _("write the Dutch and the French name with one “|” between them."))
    if not names[0]:
        raise _fail(number, _("give the Dutch name first, then “|” and the French name."))
    texts = dict(zip(_LANGUAGES, [*names, ""], strict=False))
    return (before or LocalisedText()).edited(texts)


def _written(title: LocalisedText) -> str:
    french = title.get("fr", "")
    return f"{title.get('nl', '')} | {french}" if french else title.get("nl", "")


# -- levels


def levels_read(text: str, before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the levels, lowest first. Raises ValidationError naming the line."""
    levels: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            place = len(levels)
            known = LocalisedText.from_json(before[place]) if place < len(before) else None
            levels.append(_title(number, line, known).as_json())
    return levels


def levels_written(levels: Sequence[Mapping[str, Any]]) -> str:
    """Return the levels as they are typed."""
    return "\n".join(_written(LocalisedText.from_json(level)) for level in levels)


# -- breakdowns


def breakdowns_read(text: str, before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the stored form of the breakdowns. Raises ValidationError naming the line."""
    known = _titles(dimensions_of(before))
    found: list[_Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        line = _read_line(number, raw, found[-1].code if found else "", known)
        if not line.is_part:
            found.append(line)
        elif found:
            found[-1].parts.append(line)
        else:
            raise _fail(number, _("this part stands below no breakdown. Begin without a space."))
    _check_codes(found)
    for line in found:
        _check_codes(line.parts)
        if len(line.parts) < _FEWEST_PARTS:
            raise _fail(
                line.number,
                _("“%(code)s” needs at least two parts, indented below it.") % {"code": line.code},
            )
    return [
        Dimension(
            line.code,
            line.title,
            tuple(Member(part.code, part.title) for part in line.parts),
            line.adds_up,
        ).as_json()
        for line in found
    ]


def _read_line(
    number: int, raw: str, above: str, known: Mapping[tuple[str, ...], LocalisedText]
) -> _Line:
    """Read one line; `above` is the code of the breakdown that a part would belong to."""
    is_part = raw[0].isspace() or raw[0] in "-•"
    code, colon, rest = raw.strip().lstrip("-•").partition(":")
    code = code.strip().lower()
    if not colon:
        raise _fail(
            number,
            _("“%(text)s” has no colon. Write: code: Dutch | French.") % {"text": raw.strip()},
        )
    if not is_code(code):
        raise _fail(
            number,
            _("“%(code)s” cannot be a code: use at most 30 letters and digits, no accents.")
            % {"code": code},
        )
    adds_up, names = False, rest.strip()
    for mark in ADDS_UP.values() if not is_part else ():
        if names.lower().endswith(mark):
            adds_up, names = True, names[: -len(mark)]
    title = _title(number, names, known.get((above, code) if is_part else (code,)))
    return _Line(number, is_part, code, title, adds_up)


def _titles(dimensions: Sequence[Dimension]) -> dict[tuple[str, ...], LocalisedText]:
    """Return the stored names by code, to keep their translation states."""
    titles: dict[tuple[str, ...], LocalisedText] = {}
    for dimension in dimensions:
        titles[(dimension.code,)] = dimension.title
        titles.update({(dimension.code, part.code): part.title for part in dimension.members})
    return titles


def _check_codes(lines: Sequence[_Line]) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        if line.code in seen:
            raise _fail(
                line.number,
                _("the code “%(code)s” stands on line %(first)s already.")
                % {"code": line.code, "first": seen[line.code]},
            )
        seen[line.code] = line.number


def breakdowns_written(stored: Sequence[Mapping[str, Any]]) -> str:
    """Return the breakdowns as they are typed, with the mark of the active language."""
    mark = ADDS_UP.get((get_language() or "nl").split("-")[0], ADDS_UP["nl"])
    lines = []
    for dimension in dimensions_of(stored):
        end = f" {mark}" if dimension.adds_up else ""
        lines.append(f"{dimension.code}: {_written(dimension.title)}{end}")
        lines += [f"{INDENT}{part.code}: {_written(part.title)}" for part in dimension.members]
    return "\n".join(lines)
