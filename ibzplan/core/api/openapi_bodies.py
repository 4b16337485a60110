"""The writes of the OpenAPI document, made from the shapes that `ibzplan.core.api.bodies` reads."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import EnumType
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin, is_typeddict
from uuid import UUID

from ibzplan.core.api.bodies import (
    INTEGER_MOST,
    NO_LIMITS,
    NUMBER_DECIMALS,
    NUMBER_DIGITS,
    Limits,
    allows_none,
    hints_of,
)
from ibzplan.core.api.hints import present
from ibzplan.core.api.idempotency import HEADER, REPLAYED
from ibzplan.core.api.openapi_answers import JSON, headers, problems
from ibzplan.core.api.openapi_parameters import YEAR_PATTERN, parameter, shared
from ibzplan.core.api.openapi_schemas import DATE, IDENTITY, URI, Schema
from ibzplan.core.api.shapes import Localised
from ibzplan.core.filtersets import camel

if TYPE_CHECKING:
    from ibzplan.core.api.base import BaseCollection

MERGE_PATCH: Final = "application/merge-patch+json"
# A text without the NUL character, which no database keeps.
_PLAIN_TEXT: Final = "^[^\\u0000]*$"

_KEY: Final = parameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "The client's own key of this request: sent again under it, it writes once.",
    example="0f8b6a3e-2b55-4d0e-9a55-1f6f3c0a7d21",
    where="header",
)
_IF_MATCH: Final[Schema] = {
    **parameter(
        "If-Match",
        {"type": "string"},
        "The ETag of the resource as it was read; `*` for any state.",
        where="header",
    ),
    "required": True,
}
_ID: Final = parameter("id", IDENTITY, "Which one.", where="path")
_ERRORS: Final = (400, 401, 403, 406, 409, 413, 415, 422, 429, 500)
_CHANGE_ERRORS: Final = (404, 412, 428)
_OTHER_ANSWERS: Final[Mapping[int, str]] = {
    200: "It was there already, or there is nothing to make.",
    202: "It waits for someone else's approval.",
}


class Bodies:
    """The named schemas of bodies, found while the document is written."""

    def __init__(self, named: dict[str, Schema]) -> None:
        """Take the schemas that the document has; those of bodies are added."""
        self.named = named

    def of(self, hint: Any, *, is_patch: bool, limits: Limits = NO_LIMITS) -> Schema:
        """Return the schema of a type hint."""
        if get_origin(hint) is Annotated:
            inner, own = get_args(hint)
            return self.of(inner, is_patch=is_patch, limits=own)
        plain = present(hint)
        if plain is not hint:
            return self.of(plain, is_patch=is_patch, limits=limits)
        if get_origin(hint) is Literal:
            return {"type": "string", "enum": list(get_args(hint))}
        if isinstance(hint, EnumType):
            members: list[Any] = list(hint)
            return {"type": "string", "enum": [camel(str(one.value)) for one in members]}
        if get_origin(hint) is list:
            most = {} if limits.most_items is None else {"maxItems": limits.most_items}
            below = self.of(get_args(hint)[0], is_patch=False)
            return {"type": "array", "items": below, **most}
        if hint is Localised:
            return _localised(limits)
        if is_typeddict(hint):
            return self._named(hint, is_patch=is_patch)
        return _described(_SIMPLE[hint](limits), limits)

    def _named(self, shape: Any, *, is_patch: bool) -> Schema:
        name = shape.__name__
        if name not in self.named:
            hints = hints_of(shape)
            needed = [member for member in hints if member in shape.__required_keys__]
            properties = {}
            for member, hint in hints.items():
                schema = self.of(hint, is_patch=is_patch)
                # In a body that makes something null is the same as leaving a member out.
                is_free = allows_none(hint) if is_patch else member not in needed
                properties[member] = _nullable(schema) if is_free else schema
            self.named[name] = {
                "type": "object",
                "description": inspect.cleandoc(shape.__doc__ or ""),
                "additionalProperties": False,
                "properties": properties,
            }
            if needed and not is_patch:
                self.named[name]["required"] = needed
        return {"$ref": f"#/components/schemas/{name}"}


def _nullable(schema: Schema) -> Schema:
    """Return a schema that null fits too; an enumeration names it, a reference stands below it."""
    if "$ref" in schema:
        return {"nullable": True, "allOf": [schema]}
    if "enum" in schema:
        return {**schema, "nullable": True, "enum": [*schema["enum"], None]}
    return {**schema, "nullable": True}


def _described(schema: Schema, limits: Limits) -> Schema:
    return {**schema, "description": limits.meaning} if limits.meaning else schema


def _localised(limits: Limits) -> Schema:
    one = _nullable(_text(limits))
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {language: one for language in hints_of(Localised)},
    }


def _text(limits: Limits) -> Schema:
    pattern = f"^(?:{limits.pattern})$" if limits.pattern else _PLAIN_TEXT
    schema: Schema = {"type": "string", "pattern": pattern}
    if limits.least_characters:
        schema["minLength"] = limits.least_characters
    if limits.most_characters is not None:
        schema["maxLength"] = limits.most_characters
    if limits.example:
        schema["example"] = limits.example
    return schema


def _whole(limits: Limits) -> Schema:
    low = -INTEGER_MOST if limits.low is None else limits.low
    high = INTEGER_MOST if limits.high is None else limits.high
    return {"type": "integer", "minimum": low, "maximum": high}


def _number(limits: Limits) -> Schema:
    digits = NUMBER_DIGITS if limits.digits is None else limits.digits
    decimals = NUMBER_DECIMALS if limits.decimals is None else limits.decimals
    meaning = f"At most {digits} digits before the mark and {decimals} after it."
    most = 10**digits
    return {
        "type": "number",
        "description": meaning,
        "minimum": -most,
        "maximum": most,
        "exclusiveMinimum": True,
        "exclusiveMaximum": True,
        "multipleOf": float(f"1e-{decimals}") if decimals else 1,
    }


def _fixed(schema: Schema) -> Callable[[Limits], Schema]:
    return lambda _limits: schema


_SIMPLE: Final[Mapping[Any, Callable[[Limits], Schema]]] = {
    str: _text,
    bool: _fixed({"type": "boolean"}),
    int: _whole,
    Decimal: _number,
    date: _fixed({**DATE, "pattern": YEAR_PATTERN}),
    UUID: _fixed(IDENTITY),
}


def write_operations(
    collection: "BaseCollection[Any]",
    item: Schema,
    answers: Callable[[Any], Schema],
    named: dict[str, Schema],
) -> dict[str, Schema]:
    """Return by path and method what a collection takes; nothing for one that is only read.

    `item` is the schema of its items, `answers` gives that of another answer.
    """  # fmt: skip
    writes, name = collection.writes, collection.name
    if writes is None:
        return {}
    bodies, upper = Bodies(named), name[0].upper() + name[1:]
    body = bodies.of(writes.create_type, is_patch=False)
    others = {
        status: _answer(_OTHER_ANSWERS[status], _either(status, item, answers(shape)))
        for status, shape in writes.other_answers.items()
    }
    same = {200: _answer(_OTHER_ANSWERS[200], item, "ETag")} if writes.finds_same else {}
    made = {201: _answer("Made.", item, "Location", "ETag")}
    found = {
        f"/{name}": {"post": _write(f"create{upper}", "Add one.", body, {**same, **others, **made})}
    }
    if writes.update_type is not None:
        patch = bodies.of(writes.update_type, is_patch=True)
        operation = _write(
            f"change{upper}", "Change one.", patch, {200: _answer("Changed.", item, "ETag")},
            is_patch=True,
        )  # fmt: skip
        found[f"/{name}/{{id}}"] = {"patch": operation}
    if writes.batch_most:
        rows = {"type": "array", "minItems": 1, "maxItems": writes.batch_most, "items": body}
        done = {201: _answer("All of them are made.", _BATCH_ANSWER)}
        operation = _write(f"batch{upper}", "Add many, all or none.", _items(rows), done)
        found[f"/{name}/batch"] = {"post": operation}
    return found


def _either(status: int, item: Schema, other: Schema) -> Schema:
    """Return what a status answers with: 200 also with an item that was there already."""
    return {"oneOf": [item, other]} if status == HTTPStatus.OK else other


def _items(rows: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {"items": rows},
    }


_BATCH_ANSWER: Final[Schema] = {
    "type": "object",
    "required": ["items", "total"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "href"],
                "properties": {"id": IDENTITY, "href": URI},
            },
        },
        "total": {"type": "integer"},
    },
}


def _answer(description: str, schema: Schema, *named: str) -> Schema:
    own = {**{name: name for name in named}, REPLAYED: "Replayed"}
    return {
        "description": description,
        "headers": headers(own),
        "content": {JSON: {"schema": schema}},
    }


def _write(
    name: str, summary: str, body: Schema, answers: Mapping[int, Schema], *, is_patch: bool = False
) -> Schema:
    errors = (*_ERRORS, *(_CHANGE_ERRORS if is_patch else ()))
    types = [MERGE_PATCH, JSON] if is_patch else [JSON]
    own = [_ID, _IF_MATCH] if is_patch else []
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*own, _KEY, shared("AcceptLanguage"), shared("TraceId")],
        "requestBody": {
            "required": True,
            "content": {media_type: {"schema": body} for media_type in types},
        },
        "responses": {
            **{str(int(status)): answers[status] for status in sorted(answers)},
            **problems(*sorted(errors)),
        },
    }
