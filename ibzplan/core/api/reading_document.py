"""The OpenAPI document as people read it: operations, parameters, shapes, in plain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from ibzplan.core.api.guides import inline
from ibzplan.core.api.openapi_answers import PROBLEMS
from ibzplan.core.api.openapi_schemas import SELECTED, Schema

_WRITES = ("post", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: words, and the shape that they end in, if any."""

    words: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, or a member of a shape."""

    name: str
    kind: Kind
    is_required: bool
    meaning: SafeString
    where: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with its members."""

    name: str
    meaning: SafeString
    members: Sequence[Entry]

    @property
    def is_untold(self) -> bool:
        """Tell whether the names of its members say it all."""
        return not any(member.meaning for member in self.members)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with when it comes, in which forms, and what it holds."""

    status: str
    meaning: SafeString
    forms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of one address does."""

    identity: str
    method: str
    path: str
    summary: str
    parameters: Sequence[Entry]
    body: Kind | None
    body_forms: Sequence[str]
    answers: Sequence[Answer]
    samples: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Described:
    """One collection: what it is, what can be done with it, and every shape in that."""

    name: str
    meaning: str
    operations: Sequence[Operation]
    shapes: Sequence[Shape]

    @property
    def is_written(self) -> bool:
        """Tell whether anything can be written in it."""
        return any(one.method.lower() in _WRITES for one in self.operations)


class Reader:
    """Reads a document."""

    def __init__(self, document: Schema) -> None:
        """Keep it."""
        self._document = document
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]

    def collections(self) -> list[Described]:
        """Return every collection in the order of the document."""
        return [self._collection(tag) for tag in self._document["tags"]]

    def problems(self) -> list[Answer]:
        """Return every problem by its status."""
        return [Answer(str(status), inline(text), []) for status, (_name, text) in PROBLEMS.items()]

    def shape(self, name: str) -> Shape:
        """Return a named shape."""
        schema = self._schemas[name]
        return Shape(name, inline(schema.get("description", "")), self._members(schema))

    def _collection(self, tag: Mapping[str, str]) -> Described:
        name = tag["name"]
        found = [
            (self._operation(method, path, operation), operation)
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
            if name in operation["tags"]
        ]
        shapes = self._shapes_of(operation for _read, operation in found)
        return Described(name, tag["description"], [read for read, _ in found], shapes)

    def _operation(self, method: str, path: str, operation: Schema) -> Operation:
        body = operation.get("requestBody", {}).get("content", {})
        shape = next((content["schema"] for content in body.values()), None)
        return Operation(
            identity=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            parameters=[self._parameter(one) for one in operation["parameters"]],
            body=kind_of(shape) if shape else None,
            body_forms=list(body),
            answers=[self._answer(*one) for one in operation["responses"].items()],
            samples=operation.get("x-codeSamples", []),
        )

    def _parameter(self, given: Schema) -> Entry:
        found = self._resolved(given)
        kind = kind_of(found["schema"])
        required = found.get("required", False)
        return Entry(found["name"], kind, required, inline(found["description"]), found["in"])

    def _answer(self, status: str, given: Schema) -> Answer:
        found = self._resolved(given)
        return Answer(status, inline(found["description"]), list(found.get("content", {})))

    def _resolved(self, given: Schema) -> Schema:
        if "$ref" not in given:
            return given
        _root, _components, part, name = given["$ref"].split("/")
        found: Schema = self._document["components"][part][name]
        return found

    def _members(self, schema: Schema) -> list[Entry]:
        needed = schema.get("required", ())
        return [
            Entry(name, kind_of(one), name in needed, inline(one.get("description", "")))
            for name, one in schema.get("properties", {}).items()
        ]

    def _shapes_of(self, operations: Iterable[Schema]) -> list[Shape]:
        """Return every shape that operations lead to, each once, in the order of reading."""
        waiting = [name for one in operations for name in _references(one)]
        found: dict[str, Shape] = {}
        while waiting:
            name = waiting.pop(0)
            if name not in found and name not in ("Problem", SELECTED):
                found[name] = self.shape(name)
                waiting += _references(self._schemas[name])
        return list(found.values())


def kind_of(schema: Schema) -> Kind:
    """Return what a value is, in words."""
    if "$ref" in schema:
        return Kind("", schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _one_of([kind_of(one) for one in schema[several]])
    if schema.get("type") == "array":
        below = kind_of(schema["items"])
        return Kind(f"list of {below.words}".rstrip(), below.shape)
    if "enum" in schema:
        return Kind(" | ".join(str(value) for value in schema["enum"] if value is not None))
    if schema.get("type") == "object" and "properties" in schema:
        inner = ", ".join(schema["properties"])
        return Kind(f"object with {inner}")
    return Kind(", ".join(_words(schema)))


def _one_of(kinds: Sequence[Kind]) -> Kind:
    shapes = [kind.shape for kind in kinds if kind.shape]
    if len(shapes) == 1:
        return Kind("", shapes[0])
    return Kind(" or ".join(dict.fromkeys(kind.words or kind.shape for kind in kinds)))


def _words(schema: Schema) -> Iterator[str]:
    yield schema.get("format") or schema.get("type") or "anything"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None and not schema.get("exclusiveMaximum"):
        yield f"{low} to {high}"
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if "default" in schema:
        yield f"by default {str(schema['default']).lower()}"


def _references(value: Any) -> list[str]:
    """Return the names of the schemas that a part of the document points at."""
    if isinstance(value, list):
        return [name for one in value for name in _references(one)]
    if not isinstance(value, dict):
        return []
    pointer = value.get("$ref")
    if isinstance(pointer, str):
        return [pointer.rpartition("/")[2]] if "/schemas/" in pointer else []
    return [name for one in value.values() for name in _references(one)]
