"""The OpenAPI 3.0 document, made from what the collections declare.

Item schemas come from the TypedDicts that the builders return; parameters from the FilterSets.
"""

import types
from collections.abc import Callable, Iterable, Mapping
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

import yaml
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ibzplan import __version__
from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.links import API_PATH
from ibzplan.core.api.problems import PROBLEM_TYPE
from ibzplan.core.api.query import (
    PAGE_MAX,
    PAGE_SIZE_DEFAULT,
    PAGE_SIZE_MAX,
    SEARCH_MAX_CHARACTERS,
)
from ibzplan.core.filtersets import EnumFilter, IsoDateFilter, TruthFilter

Schema = dict[str, Any]

_SIMPLE: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}
_URI: Final[Schema] = {"type": "string", "format": "uri"}
_PROBLEM: Final[Schema] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": _URI,
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {**_URI, "description": "The trace id of the request."},
        "issues": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "in", "name", "detail"],
                "properties": {
                    "type": _URI,
                    "in": {"type": "string", "enum": ["query", "path", "header", "body"]},
                    "name": {"type": "string"},
                    "value": {},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_ERRORS: Final = (
    (400, "A parameter is unknown or its value cannot be."),
    (401, "No token, or one that is unknown, expired or revoked."),
    (404, "Not there, or not for this client."),
    (406, "The API writes JSON."),
)


def _parameter(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


_CLOCKS: Final = [
    _parameter(
        "asOf",
        {"type": "string"},
        "Only what was recorded on or before this date-time (or the end of this date, in "
        "Brussels). By default now.",
    ),
    _parameter(
        "referenceDate",
        _SIMPLE[date],
        "Only periods that ended on or before this date. By default today.",
    ),
    _parameter("select", {"type": "string"}, "The members wanted: `id,code`."),
]
_PAGES: Final = [
    _parameter(
        "page", {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": 1}, "From 1."
    ),
    _parameter(
        "pageSize",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": PAGE_SIZE_MAX,
            "default": PAGE_SIZE_DEFAULT,
        },
        "Items a page.",
    ),
]


class _Schemas:
    """The named schemas that the document needs, found while it is written."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {"Problem": _PROBLEM}

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
                "description": (shape.__doc__ or "").strip(),
                "properties": {
                    key: _URI if key == "href" else self.of(hint) for key, hint in hints.items()
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


def _filter_schema(declared: Any) -> Schema:
    if isinstance(declared, EnumFilter):
        return {"type": "string", "enum": list(declared.stored)}
    if isinstance(declared, TruthFilter):
        return {"type": "string", "enum": ["true", "false"]}
    if isinstance(declared, IsoDateFilter):
        return _SIMPLE[date]
    return {"type": "string"}


def _list_parameters(collection: BaseCollection[Any]) -> list[Schema]:
    names = sorted(collection.sortable)
    found = [
        *_CLOCKS,
        *_PAGES,
        _parameter(
            "sort",
            {"type": "string"},
            f"With - for descending, with commas between: {', '.join(names)}.",
        ),
    ]
    if collection.search_prefix is not None:
        words = {"type": "string", "maxLength": SEARCH_MAX_CHARACTERS}
        found.append(_parameter("q", words, "Words, in any language; case and accents ignored."))
    if collection.has_history:
        found.append(
            _parameter(
                "includeHistory",
                {"type": "boolean", "default": False},
                "Every row recorded by then, not only the last of each slot.",
            )
        )
    return found + _filter_parameters(collection, collection.filterset.base_filters)


def _filter_parameters(collection: BaseCollection[Any], names: Iterable[str]) -> list[Schema]:
    declared = collection.filterset.base_filters
    return [_parameter(n, _filter_schema(declared[n]), f"Filter by {n}.") for n in names]


def _item_parameters(collection: BaseCollection[Any]) -> list[Schema]:
    identifier = {"name": "id", "in": "path", "required": True, "schema": _SIMPLE[UUID]}
    own = _filter_parameters(collection, sorted(collection.item_filters))
    return [identifier, *_CLOCKS, *own]


def _operation(name: str, summary: str, parameters: list[Schema], answer: Schema) -> Schema:
    etag = {"description": "Give it back as If-None-Match.", "schema": {"type": "string"}}
    problem = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    ok = {
        "description": summary,
        "headers": {"ETag": etag},
        "content": {"application/json": {"schema": answer}},
    }
    responses: Schema = {"200": ok, "304": {"description": "Unchanged."}}
    for status, description in _ERRORS:
        responses[str(status)] = {"description": description, "content": problem}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }


def _page_of(item: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["items", "total", "self"],
        "properties": {
            "items": {"type": "array", "items": item},
            "total": {"type": "integer"},
            "self": _URI,
            "next": _URI,
            "prev": _URI,
        },
    }


def openapi_document(collections: Iterable[BaseCollection[Any]]) -> Schema:
    """Return the whole document."""
    schemas = _Schemas()
    paths: Schema = {}
    for collection in collections:
        name, summary = collection.name, (collection.__doc__ or "").strip()
        item = schemas.of(collection.item_type)
        upper = name[0].upper() + name[1:]
        paths[f"/{name}"] = {
            "get": _operation(f"list{upper}", summary, _list_parameters(collection), _page_of(item))
        }
        paths[f"/{name}/{{id}}"] = {
            "get": _operation(
                f"read{upper}", f"One of: {summary}", _item_parameters(collection), item
            )
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "ibzplan", "version": __version__},
        "servers": [{"url": f"/{API_PATH}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas.named,
        },
    }


class _PlainDumper(yaml.SafeDumper):
    """Write repeated parts out, instead of pointing at the first."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never point."""
        return True


def openapi_view(
    collections: Iterable[BaseCollection[Any]],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of /doc/openapi.yaml; the document holds no data, so anyone may read it."""
    listed = tuple(collections)

    @login_not_required
    @require_safe
    def openapi(request: HttpRequest) -> HttpResponse:
        text = yaml.dump(
            openapi_document(listed), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True
        )
        return HttpResponse(text.encode(), content_type="application/yaml")

    return openapi
