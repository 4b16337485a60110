"""The answers of the OpenAPI document: headers, problems, and what reads give."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.bulk import BULK_RENDERERS
from ibzplan.core.api.feed import MONITOR, Removed
from ibzplan.core.api.openapi_schemas import URI, Schema, Schemas, feed_of, item_of, page_of
from ibzplan.core.api.problems import PROBLEM_TYPE
from ibzplan.core.api.registry import collection_named
from ibzplan.core.middleware import TRACE_HEADER

JSON: Final = "application/json"
# Status -> the name of its answer among the shared ones, and when it comes.
PROBLEMS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Invalid", "A parameter or member is unknown or cannot be; `issues` names every one."),
    401: ("Unauthenticated", "No token, or one that is unknown, expired or revoked."),
    403: ("Forbidden", "This client may not do it."),
    404: ("NotFound", "Not there, or not for this client."),
    405: ("MethodNotAllowed", "Not with this method; `Allow` says with which."),
    406: ("NotAcceptable", "Not in the form that `Accept` asks for."),
    409: ("Conflict", "The state of the plan, or what someone else wrote, is against it."),
    410: ("CursorGone", "From this cursor the list cannot be followed any more: begin again."),
    412: ("EditConflict", "Someone else changed it since it was read; `ETag` is that of now."),
    413: ("TooLarge", "The body is too large."),
    415: ("UnsupportedMediaType", "The body is no JSON."),
    422: ("KeyReused", "The Idempotency-Key was used for another request."),
    428: ("PreconditionRequired", "If-Match is missing."),
    429: ("TooManyRequests", "Too many requests: try again after `Retry-After` seconds."),
    500: ("ServerError", "A fault of ours; its trace id is in `instance`."),
    503: ("Unavailable", "Not now; try again after `Retry-After` seconds."),
}
_READ_HEADERS: Final[Mapping[str, str]] = {"ETag": "ETag", "Content-Language": "ContentLanguage"}
_BINARY: Final[Schema] = {"type": "string", "format": "binary"}
_READ_PROBLEMS: Final = (400, 401, 406, 429, 500)


def _header(description: str, **schema: Any) -> Schema:
    return {"description": description, "schema": {"type": "string", **schema}}


def _count(description: str) -> Schema:
    return {"description": description, "schema": {"type": "integer", "minimum": 0}}


SHARED_HEADERS: Final[dict[str, Schema]] = {
    "ETag": _header("The state of what is read: give it back as If-None-Match or If-Match."),
    "ContentLanguage": _header("The languages of the texts.", example="nl, fr"),
    "TraceId": _header("The id of the request in our log.", pattern="^[A-Za-z0-9._-]{1,64}$"),
    "Link": _header(
        "Of a file: `describedby` leads to the types of its columns, "
        f"`{MONITOR}` to the changes from its moment on."
    ),
    "Disposition": _header("Of a file: the name that it can be kept under."),
    "Location": {"description": "The address of what was made.", "schema": URI},
    "Replayed": _header("The request came before: this is what was answered then.", enum=["true"]),
    "Allow": _header("The methods of this address.", example="GET, HEAD"),
    "Challenge": _header("How to sign in.", example='Bearer realm="ibzplan"'),
    "RetryAfter": _count("Seconds to wait."),
    "Limit": _count("How many requests of this kind a window takes."),
    "Remaining": _count("How many are left in this window."),
    "Reset": _count("In how many seconds the next window begins."),
}
# What every answer may have: the id of the request, and how many more the caller may send.
_ALWAYS: Final[Mapping[str, str]] = {
    TRACE_HEADER: "TraceId",
    "RateLimit-Limit": "Limit",
    "RateLimit-Remaining": "Remaining",
    "RateLimit-Reset": "Reset",
}
_OWN_HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": "Challenge"},
    405: {"Allow": "Allow"},
    412: {"ETag": "ETag"},
    429: {"Retry-After": "RetryAfter"},
    503: {"Retry-After": "RetryAfter"},
}


def headers(named: Mapping[str, str] | None = None) -> dict[str, Schema]:
    """Return references to shared headers, by header, and to those of every answer."""
    return {
        name: {"$ref": f"#/components/headers/{one}"}
        for name, one in {**(named or {}), **_ALWAYS}.items()
    }


def shared_answers() -> dict[str, Schema]:
    """Return every problem answer by its name."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        name: {
            "description": text,
            "headers": headers(_OWN_HEADERS.get(status)),
            "content": content,
        }
        for status, (name, text) in PROBLEMS.items()
    }


def problems(*statuses: int) -> dict[str, Schema]:
    """Return references to the answers of these statuses."""
    return {
        str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}
        for status in statuses
    }


def list_answers(collection: BaseCollection[Any], schemas: Schemas, summary: str) -> Schema:
    """Return what a list answers: a page, what changed, or the whole list as a file."""
    item, beside = schemas.of(collection.item_type), _embedded(collection, schemas)
    answer = page_of(item, beside)
    if collection.feed is not None:
        answer = {"oneOf": [answer, feed_of(item, schemas.of(Removed), beside)]}
    content: Schema = {JSON: {"schema": answer}}
    named = dict(_READ_HEADERS)
    if collection.bulk is not None:
        content |= {one.media_type: {"schema": {"type": "string"}} for one in BULK_RENDERERS}
        content[BULK_RENDERERS[-1].media_type] = {"schema": _BINARY}
        named |= {"Link": "Link", "Content-Disposition": "Disposition"}
    gone = () if collection.feed is None else (410,)
    return _read(summary, content, named, gone)


def item_answers(collection: BaseCollection[Any], schemas: Schemas, summary: str) -> Schema:
    """Return what one resource answers."""
    item, beside = schemas.of(collection.item_type), _embedded(collection, schemas)
    content = {JSON: {"schema": item_of(item, beside)}}
    return _read(summary, content, _READ_HEADERS, (404,))


def file_answers(types: Iterable[str]) -> Schema:
    """Return what a file of one resource answers; `types` are those of its contents."""
    content: Schema = {kind.partition(";")[0]: {"schema": _BINARY} for kind in types}
    if JSON in content:
        content[JSON] = {"schema": {"type": "object"}}
    named = {"ETag": "ETag", "Content-Disposition": "Disposition"}
    return _read("The file; its ETag is its SHA-256.", content, named, (404,))


def _read(summary: str, content: Schema, named: Mapping[str, str], others: Iterable[int]) -> Schema:
    unchanged = {"description": "You have it already.", "headers": headers({"ETag": "ETag"})}
    found: Schema = {
        "200": {"description": summary, "headers": headers(named), "content": content},
        "304": unchanged,
    }
    return found | problems(*sorted((*_READ_PROBLEMS, *others)))


def _embedded(collection: BaseCollection[Any], schemas: Schemas) -> Schema:
    """Return the members that `embed` adds to an answer: the resources by their address."""
    shapes = {collection_named(name).item_type for name in collection.embeds.values()}
    if not shapes:
        return {}
    kinds = [schemas.of(shape) for shape in sorted(shapes, key=lambda shape: shape.__name__)]
    below = {"anyOf": kinds} if len(kinds) > 1 else kinds[0]
    return {
        "embedded": {
            "type": "object",
            "description": "What `embed` asked for, by its address.",
            "additionalProperties": below,
        }
    }
