"""Schemas of what the API answers, made from the TypedDicts that the builders return."""

import inspect
import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import (
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)
from uuid import UUID

Schema = dict[str, Any]

URI: Final[Schema] = {"type": "string", "format": "uri"}
DATE: Final[Schema] = {"type": "string", "format": "date"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
IDENTITY: Final[Schema] = {"type": "string", "format": "uuid"}
_SIMPLE: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    UUID: IDENTITY,
    date: DATE,
    datetime: MOMENT,
    Any: {},
}
_PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "What went wrong (RFC 9457), with every fault of the input in `issues`.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {**URI, "description": "Which problem it is, for programs."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do, for people."},
        "instance": {**URI, "description": "The trace id of the request."},
        "issues": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "in", "name", "detail"],
                "properties": {
                    "type": URI,
                    "in": {"type": "string", "enum": ["query", "path", "header", "body"]},
                    "name": {
                        "type": "string",
                        "description": "The parameter, or the path in the body: items[3].value.",
                    },
                    "value": {"description": "What was given, when it has a short form."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

# What `select` left of an item.
SELECTED: Final = "Selected"
_SELECTED: Final[Schema] = {
    "type": "object",
    "description": "With `select`: the members of the item that were asked for, and its address.",
    "required": ["href"],
    "properties": {"href": URI},
}


class Schemas:
    """The named schemas that the document needs, found while it is written."""

    def __init__(self) -> None:
        """Begin with that of a problem."""
        self.named: dict[str, Schema] = {"Problem": _PROBLEM, SELECTED: _SELECTED}

    def of(self, hint: Any) -> Schema:
        """Return the schema of a type hint; a TypedDict becomes a named one."""
        if hint in _SIMPLE:
            return _SIMPLE[hint]
        if is_typeddict(hint):
            return self._named(hint)
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if origin in (Union, types.UnionType):
            return self.of(next(a for a in arguments if a is not types.NoneType))
        raise TypeError(f"{hint!r} has no schema")

    def _named(self, shape: Any) -> Schema:
        name = shape.__name__
        if name not in self.named:
            hints = get_type_hints(shape)
            self.named[name] = schema = {
                "type": "object",
                "description": inspect.cleandoc(shape.__doc__ or ""),
                "properties": {
                    key: URI if key == "href" else self.of(hint) for key, hint in hints.items()
                },
            }
            # What may be None is left out then, so it is not required.
            always = [
                key
                for key, hint in hints.items()
                if key in shape.__required_keys__ and types.NoneType not in get_args(hint)
            ]
            if always:
                schema["required"] = always
        return {"$ref": f"#/components/schemas/{name}"}


def selectable(item: Schema) -> Schema:
    """Return the schema of an item, or of what `select` leaves of it."""
    return {"anyOf": [item, {"$ref": f"#/components/schemas/{SELECTED}"}]}


def page_of(item: Schema, beside: Schema) -> Schema:
    """Return the schema of a page of items; `beside` are members that come with them."""
    return {
        "type": "object",
        "required": ["items", "total", "self"],
        "properties": {
            "items": {"type": "array", "items": selectable(item)},
            "total": {"type": "integer", "description": "The rows of the whole list."},
            "self": URI,
            "next": {**URI, "description": "The next page; the last one has none."},
            "prev": {**URI, "description": "The page before; the first one has none."},
            **beside,
        },
    }


def item_of(item: Schema, beside: Schema) -> Schema:
    """Return the schema of one resource; `beside` are members that come with it."""
    whole = {"allOf": [item, {"type": "object", "properties": beside}]} if beside else item
    return selectable(whole)


def feed_of(item: Schema, removed: Schema, beside: Schema) -> Schema:
    """Return the schema of a page of the change feed."""
    return {
        "type": "object",
        "required": ["items", "removed", "cursor", "hasMore", "self", "next"],
        "properties": {
            "items": {
                "type": "array",
                "items": selectable(item),
                "description": "Whole rows that are new or may have changed.",
            },
            "removed": {"type": "array", "items": removed},
            "cursor": {"type": "string", "description": "To be given as `changedSince` next."},
            "hasMore": {
                "type": "boolean",
                "description": "Whether more is there already: go on at once.",
            },
            "self": URI,
            "next": URI,
            **beside,
        },
    }
