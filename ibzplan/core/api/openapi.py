"""The OpenAPI 3.0 document, made from what the collections declare.

Item schemas come from the TypedDicts that the builders return, parameters from the FilterSets,
bodies from the shapes by which they are read.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import yaml
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.views.decorators.http import require_safe

from ibzplan import __version__
from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.deprecation import mark_deprecated
from ibzplan.core.api.links import API_PATH
from ibzplan.core.api.openapi_answers import (
    JSON,
    SHARED_HEADERS,
    file_answers,
    headers,
    item_answers,
    list_answers,
    problems,
    shared_answers,
)
from ibzplan.core.api.openapi_bodies import write_operations
from ibzplan.core.api.openapi_examples import with_examples
from ibzplan.core.api.openapi_parameters import (
    SHARED,
    file_parameters,
    item_parameters,
    list_parameters,
    shared,
)
from ibzplan.core.api.openapi_schemas import URI, Schema, Schemas

_DESCRIPTION: Final = """\
The figures of the strategic plan of the FPS Interior and of the National Security Plan: what is
planned, measured and judged, as it is now or as it was known at any moment of the past.

It follows the Belgif REST guide. A member without a value is left out, 0 never is. Errors are
problems (RFC 9457) that name every fault of a request at once. A parameter or member that does not
exist is refused, so that a spelling mistake does not pass for an answer.

Start with the quick start at /doc/. What becomes old stays for a year at least, and says so in the
headers Deprecation and Sunset."""
_INDEX: Final[Schema] = {
    "type": "object",
    "required": ["self", "openapi", "collections"],
    "properties": {
        "self": URI,
        "openapi": URI,
        "collections": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "href"],
                "properties": {"name": {"type": "string"}, "href": URI},
            },
        },
    },
}


def _security() -> Schema:
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of your own, from the page API keys: `Authorization: Bearer …`.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "A browser that is signed in. Its writes need the header X-CSRFToken.",
        },
    }


def _paths(collection: BaseCollection[Any], schemas: Schemas) -> dict[str, Schema]:
    name = collection.name
    upper = name[0].upper() + name[1:]
    listed = {
        "operationId": f"list{upper}",
        "tags": [name],
        "summary": _list_summary(collection),
        "parameters": list_parameters(collection),
        "responses": list_answers(collection, schemas, "A page, or the whole list as a file."),
    }
    read = {
        "operationId": f"read{upper}",
        "tags": [name],
        "summary": "One of them.",
        "parameters": item_parameters(collection),
        "responses": item_answers(collection, schemas, "The resource."),
    }
    found: dict[str, Schema] = {f"/{name}": {"get": listed}, f"/{name}/{{id}}": {"get": read}}
    if collection.files:
        types = collection.files.types
        file = {
            "operationId": f"read{upper}File",
            "tags": [name],
            "summary": "A file of one of them.",
            "parameters": file_parameters(types),
            "responses": file_answers(types.values()),
        }
        found[f"/{name}/{{id}}/files/{{format}}"] = {"get": file}
    item = schemas.of(collection.item_type)
    for path, operations in write_operations(collection, item, schemas.of, schemas.named).items():
        for operation in operations.values():
            operation["tags"] = [name]
        found.setdefault(path, {}).update(operations)
    return with_examples(collection, found)


def _list_summary(collection: BaseCollection[Any]) -> str:
    if collection.feed is None:
        return "A page of the list, or the whole list as a file."
    return "A page of the list, the whole list as a file, or what changed since a moment."


def _sentence(collection: BaseCollection[Any]) -> str:
    """Return the first paragraph of what a collection says of itself."""
    return " ".join((collection.__doc__ or "").strip().partition("\n\n")[0].split())


def _index() -> Schema:
    answer = {
        "description": "Every collection with its address.",
        "headers": headers({"ETag": "ETag"}),
        "content": {JSON: {"schema": _INDEX}},
    }
    unchanged = {"description": "You have it already.", "headers": headers({"ETag": "ETag"})}
    return {
        "get": {
            "operationId": "listCollections",
            "tags": ["index"],
            "summary": "The way in: every collection with its address. Open to all.",
            "security": [],
            "parameters": [shared("IfNoneMatch"), shared("TraceId")],
            "responses": {"200": answer, "304": unchanged} | problems(400, 406, 429, 500),
        }
    }


def openapi_document(
    collections: Iterable[BaseCollection[Any]], root: str = f"/{API_PATH}"
) -> Schema:
    """Return the whole document; `root` is the path of the API."""
    schemas, listed = Schemas(), tuple(collections)
    paths: Schema = {"/": _index()}
    for collection in listed:
        paths |= _paths(collection, schemas)
    mark_deprecated(paths)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "ibzplan",
            "version": __version__,
            "description": _DESCRIPTION,
        },
        "externalDocs": {"url": "/doc/", "description": "The same, to read; with a quick start."},
        "servers": [{"url": root}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": one.name, "description": _sentence(one)} for one in listed],
        "paths": paths,
        "components": {
            "securitySchemes": _security(),
            "parameters": SHARED,
            "headers": SHARED_HEADERS,
            "responses": shared_answers(),
            "schemas": dict(sorted(schemas.named.items())),
        },
    }


class _PlainDumper(yaml.SafeDumper):
    """Write repeated parts out, instead of pointing at the first."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never point."""
        return True


def openapi_text(document: Mapping[str, Any]) -> bytes:
    """Return the document as YAML."""
    text = yaml.dump(
        dict(document), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text.encode()


def openapi_view(
    collections: Iterable[BaseCollection[Any]],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of /doc/openapi.yaml; the document holds no data, so anyone may read it."""
    listed = tuple(collections)

    @cache
    def written(root: str) -> bytes:
        return openapi_text(openapi_document(listed, root))

    @login_not_required
    @require_safe
    def openapi(request: HttpRequest) -> HttpResponse:
        root = f"{get_script_prefix()}{API_PATH}"
        return HttpResponse(written(root), content_type="application/yaml")

    return openapi
