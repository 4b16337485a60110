"""Reads the plan fixtures: YAML to checked entries. Knows no Django and no model.

A fixture file holds `source` (the file that its line numbers count in) and one or more lists of
entries. What an entry may hold is described by a `Shape`; anything else is a `Problem` that names
file, code and field, and all problems of a folder are found in one go.
"""

import datetime
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

import yaml

from reporting.plans.printed import is_credits, is_number

ENTRIES: Final = "entries"
REQUIRED_LANGUAGES: Final = ("nl", "fr")
LANGUAGES: Final = (*REQUIRED_LANGUAGES, "en", "de")

_PLACE_KEYS: Final = frozenset({"code", "source", "lines", "line", "match", "order"})


class Kind(Enum):
    """What a value must be."""

    TEXT = auto()
    LOCALISED = auto()
    INTEGER = auto()
    FLAG = auto()
    DATE = auto()
    TEXTS = auto()
    LOCALISED_TEXTS = auto()
    PRINTINGS = auto()
    CREDITS = auto()
    NUMBER = auto()
    ANY = auto()


@dataclass(frozen=True)
class Key:
    """One key of an entry. `refers_to` names the file whose codes the value is taken from."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    allowed: frozenset[str] = frozenset()
    refers_to: str = ""


@dataclass(frozen=True)
class Shape:
    """What one list of entries may hold.

    A sub-entry may go without a code. `scalar` lets it be a bare text, which becomes the value of
    that key; `lines_from` names the key of its parent with its line ranges, of which the last
    counts (the others place the same thing in running text).
    """

    keys: tuple[Key, ...] = ()
    children: Mapping[str, "Shape"] = field(default_factory=dict)
    scalar: str = ""
    lines_from: str = ""

    @property
    def known(self) -> frozenset[str]:
        """Return every key that an entry of this shape may have."""
        return _PLACE_KEYS | {key.name for key in self.keys} | set(self.children)


@dataclass(frozen=True)
class FileShape:
    """The lists of a file, and the flags that hold for all of it."""

    lists: Mapping[str, Shape]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One entry or sub-entry, checked, with its place in the source.

    `code` is "" where a sub-entry has none; `order` is its own or its place in the list, from 1.
    `flags` are those of its file that are set.
    """

    file: str
    code: str
    order: int
    source: str
    first_line: int
    last_line: int
    match: str
    values: Mapping[str, Any]
    children: Mapping[str, tuple["Entry", ...]]
    flags: frozenset[str] = frozenset()
    parent_code: str = ""

    def walk(self) -> Iterator["Entry"]:
        """Yield the entry and everything below it."""
        yield self
        for entries in self.children.values():
            for entry in entries:
                yield from entry.walk()


@dataclass(frozen=True)
class Problem:
    """Something wrong in a fixture; `code` and `field` are "" when it concerns the whole."""

    file: str
    code: str
    field: str
    message: str

    def __str__(self) -> str:
        """Return one line: where, then what."""
        place = ", ".join(part for part in (f"{self.file}.yaml", self.code, self.field) if part)
        return f"{place}: {self.message}"


@dataclass
class Reading:
    """The entries by file and list, and every problem found."""

    lists: dict[tuple[str, str], tuple[Entry, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def entries(self, file: str, name: str = ENTRIES) -> tuple[Entry, ...]:
        """Return one list of one file; empty when the file could not be read."""
        return self.lists.get((file, name), ())


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_localised(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(_is_text(value.get(language)) for language in REQUIRED_LANGUAGES)
        and set(value) <= set(LANGUAGES)
    )


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _is_list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _is_printing(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"printed", "line"}
        and _is_text(value["printed"])
        and _is_integer(value["line"])
    )


_CHECKS: Final[Mapping[Kind, tuple[str, Callable[[Any], bool]]]] = {
    Kind.TEXT: ("a text, between quotes", _is_text),
    Kind.LOCALISED: ("a text in nl and in fr", _is_localised),
    Kind.INTEGER: ("a whole number", _is_integer),
    Kind.FLAG: ("true or false", lambda value: isinstance(value, bool)),
    Kind.DATE: ("a date, as 2026-02-27", _is_date),
    Kind.TEXTS: ("a list of texts", _is_list_of(_is_text)),
    Kind.LOCALISED_TEXTS: ("a list of texts in nl and in fr", _is_list_of(_is_localised)),
    Kind.PRINTINGS: ("a list of {printed, line}", _is_list_of(_is_printing)),
    Kind.CREDITS: ("two amounts as printed, such as '323.381 327.421'", is_credits),
    Kind.NUMBER: ("a number as printed, such as '2073,7'", is_number),
    Kind.ANY: ("anything", lambda _value: True),
}


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that refuses a key given twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        """Return the mapping. Raises ConstructorError at the second of two equal keys."""
        seen: set[str] = set()
        for key_node, _value in node.value:
            if str(key_node.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value!r} is given twice", key_node.start_mark
                )
            seen.add(str(key_node.value))
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


class _FileReader:
    """Reads one file; collects its problems."""

    def __init__(self, path: Path, shape: FileShape) -> None:
        self.path = path
        self.shape = shape
        self.file = path.stem
        self.problems: list[Problem] = []
        self.source = ""
        self.flags: frozenset[str] = frozenset()

    def problem(self, message: str, code: str = "", name: str = "") -> None:
        self.problems.append(Problem(self.file, code, name, message))

    def read(self) -> dict[tuple[str, str], tuple[Entry, ...]]:
        try:
            with self.path.open(encoding="utf-8") as stream:
                data = yaml.load(stream, Loader=_StrictLoader)  # noqa: S506 (a safe loader)
        except FileNotFoundError:
            self.problem("the file is missing")
            return {}
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f"line {mark.line + 1}" if mark else "somewhere"
            self.problem(f"is no YAML at {place}: {error.problem}")
            return {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.problem(f"is no UTF-8 text: {error}")
            return {}
        if not isinstance(data, dict) or not _is_text(data.get("source")):
            self.problem("must begin with the name of its source", name="source")
            return {}
        self.source = data["source"]
        for name in sorted(set(data) - {"source", *self.shape.lists, *self.shape.flags}, key=str):
            self.problem("unknown key", name=str(name))
        self.flags = frozenset(name for name in self.shape.flags if data.get(name))
        return {
            (self.file, name): self.read_list(data.get(name), shape, name)
            for name, shape in self.shape.lists.items()
        }

    def read_list(self, rows: Any, shape: Shape, name: str) -> tuple[Entry, ...]:
        if not isinstance(rows, list):
            self.problem("must be a list of entries", name=name)
            return ()
        entries: list[Entry] = []
        codes: set[str] = set()
        for position, row in enumerate(rows, start=1):
            code = row.get("code") if isinstance(row, dict) else None
            if not isinstance(row, dict) or not isinstance(code, str) or not code.strip():
                self.problem("needs a code, between quotes", name=f"{name}[{position}]")
                continue
            if code in codes:
                self.problem("the code is given twice", code, "code")
                continue
            codes.add(code)
            if "lines" not in row:
                self.problem("missing", code, "lines")
            if not _is_text(row.get("match")):
                self.problem("must be a text of the source", code, "match")
            entries.append(self.read_entry(row, shape, position, code, None))
        return tuple(entries)

    def read_entry(
        self, row: dict[str, Any], shape: Shape, position: int, code: str, parent: Entry | None
    ) -> Entry:
        where = f"{parent.code}, {code or position}" if parent else code
        for name in sorted(set(row) - shape.known, key=str):
            self.problem("unknown key", where, str(name))
        order = row.get("order", position)
        if not _is_integer(order) or order < 0:
            self.problem("must be a whole number", where, "order")
        if "source" in row and not _is_text(row["source"]):
            self.problem("must be the name of a source", where, "source")
        first_line, last_line = self.read_lines(row, where, parent)
        entry = Entry(
            file=self.file,
            code=code,
            order=order,
            source=str(row.get("source") or (parent.source if parent else self.source)),
            first_line=first_line,
            last_line=last_line,
            match=row.get("match") or "",
            values={key.name: self.read_value(row, key, where) for key in shape.keys},
            children={},
            flags=self.flags,
            parent_code=parent.code if parent else "",
        )
        children = {
            name: self.read_children(row, name, below, entry)
            for name, below in shape.children.items()
        }
        return Entry(**{**entry.__dict__, "children": children})

    def read_lines(self, row: dict[str, Any], where: str, parent: Entry | None) -> tuple[int, int]:
        lines = row.get("lines")
        if "line" in row:
            lines = [row["line"], row["line"]]
        if lines is None:
            return (parent.first_line, parent.last_line) if parent else (0, 0)
        good = isinstance(lines, list) and len(lines) == 2 and all(map(_is_integer, lines))
        if not good or not 1 <= lines[0] <= lines[1]:
            self.problem("must be the first and the last line, from 1", where, "lines")
            return (0, 0)
        return lines[0], lines[1]

    def read_value(self, row: dict[str, Any], key: Key, where: str) -> Any:
        value = row.get(key.name)
        if value is None:
            if key.required:
                self.problem("missing", where, key.name)
            return None
        expected, check = _CHECKS[key.kind]
        if not check(value):
            self.problem(f"must be {expected}, not {value!r}", where, key.name)
            return None
        if key.allowed and value not in key.allowed:
            known = ", ".join(sorted(key.allowed))
            self.problem(f"{value!r} is not one of: {known}", where, key.name)
        return value

    def read_children(
        self, row: dict[str, Any], name: str, shape: Shape, parent: Entry
    ) -> tuple[Entry, ...]:
        rows = row.get(name)
        if rows is None:
            return ()
        if not isinstance(rows, list):
            self.problem("must be a list", parent.code, name)
            return ()
        entries = []
        ranges = row.get(shape.lines_from) if shape.lines_from else None
        for position, item in enumerate(rows, start=1):
            below = {shape.scalar: item} if shape.scalar and not isinstance(item, dict) else item
            if not isinstance(below, dict):
                self.problem("must be an entry", parent.code, f"{name}[{position}]")
                continue
            if ranges:
                below = {**below, "lines": ranges[-1]}
            code = below.get("code", "")
            if not isinstance(code, str):
                self.problem("needs a code, between quotes", parent.code, f"{name}[{position}]")
                continue
            entries.append(self.read_entry(below, shape, position, code, parent))
        return tuple(entries)


def _unknown_references(
    entries: Sequence[Entry], shape: Shape, codes: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Yield the references that lead nowhere, or forward within their own file."""
    seen: set[str] = set()
    for entry in entries:
        for key in shape.keys:
            value = entry.values.get(key.name)
            if key.refers_to not in codes or value is None:
                continue  # no reference, or to a file that could not be read (told once already)
            where = ", ".join(part for part in (entry.parent_code, entry.code) if part)
            for code in value if isinstance(value, list) else [value]:
                if code not in codes[key.refers_to]:
                    message = f"there is no {code!r} in {key.refers_to}.yaml"
                    yield Problem(entry.file, where, key.name, message)
                elif key.refers_to == entry.file and not entry.parent_code and code not in seen:
                    message = f"{code!r} must stand before the entry that refers to it"
                    yield Problem(entry.file, where, key.name, message)
        for name, below in shape.children.items():
            yield from _unknown_references(entry.children.get(name, ()), below, codes)
        seen.add(entry.code)


def folder_read(folder: Path, shapes: Mapping[str, FileShape]) -> Reading:
    """Return the entries of every file in `shapes`, and all problems; other files are let be.

    Raises nothing: a file that is missing or is no YAML is a problem like any other.
    """
    reading = Reading()
    for name, shape in shapes.items():
        reader = _FileReader(folder / f"{name}.yaml", shape)
        reading.lists.update(reader.read())
        reading.problems.extend(reader.problems)
    codes = {
        name: [entry.code for entry in reading.entries(name)]
        for name in shapes
        if (name, ENTRIES) in reading.lists
    }
    for (file, name), entries in reading.lists.items():
        reading.problems.extend(_unknown_references(entries, shapes[file].lists[name], codes))
    return reading
